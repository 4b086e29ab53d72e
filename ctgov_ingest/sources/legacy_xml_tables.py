"""The legacy XML's protocol part: each element and attribute, in all its eras, and the path that it fills.

Sources: the registry's `public.xsd` with its change notes, and real files of 2013 to 2023.
"""

from __future__ import annotations

from ctgov_ingest.sources.design_lines import masking, study_design
from ctgov_ingest.sources.legacy_xml_compile import Entries, Ignored, Item, Split, Value, Within
from ctgov_ingest.sources.legacy_xml_results import PENDING, RESULTS
from ctgov_ingest.sources.legacy_xml_rules import (
    age,
    document_file,
    healthy_volunteers,
    phases,
    study_type,
    unknown_day,
)
from ctgov_ingest.sources.study_fields import (
    ARMS,
    CONDITIONS,
    CONTACTS,
    DESIGN,
    DESIGN_INFO,
    ELIGIBILITY,
    IDENTIFICATION,
    IPD,
    NCT_ID_ALIASES,
    NCT_ID_PATH,
    OUTCOMES,
    OVERSIGHT,
    PROTOCOL,
    REFERENCES,
    SPONSORS,
    STATUS,
)

_DESCRIPTION = f"{PROTOCOL}.descriptionModule"
_PARTY = f"{SPONSORS}.responsibleParty"
_DERIVED = "derivedSection"
_SHOWN_WHERE = "the registry's page about the record, no part of it"
_COUNTED = "the number of the arms or groups that are listed"
_RETIRED = "asked for until 2017; today's model has no field for it"


def _textblock(path: str) -> Within:
    return Within({"textblock": Value(path)})


def _day(struct: str) -> Within:
    """A date with the attribute that says whether it is actual."""
    return Within({".": Value(f"{STATUS}.{struct}.date", unknown_day), "@type": Value(f"{STATUS}.{struct}.type")})


def _date(leaf: str) -> Value:
    return Value(f"{STATUS}.{leaf}", unknown_day)


_SPONSOR: Entries = {"agency": Value("name"), "agency_class": Value("class")}

_NAME: Entries = {
    "first_name": Value("name", joint=" "),
    "middle_name": Value("name", joint=" "),
    "last_name": Value("name", joint=" "),
    "degrees": Value("name", joint=", "),
}

_CONTACT: Entries = {
    **_NAME,
    "phone": Value("phone"),
    "phone_ext": Value("phoneExt"),
    "email": Value("email"),
}

_OUTCOME: Entries = {
    "measure": Value("measure"),
    "time_frame": Value("timeFrame"),
    "safety_issue": Ignored(_RETIRED),
    "description": Value("description"),
}

_REFERENCE: Entries = {"citation": Value("citation"), "PMID": Value("pmid")}

_DESIGN: Entries = {
    "allocation": Value(f"{DESIGN_INFO}.allocation"),
    "intervention_model": Value(f"{DESIGN_INFO}.interventionModel"),
    "intervention_model_description": Value(f"{DESIGN_INFO}.interventionModelDescription"),
    "primary_purpose": Value(f"{DESIGN_INFO}.primaryPurpose"),
    "observational_model": Value(f"{DESIGN_INFO}.observationalModel"),
    "time_perspective": Value(f"{DESIGN_INFO}.timePerspective"),
    "masking": Split(masking, (f"{DESIGN_INFO}.maskingInfo.masking", f"{DESIGN_INFO}.maskingInfo.whoMasked")),
    "masking_description": Value(f"{DESIGN_INFO}.maskingInfo.maskingDescription"),
}

STUDY_DESIGN_PATHS = (
    *(f"{DESIGN_INFO}.{name}" for name in ("allocation", "interventionModel", "primaryPurpose")),
    *(f"{DESIGN_INFO}.{name}" for name in ("observationalModel", "timePerspective")),
    *(f"{DESIGN_INFO}.maskingInfo.{name}" for name in ("masking", "whoMasked")),
)

