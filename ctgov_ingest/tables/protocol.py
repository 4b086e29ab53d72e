"""The tables of the protocol and of what the registry adds to it, in the registry's words."""

from __future__ import annotations

from ctgov_ingest.tables.table import Column, Part, Table, column, joined, table, with_days

_ID = "protocolSection.identificationModule"
_STATUS = "protocolSection.statusModule"
_DESCRIPTION = "protocolSection.descriptionModule"
_SPONSORS = "protocolSection.sponsorCollaboratorsModule"
_OVERSIGHT = "protocolSection.oversightModule"
_CONDITIONS = "protocolSection.conditionsModule"
_DESIGN = "protocolSection.designModule"
_INFO = f"{_DESIGN}.designInfo"
_ARMS = "protocolSection.armsInterventionsModule"
_OUTCOMES = "protocolSection.outcomesModule"
_ELIGIBILITY = "protocolSection.eligibilityModule"
_PLACES = "protocolSection.contactsLocationsModule"
_REFERENCES = "protocolSection.referencesModule"
_IPD = "protocolSection.ipdSharingStatementModule"
_MISC = "derivedSection.miscInfoModule"
_BROWSE = {
    "CONDITION": "derivedSection.conditionBrowseModule",
    "INTERVENTION": "derivedSection.interventionBrowseModule",
}
_TRACKING = f"{_MISC}.submissionTracking"
_ANNOTATION = "annotationSection.annotationModule"

