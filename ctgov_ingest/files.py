"""Paths to bytes: files, folders, zips member by member, JSON Lines line by line.

No path of an archive is trusted: members are read, never unpacked to disk, and only within limits.
"""

from __future__ import annotations

import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO

from ctgov_ingest.errors import Damaged, EmptyInput, SourceError, TooLarge
from ctgov_ingest.sources import Failure

try:
    from isal import isal_zlib as inflating  # half the time of zlib
except ImportError:  # no wheel for this machine
    import zlib as inflating  # type: ignore[no-redef]

MAX_BYTES = 512 * 1024 * 1024
"""The largest file, member or line that is read whole."""
MAX_RATIO = 300
"""The most that a member may grow when unpacked, once it is over a megabyte. Real records grow under 20 times."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip begins: with its first member, or, when it has none, with its end."""
_ENCRYPTED = 0x1
_LOCAL_HEADER = struct.Struct("<4s22x2H")
"""What stands before a member: its mark, and behind what the directory has too the lengths of its name and extras."""
_LINES = (".jsonl", ".ndjson")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
"""What zipfile raises on damaged and oddly packed members."""


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of one file, member or line, and where they came from."""

    source: str
    data: bytes


class Unreachable(SourceError):
    """A file that is not there or cannot be opened."""

    code = "cannot-open"


def count(paths: Iterable[Path]) -> int:
    """How many blobs the paths hold, as far as can be told before they are read."""
    return sum(1 if isinstance(path, Failure) else _blobs_of(path) for path in files(paths))


def _blobs_of(path: Path) -> int:
    try:
        if not path.is_file():
            return 1
        with path.open("rb") as file:
            if file.peek(4).startswith(_ZIP):
                with zipfile.ZipFile(file) as archive:
                    return sum(not _is_left_out(info) for info in archive.infolist())
            return _lines(file) if path.suffix.lower() in _LINES else 1
    except _DAMAGE:
        return 1


def _lines(file: BinaryIO) -> int:
    return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) or 1


def files(paths: Iterable[Path]) -> Iterator[Path | Failure]:
    """The files of the paths, those of folders in the order of names; what is hidden (`.name`) is left out of folders.

    A folder that is linked to is walked too, each once. A folder that holds no file, or cannot be listed, is a Failure.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        empty = True
        for found in _walk(path):
            empty = False
            yield found
        if empty:
            yield Failure(str(path), EmptyInput("expected a folder with files, found none in it"))


def _walk(top: Path) -> Iterator[Path | Failure]:
    refused: list[OSError] = []
    walked: set[tuple[int, int]] = set()
    _is_new(top, walked)
    for folder, below, names in os.walk(top, onerror=refused.append, followlinks=True):
        yield from map(_unreachable, refused)
        refused.clear()
        below[:] = [name for name in _seen(below) if _is_new(Path(folder, name), walked)]
        yield from (_regular(Path(folder, name)) for name in _seen(names))
    yield from map(_unreachable, refused)


def _seen(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith("."))


def _is_new(folder: Path, walked: set[tuple[int, int]]) -> bool:
    """Whether a folder was not yet walked, under whatever name: links may go round in circles."""
    try:
        about = folder.stat()
    except OSError:
        return True  # os.walk tells why
    place = (about.st_dev, about.st_ino)
    if place in walked:
        return False
    walked.add(place)
    return True


def _regular(path: Path) -> Path | Failure:
    """A file of a folder; pipes and devices among them would wait for ever."""
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except OSError:
        return path  # opening it tells why
    return path if kind == stat.S_IFREG else Failure(str(path), Unreachable("expected a file, found a pipe or device"))


def _unreachable(error: OSError, path: str | Path | None = None) -> Failure:
    why = f"cannot be opened: {error.strerror or error}"
    return Failure(str(path or error.filename), Unreachable(why))


def blobs(paths: Iterable[Path]) -> Iterator[Blob | Failure]:
    """The bytes of all files; what cannot be opened comes as a Failure, and the rest goes on."""
    for path in files(paths):
        if isinstance(path, Failure):
            yield path
            continue
        try:
            yield from _blobs(path)
        except OSError as error:
            yield _unreachable(error, path)


def _blobs(path: Path) -> Iterator[Blob | Failure]:
    with path.open("rb") as file:
        if file.peek(4).startswith(_ZIP):
            yield from _archive(file if file.seekable() else BytesIO(file.read(MAX_BYTES)), str(path))
        elif path.suffix.lower() in _LINES:
            yield from _json_lines(file, str(path))
        else:
            data = file.read(MAX_BYTES + 1)
            yield Blob(str(path), data) if len(data) <= MAX_BYTES else _too_large(str(path), "a file")


def _too_large(source: str, what: str) -> Failure:
    return Failure(source, TooLarge(f"expected {what} of at most {MAX_BYTES // 2**20} MiB, found more"))


def _json_lines(file: BufferedReader, source: str) -> Iterator[Blob | Failure]:
    number = 0
    while line := file.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            yield _too_large(f"{source}#{number}", "a line")
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_BYTES)
        elif line.strip():
            yield Blob(f"{source}#{number}", line)


def _archive(file: BinaryIO, source: str) -> Iterator[Blob | Failure]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = [info for info in archive.infolist() if not _is_left_out(info)]
            if not members:
                yield Failure(source, EmptyInput("expected a zip with members, found none in it"))
            for info in members:
                yield _member(archive, info, f"{source}::{info.filename}")
    except _DAMAGE as error:
        yield Failure(source, Damaged(f"expected a whole zip, found one that is damaged or cut off: {error}"))


def _is_left_out(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder, or what a system hides beside the files (`.name`, `__MACOSX/…`)."""
    parts = info.filename.split("/")
    return info.is_dir() or parts[0] == "__MACOSX" or any(part.startswith(".") and part.strip(".") for part in parts)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str) -> Blob | Failure:
    if info.flag_bits & _ENCRYPTED:
        return Failure(source, Damaged("expected a member of a zip, found one that is encrypted"))
    limit = min(MAX_BYTES, max(1024 * 1024, info.compress_size * MAX_RATIO))
    try:
        data = _inflated(archive, info, limit) or _unpacked(archive, info, limit)
    except _DAMAGE as error:
        return Failure(source, Damaged(f"expected a member of a zip, found one that is damaged: {error or 'cut off'}"))
    if len(data) > limit:
        what = f"expected at most {limit:,} bytes from {info.compress_size:,} packed ones, found more"
        return Failure(source, TooLarge(what))
    if data.startswith(_ZIP):
        return Failure(source, Damaged("expected a record, found a zip inside a zip: unpack the outer one first"))
    return Blob(source, data)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """The first bytes of a member, one more than the limit; reading to the end checks the sum."""
    with archive.open(info) as member:
        return member.read(limit + 1)


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes | None:
    """An ordinary member in a third of the time; None where anything about it is odd, of which `_unpacked` tells."""
    file = archive.fp
    if file is None or info.compress_type != zipfile.ZIP_DEFLATED or info.compress_size > limit:
        return None
    file.seek(info.header_offset)
    inflater = inflating.decompressobj(-zlib.MAX_WBITS)
    try:
        mark, *lengths = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        packed = file.read(sum(lengths) + info.compress_size)[sum(lengths) :]
        data = inflater.decompress(packed, limit + 1)
    except (struct.error, inflating.error):  # type: ignore[misc]
        return None
    is_whole = mark == _ZIP[0] and inflater.eof and len(data) == info.file_size
    return data if is_whole and inflating.crc32(data) == info.CRC else None
