"""The file that users open with other programs: its tables, views and marks."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from stores import ask, demo, noon

from ctgov_ingest.errors import StoreError
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Store
from ctgov_ingest.store.projection import COLUMNS
from ctgov_ingest.store.schema import APPLICATION_ID, PAGE_SIZE, SCHEMA_VERSION, migrations

TABLES = {"captures", "carried", "versions", "studies", "changes", "issues", "runs", "failures"}
TABLES |= {"lists", "listed_versions"}
VIEWS = {"version_detail", "change_log", "status_changes", "issue_detail"}


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