_OF_A_STUDY: dict[str, str] = {
    "brief_title": f"{_ID}.briefTitle",
    "acronym": f"{_ID}.acronym",
    "organization": f"{_ID}.organization.fullName",
    "organization_class": f"{_ID}.organization.class",
    "overall_status": f"{_STATUS}.overallStatus",
    "last_known_status": f"{_STATUS}.lastKnownStatus",
    "why_stopped": f"{_STATUS}.whyStopped",
    "study_type": f"{_DESIGN}.studyType",
    "phases": f"{_DESIGN}.phases",
    "conditions": f"{_CONDITIONS}.conditions",
    "enrollment": f"{_DESIGN}.enrollmentInfo.count",
    "enrollment_type": f"{_DESIGN}.enrollmentInfo.type",
    "lead_sponsor": f"{_SPONSORS}.leadSponsor.name",
    "start_date": f"{_STATUS}.startDateStruct.date",
    "start_date_type": f"{_STATUS}.startDateStruct.type",
    "primary_completion_date": f"{_STATUS}.primaryCompletionDateStruct.date",
    "primary_completion_date_type": f"{_STATUS}.primaryCompletionDateStruct.type",
    "completion_date": f"{_STATUS}.completionDateStruct.date",
    "completion_date_type": f"{_STATUS}.completionDateStruct.type",
    "status_verified": f"{_STATUS}.statusVerifiedDate",
    "first_submitted": f"{_STATUS}.studyFirstSubmitDate",
    "first_submitted_qc": f"{_STATUS}.studyFirstSubmitQcDate",
    "first_posted": f"{_STATUS}.studyFirstPostDateStruct.date",
    "first_posted_type": f"{_STATUS}.studyFirstPostDateStruct.type",
    "results_first_submitted": f"{_STATUS}.resultsFirstSubmitDate",
    "results_first_submitted_qc": f"{_STATUS}.resultsFirstSubmitQcDate",
    "results_first_posted": f"{_STATUS}.resultsFirstPostDateStruct.date",
    "results_first_posted_type": f"{_STATUS}.resultsFirstPostDateStruct.type",
    "results_waived": f"{_STATUS}.resultsWaived",
    "delayed_posting": f"{_STATUS}.delayedPosting",
    "disp_first_submitted": f"{_STATUS}.dispFirstSubmitDate",
    "disp_first_submitted_qc": f"{_STATUS}.dispFirstSubmitQcDate",
    "disp_first_posted": f"{_STATUS}.dispFirstPostDateStruct.date",
    "disp_first_posted_type": f"{_STATUS}.dispFirstPostDateStruct.type",
    "last_update_submitted": f"{_STATUS}.lastUpdateSubmitDate",
    "last_update_posted": f"{_STATUS}.lastUpdatePostDateStruct.date",
    "last_update_posted_type": f"{_STATUS}.lastUpdatePostDateStruct.type",
    "has_results": "hasResults",
    "has_expanded_access": f"{_STATUS}.expandedAccessInfo.hasExpandedAccess",
    "expanded_access_nct_id": f"{_STATUS}.expandedAccessInfo.nctId",
    "expanded_access_status": f"{_STATUS}.expandedAccessInfo.statusForNctId",
    "expanded_access_individual": f"{_DESIGN}.expandedAccessTypes.individual",
    "expanded_access_intermediate": f"{_DESIGN}.expandedAccessTypes.intermediate",
    "expanded_access_treatment": f"{_DESIGN}.expandedAccessTypes.treatment",
    "n_ptrs_to_this_exp_acc_nct_id": f"{_DESIGN}.nPtrsToThisExpAccNctId",
    "responsible_party_type": f"{_SPONSORS}.responsibleParty.type",
    "investigator_full_name": f"{_SPONSORS}.responsibleParty.investigatorFullName",
    "investigator_title": f"{_SPONSORS}.responsibleParty.investigatorTitle",
    "investigator_affiliation": f"{_SPONSORS}.responsibleParty.investigatorAffiliation",
    "old_name_title": f"{_SPONSORS}.responsibleParty.oldNameTitle",
    "old_organization": f"{_SPONSORS}.responsibleParty.oldOrganization",
    "oversight_has_dmc": f"{_OVERSIGHT}.oversightHasDmc",
    "is_fda_regulated_drug": f"{_OVERSIGHT}.isFdaRegulatedDrug",
    "is_fda_regulated_device": f"{_OVERSIGHT}.isFdaRegulatedDevice",
    "is_unapproved_device": f"{_OVERSIGHT}.isUnapprovedDevice",
    "is_ppsd": f"{_OVERSIGHT}.isPpsd",
    "is_us_export": f"{_OVERSIGHT}.isUsExport",
    "fdaaa801_violation": f"{_OVERSIGHT}.fdaaa801Violation",
    "patient_registry": f"{_DESIGN}.patientRegistry",
    "target_duration": f"{_DESIGN}.targetDuration",
    "allocation": f"{_INFO}.allocation",
    "intervention_model": f"{_INFO}.interventionModel",
    "primary_purpose": f"{_INFO}.primaryPurpose",
    "observational_model": f"{_INFO}.observationalModel",
    "time_perspective": f"{_INFO}.timePerspective",
    "masking": f"{_INFO}.maskingInfo.masking",
    "who_masked": f"{_INFO}.maskingInfo.whoMasked",
    "bio_spec_retention": f"{_DESIGN}.bioSpec.retention",
    "healthy_volunteers": f"{_ELIGIBILITY}.healthyVolunteers",
    "sex": f"{_ELIGIBILITY}.sex",
    "gender_based": f"{_ELIGIBILITY}.genderBased",
    "minimum_age": f"{_ELIGIBILITY}.minimumAge",
    "maximum_age": f"{_ELIGIBILITY}.maximumAge",
    "std_ages": f"{_ELIGIBILITY}.stdAges",
    "sampling_method": f"{_ELIGIBILITY}.samplingMethod",
    "ipd_sharing": f"{_IPD}.ipdSharing",
    "ipd_sharing_info_types": f"{_IPD}.infoTypes",
    "ipd_sharing_url": f"{_IPD}.url",
    "no_sap": "documentSection.largeDocumentModule.noSap",
    "unposted_responsible_party": f"{_ANNOTATION}.unpostedAnnotation.unpostedResponsibleParty",
    "removed_countries": f"{_MISC}.removedCountries",
    "estimated_results_first_submitted": f"{_TRACKING}.estimatedResultsFirstSubmitDate",
    "first_mcp_posted": f"{_TRACKING}.firstMcpInfo.postDateStruct.date",
    "first_mcp_posted_type": f"{_TRACKING}.firstMcpInfo.postDateStruct.type",
    "min_bmi": f"{_MISC}.modelPredictions.bmiLimits.minBmi",
    "max_bmi": f"{_MISC}.modelPredictions.bmiLimits.maxBmi",
    "version_holder": f"{_MISC}.versionHolder",
    # long texts last: SQLite reads a row from its start
    "official_title": f"{_ID}.officialTitle",
    "brief_summary": f"{_DESCRIPTION}.briefSummary",
    "detailed_description": f"{_DESCRIPTION}.detailedDescription",
    "eligibility_criteria": f"{_ELIGIBILITY}.eligibilityCriteria",
    "study_population": f"{_ELIGIBILITY}.studyPopulation",
    "gender_description": f"{_ELIGIBILITY}.genderDescription",
    "intervention_model_description": f"{_INFO}.interventionModelDescription",
    "masking_description": f"{_INFO}.maskingInfo.maskingDescription",
    "bio_spec_description": f"{_DESIGN}.bioSpec.description",
    "ipd_sharing_description": f"{_IPD}.description",
    "ipd_sharing_time_frame": f"{_IPD}.timeFrame",
    "ipd_sharing_access_criteria": f"{_IPD}.accessCriteria",
}
"""Columns of `studies`; those that a store's own table of that name has too are called as there."""

