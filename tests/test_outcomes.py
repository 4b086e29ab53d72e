"""The table of outcomes: what became of each, when, and whether it was reported; and how it is written as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import pytest
from stores import NCT, noon, record, write

from ctgov_ingest.cli.outcomes import _as_cell, _write_csv
from ctgov_ingest.compare import Carried
from ctgov_ingest.compare.outcome_lives import Snapshot
from ctgov_ingest.compare.outcomes import OutcomeRow, outcomes
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Store

Json = dict[str, Any]

PAIN = {"measure": "Pain on a visual analogue scale", "timeFrame": "12 weeks"}
SLEEP = {"measure": "Hours of sleep by diary", "timeFrame": "12 weeks"}
FALLS = {"measure": "Number of falls", "timeFrame": "1 year"}


def document(primary: list[Json], secondary: list[Json] | None = None, **more: Any) -> Json:
    """A record with outcomes. `start`, `completion`, `posted`: dates; `measures`: what results report."""
    status = {
        "startDateStruct": {"date": more.get("start", "2021-06-01")},
        "primaryCompletionDateStruct": {"date": more.get("completion", "2023-06-01")},
    }
    made: Json = {
        "protocolSection": {
            "statusModule": status,
            "outcomesModule": {"primaryOutcomes": primary, "secondaryOutcomes": secondary or []},
        }
    }
    if "posted" in more:
        status["resultsFirstPostDateStruct"] = {"date": more["posted"]}
        rows = [{"type": kind, "title": title, "timeFrame": frame} for kind, title, frame in more.get("measures", ())]
        made |= {"hasResults": True, "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": rows}}}
    return made


def versions(*held: tuple[str, Json], carried: Carried = Carried.ALL) -> list[Snapshot]:
    """Versions of days; each is known to follow the one before."""
    return [Snapshot(number, day, day, one, carried) for number, (day, one) in enumerate(held, 1)]


def in_short(rows: list[OutcomeRow]) -> list[tuple[Any, ...]]:
    return [(one.kind, str(one.measure)[:5], one.event, one.version) for one in rows]


def test_an_outcome_that_stands_is_kept_from_its_first_version() -> None:
    (row,) = outcomes(versions(("2021-01-04", document([PAIN])), ("2022-01-03", document([PAIN]))))
    assert (row.event, row.version, row.date, row.last_version) == ("kept", 1, "2021-01-04", 2)
    assert (row.measure, row.first_measure, row.steps) == (PAIN["measure"], PAIN["measure"], ())


def test_what_becomes_of_outcomes() -> None:
    reworded = {**SLEEP, "timeFrame": "24 weeks"}
    rows = outcomes(
        versions(
            ("2021-01-04", document([PAIN], [SLEEP])),
            ("2022-01-03", document([PAIN], [reworded, FALLS])),
            ("2024-01-03", document([FALLS], [reworded])),
        )
    )
    assert in_short(rows) == [
        ("primary", "Pain ", "removed", 3),
        ("secondary", "Hours", "reworded", 2),
        ("primary", "Numbe", "promoted", 3),
    ]
    assert rows[1].edited == ("timeFrame",)
    assert (rows[1].first_time_frame, rows[1].time_frame) == ("12 weeks", "24 weeks")
    assert [step["event"] for step in rows[2].steps] == ["added", "promoted"]
    assert (rows[2].first_kind, rows[2].first_version) == ("secondary", 2)
    assert (rows[0].last_version, rows[0].last_date) == (2, "2022-01-03")


def test_a_demoted_outcome_that_was_reworded_on_the_way_is_followed() -> None:
    longer = {"measure": "Pain on a visual analogue scale, as told by the patient", "timeFrame": "12 weeks"}
    rows = outcomes(
        versions(("2021-01-04", document([PAIN, FALLS])), ("2022-01-03", document([FALLS], [longer]))),
    )
    assert in_short(rows) == [("secondary", "Pain ", "demoted", 2), ("primary", "Numbe", "kept", 1)]
    assert rows[0].edited == ("measure",)


def test_another_order_or_another_way_of_writing_is_no_event() -> None:
    other = {**PAIN, "measure": "pain  on a Visual Analogue Scale."}
    rows = outcomes(
        versions(("2021-01-04", document([PAIN, FALLS])), ("2022-01-03", document([FALLS, other]))),
    )
    assert [row.event for row in rows] == ["kept", "kept"]


def test_two_outcomes_that_read_alike_are_two() -> None:
    rows = outcomes(versions(("2021-01-04", document([PAIN, PAIN])), ("2022-01-03", document([PAIN]))))
    assert [row.event for row in rows] == ["kept", "removed"]


def test_what_a_page_cannot_show_is_passed_over() -> None:
    first, _, last = versions(("2021-01-04", document([PAIN])), ("2021-05-03", {}), ("2022-01-03", document([PAIN])))
    page = Snapshot(2, "2021-05-03", "2021-05-03", {}, Carried.of(["protocolSection.statusModule"]))
    assert [row.event for row in outcomes([first, page, last])] == ["kept"]


def test_a_description_that_a_page_cannot_show_is_no_edit() -> None:
    path = "protocolSection.outcomesModule.primaryOutcomes"
    page = Carried.of([f"{path}.measure", f"{path}.timeFrame"])
    (first,) = versions(("2021-01-04", document([PAIN])), carried=page)
    last = Snapshot(2, "2022-01-03", "2022-01-03", document([{**PAIN, "description": "Asked for"}]), Carried.ALL)
    assert [row.event for row in outcomes([first, last])] == ["kept"]


# When


@pytest.mark.parametrize(
    ("not_before", "date", "start", "when", "days"),
    [
        ("2021-06-02", "2021-06-02", "2021-06-01", "after", 1),
        ("2021-06-01", "2021-06-01", "2021-06-01", "before", 0),
        ("2024-03-01", "2024-03-01", "2024-02-28", "after", 2),  # over a leap day
        ("2021-05-01", "2021-05-01", "2021-06-01", "before", -31),
        ("2021-06-10", "2021-06-10", "2021-06", "unclear", None),
        ("2021-07-01", "2021-07-01", "2021-06", "after", None),
        ("2021-05-31", "2021-05-31", "2021-06", "before", None),
        ("2021-05-01", "2021-06-10", "2021-06-01", "unclear", None),  # it may have come on any day between
        ("2021-06-02", "2021-06-10", "2021-06-01", "after", None),
        (None, "2021-06-10", "2021-06-01", "unclear", None),
        ("2021-06-02", "2021-06-02", "soon", None, None),
    ],
)
def test_before_or_after_the_start_only_where_it_is_sure(
    not_before: str | None, date: str, start: str, when: str | None, days: int | None
) -> None:
    (first,) = versions(("2020-01-06", document([PAIN], start=start)))
    second = Snapshot(2, date, not_before, document([PAIN, FALLS], start=start), Carried.ALL)
    row = outcomes([first, second])[1]
    assert (row.event, row.from_start, row.days_from_start) == ("added", when, days)


def test_an_event_is_told_against_completion_and_results_too() -> None:
    last = document([FALLS], posted="2024-01-02", measures=[("PRIMARY", FALLS["measure"], "1 year")])
    rows = outcomes(versions(("2021-01-04", document([PAIN])), ("2024-01-03", last)))
    assert [(row.event, row.from_primary_completion, row.days_from_results) for row in rows] == [
        ("removed", "after", 1),
        ("added", "after", 1),
    ]


# Reported


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ([("PRIMARY", PAIN["measure"], "12 weeks")], [("kept", "yes", "primary")]),
        ([("PRIMARY", "Pain on a Visual Analogue Scale at Week 12", "12 weeks")], [("kept", "yes", "primary")]),
        ([("SECONDARY", PAIN["measure"], "12 weeks")], [("kept", "yes", "secondary")]),
        (
            [("PRIMARY", "Blood pressure in the morning", "1 day")],
            [("kept", "no", None), ("not registered", "yes", "primary")],
        ),
        (
            [("PRIMARY", PAIN["measure"], "12 weeks"), ("POST_HOC", "Blood pressure in the morning", "1 day")],
            [("kept", "yes", "primary"), ("not registered", "yes", "post-hoc")],
        ),
        ([], [("kept", "unclear", None)]),
    ],
)
def test_posted_results_report_an_outcome_or_not(measures: list[tuple[str, str, str]], expected: list[Any]) -> None:
    rows = outcomes(versions(("2021-01-04", document([PAIN], posted="2024-01-02", measures=measures))))
    assert [(row.event, row.reported, row.reported_as) for row in rows] == expected


def test_without_results_nothing_is_reported() -> None:
    assert outcomes(versions(("2021-01-04", document([PAIN]))))[0].reported == "no results"


# Out of a store, and into CSV


def test_a_store_gives_bounds_for_what_happened_between_captures(tmp_path: Path) -> None:
    documents = [
        record("2025-02-10", updated="2025-01-06", outcomesModule={"primaryOutcomes": [PAIN]}),
        record("2025-03-10", updated="2025-03-06", outcomesModule={"primaryOutcomes": [PAIN, FALLS]}),
    ]
    for one in documents:
        one["protocolSection"]["statusModule"]["studyFirstPostDateStruct"] = {"date": "2025-01-06"}
    with Store(tmp_path / "ctgov.db", clock=noon) as store:
        ingest([write(tmp_path, "a.jsonl", *documents)], store)
        kept, added = store.outcomes(NCT)
    assert (kept.not_before, kept.date) == ("2025-01-06", "2025-01-06")
    assert (added.event, added.not_before, added.date) == ("added", "2025-02-11", "2025-03-06")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-5 kg", "'-5 kg"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("\t=1+1", "' =1+1"),
        ("a\x1b[31mb\n=c", "a[31mb\n=c"),
        ("a = b", "a = b"),
        (-5, -5),
        (None, None),
        (("measure", "timeFrame"), "measure; timeFrame"),
        (({"event": "added", "date": "2024-01-02", "edited": []},), "added 2024-01-02"),
        (({"event": "reworded", "date": "2024", "edited": ["measure"]},), "reworded 2024 (measure)"),
    ],
)
def test_a_cell_of_csv_runs_nothing(value: Any, cell: Any) -> None:
    assert _as_cell(value) == cell


def test_csv_is_read_back_as_it_was_written() -> None:
    odd = {"measure": 'Pain, "worst"\nof the day', "timeFrame": "1 day"}
    rows = outcomes(versions(("2021-01-04", document([odd, FALLS]))))
    file = io.StringIO()
    _write_csv(file, ({"nct_id": NCT, **asdict(row)} for row in rows))
    read = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert [row["measure"] for row in read] == [odd["measure"], FALLS["measure"]]
    assert list(read[0]) == ["nct_id", *asdict(rows[0])]


# Real records


def real(corpus: Path) -> Iterator[tuple[str, list[Snapshot]]]:
    for folder in sorted((corpus / "api_v2" / "snapshots").iterdir()):
        days = [(path.stem, orjson.loads(path.read_bytes())) for path in sorted(folder.glob("*.json"))]
        yield folder.name, versions(*days)


def test_every_registered_outcome_of_real_records_has_one_life(corpus: Path) -> None:
    """What the last version registers is what lives on, each once, in its kind."""
    for nct_id, held in real(corpus):
        module = held[-1].document["protocolSection"].get("outcomesModule", {})
        wanted = {
            kind: sorted(str(item.get("measure")) for item in module.get(f"{kind}Outcomes", []))
            for kind in ("primary", "secondary", "other")
        }
        living = [row for row in outcomes(held) if row.event not in ("removed", "not registered")]
        found = {kind: sorted(str(row.measure) for row in living if row.kind == kind) for kind in wanted}
        assert found == wanted, nct_id
