"""The least that an ingest must do.

Of what is new: unpack, decode, compress, and write a row a record in one transaction. Of what is held: unpack, and tell
by a fingerprint of the bytes that they are.
"""

from __future__ import annotations

import sqlite3
import sys
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import orjson
import zstandard

from ctgov_ingest import files
from ctgov_ingest.files import Blob
from ctgov_ingest.stamps import stamped

_LEVEL = 3
_PORTION = 64
_TABLE = "CREATE TABLE versions (source TEXT, version INTEGER, has_results INTEGER, raw BLOB) STRICT"


Rows = Iterable[tuple[str, int, bool, bytes]]


def store_plainly(archive: Path, database: Path) -> None:
    """Inflate, `orjson.loads`, zstd, one `executemany` into a fresh database in WAL mode with pages of 16 KiB."""
    _write(database, _rows(archive))


def store_plainly_apart(archive: Path, database: Path, jobs: int = 2) -> None:
    """The same with all but the `executemany` in other processes, which open the zip themselves."""
    with zipfile.ZipFile(archive) as members:
        names = members.namelist()
    portions = [(archive, names[at : at + _PORTION]) for at in range(0, len(names), _PORTION)]
    with get_context("spawn").Pool(jobs) as pool:
        _write(database, chain.from_iterable(pool.imap(_rows_of, portions)))


def _rows_of(portion: tuple[Path, list[str]]) -> list[tuple[str, int, bool, bytes]]:
    archive, names = portion
    return list(_rows(archive, names))


def _write(database: Path, rows: Rows) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO versions VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")


def _rows(archive: Path, names: Sequence[str] | None = None) -> Rows:
    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    members = _opened(archive)
    for name in members.namelist() if names is None else names:
        data = members.read(name)
        document = orjson.loads(data)
        yield name, 1, bool(document.get("hasResults")), compressor.compress(data)


@lru_cache(maxsize=1)
def _opened(archive: Path) -> zipfile.ZipFile:
    """A zip of which the directory is read once a process."""
    return zipfile.ZipFile(archive)


def scan_plainly(archive: Path) -> None:
    """Inflate as the program does, find id and stamp, and hash the bytes with another stamp."""
    for blob in files.blobs([archive]):
        found = stamped(blob.data) if isinstance(blob, Blob) else None
        assert found is not None
        found.sha256("2000-01-01")


def main(arguments: Sequence[str]) -> None:
    """`store ARCHIVE DATABASE`, in two processes; or `scan ARCHIVE`."""
    what, *paths = arguments
    if what == "store":
        store_plainly_apart(Path(paths[0]), Path(paths[1]))
    else:
        scan_plainly(Path(paths[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
