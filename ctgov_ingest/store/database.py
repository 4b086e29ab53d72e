"""A SQLite file that is a store: opened, checked to be ours and not newer than we are, brought to our schema."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from ctgov_ingest.errors import StoreError
from ctgov_ingest.store.schema import APPLICATION_ID, PAGE_SIZE, SCHEMA_VERSION, migrations

T = TypeVar("T")

BUSY_SECONDS = 30.0
"""How long to wait for another program that writes."""

BATCH_SIZE = 64
"""Writes that a batch holds at most. Measured: 16 gain half as much, 256 no more."""
CACHE_KIB = 16_384
"""Pages held in memory while writing: a batch then reaches the file once."""
BATCH_SECONDS = 0.5
"""How long a batch may keep other programs from writing."""

Row = sqlite3.Row

sqlite3.register_adapter(type(None), lambda nothing: nothing)
sqlite3.register_adapter(bool, int)
"""Python's SQLite looks for adapters of whatever is no number or text. Where it finds one, that takes half as long."""

_WORDS = {
    "BUSY": "another program is writing to it",
    "LOCKED": "another program is writing to it",
    "FULL": "the disk is full",
    "READONLY": "it may not be written to",
    "CANTOPEN": "it cannot be opened; is its folder there, and may you write to it?",
    "NOTADB": "it is no SQLite database",
    "CORRUPT": "it is damaged",
}
"""SQLite's names of errors (`SQLITE_BUSY`, `SQLITE_BUSY_SNAPSHOT` …) in words."""


