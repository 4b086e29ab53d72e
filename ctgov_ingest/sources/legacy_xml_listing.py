"""The rows of a search answer in the legacy XML: a few facts of each study, in both of the site's forms."""

from __future__ import annotations

from ctgov_ingest.sources.design_lines import study_design
from ctgov_ingest.sources.legacy_xml_compile import Entries, Ignored, Item, Split, Value, Within
from ctgov_ingest.sources.legacy_xml_rules import age, phases, results_posted, study_type, unknown_day
from ctgov_ingest.sources.legacy_xml_tables import STUDY_DESIGN_PATHS
from ctgov_ingest.sources.study_fields import (
    ARMS,
    CONDITIONS,
    CONTACTS,
    DESIGN,
    ELIGIBILITY,
    IDENTIFICATION,
    NCT_ID_PATH,
    OUTCOMES,
    SPONSORS,
    STATUS,
)

_SEARCH = "about the search, not about the study"
_LOSSY = "several facts in one text, without the borders between them"


def _date(path: str) -> Value:
    return Value(f"{STATUS}.{path}", unknown_day)


LISTING: Entries = {
    "@rank": Ignored(_SEARCH),
    "order": Ignored(_SEARCH),
    "score": Ignored(_SEARCH),
    "url": Ignored(_SEARCH),
    "nct_id": Value(NCT_ID_PATH),
    "title": Value(f"{IDENTIFICATION}.briefTitle"),
    "acronym": Value(f"{IDENTIFICATION}.acronym"),
    "status": Within({"@open": Ignored("follows from the status"), ".": Value(f"{STATUS}.overallStatus")}),
    "last_changed": _date("lastUpdateSubmitDate"),
    "condition_summary": Ignored(_LOSSY),
    "intervention_summary": Ignored(_LOSSY),
    "study_results": Value("hasResults", results_posted),
    "conditions": Within({"condition": Value(f"{CONDITIONS}.conditions")}),
    "interventions": Within(
        {"intervention": Item(f"{ARMS}.interventions", {"@type": Value("type"), ".": Value("name")})}
    ),
    "outcome_measures": Within({"outcome_measure": Ignored("does not say which kind of outcome it is")}),
    "sponsors": Within(
        {
            "lead_sponsor": Value(f"{SPONSORS}.leadSponsor.name"),
            "collaborator": Item(f"{SPONSORS}.collaborators", {".": Value("name")}),
        }
    ),
    "gender": Value(f"{ELIGIBILITY}.sex"),
    "min_age": Value(f"{ELIGIBILITY}.minimumAge", age),
    "max_age": Value(f"{ELIGIBILITY}.maximumAge", age),
    "age_groups": Within({"age_group": Value(f"{ELIGIBILITY}.stdAges")}),
    "phases": Within({"phase": Split(phases, (f"{DESIGN}.phases",))}),
    "enrollment": Value(f"{DESIGN}.enrollmentInfo.count"),
    "funded_bys": Within({"funded_by": Ignored("the classes of sponsor and collaborators, not whose they are")}),
    "study_types": Split(study_type, (f"{DESIGN}.studyType", f"{DESIGN}.patientRegistry")),
    "study_designs": Within({"study_design": Split(study_design, STUDY_DESIGN_PATHS)}),
    "other_ids": Within({"other_id": Ignored("does not say which is the organization's own")}),
    "start_date": _date("startDateStruct.date"),
    "primary_completion_date": _date("primaryCompletionDateStruct.date"),
    "completion_date": _date("completionDateStruct.date"),
    "study_first_posted": _date("studyFirstPostDateStruct.date"),
    "results_first_posted": _date("resultsFirstPostDateStruct.date"),
    "last_update_posted": _date("lastUpdatePostDateStruct.date"),
    "locations": Within({"location": Item(f"{CONTACTS}.locations", {".": Value("facility")})}),
    "documents": Ignored("names and addresses of documents in one text"),
}
"""What a row holds."""

LOOSE = (
    f"{CONTACTS}.locations",  # name, city and country in one text
    f"{ARMS}.interventions",  # without what is said of them
    f"{SPONSORS}.collaborators",  # without their classes
    f"{OUTCOMES}",
)
"""Paths that a row fills with less than a record has: they are not compared."""
