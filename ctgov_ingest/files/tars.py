"""Tars, packed or not, member by member in one pass and within limits; nothing is unpacked to disk."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from io import BufferedReader

from ctgov_ingest.errors import Damaged, EmptyInput, TooLarge
from ctgov_ingest.files import blob
from ctgov_ingest.files.blob import Blob, is_left_out, too_large
from ctgov_ingest.files.zips import DAMAGE, MARKS, MAX_RATIO
from ctgov_ingest.sources import Failure

_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
"""How gzip, bzip2 and xz begin."""
_MARK, _MARK_AT = b"ustar", 257


def recognises(start: bytes) -> bool:
    """Whether a file that begins so is a tar, or packed as tars are."""
    return start.startswith(_PACKED) or start[_MARK_AT : _MARK_AT + len(_MARK)] == _MARK


def members(file: BufferedReader, source: str, size: int) -> Iterator[Blob | Failure]:
    """The members of a tar of so many bytes, each under `source::name`."""
    found = False
    most = max(blob.MAX_BYTES, size * MAX_RATIO)
    try:
        with tarfile.open(fileobj=file, mode="r|*") as archive:
            while info := archive.next():
                archive.members.clear()  # type: ignore[attr-defined]  # what was passed is never asked for again
                if archive.offset > most:
                    what = f"expected a tar that grows at most {MAX_RATIO} times when unpacked, found more"
                    yield Failure(source, TooLarge(what))
                    return
                if info.isdir() or is_left_out(info.name):
                    continue
                found = True
                yield _member(archive, info, f"{source}::{info.name}")
        if not found:
            yield Failure(source, EmptyInput("expected a tar with members, found none in it"))
    except (tarfile.TarError, *DAMAGE) as error:
        yield Failure(source, Damaged(f"expected a whole tar, found one that is damaged or cut off: {error}"))


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, source: str) -> Blob | Failure:
    if info.size > blob.MAX_BYTES:
        return too_large(source, "a member")
    member = archive.extractfile(info) if info.isreg() else None
    if member is None:
        return Failure(source, Damaged("expected a file as a member of a tar, found a link or device"))
    data = member.read()
    if data.startswith(MARKS) or recognises(data[:512]):
        return Failure(source, Damaged("expected a record, found an archive inside a tar: unpack the outer one first"))
    return Blob(source, data)
