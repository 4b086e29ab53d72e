"""Lists of versions: what is known to exist stands beside what is held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import ListedVersion, Store, VersionList

NCT = "NCT09900501"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "a.db", clock=lambda: datetime(2026, 3, 4, tzinfo=UTC)) as opened:
        yield opened


def _list(*days: str, raw: bytes = b"a list") -> VersionList:
    rows = tuple(ListedVersion(at, day, None, ("Study Status",), day) for at, day in enumerate(days))
    return VersionList(NCT, "history-index", "1", "list.html", raw, rows)


def _record(tmp_path: Path, submitted: str) -> Path:
    status = f'{{"overallStatus":"RECRUITING","lastUpdateSubmitDate":"{submitted}"}}'
    found = tmp_path / f"{submitted}.json"
    found.write_text(
        f'{{"protocolSection":{{"identificationModule":{{"nctId":"{NCT}"}},"statusModule":{status}}},"hasResults":false,'
        f'"derivedSection":{{"miscInfoModule":{{"versionHolder":"{submitted}"}}}}}}',
        encoding="utf-8",
    )
    return found


def test_a_list_tells_versions_that_are_not_held(store: Store) -> None:
    store.add_list(_list("2006-01-02", "2007-03-04"))
    assert [(one["date"], one["held"]) for one in store.listed(NCT)] == [("2006-01-02", False), ("2007-03-04", False)]


def test_a_listed_version_is_held_once_a_capture_has_its_day(store: Store, tmp_path: Path) -> None:
    store.add_list(_list("2006-01-02", "2007-03-04"))
    ingest([_record(tmp_path, "2007-03-04")], store)
    assert [(one["date"], one["held"]) for one in store.listed(NCT)] == [("2006-01-02", False), ("2007-03-04", True)]


def test_the_same_list_again_says_nothing_new(store: Store) -> None:
    assert [store.add_list(_list("2006-01-02")) for _ in range(2)] == ["changed", "unchanged"]


def test_a_longer_list_takes_the_place_of_a_shorter_one_and_never_the_other_way_round(store: Store) -> None:
    store.add_list(_list("2006-01-02", "2007-03-04", raw=b"long"))
    store.add_list(_list("2006-01-02", raw=b"short"))
    assert [one["date"] for one in store.listed(NCT)] == ["2006-01-02", "2007-03-04"]
