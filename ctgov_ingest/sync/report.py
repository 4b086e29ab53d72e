"""How a run went."""

from __future__ import annotations

from dataclasses import dataclass, field

from ctgov_ingest.ingest import Report
from ctgov_ingest.store import Absence


@dataclass(slots=True)
class SyncReport(Report):
    """How a sync, fetch or backfill went, beside what it read.

    `dataset`: the data set that was seen whole; None where none was. `followed`: how many studies are. `absences`:
    those that the registry no longer shows, or shows under another id; `back`: those that it shows again. `refused`:
    saved pages that hold no record, each address with the reason.
    """

    dataset: str | None = None
    followed: int = 0
    absences: list[Absence] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """The numbers, as `--json` and the log of runs give them."""
        more = {
            "followed": self.followed,
            "gone": sum(one.kind == "gone" for one in self.absences),
            "aliases": sum(one.kind == "alias" for one in self.absences),
            "back": len(self.back),
            "refused": len(self.refused),
        }
        return {**Report.counts(self), **{name: number for name, number in more.items() if number}}
