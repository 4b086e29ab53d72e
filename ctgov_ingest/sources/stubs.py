"""Lists of versions: what is known of versions of a study that are not held.

The registry's history, in its API and on its pages, and the archive of before 2017 list the versions of a
study with their days. Such a list is no record: it says that versions exist.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.record import Unread


@dataclass(frozen=True, slots=True)
class Stub:
    """One version as a list tells it.

    `number`: counted from 0, the oldest first, as the registry's API counts (its pages count from 1); None
    where the list has no numbers. `date`: the day of the version, `yyyy-mm-dd`; in the registry's own lists the day on
    which it was handed in. `status`: a value of the vocabulary Status, None where the list does not say.
    `modules`: what changed, in the list's own words. `raw`: the row as it stood.
    """

    number: int | None
    date: str
    status: str | None = None
    modules: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Stubs:
    """The versions of one study, oldest first. All but `rows` means what it means in a Reading."""

    presentation: str
    reader: str
    source: str
    raw: bytes
    nct_id: str
    rows: tuple[Stub, ...]
    unread: tuple[Unread, ...] = ()
    issues: tuple[Issue, ...] = ()
    retrieved: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For machines: whose versions, and the rows without their raw text."""
        rows = [{name: value for name, value in asdict(row).items() if name != "raw"} for row in self.rows]
        return {"source": self.source, "presentation": self.presentation, "nct_id": self.nct_id, "versions": rows}


def in_order(rows: list[Stub]) -> tuple[Stub, ...]:
    """The rows by number, or by day where there are no numbers."""
    return tuple(sorted(rows, key=lambda row: (-1 if row.number is None else row.number, row.date)))
