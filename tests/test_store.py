"""The store: whole captures or none, odd records, other programs, reading again, and which version stood when."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import NCT, Json, ask, everything, noon, record, tell

from ctgov_ingest.compare import Carried
from ctgov_ingest.errors import Damaged, NotHeld, StoreError
from ctgov_ingest.issue import Issue
from ctgov_ingest.store import Capture, Kept, Outcome, Store

STATUS = "protocolSection.statusModule.overallStatus"
READERS = {"api-v2": "2"}


def capture(document: Json, *, reader: str = "1", raw: bytes | None = None, **more: Any) -> Capture:
    given: Json = {"nct_id": NCT, "presentation": "api-v2", "source": "file.json", "carried": Carried.ALL, "rank": 2}
    given |= {"raw_is_document": raw is None} | more
    given["retrieved"] = more["retrieved"] if "retrieved" in more else stamp(document)
    return Capture(reader=reader, raw=raw or json.dumps(document).encode(), document=document, **given)


def stamp(document: Json) -> Any:
    return document.get("derivedSection", {}).get("miscInfoModule", {}).get("versionHolder")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ctgov.db"


def filled(path: Path, *documents: Json) -> Path:
    with Store(path, clock=noon) as store:
        for document in documents:
            store.add(capture(document))
    return path


# --- what a capture is to the store -----------------------------------------------------------------------------------


def test_a_capture_is_new_then_unchanged_then_changed(path: Path) -> None:
    with Store(path, clock=noon) as store:
        first = capture(record("2026-02-02"))
        told = [store.add(one) for one in (first, first, capture(record("2026-02-03")))]
        assert told == [Outcome.NEW, Outcome.UNCHANGED, Outcome.UNCHANGED]
        assert store.add(capture(record("2026-02-04", status="COMPLETED"))) is Outcome.CHANGED
        assert store.add(capture(record("2026-01-01", updated="2024-01-01"))) is Outcome.CHANGED
        assert [one["version"] for one in store.versions(NCT)] == [1, 2, 3]


def test_bytes_that_differ_in_the_stamp_alone_are_kept_once_and_come_back_with_their_own_stamp(path: Path) -> None:
    filled(path, record("2026-02-02"), record("2026-02-03", status="COMPLETED"), record("2026-02-04"))
    assert ask(path, "SELECT id, raw IS NULL, raw_of FROM captures") == [(1, 0, None), (2, 0, None), (3, 1, 1)]
    with Store(path) as store:
        later = store.document({"capture": 3})
    assert later == record("2026-02-04")


def test_days_on_which_the_stamp_alone_moved_make_no_capture_and_are_told(path: Path) -> None:
    filled(path, *(record(f"2026-02-0{day}") for day in (2, 3, 5)))
    assert ask(path, "SELECT id, seen FROM captures") == [(1, "2026-02-02")]
    days = ask(path, "SELECT day, source, run FROM seen_days WHERE nct_id = ? ORDER BY day", NCT)
    assert days == [(f"2026-02-0{day}", "file.json", None) for day in (2, 3, 5)]
    with Store(path) as store:
        (version,) = store.versions(NCT)
    assert (version["first_seen"], version["last_seen"], version["captures"]) == ("2026-02-02", "2026-02-05", 3)


def test_issues_are_those_of_the_capture_that_stands_for_the_version(path: Path) -> None:
    issue = Issue("unknown-key", "a key of no model", "a.b", "1", "line 2")
    with Store(path, clock=noon) as store:
        store.add(capture(record("2026-02-03"), issues=[issue]))
        store.add(capture(record("2026-02-02"), issues=[issue]))
        (found,) = store.issues(store.version(NCT))
    assert found == {
        "code": "unknown-key",
        "path": "a.b",
        "raw": "1",
        "place": "line 2",
        "message": "a key of no model",
    }


def test_what_is_not_held_is_said_in_words(path: Path) -> None:
    filled(path, record())
    with Store(path) as store:
        for ask_for in (
            lambda: store.versions("NCT00000000"),
            lambda: store.version(NCT, 7),
            lambda: store.version(NCT, as_of="2001"),
            lambda: store.diff(NCT, 1, 2),
            lambda: store.timeline("NCT00000000"),
        ):
            with pytest.raises(NotHeld, match="holds no"):
                ask_for()


# --- whole or not at all ----------------------------------------------------------------------------------------------


def test_an_error_in_the_middle_of_a_capture_leaves_nothing_of_it(path: Path) -> None:
    filled(path, record())
    before = everything(path)
    bad = capture(record(status="COMPLETED"), issues=[Issue("x", None)])  # type: ignore[arg-type]
    with Store(path) as store:
        with pytest.raises(sqlite3.IntegrityError):
            store.add(bad)
        assert everything(path) == before
        assert store.add(replace(bad, issues=())) is Outcome.CHANGED


def test_a_set_of_paths_that_was_undone_is_stored_with_the_next_capture(path: Path) -> None:
    shown: Json = {"raw": b"page", "carried": Carried.of([STATUS])}
    with Store(path, clock=noon) as store:
        with pytest.raises(sqlite3.IntegrityError):
            store.add(capture(record(), issues=[Issue("x", None)], **shown))  # type: ignore[arg-type]
        store.add(capture(record(), **shown))
    assert ask(path, "SELECT paths FROM captures c JOIN carried ON carried.id = c.carried") == [(f'["{STATUS}"]',)]


_WRITES = """
import json, sys
sys.path.insert(0, sys.argv[2])
from stores import record
from test_store import capture
from ctgov_ingest.store import Store
with Store(sys.argv[1]) as store:
    for number in range(1, 10_000):
        nct_id = f"NCT{number // 3:08d}"
        document = record(title=str(number), updated=f"{2000 + number % 3}-01-01", nct_id=nct_id)
        store.add(capture(document, nct_id=nct_id))
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 40, 100])
def test_a_program_that_is_killed_leaves_whole_captures(after: int, path: Path) -> None:
    command = [sys.executable, "-c", _WRITES, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        last = next(line for line in program.stdout if int(line) == after)
        program.send_signal(signal.SIGKILL)
        told = [int(last), *(int(line) for line in program.stdout if line.endswith("\n"))][-1]
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    ((captures, orphans),) = ask(path, "SELECT count(*), count(*) FILTER (WHERE version IS NULL) FROM captures")
    assert captures in (told, told + 1)
    assert orphans == 0
    assert ask(path, "SELECT sum(n) FROM (SELECT max(version) n FROM versions GROUP BY nct_id)") == [(captures,)]
    with Store(path) as store:
        names = store.nct_ids()
        before = everything(path)
        for name in names:
            store.reparse(name, again("1"))
    assert everything(path) == before


def test_of_a_batch_in_which_one_fails_all_others_are_stored(path: Path, tmp_path: Path) -> None:
    good = [capture(record(nct_id=f"NCT0990000{number}"), nct_id=f"NCT0990000{number}") for number in range(1, 8)]
    bad = capture(record(status="COMPLETED"), issues=[Issue("x", None)])  # type: ignore[arg-type]
    with Store(path, clock=noon) as store, store.batch():
        for number, one in enumerate(good):
            assert store.add(one) is Outcome.NEW
            if number in (2, 3):
                with pytest.raises(sqlite3.IntegrityError):
                    store.add(bad)
    with Store(tmp_path / "expected.db", clock=noon) as store:
        for one in good:
            store.add(one)
    assert everything(path) == everything(tmp_path / "expected.db")


def test_what_a_batch_holds_is_written_before_a_transaction_of_its_own(path: Path) -> None:
    with Store(path, clock=noon) as store, store.batch():
        store.add(capture(record()))
        assert ask(path, "SELECT count(*) FROM studies") == [(0,)]
        store.begin_run("ingest")
        assert ask(path, "SELECT count(*) FROM studies") == [(1,)]
        with pytest.raises(sqlite3.IntegrityError):
            store.add(capture(record(status="COMPLETED"), issues=[Issue("x", None)]))  # type: ignore[arg-type]
    assert ask(path, "SELECT count(*) FROM studies") == [(1,)]
    assert ask(path, "SELECT command FROM runs") == [("ingest",)]


def test_a_full_disk_is_said_in_words_and_leaves_what_was_stored(path: Path) -> None:
    filled(path, record())
    before = everything(path)
    with Store(path) as store:
        pages = ask(path, "PRAGMA page_count")[0][0]
        store._db.execute(f"PRAGMA max_page_count = {pages + 2}")
        text = "".join(chr(33 + number * 7919 % 90_000) for number in range(200_000))
        with pytest.raises(StoreError, match=r"ctgov\.db cannot be used: the disk is full"):
            store.add(capture(record(title=text.encode("utf-8", "ignore").decode(), status="COMPLETED")))
        assert everything(path) == before
        store._db.execute("PRAGMA max_page_count = 1000000")
        assert store.add(capture(record(status="COMPLETED"))) is Outcome.CHANGED


def test_a_second_writer_waits_and_then_says_so(path: Path) -> None:
    filled(path, record())
    with closing(sqlite3.connect(path, isolation_level=None)) as other, Store(path, wait=0.1) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program is writing to it"):
            store.add(capture(record(status="COMPLETED")))
        other.execute("COMMIT")
        assert store.add(capture(record(status="COMPLETED"))) is Outcome.CHANGED


def test_a_store_is_read_while_another_program_writes(path: Path) -> None:
    filled(path, record())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE study_rows SET brief_title = 'half done'")
        with Store(path, read_only=True, wait=0.1) as store:
            assert store.versions(NCT)[0]["overall_status"] == "RECRUITING"
        other.execute("ROLLBACK")


def test_two_programs_may_make_the_store_at_the_same_moment(path: Path) -> None:
    make = "import sys; from ctgov_ingest.store import Store; Store(sys.argv[1]).close()"
    programs = [subprocess.Popen([sys.executable, "-c", make, str(path)]) for _ in range(4)]
    assert [program.wait(60) for program in programs] == [0] * 4
    assert ask(path, "SELECT count(*) FROM studies") == [(0,)]


# --- files that are no store of ours ----------------------------------------------------------------------------------


def folder(path: Path) -> None:
    path.mkdir()


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all " * 100)


def of_another_program(path: Path) -> None:
    tell(path, "CREATE TABLE mine (a)")


def of_another_program_with_an_id(path: Path) -> None:
    tell(path, "PRAGMA application_id = 77")


def of_a_newer_program(path: Path) -> None:
    filled(path, record())
    tell(path, "PRAGMA user_version = 99")


def torn(path: Path) -> None:
    filled(path, record())
    data = path.read_bytes()
    path.write_bytes(data[:16_384] + b"\xff" * (len(data) - 16_384))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (folder, "cannot be opened"),
        (garbage, "no SQLite database"),
        (of_another_program, "another program"),
        (of_another_program_with_an_id, "another program"),
        (of_a_newer_program, "newer ctgov-ingest"),
        (torn, "damaged"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_store_is_refused_in_words_and_left_alone(
    make: Callable[[Path], None], words: str, read_only: bool, path: Path
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=words) as refused, Store(path, read_only=read_only) as store:
        store.nct_ids()
        store.version(NCT)
    assert "ctgov.db" in str(refused.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_folder_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is its folder there"):
        Store(tmp_path / "none" / "ctgov.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", [{"create": False}, {"read_only": True}])
def test_reading_makes_no_store(how: dict[str, bool], path: Path) -> None:
    with pytest.raises(StoreError, match="no store at"):
        Store(path, **how)  # type: ignore[arg-type]
    path.touch()
    if "read_only" in how:
        with pytest.raises(StoreError, match="the file is empty"):
            Store(path, read_only=True)
        assert path.read_bytes() == b""


def test_a_store_opened_to_be_read_cannot_be_written_and_leaves_no_file_behind(path: Path) -> None:
    filled(path, record())
    before = path.read_bytes()
    with Store(path, read_only=True) as store:
        assert store.nct_ids() == [NCT]
        with pytest.raises(StoreError, match="may not be written"):
            store.add(capture(record(status="COMPLETED")))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_in_a_folder_that_may_not_be_written_is_read_all_the_same(path: Path) -> None:
    filled(path, record())
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with Store(path, read_only=True) as store:
            assert store.nct_ids() == [NCT]
        with pytest.raises(StoreError, match="may not be written"):
            Store(path).add(capture(record(status="COMPLETED")))
    finally:
        path.parent.chmod(0o755)


# --- odd records ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "shown"),
    [("half a pair \ud83e", "half a pair \ufffd"), ("a nul \x00 inside", "a nul \ufffd inside"), ("😀", "😀")],
)
def test_text_that_sqlite_cannot_hold_is_marked_in_columns_and_whole_in_the_document(
    title: str, shown: str, path: Path
) -> None:
    one = record(title=title, conditionsModule={"conditions": [title]})
    outcome = {"measure": title, "timeFrame": "1 day"}
    two = record(title=f"{title}!", status=title, updated=title, outcomesModule={"primaryOutcomes": [outcome]})
    with Store(path, clock=noon) as store:
        for document in (one, two):
            store.add(capture(document, source=title, issues=[Issue(title, title, title, title, title)]))
        assert [store.document(version) for version in store.versions(NCT)] in ([one, two], [two, one])
        assert any(change["new"] == f"{title}!" or change["old"] == f"{title}!" for change in store.changes())
    assert shown in {title.rstrip("!") for (title,) in ask(path, "SELECT brief_title FROM studies")}
    assert {row for row, *_ in ask(path, "SELECT message FROM issues")} == {shown}


def test_numbers_over_64_bits_stay_out_of_columns_and_whole_in_the_document(path: Path) -> None:
    huge = record(designModule={"enrollmentInfo": {"count": 2**70}})
    with Store(path, clock=noon) as store:
        store.add(capture(huge))
        assert store.document(store.version(NCT)) == huge
    assert ask(path, "SELECT enrollment FROM studies") == [(None,)]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("2026-01-01") | st.just("UNKNOWN"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=6,
)
places = st.sampled_from(
    [
        "protocolSection",
        "protocolSection.statusModule",
        "protocolSection.statusModule.overallStatus",
        "protocolSection.statusModule.lastUpdatePostDateStruct",
        "protocolSection.statusModule.statusVerifiedDate",
        "protocolSection.identificationModule.briefTitle",
        "protocolSection.conditionsModule.conditions",
        "protocolSection.designModule.enrollmentInfo",
        "protocolSection.outcomesModule.primaryOutcomes",
        "protocolSection.contactsLocationsModule.locations",
        "protocolSection.referencesModule.references",
        "derivedSection.miscInfoModule",
        "hasResults",
    ]
)


def put(document: Json, place: str, value: Any) -> Json:
    head, _, rest = place.partition(".")
    return {**document, head: put(document.get(head, {}), rest, value) if rest else value}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(places, anything), min_size=1, max_size=4))
