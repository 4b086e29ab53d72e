"""Zips, member by member, within limits. No name of a member is trusted as a path: nothing is unpacked to disk.

The directory is walked and not held as zipfile does, which takes 360 MiB and many seconds for the registry's 600,000
members. zipfile opens what is not quite ordinary, and tells what is wrong with it.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from ctgov_ingest.errors import Damaged, EmptyInput, TooLarge
from ctgov_ingest.files import blob
from ctgov_ingest.files.blob import Blob, is_left_out
from ctgov_ingest.sources import Failure

try:
    from isal import isal_zlib as inflating  # half the time of zlib
except ImportError:  # no wheel for this machine
    import zlib as inflating  # type: ignore[no-redef]

MARKS = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip begins: with its first member, or, when it has none, with its end."""
MAX_RATIO = 300
"""The most that a member may grow when unpacked, once it is over a megabyte. Real records grow under 20 times."""
MAX_DIRECTORY = 1024 * 1024 * 1024
"""The largest directory that is walked, in bytes. That of the registry's file has 45 MB."""

DAMAGE = (
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
"""What damaged and oddly packed members raise."""

_ENCRYPTED = 0x1
_UTF8 = 0x800
_END = struct.Struct("<4s8x2LH")
_END_64 = struct.Struct("<4s36x2Q")
_PLACE_OF_END_64 = 20
_ENTRY = struct.Struct("<4s4x2H4x3L3H8xL")
_LOCAL_HEADER = struct.Struct("<4s22x2H")
_LARGE = 0xFFFFFFFF
"""Stands for a number that does not fit into 32 bits, and is found among the extras."""


class Packed(NamedTuple):
    """A member of a zip as it lies there, so that another process can unpack it: what the directory says of it.

    `source`: `path::name`. `packed`, `size`: bytes, as it lies there and unpacked. `offset`: of its own header.
    """

    source: str
    path: str
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


Entry = tuple[str, int, int, int, int, int, int]
"""Name, flags, method, sum, bytes packed and unpacked, place."""


class _Walked(zipfile.ZipFile):
    """A zip of which zipfile reads no directory when it opens it."""

    def _RealGetContents(self) -> None:  # noqa: N802  # zipfile's
        pass


def members(file: BinaryIO, source: str) -> Iterator[Blob | Failure]:
    """The members of a zip, each under `source::name`."""
    for one in packed(file, source):
        yield unpacked(file, one) if isinstance(one, Packed) else one


def packed(file: BinaryIO, path: str) -> Iterator[Packed | Failure]:
    """The members of a zip, each under `path::name`, not yet unpacked."""
    found = False
    try:
        for name, *about in entries(file):
            found = True
            yield Packed(f"{path}::{name}", path, name, *about)
        if not found:
            yield Failure(path, EmptyInput("expected a zip with members, found none in it"))
    except DAMAGE as error:
        yield Failure(path, Damaged(f"expected a whole zip, found one that is damaged or cut off: {error}"))


def unpacked(file: BinaryIO, one: Packed) -> Blob | Failure:
    """A member of a zip that is open."""
    if one.flags & _ENCRYPTED:
        return Failure(one.source, Damaged("expected a member of a zip, found one that is encrypted"))
    limit = min(blob.MAX_BYTES, max(1024 * 1024, one.packed * MAX_RATIO))
    try:
        data = _inflated(file, one, limit) or _unpacked(file, one, limit)
    except DAMAGE as error:
        why = f"expected a member of a zip, found one that is damaged: {error or 'cut off'}"
        return Failure(one.source, Damaged(why))
    if len(data) > limit:
        what = f"expected at most {limit:,} bytes from {one.packed:,} packed ones, found more"
        return Failure(one.source, TooLarge(what))
    if data.startswith(MARKS):
        return Failure(one.source, Damaged("expected a record, found a zip inside a zip: unpack the outer one first"))
    return Blob(one.source, data)


def entries(file: BinaryIO) -> Iterator[Entry]:
    """What the directory says of each member but folders and hidden ones. Raises one of DAMAGE."""
    start, size, shift = _directory(file)
    file.seek(start)
    directory = file.read(size)
    at = 0
    while at < len(directory):
        mark, flags, method, crc, packed, size, name, extra, comment, offset = _ENTRY.unpack_from(directory, at)
        if mark != b"PK\x01\x02":
            raise zipfile.BadZipFile("the directory is broken")
        at += _ENTRY.size
        word = directory[at : at + name].decode("utf-8" if flags & _UTF8 else "cp437")
        if _LARGE in (size, packed, offset):
            size, packed, offset = _enlarged([size, packed, offset], directory[at + name : at + name + extra])
        at += name + extra + comment
        if not is_left_out(word):
            yield word, flags, method, crc, packed, size, offset + shift


def _directory(file: BinaryIO) -> tuple[int, int, int]:
    """Where the directory begins, its length, and how far all places are shifted by what stands before the zip."""
    tail_at = max(0, file.seek(0, 2) - _END.size - 0xFFFF - _END_64.size - _PLACE_OF_END_64)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rfind(MARKS[1])
    if end < 0:
        raise zipfile.BadZipFile("it has no directory")
    _, size, offset, _ = _END.unpack_from(tail, end)
    if tail[max(0, end - _PLACE_OF_END_64) :].startswith(b"PK\x06\x07"):
        end -= _PLACE_OF_END_64 + _END_64.size
        _, size, offset = _END_64.unpack_from(tail, end)
    shift = tail_at + end - size - offset
    if shift < 0 or size > MAX_DIRECTORY:
        raise zipfile.BadZipFile("its directory is cut off")
    return offset + shift, size, shift


def _enlarged(numbers: list[int], extra: bytes) -> list[int]:
    """Take the numbers that need 64 bits from the extras, where they stand in this order."""
    large = [at for at, number in enumerate(numbers) if number == _LARGE]
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == 1:
            for at, value in zip(large, struct.unpack_from(f"<{len(large)}Q", extra, 4), strict=True):
                numbers[at] = value
            break
        extra = extra[4 + length :]
    return numbers


def _unpacked(file: BinaryIO, one: Packed, limit: int) -> bytes:
    """The first bytes of a member, one more than the limit; reading to the end checks the sum."""
    info = zipfile.ZipInfo(one.name)
    info.flag_bits, info.compress_type, info.CRC = one.flags, one.method, one.crc
    info.compress_size, info.file_size, info.header_offset = one.packed, one.size, one.offset
    with _Walked(file).open(info) as member:
        return member.read(limit + 1)


def _inflated(file: BinaryIO, one: Packed, limit: int) -> bytes | None:
    """An ordinary member in a third of the time; None where anything about it is odd, of which `_unpacked` tells."""
    if one.method != zipfile.ZIP_DEFLATED or one.packed > limit:
        return None
    file.seek(one.offset)
    inflater = inflating.decompressobj(-zlib.MAX_WBITS)
    try:
        mark, *lengths = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        file.seek(sum(lengths), 1)
        data = inflater.decompress(file.read(one.packed), limit + 1)
    except (struct.error, inflating.error):  # type: ignore[misc]
        return None
    is_whole = mark == MARKS[0] and inflater.eof and len(data) == one.size
    return data if is_whole and inflating.crc32(data) == one.crc else None
