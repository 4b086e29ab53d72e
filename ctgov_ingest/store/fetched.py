"""Addresses that were got once and for all: a version in the record history, a page in an archive."""

from __future__ import annotations

from ctgov_ingest.store.database import Connection


class Fetched:
    """Addresses in and out of their table. All writing happens inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def urls(self, nct_id: str) -> frozenset[str]:
        """The addresses of a study that need not be asked again."""
        return frozenset(row["url"] for row in self._db.all("SELECT url FROM fetched WHERE nct_id = ?", (nct_id,)))

    def note(self, url: str, nct_id: str, outcome: str, now: str, run: int | None) -> None:
        """Note that an address was got, and what came of it."""
        self._db.execute(
            "INSERT OR REPLACE INTO fetched (url, nct_id, taken_at, outcome, run) VALUES (?, ?, ?, ?, ?)",
            (url, nct_id, now, outcome, run),
        )
