"""Bytes that are kept already and came in once more, under the stamp of a later day: noted without being read.

Of 600,000 studies about a thousand change from one day to the next. The others are told by a fingerprint of their bytes
without the stamp. What is the same for a whole file (the day, the file, when it came in, the run) is noted once, as a
*delivery*; for each study that it showed again, a number in a narrow row moves.

A delivery names the one before it in which the same bytes were seen, so that a row a study tells all their days. Bytes
that were not seen in some delivery between have one of their own way back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from sys import intern
from typing import NamedTuple

from ctgov_ingest import jsontext
from ctgov_ingest.store.database import Connection, Row

Days = list[Row]
"""`day`, `source`, `taken_at` and `run` of deliveries, the earliest first."""

_PLACE = re.compile(r"(?:::.*|#[0-9]+)$", re.DOTALL)
"""What a source says behind the name of the file: a member of an archive, the number of a line or item."""


@dataclass(frozen=True, slots=True)
class Last:
    """The bytes that a study stands by, as far as telling them again needs it, and in which delivery they were seen."""

    capture: int
    delivery: int
    day: str
    fingerprint: bytes

    def again(self, nct_id: str, source: str, day: str) -> Again:
        """These bytes under the stamp of a day that is not earlier."""
        return Again(nct_id, intern(file_of(source, nct_id)), day, self.capture, self.delivery, self.day)


class Again(NamedTuple):
    """Kept bytes of a study that were seen again, on `day`, in a file; and what was held then: see `Last`."""

    nct_id: str
    file: str
    day: str
    capture: int
    delivery: int
    last_day: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """The fingerprint of a capture's bytes, and how it came in on its own day."""

    fingerprint: bytes
    source: str
    day: str
    taken_at: str
    run: int | None


