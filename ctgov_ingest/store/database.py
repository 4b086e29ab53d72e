"""A SQLite file that is a store: opened, checked to be ours and not newer than we are, brought to our schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ctgov_ingest.errors import StoreError
from ctgov_ingest.store.schema import APPLICATION_ID, PAGE_SIZE, SCHEMA_VERSION, migrations

BUSY_SECONDS = 30.0
"""How long to wait for another program that writes."""

Row = sqlite3.Row


class Connection:
    """A store's file with the few ways in which its parts speak to it. Errors that a user can mend are StoreErrors."""

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open the file at `path`, making it where asked. Raises StoreError, in words."""
        if not create and not path.exists():
            raise StoreError(f"no store at {path}: ingest something first, or name another with --db")
        self.path = path
        with told(path):
            self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                self._connection.row_factory = sqlite3.Row
                _check(self._connection, path)
                _prepare(self._connection)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement with its values bound."""
        return self._connection.execute(sql, values)

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        if rows:
            self._connection.executemany(sql, rows)

    def insert(self, table: str, values: dict[str, Any]) -> int:
        """Insert one row; gives its number."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own, values bound
        return int(self._connection.execute(sql, tuple(values.values())).lastrowid or 0)

    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row, or None."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows."""
        with told(self.path):
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it; the lock to write is taken at its start."""
        with told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.execute("COMMIT")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    application = _pragma(connection, "application_id")
    schema = _pragma(connection, "user_version")
    is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application != APPLICATION_ID and not (is_empty and application == 0):
        raise StoreError(f"{path} is a database of another program; name another file with --db")
    if schema > SCHEMA_VERSION:
        raise StoreError(
            f"{path} was made by a newer ctgov-ingest (schema {schema}; this one knows {SCHEMA_VERSION}): "
            "install the newer program to use it"
        )


def _prepare(connection: sqlite3.Connection) -> None:
    if _pragma(connection, "user_version") == 0:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if _pragma(connection, "user_version") < SCHEMA_VERSION:
        migrations.apply(Database(connection))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what a user can mend (no such folder, a full disk, a locked or damaged file) into a StoreError."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InternalError):
        raise
    except sqlite3.DatabaseError as error:
        raise StoreError(f"the store {path} cannot be used: {error}") from error
