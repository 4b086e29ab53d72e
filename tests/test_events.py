"""What happened to a record, in named events: one small case for each, then real records against the table."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import orjson
import pytest
from documents import DOCUMENTS, Json
from hypothesis import given, settings

from ctgov_ingest.compare import Kind, compare
from ctgov_ingest.compare.events import EVENTS, Event, events
from ctgov_ingest.compare.when import Answer, days_between, direction, had_passed, months_between

STATUS = "protocolSection.statusModule"
OUTCOMES = "protocolSection.outcomesModule"
ARMS = "protocolSection.armsInterventionsModule"
SITES = "protocolSection.contactsLocationsModule.locations"
TRACKING = "derivedSection.miscInfoModule.submissionTracking.submissionInfos"
UNPOSTED = "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents"


def record(**values: Any) -> Json:
    """A record of an update of 2026-02-04 with values at dotted paths (`__` for the dots)."""
    paths = {path.replace("__", "."): value for path, value in values.items()}
    document: Json = {}
    for path, value in ({f"{STATUS}.lastUpdatePostDateStruct.date": "2026-02-04"} | paths).items():
        node = document
        *above, leaf = path.split(".")
        for name in above:
            node = node.setdefault(name, {})
        node[leaf] = value
    return document


def at(path: str, value: Any) -> Json:
    return record(**{path.replace(".", "__"): value})


def between(old: Json, new: Json, on: str | None = None) -> list[Event]:
    new = copy.deepcopy(new)
    new["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2026-03-01"
    return events(old, new, compare(old, new), on)


def one(old: Json, new: Json, on: str | None = None) -> tuple[str, Json]:
    (event,) = between(old, new, on)
    assert set(event.data) == set(EVENTS[event.name].data)
    return event.name, event.data


def moved(path: str, old: Any, new: Any, on: str | None = None) -> tuple[str, Json]:
    """The one event of a value that was one thing and is another."""
    return one(at(path, old), at(path, new), on)


# Dates


@pytest.mark.parametrize(
    ("day", "on", "answer"),
    [
        ("2026-01-31", "2026-02-01", "yes"),
        ("2026-02-01", "2026-02-01", "no"),
        ("2026-02", "2026-02-28", "unclear"),
        ("2026-02", "2026-03-01", "yes"),
        ("2026-02", "2026-02-01", "no"),
        ("2026", "2026-02-01", "unclear"),
        (None, "2026-02-01", "unclear"),
        ("2026-13", "2026-02-01", "unclear"),
    ],
)
def test_whether_a_day_had_passed(day: str | None, on: str, answer: Answer) -> None:
    assert had_passed(day, on) == answer


@pytest.mark.parametrize(
    ("old", "new", "way", "days", "months"),
    [
        ("2026-01-31", "2026-03-01", "later", 29, None),
        ("2026-03-01", "2026-01-31", "earlier", -29, None),
        ("2026-01", "2026-03", "later", None, 2),
        ("2026-01", "2026-03-15", "later", None, 2),
        ("2026-03", "2026-03-15", "unclear", None, 0),
        ("2026", "2026-03", "unclear", None, None),
        ("2026", "2027", "later", None, None),
        ("2026-03", "2026-03", "same", None, 0),
        (None, "2026-03", "unclear", None, None),
        ("soon", "2026-03", "unclear", None, None),
    ],
)
def test_how_far_a_date_moved(old: Any, new: Any, way: str, days: int | None, months: int | None) -> None:
    assert (direction(old, new), days_between(old, new), months_between(old, new)) == (way, days, months)


# Status


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("RECRUITING", "UNKNOWN", "became_unknown"),
        ("UNKNOWN", "RECRUITING", "revived"),
        ("UNKNOWN", "COMPLETED", "status_changed"),
        ("UNKNOWN", "TERMINATED", "stopped"),
        ("RECRUITING", "SUSPENDED", "stopped"),
        ("NOT_YET_RECRUITING", "WITHDRAWN", "stopped"),
        ("SUSPENDED", "RECRUITING", "status_changed"),
        ("RECRUITING", "WITHHELD", "record_withheld"),
        ("WITHHELD", "COMPLETED", "record_returned"),
        (None, "RECRUITING", "status_changed"),
    ],
)
def test_a_change_of_status_has_the_name_that_says_most(old: str | None, new: str, name: str) -> None:
    found, data = moved(f"{STATUS}.overallStatus", old, new)
    assert (found, data["from"], data["to"]) == (name, old, new)


def test_a_stop_tells_its_reason_and_unknown_what_it_rests_on() -> None:
    old = at(f"{STATUS}.overallStatus", "RECRUITING")
    new = record(**{f"{STATUS}.overallStatus".replace(".", "__"): "TERMINATED"})
    new["protocolSection"]["statusModule"]["whyStopped"] = "no funds"
    assert one(old, new) == ("stopped", {"from": "RECRUITING", "to": "TERMINATED", "why": "no funds"})
    unknown = at(f"{STATUS}.overallStatus", "UNKNOWN")
    unknown["protocolSection"]["statusModule"] |= {"lastKnownStatus": "RECRUITING", "statusVerifiedDate": "2024-01"}
    unknown["protocolSection"]["statusModule"]["completionDateStruct"] = {"date": "2025-12"}
    old["protocolSection"]["statusModule"]["completionDateStruct"] = {"date": "2025-12"}
    (event,) = events(old, unknown, compare(old, unknown))
    assert (event.name, event.by) == ("became_unknown", "registry")
    assert event.data["last_known"] == "RECRUITING"
    assert (event.data["verified"], event.data["completion"]) == ("2024-01", "2025-12")
    assert len(event.paths) == 2


def test_another_reason_to_stop_is_an_event_of_its_own() -> None:
    old, new = (at(f"{STATUS}.overallStatus", "TERMINATED") for _ in range(2))
    old["protocolSection"]["statusModule"]["whyStopped"] = "slow"
    new["protocolSection"]["statusModule"]["whyStopped"] = "slow accrual"
    assert one(old, new) == ("stop_reason_changed", {"status": "TERMINATED", "from": "slow", "to": "slow accrual"})


def test_a_record_that_is_withheld_is_one_event() -> None:
    old = record(**{f"{STATUS}.overallStatus".replace(".", "__"): "RECRUITING", "hasResults": True})
    new = at(f"{STATUS}.overallStatus", "WITHHELD")
    (event,) = between(old, new)
    assert event.name == "record_withheld"
    assert "hasResults" in event.paths


def test_a_record_that_is_gone_and_one_that_is_back() -> None:
    here = at(f"{STATUS}.overallStatus", "RECRUITING")
    assert [event.name for event in events(here, None, [])] == ["record_delisted"]
    assert [(event.name, event.data["to"]) for event in events(None, here, [])] == [("record_returned", "RECRUITING")]
    assert events(None, None, []) == []


# Dates and enrollment of a study


@pytest.mark.parametrize(
    ("struct", "name"),
    [
        ("startDateStruct", "start_moved"),
        ("primaryCompletionDateStruct", "primary_completion_moved"),
        ("completionDateStruct", "completion_moved"),
    ],
)
def test_a_date_that_moved(struct: str, name: str) -> None:
    old, new = {"date": "2026-02-20", "type": "ESTIMATED"}, {"date": "2026-02-24", "type": "ACTUAL"}
    found, data = moved(f"{STATUS}.{struct}", old, new)
    assert (found, data["direction"], data["days"], data["became_actual"]) == (name, "later", 4, True)
    assert data["had_passed"] == "yes"
    assert moved(f"{STATUS}.{struct}", old, new, on="2026-02-19")[1]["had_passed"] == "no"


def test_enrollment_from_planned_to_actual() -> None:
    old, new = {"count": 200, "type": "ESTIMATED"}, {"count": 187, "type": "ACTUAL"}
    name, data = moved("protocolSection.designModule.enrollmentInfo", old, new)
    assert (name, data["difference"], data["became_actual"]) == ("enrollment_changed", -13, True)


# Outcomes


def study(start: str, completion: str, **module: Any) -> Json:
    found = at(OUTCOMES, module)
    found["protocolSection"]["statusModule"] |= {
        "startDateStruct": {"date": start},
        "primaryCompletionDateStruct": {"date": completion},
    }
    return found


PAIN, SLEEP = {"measure": "Pain", "timeFrame": "1 year"}, {"measure": "Quality of sleep", "timeFrame": "1 year"}


def test_a_primary_outcome_that_is_edited_after_the_start() -> None:
    old = study("2025-01", "2027-01", primaryOutcomes=[PAIN, SLEEP])
    new = study("2025-01", "2027-01", primaryOutcomes=[SLEEP, {**PAIN, "timeFrame": "2 years"}])
    name, data = one(old, new)
    assert name == "primary_outcome_changed"
    assert data["outcome"] == PAIN
    assert data["edits"] == [{"field": "timeFrame", "op": "changed", "old": "1 year", "new": "2 years"}]
    assert (data["after_start"], data["after_primary_completion"]) == ("yes", "no")
    assert (data["after_results"], data["with_results"]) == ("no", False)


@pytest.mark.parametrize(
    ("rank", "op", "name"),
    [
        ("primaryOutcomes", "added", "primary_outcome_added"),
        ("secondaryOutcomes", "removed", "secondary_outcome_removed"),
        ("otherOutcomes", "added", "other_outcome_added"),
    ],
)
def test_an_outcome_that_comes_or_goes(rank: str, op: str, name: str) -> None:
    less, more = study("2025-01", "2026-03", **{rank: [PAIN]}), study("2025-01", "2026-03", **{rank: [PAIN, SLEEP]})
    found, data = one(less, more) if op == "added" else one(more, less)
    assert (found, data["outcome"], data["after_primary_completion"]) == (name, SLEEP, "no")


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("secondaryOutcomes", "primaryOutcomes", "primary_outcome_promoted"),
        ("otherOutcomes", "primaryOutcomes", "primary_outcome_promoted"),
        ("otherOutcomes", "secondaryOutcomes", "secondary_outcome_promoted"),
        ("primaryOutcomes", "secondaryOutcomes", "primary_outcome_demoted"),
        ("secondaryOutcomes", "otherOutcomes", "secondary_outcome_demoted"),
    ],
)
def test_an_outcome_that_changes_its_rank(old: str, new: str, name: str) -> None:
    was = study("2025-01", "2026-01", **{old: [PAIN]})
    found, data = one(was, study("2025-01", "2026-01", **{new: [{**PAIN, "description": "by scale"}]}))
    assert found == name
    assert data["edits"] == [{"field": "description", "op": "added", "old": None, "new": "by scale"}]
    assert data["after_primary_completion"] == "yes"


def test_outcomes_that_are_reworded_as_results_come() -> None:
    old = study("2025-01", "2026-01", primaryOutcomes=[PAIN])
    new = {**study("2025-01", "2026-01", primaryOutcomes=[{**PAIN, "description": "d"}]), "hasResults": True}
    found = {event.name: event.data for event in between(old, new)}
    assert found["primary_outcome_changed"]["with_results"]
    assert found["primary_outcome_changed"]["after_results"] == "no"
    again = copy.deepcopy(new)
    again["protocolSection"]["outcomesModule"]["primaryOutcomes"][0]["description"] = "e"
    assert one(new, again)[1]["after_results"] == "yes"


# Arms, interventions, sites and other lists


def test_an_arm_that_is_renamed_is_one_event_for_all_that_name_it() -> None:
    def module(label: str) -> Json:
        return {
            "armGroups": [{"label": label, "type": "OTHER", "interventionNames": ["Drug: X"]}],
            "interventions": [{"type": "DRUG", "name": "X", "armGroupLabels": [label, "Sham"]}],
        }

    name, data = moved(ARMS, module("Training at home"), module("Training at home, daily"))
    assert (name, data["arm"]["label"]) == ("arm_changed", "Training at home")
    assert [edit["field"] for edit in data["edits"]] == ["label"]


def test_an_arm_that_gets_what_another_got_is_told() -> None:
    arms = [{"label": "A1", "interventionNames": ["Drug: X"]}, {"label": "B1", "interventionNames": ["Drug: Y"]}]
    new = [arms[0], {**arms[1], "interventionNames": ["Drug: X", "Drug: Y"]}]
    name, data = moved(f"{ARMS}.armGroups", arms, new)
    assert (name, data["edits"]) == (
        "arm_changed",
        [{"field": "interventionNames[Drug: X]", "op": "added", "old": None, "new": "Drug: X"}],
    )


def test_sites_to_which_the_same_happened_are_one_event() -> None:
    towns = [{"facility": "F", "city": f"C{number}", "country": "X", "status": "RECRUITING"} for number in range(9)]
    closed = [{**site, "status": "COMPLETED"} if place < 4 else site for place, site in enumerate(towns)]
    name, data = moved(SITES, towns, closed)
    assert (name, data["count"]) == ("site_closed", 4)
    assert data["sites"][0] == {"facility": "F", "city": "C0", "country": "X", "from": "RECRUITING", "to": "COMPLETED"}
    assert moved(SITES, closed, towns)[0] == "site_opened"
    assert moved(SITES, [{**towns[0], "status": "COMPLETED"}], [{**towns[0], "status": "WITHDRAWN"}])[0] == (
        "site_status_changed"
    )
    assert moved(SITES, towns[:7], towns)[1]["count"] == 2
    assert moved(SITES, towns, towns[:8])[0] == "site_removed"


def test_another_phone_of_a_site_is_no_event() -> None:
    site = {"facility": "F", "city": "C", "country": "X"}
    old, new = ([{**site, "contacts": [{"name": "N", "role": "CONTACT", "phone": phone}]}] for phone in "12")
    assert between(at(SITES, old), at(SITES, new)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "name"),
    [
        (f"{ARMS}.interventions", [], [{"type": "DRUG", "name": "X"}], "intervention_added"),
        (f"{ARMS}.armGroups", [{"label": "A"}], [], "arm_removed"),
        ("protocolSection.conditionsModule.conditions", ["asthma"], ["Asthma"], "condition_changed"),
        ("protocolSection.conditionsModule.conditions", [], ["Asthma"], "condition_added"),
        ("protocolSection.sponsorCollaboratorsModule.collaborators", [{"name": "N"}], [], "collaborator_removed"),
        ("protocolSection.sponsorCollaboratorsModule.leadSponsor.name", "N", "M", "sponsor_changed"),
        ("protocolSection.sponsorCollaboratorsModule.responsibleParty.type", "A", "B", "responsible_party_changed"),
        ("protocolSection.identificationModule.organization.fullName", "A", "B", "sponsor_changed"),
        ("protocolSection.ipdSharingStatementModule.ipdSharing", "NO", "YES", "data_sharing_changed"),
        ("protocolSection.identificationModule.briefTitle", "A", "B", "title_changed"),
        ("protocolSection.designModule.phases", ["PHASE1"], ["PHASE1", "PHASE2"], "design_changed"),
        ("protocolSection.designModule.designInfo.maskingInfo.masking", "NONE", "DOUBLE", "design_changed"),
        ("documentSection.largeDocumentModule.largeDocs", [], [{"filename": "Prot_000.pdf"}], "document_added"),
        (
            "documentSection.largeDocumentModule.largeDocs",
            [{"filename": "Prot_000.pdf", "typeAbbrev": "Prot", "label": "L"}],
            [{"filename": "Prot_001.pdf", "typeAbbrev": "Prot", "label": "L"}],
            "document_changed",
        ),
        (
            "annotationSection.annotationModule.violationAnnotation.violationEvents",
            [],
            [{"type": "VIOLATION_IDENTIFIED", "issuedDate": "2026-01-02"}],
            "violation_noted",
        ),
        (f"{STATUS}.dispFirstSubmitDate", None, "2026-02-19", "results_delayed"),
        ("hasResults", True, None, "results_removed"),
    ],
)
def test_one_event_for_one_change(path: str, old: Any, new: Any, name: str) -> None:
    assert moved(path, old, new)[0] == name


# Texts


def test_eligibility_by_field_and_by_item() -> None:
    old = {"sex": "ALL", "eligibilityCriteria": "Inclusion Criteria:\n\n* Adults\n* Fever above 38"}
    new = {"sex": "FEMALE", "eligibilityCriteria": "Inclusion Criteria:\n\n* Adults\n* Fever above 39"}
    name, data = moved("protocolSection.eligibilityModule", old, new)
    assert (name, [edit["field"] for edit in data["edits"]]) == ("eligibility_changed", ["sex"])
    assert [(item["op"], item["old"], item["new"]) for item in data["criteria"]] == [
        ("changed", "Fever above 38", "Fever above 39")
    ]
    assert not data["layout_only"]


def test_criteria_that_are_only_written_in_another_way() -> None:
    path = "protocolSection.eligibilityModule.eligibilityCriteria"
    assert moved(path, "* Adults\n* Fever", "- Adults\n- Fever")[1] == {
        "edits": [],
        "criteria": [],
        "layout_only": True,
    }


def test_a_description_by_sentence() -> None:
    old, new = "We look. We find 3 things.", "We look. We find 4 things."
    name, data = moved("protocolSection.descriptionModule.briefSummary", old, new)
    assert name == "description_changed"
    assert data["sentences"] == {
        "briefSummary": [{"op": "changed", "old": "We find 3 things.", "new": "We find 4 things."}]
    }


# Results


def test_results_that_are_posted() -> None:
    old = study("2023-01", "2024-01-31")
    new = {**study("2023-01", "2024-01-31"), "hasResults": True, "resultsSection": {"moreInfoModule": {"a": 1}}}
    new["protocolSection"]["statusModule"] |= {
        "resultsFirstSubmitDate": "2025-01-31",
        "resultsFirstPostDateStruct": {"date": "2025-03-01"},
    }
    name, data = one(old, new)
    assert (name, data["days_to_submission"], data["posted"]) == ("results_posted", 366, "2025-03-01")
    again = copy.deepcopy(new)
    again["resultsSection"]["moreInfoModule"]["a"] = 2
    assert one(new, again) == ("results_updated", {"modules": {"moreInfoModule": 1}})


def test_a_step_of_a_submission_is_told_once_though_it_stands_in_two_places() -> None:
    old = at(TRACKING, [{"releaseDate": "2026-01-02"}])
    new = at(TRACKING, [{"releaseDate": "2026-01-02", "resetDate": "2026-02-01"}, {"releaseDate": "2026-02-03"}])
    new["annotationSection"] = {
        "annotationModule": {"unpostedAnnotation": {"unpostedEvents": [{"type": "RESET", "date": "2026-02-01"}]}}
    }
    found = between(old, new)
    assert [(event.name, event.data["date"], len(event.paths)) for event in found] == [
        ("results_returned", "2026-02-01", 2),
        ("results_submitted", "2026-02-03", 1),
    ]
    assert {event.by for event in found} == {"registry"}


def test_a_submission_that_was_cancelled_on_a_day_that_is_unknown() -> None:
    old = at(TRACKING, [{"releaseDate": "2018-01-02"}])
    new = at(TRACKING, [{"releaseDate": "2018-01-02", "unreleaseDateUnknown": True}])
    assert one(old, new) == ("results_cancelled", {"date": None})
    assert one(at(UNPOSTED, []), at(UNPOSTED, [{"type": "UNRELEASE", "dateUnknown": True}])) == (
        "results_cancelled",
        {"date": None},
    )


# The table


def test_the_table_says_of_each_event_when_it_fires() -> None:
    assert all(about.when for about in EVENTS.values())
    assert {about.kind for about in EVENTS.values()} <= set(get_args(Kind))


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_nothing_that_a_record_may_hold_breaks_the_rules(old: Json, new: Json) -> None:
    wrapped = [{"protocolSection": {"outcomesModule": one, "armsInterventionsModule": one}} for one in (old, new)]
    for event in events(wrapped[0], wrapped[1], compare(wrapped[0], wrapped[1])):
        assert set(event.data) == set(EVENTS[event.name].data)


def real_pairs(corpus: Path) -> Iterator[tuple[str, Json, Json]]:
    for folder in sorted((corpus / "api_v2" / "snapshots").iterdir()):
        days = [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
        yield from ((folder.name, old, new) for old, new in pairwise(days))


def test_real_events_are_those_of_the_table_and_no_change_is_in_two_of_them(corpus: Path) -> None:
    names: Counter[str] = Counter()
    for nct_id, old, new in real_pairs(corpus):
        changes = compare(old, new)
        found = events(old, new, changes)
        names.update(event.name for event in found)
        assert bool(found) <= bool(changes)
        paths = Counter(path for event in found for path in event.paths)
        assert not [path for path, times in paths.items() if times > 1], nct_id
        assert set(paths) <= {change.path for change in changes}
        for event in found:
            assert set(event.data) == set(EVENTS[event.name].data)
            assert json.loads(json.dumps(event.data)) == event.data
    assert names["became_unknown"] == 1
    assert names["site_opened"] > 5


def test_the_flip_of_a_real_record_to_unknown(corpus: Path) -> None:
    (event,) = [
        event
        for nct_id, old, new in real_pairs(corpus)
        if nct_id == "NCT06302556"
        for event in events(old, new, compare(old, new), on="2026-03-02")
    ]
    assert (event.name, event.by, event.data["from"]) == ("became_unknown", "registry", "NOT_YET_RECRUITING")
    assert event.data["verified"] == "2024-02"


def test_every_real_change_of_status_by_a_sponsor_has_its_event(corpus: Path) -> None:
    numbers = {"NCT05935098", "NCT06203210", "NCT06754501", "NCT06821503", "NCT07011550", "NCT07227597", "NCT07268053"}
    told = {
        nct_id: event.name
        for nct_id, old, new in real_pairs(corpus)
        for event in events(old, new, compare(old, new))
        if event.kind == "status" and nct_id in numbers
    }
    assert set(told) == numbers
    assert set(told.values()) <= {"status_changed", "stopped"}
