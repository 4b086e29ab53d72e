"""What the store keeps of following the registry: watches, what is not shown, what was fetched, how runs went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import NCT, ask, noon, record
from test_store import capture

from ctgov_ingest.store import Absence, Ending, Outcome, Store

SEARCH = '{"cond":"asthma"}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ctgov.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path, clock=noon) as opened:
        yield opened


def test_a_watch_is_followed_once_and_no_longer_when_it_is_removed(store: Store) -> None:
    assert [store.watches.add("study", NCT), store.watches.add("study", NCT), store.watches.add("search", SEARCH)] == [
        True,
        False,
        True,
    ]
    assert [(one.kind, one.what, one.dataset, one.studies) for one in store.watches.all()] == [
        ("study", NCT, None, 1),
        ("search", SEARCH, None, 0),
    ]
    assert [store.watches.remove("study", NCT), store.watches.remove("study", NCT)] == [True, False]
    assert [one.kind for one in store.watches.all()] == ["search"]


def test_a_study_that_leaves_a_search_stays_followed(store: Store, path: Path) -> None:
    store.watches.add("search", SEARCH)
    (watch,) = store.watches.all()
    for day, matched in (("01", {"a", "b"}), ("02", {"b", "c"}), ("03", {"a", "b", "c"})):
        store.watches.conclude([watch], {watch.id: frozenset(matched)}, f"2026-05-{day}T09:00:00")
    assert store.watches.members(watch.id) == {"a", "b", "c"}
    assert store.watches.all()[0].dataset == "2026-05-03T09:00:00"
    store.watches.conclude([watch], {watch.id: frozenset("c")}, "2026-05-04T09:00:00")
    assert ask(path, "SELECT nct_id, since, until FROM watched_studies ORDER BY nct_id") == [
        ("a", "2026-05-01", "2026-05-04"),
        ("b", "2026-05-01", "2026-05-04"),
        ("c", "2026-05-02", None),
    ]


def test_removing_a_search_takes_nothing_of_what_is_held(store: Store, path: Path) -> None:
    store.add(capture(record("2026-02-02")))
    store.watches.add("search", SEARCH)
    (watch,) = store.watches.all()
    store.watches.conclude([watch], {watch.id: frozenset({NCT})}, "2026-05-01")
    assert store.watches.remove("search", SEARCH)
    assert ask(path, "SELECT count(*) FROM watched_studies") == [(0,)]
    assert store.nct_ids() == [NCT]


def test_an_absence_is_told_once_and_ends_when_the_study_is_back(store: Store) -> None:
    gone = Absence(NCT, "gone", "2026-05-01", f"NCT number {NCT} not found")
    assert [store.absences.note(gone), store.absences.note(gone)] == [True, False]
    assert list(store.absences.now()) == [NCT]
    assert store.absences.end({NCT, "NCT09900002"}, "2026-05-04") == [NCT]
    assert store.absences.end({NCT}, "2026-05-05") == []
    assert store.absences.now() == {}
    assert [(one["kind"], one["since"], one["until"]) for one in store.absences.of(NCT)] == [
        ("gone", "2026-05-01", "2026-05-04")
    ]


def test_a_study_that_is_gone_may_turn_out_to_be_another(store: Store) -> None:
    store.absences.note(Absence(NCT, "gone", "2026-05-01", "not found"))
    assert store.absences.note(Absence(NCT, "alias", "2026-05-02", "301", "NCT09900002"))
    assert store.absences.now()[NCT]["shown_as"] == "NCT09900002"
    assert [one["until"] for one in store.absences.of(NCT)] == ["2026-05-02", None]


def test_an_address_and_what_it_gave_are_stored_together(store: Store, path: Path) -> None:
    url = "https://clinicaltrials.gov/api/int/studies/NCT09900001/history/0"
    assert store.add_fetched(url, NCT, [capture(record("2026-02-02"))], "stored") == [Outcome.NEW]
    assert store.fetched(NCT) == {url}
    broken = capture(record("2026-02-03"), nct_id=None)
    with pytest.raises(Exception, match="nct_id"):
        store.add_fetched(f"{url}1", NCT, [broken], "stored")
    assert store.fetched(NCT) == {url}
    assert ask(path, "SELECT count(*) FROM captures") == [(1,)]


def test_a_run_is_logged_with_what_it_cost_and_what_failed(store: Store) -> None:
    store.begin_run("sync")
    assert (store.open_run() or {})["command"] == "sync"
    store.end_run(
        {"read": 2}, [("a.json", "damaged", "cut off")], Ending(4, "2026-05-01T09:00:00", 12, 3_400, "cut off twice")
    )
    (run,) = store.runs()
    assert run["counts"] == {"read": 2}
    assert [run[name] for name in ("exit_code", "dataset", "requests", "bytes", "note")] == [
        4,
        "2026-05-01T09:00:00",
        12,
        3_400,
        "cut off twice",
    ]
    assert run["failures"] == [{"source": "a.json", "code": "damaged", "message": "cut off"}]
    assert store.open_run() is None


def test_of_many_studies_the_latest_versions_are_given_at_once(store: Store) -> None:
    names = [f"NCT{number:08d}" for number in range(1, 1_200)]
    with store.batch():
        for name in names:
            store.add(capture(record("2026-02-02", nct_id=name), nct_id=name))
    found = list(store.latest([*names, "NCT99999999"]))
    assert [name for name, _seen, _study in found] == names
    assert found[0][1] == "2026-02-02"
    assert found[0][2]["protocolSection"]["identificationModule"]["nctId"] == names[0]


def told(store: Store) -> list[tuple[list[str], list[tuple[str, str]], list[str]]]:
    news = store.news.untold()
    return [
        (
            [one["nct_id"] for one in news.studies],
            [(one["nct_id"], one["path"].rpartition(".")[2]) for one in news.changes],
            [one["nct_id"] for one in news.absences],
        )
    ]


def sync(store: Store, *days: str, nct_id: str = NCT, **more: str) -> None:
    store.begin_run("sync")
    for day in days:
        store.add(capture(record(day, nct_id=nct_id, **more), nct_id=nct_id))
    store.end_run({}, [])


def test_news_are_new_studies_and_changes_of_those_that_were_held(store: Store) -> None:
    sync(store, "2026-02-02")
    assert told(store) == [([NCT], [], [])]
    store.news.tell(store.news.untold())
    assert not store.news.untold()
    sync(store, "2026-02-03")
    assert not store.news.untold()
    sync(store, "2026-02-04", status="UNKNOWN")
    assert told(store) == [([], [(NCT, "overallStatus")], [])]


def test_news_that_were_not_told_stay_news_whatever_run_comes_after(store: Store) -> None:
    sync(store, "2026-02-02")
    store.news.tell(store.news.untold())
    sync(store, "2026-02-03", status="COMPLETED")
    sync(store, "2026-02-04", status="COMPLETED")
    assert told(store) == [([], [(NCT, "overallStatus")], [])]


def test_what_was_ingested_by_hand_is_no_news(store: Store) -> None:
    store.add(capture(record("2026-02-02")))
    store.begin_run("ingest")
    store.add(capture(record("2026-02-03", status="COMPLETED")))
    store.end_run({}, [])
    sync(store, "2026-02-04", status="COMPLETED")
    assert not store.news.untold()


def test_studies_that_go_and_come_back_are_news(store: Store) -> None:
    sync(store, "2026-02-02")
    store.begin_run("sync")
    store.absences.note(Absence(NCT, "gone", "2026-02-03", "not found"))
    store.end_run({}, [])
    assert told(store) == [([NCT], [], [NCT])]
    store.news.tell(store.news.untold())
    store.begin_run("sync")
    store.absences.end([NCT], "2026-02-04")
    store.end_run({}, [])
    assert told(store) == [([], [], [NCT])]
