"""Lists of versions: what is known to exist, beside the versions that are held."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import zstandard

from ctgov_ingest import jsontext
from ctgov_ingest.errors import StoreError
from ctgov_ingest.issue import Issue
from ctgov_ingest.store.captures import NO_LONGER_READ, Kept
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.packing import pack, unpack


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version as a list tells it: its number from 0 where it has one, its day, its status, what changed."""

    number: int | None
    date: str
    status: str | None
    modules: tuple[str, ...]
    raw: str


@dataclass(frozen=True, slots=True)
class VersionList:
    """A list of a study's versions, oldest first, as it came in and as it was read."""

    nct_id: str
    presentation: str
    reader: str
    source: str
    raw: bytes
    rows: tuple[ListedVersion, ...]
    issues: Sequence[Issue] = ()


class Lists:
    """Lists in and out of their tables. All writing happens inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, listed: VersionList, taken_at: str, run: int | None) -> bool:
        """Keep a list, and tell its rows in the place of those of an older or shorter one. Says whether it was new."""
        sha256 = hashlib.sha256(listed.raw).digest()
        key = (listed.nct_id, listed.presentation)
        if self._db.one("SELECT 1 FROM lists WHERE nct_id = ? AND presentation = ? AND sha256 = ?", (*key, sha256)):
            return False
        number = self._db.insert(
            "lists",
            {
                "nct_id": listed.nct_id,
                "presentation": listed.presentation,
                "reader": listed.reader,
                "source": listed.source,
                "taken_at": taken_at,
                "sha256": sha256,
                "raw": pack(listed.raw),
                "issues": jsontext.dumps([asdict(issue) for issue in listed.issues]).decode(),
                "run": run,
            },
        )
        if len(listed.rows) >= self._told(*key)[1]:
            self._tell(listed, number)
        return True

    def kept(self, nct_id: str) -> list[Kept]:
        """The lists of a study with their bytes, as they came. Raises StoreError for damaged ones."""
        rows = self._db.all(
            "SELECT id, nct_id, presentation, reader, source, taken_at, raw FROM lists WHERE nct_id = ? ORDER BY id",
            (nct_id,),
        )
        return [Kept(**{**dict(row), "seen": row["taken_at"][:10], "raw": _unpacked(row)}) for row in rows]

    def read_again(self, found: Sequence[tuple[Kept, VersionList]]) -> None:
        """Put what today's reader makes of a study's lists in the place of what another made of them.

        Told are the rows of the longest, of equally long ones the latest; those of a list that is no longer read stay
        where no other is as long.
        """
        told = {kept.presentation: self._told(kept.nct_id, kept.presentation) for kept, _ in found}
        longest: dict[str, tuple[Kept, VersionList]] = {}
        for kept, listed in found:
            self._note(kept, listed.reader, listed.issues)
            best = longest.get(kept.presentation)
            if best is None or len(listed.rows) >= len(best[1].rows):
                longest[kept.presentation] = kept, listed
        readable = {kept.id for kept, _ in found}
        for name, (kept, listed) in longest.items():
            number, rows = told[name]
            if number is None or number in readable or len(listed.rows) >= rows:
                self._tell(listed, kept.id)

    def keep_reading(self, kept: Kept, reader: str, why: str) -> None:
        """Note that a reader refuses a list; its rows stay, until another reader comes."""
        self._note(kept, reader, [Issue(NO_LONGER_READ, f"kept as it was read before: {why}")])

    def _note(self, kept: Kept, reader: str, issues: Sequence[Issue]) -> None:
        told = jsontext.dumps([asdict(issue) for issue in issues]).decode()
        self._db.execute("UPDATE lists SET reader = ?, issues = ? WHERE id = ?", (reader, told, kept.id))

    def _told(self, nct_id: str, presentation: str) -> tuple[int | None, int]:
        """Which list's rows are told, and how many they are."""
        row = self._db.one(
            "SELECT max(list) AS list, count(*) AS n FROM listed_versions WHERE nct_id = ? AND presentation = ?",
            (nct_id, presentation),
        )
        return (None, 0) if row is None else (row["list"], row["n"])

    def _tell(self, listed: VersionList, number: int) -> None:
        self._db.execute(
            "DELETE FROM listed_versions WHERE nct_id = ? AND presentation = ?", (listed.nct_id, listed.presentation)
        )
        self._db.executemany(
            "INSERT INTO listed_versions (nct_id, presentation, place, number, date, status, modules, raw, list) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    listed.nct_id,
                    listed.presentation,
                    place,
                    row.number,
                    row.date,
                    row.status,
                    jsontext.dumps(list(row.modules)).decode(),
                    row.raw,
                    number,
                )
                for place, row in enumerate(listed.rows)
            ],
        )

    def rows(self, nct_id: str) -> list[dict[str, Any]]:
        """The listed versions of a study, each with whether it is held.

        A version is held where a capture has its day: as the day that its page names, or as the day on which the
        record says that it was last handed in.
        """
        rows = self._db.all(
            "SELECT presentation, number, date, status, modules, EXISTS (SELECT 1 FROM captures c WHERE "
            "c.nct_id = l.nct_id AND l.date IN (c.registry_date, c.submitted)) AS held FROM listed_versions l "
            "WHERE nct_id = ? ORDER BY presentation, place",
            (nct_id,),
        )
        return [{**dict(row), "modules": jsontext.loads(row["modules"]), "held": bool(row["held"])} for row in rows]


def _unpacked(row: Row) -> bytes:
    try:
        return unpack(row["raw"])
    except (zstandard.ZstdError, TypeError) as error:
        raise StoreError(f"the bytes of list {row['id']} of {row['nct_id']} are damaged: {error}") from error