def test_a_record_may_hold_anything_anywhere(oddities: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "s.db"), clock=noon) as store:
        for number, (place, value) in enumerate(oddities):
            document = put(record(), place, value)
            store.add(capture(document, retrieved=f"2026-02-{number + 1:02d}", raw=f"{number}".encode()))
        versions = store.versions(NCT)
        assert [one["version"] for one in versions] == list(range(1, len(versions) + 1))
        assert all(store.document(one) for one in versions)
        store.timeline(NCT)
        store.version(NCT, as_of="2026")
        list(store.changes())


# --- reading again ----------------------------------------------------------------------------------------------------


def again(reader: str, change: Callable[[Json], Json] = lambda document: document) -> Callable[[Kept], Capture]:
    """Another version of a reader."""

    def read(kept: Kept) -> Capture:
        document = change(json.loads(kept.raw))
        return capture(document, reader=reader, nct_id=kept.nct_id, raw=kept.raw, raw_is_document=True)

    return read


def life() -> list[Json]:
    return [
        record("2026-02-02"),
        record("2026-02-03"),
        record("2026-02-04", status="COMPLETED", updated="2026-02-04"),
        record("2026-02-05"),
    ]


def test_the_same_reader_gives_the_same_rows(path: Path) -> None:
    filled(path, *life())
    before = everything(path)
    with Store(path, clock=noon) as store:
        assert store.stale({"api-v2": "1"}) == []
        assert store.reparse(NCT, again("1")) == store.reparse(NCT, again("1"))
    assert everything(path) == before


