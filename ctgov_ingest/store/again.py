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
        values = (again.nct_id, again.presentation, again.reader, again.day, again.day, NO_LONGER_READ)
        row = self._db.one(_LAST, values)
        return row if row is not None and again.sha256(row["seen"]) == row["sha256"] else None

    def note(self, again: Again, kept: Row, taken_at: str, run: int | None) -> None:
        """Note that they were seen on another day than the kept ones; bytes that are held say nothing new."""
        day = again.day
        values = (again.source, taken_at, day, day, again.sha256(day), run, *kept[:-2])
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
SELECT kept.id AS raw_of, v.version, kept.nct_id, kept.presentation, kept.reader, kept.registry_date, kept.submitted,
    kept.content_hash, kept.rank, kept.carried, kept.sha256, kept.seen
FROM versions v JOIN captures last ON last.id = v.last_capture
    JOIN captures kept ON kept.id = coalesce(last.raw_of, last.id)
WHERE v.nct_id = ? AND v.version = (SELECT max(version) FROM versions WHERE nct_id = v.nct_id)
    AND kept.presentation = ? AND kept.reader = ? AND kept.document IS NULL
    AND last.stood_on <= ? AND v.last_seen <= ?
    AND NOT EXISTS (SELECT 1 FROM issues WHERE capture = kept.id AND code = ?)
"""

_SEEN_AGAIN = """
INSERT OR IGNORE INTO captures (source, taken_at, stood_on, seen, sha256, run, raw_of, version, nct_id, presentation,
    reader, registry_date, submitted, content_hash, rank, carried)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
