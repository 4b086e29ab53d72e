"""The file that users open with other programs: its tables, views and marks."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from stores import FIXTURES, ask, demo, noon

from ctgov_ingest.errors import StoreError
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Store
from ctgov_ingest.store.projection import COLUMNS
from ctgov_ingest.store.schema import APPLICATION_ID, PAGE_SIZE, SCHEMA_VERSION, migrations

NCT_OF_DEMO = "NCT03986528"

TABLES = {"captures", "carried", "version_rows", "study_rows", "changes", "issues", "runs", "failures"}
TABLES |= {
    "lists",
    "listed_versions",
    "watches",
    "watched_studies",
    "absences",
    "fetched",
    "sightings",
    "deliveries",
    "dictionaries",
}
VIEWS = {"version_detail", "change_log", "status_changes", "issue_detail", "run_log", "absent_studies", "untold_runs"}
VIEWS |= {"untold_versions", "studies", "versions", "seen_days"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("schema") / "ctgov.db"
    with Store(made, clock=noon) as store:
        ingest(demo(), store)
    return made


def test_the_file_says_what_it_is(path: Path) -> None:
    marks = [ask(path, f"PRAGMA {name}")[0][0] for name in ("application_id", "user_version", "page_size")]
    assert marks == [APPLICATION_ID, SCHEMA_VERSION, PAGE_SIZE]
    assert path.read_bytes()[68:72] == b"CTGI"
    assert ask(path, "PRAGMA journal_mode") == [("wal",)]
    assert len(migrations._migrations) == SCHEMA_VERSION


def test_every_table_is_strict_and_sound(path: Path) -> None:
    rows = ask(path, "SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main'")
    assert {name for name, kind, strict in rows if kind == "table" and strict} == TABLES
    assert {name for name, kind, _ in rows if kind == "view"} == VIEWS
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA foreign_key_check") == []


def test_the_shell_of_sqlite_opens_it(path: Path) -> None:
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("the program sqlite3 is not here")
    question = "SELECT nct_id, overall_status, version FROM studies"
    told = subprocess.run([shell, path, question], capture_output=True, text=True, check=True)
    assert told.stdout == "NCT03986528|UNKNOWN|4\n"


def test_the_views_spare_the_joins(path: Path) -> None:
    assert ask(path, "SELECT old_status, new_status, by, seen_at FROM status_changes") == [
        ("NOT_YET_RECRUITING", "RECRUITING", "sponsor", "2020-04-20"),
        ("RECRUITING", "UNKNOWN", "registry", "2023-03-02"),
    ]
    details = ask(path, "SELECT version, is_latest, presentation, overall_status FROM version_detail")
    assert details == [
        (1, 0, "study-page", "NOT_YET_RECRUITING"),
        (2, 0, "study-page", "RECRUITING"),
        (3, 0, "api-v2", "RECRUITING"),
        (4, 1, "api-v2", "UNKNOWN"),
    ]
    log = ask(path, "SELECT count(*), count(DISTINCT version), count(brief_title) FROM change_log")
    assert log == [(ask(path, "SELECT count(*) FROM changes")[0][0], 3, log[0][0])]
    for view in VIEWS:
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"SELECT * FROM {view}").fetchall()


def test_the_latest_study_is_read_as_columns_and_as_json(path: Path) -> None:
    for column, where in COLUMNS.items():
        ((value, inside),) = ask(path, f"SELECT {column}, study ->> '$.{where}' FROM studies")
        assert value == inside, column
    assert ask(path, "SELECT value FROM studies, json_each(conditions)") == [("NSCLC",)]


def test_the_schema_tells_its_columns(path: Path) -> None:
    sql = "\n".join(row for (row,) in ask(path, "SELECT sql FROM sqlite_master WHERE type = 'table' AND sql NOT NULL"))
    assert "-- the registry's date of the record" in sql


def test_an_older_program_refuses_a_newer_file_in_words(path: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.db"
    shutil.copy(path, newer)
    with closing(sqlite3.connect(newer)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"newer\.db was made by a newer ctgov-ingest \(schema"):
            Store(newer, read_only=read_only)


@pytest.mark.parametrize("schema", range(1, SCHEMA_VERSION))
def test_a_store_of_an_earlier_schema_keeps_all_that_it_holds(schema: int, path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as db:
        db.executescript((FIXTURES / "stores" / f"schema-{schema}.sql").read_text(encoding="utf-8"))
    before = rows_of(old)
    with Store(old, clock=noon) as store:
        assert [one["version"] for one in store.versions(NCT_OF_DEMO)] == [1, 2, 3, 4]
        assert [change.by for change in store.diff(NCT_OF_DEMO)] == ["registry", "registry"]
        assert ingest(demo(), store).counts() == {"read": 5, "new": 0, "changed": 0, "unchanged": 5, "failed": 0}
    after = rows_of(old)
    assert {name: [row[: len(before[name][0])] for row in after[name]] for name in before} == before
    marks = [ask(old, f"PRAGMA {name}")[0][0] for name in ("application_id", "user_version")]
    assert marks == [APPLICATION_ID, SCHEMA_VERSION]
    assert shape_of(old) == shape_of(path)


def rows_of(store: Path) -> dict[str, list[Any]]:
    """The rows of what a store holds of records, under the names that people know."""
    names = ("captures", "versions", "studies", "changes", "issues", "lists", "listed_versions")
    return {name: rows for name in names if (rows := ask(store, f"SELECT * FROM {name} ORDER BY 1, 2, 3"))}


def shape_of(store: Path) -> dict[str, list[str]]:
    """The columns of every table and view."""
    columns = ask(
        store, "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c ORDER BY t.name, c.cid"
    )
    tables: dict[str, list[str]] = {}
    for table, column in columns:
        tables.setdefault(table, []).append(column)
    return tables