def test_a_better_reading_makes_no_change_by_itself(path: Path) -> None:
    filled(path, *life()[:2])

    def better(kept: Kept) -> Capture:
        document = json.loads(kept.raw)
        document["protocolSection"]["statusModule"]["whyStopped"] = "a row that the older reader did not know"
        return capture(document, reader="2", raw=kept.raw, raw_is_document=False)

    with Store(path, clock=noon) as store:
        assert store.stale(READERS) == [NCT]
        assert not store.reparse(NCT, better).changed
        assert store.stale(READERS) == []
        assert list(store.changes()) == []
    assert ask(path, "SELECT why_stopped FROM studies") == [("a row that the older reader did not know",)]
    assert ask(path, "SELECT day, reader FROM seen_days d JOIN captures c ON c.id = d.capture") == [
        ("2026-02-02", "2"),
        ("2026-02-03", "2"),
    ]


def test_what_is_no_longer_read_keeps_its_reading_and_is_reported_and_noted(path: Path) -> None:
    filled(path, *life())
    before = everything(path)

    def picky(kept: Kept) -> Capture:
        if b"COMPLETED" in kept.raw:
            raise Damaged("expected another form")
        return again("2")(kept)

    with Store(path, clock=noon) as store:
        ((kept, error),) = store.reparse(NCT, picky, READERS).refused
        assert (kept.source, str(error)) == ("file.json", "expected another form")
        assert store.stale(READERS) == []
        assert store.stale({"api-v2": "3"}) == [NCT]
        store.reparse(NCT, picky, READERS)
        assert [one["overall_status"] for one in store.versions(NCT)] == ["RECRUITING", "COMPLETED"]
        (note,) = store.issues(store.version(NCT))
        assert (note["code"], note["message"]) == (
            "no-longer-read",
            "kept as it was read before: expected another form",
        )
        store.reparse(NCT, again("1"))
    assert everything(path) == before


