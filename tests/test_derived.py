"""Child tables and full-text index: built in bulk or kept up, they show the current versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from stores import FIXTURES, NCT, demo, noon, record, write

from ctgov_ingest.errors import NotHeld, StoreError, WrongSetting
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Store
from ctgov_ingest.store.child_tables import fill_apart, name_of
from ctgov_ingest.store.full_text import within, words
from ctgov_ingest.tables import TABLES

SETS = ("tables", "text")
API = [path for path in sorted((FIXTURES / "api-v2").iterdir()) if not path.name.endswith(".expected.json")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of the fixtures, with nothing built."""
    with Store(tmp_path / "ctgov.db", clock=noon) as opened:
        ingest(API, opened)
        yield opened


def add(store: Store, tmp_path: Path, *records: dict[str, Any]) -> None:
    assert ingest([write(tmp_path, "more.jsonl", *records)], store).failures == []


def ask(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(store.path)) as connection:
        return connection.execute(sql).fetchall()


def rows(store: Store) -> dict[str, list[str]]:
    """The rows of all child tables, in no order."""
    return {table.name: sorted(map(repr, ask(store, f"SELECT * FROM {name_of(table)}"))) for table in TABLES}


def schema(store: Store) -> list[tuple[Any, ...]]:
    return sorted(ask(store, "SELECT type, name, tbl_name FROM sqlite_master"))


def found(store: Store, *terms: str) -> list[str]:
    return [hit.nct_id for hit in store.search(words(terms), 20)]


def conditions(*names: str) -> dict[str, Any]:
    return {"conditionsModule": {"conditions": list(names)}}


# --- built ------------------------------------------------------------------------------------------------------------


def test_a_store_has_none_of_them_until_they_are_built(store: Store) -> None:
    assert {table.name for table in TABLES} & {name for _, name, _ in schema(store)} == {"studies"}
    assert [state.is_built for state in store.derived.states()] == [False, False]
    with pytest.raises(NotHeld, match="tables build"):
        store.derived.counts("tables")
    with pytest.raises(NotHeld, match="tables build"):
        store.search("sleep", 5)


def test_built_they_show_every_study(store: Store) -> None:
    store.derived.build(SETS, keep=False)
    assert [nct_id for (nct_id,) in ask(store, "SELECT nct_id FROM study_details ORDER BY 1")] == store.nct_ids()
    assert store.derived.counts("tables")["study_details"] == len(store.nct_ids())
    assert ask(store, "SELECT count(*) FROM full_text") == [(len(store.nct_ids()),)]


def test_lists_of_texts_are_json_and_yes_and_no_are_numbers(store: Store, tmp_path: Path) -> None:
    add(store, tmp_path, record(designModule={"phases": ["PHASE1", "PHASE2"], "patientRegistry": True}))
    store.derived.build(("tables",), keep=False)
    sql = f"SELECT phases, patient_registry FROM study_details WHERE nct_id = '{NCT}'"
    assert ask(store, sql) == [('["PHASE1","PHASE2"]', 1)]


