"""Whether a store holds what it says: every capture's bytes to the letter, every version, every list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare import content_hash
from ctgov_ingest.errors import StoreError
from ctgov_ingest.store.captures import Captures
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.kept import KeptBytes
from ctgov_ingest.store.packing import Damage, unpack


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be: in which table, of which study and row, and what."""

    table: str
    nct_id: str | None
    row: int | None
    words: str

    def __str__(self) -> str:
        place = " ".join(str(one) for one in (self.nct_id, self.table, self.row) if one is not None)
        return f"{place}: {self.words}"

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


@dataclass(slots=True)
class Verified:
    """How much was looked at, and what is wrong.

    `inexact`: captures of which older programs kept the content and not the very bytes, where the bytes of another day
    said the same in another order; their content is whole.
    """

    captures: int = 0
    versions: int = 0
    lists: int = 0
    inexact: int = 0
    problems: list[Problem] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers, as `--json` gives them."""
        told = {name: getattr(self, name) for name in ("captures", "versions", "lists", "inexact")}
        return {**told, "problems": len(self.problems)}


class Verifying:
    """Goes over a store, study by study; nothing is written."""

    def __init__(self, connection: Connection, captures: Captures) -> None:
        self._db = connection
        self._captures = captures
        self._kept = KeptBytes(connection)

    def run(self, advance: Callable[[], None]) -> Verified:
        """Look at everything. `advance` is called once a study."""
        found = Verified()
        found.problems += self._file()
        for row in self._db.all("SELECT DISTINCT nct_id FROM captures ORDER BY nct_id"):
            self._study(row["nct_id"], found)
            advance()
        found.problems += self._lists(found)
        found.problems += self._deliveries()
        return found

    def _file(self) -> Iterator[Problem]:
        """What SQLite itself finds: pages, indexes, rows that others name."""
        for row in self._db.rows("PRAGMA integrity_check"):
            if row[0] != "ok":
                yield Problem("file", None, None, str(row[0]))
        for row in self._db.rows("PRAGMA foreign_key_check"):
            yield Problem(row["table"], None, row["rowid"], f"names a row of {row['parent']} that is not there")

    def _study(self, nct_id: str, found: Verified) -> None:
        sql = "SELECT id, seen, sha256, content_hash, raw_of, version FROM captures WHERE nct_id = ? ORDER BY id"
        rows = self._db.all(sql, (nct_id,))
        for row in rows:
            found.captures += 1
            try:
                words = self._capture(row, found)
            except StoreError as error:
                words = str(error)
            if words:
                found.problems.append(Problem("captures", nct_id, row["id"], words))
        found.problems += self._versions(nct_id, {row["id"]: row["version"] for row in rows}, found)

    def _capture(self, row: Row, found: Verified) -> str | None:
        """What is wrong with a capture."""
        raw = self._kept.of(row["id"]) if row["raw_of"] is None else self._kept.restamped(row["raw_of"], row["seen"])
        is_exact = raw is not None and hashlib.sha256(raw).digest() == row["sha256"]
        if not is_exact and row["raw_of"] is None:
            return "its bytes have not the hash with which they came in"
        if content_hash(self._captures.document(row["id"])) != row["content_hash"]:
            return "its content has not the hash with which it was read"
        found.inexact += not is_exact
        return None

    def _versions(self, nct_id: str, captures: dict[int, int], found: Verified) -> Iterator[Problem]:
        """What is wrong with the versions of a study, and with what is shown of it."""
        rows = self._db.all("SELECT version, capture, last_capture FROM version_rows WHERE nct_id = ?", (nct_id,))
        found.versions += len(rows)
        for row in rows:
            number = row["version"]
            if any(captures.get(row[name]) != number for name in ("capture", "last_capture")):
                yield Problem("versions", nct_id, number, "shows a capture that is not one of its own")
        if set(captures.values()) != {row["version"] for row in rows}:
            yield Problem("versions", nct_id, None, "has other versions than its captures tell of")
        yield from self._shown(nct_id, max((row["version"] for row in rows), default=None))

    def _shown(self, nct_id: str, latest: int | None) -> Iterator[Problem]:
        sql = (
            "SELECT s.version, CAST(s.study AS BLOB) AS text, c.content_hash FROM study_rows s "
            "JOIN version_rows v USING (nct_id, version) JOIN captures c ON c.id = v.capture WHERE s.nct_id = ?"
        )
        row = self._db.one(sql, (nct_id,))
        if row is None or row["version"] != latest:
            yield Problem("studies", nct_id, None, "does not show the latest version")
            return
        try:
            is_same = content_hash(jsontext.loads(bytes(row["text"]))) == row["content_hash"]
        except (jsontext.NotJson, AttributeError):
            is_same = False
        if not is_same:
            yield Problem("studies", nct_id, None, "shows something else than the latest version")

    def _lists(self, found: Verified) -> Iterator[Problem]:
        for row in self._db.rows("SELECT id, nct_id, sha256, raw FROM lists ORDER BY id"):
            found.lists += 1
            try:
                is_whole = hashlib.sha256(unpack(row["raw"])).digest() == row["sha256"]
            except Damage:
                is_whole = False
            if not is_whole:
                yield Problem("lists", row["nct_id"], row["id"], "its bytes have not the hash with which they came in")

    def _deliveries(self) -> Iterator[Problem]:
        """Sightings whose delivery, or one before it, is missing or not in the order of days."""
        for row in self._db.rows(
            "SELECT g.study, g.capture FROM sightings g LEFT JOIN deliveries d ON d.id = g.delivery WHERE d.id IS NULL"
        ):
            yield Problem("sightings", f"NCT{row['study']:08d}", row["capture"], "names no delivery")
        for row in self._db.rows(
            "SELECT d.id FROM deliveries d LEFT JOIN deliveries b ON b.id = d.before "
            "WHERE d.before IS NOT NULL AND (b.id IS NULL OR b.day >= d.day)"
        ):
            yield Problem("deliveries", None, row["id"], "names none before it, or one that is not before it")
