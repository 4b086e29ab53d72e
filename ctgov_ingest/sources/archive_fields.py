"""The labels of the archive's pages of before 2017, and the canonical path of each."""

from __future__ import annotations

from ctgov_ingest.sources.archive_shapes import (
    CITATIONS,
    COLLABORATOR_NAMES,
    END_DATE,
    FOLLOW_UP_DATE,
    LINK,
    SECONDARY_IDS,
    arm,
    design,
    intervention,
    link,
    outcomes,
    reference,
    secondary_id,
)
from ctgov_ingest.sources.study_arms import INTERVENTIONS
from ctgov_ingest.sources.study_fields import (
    CONDITIONS,
    DESIGN,
    DESIGN_INFO,
    ELIGIBILITY,
    IDENTIFICATION,
    PROTOCOL,
    STATUS,
    Line,
    Long,
    Rule,
    Split,
    phases,
)
from ctgov_ingest.sources.study_fields import FIELDS as STUDY_FIELDS
from ctgov_ingest.sources.study_header import LEAD_SPONSOR, TITLE
from ctgov_ingest.sources.version_rows import age, item, paths_of, qualified

_NOT_IN_MODEL = "today's model has no field for it"

FIELDS: dict[str, Rule] = {
    "clinicaltrials identifier": STUDY_FIELDS["clinicaltrials.gov identifier"],
    # Descriptive Information
    "brief title": Line(TITLE),
    "official title": Line(f"{IDENTIFICATION}.officialTitle"),
    "brief summary": Long(f"{PROTOCOL}.descriptionModule.briefSummary"),
    "detailed description": Long(f"{PROTOCOL}.descriptionModule.detailedDescription"),
    "phase": Split(phases, (f"{DESIGN}.phases",)),
    "study type": STUDY_FIELDS["study type"],
    "study design": design,
    "primary outcome": outcomes("primaryOutcomes"),
    "secondary outcome": outcomes("secondaryOutcomes"),
    "other outcome": outcomes("otherOutcomes"),  # on no saved page
    "condition": item(f"{CONDITIONS}.conditions"),
    "keyword": item(f"{CONDITIONS}.keywords"),  # on no saved page
    "arm/group": arm,
    "intervention": intervention,
    LINK: link,
    "reference": reference(None),
    "results reference": reference("RESULT"),  # on no saved page
    # Recruitment Information
    "status": Line(f"{STATUS}.overallStatus"),
    "why stopped": Line(f"{STATUS}.whyStopped"),  # on no saved page
    "start date": qualified(f"{STATUS}.startDateStruct", "date"),
    "primary completion date": qualified(f"{STATUS}.primaryCompletionDateStruct", "date"),
    "last follow-up date": FOLLOW_UP_DATE,
    "end date": END_DATE,
    "criteria": Long(f"{ELIGIBILITY}.eligibilityCriteria"),
    "study population": Long(f"{ELIGIBILITY}.studyPopulation"),  # on no saved page
    "sampling method": Line(f"{ELIGIBILITY}.samplingMethod"),  # on no saved page
    "gender": Line(f"{ELIGIBILITY}.sex"),
    "minimum age": age(f"{ELIGIBILITY}.minimumAge"),
    "maximum age": age(f"{ELIGIBILITY}.maximumAge"),
    "healthy volunteers": Line(f"{ELIGIBILITY}.healthyVolunteers"),
    "expected enrollment": qualified(f"{DESIGN}.enrollmentInfo", "count"),
    "enrollment": qualified(f"{DESIGN}.enrollmentInfo", "count"),  # on no saved page
    # Administrative Data
    "organization name": Line(f"{IDENTIFICATION}.organization.fullName"),
    "organization study id": Line(f"{IDENTIFICATION}.orgStudyIdInfo.id"),
    "secondary id": secondary_id,
    "sponsor": Line(LEAD_SPONSOR),
    "collaborator": COLLABORATOR_NAMES,
}

IGNORED: dict[str, str] = {
    "updated": "the day of the version: its place in the history, no field of the record",
    "last data entry date": f"the closing of data entry, asked for until 2007: {_NOT_IN_MODEL}",
    "health authority": _NOT_IN_MODEL,
}
"""Labels that are passed over, and why."""

IGNORED_VALUES: dict[str, str] = {
    "the current version of this study includes results.": "says it of the version of its day, not of this one",
}
"""Values without a label that are passed over, and why."""

_UNSEEN = (
    f"{CONDITIONS}.keywords",
    f"{STATUS}.whyStopped",
    f"{ELIGIBILITY}.studyPopulation",
    f"{ELIGIBILITY}.samplingMethod",
    f"{DESIGN}.enrollmentInfo.type",
    f"{DESIGN}.patientRegistry",
    f"{IDENTIFICATION}.nctIdAliases",
    *outcomes("otherOutcomes").paths,
)

NOT_CARRIED: dict[str, str] = {
    **dict.fromkeys(_UNSEEN, "a row that no saved page has"),
    f"{CITATIONS}.pmid": "in its place may stand MEDLINE's own number of before 2004, for which there is no field",
    f"{CITATIONS}.type": "the page calls references of all kinds the same",
    f"{INTERVENTIONS}.armGroupLabels": "the page names one arm of an intervention, also where it is given in several",
    f"{SECONDARY_IDS}.type": "the page names the type of few ids",
    f"{SECONDARY_IDS}.domain": "the page names who gave an id of few ids",
}
"""Paths that are read where they stand, but never missed, and why."""

CARRIED = paths_of(FIELDS) - frozenset(NOT_CARRIED)
"""The paths that the archive's page of a version can show."""

SHOWN_WHERE_FILLED = (f"{DESIGN}.enrollmentInfo.count", f"{DESIGN_INFO}.allocation")
"""Paths whose absence says nothing: the row of enrollment is missing from 2008 on, and so is an allocation of N/A."""
