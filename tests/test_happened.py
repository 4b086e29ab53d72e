"""Events as a store tells them: of versions and of what the registry does not show, by name, day and study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from stores import NCT, noon, record, write

from ctgov_ingest.compare import Carried, compare
from ctgov_ingest.compare.events import EVENTS, events, kinds_of
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Absence, Store

OTHER = "NCT09900002"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two studies: one is suspended and then turned UNKNOWN by the registry, the other gets another title."""
    rows = [
        record("2026-02-02"),
        record("2026-02-03", status="SUSPENDED", updated="2026-02-03"),
        record("2026-03-02", status="UNKNOWN", updated="2026-02-03"),
        record("2026-02-02", nct_id=OTHER),
        record("2026-02-10", nct_id=OTHER, title="Another title", updated="2026-02-10"),
    ]
    with Store(tmp_path / "ctgov.db", clock=noon) as made:
        ingest([write(tmp_path, "a.jsonl", *rows)], made)
    return Store(tmp_path / "ctgov.db", clock=noon)


def in_short(found: Any) -> list[tuple[Any, ...]]:
    return [(row["seen_at"], row["nct_id"], row["version"], row["event"], row["by"]) for row in found]


def test_events_come_in_the_order_in_which_they_were_seen(store: Store) -> None:
    with store:
        assert in_short(store.events()) == [
            ("2026-02-03", NCT, 2, "stopped", "sponsor"),
            ("2026-02-10", OTHER, 2, "title_changed", "sponsor"),
            ("2026-03-02", NCT, 3, "became_unknown", "registry"),
        ]


def test_events_are_told_by_name_by_day_and_of_a_study(store: Store) -> None:
    with store:
        assert [row["event"] for row in store.events(["became_unknown", "title_changed"])] == [
            "title_changed",
            "became_unknown",
        ]
        assert [row["event"] for row in store.events(since="2026-02-10")] == ["title_changed", "became_unknown"]
        assert [row["event"] for row in store.events(nct_id=OTHER)] == ["title_changed"]
        assert list(store.events(["stopped"], "2026-03", NCT)) == []


def test_a_study_that_is_gone_and_comes_back_has_its_events(store: Store) -> None:
    with store:
        store.absences.note(Absence(NCT, "gone", "2026-02-20", "NCT number not found"))
        store.absences.note(Absence(OTHER, "alias", "2026-02-20", "moved", NCT))
        store.absences.end([NCT, OTHER], "2026-03-02")
        found = list(store.events(["record_delisted", "record_returned"]))
    assert in_short(found) == [
        ("2026-02-20", NCT, 2, "record_delisted", "registry"),
        ("2026-03-02", NCT, 3, "record_returned", "registry"),
    ]
    assert [(row["data"], row["paths"], row["registry_date"]) for row in found] == [({}, [], None)] * 2


def test_an_old_page_that_cannot_show_results_makes_none_of_their_events() -> None:
    """That results came is in no change where the page could not show them: the outcome may have changed either way."""
    old = record(outcomesModule={"primaryOutcomes": [{"measure": "Pain"}]})
    new = record(outcomesModule={"primaryOutcomes": [{"measure": "Sleep"}]}) | {"hasResults": True}
    page = Carried.of(["protocolSection.outcomesModule.primaryOutcomes"])
    found = events(old, new, compare(old, new, carried=page))
    assert sorted(event.name for event in found) == ["primary_outcome_added", "primary_outcome_removed"]
    assert {(event.data["after_results"], event.data["with_results"]) for event in found} == {("unclear", False)}
    whole = {event.name: event.data for event in events(old, new, compare(old, new))}
    assert whole.keys() == {"primary_outcome_added", "primary_outcome_removed", "results_posted"}
    assert whole["primary_outcome_added"]["with_results"] is True


def test_real_events_have_a_change_and_are_found_by_their_name(corpus: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "ctgov.db", clock=noon) as store:
        ingest([corpus / "api_v2" / "snapshots", corpus / "html" / "results"], store)
        everything = list(store.events())
        for name in {row["event"] for row in everything}:
            assert list(store.events([name])) == [row for row in everything if row["event"] == name], name
        studies = {row["nct_id"] for row in everything}
        kinds = {(name, one["version"]): set(one["kinds"]) for name in studies for one in store.versions(name)}
    assert all(row["paths"] for row in everything)
    assert all(kinds_of([row["event"]]) & kinds[row["nct_id"], row["version"]] for row in everything)
    assert all(set(row["data"]) == set(EVENTS[row["event"]].data) for row in everything)
    assert {"became_unknown", "stopped", "results_submitted", "results_returned", "results_delayed"} <= {
        row["event"] for row in everything
    }
