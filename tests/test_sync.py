"""A run of sync: what it gets, what it believes, when it concludes, and what it leaves when it cannot."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import orjson
import pytest
from followers import EVERYTHING, Follower, absent, held, start
from hypothesis import given
from hypothesis import strategies as st
from registry import UNRESOLVABLE, Fault, Pace, Registry, World, refusing
from registry.faults import Exchange
from registry.messages import Answer
from registry.openapi import assert_valid_log, needs_description
from stores import Json, ask

from ctgov_ingest.errors import Incomplete, Rejected, Suspicious, Unexpected, Unreachable, WrongSetting
from ctgov_ingest.fetch import Client, Settings
from ctgov_ingest.store import Store
from ctgov_ingest.store.watches import WatchKind
from ctgov_ingest.sync import Busy, backfill, fetch, sync
from ctgov_ingest.sync.plan import Days, plan, suspicion

STUDIES = 120


@pytest.fixture(scope="module")
def world() -> World:
    return World.generated(studies=STUDIES, days=8, seed=3)


@pytest.fixture
def registry(world: World) -> Iterator[Registry]:
    with Registry(world) as running:
        yield running


@pytest.fixture
def me(registry: Registry, tmp_path: Path) -> Follower:
    return Follower(registry, tmp_path / "ctgov.db")


def marks(path: Path) -> list[str | None]:
    return [row[0] for row in ask(path, "SELECT dataset FROM watches ORDER BY id")]


# --- the plan -----


def light(status: str = "RECRUITING", updated: str = "2026-05-01", **more: str) -> Json:
    dates = {"lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"}}
    return {"protocolSection": {"statusModule": {"overallStatus": status, **dates, **more}}, "hasResults": False}


DAYS = Days.of("2026-06-01T09:00:00", "2026-05-29T09:00:00")


@pytest.mark.parametrize(
    ("held", "seen", "shown", "wanted"),
    [
        (None, "", light(), "new"),
        (light(), "2026-05-29", light(), None),
        (light(), "2026-05-29", light("UNKNOWN", lastKnownStatus="RECRUITING"), "moved"),
        (light(), "2026-05-29", light(updated="2026-05-31"), "moved"),
        (light(), "2026-05-29", light() | {"hasResults": True}, "moved"),
        (light(updated="2026-05-27"), "2026-05-29", light(updated="2026-05-27"), "again"),
        (light(updated="2026-05-25"), "2026-05-29", light(updated="2026-05-25"), None),
        (light(), "2026-05-02", light(), "again"),
        (light(), "2026-05-03", light(), None),
    ],
    ids=[
        "not held",
        "as held",
        "turned unknown",
        "updated",
        "results",
        "just updated",
        "quiet",
        "not got for long",
        "got",
    ],
)
def test_what_is_wanted_of_a_study(held: Json | None, seen: str, shown: Json, wanted: str | None) -> None:
    made = plan({"a": shown}, [] if held is None else [("a", seen, held)], DAYS)
    assert {name for name in ("new", "moved", "again") if getattr(made, name)} == ({wanted} if wanted else set())


def test_a_study_that_the_sweep_shows_as_held_is_not_wanted_whatever_else_the_held_one_has() -> None:
    whole = light()
    whole["protocolSection"]["designModule"] = {"studyType": "INTERVENTIONAL"}
    assert not plan({"a": light()}, [("a", "2026-05-29", whole)], DAYS).wanted


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 100_000))
def test_a_few_studies_never_make_a_run_suspicious_and_all_always_do(gone: int, moved: int, followed: int) -> None:
    assert (suspicion(gone, moved, followed) is None) == (
        gone <= max(5, 0.02 * followed) and moved <= max(50, 0.5 * followed)
    )


# --- what is followed -----


def test_a_study_that_leaves_a_search_is_followed_on(me: Follower, registry: Registry, world: World) -> None:
    with me.store() as store:
        store.watches.remove("search", "{}")
        store.watches.add("search", '{"statuses":["RECRUITING"]}')
    me.run()
    first = held(me.path)
    assert {versions[0][1] for versions in first.values()} == {"RECRUITING"}
    registry.advance(7)
    me.run()
    now = {name: versions[-1][1] for name, versions in held(me.path).items() if name in first}
    shown = world.days[7].studies
    assert now == {name: shown[name].status if name in shown else "RECRUITING" for name in first}
    assert set(now.values()) > {"RECRUITING"}


def test_only_what_is_followed_is_got(registry: Registry, tmp_path: Path) -> None:
    me = Follower(registry, tmp_path / "ctgov.db", ("study", "NCT09910005"))
    assert me.run().counts()["new"] == 1
    assert list(held(me.path)) == ["NCT09910005"]
    assert len(registry.log) == 4  # the stamp, the sweep, the study, the stamp


def test_many_studies_by_id_are_asked_for_in_addresses_that_servers_take(registry: Registry, me: Follower) -> None:
    with me.store() as store:
        store.watches.remove("search", "{}")
        names = {f"NCT{9910000 + number:08d}" for number in range(1000)}
        for name in sorted(names):
            store.watches.add("study", name)
    assert me.run().counts()["gone"] == len(names - registry.day.studies.keys())
    assert max(len(f"{entry.path}?{entry.params}") for entry in registry.log) < 8_000


def test_nothing_followed_is_wrong_usage(registry: Registry, tmp_path: Path) -> None:
    with Store(tmp_path / "ctgov.db") as store, Client(Settings(base_url=registry.url)) as client:
        with pytest.raises(WrongSetting, match="nothing is followed yet"):
            sync(store, client)
        assert store.runs() == []


def test_a_search_that_the_registry_cannot_do_keeps_nothing_from_the_others(me: Follower, registry: Registry) -> None:
    with me.store() as store:
        store.watches.add("search", '{"advanced":"AREA[Nowhere]x"}')
    with pytest.raises(Rejected, match=r"the search for advanced AREA\[Nowhere\]x: .*Unknown area name"):
        me.run()
    assert marks(me.path) == [registry.day.timestamp, None]
    assert len(held(me.path)) == STUDIES


@needs_description
def test_every_request_is_valid_by_the_registrys_own_description(me: Follower, registry: Registry) -> None:
    with me.store() as store:
        store.watches.add("study", "NCT09910005")
        store.watches.add("study", "NCT09999999")
        store.watches.add(
            "search", '{"cond":"asthma","intr":"x","statuses":["RECRUITING","UNKNOWN"],"term":"AREA[Phase]PHASE3"}'
        )
    for _ in range(3):
        me.run()
        registry.advance()
    assert assert_valid_log(registry.log) > 10
    assert registry.log.remarks == []


# --- what is not shown -----


def test_a_study_is_gone_only_by_the_registrys_own_word(me: Follower, registry: Registry) -> None:
    me.run()
    lost = sorted(registry.day.studies)[:1]
    registry.next_data_set()
    registry.hide(lost)
    registry.faults.add("wrong-404", on=f"/api/v2/studies/{lost[0]}")
    assert [(one.source, one.error.code) for one in me.run().failures] == [(lost[0], "not-an-answer")]
    assert lost[0] not in absent(me.path)[0]
    registry.next_data_set()
    registry.faults.clear()
    report = me.run()
    assert {one.nct_id for one in report.absences if one.kind == "gone"} >= set(lost)
    with me.store() as store:
        assert store.absences.now()[lost[0]]["words"] == f"NCT number {lost[0]} not found"
        assert len(store.versions(lost[0])) >= 1  # nothing that is held is deleted


def test_a_study_that_is_gone_is_asked_for_once(me: Follower, registry: Registry) -> None:
    me.run()
    registry.next_data_set()
    registry.hide(["NCT09910005"])
    me.run()
    registry.next_data_set()
    me.run()
    assert len(registry.log.on("/api/v2/studies/NCT09910005")) == 1


def test_a_study_that_comes_back_is_said_to(me: Follower, registry: Registry) -> None:
    me.run()
    registry.next_data_set()
    registry.hide(["NCT09910005"])
    me.run()
    registry.next_data_set()
    registry.hide([])
    assert "NCT09910005" in me.run().back
    assert "NCT09910005" not in absent(me.path)[0]


def test_when_too_many_studies_vanish_a_run_stops_until_a_person_accepts_it(me: Follower, registry: Registry) -> None:
    me.run()
    before = marks(me.path)
    registry.next_data_set()
    registry.hide(sorted(registry.day.studies.keys() - registry.day.aliases.values())[:20])
    with pytest.raises(Suspicious, match=r"2\d of 120 studies are not shown any more at once.*--accept"):
        me.run()
    assert absent(me.path)[0] == set()
    assert marks(me.path) == before
    report = me.run(accept=True)
    assert sum(one.kind == "gone" for one in report.absences) >= 20


@pytest.mark.parametrize("watch", [EVERYTHING, ("all", "")], ids=["a search", "the bulk file"])
def test_when_too_many_studies_change_a_run_stops_until_a_person_accepts_it(
    watch: tuple[WatchKind, str], tmp_path: Path
) -> None:
    world = World.generated(studies=STUDIES, days=2, seed=8, pace=replace(Pace(), updated=0.8))
    with Registry(world) as registry:
        me = Follower(registry, tmp_path / "ctgov.db", watch)
        me.run()
        before = marks(me.path)
        registry.advance()
        for _ in range(3):  # what the first run stored is no news to the next ones, and counts all the same
            with pytest.raises(Suspicious, match=r"\d+ of 12\d studies have changed at once.*--accept"):
                me.run()
        assert marks(me.path) == before
        assert me.run(accept=True).dataset == registry.day.timestamp


# --- answers that are not whole -----


@pytest.mark.parametrize("fault", ["rows-lost", "json-cut", "gzip-cut", "close-cut", "html-200"])
def test_an_answer_that_is_never_whole_marks_nothing(me: Follower, registry: Registry, fault: str) -> None:
    registry.faults.add(fault, on="/api/v2/studies")
    with pytest.raises((Incomplete, Unexpected)):
        me.run()
    assert marks(me.path) == [None]
    with me.store() as store:
        (run,) = store.runs()
        assert run["exit_code"] == 4
        assert run["dataset"] is None
        assert run["note"]


def test_a_page_that_lost_rows_once_makes_the_run_go_over_it_again(me: Follower, registry: Registry) -> None:
    registry.faults.add("rows-lost", on="/api/v2/studies", nth=1)
    assert me.run().dataset == registry.day.timestamp
    assert len(held(me.path)) == STUDIES


def test_a_data_set_that_is_replaced_meanwhile_is_gone_over_again(me: Follower, registry: Registry) -> None:
    registry.faults.add("next-day", on="/api/v2/studies", nth=2)
    report = me.run()
    assert report.dataset == registry.day.timestamp
    assert {name: versions[-1][1] for name, versions in held(me.path).items() if name in registry.day.studies} == {
        name: content.status for name, content in registry.day.studies.items()
    }


def test_a_registry_that_is_replaced_without_end_is_given_up_and_nothing_marked(
    me: Follower, registry: Registry
) -> None:
    registry.faults.add("next-day", on="/api/v2/studies", nth={1, 3, 5})
    with pytest.raises(Incomplete, match="was replaced while the run went on"):
        me.run()
    assert marks(me.path) == [None]


@pytest.mark.parametrize(
    ("base", "words"),
    [("refused", "the connection was refused|no connection"), (UNRESOLVABLE, "the name of the server is not known")],
)
def test_a_registry_that_cannot_be_reached_is_said_in_words(tmp_path: Path, base: str, words: str) -> None:
    with refusing() as closed, Store(tmp_path / "ctgov.db") as store:
        store.watches.add("search", "{}")
        settings = Settings(base_url=closed if base == "refused" else base, backoff=0.001, tries=2)
        with Client(settings) as client, pytest.raises(Unreachable, match=words):
            sync(store, client)
        assert store.runs()[0]["exit_code"] == 4


# --- one at a time -----


def test_a_second_run_says_who_is_at_work_and_does_nothing(me: Follower, registry: Registry) -> None:
    from ctgov_ingest.sync.lock import alone

    with me.store() as first, alone(first):
        first.begin_run("sync")
        with pytest.raises(Busy, match=r"sync \(since 2026-08-03T12:00:00\+00:00, process \d+\) is at work on it"):
            me.run()
        with Store(me.path, read_only=True) as reader:
            assert reader.nct_ids() == []
    assert len(registry.log) == 0
    assert me.run().dataset == registry.day.timestamp


# --- now, and the past -----


def client_of(me: Follower) -> Client:
    return Client(me.settings)


def test_fetch_gets_studies_that_nobody_follows(me: Follower, registry: Registry) -> None:
    with me.store() as store, client_of(me) as client:
        report = fetch(["NCT09910005", "NCT09999999"], store, client)
    assert report.counts()["new"] == 1
    assert [(one.nct_id, one.kind) for one in report.absences] == [("NCT09999999", "gone")]
    assert list(held(me.path)) == ["NCT09910005"]


def test_fetch_follows_an_alias_to_the_study_that_it_stands_for(me: Follower, registry: Registry, world: World) -> None:
    registry.advance(7)
    alias, name = sorted(world.days[7].aliases.items())[0]
    with me.store() as store, client_of(me) as client:
        report = fetch([alias], store, client)
    assert list(held(me.path)) == [name]
    assert [(one.nct_id, one.kind, one.shown_as) for one in report.absences] == [(alias, "alias", name)]


def with_past(world: World, day: int, versions: int = 3) -> str:
    return next(
        name for name in sorted(world.days[day].studies) if len(world.history(name, world.days[day])) >= versions
    )


def test_backfill_gets_every_version_once(me: Follower, registry: Registry, world: World) -> None:
    name = with_past(world, 0)
    count = len(world.history(name, world.days[0]))
    with me.store() as store, client_of(me) as client:
        report = backfill([name], store, client)
        assert not report.failures
        assert [one["number"] for one in store.listed(name) if one["presentation"] == "api-history"] == list(
            range(count)
        )
        assert len(registry.log.on("*/history/*")) == count
        again = backfill([name], store, client)
    assert again.counts()["new"] == again.counts()["changed"] == 0
    assert len(registry.log.on("*/history/*")) == count


def test_a_backfill_that_was_cut_off_goes_on_where_it_stopped(me: Follower, registry: Registry, world: World) -> None:
    name = with_past(world, 0)
    registry.faults.add("wrong-404", on="*/history/1")
    with me.store() as store, client_of(me) as client:
        with pytest.raises(Unexpected):
            backfill([name], store, client)
        registry.faults.clear()
        backfill([name], store, client)
    asked = [entry.path.rpartition("/")[2] for entry in registry.log.on("*/history/*") if entry.status == 200]
    assert sorted(asked, key=int) == [str(number) for number in range(len(world.history(name, world.days[0])))]


def test_pages_that_the_archive_saved_are_filed_at_their_days(me: Follower, registry: Registry, world: World) -> None:
    name = world.captures[0].nct_id
    with me.store() as store, client_of(me) as client:
        report = backfill([name], store, client, saved=True)
        assert report.counts()["new"] + len(report.refused) >= 1
        before = len(registry.log.on("/web/*"))
        backfill([name], store, client, saved=True)
    assert len(registry.log.on("/web/*")) == before


# --- the whole registry -----


def test_the_whole_registry_comes_as_one_file_which_is_removed(registry: Registry, tmp_path: Path) -> None:
    me = Follower(registry, tmp_path / "ctgov.db", ("all", ""))
    assert me.run().counts()["new"] == len(registry.day.studies)
    assert [path.name for path in tmp_path.iterdir() if "bulk" in path.name] == []
    assert len(registry.log) == 4  # the stamp, the file, the count, the stamp


def test_a_bulk_file_that_lacks_a_study_marks_nothing(registry: Registry, tmp_path: Path) -> None:
    me = Follower(registry, tmp_path / "ctgov.db", ("all", ""))
    registry.faults.add(one_more(), on="/api/v2/studies")
    with pytest.raises(Incomplete, match=r"the bulk file holds \d+ studies, the registry \d+"):
        me.run()
    assert marks(me.path) == [None]


def one_more() -> Fault:
    """A count of one more study than there are."""

    def content(answer: Answer, _exchange: Exchange) -> Answer:
        page = orjson.loads(answer.body)
        return replace(answer, body=orjson.dumps(page | {"totalCount": page["totalCount"] + 1}))

    return Fault("one-more", content=content)


def test_a_bulk_download_goes_on_where_it_was_cut(registry: Registry, tmp_path: Path) -> None:
    me = Follower(registry, tmp_path / "ctgov.db", ("all", ""))
    registry.faults.add("length-cut", on="/api/v2/studies/download", nth=1)
    assert me.run().counts()["new"] == len(registry.day.studies)
    ranges = [entry.headers.get("range") for entry in registry.log.on("/api/v2/studies/download")]
    assert ranges[0] is None
    assert ranges[1] is not None


def test_chosen_fields_are_never_taken_for_a_whole_record(me: Follower, registry: Registry) -> None:
    registry.faults.add("page-repeated", on="/api/v2/studies", nth={2, 4, 6})  # the sweep's rows instead of whole ones
    with pytest.raises(Incomplete, match=r"asked for a whole record, was sent \d+ fields of NCT"):
        me.run()
    assert held(me.path) == {}


# --- asked to end -----


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_asked_to_end_says_so_and_keeps_what_it_got(
    me: Follower, registry: Registry, number: signal.Signals
) -> None:
    arrived = Event()
    registry.faults.add(hold(arrived), on="/api/v2/studies", nth=2)
    run = start(me)
    assert arrived.wait(30)
    run.send_signal(number)
    out, err = run.communicate(timeout=20)
    assert (run.returncode, out, err) == (128 + number, b"", b"ctgov-ingest: interrupted\n")
    with me.store() as store:
        (logged,) = store.runs()
        assert (logged["exit_code"], logged["note"]) == (128 + number, f"asked to end ({number.name})")
    registry.faults.clear()
    assert me.run().dataset == registry.day.timestamp


def hold(arrived: Event) -> Fault:
    """A request that is not answered."""

    def before(registry: Registry) -> None:
        arrived.set()
        registry.stopping.wait(30)

    return Fault("hold", before=before)
