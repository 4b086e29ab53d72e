"""What the store is handed: a record as it came in and as it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctgov_ingest.compare import Carried
from ctgov_ingest.compare.standing import earliest_day, registry_date
from ctgov_ingest.issue import Issue


@dataclass(frozen=True, slots=True)
class Capture:
    """A record to be stored.

    `document`: its content with the API's names. `raw_is_document`: the bytes are that content as JSON, so that it
    need not be kept twice. `retrieved`: the day (`yyyy-mm-dd`) on which the registry showed it so, where known.
    `registry_date`: its place on the registry's time axis, where its source says it apart from the record's own dates.
    `issues`: what its user should know, unread texts among it. `rank`: how much its presentation can say; of captures
    that say the same, the one of highest rank stands for them.
    """

    nct_id: str
    presentation: str
    reader: str
    source: str
    raw: bytes
    document: dict[str, Any]
    raw_is_document: bool
    carried: Carried
    rank: int
    retrieved: str | None = None
    registry_date: str | None = None
    issues: Sequence[Issue] = ()

    @property
    def dated(self) -> str | None:
        """Its place on the registry's time axis: as its source says, else as the record's own dates do."""
        return self.registry_date or registry_date(self.document)

    @property
    def stood_on(self) -> str | None:
        """The day on which it stood so, or the earliest on which it can have; None where nothing tells."""
        return self.retrieved or self.registry_date or earliest_day(self.document)
