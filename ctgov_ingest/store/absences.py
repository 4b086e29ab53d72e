"""Studies that the registry does not show, or shows under another id. Nothing that is held of them is ever deleted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal

from ctgov_ingest.store.database import Connection


@dataclass(frozen=True, slots=True)
class Absence:
    """What the registry answered when it was asked for a study that it does not show.

    `kind`: gone, or alias where it is shown under another id, `shown_as`. `since`: the day of the data set.
    `words`: its answer.
    """

    nct_id: str
    kind: Literal["gone", "alias"]
    since: str
    words: str
    shown_as: str | None = None


class Absences:
    """Absences in and out of their table. Each call is a transaction."""

    def __init__(self, connection: Connection, run: Callable[[], int | None]) -> None:
        """`run` gives the number of the run that is at work, if one is."""
        self._db = connection
        self._run = run

    def note(self, absence: Absence) -> bool:
        """Note that a study is not shown. Says whether that is new."""
        with self._db.transaction():
            known = self._db.one(
                "SELECT 1 FROM absences WHERE nct_id = ? AND kind = ? AND shown_as IS ? AND until IS NULL",
                (absence.nct_id, absence.kind, absence.shown_as),
            )
            if known is not None:
                return False
            self._end([absence.nct_id], absence.since)
            self._db.insert(
                "absences",
                {
                    "nct_id": absence.nct_id,
                    "kind": absence.kind,
                    "shown_as": absence.shown_as,
                    "since": absence.since,
                    "words": absence.words,
                    "run": self._run(),
                },
            )
            return True

    def end(self, nct_ids: Collection[str], day: str) -> list[str]:
        """Note that studies are shown in the data set of a day. Gives those that were not before."""
        absent = {row["nct_id"] for row in self._db.all("SELECT nct_id FROM absences WHERE until IS NULL")}
        back = sorted(absent.intersection(nct_ids))
        if back:
            with self._db.transaction():
                self._end(back, day)
        return back

    def _end(self, nct_ids: list[str], day: str) -> None:
        self._db.executemany(
            "UPDATE absences SET until = ?, ended_run = ? WHERE nct_id = ? AND until IS NULL",
            [(day, self._run(), name) for name in nct_ids],
        )

    def now(self) -> dict[str, dict[str, Any]]:
        """The studies that the registry does not show today, by their id."""
        rows = self._db.all("SELECT nct_id, kind, shown_as, since, words FROM absences WHERE until IS NULL")
        return {row["nct_id"]: dict(row) for row in rows}

    def of(self, nct_id: str) -> list[dict[str, Any]]:
        """When a study was not shown, earliest first."""
        rows = self._db.all(
            "SELECT kind, shown_as, since, until, words FROM absences WHERE nct_id = ? ORDER BY since, id", (nct_id,)
        )
        return [dict(row) for row in rows]
