"""The labels of the registry's pages of one version (2017 to 2024), and the canonical path of each.

Rows without a label belong to the one above them: `CONTINUED` says what they are there.
"""

from __future__ import annotations

from ctgov_ingest.sources.history_shapes import (
    backup_contact,
    central_contact,
    citations,
    document,
    links,
    names,
    officials,
    outcomes,
    overall_status,
    responsible_party,
    secondary_ids,
)
from ctgov_ingest.sources.study_fields import (
    CONDITIONS,
    DESIGN,
    DESIGN_INFO,
    ELIGIBILITY,
    IDENTIFICATION,
    IPD,
    NCT_ID_PATH,
    OVERSIGHT,
    PROTOCOL,
    STATUS,
    Line,
    Long,
    Rule,
    Split,
    phases,
)
from ctgov_ingest.sources.study_fields import FIELDS as STUDY_FIELDS
from ctgov_ingest.sources.study_header import COLLABORATORS, LEAD_SPONSOR, TITLE
from ctgov_ingest.sources.version_rows import age, paths_of, qualified


def _day(struct: str) -> Split:
    return qualified(f"{STATUS}.{struct}", "date")


_MODEL_DESCRIPTION = Long(f"{DESIGN_INFO}.interventionModelDescription")
_MASKING_DESCRIPTION = Long(f"{DESIGN_INFO}.maskingInfo.maskingDescription")
_GENDER_DESCRIPTION = Long(f"{ELIGIBILITY}.genderDescription")

_SEEN: dict[str, Rule] = {
    # Study Identification
    "unique protocol id": Line(f"{IDENTIFICATION}.orgStudyIdInfo.id"),
    "brief title": Line(TITLE),
    "official title": Line(f"{IDENTIFICATION}.officialTitle"),
    "secondary ids": secondary_ids,
    # Study Status
    "record verification": Line(f"{STATUS}.statusVerifiedDate"),
    "overall status": overall_status,
    "study start": _day("startDateStruct"),
    "primary completion": _day("primaryCompletionDateStruct"),
    "study completion": _day("completionDateStruct"),
    "first submitted": Line(f"{STATUS}.studyFirstSubmitDate"),
    "first submitted that met qc criteria": Line(f"{STATUS}.studyFirstSubmitQcDate"),
    "first posted": _day("studyFirstPostDateStruct"),
    "last update submitted that met qc criteria": Line(f"{STATUS}.lastUpdateSubmitDate"),
    "last update posted": _day("lastUpdatePostDateStruct"),
    # Sponsor/Collaborators
    "sponsor": Line(LEAD_SPONSOR),
    "responsible party": responsible_party,
    "collaborators": names(COLLABORATORS, "name"),
    # Oversight
    "u.s. fda-regulated drug": Line(f"{OVERSIGHT}.isFdaRegulatedDrug"),
    "u.s. fda-regulated device": Line(f"{OVERSIGHT}.isFdaRegulatedDevice"),
    "data monitoring": Line(f"{OVERSIGHT}.oversightHasDmc"),
    # Study Description
    "brief summary": Long(f"{PROTOCOL}.descriptionModule.briefSummary"),
    "detailed description": Long(f"{PROTOCOL}.descriptionModule.detailedDescription"),
    # Conditions
    "conditions": names(f"{CONDITIONS}.conditions"),
    "keywords": names(f"{CONDITIONS}.keywords"),
    # Study Design
    "study type": STUDY_FIELDS["study type"],
    "primary purpose": STUDY_FIELDS["primary purpose"],
    "study phase": Split(phases, (f"{DESIGN}.phases",)),
    "interventional study model": STUDY_FIELDS["intervention model"],
    "observational study model": STUDY_FIELDS["observational model"],
    "time perspective": STUDY_FIELDS["time perspective"],
    "masking": STUDY_FIELDS["masking"],
    "allocation": STUDY_FIELDS["allocation"],
    "enrollment": qualified(f"{DESIGN}.enrollmentInfo", "count"),
    "biospecimen retention": STUDY_FIELDS["biospecimen retention"],
    "biospecimen description": STUDY_FIELDS["biospecimen description"],
    # Eligibility
    "study population": Long(f"{ELIGIBILITY}.studyPopulation"),
    "sampling method": Line(f"{ELIGIBILITY}.samplingMethod"),
    "minimum age": age(f"{ELIGIBILITY}.minimumAge"),
    "maximum age": age(f"{ELIGIBILITY}.maximumAge"),
    "sex": Line(f"{ELIGIBILITY}.sex"),
    "gender based": Line(f"{ELIGIBILITY}.genderBased"),
    "accepts healthy volunteers": Line(f"{ELIGIBILITY}.healthyVolunteers"),
    "criteria": Long(f"{ELIGIBILITY}.eligibilityCriteria"),
    # Contacts/Locations: the sites are read apart
    "central contact person": central_contact,
    "central contact backup": backup_contact,
    "study officials": officials,
    # IPDSharing
    "plan to share ipd": Line(f"{IPD}.ipdSharing"),
    # References
    "citations": citations,
    "links": links,
}

