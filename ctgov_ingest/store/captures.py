"""The table of captures: what came in, kept so that everything else can be worked out from it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import zstandard

from ctgov_ingest import jsontext
from ctgov_ingest.compare import STAMP, Carried, Sighting
from ctgov_ingest.errors import StoreError
from ctgov_ingest.store.capture import IssueRow
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.packing import unpack
from ctgov_ingest.store.prepared import Prepared

Document = dict[str, Any]

FRESH = 0
"""The number of a capture that is not yet in the table."""

NO_LONGER_READ = "no-longer-read"
"""The code of the issue of a capture whose bytes today's reader refuses; its old reading is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture as it is kept, with its bytes."""

    id: int
    nct_id: str
    presentation: str
    reader: str
    source: str
    taken_at: str
    seen: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """How a capture comes in: when, in which run, to which version, and whether its study is known."""

    taken_at: str
    run: int | None
    version: int | None
    is_known: bool


class Captures:
    """Captures in and out of the table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def holds(self, nct_id: str, sha256: bytes) -> bool:
        """Whether these very bytes of this study are held."""
        return self._db.one("SELECT 1 FROM captures WHERE nct_id = ? AND sha256 = ?", (nct_id, sha256)) is not None

    def insert(self, capture: Prepared, place: Sighting, entry: Entry) -> int:
        """Keep a capture; gives its number. Bytes that differ from kept ones in the stamp alone are not kept again."""
        twin = self._twin(capture, place) if entry.is_known else None
        number = self._db.insert(
            "captures",
            {
                "nct_id": capture.nct_id,
                "source": capture.source,
                "taken_at": entry.taken_at,
                "stood_on": place.stood_on,
                "seen": place.seen,
                "sha256": capture.sha256,
                "version": entry.version,
                "raw": None if twin else capture.raw,
                "raw_of": twin,
                "document": capture.document,
                "run": entry.run,
                **self._reading(capture),
            },
        )
        if twin is None:
            self._add_issues(capture.nct_id, number, capture.issues)
        return number

    def _reading(self, capture: Prepared) -> dict[str, Any]:
        """The columns that say how bytes were read; captures of the same bytes but for the stamp share them."""
        return {
            "presentation": capture.presentation,
            "reader": capture.reader,
            "registry_date": capture.registry_date,
            "submitted": capture.submitted,
            "content_hash": capture.content_hash,
            "rank": capture.rank,
            "carried": self._carried_id(capture.carried),
        }

    def _twin(self, capture: Prepared, place: Sighting) -> int | None:
        """A capture whose kept bytes say the same but for the stamp, so that with its stamp it stands for this one."""
        if capture.document is not None or capture.stamp != place.seen:
            return None
        row = self._db.one(
            "SELECT id FROM captures WHERE nct_id = ? AND content_hash = ? AND +presentation = ? AND carried IS ? "
            "AND raw IS NOT NULL AND document IS NULL ORDER BY id LIMIT 1",  # the + keeps to the index of nct_id
            (capture.nct_id, place.content_hash, place.presentation, self._carried_id(place.carried)),
        )
        return None if row is None else int(row["id"])

    def update(self, kept: Kept, capture: Prepared) -> None:
        """Put what today's reader makes of kept bytes in the place of what another made of them."""
        place = placed(capture, kept.taken_at[:10])
        reading = self._reading(capture)
        own = {"stood_on": place.stood_on, "seen": place.seen, "document": capture.document}
        self._set(kept.nct_id, "id", kept.id, {**reading, **own})
        self._set(kept.nct_id, "raw_of", kept.id, reading)
        self._put_issues(kept.nct_id, kept.id, capture.issues)

    def keep_reading(self, kept: Kept, reader: str, why: str) -> None:
        """Note that a reader refuses kept bytes; what was made of them before stays, until another reader comes."""
        self._set(kept.nct_id, "id", kept.id, {"reader": reader})
        self._set(kept.nct_id, "raw_of", kept.id, {"reader": reader})
        self._db.execute("DELETE FROM issues WHERE capture = ? AND code = ?", (kept.id, NO_LONGER_READ))
        self._add_issues(kept.nct_id, kept.id, [IssueRow(NO_LONGER_READ, f"kept as it was read before: {why}")])

    def _set(self, nct_id: str, column: str, number: int, values: dict[str, Any]) -> None:
        """Give columns of one study's captures new values, where `column` is `number`."""
        names = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(
            f"UPDATE captures SET {names} WHERE nct_id = ? AND {column} = ?",  # noqa: S608  # names of our own
            (*values.values(), nct_id, number),
        )

    def _put_issues(self, nct_id: str, capture: int, issues: Iterable[IssueRow]) -> None:
        """Keep the issues of a capture, in the place of those that it had."""
        self._db.execute("DELETE FROM issues WHERE capture = ?", (capture,))
        self._add_issues(nct_id, capture, issues)

    def _add_issues(self, nct_id: str, capture: int, issues: Iterable[IssueRow]) -> None:
        self._db.executemany(
            "INSERT INTO issues (nct_id, capture, code, path, raw, place, message) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(nct_id, capture, one.code, one.path, one.raw, one.place, one.message) for one in issues],
        )

    def issues(self, number: int) -> list[Row]:
        """The issues of a capture, or of the one whose bytes stand for it."""
        return self._db.all(
            "SELECT code, path, raw, place, message FROM issues "
            "WHERE capture = (SELECT coalesce(raw_of, id) FROM captures WHERE id = ?) ORDER BY id",
            (number,),
        )

    def kept(self, nct_id: str) -> Iterator[Kept]:
        """The captures of a study whose bytes are kept."""
        numbers = self._db.all("SELECT id FROM captures WHERE nct_id = ? AND raw IS NOT NULL ORDER BY id", (nct_id,))
        for number in numbers:
            row = self._db.one(
                "SELECT id, nct_id, presentation, reader, source, taken_at, seen, raw FROM captures WHERE id = ?",
                (number["id"],),
            )
            if row is not None:
                yield Kept(**{**dict(row), "raw": self._unpacked(row["id"], row["raw"])})

    def of_versions(self, nct_id: str) -> dict[int, dict[str, Any]]:
        """For each version of a study how many captures show it, and in which presentations, the richest first."""
        found: dict[int, dict[str, Any]] = {}
        for row in self._db.all(
            "SELECT version, presentation, count(*) AS n FROM captures WHERE nct_id = ? AND version IS NOT NULL "
            "GROUP BY version, presentation ORDER BY max(rank) DESC, presentation",
            (nct_id,),
        ):
            one = found.setdefault(row["version"], {"captures": 0, "presentations": []})
            one["captures"] += row["n"]
            one["presentations"].append(row["presentation"])
        return found

    def sources(self, nct_id: str) -> list[Row]:
        """Where the captures of a study came from, in the order in which they were seen."""
        return self._db.all(
            "SELECT seen, version, presentation, registry_date, taken_at, source FROM captures "
            "WHERE nct_id = ? ORDER BY seen, id",
            (nct_id,),
        )

    def sightings(self, nct_id: str) -> list[Sighting]:
        """All sightings of a study."""
        return [_sighting(row) for row in self._db.all(f"{_SIGHTINGS} nct_id = ?", (nct_id,))]

    def sighting(self, number: int) -> Sighting:
        """The sighting of one capture."""
        row = self._db.one(f"{_SIGHTINGS} c.id = ?", (number,))
        if row is None:
            raise StoreError(f"{self._db.path} is damaged: capture {number} is missing")
        return _sighting(row)

    def document(self, number: int) -> Document:
        """The document of a capture. Raises StoreError when it is missing or damaged."""
        row = self._db.one(
            "SELECT c.seen, c.raw_of, coalesce(c.document, c.raw, t.document, t.raw) AS packed "
            "FROM captures c LEFT JOIN captures t ON t.id = c.raw_of WHERE c.id = ?",
            (number,),
        )
        packed = None if row is None else self._unpacked(number, row["packed"])
        try:
            document = jsontext.loads(packed or b"")
        except jsontext.NotJson:
            document = None
        if row is None or not isinstance(document, dict):
            raise StoreError(f"{self._db.path} is damaged: capture {number} holds no study")
        return document if row["raw_of"] is None else _restamped(document, row["seen"])

    def _unpacked(self, number: int, packed: bytes | None) -> bytes:
        try:
            return unpack(packed or b"")
        except zstandard.ZstdError as error:
            raise StoreError(f"{self._db.path} is damaged: capture {number} cannot be unpacked") from error

    def _carried_id(self, carried: Carried) -> int | None:
        """The number of a set of paths; not remembered, since a transaction undone would take it back."""
        if carried.paths is None:
            return None
        paths = jsontext.dumps(sorted(carried.paths)).decode()
        self._db.execute("INSERT OR IGNORE INTO carried (paths) VALUES (?)", (paths,))
        row = self._db.one("SELECT id FROM carried WHERE paths = ?", (paths,))
        return None if row is None else int(row["id"])