# --- which version stood when -----------------------------------------------------------------------------------------


@pytest.fixture
def stood(path: Path) -> Store:
    """Recruiting from June 2024, suspended from the 15th of February 2025, Unknown by the registry in March 2026."""
    filled(
        path,
        record("2026-02-01", updated="2024-06-01"),
        record("2026-02-02", updated="2025-02-15", status="SUSPENDED"),
        record("2026-03-10", updated="2025-02-15", status="UNKNOWN"),
    )
    return Store(path)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2024-06-01", "RECRUITING"),
        ("2024", "RECRUITING"),
        ("2025-02-14", "RECRUITING"),
        ("2025-02", "SUSPENDED"),
        ("2025", "SUSPENDED"),
        ("2026-03-09", "SUSPENDED"),
        ("2026-02", "SUSPENDED"),
        ("2026-03-10", "UNKNOWN"),
        ("2026-03", "UNKNOWN"),
        ("2026", "UNKNOWN"),
    ],
)
def test_the_version_of_a_day_stood_on_it_and_of_a_month_or_year_at_its_end(
    day: str, status: str, stood: Store
) -> None:
    with stood:
        assert stood.version(NCT, as_of=day)["overall_status"] == status


def test_before_the_first_version_none_stood(stood: Store) -> None:
    with stood, pytest.raises(NotHeld, match="2024-05 or before"):
        stood.version(NCT, as_of="2024-05")