class Connection:
    """A store's file with the few ways in which its parts speak to it. Errors that a user can mend are StoreErrors."""

    def __init__(self, path: Path, *, create: bool, read_only: bool = False, wait: float = BUSY_SECONDS) -> None:
        """Open the file at `path`, making it where asked. Raises StoreError, in words."""
        if not (create and not read_only) and not os.path.exists(path):  # noqa: PTH110  # Path.exists may raise
            raise StoreError(f"no store at {path}: ingest something first, or name another with --db")
        self.path = path
        self.memo: dict[Any, Any] = {}
        """What parts of the store looked up or wrote, by keys of their own; all forgotten when a write is undone."""
        self._batch: _Batch | None = None
        with told(path):
            self._connection = _open_to_read(path, wait) if read_only else _open_to_write(path, create, wait)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement with its values bound."""
        try:
            return self._connection.execute(sql, _storable(values))
        except _FAULTS:
            raise
        except sqlite3.DatabaseError as error:
            raise _in_words(self.path, error) from error

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each row; gives how many rows were changed in all."""
        if not rows:
            return 0
        with told(self.path):
            return self._connection.executemany(sql, [_storable(row) for row in rows]).rowcount

    def fill(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same for many rows whose texts SQLite can hold as they are."""
        with told(self.path):
            self._connection.executemany(sql, rows)

    def insert(self, table: str, values: dict[str, Any]) -> int:
        """Insert one row; gives its number."""
        return int(self.execute(_insertion(table, tuple(values)), tuple(values.values())).lastrowid or 0)

    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row, or None."""
        row: Row | None = self.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows."""
        return list(self.rows(sql, values))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """The rows one by one."""
        with told(self.path):
            for row in self._connection.execute(sql, _storable(values)):  # noqa: UP028  # a cursor is not to be closed
                yield row

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it; the lock to write is taken at its start. What a batch holds goes first."""
        self._commit()
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            self._undo()
            raise

    def write(self, do: Callable[[], T]) -> T:
        """Write with `do`, all of it or nothing; inside `batch` several such writes reach the file together."""
        if self._batch is None:
            with self.transaction():
                return do()
        return self._write_in(self._batch, do)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """What is written in the block reaches the file in batches: each write is still whole or not there.

        What the last batch holds is written at the end of the block, however it ends.
        """
        self._batch = _Batch()
        try:
            yield
        finally:
            self._commit()
            self._batch = None

    def _write_in(self, batch: _Batch, do: Callable[[], T]) -> T:
        """One of the writes of a batch. Where it fails, the batch is undone, and those before it are done once more.

        A nested transaction each would do too; it copies each page that it touches, which is a third of the time.
        """
        if not self._connection.in_transaction:
            self.execute("BEGIN IMMEDIATE")
            batch.begin()
        try:
            result = do()
        except BaseException:
            self._undo()
            for earlier in batch.done:
                with self.transaction():
                    earlier()
            raise
        batch.done.append(do)
        if batch.is_full():
            self._commit()
        return result

    def _undo(self) -> None:
        self.memo.clear()
        self._connection.rollback()

    def _commit(self) -> None:
        if self._batch is not None and self._connection.in_transaction:
            self.execute("COMMIT")


class _Batch:
    """The writes that wait for the file, and until when."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start anew."""
        self.done: list[Callable[[], object]] = []
        self._until = time.monotonic() + BATCH_SECONDS

    def is_full(self) -> bool:
        """Whether it is time to write."""
        return len(self.done) >= BATCH_SIZE or time.monotonic() >= self._until


def _open_to_write(path: Path, create: bool, wait: float) -> sqlite3.Connection:
    connection = _connect(path, "mode=rwc" if create else "mode=rw", wait)
    try:
        _check(connection, path)
        _prepare(connection, wait)
    except BaseException:
        connection.close()
        raise
    return connection


def _open_to_read(path: Path, wait: float) -> sqlite3.Connection:
    """Open for reading only. Where not even the lock files of a reader can be made, nobody writes: it goes without."""
    connection = _connect(path, "mode=rw", wait)  # reads where it may not write; "ro" would leave lock files
    try:
        connection.execute("PRAGMA query_only = ON")
        _check_for_reading(connection, path)
    except sqlite3.OperationalError as error:
        connection.close()
        if not _cannot_lock(error) or _has_log(path):
            raise
        connection = _connect(path, "immutable=1", wait)
        _check_for_reading(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, how: str, wait: float) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _cannot_lock(error: sqlite3.Error) -> bool:
    return error.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN"))


def _has_log(path: Path) -> bool:
    """Whether there are writes that are not yet in the file itself."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _check(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")  # one moment: another program may be about to make the store
    application = _pragma(connection, "application_id")
    schema = _pragma(connection, "user_version")
    is_empty = connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0]
    connection.rollback()
    if application != APPLICATION_ID and not (application == schema == 0 and is_empty):
        raise StoreError(f"{path} is a database of another program; name another file with --db")
    if schema > SCHEMA_VERSION:
        raise StoreError(
            f"{path} was made by a newer ctgov-ingest (schema {schema}; this one knows {SCHEMA_VERSION}): "
            "install the newer program to use it"
        )


def _check_for_reading(connection: sqlite3.Connection, path: Path) -> None:
    _check(connection, path)
    schema = _pragma(connection, "user_version")
    if schema == 0:
        raise StoreError(f"no store at {path}, the file is empty: ingest something first, or name another with --db")
    if schema < SCHEMA_VERSION:
        raise StoreError(
            f"{path} was made by an older ctgov-ingest (schema {schema}; this one reads {SCHEMA_VERSION}): "
            "run ctgov-ingest reparse, which brings it up to date"
        )


def _prepare(connection: sqlite3.Connection, wait: float) -> None:
    """Set up the file and bring it to our schema, in one transaction: a store is there whole or not at all."""
    if _pragma(connection, "user_version") == 0:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # counts only before the first page is written
    _keep_log(connection, time.monotonic() + wait)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    if _pragma(connection, "user_version") == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(Database(connection))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _keep_log(connection: sqlite3.Connection, until: float) -> None:
    """Write ahead to a log, so that readers and a writer go on beside each other.

    SQLite does not wait here for another program that makes the store at the same moment; so we do.
    """
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() >= until:
                raise
        time.sleep(0.05)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _storable(values: Sequence[Any]) -> Sequence[Any]:
    """The values with texts as SQLite can hold them; mostly they are."""
    for value in values:
        if value.__class__ is str and not (value.isascii() and "\x00" not in value):
            return [_text(one) if isinstance(one, str) else one for one in values]
    return values


def _text(value: str) -> str:
    """A text as SQLite can hold it: half a surrogate pair and NUL, which ends a text in SQL, are U+FFFD."""
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value.replace("\x00", "\ufffd")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what a user can mend (no such folder, a full disk, a locked or damaged file) into a StoreError."""
    try:
        yield
    except _FAULTS:
        raise
    except sqlite3.DatabaseError as error:
        raise _in_words(path, error) from error


_FAULTS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InternalError)
"""Errors that only a mistake of ours makes: they stay what they are."""


@cache
def _insertion(table: str, names: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  # names of our own, values bound


def _in_words(path: Path, error: sqlite3.Error) -> StoreError:
    name = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
    return StoreError(f"the store {path} cannot be used: {_WORDS.get(name, str(error))}")