_SIGHTINGS = (
    "SELECT c.id, registry_date, stood_on, seen, content_hash, presentation, rank, paths "
    "FROM captures c LEFT JOIN carried ON carried.id = c.carried WHERE"
)


@lru_cache(maxsize=256)
def _carried(paths: str | None) -> Carried:
    return Carried.ALL if paths is None else Carried.of(jsontext.loads(paths))


def _sighting(row: Row) -> Sighting:
    return Sighting(
        capture_id=row["id"],
        registry_date=row["registry_date"],
        stood_on=row["stood_on"],
        seen=row["seen"],
        content_hash=row["content_hash"],
        presentation=row["presentation"],
        carried=_carried(row["paths"]),
        rank=row["rank"],
    )


def placed(capture: Prepared, today: str, number: int = FRESH) -> Sighting:
    """Where a capture stands among the sightings of its study: by its own day, else by what it says, else today."""
    seen = capture.seen or today
    return Sighting(
        capture_id=number,
        registry_date=capture.registry_date,
        stood_on=capture.stood_on or seen,
        seen=seen,
        content_hash=capture.content_hash,
        presentation=capture.presentation,
        carried=capture.carried,
        rank=capture.rank,
    )


def _restamped(document: Document, day: str) -> Document:
    """The document with another stamp."""
    *above, leaf = STAMP.split(".")
    node: Any = document
    for name in above:
        node = node.get(name) if isinstance(node, dict) else None
    if isinstance(node, dict) and leaf in node:
        node[leaf] = day
    return document