def test_a_turn_to_unknown_begins_on_the_day_on_which_it_was_seen(stood: Store) -> None:
    with stood:
        assert [(spell.status, spell.since, spell.until, spell.by) for spell in stood.timeline(NCT)] == [
            ("RECRUITING", "2024-06-01", "2025-02-15", "sponsor"),
            ("SUSPENDED", "2025-02-15", "2026-03-10", "sponsor"),
            ("UNKNOWN", "2026-03-10", None, "registry"),
        ]


def test_a_study_that_is_first_seen_as_unknown_was_made_so_by_the_registry(path: Path) -> None:
    filled(path, record("2026-02-02", status="UNKNOWN"))
    with Store(path) as store:
        (spell,) = store.timeline(NCT)
    assert (spell.since, spell.by) == ("2026-02-02", "registry")


def test_the_difference_of_two_versions_is_what_the_log_says(stood: Store) -> None:
    with stood:
        logged = [(one["path"], one["op"]) for one in stood.changes() if one["version"] == 3]
        assert [(one.path, one.op) for one in stood.diff(NCT)] == logged == [(STATUS, "changed")]
        back = stood.diff(NCT, 3, 2)
        assert [(one.old, one.new) for one in back] == [("UNKNOWN", "SUSPENDED")]


def test_the_log_is_asked_by_day_kind_and_study(stood: Store) -> None:
    with stood:
        assert {one["version"] for one in stood.changes(since="2026-03")} == {3}
        assert {one["kind"] for one in stood.changes(kind="status")} == {"status"}
        assert list(stood.changes(nct_id="NCT00000000")) == []


