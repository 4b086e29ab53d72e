"""The statuses of a study in order: their days, how sure these are, and what lists of versions make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from stores import NCT, noon, record, write

from ctgov_ingest.compare.timeline import Spell, Standing, timeline
from ctgov_ingest.errors import NotHeld
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import ListedVersion, Store, VersionList


def standing(
    number: int, date: str | None, seen: str, status: str | None, by: Any = "sponsor", **more: Any
) -> Standing:
    days = {"stood_from": seen, "stood_to": seen, "first_seen": seen, "last_seen": seen} | more
    return Standing(number=number, registry_date=date, status=status, by=by, **days)


def in_short(spells: list[Spell]) -> list[tuple[Any, ...]]:
    return [(one.status, one.since, one.until, one.days, one.by, one.versions) for one in spells]


def test_statuses_in_order_with_their_days() -> None:
    rows = [
        standing(1, "2020-01-01", "2024-01-01", "NOT_YET_RECRUITING"),
        standing(2, "2020-01-31", "2024-01-01", "RECRUITING"),
        standing(3, "2020-02-15", "2024-01-01", "RECRUITING"),
        standing(4, "2020-02-15", "2024-02-01", "UNKNOWN", "registry"),
        standing(5, "2024-03-01", "2024-03-02", "COMPLETED"),
    ]
    assert in_short(timeline(rows)) == [
        ("NOT_YET_RECRUITING", "2020-01-01", "2020-01-31", 30, "sponsor", (1,)),
        ("RECRUITING", "2020-01-31", "2024-02-01", 1462, "sponsor", (2, 3)),
        ("UNKNOWN", "2024-02-01", "2024-03-01", 29, "registry", (4,)),
        ("COMPLETED", "2024-03-01", None, None, "sponsor", (5,)),
    ]


def test_a_version_without_a_status_breaks_no_spell() -> None:
    rows = [
        standing(1, "2020-01-01", "2024-01-01", "RECRUITING"),
        standing(2, "2020-01-02", "2024-01-01", None),
        standing(3, "2020-01-03", "2024-01-01", "RECRUITING"),
    ]
    assert in_short(timeline(rows)) == [("RECRUITING", "2020-01-01", None, None, "sponsor", (1, 3))]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2020-01", "2020-03-01"),
        (None, "2020-03-01"),
        ("2020-01-01", None),
        ("2020-04-01", "2020-03-01"),
        ("?", "x"),
    ],
)
def test_no_days_where_they_cannot_be_counted(since: str | None, until: str | None) -> None:
    rows = [standing(1, since, "2024-01-01", "A"), standing(2, until, "2024-01-01", "B")]
    first, last = timeline(rows)
    assert (first.since, first.until, first.days, last.days) == (since, until, None, None)


def test_a_status_that_comes_back_is_a_spell_of_its_own() -> None:
    rows = [standing(n, f"2020-01-0{n}", "2024-01-01", status) for n, status in ((1, "A"), (2, "B"), (3, "A"))]
    assert [(spell.status, spell.days) for spell in timeline(rows)] == [("A", 1), ("B", 1), ("A", None)]


def test_no_versions_no_spells() -> None:
    assert timeline([]) == []


# How sure the days are


@pytest.mark.parametrize(
    ("stood_to", "date", "earliest", "latest"),
    [
        ("2026-03-03", "2026-03-04", "2026-03-04", "2026-03-04"),  # seen the day before
        ("2026-02-27", "2026-03-02", "2026-03-02", "2026-03-02"),  # a Friday and the Monday after it
        ("2026-02-28", "2026-03-02", "2026-03-02", "2026-03-02"),  # a Saturday
        ("2026-02-26", "2026-03-02", "2026-02-27", "2026-03-02"),  # a Friday lies between
        ("2026-02-02", "2026-03-02", "2026-02-03", "2026-03-02"),  # a month of nothing held
        ("2024-02-28", "2024-03-01", "2024-02-29", "2024-03-01"),  # a leap day lies between
        ("2026-03-02", "2026-03-02", "2026-03-02", "2026-03-02"),  # not after the day that the registry tells
        ("2026-02-02", "2026-03", "2026-02-03", "2026-03-31"),  # a month is all of its days
        ("2026-03-10", "2026-03", "2026-03-11", "2026-03-31"),  # of which some are over
        ("2024-01-02", "2024-02", "2024-01-03", "2024-02-29"),
        ("2026-02-02", None, "2026-02-03", None),
    ],
)
def test_a_status_began_after_the_one_before_was_last_known(
    stood_to: str, date: str | None, earliest: str, latest: str | None
) -> None:
    rows = [standing(1, "2020-01-01", "2020-01-02", "A", stood_to=stood_to), standing(2, date, "2026-05-01", "B")]
    _, spell = timeline(rows)
    assert (spell.since, spell.since_earliest, spell.since_latest) == (date, earliest, latest)
    assert spell.is_sure == (earliest == latest)


def test_a_list_that_tells_of_no_version_between_makes_the_day_sure() -> None:
    rows = [standing(1, "2025-01-01", "2025-01-02", "A"), standing(2, "2026-01-05", "2026-05-01", "B", follows=True)]
    _, spell = timeline(rows)
    assert (spell.since_earliest, spell.since_latest) == ("2026-01-05", "2026-01-05")


def test_such_a_list_makes_no_day_out_of_a_month() -> None:
    rows = [standing(1, "2025-01-01", "2025-01-02", "A"), standing(2, "2026-02", "2026-05-01", "B", follows=True)]
    _, spell = timeline(rows)
    assert (spell.since_precision, spell.since_earliest, spell.since_latest) == ("month", "2026-02-01", "2026-02-28")


def test_a_version_between_without_a_status_leaves_the_day_open() -> None:
    rows = [
        standing(1, "2025-01-01", "2025-01-02", "A"),
        standing(2, "2025-06-01", "2025-06-02", None),
        standing(3, "2026-01-05", "2026-05-01", "B", follows=True),
    ]
    assert timeline(rows)[1].since_earliest == "2025-01-03"


def test_the_registrys_own_doing_lies_between_two_days_on_which_it_was_seen() -> None:
    first = standing(1, "2024-02-01", "2026-02-03", "A")
    flip = standing(2, "2024-02-01", "2026-03-02", "UNKNOWN", "registry")
    _, spell = timeline([first, flip])
    assert (spell.since, spell.since_earliest, spell.since_latest) == ("2026-03-02", "2026-02-04", "2026-03-02")


def test_and_not_before_the_registrys_own_rule() -> None:
    first = standing(1, "2024-02-01", "2024-02-03", "A")
    flip = standing(2, "2024-02-01", "2026-03-02", "UNKNOWN", "registry", not_before="2026-02-01")
    assert timeline([first, flip])[1].since_earliest == "2026-02-01"


def test_an_undated_page_that_shows_unknown_was_seen_when_it_came_in() -> None:
    first = standing(1, "2014-02-01", "2014-02-03", "A")
    days = {"stood_from": "2016-03-01", "first_seen": "2026-11-24"}
    _, spell = timeline([first, standing(2, "2014-02-01", "2026-11-24", "UNKNOWN", "registry", **days)])
    assert (spell.since, spell.since_latest, spell.is_sure) == ("2016-03-01", "2026-11-24", False)


@pytest.mark.parametrize(
    ("posted", "earliest"), [("2019-05-01", "2019-05-01"), ("2020-01-01", "2020-01-01"), (None, None), ("?", None)]
)
def test_the_first_status_may_have_stood_since_the_study_was_posted(posted: str | None, earliest: str | None) -> None:
    (spell,) = timeline([standing(1, "2020-01-01", "2024-01-01", "A")], posted)
    assert (spell.since, spell.since_earliest, spell.is_sure) == ("2020-01-01", earliest, posted == "2020-01-01")


def test_the_days_of_a_spell_are_a_range_where_its_ends_are() -> None:
    rows = [
        standing(1, "2024-01-01", "2024-01-02", "A", stood_to="2024-02-28"),
        standing(2, "2024-03-10", "2024-03-11", "B", stood_to="2024-06-30"),
        standing(3, "2024-07-01", "2024-07-01", "C", stood_to="2024-07-31"),
    ]
    spells = timeline(rows, "2024-01-01")
    assert [(one.days, one.days_at_least, one.days_at_most) for one in spells] == [
        (69, 59, 69),  # to 29 February or 10 March
        (113, 113, 123),
        (None, 30, None),  # it stands, at least until it was last seen
    ]


def test_the_reason_is_the_last_that_was_given() -> None:
    rows = [
        standing(1, "2024-01-01", "2024-01-02", "SUSPENDED", why="funds"),
        standing(2, "2024-02-01", "2024-02-02", "SUSPENDED", why="no funds"),
        standing(3, "2024-03-01", "2024-03-02", "SUSPENDED"),
    ]
    assert timeline(rows)[0].why == "no funds"


# Out of a store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two updates of which the first was last seen three weeks before the second."""
    suspended = record("2025-03-05", status="SUSPENDED", updated="2025-03-03")
    suspended["protocolSection"]["statusModule"]["whyStopped"] = "Supply of the drug"
    first = record("2025-02-10", updated="2025-01-06")
    first["protocolSection"]["statusModule"]["studyFirstPostDateStruct"] = {"date": "2025-01-06", "type": "ACTUAL"}
    suspended["protocolSection"]["statusModule"] |= {"studyFirstPostDateStruct": {"date": "2025-01-06"}}
    with Store(tmp_path / "ctgov.db", clock=noon) as made:
        ingest([write(tmp_path, "a.jsonl", first, suspended)], made)
    return Store(tmp_path / "ctgov.db", clock=noon)