def test_a_store_of_many_studies_is_built_page_by_page(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctgov_ingest.store.derived.PAGE", 2)
    steps: list[int] = []
    store.derived.build(SETS, keep=False, advance=steps.append)
    assert sum(steps) == len(store.nct_ids())
    assert set(steps) <= {1, 2}
    in_pages = rows(store)
    monkeypatch.undo()
    store.derived.build(SETS, keep=False)
    assert rows(store) == in_pages


def test_other_processes_make_the_same_tables(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.derived.build(SETS, keep=False)
    here = rows(store)
    monkeypatch.setattr("ctgov_ingest.store.child_tables.PORTION", 3)
    steps: list[int] = []
    store.derived.build(SETS, keep=False, jobs=2, advance=steps.append)
    assert rows(store) == here
    assert sum(steps) == 2 * len(store.nct_ids())
    assert [path.name for path in store.path.parent.iterdir() if path.name.startswith(".")] == []


def test_what_a_killed_build_left_is_swept_up_by_the_next(store: Store) -> None:
    folder = store.path.with_name(f".{store.path.name}-tables")
    folder.mkdir()
    (folder / "NCT00000001.db").write_bytes(b"half of it")
    store.derived.build(SETS, keep=False, jobs=2)
    assert not folder.exists()
    assert all(state.is_built for state in store.derived.states())


def test_a_part_that_cannot_be_written_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"gone/NCT99999999\.db cannot be written: .*unable to open"):
        fill_apart(store.path, tmp_path / "gone", ("", "NCT99999999"))


def test_one_builds_at_a_time(store: Store) -> None:
    store.derived.build(("text",), keep=False)
    before = schema(store)
    folder = store.path.with_name(f".{store.path.name}-tables")
    folder.mkdir()
    with FileLock(folder / "lock"), pytest.raises(StoreError, match="another process is building its tables"):
        store.derived.build(SETS, keep=False)
    assert schema(store) == before


def test_a_part_is_made_page_by_page_of_the_studies_after_one_up_to_another(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others, _ = store.nct_ids()
    monkeypatch.setattr("ctgov_ingest.store.child_tables.AT_ONCE", 2)
    path, count = fill_apart(store.path, tmp_path, (first, others[-1]))
    with closing(sqlite3.connect(path)) as part:
        assert [nct_id for (nct_id,) in part.execute("SELECT nct_id FROM study_details")] == others
    assert count == len(others) > 2


def test_dropped_they_leave_nothing_but_the_note_that_there_are_none(store: Store) -> None:
    before = schema(store)
    store.derived.build(SETS, keep=True)
    store.derived.drop(SETS)
    left = [row for row in schema(store) if row not in before]
    assert {name for _, _, name in left} == {"derived"}
    assert ask(store, "SELECT * FROM derived") == []


def test_a_build_that_was_stopped_is_not_taken_for_built(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctgov_ingest.store.derived.PAGE", 2)

    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.derived.build(SETS, keep=True, advance=stop)
    assert [state.is_built for state in store.derived.states()] == [False, False]
    store.derived.build(SETS, keep=True)
    assert store.derived.counts("tables")["study_details"] == len(store.nct_ids())


def test_tables_of_another_definition_want_to_be_built_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.derived.build(("tables",), keep=True)
    monkeypatch.setattr("ctgov_ingest.store.child_tables.ChildTables.definition", "another")
    assert not store.derived.states()[0].is_current
    with pytest.raises(NotHeld, match="older program"):
        store.derived.counts("tables")


# --- kept up, or brought up to date -----------------------------------------------------------------------------------


def test_without_the_setting_what_changes_is_noted_and_taken_in_when_asked(store: Store, tmp_path: Path) -> None:
    add(store, tmp_path, record(**conditions("asthma")))
    store.derived.build(SETS, keep=False)
    add(store, tmp_path, record("2026-02-03", updated="2026-02-02", **conditions("cough", "cold")))
    assert [state.behind for state in store.derived.states()] == [1, 1]
    sql = f"SELECT name FROM conditions WHERE nct_id = '{NCT}' ORDER BY ordinal"
    assert ask(store, sql) == [("asthma",)]
    assert store.derived.refresh() == 2
    assert ask(store, sql) == [("cough",), ("cold",)]
    assert (found(store, "asthma"), found(store, "cough")) == ([], [NCT])
    assert [state.behind for state in store.derived.states()] == [0, 0]


def test_a_record_that_is_only_seen_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    add(store, tmp_path, record(**conditions("asthma")))
    store.derived.build(SETS, keep=False)
    add(store, tmp_path, record("2026-02-03", **conditions("asthma")))
    assert [state.behind for state in store.derived.states()] == [0, 0]


def test_with_the_setting_they_are_what_a_build_would_make(tmp_path: Path) -> None:
    """Every change of the fixtures, studies that come in old versions after new ones too."""
    with Store(tmp_path / "kept.db", clock=noon) as kept, Store(tmp_path / "built.db", clock=noon) as built:
        kept.derived.build(SETS, keep=True)
        for path in [*reversed(demo()), *API]:
            ingest([path], kept)
        ingest([*demo(), *API], built)
        built.derived.build(SETS, keep=False)
        assert rows(kept) == rows(built)
        assert [state.behind for state in kept.derived.states()] == [0, 0]
        for word in ("recruit*", "study", "sleep", "pain", "placebo"):
            assert found(kept, word) == found(built, word)


def test_a_change_by_another_connection_is_taken_in_with_the_next(store: Store, tmp_path: Path) -> None:
    store.derived.build(SETS, keep=False)
    with Store(store.path, clock=noon) as other:
        add(other, tmp_path, record(**conditions("asthma")))
        assert [state.behind for state in store.derived.states()] == [1, 1]
        store.derived.keep(True)
        add(other, tmp_path, record("2026-02-03", updated="2026-02-02", **conditions("cough")))
    assert found(store, "cough") == [NCT]
    assert ask(store, f"SELECT name FROM conditions WHERE nct_id = '{NCT}'") == [("cough",)]


def test_a_version_that_fails_to_be_stored_leaves_them_as_they_were(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, tmp_path, record(**conditions("asthma")))
    store.derived.build(SETS, keep=True)
    before = rows(store)
    path = write(tmp_path, "next.json", record("2026-02-03", updated="2026-02-02", **conditions("cough")))

    def fail(*_: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr("ctgov_ingest.store.full_text.FullText.replace", fail)
    assert len(ingest([path], store).failures) == 1
    assert rows(store) == before
    assert [one["version"] for one in store.versions(NCT)] == [1]


# --- searched ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "ctgov.db", clock=noon) as opened:
        add(
            opened,
            tmp_path,
            record(nct_id="NCT09900001", title="Tumors of the liver", **conditions("Hepatic neoplasm")),
            record(nct_id="NCT09900002", title="Sleep", eligibilityModule={"eligibilityCriteria": "no tumor, please"}),
            record(nct_id="NCT09900003", title="Café and sleep", **conditions("insomnia")),
        )
        opened.derived.build(("text",), keep=True)
        yield opened


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (["tumor"], ["NCT09900001", "NCT09900002"]),  # the title counts more than criteria
        (["TUMORS"], ["NCT09900001", "NCT09900002"]),
        (["tumor", "liver"], ["NCT09900001"]),
        (["cafe"], ["NCT09900003"]),
        (["hepat*"], ["NCT09900001"]),
        (["hepa"], []),
        (["of the liver"], ["NCT09900001"]),
        (["liver of the"], []),
        (["NOT"], []),
        (['"'], []),
        (["*"], []),
        (["liver)"], ["NCT09900001"]),
        (["titles:liver"], []),
        (["'; DROP TABLE studies; --"], []),
        (["\x00tumor"], ["NCT09900001", "NCT09900002"]),
    ],
)
def test_words_find_studies_whatever_signs_are_in_them(indexed: Store, terms: list[str], expected: list[str]) -> None:
    assert found(indexed, *terms) == expected


def test_words_can_be_looked_for_in_some_texts_alone(indexed: Store) -> None:
    assert [hit.nct_id for hit in indexed.search(within(words(["tumor"]), ["criteria"]), 5)] == ["NCT09900002"]


def test_a_hit_shows_the_words_around(indexed: Store) -> None:
    (hit,) = indexed.search(words(["tumor", "please"]), 5)
    assert (hit.nct_id, hit.brief_title, hit.overall_status) == ("NCT09900002", "Sleep", "RECRUITING")
    assert (hit.column, hit.excerpt) == ("criteria", "no \x02tumor\x03, \x02please\x03")
    assert hit.score > 0


@pytest.mark.parametrize("query", ["tumor AND", "(", '"open', "nowhere : tumor", "a NEAR(", ""])
def test_a_query_that_cannot_be_understood_is_told_in_words(indexed: Store, query: str) -> None:
    with pytest.raises(WrongSetting, match="cannot be understood"):
        indexed.search(query, 5)


def test_no_more_are_given_than_asked_for(indexed: Store) -> None:
    assert len(indexed.search(words(["sleep"]), 1)) == 1
