"""A round over the whole registry: its bulk file, which has a member a study and is made anew every day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from ctgov_ingest import files
from ctgov_ingest.errors import Incomplete
from ctgov_ingest.files import Piece
from ctgov_ingest.ingest import take_in
from ctgov_ingest.sync.rounds import Round

_MEMBER = re.compile(r"(?:[0-9]{2}/)?(NCT[0-9]{8})\.json", re.ASCII)

JOBS = 2
"""Processes that read, where there is enough to read."""
ENOUGH = 5_000
"""Studies. Starting processes takes about as long as reading so many."""


class Whole(Round):
    """All studies of the registry."""

    def look(self) -> set[str]:
        """Download the file, prove that it has every study, and store what it holds."""
        path = bulk_file(self.job.store.path)
        self.job.registry.download(path, advance=self.job.advance)
        self.shown = set(_names(path))
        total = self.job.registry.count()
        if total != len(self.shown):
            raise Incomplete(f"the bulk file holds {len(self.shown):,} studies, the registry {total:,}")
        held = set(self.job.store.nct_ids())
        self.require_belief(held)
        self._store(path, len(held))
        path.unlink()
        return held | self.studies_watched() | self.shown

    def _store(self, path: Path, held: int) -> None:
        """Store what the file holds. Raises Suspicious once too much of it has changed.

        What runs stored that were stopped before counts on: their changes are no news to this one.
        """
        before, report = self.job.store.changed_since("sync"), self.job.report
        stored = count(1)

        def advance() -> None:
            self.believe(0, before + report.changed, held)
            self.job.advance(next(stored), len(self.shown))

        jobs = JOBS if len(self.shown) > ENOUGH else 1
        with self.job.store.batch():
            take_in(self._studies(path), self.job.store, report, jobs=jobs, advance=advance)

    def _studies(self, path: Path) -> Iterator[Piece]:
        """The members of the file, each under the address that its study has alone."""
        for piece in files.pieces([path]):
            name = _MEMBER.fullmatch(piece.source.removeprefix(f"{path}::"))
            yield files.under(piece, self.job.registry.address(name[1]) if name else piece.source)


def bulk_file(store: Path) -> Path:
    """Where the bulk file of a store is downloaded to; it is removed once it is stored."""
    return store.with_name(f"{store.name}.bulk.zip")


def _names(path: Path) -> Iterator[str]:
    for name in files.members(path):
        if found := _MEMBER.fullmatch(name):
            yield found[1]
