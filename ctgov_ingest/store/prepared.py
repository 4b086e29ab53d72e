"""A capture made ready for the tables: hashed, packed, its columns taken out, so that nothing is left but SQL.

Pure: no clock, no database. It is done where the record was read, which need not be the process that writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare import STAMP, Carried, content_hash
from ctgov_ingest.compare.standing import earliest_day, registry_date, submitted
from ctgov_ingest.store.capture import Capture, IssueRow
from ctgov_ingest.store.packing import pack
from ctgov_ingest.store.projection import Cell, project, value_at

_STAMP = STAMP.split(".")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A capture without its content, but with all that its rows say of it.

    `stood_on`, `seen`: as in `Sighting`; None where only the day on which it comes in tells. `stamp`: that of the data
    set, where the bytes are the document. `raw`: the bytes, packed. `document`: what was read, packed, where the bytes
    are not that themselves. `text`: the document as JSON on one line. `cells`: the columns of `studies`.
    """

    nct_id: str
    presentation: str
    reader: str
    source: str
    carried: Carried
    rank: int
    issues: Sequence[IssueRow]
    registry_date: str | None
    submitted: str | None
    stood_on: str | None
    seen: str | None
    content_hash: str
    stamp: Any
    sha256: bytes
    raw: bytes
    document: bytes | None
    text: bytes
    cells: Sequence[Cell]


def prepare(capture: Capture) -> Prepared:
    """Work out everything that the tables hold of a capture."""
    document, text = capture.document, _text(capture)
    return Prepared(
        nct_id=capture.nct_id,
        presentation=capture.presentation,
        reader=capture.reader,
        source=capture.source,
        carried=capture.carried,
        rank=capture.rank,
        issues=capture.issues,
        registry_date=capture.registry_date or registry_date(document),
        submitted=submitted(document),
        stood_on=capture.retrieved or capture.registry_date or earliest_day(document),
        seen=capture.retrieved,
        content_hash=content_hash(document),
        stamp=value_at(document, _STAMP) if capture.raw_is_document else None,
        sha256=hashlib.sha256(capture.raw).digest(),
        raw=pack(capture.raw),
        document=None if capture.raw_is_document else pack(text),
        text=text,
        cells=project(document),
    )


def _text(capture: Capture) -> bytes:
    """The document as JSON on one line, in UTF-8: the bytes themselves where they are just that."""
    raw = capture.raw.strip()
    if capture.raw_is_document and b"\n" not in raw and b'": ' not in raw[:200] and _is_utf8(raw):
        return raw
    return jsontext.dumps(capture.document)


def _is_utf8(raw: bytes) -> bool:
    try:
        return raw.isascii() or bool(raw.decode())
    except UnicodeDecodeError:
        return False