def test_a_gap_between_captures_is_told(store: Store) -> None:
    with store:
        running, stopped = store.timeline(NCT)
    assert (running.is_sure, running.days_at_least, running.days_at_most) == (True, 36, 56)
    assert (stopped.since_earliest, stopped.since_latest) == ("2025-02-11", "2025-03-03")
    assert (stopped.first_seen, stopped.last_seen, stopped.why) == ("2025-03-05", "2025-03-05", "Supply of the drug")


def test_a_day_on_which_the_stamp_alone_moved_closes_a_part_of_the_gap(tmp_path: Path) -> None:
    days = [record(day, updated="2025-01-06") for day in ("2025-02-10", "2025-02-28")]
    suspended = record("2025-03-05", status="SUSPENDED", updated="2025-03-03")
    with Store(tmp_path / "ctgov.db", clock=noon) as made:
        ingest([write(tmp_path, "a.jsonl", *days, suspended)], made)
        _, stopped = made.timeline(NCT)
    assert (stopped.since_earliest, stopped.since_latest) == ("2025-03-03", "2025-03-03")


@pytest.mark.parametrize(
    ("days", "is_sure"),
    [
        (["2025-01-06", "2025-03-03"], True),
        (["2025-01-06", "2025-02-20", "2025-03-03"], False),
        (["2025-03-03", "2025-01-06"], False),
        ([], False),
    ],
)
def test_a_list_of_versions_closes_the_gap(days: list[str], is_sure: bool, store: Store) -> None:
    rows = tuple(ListedVersion(number, day, None, (), day) for number, day in enumerate(days))
    with store:
        store.add_list(VersionList(NCT, "history-index", "1", "list.html", b"list", rows))
        _, stopped = store.timeline(NCT)
    assert stopped.is_sure == is_sure


@pytest.mark.parametrize(
    ("day", "registry", "seen"),
    [
        ("2025-01-06", "RECRUITING", None),
        ("2025-02-09", "RECRUITING", None),
        ("2025-02-10", "RECRUITING", "RECRUITING"),
        ("2025-03-03", "SUSPENDED", "RECRUITING"),
        ("2025-03-05", "SUSPENDED", "SUSPENDED"),
        ("2025-02", "RECRUITING", "RECRUITING"),
        ("2025", "SUSPENDED", "SUSPENDED"),
    ],
)
def test_the_axes_tell_what_the_registry_said_and_what_had_been_seen(
    day: str, registry: str, seen: str | None, store: Store
) -> None:
    with store:
        assert store.version(NCT, as_of=day)["overall_status"] == registry
        if seen is None:
            with pytest.raises(NotHeld, match=f"no version that had been seen by {day}"):
                store.version(NCT, as_of=day, axis="seen")
        else:
            assert store.version(NCT, as_of=day, axis="seen")["overall_status"] == seen
