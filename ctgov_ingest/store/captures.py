"""The table of captures: what came in, kept so that everything else can be worked out from it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare import STAMP, Carried, Sighting
from ctgov_ingest.errors import StoreError
from ctgov_ingest.issue import Issue
from ctgov_ingest.stamps import stamped
from ctgov_ingest.store.again import Arrival, Sightings
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.kept import KeptBytes
from ctgov_ingest.store.packing import pack, unpack
from ctgov_ingest.store.prepared import Prepared, one_line

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
    """How a capture comes in: when, in which run, to which version; whether its text becomes that of the study."""

    taken_at: str
    run: int | None
    version: int | None
    is_known: bool
    begins: bool


class Captures:
    """Captures in and out of the table."""

    def __init__(self, connection: Connection, again: Sightings) -> None:
        self._db = connection
        self._again = again
        self._kept = KeptBytes(connection)

    def holds(self, capture: Prepared) -> bool:
        """Whether these very bytes of this study are held, in a row of their own or as a day of another's."""
        rows = self._db.all("SELECT id, seen, sha256, content_hash FROM captures WHERE nct_id = ?", (capture.nct_id,))
        if any(row["sha256"] == capture.sha256 for row in rows):
            return True
        alike = [row["id"] for row in rows if row["content_hash"] == capture.content_hash]
        days = self._again.days(capture.nct_id) if alike and capture.fingerprint else {}
        on_that_day = (one for one in alike if any(day["day"] == capture.seen for day in days.get(one, ())))
        return any(self._kept.sha256(one, capture.seen or "") == capture.sha256 for one in on_that_day)

    def insert(self, capture: Prepared, place: Sighting, entry: Entry) -> int:
        """Keep a capture; gives its number. Bytes that differ from kept ones in the stamp alone are not kept again."""
        twin = self._twin(capture, place) if entry.is_known else None
        raw, base = (None, None) if twin else self._packed(capture, entry)
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
                "raw": raw,
                "raw_of": twin,
                "base": base,
                "document": capture.document,
                "run": entry.run,
                **self._reading(capture),
            },
        )
        if twin is None:
            self._add_issues(capture.nct_id, number, capture.issues)
        return number

    def _packed(self, capture: Prepared, entry: Entry) -> tuple[bytes | None, int | None]:
        """The bytes as they are kept, and beside which others; None where they are just the text of the study."""
        if entry.begins and capture.raw is None:
            return None, None
        if capture.raw is not None and not entry.is_known:
            return capture.raw, None
        raw = capture.text if capture.raw is None else unpack(capture.raw)
        return self._kept.beside_kin(capture.nct_id, capture.presentation, raw, capture.raw or pack(raw))

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
        """A capture whose kept bytes are the same to the letter but for the stamp, so that they stand for these too."""
        if capture.fingerprint is None:
            return None
        rows = self._db.all(
            "SELECT id FROM captures WHERE nct_id = ? AND content_hash = ? AND +presentation = ? AND carried IS ? "
            "AND raw_of IS NULL AND document IS NULL ORDER BY id",  # the + keeps to the index of nct_id
            (capture.nct_id, place.content_hash, place.presentation, self._carried_id(place.carried)),
        )
        alike = (int(row["id"]) for row in rows)
        return next((one for one in alike if self._kept.sha256(one, place.seen) == capture.sha256), None)

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
        self._add_issues(kept.nct_id, kept.id, [Issue(NO_LONGER_READ, f"kept as it was read before: {why}")])

    def _set(self, nct_id: str, column: str, number: int, values: dict[str, Any]) -> None:
        """Give columns of one study's captures new values, where `column` is `number`."""
        names = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(
            f"UPDATE captures SET {names} WHERE nct_id = ? AND {column} = ?",  # noqa: S608  # names of our own
            (*values.values(), nct_id, number),
        )

    def _put_issues(self, nct_id: str, capture: int, issues: Iterable[Issue]) -> None:
        """Keep the issues of a capture, in the place of those that it had."""
        self._db.execute("DELETE FROM issues WHERE capture = ?", (capture,))
        self._add_issues(nct_id, capture, issues)

    def _add_issues(self, nct_id: str, capture: int, issues: Iterable[Issue]) -> None:
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
        for row in self._db.all(
            "SELECT id, nct_id, presentation, reader, source, taken_at, seen FROM captures "
            "WHERE nct_id = ? AND raw_of IS NULL ORDER BY id",
            (nct_id,),
        ):
            yield Kept(**dict(row), raw=self._kept.of(row["id"]))

    def of_versions(self, nct_id: str) -> dict[int, dict[str, Any]]:
        """For each version of a study how often it was seen, and in which presentations, the richest first."""
        found: dict[int, dict[str, Any]] = {}
        again = self._again.days(nct_id)
        for row in self._db.all(
            "SELECT id, version, presentation FROM captures WHERE nct_id = ? AND version IS NOT NULL "
            "ORDER BY rank DESC, presentation, id",
            (nct_id,),
        ):
            one = found.setdefault(row["version"], {"captures": 0, "presentations": []})
            one["captures"] += 1 + len(again.get(row["id"], ()))
            if row["presentation"] not in one["presentations"]:
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
        """All sightings of a study: its captures, and the later days on which their bytes were seen again."""
        again = self._again.days(nct_id)
        own = [_sighting(row) for row in self._db.all(f"{_SIGHTINGS} nct_id = ?", (nct_id,))]
        return own + [on(one, day["day"]) for one in own for day in again.get(one.capture_id, ())]

    def sighting(self, number: int) -> Sighting:
        """The sighting of one capture."""
        row = self._db.one(f"{_SIGHTINGS} c.id = ?", (number,))
        if row is None:
            raise StoreError(f"{self._db.path} is damaged: capture {number} is missing")
        return _sighting(row)

    def split(self, nct_id: str, number: int, counts: Sequence[int]) -> None:
        """Make several captures of one whose days turned out to belong to several versions, so many to each."""
        own, days = self.sighting(number), self._again.days(nct_id)[number]
        self._again.keep(nct_id, number, days[: counts[0] - 1])
        begin = counts[0] - 1
        for count in counts[1:]:
            first, *others = days[begin : begin + count]
            begin += count
            source = str(first["source"]).replace("NCT*", nct_id)
            sha256 = self._kept.sha256(own.capture_id, first["day"])
            values = (source, first["taken_at"], first["day"], first["day"], sha256, first["run"], number)
            self._again.keep(nct_id, int(self._db.execute(_SPLIT, values).lastrowid or 0), others)

    def document(self, number: int) -> Document:
        """The document of a capture. Raises StoreError when it is missing or damaged."""
        row = self._db.one(
            "SELECT c.seen, c.raw_of, coalesce(c.document, t.document) AS document "
            "FROM captures c LEFT JOIN captures t ON t.id = c.raw_of WHERE c.id = ?",
            (number,),
        )
        if row is None:
            raise StoreError(f"{self._db.path} is damaged: capture {number} is missing")
        packed = row["document"]
        text = self._kept.of(row["raw_of"] or number) if packed is None else self._kept.unpacked(number, packed)
        try:
            document = jsontext.loads(text)
        except jsontext.NotJson:
            document = None
        if not isinstance(document, dict):
            raise StoreError(f"{self._db.path} is damaged: capture {number} holds no study")
        return document if row["raw_of"] is None else _restamped(document, row["seen"])

    def text(self, number: int, document: Document) -> bytes:
        """The document of a capture as JSON on one line: its own bytes where they are that."""
        row = self._db.one("SELECT raw_of, document FROM captures WHERE id = ?", (number,))
        if row is None or row["raw_of"] is not None or row["document"] is not None:
            return jsontext.dumps(document)
        return one_line(self._kept.of(number), document)

    def keep_as_text(self, nct_id: str, number: int, text: bytes, *, is_fresh: bool) -> None:
        """Make room for the text of a study's latest version, which a capture's bytes may be just so."""
        self._kept.keep_as_text(nct_id, number, text, is_fresh=is_fresh)

    def stands_by(self, number: int) -> Arrival | None:
        """What tells a capture's bytes again; None where they must be read each time."""
        row = self._db.one(
            "SELECT c.nct_id, c.source, c.seen, c.taken_at, c.run, c.reader FROM captures c "
            "LEFT JOIN captures t ON t.id = c.raw_of WHERE c.id = ? AND coalesce(c.document, t.document) IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM issues WHERE capture = coalesce(c.raw_of, c.id) AND code = ?)",
            (number, NO_LONGER_READ),
        )
        found = stamped(self._kept.of(number)) if row else None
        if row is None or found is None or (found.nct_id, found.day) != (row["nct_id"], row["seen"]):
            return None
        return Arrival(found.fingerprint(row["reader"]), row["source"], row["seen"], row["taken_at"], row["run"])

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


def on(sighting: Sighting, day: str) -> Sighting:
    """The same seen on a later day."""
    return replace(sighting, stood_on=day, seen=day)


_SPLIT = """
INSERT INTO captures (source, taken_at, stood_on, seen, sha256, run, nct_id, presentation, reader, registry_date,
    submitted, content_hash, rank, carried, raw_of)
SELECT ?, ?, ?, ?, ?, ?, nct_id, presentation, reader, registry_date, submitted, content_hash, rank, carried,
    coalesce(raw_of, id) FROM captures WHERE id = ?
"""


def _restamped(document: Document, day: str) -> Document:
    """The document with another stamp."""
    *above, leaf = STAMP.split(".")
    node: Any = document
    for name in above:
        node = node.get(name) if isinstance(node, dict) else None
    if isinstance(node, dict) and leaf in node:
        node[leaf] = day
    return document
