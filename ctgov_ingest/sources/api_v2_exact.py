"""Records of API v2 that need no reading: those that hold just what the model knows, and those that are held already.

Whoever only stores records needs no `Study` of them. By far the most have nothing to remark, which `study.exact` tells
of their bytes; and from one day to the next most differ in nothing but the stamp, which their bytes tell undecoded.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from ctgov_ingest.study.exact import exact
from ctgov_ingest.values.phrases import NCT_ID


@dataclass(frozen=True, slots=True)
class Exact:
    """A whole record with nothing to remark. `document`: its content; `retrieved`: the day of the data set."""

    nct_id: str
    retrieved: str
    document: dict[str, Any]


def read_exact(data: bytes) -> Exact | None:
    """Read the bytes of one study that is whole and just as the model has it; None where `api_v2` has more to tell."""
    if exact(data) is None:
        return None
    try:
        document = orjson.loads(data)
        nct_id = document["protocolSection"]["identificationModule"]["nctId"]
        retrieved = document["derivedSection"]["miscInfoModule"]["versionHolder"]
        is_whole = None not in (nct_id, retrieved, document["hasResults"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return Exact(nct_id, retrieved, document) if is_whole and NCT_ID.fullmatch(nct_id) else None


_NCT_ID = re.compile(rb'"nctId"\s*:\s*"(NCT\d{8})"')
_STAMP = b'"versionHolder"'
_DAY = re.compile(rb'\s*:\s*"(\d{4}-\d\d-\d\d)"')


@dataclass(frozen=True)
class Stamped:
    """Bytes with the stamp of the data set's day in them, and the first NCT id that stands there."""

    nct_id: str
    day: str
    data: bytes
    start: int

    def sha256(self, day: str) -> bytes:
        """The hash that these bytes would have with the stamp of another day."""
        whole = self._begun.copy()
        whole.update(day.encode() + self.data[self.start + len(self.day) :])
        return whole.digest()

    @cached_property
    def _begun(self) -> hashlib._Hash:
        """The hash of what stands before the stamp, which is most of it."""
        return hashlib.sha256(memoryview(self.data)[: self.start])


def stamped(data: bytes) -> Stamped | None:
    """Find id and stamp without decoding; None where there is not just one stamp, of a whole day.

    It may be mistaken in bytes of another making, and need not be right: who asks compares hashes of all the bytes.
    """
    at = data.rfind(_STAMP)
    day = _DAY.match(data, at + len(_STAMP)) if at >= 0 else None
    nct_id = _NCT_ID.search(data) if day else None
    if day is None or nct_id is None or data.find(_STAMP) != at:
        return None
    return Stamped(nct_id[1].decode(), day[1].decode(), data, day.start(1))
