"""Large lists of studies as JSON, item by item: however long a list is, no more than an item of it is held.

A list is cut where an object ends, another begins, and its first key is a section of a study. In JSON that is never
inside a text, whose quotes are escaped. Each piece is then decoded, to see that it is one object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ctgov_ingest import jsontext
from ctgov_ingest.files import blob
from ctgov_ingest.files.blob import Blob, too_large
from ctgov_ingest.sources import STUDY_KEYS, Failure

ENOUGH = 16 * 1024 * 1024
"""Smaller files are read whole."""

_CHUNK = 1024 * 1024
_KEY = r'\{\s*"(?:' + "|".join(STUDY_KEYS) + r')"\s*:'
_HEAD = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*"studies"\s*:\s*)?\[\s*(?=' + _KEY.encode() + b")")
_BORDER = re.compile(rb"\}\s*(,\s*)(?=" + _KEY.encode() + b")")
_LONGEST_BORDER = 1024
_MOST_BRACKETS = 100
"""How many brackets may stand behind a list."""


def recognises(start: bytes) -> bool:
    """Whether a file that begins so is a list of studies, or a search answer."""
    return _HEAD.match(start) is not None


def items(file: BinaryIO, source: str) -> Iterator[Blob | Failure]:
    """The items of a list, each under `source#number`; then what stood around them, as a list or answer without any."""
    number, held, seen = 1, b"", 0
    head = b""
    while chunk := file.read(_CHUNK):
        held += chunk
        if not head and (begun := _HEAD.match(held)):
            head, held = begun[0].rstrip(), held[begun.end() :]
        begin = 0
        for border in _BORDER.finditer(held, max(0, seen - _LONGEST_BORDER)):
            one, count = _item(held[begin : border.start(1)], source, number)
            yield one
            number, begin = number + count, border.end()
        held = held[begin:]
        seen = len(held)
        if seen > blob.MAX_BYTES:
            yield too_large(f"{source}#{number}", "an item of a list")
            return
    end = _end(head, held)
    yield _item(held[:end], source, number)[0]
    if end < len(held):
        yield Blob(source, head + held[end:])


def _end(head: bytes, held: bytes) -> int:
    """Where the list ends: at the last bracket behind which nothing is missing; nowhere in it when it is cut off."""
    at = len(held)
    for _ in range(_MOST_BRACKETS):
        if (at := held.rfind(b"]", 0, at)) < 0:
            break
        if _decoded(head + held[at:]) is not None:
            return at
    return len(held)


def _decoded(data: bytes) -> Any:
    try:
        return jsontext.loads(data)
    except jsontext.NotJson:
        return None


def _item(piece: bytes, source: str, number: int) -> tuple[Blob, int]:
    """A piece as one item; where it is several (a study, then null), as a list of them; and how many it is."""
    place = f"{source}#{number}"
    if _decoded(piece) is None and (several := _decoded(b"[" + piece + b"]")):
        return Blob(place, b"[" + piece + b"]"), len(several)
    return Blob(place, piece), 1