_ROUGH_DATES = frozenset({"start_date", "primary_completion_date", "completion_date", "status_verified"})
"""Dates of which often no more than the month is given."""

_ARM = ("label", "type", "description")
_SITE = ("facility", "status", "city", "state", "zip", "country", "countryCode", "geoPoint.lat", "geoPoint.lon")
_CONTACT = ("name", "role", "phone", "phoneExt", "email")

STUDIES = Table(
    "studies",
    "The study, its status, dates, design and eligibility.",
    (Part(""),),
    (),
    with_days([column(name, path) for name, path in _OF_A_STUDY.items()], _ROUGH_DATES),
)

LINKS = Table(
    "arm_group_interventions",
    "Which intervention belongs to which arm, as either side names the other; an ordinal is empty where the name leads "
    "to none.",
    (Part(f"{_ARMS}.armGroups.interventionNames"),),
    (),
    (
        Column("arm_group_ordinal", "int", about="the place of the arm group"),
        Column("intervention_ordinal", "int", about="the place of the intervention"),
        column("arm_group_label", f"{_ARMS}.armGroups.label"),
        column("intervention_name", f"{_ARMS}.interventions.name"),
    ),
)

PROTOCOL: tuple[Table, ...] = (
    joined(
        "ids",
        "Ids of the study: the organization's own, further ones, obsolete NCT ids.",
        {
            ("SECONDARY_ID",): f"{_ID}.secondaryIdInfos",
            ("ORG_STUDY_ID",): f"{_ID}.orgStudyIdInfo",
            ("NCT_ID_ALIAS",): f"{_ID}.nctIdAliases",
        },
        "id",
        "type",
        "domain",
        "link",
        marks=("kind",),
    ),
    joined(
        "sponsors",
        "Who leads the study, and who else supports it.",
        {("LEAD",): f"{_SPONSORS}.leadSponsor", ("COLLABORATOR",): f"{_SPONSORS}.collaborators"},
        "name",
        "class=class",
        marks=("lead_or_collaborator",),
    ),
    table("conditions", "Diseases or topics, in the sponsor's words.", f"{_CONDITIONS}.conditions", "name="),
    table("keywords", "Words to find the study by.", f"{_CONDITIONS}.keywords", "name="),
    table("arm_groups", "Arms of a trial, or groups of an observational study.", f"{_ARMS}.armGroups", *_ARM),
    table("interventions", "What is tried or watched.", f"{_ARMS}.interventions", "type", "name", "description"),
    table("intervention_other_names", "Other names of it.", f"{_ARMS}.interventions.otherNames", "name="),
    LINKS,
    joined(
        "outcomes",
        "What the study is judged by, as planned; what was found is in `outcome_measures`.",
        {
            ("PRIMARY",): f"{_OUTCOMES}.primaryOutcomes",
            ("SECONDARY",): f"{_OUTCOMES}.secondaryOutcomes",
            ("OTHER",): f"{_OUTCOMES}.otherOutcomes",
        },
        "measure",
        "description",
        "timeFrame",
        marks=("type",),
    ),
    table("locations", "Sites.", f"{_PLACES}.locations", *_SITE),
    table("location_contacts", "Whom to ask about a site.", f"{_PLACES}.locations.contacts", *_CONTACT),
    table("central_contacts", "Whom to ask about the study as a whole.", f"{_PLACES}.centralContacts", *_CONTACT),
    table(
        "overall_officials",
        "Who answers for the science.",
        f"{_PLACES}.overallOfficials",
        "name",
        "affiliation",
        "role",
    ),
    table(
        "study_references",
        "Publications, those linked by the registry included.",
        f"{_REFERENCES}.references",
        "pmid",
        "type",
        "citation",
    ),
    table(
        "retractions", "Publications that were taken back.", f"{_REFERENCES}.references.retractions", "pmid", "source"
    ),
    table("see_also_links", "Pages about the study.", f"{_REFERENCES}.seeAlsoLinks", "label", "url"),
    table(
        "avail_ipds",
        "Data and documents to be had elsewhere.",
        f"{_REFERENCES}.availIpds",
        "id",
        "type",
        "url",
        "comment",
    ),
    joined(
        "mesh_terms",
        "MeSH headings that the registry derives, and the broader ones above them.",
        {
            (browse, kind): f"{module}.{name}"
            for browse, module in _BROWSE.items()
            for kind, name in (("TERM", "meshes"), ("ANCESTOR", "ancestors"))
        },
        "id",
        "term",
        marks=("browse", "kind"),
    ),
    joined(
        "browse_leaves",
        "Terms of the registry's browse tree.",
        {(browse,): f"{module}.browseLeaves" for browse, module in _BROWSE.items()},
        "id",
        "name",
        "asFound",
        "relevance",
        marks=("browse",),
    ),
    joined(
        "browse_branches",
        "Branches of the browse tree.",
        {(browse,): f"{module}.browseBranches" for browse, module in _BROWSE.items()},
        "abbrev",
        "name",
        marks=("browse",),
    ),
    table(
        "large_docs",
        "Protocols, analysis plans and consent forms as files.",
        "documentSection.largeDocumentModule.largeDocs",
        "typeAbbrev",
        "hasProtocol",
        "hasSap",
        "hasIcf",
        "label",
        "date",
        "uploadDate",
        "filename",
        "size",
    ),
    table(
        "submission_infos",
        "Results on their way through the registry's check.",
        f"{_TRACKING}.submissionInfos",
        "releaseDate",
        "unreleaseDate",
        "unreleaseDateUnknown",
        "resetDate",
        "mcpReleaseN",
    ),
    table(
        "unposted_events",
        "Results handed in and not public.",
        f"{_ANNOTATION}.unpostedAnnotation.unpostedEvents",
        "type",
        "date",
        "dateUnknown",
    ),
    table(
        "violation_events",
        "What the FDA holds against those who answer for the study.",
        f"{_ANNOTATION}.violationAnnotation.violationEvents",
        "type",
        "description",
        "creationDate",
        "issuedDate",
        "releaseDate",
        "postedDate",
    ),
)
