"""Lists of versions: what is known to exist, beside the versions that are held."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.issue import Issue
from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.packing import pack


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
        told = self._db.one("SELECT count(*) AS n FROM listed_versions WHERE nct_id = ? AND presentation = ?", key)
        if told is None or len(listed.rows) >= told["n"]:
            self._tell(listed, number)
        return True

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
