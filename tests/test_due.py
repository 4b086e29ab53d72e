"""What is due by a day: the rules at their borders, the candidates by columns, and real records that turned UNKNOWN."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from stores import noon, record, write

from ctgov_ingest.compare.stale import Window, turns_unknown
from ctgov_ingest.due import RULES, Due, due
from ctgov_ingest.due.results import overdue_from
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Absence, Store

Json = dict[str, Any]

OPEN = ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "ENROLLING_BY_INVITATION")


def days(found: Window | Due | None) -> tuple[str, str] | None:
    return None if found is None else (str(found.earliest), str(found.latest))


def only(document: Json, kind: str, on: str = "2026-03-01", within: int = 36_500) -> Due | None:
    found = due(document, date.fromisoformat(on), within, [kind])
    assert len(found) <= 1
    return found[0] if found else None


def with_dates(document: Json, **dates: str | None) -> Json:
    """Give a record dates: `start`, `primaryCompletion`, `completion`; the planned ones end in `?`."""
    status = document["protocolSection"]["statusModule"]
    for name, text in dates.items():
        if text is not None:
            planned = text.endswith("?")
            status[f"{name}DateStruct"] = {"date": text.rstrip("?"), "type": "ESTIMATED" if planned else "ACTUAL"}
    return document


# The turn to UNKNOWN


@pytest.mark.parametrize(
    ("verified", "completion", "expected"),
    [
        ("2024-02", "2025-12-31", ("2026-02-01", "2026-03-02")),  # 1 March is a Sunday
        ("2024-03", "2025-12-31", ("2026-03-01", "2026-04-01")),
        ("2024-01-31", "2025-12", ("2026-01-01", "2026-02-02")),  # a day of verification is its month
        ("2022-02", None, ("2024-02-01", "2024-03-01")),  # over a leap day
        ("2023-12", None, ("2025-12-01", "2026-01-01")),
        ("2024-02", "2026-02-01", ("2026-02-02", "2026-03-02")),  # the completion is still ahead
        ("2024-02", "2026-02", ("2026-02-02", "2026-03-02")),
        ("2024-02", "2026-03-10", ("2026-03-11", "2026-04-01")),
        ("2020-02", "2024-02-29", ("2024-03-01", "2024-03-01")),
        ("2020-02", "2024-02", ("2024-02-02", "2024-03-01")),
        ("2020-02", "2027", ("2027-01-02", "2028-01-03")),  # a year is all of its days
        ("2024-02", "no date", ("2026-02-01", "2026-03-02")),
        ("2024", "2025-12-31", None),  # no month of verification is known
        (None, "2025-12-31", None),
        ("2024-13", "2025-12-31", None),
        ("9999-01", None, None),
        ("2024-02", "9999-12-31", None),
    ],
)
def test_an_open_study_is_turned_two_years_after_it_was_verified(
    verified: str | None, completion: str | None, expected: tuple[str, str] | None
) -> None:
    assert days(turns_unknown(verified, completion)) == expected


@pytest.mark.parametrize("status", [*OPEN, "SUSPENDED", "COMPLETED", "UNKNOWN", "AVAILABLE", "WITHHELD", None])
def test_only_open_studies_are_turned(status: str | None) -> None:
    document = record(status=status or "")
    document["protocolSection"]["statusModule"] |= {"overallStatus": status, "statusVerifiedDate": "2024-02"}
    assert (only(document, "unknown") is not None) == (status in OPEN)


@pytest.mark.parametrize(
    ("on", "within", "state", "left"),
    [
        ("2026-01-01", 30, None, None),
        ("2026-01-02", 30, "soon", 59),
        ("2026-01-31", 0, None, None),
        ("2026-02-01", 0, "now", 29),
        ("2026-03-02", 0, "now", 0),
        ("2026-03-03", 0, "late", -1),
    ],
)
def test_what_is_due_is_told_from_a_number_of_days_before(
    on: str, within: int, state: str | None, left: int | None
) -> None:
    document = with_dates(record(), completion="2025-12-31?")
    document["protocolSection"]["statusModule"]["statusVerifiedDate"] = "2024-02"
    found = only(document, "unknown", on, within)
    assert (found and found.state, found and found.days_left) == (state, left)


# Results


def trial(**more: Any) -> Json:
    """An applicable trial, with some of it otherwise."""
    made = with_dates(
        record(
            status=more.get("status", "COMPLETED"),
            designModule={
                "studyType": more.get("study_type", "INTERVENTIONAL"),
                "phases": more.get("phases", ["PHASE2"]),
                "designInfo": {"primaryPurpose": more.get("purpose", "TREATMENT")},
            },
            oversightModule=more.get("oversight", {"isFdaRegulatedDrug": True, "isFdaRegulatedDevice": False}),
            armsInterventionsModule={"interventions": [{"type": more.get("intervention", "DRUG"), "name": "X"}]},
            contactsLocationsModule={"locations": [{"country": more.get("country", "United States")}]},
        ),
        start=more.get("start", "2020-01-01"),
        primaryCompletion=more.get("primary", "2023-06-30"),
        completion=more.get("completion"),
    )
    made["protocolSection"]["statusModule"] |= more.get("dates", {})
    tracking = {"submissionTracking": {"submissionInfos": more.get("submissions", [])}}
    made["derivedSection"]["miscInfoModule"] |= tracking
    made["hasResults"] = more.get("has_results", False)
    return made


OLD = {"start": "2016-05", "oversight": {}}


@pytest.mark.parametrize(
    ("basis", "more"),
    [
        ("act", {}),
        ("act", {"oversight": {"isFdaRegulatedDevice": True}, "phases": ["NA"]}),
        ("act", {"phases": ["PHASE1", "PHASE2"]}),
        ("act", {"phases": ["PHASE4"], "status": "UNKNOWN"}),
        ("act", {"start": "2017-01-18"}),
        ("act", {"start": "2017-01"}),  # a month is told by its last day
        ("act", {"country": "France"}),
        (None, {"phases": ["PHASE1"]}),
        (None, {"phases": ["EARLY_PHASE1"]}),
        (None, {"phases": None}),
        (None, {"study_type": "OBSERVATIONAL"}),
        (None, {"purpose": "DEVICE_FEASIBILITY"}),
        (None, {"purpose": None}),
        (None, {"status": "WITHDRAWN"}),
        (None, {"oversight": {"isFdaRegulatedDrug": False, "isFdaRegulatedDevice": False}}),
        (None, {"oversight": {}}),
        (None, {"start": None}),
        ("pact", OLD),
        ("pact", {"start": "2017-01-17"}),
        ("pact", {**OLD, "primary": "2017-01-18"}),
        ("pact", {**OLD, "primary": "2017-01"}),
        ("pact", {**OLD, "country": "Puerto Rico"}),
        ("pact", {**OLD, "intervention": "DIAGNOSTIC_TEST"}),
        (None, {**OLD, "primary": "2017-01-17"}),
        (None, {**OLD, "primary": "2016-12"}),
        (None, {**OLD, "country": "Georgia"}),
        (None, {**OLD, "intervention": "BEHAVIORAL"}),
        (None, {**OLD, "oversight": {"isFdaRegulatedDrug": False, "isFdaRegulatedDevice": False}}),
        (None, {"primary": None}),
        ("act", {"primary": None, "completion": "2023-06-30"}),
    ],
)
def test_trials_owe_results_as_trialstracker_has_it(basis: str | None, more: Json) -> None:
    found = only(trial(**more), "results")
    assert (found and found.data["basis"]) == basis


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ("2024-06-29", "2024-06-29", "2024-07-31")),
        ({"primary": "2022-06-30"}, ("2023-06-30", "2023-06-30", "2023-07-31")),
        ({"primary": "2023-06"}, ("2024-05-31", "2024-06-29", "2024-07-31")),
        ({"primary": "2024-02"}, ("2025-01-31", "2025-02-28", "2025-03-31")),
        ({"primary": "2024-02-29"}, ("2025-02-28", "2025-02-28", "2025-03-31")),
        ({"dates": {"dispFirstSubmitDate": "2024-01-05"}}, ("2026-06-29", "2026-06-29", "2026-07-31")),
        ({"primary": "9999-12-31"}, None),
        ({"primary": "2023-06-30", "completion": "2024-06-30"}, ("2024-06-29", "2024-06-29", "2024-07-31")),
    ],
)
def test_results_are_due_a_year_after_completion_and_overdue_thirty_days_later(
    more: Json, expected: tuple[str, str, str] | None
) -> None:
    found = only(trial(**more), "results")
    assert (found and (*(days(found) or ()), found.data["overdue_from"])) == expected


@pytest.mark.parametrize(("on", "state"), [("2024-07-30", "ongoing"), ("2024-07-31", "overdue")])
def test_results_are_overdue_from_a_day_on(on: str, state: str) -> None:
    found = only(trial(), "results", on)
    assert found is not None
    assert (found.data["tracker"], found.state) == (state, "late")


def test_the_last_day_of_the_calendar_ends_no_rule_in_an_error() -> None:
    assert overdue_from(date(9998, 12, 31), 3) == date.max
    assert due(trial(primary="9998-12-31", completion="9999"), date(2026, 3, 1)) == []


@pytest.mark.parametrize(
    ("more", "tracker"),
    [
        ({"has_results": True}, None),
        ({"submissions": [{"releaseDate": "2024-06-01"}]}, None),
        ({"submissions": [{"releaseDate": "2024-06-01", "resetDate": "2024-07-01"}]}, None),
        ({"submissions": [{"releaseDate": "2024-06-01", "unreleaseDate": "2024-07-01"}]}, "overdue-cancelled"),
        ({"submissions": [{"releaseDate": "2024-06-01", "unreleaseDateUnknown": True}]}, "overdue-cancelled"),
        ({"submissions": [{"releaseDate": "2024-06-01", "unreleaseDate": "x"}, {"releaseDate": "2024-08-01"}]}, None),
        ({"submissions": "none"}, "overdue"),
    ],
)
def test_results_in_review_are_not_due_unless_they_were_taken_back(more: Json, tracker: str | None) -> None:
    found = only(trial(**more), "results")
    assert (found and found.data["tracker"]) == tracker


# Past completion without an update


@pytest.mark.parametrize(
    ("dates", "updated", "status", "expected"),
    [
        ({"primaryCompletion": "2026-01-10?"}, "2025-06-01", "RECRUITING", ("primary_completion", "yes", "2026-02-09")),
        ({"primaryCompletion": "2026-01-10?"}, "2026-01-10", "RECRUITING", None),
        ({"primaryCompletion": "2026-01-10?"}, "2026-02-01", "RECRUITING", None),
        ({"primaryCompletion": "2024-01?"}, "2024-01-10", "SUSPENDED", ("primary_completion", "unclear", "2024-03-01")),
        ({"primaryCompletion": "2024-02?"}, "2024-01-10", "RECRUITING", ("primary_completion", "yes", "2024-03-30")),
        ({"primaryCompletion": "2025-01-10"}, "2024-06-01", "RECRUITING", None),
        (
            {"primaryCompletion": "2025-01-10", "completion": "2026-01-10?"},
            "2025-02-01",
            "ACTIVE_NOT_RECRUITING",
            ("completion", "yes", "2026-02-09"),
        ),
        (
            {"primaryCompletion": "2025-01-10?", "completion": "2026-01-10?"},
            "2025-02-01",
            "ACTIVE_NOT_RECRUITING",
            ("completion", "yes", "2026-02-09"),
        ),
        ({"completion": "2026-01-10?"}, None, "RECRUITING", ("completion", "unclear", "2026-02-09")),
        ({"primaryCompletion": "2026-01-10?"}, "2025-06-01", "COMPLETED", None),
        ({"primaryCompletion": "2026-01-10?"}, "2025-06-01", "UNKNOWN", None),
        ({}, "2025-06-01", "RECRUITING", None),
        ({"completion": "9999-12?"}, "2025-06-01", "RECRUITING", None),
    ],
)
def test_a_planned_completion_that_passed_wants_an_update(
    dates: Json, updated: str | None, status: str, expected: tuple[str, str, str] | None
) -> None:
    found = only(with_dates(record(status=status, updated=updated), **dates), "completion")
    assert (found and (found.data["which"], found.data["updated_before"], found.latest)) == expected


# Out of a store


def test_a_study_that_the_registry_does_not_show_owes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", trial())
    with Store(tmp_path / "ctgov.db", clock=noon) as store:
        ingest([path], store)
        on = date(2026, 3, 1)
        assert len(list(store.due_candidates("results", on))) == 1
        assert list(store.due_candidates("results", on, nct_ids=frozenset({"NCT00000001"}))) == []
        store.absences.note(Absence("NCT09900001", "gone", "2026-02-20", "not found"))
        assert list(store.due_candidates("results", on)) == []


@pytest.fixture(scope="module")
def real(corpus: Path) -> list[Json]:
    with zipfile.ZipFile(corpus / "api_v2" / "studies.json.zip") as archive:
        return [orjson.loads(archive.read(name)) for name in archive.namelist()]


@pytest.mark.parametrize("on", ["2025-12-31", "2026-03-02", "2031-01-31"])
def test_the_columns_leave_nothing_out_that_the_rules_find(on: str, real: list[Json], tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, real[::2])))
    with Store(tmp_path / "ctgov.db", clock=noon) as store:
        ingest([path], store)
        day = date.fromisoformat(on)
        for kind in RULES:
            by_columns = {
                one.nct_id
                for study in store.due_candidates(kind, day, 30)
                for one in due(study.document, day, 30, [kind])
            }
            assert by_columns == {one.nct_id for document in real[::2] for one in due(document, day, 30, [kind])}
            assert by_columns, kind


def test_real_studies_that_turned_unknown_were_due_and_none_that_is_open_is_late(real: list[Json]) -> None:
    """All of the UNKNOWN ones would have been listed by the day of their data set; of the open ones none is late."""
    found = {"UNKNOWN": [0, 0], "open": [0, 0]}
    for document in real:
        status = document["protocolSection"]["statusModule"]
        day = document["derivedSection"]["miscInfoModule"]["versionHolder"]
        if status["overallStatus"] == "UNKNOWN":
            before = json.loads(json.dumps(document))
            before["protocolSection"]["statusModule"]["overallStatus"] = status["lastKnownStatus"]
            found["UNKNOWN"][only(before, "unknown", day, 0) is not None] += 1
        elif status["overallStatus"] in OPEN:
            one = only(document, "unknown", day, 0)
            found["open"][one is not None and one.state == "late"] += 1
    assert found == {"UNKNOWN": [0, 268], "open": [612, 0]}


def test_the_study_that_turned_before_our_eyes_was_due_on_the_day_before(corpus: Path) -> None:
    folder = corpus / "api_v2" / "snapshots" / "NCT06302556"
    days_of = {path.stem: orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}
    before = max(day for day in days_of if day < "2026-03-02")
    found = only(days_of[before], "unknown", before, 30)
    assert found is not None
    assert found.earliest <= "2026-03-02" <= found.latest
