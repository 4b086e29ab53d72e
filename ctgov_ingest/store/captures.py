"""The table of captures: what came in, kept so that everything else can be worked out from it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare import Carried, Sighting, content_hash
from ctgov_ingest.compare.standing import earliest_day, registry_date
from ctgov_ingest.errors import StoreError
from ctgov_ingest.store.capture import Capture, IssueRow
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.packing import pack, unpack

Document = dict[str, Any]

FRESH = 0
"""The number of a capture that is not yet in the table."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture as it is kept, with its bytes."""

    id: int
    nct_id: str
    presentation: str
    reader: str
    source: str
    seen: str
    raw: bytes


class Captures:
    """Captures in and out of the table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._ids: dict[Carried, int | None] = {Carried.ALL: None}
        self._sets: dict[int | None, Carried] = {None: Carried.ALL}

    def holds(self, capture: Capture) -> bool:
        """Whether these very bytes of this study are held."""
        digest = hashlib.sha256(capture.raw).digest()
        return (
            self._db.one("SELECT 1 FROM captures WHERE nct_id = ? AND sha256 = ?", (capture.nct_id, digest)) is not None
        )

    def place(self, capture: Capture, today: str) -> Sighting:
        """Where a capture stands among the sightings of its study: by its own day, else by what it says."""
        seen = capture.retrieved or today
        return Sighting(
            capture_id=FRESH,
            registry_date=registry_date(capture.document),
            stood_on=capture.retrieved or earliest_day(capture.document) or seen,
            seen=seen,
            content_hash=content_hash(capture.document),
            presentation=capture.presentation,
            carried=capture.carried,
            rank=capture.rank,
        )

    def insert(self, capture: Capture, place: Sighting, taken_at: str, version: int | None, run: int | None) -> int:
        """Keep a capture; gives its number. Bytes that differ from kept ones in the stamp alone are not kept again."""
        twin = self._twin(capture.nct_id, place) if capture.raw_is_document else None
        number = self._db.insert(
            "captures",
            {
                "nct_id": capture.nct_id,
                "presentation": capture.presentation,
                "reader": capture.reader,
                "source": capture.source,
                "taken_at": taken_at,
                "registry_date": place.registry_date,
                "stood_on": place.stood_on,
                "seen": place.seen,
                "content_hash": place.content_hash,
                "sha256": hashlib.sha256(capture.raw).digest(),
                "rank": capture.rank,
                "carried": self._carried_id(capture.carried),
                "version": version,
                "raw": None if twin else pack(capture.raw),
                "raw_of": twin,
                "document": None if capture.raw_is_document else pack(jsontext.dumps(capture.document)),
                "run": run,
            },
        )
        if twin is None:
            self.put_issues(capture.nct_id, number, capture.issues)
        return number

    def put_issues(self, nct_id: str, capture: int, issues: Iterable[IssueRow]) -> None:
        """Keep the issues of a capture, in the place of those that it had."""
        self._db.execute("DELETE FROM issues WHERE capture = ?", (capture,))
        self._db.executemany(
            "INSERT INTO issues (nct_id, capture, code, path, raw, place, message) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(nct_id, capture, one.code, one.path, one.raw, one.place, one.message) for one in issues],
        )

    def _twin(self, nct_id: str, place: Sighting) -> int | None:
        """A capture of the same content whose bytes are kept."""
        row = self._db.one(
            "SELECT id FROM captures WHERE nct_id = ? AND content_hash = ? AND presentation = ? AND carried IS ? "
            "AND raw IS NOT NULL ORDER BY id LIMIT 1",
            (nct_id, place.content_hash, place.presentation, self._carried_id(place.carried)),
        )
        return None if row is None else int(row["id"])

    def update(self, kept: Kept, capture: Capture, today: str) -> None:
        """Put what today's reader makes of kept bytes in the place of what another made of them."""
        place = self.place(capture, today)
        self._db.execute(
            "UPDATE captures SET reader = ?, registry_date = ?, stood_on = ?, seen = ?, content_hash = ?, carried = ?, "
            "rank = ?, document = ? WHERE id = ?",
            (
                capture.reader,
                place.registry_date,
                place.stood_on,
                place.seen,
                place.content_hash,
                self._carried_id(capture.carried),
                capture.rank,
                None if capture.raw_is_document else pack(jsontext.dumps(capture.document)),
                kept.id,
            ),
        )
        self._db.execute(
            "UPDATE captures SET reader = ?, registry_date = ?, content_hash = ?, carried = ?, rank = ? WHERE raw_of = ?",
            (
                capture.reader,
                place.registry_date,
                place.content_hash,
                self._carried_id(capture.carried),
                capture.rank,
                kept.id,
            ),
        )
        self.put_issues(kept.nct_id, kept.id, capture.issues)

    def kept(self, nct_id: str) -> list[Kept]:
        """The captures of a study whose bytes are kept."""
        rows = self._db.all(
            "SELECT id, nct_id, presentation, reader, source, seen, raw FROM captures "
            "WHERE nct_id = ? AND raw IS NOT NULL ORDER BY id",
            (nct_id,),
        )
        return [Kept(**{**dict(row), "raw": unpack(row["raw"])}) for row in rows]

    def sightings(self, nct_id: str) -> list[Sighting]:
        """All sightings of a study."""
        return [self._sighting(row) for row in self._db.all(f"{_SIGHTINGS} nct_id = ?", (nct_id,))]

    def sighting(self, number: int) -> Sighting:
        """The sighting of one capture."""
        row = self._db.one(f"{_SIGHTINGS} id = ?", (number,))
        if row is None:
            raise StoreError(f"{self._db.path} is damaged: capture {number} is missing")
        return self._sighting(row)

    def _sighting(self, row: Row) -> Sighting:
        return Sighting(
            capture_id=row["id"],
            registry_date=row["registry_date"],
            stood_on=row["stood_on"],
            seen=row["seen"],
            content_hash=row["content_hash"],
            presentation=row["presentation"],
            carried=self._carried_set(row["carried"]),
            rank=row["rank"],
        )

    def document(self, number: int) -> Document:
        """The document of a capture. Raises StoreError when it is missing or damaged."""
        row = self._db.one("SELECT raw, raw_of, document FROM captures WHERE id = ?", (number,))
        if row is not None and row["raw_of"] is not None:
            return self.document(row["raw_of"])
        document = None if row is None else jsontext.loads(unpack(row["document"] or row["raw"]))
        if not isinstance(document, dict):
            raise StoreError(f"{self._db.path} is damaged: capture {number} holds no study")
        return document

    def _carried_id(self, carried: Carried) -> int | None:
        if carried not in self._ids:
            paths = jsontext.dumps(sorted(carried.paths or ())).decode()
            self._db.execute("INSERT OR IGNORE INTO carried (paths) VALUES (?)", (paths,))
            row = self._db.one("SELECT id FROM carried WHERE paths = ?", (paths,))
            self._ids[carried] = None if row is None else int(row["id"])
        return self._ids[carried]

    def _carried_set(self, number: int | None) -> Carried:
        if number not in self._sets:
            row = self._db.one("SELECT paths FROM carried WHERE id = ?", (number,))
            self._sets[number] = Carried.of(jsontext.loads(row["paths"]) if row else ())
        return self._sets[number]


_SIGHTINGS = "SELECT id, registry_date, stood_on, seen, content_hash, presentation, carried, rank FROM captures WHERE"


def numbered(place: Sighting, number: int) -> Sighting:
    """The sighting with the number that its capture was given."""
    return replace(place, capture_id=number)
