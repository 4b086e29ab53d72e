"""Paths to bytes: files, folders, zips member by member, JSON Lines line by line.

No path of an archive is trusted: members are read, never unpacked to disk, and only within limits.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ctgov_ingest.errors import Damaged, SourceError, TooLarge
from ctgov_ingest.sources import Failure

MAX_BYTES = 512 * 1024 * 1024
"""The largest file or member that is read whole."""
MAX_RATIO = 300
"""The most that a member may grow when unpacked, once it is over a megabyte. Real records grow under 20 times."""

_ZIP = b"PK\x03\x04"
_LINES = (".jsonl", ".ndjson")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    UnicodeDecodeError,
    ValueError,
)
"""What zipfile raises on damaged, encrypted and oddly packed members."""


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of one file, member or line, and where they came from."""

    source: str
    data: bytes


class Unreachable(SourceError):
    """A file that is not there or cannot be opened."""

    code = "cannot-open"


def count(paths: Iterable[Path]) -> int:
    """How many blobs the paths hold, as far as can be told without reading them (JSON Lines count as one)."""
    return sum(_members(path) for path in files(paths))


def _members(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return len(archive.infolist())
    except (OSError, *_DAMAGE):
        return 1


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files of the paths: folders are walked in the order of names, hidden files and links to folders left out."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, below, names in os.walk(path):
            below[:] = sorted(name for name in below if not name.startswith("."))
            yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def blobs(paths: Iterable[Path]) -> Iterator[Blob | Failure]:
    """The bytes of all files; what cannot be opened comes as a Failure, and the rest goes on."""
    for path in files(paths):
        try:
            yield from _blobs(path)
        except OSError as error:
            yield Failure(str(path), Unreachable(f"cannot be opened: {error.strerror or error}"))


def _blobs(path: Path) -> Iterator[Blob | Failure]:
    with path.open("rb") as file:
        start = file.read(4)
    if start == _ZIP:
        yield from _archive(path)
    elif path.suffix.lower() in _LINES:
        yield from _json_lines(path)
    elif (size := path.stat().st_size) > MAX_BYTES:
        yield Failure(str(path), TooLarge(f"expected a file of at most {MAX_BYTES} bytes, found {size}"))
    else:
        yield Blob(str(path), path.read_bytes())


def _json_lines(path: Path) -> Iterator[Blob]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield Blob(f"{path}#{number}", line)


def _archive(path: Path) -> Iterator[Blob | Failure]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield _member(archive, info, f"{path}::{info.filename}")
    except _DAMAGE as error:
        yield Failure(str(path), Damaged(f"expected a zip, found one that is damaged: {error}"))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str) -> Blob | Failure:
    limit = min(MAX_BYTES, max(1024 * 1024, info.compress_size * MAX_RATIO))
    try:
        with archive.open(info) as member:
            data = member.read(limit + 1)
            if len(data) <= limit and not member.read(1):  # reading to the end checks the sum
                return Blob(source, data)
    except _DAMAGE as error:
        return Failure(source, Damaged(f"expected a member of a zip, found one that is damaged: {error}"))
    return Failure(
        source, TooLarge(f"expected at most {limit} bytes from {info.compress_size} packed ones, found more")
    )
