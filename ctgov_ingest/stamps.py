"""The stamp in the bytes of a record of API v2: the day of the data set, which moves on every record every day.

It is found without decoding, so that bytes that differ in nothing else are known for that.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

_NCT_ID = re.compile(rb'"nctId"\s*:\s*"(NCT\d{8})"')
_STAMP = b'"versionHolder"'
_DAY = re.compile(rb'\s*:\s*"(\d{4}-\d\d-\d\d)"')

_FINGERPRINT = 16
"""Bytes of a hash that nobody can make collide: 128 bits of SHA-256."""


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
        whole.update(day.encode() + self._rest)
        return whole.digest()

    def fingerprint(self, reader: str) -> bytes:
        """What these bytes share with those of other days alone, and only while the same reader reads them."""
        whole = self._begun.copy()
        whole.update(b"\x00" + reader.encode() + b"\x00")
        whole.update(self._rest)
        return whole.digest()[:_FINGERPRINT]

    def restamped(self, day: str) -> bytes:
        """These bytes with the stamp of another day."""
        return self.data[: self.start] + day.encode() + self._rest

    @property
    def _rest(self) -> memoryview:
        return memoryview(self.data)[self.start + len(self.day) :]

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