class Sightings:
    """Deliveries, and in which of them bytes were seen. Writing happens inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def last(self, nct_ids: Iterable[str]) -> dict[str, Last]:
        """What studies stand by; those that must be read, whatever comes in, are left out."""
        numbers = jsontext.dumps([number_of(one) for one in nct_ids]).decode()
        return {f"NCT{row[0]:08d}": Last(*row[1:]) for row in self._db.rows(_LAST, (numbers,))}

    def note(self, seen: Sequence[Again], taken_at: str, run: int | None) -> set[str]:
        """Note that bytes were seen again. Gives the studies that stand by something else since that was looked up."""
        refused: set[str] = set()
        later = sorted((one for one in seen if one.day > one.last_day), key=_way)
        for (before, day, file), found in groupby(later, _way):
            refused |= self._move(list(found), self._delivery(before, day, file, taken_at, run))
        return refused

    def _move(self, seen: list[Again], delivery: int) -> set[str]:
        rows = [(delivery, number_of(one.nct_id), one.capture, one.delivery) for one in seen]
        if self._db.executemany(_MOVE, rows) == len(rows):
            return set()
        now = self.last(one.nct_id for one in seen)
        return {one.nct_id for one in seen if one.nct_id not in now or now[one.nct_id].delivery != delivery}

    def stand(self, nct_id: str, capture: int, by: Arrival) -> None:
        """Note what a study stands by from now on, and where its bytes were seen."""
        study = number_of(nct_id)
        row = self._db.one("SELECT delivery FROM sightings WHERE study = ? AND capture = ?", (study, capture))
        delivery = row["delivery"] if row else self._first(nct_id, by)
        self._db.execute(_STAND, (study, capture, delivery, by.fingerprint))

    def begin(self, nct_id: str, capture: int, by: Arrival) -> None:
        """The same of a capture that is not yet noted."""
        self._db.execute(_BEGIN, (number_of(nct_id), capture, self._first(nct_id, by), by.fingerprint))

    def rest(self, nct_id: str) -> None:
        """Note that something else came after what a study stood by."""
        sql = "UPDATE sightings SET fingerprint = NULL WHERE study = ? AND fingerprint IS NOT NULL"
        self._db.execute(sql, (number_of(nct_id),))

    def _first(self, nct_id: str, by: Arrival) -> int:
        """The delivery of a capture on its own day; what lies before that day is not its own.

        Where the file showed others again already, it is theirs: captures then go on together.
        """
        file = file_of(by.source, nct_id)
        known: int | None = self._db.memo.get(("delivery", by.day, file))
        if known is None:
            before = self._db.one("SELECT id FROM deliveries WHERE day < ? ORDER BY day DESC, id LIMIT 1", (by.day,))
            known = self._delivery(before["id"] if before else None, by.day, file, by.taken_at, by.run)
        return known

    def _delivery(self, before: int | None, day: str, source: str, taken_at: str, run: int | None) -> int:
        """The number of a delivery; it is made where there is none."""
        sql = "SELECT id FROM deliveries WHERE day = ? AND source = ? AND before IS ?"
        row = self._db.one(sql, (day, source, before))
        values = {"day": day, "source": source, "taken_at": taken_at, "run": run, "before": before}
        number = int(row["id"]) if row else self._db.insert("deliveries", values)
        self._db.memo["delivery", day, source] = number
        return number

    def days(self, nct_id: str) -> dict[int, Days]:
        """For each capture of a study that was seen again, the deliveries after its own day."""
        rows = self._db.all(_OF_STUDY, (number_of(nct_id),))
        found = {row["capture"]: list(reversed(list(self._back(row["delivery"], row["seen"])))) for row in rows}
        return {capture: days for capture, days in found.items() if days}

    def _back(self, delivery: int, until: str) -> Iterator[Row]:
        yield from self._db.rows(_BACK, (delivery, until))

    def last_day(self, nct_id: str, capture: int) -> str | None:
        """The last day on which a capture's bytes were seen, where that is noted."""
        row = self._db.one(_LAST_DAY, (number_of(nct_id), capture))
        return None if row is None else str(row["day"])

    def keep(self, nct_id: str, capture: int, days: Days) -> None:
        """Note that a capture was seen again on these days, and on no others."""
        study = number_of(nct_id)
        self._db.execute("DELETE FROM sightings WHERE study = ? AND capture = ?", (study, capture))
        if days:
            self._db.execute(_BEGIN, (study, capture, days[-1]["id"], None))


def number_of(nct_id: str) -> int:
    """The number in an NCT id."""
    return int(nct_id[3:])


def file_of(source: str, nct_id: str) -> str:
    """The file or address of a source, with NCT* for the id: that which is the same for many records."""
    return _PLACE.sub("", source).replace(nct_id, "NCT*")


def _way(one: Again) -> tuple[int, str, str]:
    return one.delivery, one.day, one.file


_LAST = """
SELECT g.study, g.capture, g.delivery, d.day, g.fingerprint FROM sightings g JOIN deliveries d ON d.id = g.delivery
WHERE g.study IN (SELECT value FROM json_each(?)) AND g.fingerprint IS NOT NULL
"""

_MOVE = """
UPDATE sightings SET delivery = ? WHERE study = ? AND capture = ? AND delivery = ? AND fingerprint IS NOT NULL
"""

_BEGIN = "INSERT INTO sightings (study, capture, delivery, fingerprint) VALUES (?, ?, ?, ?)"

_STAND = f"{_BEGIN} ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint"

_LAST_DAY = """
SELECT d.day FROM sightings g JOIN deliveries d ON d.id = g.delivery WHERE g.study = ? AND g.capture = ?
"""

_OF_STUDY = """
SELECT g.capture, g.delivery, c.seen FROM sightings g JOIN captures c ON c.id = g.capture WHERE g.study = ?
"""

_BACK = """
WITH RECURSIVE back AS (
    SELECT * FROM deliveries WHERE id = ?1 AND day > ?2
    UNION ALL SELECT d.* FROM back JOIN deliveries d ON d.id = back.before WHERE d.day > ?2)
SELECT day, source, taken_at, run, id FROM back
"""