def test_runs_are_noted_with_their_counts_and_failures(path: Path) -> None:
    with Store(path, clock=noon) as store:
        store.begin_run("ingest")
        store.add(capture(record()))
        store.end_run({"read": 1}, [("a.json", "damaged", "cut off")])
        store.begin_run("ingest")
    runs = ask(path, "SELECT command, started, ended, counts, exit_code FROM runs")
    assert runs == [("ingest", "2026-05-01T12:00:00+00:00", "2026-05-01T12:00:00+00:00", '{"read":1}', 1), runs[1]]
    assert runs[1][2] is None
    assert ask(path, "SELECT run, source, code, message FROM failures") == [(1, "a.json", "damaged", "cut off")]
    assert ask(path, "SELECT run FROM captures") == [(1,)]


def test_reading_a_study_again_is_quick_in_a_store_of_many(path: Path) -> None:
    """No statement of it may look at the captures of other studies."""
    with Store(path, clock=noon) as store:
        for number in range(300):
            nct_id = f"NCT{number:08d}"
            store.add(capture(record(nct_id=nct_id), nct_id=nct_id))
        plans: list[str] = []
        store._db._connection.set_trace_callback(plans.append)
        store.reparse("NCT00000007", again("1"))
        store._db._connection.set_trace_callback(None)
        for statement in plans:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                steps = [row["detail"] for row in store._db.all(f"EXPLAIN QUERY PLAN {statement}")]
                assert not [step for step in steps if step.startswith(("SCAN captures", "SCAN c "))], statement


def test_time_is_the_clocks(path: Path) -> None:
    with Store(path, clock=noon) as store:
        store.add(capture(record(None)))
    assert ask(path, "SELECT taken_at, seen FROM captures") == [("2026-05-01T12:00:00+00:00", "2026-05-01")]
