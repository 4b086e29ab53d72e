"""One field's life: what is meant by a name, which values it had, and how an item of a list is followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from stores import NCT, noon, record, write

from ctgov_ingest.compare import compare
from ctgov_ingest.compare.finding import NoSuchPath, find, known_paths
from ctgov_ingest.compare.life import Held, Stage, life
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Store

STATUS = "protocolSection.statusModule"
PRIMARY = "protocolSection.outcomesModule.primaryOutcomes"
KNOWN = known_paths([])

# What is meant


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (f"{STATUS}.overallStatus", f"{STATUS}.overallStatus"),
        ("overallStatus", f"{STATUS}.overallStatus"),
        ("OverallStatus", f"{STATUS}.overallStatus"),
        ("statusModule.overallStatus", f"{STATUS}.overallStatus"),
        ("primaryCompletionDateStruct", f"{STATUS}.primaryCompletionDateStruct"),
        ("primaryCompletionDate", f"{STATUS}.primaryCompletionDateStruct"),
        ("PrimaryCompletionDateType", f"{STATUS}.primaryCompletionDateStruct.type"),
        ("primaryCompletionDateStruct.date", f"{STATUS}.primaryCompletionDateStruct.date"),
        ("completionDate", f"{STATUS}.completionDateStruct"),
        ("enrollment", "protocolSection.designModule.enrollmentInfo"),
        ("enrollmentCount", "protocolSection.designModule.enrollmentInfo.count"),
        ("leadSponsorName", "protocolSection.sponsorCollaboratorsModule.leadSponsor.name"),
        ("hasResults", "hasResults"),
        ("primaryOutcomes", PRIMARY),
        ("primaryOutcomes[Survival | 2 years]", f"{PRIMARY}[Survival | 2 years]"),
        ("primaryOutcomes[A.b | 2 years].timeFrame", f"{PRIMARY}[A.b | 2 years].timeFrame"),
        (
            "locations[Clinic | Bonn].contacts[Ann].phone",
            "protocolSection.contactsLocationsModule.locations[Clinic | Bonn].contacts[Ann].phone",
        ),
    ],
)
def test_a_field_is_named_by_its_path_or_an_ending_of_it(asked: str, meant: str) -> None:
    assert find(asked, KNOWN) == meant


@pytest.mark.parametrize("path", sorted(KNOWN))
def test_every_path_of_the_model_means_itself(path: str) -> None:
    assert find(path, KNOWN) == path


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("primaryCompletionDat", "primaryCompletionDateStruct"),
        ("overalStatus", "near are protocolSection.statusModule.overallStatus"),
        ("date", "may be one of several"),
        ("nothingLikeIt", "no field is called 'nothingLikeIt'"),
        ("", "no field is called ''"),
        ("TYPE", "may be one of several"),
    ],
)
def test_what_means_none_or_several_says_which_are_near(asked: str, words: str) -> None:
    with pytest.raises(NoSuchPath, match=words):
        find(asked, KNOWN)


def test_a_field_that_the_model_does_not_know_can_be_asked_for() -> None:
    assert find("new", known_paths([{"a": [{"new": 1}]}])) == "a.new"


# Its life


def held(*documents: dict[str, Any] | None) -> list[Held]:
    """Versions a year apart, with what changed."""
    found: list[Held] = []
    before: dict[str, Any] | None = None
    for number, document in enumerate(documents, 1):
        changes = compare(before, document) if before is not None and document is not None else []
        found.append(Held(number, f"{2019 + number}-01-01", document, changes))
        before = document if document is not None else before
    return found


def dated(date: str, type_: str = "ESTIMATED") -> dict[str, Any]:
    return {"protocolSection": {"statusModule": {"startDateStruct": {"date": date, "type": type_}}}}


def outcomes(*items: dict[str, str]) -> dict[str, Any]:
    return {"protocolSection": {"outcomesModule": {"primaryOutcomes": list(items)}}}


def outcome(measure: str, frame: str = "2 years") -> dict[str, str]:
    return {"measure": measure, "timeFrame": frame}


def in_short(stages: list[Stage]) -> list[tuple[Any, ...]]:
    return [(one.value, one.since, one.until, one.version, one.op, one.by) for one in stages]


def test_a_value_stands_until_another_comes() -> None:
    stages = life(f"{STATUS}.startDateStruct.date", held(dated("2020-02"), dated("2020-02"), dated("2021-03"), {}))
    assert in_short(stages) == [
        ("2020-02", "2020-01-01", "2022-01-01", 1, None, None),
        ("2021-03", "2022-01-01", "2023-01-01", 3, "changed", "sponsor"),
        (None, "2023-01-01", None, 4, "removed", "sponsor"),
    ]


@pytest.mark.parametrize(
    ("dates", "first", "days", "months"),
    [
        ([("2020-02-28", "ESTIMATED"), ("2020-03-01", "ACTUAL")], "2020-02-28", 2, None),
        ([("2020-02", "ESTIMATED"), ("2021-01-10", "ACTUAL")], "2020-02", None, 11),
        ([("2020-02-28", "ACTUAL"), ("2020-03-01", "ESTIMATED"), ("2020-01-01", "ACTUAL")], "2020-03-01", -60, None),
        ([("2020-02-28", "ACTUAL"), ("2020-03-01", "ACTUAL")], "2020-02-28", 2, None),
        ([("2020", "ESTIMATED"), ("2021-01-10", "ACTUAL")], "2020", None, None),
    ],
)
def test_todays_date_stands_beside_the_first_that_was_planned(
    dates: list[tuple[str, str]], first: str, days: int | None, months: int | None
) -> None:
    last = life(f"{STATUS}.startDateStruct", held(*(dated(*one) for one in dates)))[-1]
    assert (last.first["date"], last.days_from_first, last.months_from_first) == (first, days, months)


def test_a_page_that_cannot_show_a_field_is_passed_over() -> None:
    versions = held(dated("2020-02"), None, dated("2020-02"), None, dated("2020-03"))
    assert [(one.value, one.version) for one in life(f"{STATUS}.startDateStruct.date", versions)] == [
        ("2020-02", 1),
        ("2020-03", 5),
    ]


def test_a_change_of_which_a_page_between_told_is_not_lost() -> None:
    first, last = dated("2020-02"), dated("2020-03")
    changes = compare(first, last)
    versions = [Held(1, "2020", first, []), Held(2, "2021", None, changes), Held(3, "2022", last, [])]
    assert [one.version for one in life(f"{STATUS}.startDateStruct.date", versions)] == [1, 3]


def test_what_the_change_log_does_not_tell_is_another_way_of_writing() -> None:
    versions = [Held(1, "2020", {"a": "x y"}, []), Held(2, "2021", {"a": "x  y"}, [])]
    assert [one.value for one in life("a", versions)] == ["x y"]


def test_a_field_that_no_presentation_shows_has_no_life() -> None:
    assert life("a", held(None, None)) == []


@pytest.mark.parametrize("asked", ["Overall survival | 2 years", "Overall survival in all patients | 2 years"])
def test_an_item_is_followed_through_its_rewording(asked: str) -> None:
    versions = held(
        outcomes(outcome("Response rate")),
        outcomes(outcome("Response rate"), outcome("Overall survival")),
        outcomes(outcome("Overall survival in all patients"), outcome("Response rate")),
        outcomes(outcome("Response rate")),
    )
    assert [(one.value, one.version, one.op) for one in life(f"{PRIMARY}[{asked}].measure", versions)] == [
        (None, 1, None),
        ("Overall survival", 2, "added"),
        ("Overall survival in all patients", 3, "changed"),
        (None, 4, "removed"),
    ]


def test_an_item_is_followed_over_a_page_that_does_not_show_it() -> None:
    versions = held(outcomes(outcome("Survival")), None, outcomes(outcome("Death"), outcome("Survival", "3 years")))
    stages = life(f"{PRIMARY}[Survival | 2 years].timeFrame", versions)
    assert [(one.value, one.version) for one in stages] == [("2 years", 1), ("3 years", 3)]


@pytest.mark.parametrize("path", [f"{PRIMARY}.measure", f"{PRIMARY}[Nothing | 1 year].measure"])
def test_a_path_that_names_no_item_says_which_there_are(path: str) -> None:
    with pytest.raises(
        NoSuchPath, match=r"its items, to be put in brackets, are: Survival \| 2 years; Death \| 2 years"
    ):
        life(path, held(outcomes(outcome("Survival")), outcomes(outcome("Survival"), outcome("Death"))))


# Out of a store


def test_a_store_tells_the_life_of_a_field(tmp_path: Path) -> None:
    documents = [
        record("2025-01-08", updated="2025-01-06", **dated("2025-02")["protocolSection"]["statusModule"]),
        record("2026-01-08", status="UNKNOWN", updated="2025-01-06"),
    ]
    path = write(tmp_path, "a.jsonl", *documents)
    with Store(tmp_path / "ctgov.db", clock=noon) as store:
        ingest([path], store)
        found, stages = store.life(NCT, "overallStatus")
    assert found == f"{STATUS}.overallStatus"
    assert in_short(stages) == [
        ("RECRUITING", "2025-01-06", "2026-01-08", 1, None, None),
        ("UNKNOWN", "2026-01-08", None, 2, "changed", "registry"),
    ]
