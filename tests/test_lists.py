"""Lists of versions: what is known to exist stands beside what is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ctgov_ingest.errors import Damaged
from ctgov_ingest.ingest import ingest, reparse
from ctgov_ingest.store import Capture, Kept, ListedVersion, Store, VersionList

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


def test_lists_are_read_again_too(store: Store) -> None:
    store.add_list(_list("2006-01-02", "2007-03-04"))
    assert store.stale({"history-index": "2"}) == [NCT]
    better = _list("2006-01-02", "2007-03-05", "2008-01-01")
    store.reparse(NCT, _no_record, read_list=lambda kept: replace(better, reader="2", raw=kept.raw))
    assert [one["date"] for one in store.listed(NCT)] == ["2006-01-02", "2007-03-05", "2008-01-01"]
    assert store.stale({"history-index": "2"}) == []


def test_a_list_that_reads_shorter_now_gives_way_to_a_longer_one(store: Store) -> None:
    store.add_list(_list("2006-01-02", "2007-03-04", raw=b"first"))
    store.add_list(_list("2006-01-02", "2007-03-04", "2007-04-05", raw=b"second"))
    days = {b"first": ("2006-01-02", "2007-03-04"), b"second": ("2007-04-05",)}
    store.reparse(NCT, _no_record, read_list=lambda kept: _list(*days[kept.raw], raw=kept.raw))
    assert [one["date"] for one in store.listed(NCT)] == ["2006-01-02", "2007-03-04"]


def test_a_list_that_is_no_longer_read_keeps_its_rows(store: Store) -> None:
    store.add_list(_list("2006-01-02", "2007-03-04"))

    def refuse(kept: Kept) -> VersionList:
        raise Damaged("expected something else")

    ((kept, _error),) = store.reparse(NCT, _no_record, {"history-index": "2"}, refuse).refused
    assert (kept.source, len(store.listed(NCT))) == ("list.html", 2)
    assert store.stale({"history-index": "2"}) == []


def test_a_study_of_which_only_a_list_is_kept_is_read_again(store: Store) -> None:
    (file,) = (Path(__file__).resolve().parents[1] / "fixtures" / "archive-index").glob("*.html")
    ingest([file], store)
    (name,) = store.known()
    before = store.listed(name)
    assert (reparse(name, store), store.listed(name)) == ((False, []), before)
    assert before


def _no_record(kept: Kept) -> Capture:
    raise AssertionError(f"there is no record: {kept.source}")