_OVERSIGHT: Entries = {
    "has_dmc": Value(f"{OVERSIGHT}.oversightHasDmc"),
    "is_fda_regulated_drug": Value(f"{OVERSIGHT}.isFdaRegulatedDrug"),
    "is_fda_regulated_device": Value(f"{OVERSIGHT}.isFdaRegulatedDevice"),
    "is_unapproved_device": Value(f"{OVERSIGHT}.isUnapprovedDevice"),
    "is_ppsd": Value(f"{OVERSIGHT}.isPpsd"),
    "is_us_export": Value(f"{OVERSIGHT}.isUsExport"),
    "authority": Ignored(_RETIRED),
    "regulatory_authority": Ignored(_RETIRED),
    "is_fda_regulated": Ignored(_RETIRED),
    "is_section_801": Ignored(_RETIRED),
}

_ELIGIBILITY: Entries = {
    "study_pop": _textblock(f"{ELIGIBILITY}.studyPopulation"),
    "sampling_method": Value(f"{ELIGIBILITY}.samplingMethod"),
    "criteria": _textblock(f"{ELIGIBILITY}.eligibilityCriteria"),
    "gender": Value(f"{ELIGIBILITY}.sex"),
    "gender_based": Value(f"{ELIGIBILITY}.genderBased"),
    "gender_description": Value(f"{ELIGIBILITY}.genderDescription"),
    "minimum_age": Value(f"{ELIGIBILITY}.minimumAge", age),
    "maximum_age": Value(f"{ELIGIBILITY}.maximumAge", age),
    "healthy_volunteers": Value(f"{ELIGIBILITY}.healthyVolunteers", healthy_volunteers),
}

_LOCATION: Entries = {
    "facility": Within(
        {
            "name": Value("facility"),
            "address": Within(
                {
                    "city": Value("city"),
                    "state": Value("state"),
                    "zip": Value("zip"),
                    "country": Value("country"),
                }
            ),
        }
    ),
    "status": Value("status"),
    "contact": Item("contacts", _CONTACT, {"role": "CONTACT"}),
    "contact_backup": Item("contacts", _CONTACT, {"role": "CONTACT"}),
    "investigator": Item("contacts", {**_NAME, "role": Value("role"), "affiliation": Ignored("the site's own")}),
}

_ARM: Entries = {
    "arm_group_label": Value("label"),
    "arm_group_type": Value("type"),
    "description": Value("description"),
}

_INTERVENTION: Entries = {
    "intervention_type": Value("type"),
    "intervention_name": Value("name"),
    "description": Value("description"),
    "arm_group_label": Value("armGroupLabels"),
    "other_name": Value("otherNames"),
}

_DOCUMENT: Entries = {
    "document_type": Value("label"),
    "document_has_protocol": Value("hasProtocol"),
    "document_has_icf": Value("hasIcf"),
    "document_has_sap": Value("hasSap"),
    "document_date": Value("date"),
    "document_url": Value("filename", document_file),
}

_PATIENT_DATA: Entries = {
    "sharing_ipd": Value(f"{IPD}.ipdSharing"),
    "ipd_description": Value(f"{IPD}.description"),
    "ipd_info_type": Value(f"{IPD}.infoTypes"),
    "ipd_time_frame": Value(f"{IPD}.timeFrame"),
    "ipd_access_criteria": Value(f"{IPD}.accessCriteria"),
    "ipd_url": Value(f"{IPD}.url"),
}

_RESPONSIBLE: Entries = {
    "name_title": Value("oldNameTitle"),
    "organization": Value("oldOrganization"),
    "responsible_party_type": Value("type"),
    "investigator_affiliation": Value("investigatorAffiliation"),
    "investigator_full_name": Value("investigatorFullName"),
    "investigator_title": Value("investigatorTitle"),
}

