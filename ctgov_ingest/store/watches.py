"""What is followed: studies, searches with the studies that they have matched, the whole registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from ctgov_ingest.store.database import Connection, Row

WatchKind = Literal["study", "search", "all"]


@dataclass(frozen=True, slots=True)
class Watch:
    """One thing that is followed.

    `what`: the NCT id, or the search as JSON; empty for the whole registry. `dataset`: the registry's data set with
    which all of it was last held. `studies`: how many it stands for, as far as known.
    """

    id: int
    kind: WatchKind
    what: str
    added: str
    dataset: str | None
    studies: int


class Watches:
    """Watches in and out of their tables. Each call is a transaction."""

    def __init__(self, connection: Connection, now: Callable[[], str]) -> None:
        self._db = connection
        self._now = now

    def add(self, kind: WatchKind, what: str = "") -> bool:
        """Follow something. Says whether it was not followed yet."""
        sql = "INSERT OR IGNORE INTO watches (kind, what, added) VALUES (?, ?, ?)"
        with self._db.transaction():
            return self._db.execute(sql, (kind, what, self._now())).rowcount > 0

    def remove(self, kind: WatchKind, what: str = "") -> bool:
        """Follow something no longer; what is held of it stays. Says whether it was followed."""
        with self._db.transaction():
            mine = "SELECT id FROM watches WHERE kind = ? AND what = ?"
            self._db.execute(f"DELETE FROM watched_studies WHERE watch IN ({mine})", (kind, what))  # noqa: S608
            return self._db.execute("DELETE FROM watches WHERE kind = ? AND what = ?", (kind, what)).rowcount > 0

    def all(self) -> list[Watch]:
        """All that is followed, in the order in which it was added."""
        rows = self._db.all(
            "SELECT id, kind, what, added, dataset, CASE kind WHEN 'study' THEN 1 WHEN 'all' THEN "
            "(SELECT count(*) FROM studies) ELSE (SELECT count(*) FROM watched_studies s WHERE s.watch = w.id) END "
            "AS studies FROM watches w ORDER BY id"
        )
        return [Watch(**dict(row)) for row in rows]

    def members(self, watch: int) -> frozenset[str]:
        """The studies that a search has ever matched."""
        rows = self._db.all("SELECT nct_id FROM watched_studies WHERE watch = ?", (watch,))
        return frozenset(row["nct_id"] for row in rows)

    def conclude(self, watches: Iterable[Watch], matched: dict[int, frozenset[str]], dataset: str) -> None:
        """Note that everything followed is held as a data set has it; `matched`: what each search matches there."""
        day = dataset[:10]
        with self._db.transaction():
            for watch in watches:
                self._db.execute("UPDATE watches SET dataset = ? WHERE id = ?", (dataset, watch.id))
            for number, now in matched.items():
                self._match(number, now, day)

    def _match(self, watch: int, now: frozenset[str], day: str) -> None:
        before = self._db.all("SELECT nct_id, until FROM watched_studies WHERE watch = ?", (watch,))
        known = {row["nct_id"] for row in before}
        left = sorted(_open(before) - now)
        back = sorted((known - _open(before)) & now)
        update = "UPDATE watched_studies SET until = ? WHERE watch = ? AND nct_id = ?"
        self._db.executemany(update, [(day, watch, name) for name in left])
        self._db.executemany(update, [(None, watch, name) for name in back])
        self._db.executemany(
            "INSERT INTO watched_studies (watch, nct_id, since) VALUES (?, ?, ?)",
            [(watch, name, day) for name in sorted(now - known)],
        )


def _open(rows: Iterable[Row]) -> set[str]:
    return {row["nct_id"] for row in rows if row["until"] is None}
