"""The least that an ingest must do.

Of what is new: unpack, decode, compress, and write a row a record in one transaction. Of what is held: unpack, and tell
by a fingerprint of the bytes that they are.
"""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import orjson
import zstandard

from ctgov_ingest import files
from ctgov_ingest.files import Blob
from ctgov_ingest.stamps import stamped

_LEVEL = 3
_TABLE = "CREATE TABLE versions (source TEXT, version INTEGER, has_results INTEGER, raw BLOB) STRICT"


def store_plainly(archive: Path, database: Path) -> None:
    """Inflate, `orjson.loads`, zstd, one `executemany` into a fresh database in WAL mode with pages of 16 KiB."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO versions VALUES (?, ?, ?, ?)", _rows(archive))
        connection.execute("COMMIT")


def _rows(archive: Path) -> Iterator[tuple[str, int, bool, bytes]]:
    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    with zipfile.ZipFile(archive) as members:
        for info in members.infolist():
            data = members.read(info)
            document = orjson.loads(data)
            yield info.filename, 1, bool(document.get("hasResults")), compressor.compress(data)


def scan_plainly(archive: Path) -> None:
    """Inflate as the program does, find id and stamp, and hash the bytes with another stamp."""
    for blob in files.blobs([archive]):
        found = stamped(blob.data) if isinstance(blob, Blob) else None
        assert found is not None
        found.sha256("2000-01-01")