STUDY: Entries = {
    "@rank": Ignored("the place in a search answer"),
    "required_header": Within(
        {
            "download_date": Ignored("read apart, as the day on which the registry served the file"),
            "link_text": Ignored(_SHOWN_WHERE),
            "url": Ignored(_SHOWN_WHERE),
        }
    ),
    "id_info": Within(
        {
            "org_study_id": Value(f"{IDENTIFICATION}.orgStudyIdInfo.id"),
            "secondary_id": Item(f"{IDENTIFICATION}.secondaryIdInfos", {".": Value("id")}),
            "nct_id": Value(NCT_ID_PATH),
            "nct_alias": Value(NCT_ID_ALIASES),
        }
    ),
    "brief_title": Value(f"{IDENTIFICATION}.briefTitle"),
    "acronym": Value(f"{IDENTIFICATION}.acronym"),
    "official_title": Value(f"{IDENTIFICATION}.officialTitle"),
    "sponsors": Within(
        {
            "lead_sponsor": Item(f"{SPONSORS}.leadSponsor", _SPONSOR),
            "collaborator": Item(f"{SPONSORS}.collaborators", _SPONSOR),
        }
    ),
    "source": Value(f"{IDENTIFICATION}.organization.fullName"),
    "oversight_info": Within(_OVERSIGHT),
    "is_fda_regulated": Ignored(_RETIRED),
    "is_section_801": Ignored(_RETIRED),
    "brief_summary": _textblock(f"{_DESCRIPTION}.briefSummary"),
    "detailed_description": _textblock(f"{_DESCRIPTION}.detailedDescription"),
    "overall_status": Value(f"{STATUS}.overallStatus"),
    "last_known_status": Value(f"{STATUS}.lastKnownStatus"),
    "why_stopped": Value(f"{STATUS}.whyStopped"),
    "start_date": _day("startDateStruct"),
    "completion_date": _day("completionDateStruct"),
    "primary_completion_date": _day("primaryCompletionDateStruct"),
    "phase": Split(phases, (f"{DESIGN}.phases",)),
    "study_type": Split(study_type, (f"{DESIGN}.studyType", f"{DESIGN}.patientRegistry")),
    "has_expanded_access": Value(f"{STATUS}.expandedAccessInfo.hasExpandedAccess"),
    "expanded_access_info": Within(
        {
            "expanded_access_type_individual": Value(f"{DESIGN}.expandedAccessTypes.individual"),
            "expanded_access_type_intermediate": Value(f"{DESIGN}.expandedAccessTypes.intermediate"),
            "expanded_access_type_treatment": Value(f"{DESIGN}.expandedAccessTypes.treatment"),
        }
    ),
    "study_design": Split(study_design, STUDY_DESIGN_PATHS),
    "study_design_info": Within(_DESIGN),
    "target_duration": Value(f"{DESIGN}.targetDuration"),
    "primary_outcome": Item(f"{OUTCOMES}.primaryOutcomes", _OUTCOME),
    "secondary_outcome": Item(f"{OUTCOMES}.secondaryOutcomes", _OUTCOME),
    "other_outcome": Item(f"{OUTCOMES}.otherOutcomes", _OUTCOME),
    "number_of_arms": Ignored(_COUNTED),
    "number_of_groups": Ignored(_COUNTED),
    "enrollment": Within(
        {".": Value(f"{DESIGN}.enrollmentInfo.count"), "@type": Value(f"{DESIGN}.enrollmentInfo.type")}
    ),
    "condition": Value(f"{CONDITIONS}.conditions"),
    "arm_group": Item(f"{ARMS}.armGroups", _ARM),
    "intervention": Item(f"{ARMS}.interventions", _INTERVENTION),
    "biospec_retention": Value(f"{DESIGN}.bioSpec.retention"),
    "biospec_descr": _textblock(f"{DESIGN}.bioSpec.description"),
    "eligibility": Within(_ELIGIBILITY),
    "overall_official": Item(
        f"{CONTACTS}.overallOfficials",
        {**_NAME, "role": Value("role"), "affiliation": Value("affiliation")},
    ),
    "overall_contact": Item(f"{CONTACTS}.centralContacts", _CONTACT, {"role": "CONTACT"}),
    "overall_contact_backup": Item(f"{CONTACTS}.centralContacts", _CONTACT, {"role": "CONTACT"}),
    "location": Item(f"{CONTACTS}.locations", _LOCATION),
    "location_countries": Ignored("the countries of the sites that are listed"),
    "removed_countries": Within({"country": Value(f"{_DERIVED}.miscInfoModule.removedCountries")}),
    "link": Item(f"{REFERENCES}.seeAlsoLinks", {"url": Value("url"), "description": Value("label")}),
    "reference": Item(f"{REFERENCES}.references", _REFERENCE, {"type": "BACKGROUND"}),
    "results_reference": Item(f"{REFERENCES}.references", _REFERENCE, {"type": "RESULT"}),
    "verification_date": _date("statusVerifiedDate"),
    "study_first_submitted": _date("studyFirstSubmitDate"),
    "study_first_submitted_qc": _date("studyFirstSubmitQcDate"),
    "study_first_posted": _day("studyFirstPostDateStruct"),
    "results_first_submitted": _date("resultsFirstSubmitDate"),
    "results_first_submitted_qc": _date("resultsFirstSubmitQcDate"),
    "results_first_posted": _day("resultsFirstPostDateStruct"),
    "disposition_first_submitted": _date("dispFirstSubmitDate"),
    "disposition_first_submitted_qc": _date("dispFirstSubmitQcDate"),
    "disposition_first_posted": _day("dispFirstPostDateStruct"),
    "last_update_submitted": _date("lastUpdateSubmitDate"),
    "last_update_submitted_qc": Ignored("today's model has no field for it"),
    "last_update_posted": _day("lastUpdatePostDateStruct"),
    # the same before 2018
    "firstreceived_date": _date("studyFirstSubmitDate"),
    "firstreceived_results_date": _date("resultsFirstSubmitDate"),
    "firstreceived_results_disposition_date": _date("dispFirstSubmitDate"),
    "lastchanged_date": _date("lastUpdateSubmitDate"),
    "responsible_party": Item(_PARTY, _RESPONSIBLE),
    "keyword": Value(f"{CONDITIONS}.keywords"),
    "condition_browse": Within({"mesh_term": Item(f"{_DERIVED}.conditionBrowseModule.meshes", {".": Value("term")})}),
    "intervention_browse": Within(
        {"mesh_term": Item(f"{_DERIVED}.interventionBrowseModule.meshes", {".": Value("term")})}
    ),
    "patient_data": Within(_PATIENT_DATA),
    "study_docs": Within(
        {
            "study_doc": Item(
                f"{REFERENCES}.availIpds",
                {
                    "doc_id": Value("id"),
                    "doc_type": Value("type"),
                    "doc_url": Value("url"),
                    "doc_comment": Value("comment"),
                },
            )
        }
    ),
    "provided_document_section": Within(
        {"provided_document": Item("documentSection.largeDocumentModule.largeDocs", _DOCUMENT)}
    ),
    "pending_results": Within(PENDING),
    "clinical_results": Within(RESULTS),
}
"""What `clinical_study` holds."""

_WERE_LATER = "was not shown before 2018"

BEFORE_2018: dict[str, str] = {
    **{
        f"{STATUS}.{what}{leaf}": _WERE_LATER
        for what in ("studyFirst", "resultsFirst", "dispFirst", "lastUpdate")
        for leaf in ("PostDateStruct.date", "PostDateStruct.type")
    },
    **{f"{STATUS}.{what}SubmitQcDate": _WERE_LATER for what in ("studyFirst", "resultsFirst", "dispFirst")},
    f"{STATUS}.lastKnownStatus": "was not shown before November 2016",
    **{
        f"annotationSection.annotationModule.unpostedAnnotation.unpostedEvents.{leaf}": "was not shown before May 2018"
        for leaf in ("type", "date", "dateUnknown")
    },
}
"""Paths that files of before 2018 leave out, and why."""

ONCE_POSTED: dict[str, str] = {f"{STATUS}.dispFirstSubmitDate": "was not shown any more once results were posted"}
"""Paths that files of before 2018 leave out where they have results."""
