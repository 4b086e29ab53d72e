"""Paths to bytes: files, folders, zips and tars member by member, JSON Lines line by line, long lists item by item."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO

from ctgov_ingest.files import arrays, blob, tars, zips
from ctgov_ingest.files.blob import Blob, Unreachable, too_large
from ctgov_ingest.files.walk import files, unreachable
from ctgov_ingest.files.zips import Packed
from ctgov_ingest.files.zips import unpacked as zip_member
from ctgov_ingest.sources import Failure

Piece = Packed | Blob | Failure
"""The bytes of a record or several, or what can be read of them elsewhere."""

_LINES = (".jsonl", ".ndjson")
_START = 4096


def count(paths: Iterable[Path]) -> int:
    """How many blobs the paths hold, as far as can be told before they are read."""
    return sum(1 if isinstance(path, Failure) else _blobs_of(path) for path in files(paths))


def _blobs_of(path: Path) -> int:
    try:
        if not path.is_file():
            return 1
        with path.open("rb") as file:
            if is_zip(file):
                return sum(1 for _ in zips.entries(file))
            return _lines(file) if path.suffix.lower() in _LINES else 1
    except zips.DAMAGE:
        return 1


def _lines(file: BinaryIO) -> int:
    return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) or 1


def members(path: Path) -> Iterator[str]:
    """The names of the members of a zip. Raises what a damaged zip raises."""
    with path.open("rb") as file:
        yield from (name for name, *_ in zips.entries(file))


def blobs(paths: Iterable[Path]) -> Iterator[Blob | Failure]:
    """The bytes of all files; what cannot be opened comes as a Failure, and the rest goes on."""
    return unpacked(pieces(paths))


def pieces(paths: Iterable[Path]) -> Iterator[Piece]:
    """The same with the members of zips still packed: see `unpacked`."""
    for path in files(paths):
        if isinstance(path, Failure):
            yield path
            continue
        try:
            yield from _pieces(path)
        except OSError as error:
            yield unreachable(error, path)


def under(piece: Piece, source: str) -> Piece:
    """The piece under another name."""
    return piece._replace(source=source) if isinstance(piece, Packed) else replace(piece, source=source)


def unpacked(found: Iterable[Piece]) -> Iterator[Blob | Failure]:
    """The bytes of pieces, in any process; a zip is opened once for those of it that follow each other."""
    with ExitStack() as opened:
        path, file = "", None
        for one in found:
            if not isinstance(one, Packed):
                yield one
                continue
            try:
                if file is None or one.path != path:
                    opened.close()
                    path, file = one.path, opened.enter_context(Path(one.path).open("rb"))
                yield zips.unpacked(file, one)
            except OSError as error:
                yield unreachable(error, one.source)


def _pieces(path: Path) -> Iterator[Piece]:
    with path.open("rb") as file:
        yield from contents(file, str(path), os.fstat(file.fileno()).st_size)


def contents(file: BufferedReader, source: str, size: int) -> Iterator[Piece]:
    """What an open file of so many bytes holds, piece by piece. Raises OSError."""
    start = file.peek(_START)
    if is_zip(file) and file.seekable():
        yield from zips.packed(file, source)
    elif is_zip(file):
        yield from zips.members(BytesIO(file.read(blob.MAX_BYTES)), source)
    elif tars.recognises(start):
        yield from tars.members(file, source, size)
    elif source.lower().endswith(_LINES):
        yield from _json_lines(file, source)
    elif size > arrays.ENOUGH and arrays.recognises(start):
        yield from arrays.items(file, source)
    else:
        data = file.read(blob.MAX_BYTES + 1)
        yield Blob(source, data) if len(data) <= blob.MAX_BYTES else too_large(source, "a file")


def is_zip(file: BufferedReader) -> bool:
    """Whether an open file, of which nothing is read yet, is a zip."""
    return file.peek(_START).startswith(zips.MARKS)


def _json_lines(file: BufferedReader, source: str) -> Iterator[Blob | Failure]:
    number = 0
    while line := file.readline(blob.MAX_BYTES + 1):
        number += 1
        if len(line) > blob.MAX_BYTES:
            yield too_large(f"{source}#{number}", "a line")
            while line and not line.endswith(b"\n"):
                line = file.readline(blob.MAX_BYTES)
        elif line.strip():
            yield Blob(f"{source}#{number}", line.rstrip(b"\r\n"))


__all__ = [
    "Blob",
    "Packed",
    "Piece",
    "Unreachable",
    "blobs",
    "contents",
    "count",
    "files",
    "is_zip",
    "members",
    "pieces",
    "under",
    "unpacked",
    "unreachable",
    "zip_member",
]