_UNSEEN: dict[str, Rule] = {
    "results first submitted": Line(f"{STATUS}.resultsFirstSubmitDate"),
    "results first submitted that met qc criteria": Line(f"{STATUS}.resultsFirstSubmitQcDate"),
    "results first posted": _day("resultsFirstPostDateStruct"),
    "certification/extension first submitted": Line(f"{STATUS}.dispFirstSubmitDate"),
    "certification/extension first submitted that met qc criteria": Line(f"{STATUS}.dispFirstSubmitQcDate"),
    "certification/extension first posted": _day("dispFirstPostDateStruct"),
    "unapproved/uncleared device": Line(f"{OVERSIGHT}.isUnapprovedDevice"),
    "pediatric postmarket surveillance": Line(f"{OVERSIGHT}.isPpsd"),
    "u.s. product export": Line(f"{OVERSIGHT}.isUsExport"),
    "expanded access type": STUDY_FIELDS["expanded access type"],
    "target follow-up duration": STUDY_FIELDS["target follow-up duration"],
    "gender": Line(f"{ELIGIBILITY}.sex"),
    "supporting information": STUDY_FIELDS["supporting materials"],
    "time frame": Long(f"{IPD}.timeFrame"),
    "access criteria": Long(f"{IPD}.accessCriteria"),
    "url": Line(f"{IPD}.url"),
}
"""Labels on no saved page, by the registry's own words elsewhere: read where they stand, but never missed."""

FIELDS = _SEEN | _UNSEEN

_CONTINUED_SEEN: dict[str, Rule] = {
    "interventional study model": _MODEL_DESCRIPTION,
    "document section": document,
}

CONTINUED: dict[str, Rule] = _CONTINUED_SEEN | {
    "masking": _MASKING_DESCRIPTION,
    "gender based": _GENDER_DESCRIPTION,
    "plan to share ipd": Long(f"{IPD}.description"),
    "study officials": officials,
    "citations": citations,
    "links": links,
}
"""What a row without a label is, by the label above it; by the module where there is none."""

OUTCOMES = {
    "primary outcome measures": outcomes("primaryOutcomes"),
    "secondary outcome measures": outcomes("secondaryOutcomes"),
    "other outcome measures": outcomes("otherOutcomes"),
}
"""Headings of outcomes: the numbered rows below are theirs."""

IGNORED: dict[str, str] = {
    "number of arms": "the number of the arms that are listed",
    "number of groups/cohorts": "the number of the groups that are listed",
    "fda regulated intervention": "asked for until 2017: today's model has no field for it",
    "section 801 clinical trial": "asked for until 2017: today's model has no field for it",
}
"""Labels that are passed over, and why."""


_SURE = paths_of(_SEEN) | paths_of(_CONTINUED_SEEN)

NOT_CARRIED: dict[str, str] = {
    **dict.fromkeys(sorted((paths_of(_UNSEEN) | paths_of(CONTINUED)) - _SURE), "a row that no saved page has"),
    **dict.fromkeys([*citations.paths, *links.paths], "no saved page has one to show how"),
}
"""Paths that are read where they stand, but never missed, and why."""

_ARMS = f"{PROTOCOL}.armsInterventionsModule"
_SITES = f"{PROTOCOL}.contactsLocationsModule.locations"

CARRIED = frozenset(
    {
        NCT_ID_PATH,
        *_SURE,
        *paths_of(OUTCOMES),
        *(f"{_ARMS}.armGroups.{name}" for name in ("label", "type", "description", "interventionNames")),
        *(f"{_ARMS}.interventions.{name}" for name in ("type", "name", "description", "armGroupLabels")),
        *(f"{_SITES}.{name}" for name in ("facility", "status", "city", "state", "zip", "country")),
    }
    - NOT_CARRIED.keys()
)
"""The paths that such a page can show. Results of a version are not read."""
