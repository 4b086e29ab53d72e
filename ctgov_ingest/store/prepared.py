"""A capture made ready for the tables: hashed, packed, its columns taken out, so that nothing is left but SQL.

Pure: no clock, no database. It is done where the record was read, which need not be the process that writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare import Carried, content_hash
from ctgov_ingest.compare.standing import submitted
from ctgov_ingest.issue import Issue
from ctgov_ingest.stamps import Stamped, stamped
from ctgov_ingest.store.capture import Capture
from ctgov_ingest.store.packing import pack
from ctgov_ingest.store.projection import Cell, project

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A capture without its content, but with all that its rows say of it.

    `stood_on`, `seen`: as in `Sighting`; None where only the day on which it comes in tells. `fingerprint`: of the
    bytes without the stamp, where they are the document and the stamp is the day on which it was seen. `raw`: the
    bytes, packed; None where they are the `text`, to the letter. `document`: what was read, packed, where the bytes
    are not that themselves. `text`: the document as JSON on one line. `cells`: the columns of `studies`.
    """

    nct_id: str
    presentation: str
    reader: str
    source: str
    carried: Carried
    rank: int
    issues: Sequence[Issue]
    registry_date: str | None
    submitted: str | None
    stood_on: str | None
    seen: str | None
    content_hash: str
    fingerprint: bytes | None
    sha256: bytes
    raw: bytes | None
    document: bytes | None
    text: bytes
    cells: Sequence[Cell]


def prepare(capture: Capture, stamp: Stamped | None = None) -> Prepared:
    """Work out everything that the tables hold of a capture. `stamp`: that of its bytes, where it was looked for."""
    document, text = capture.document, _text(capture)
    found = stamp_of(capture, stamp)
    return Prepared(
        nct_id=capture.nct_id,
        presentation=capture.presentation,
        reader=capture.reader,
        source=capture.source,
        carried=capture.carried,
        rank=capture.rank,
        issues=capture.issues,
        registry_date=capture.dated,
        submitted=submitted(document),
        stood_on=capture.stood_on,
        seen=capture.retrieved,
        content_hash=content_hash(document),
        fingerprint=found.fingerprint(capture.reader) if found else None,
        sha256=found.sha256(found.day) if found else hashlib.sha256(capture.raw).digest(),
        raw=None if capture.raw_is_document and text == capture.raw else pack(capture.raw),
        document=None if capture.raw_is_document else pack(text),
        text=text,
        cells=project(document),
    )


def stamp_of(capture: Capture, stamp: Stamped | None = None) -> Stamped | None:
    """The stamp in the bytes of a capture, where it is of its study and of the day on which it was seen."""
    looked = stamp is not None and stamp.data is capture.raw
    found = (stamp if looked else stamped(capture.raw)) if capture.raw_is_document else None
    return found if found and (found.nct_id, found.day) == (capture.nct_id, capture.retrieved) else None


def _text(capture: Capture) -> bytes:
    return one_line(capture.raw, capture.document) if capture.raw_is_document else jsontext.dumps(capture.document)


def one_line(raw: bytes, document: Document) -> bytes:
    """A document as JSON on one line, in UTF-8: the bytes that it was read from where they are just that."""
    bare = raw.strip()
    is_line = bare[:1] == b"{" and b"\n" not in bare and b'": ' not in bare[:200] and _is_utf8(bare)
    return bare if is_line else jsontext.dumps(document)


def _is_utf8(raw: bytes) -> bool:
    try:
        return raw.isascii() or bool(raw.decode())
    except UnicodeDecodeError:
        return False
