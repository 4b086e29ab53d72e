"""Bytes that are kept already and came in once more, under the stamp of a later day: noted without being read.

Of 600,000 studies about a thousand change from one day to the next. The others are told by their bytes: with the stamp
of the kept bytes put in the place of their own, they have the kept bytes' hash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ctgov_ingest.store.captures import NO_LONGER_READ
from ctgov_ingest.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Again:
    """Bytes that may be kept ones under another stamp.

    `day`: the day of their stamp. `sha256`: gives the hash that they would have with the stamp of another day.
    """

    nct_id: str
    presentation: str
    reader: str
    source: str
    day: str
    sha256: Callable[[str], bytes]


class Sightings:
    """Notes in the tables that kept bytes were seen again. Writing happens inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def kept(self, again: Again) -> Row | None:
        """The last capture of the study's latest version, where these are its bytes and not those of an earlier day.

        What is not so easily told (a day before the last, a capture that no reader reads any more) is for reading.
        """
        values = (NO_LONGER_READ, again.nct_id, again.presentation, again.reader, again.day, again.day)
        row = self._db.one(_LAST, values)
        return row if row is not None and again.sha256(row["seen"]) == row["sha256"] else None

    def note(self, again: Again, kept: Row, taken_at: str, run: int | None) -> None:
        """Note that they were seen on their day; the same day's bytes say nothing new."""
        day = again.day
        sha256 = kept["sha256"] if day == kept["seen"] else again.sha256(day)
        values = (again.source, taken_at, day, day, sha256, kept["version"], run, kept["id"])
        if self._db.execute(_SEEN_AGAIN, values).rowcount == 0:
            return
        self._db.execute(
            "UPDATE versions SET last_seen = ?, last_capture = last_insert_rowid() WHERE nct_id = ? AND version = ?",
            (day, again.nct_id, kept["version"]),
        )
        self._db.execute(
            "UPDATE studies SET last_seen = ? WHERE nct_id = ? AND last_seen < ?", (day, again.nct_id, day)
        )


_LAST = """
SELECT v.version, kept.id, kept.sha256, kept.seen
FROM versions v JOIN captures last ON last.id = v.last_capture
    JOIN captures kept ON kept.id = coalesce(last.raw_of, last.id)
WHERE NOT EXISTS (SELECT 1 FROM issues WHERE capture = kept.id AND code = ?)
    AND v.nct_id = ? AND v.version = (SELECT max(version) FROM versions WHERE nct_id = v.nct_id)
    AND kept.presentation = ? AND kept.reader = ? AND kept.document IS NULL
    AND last.stood_on <= ? AND v.last_seen <= ?
"""

_SEEN_AGAIN = """
INSERT OR IGNORE INTO captures (nct_id, source, taken_at, stood_on, seen, sha256, version, run, raw_of, presentation,
    reader, registry_date, submitted, content_hash, rank, carried)
SELECT nct_id, ?, ?, ?, ?, ?, ?, ?, id, presentation, reader, registry_date, submitted, content_hash, rank, carried
FROM captures WHERE id = ?
"""
