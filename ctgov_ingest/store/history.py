"""Versions, changes and the latest study, worked out from captures: extended by one, or told anew as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare import Change, Sighting, Verdict, Version, compare, extend, fold
from ctgov_ingest.store.captures import FRESH, Captures, Document
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.projection import COLUMNS, overall_status, project

Load = Callable[[int], Document]


class History:
    """The versions of studies. All writing happens inside the caller's transaction."""

    def __init__(self, connection: Connection, captures: Captures) -> None:
        self._db = connection
        self._captures = captures

    def judge(self, nct_id: str, place: Sighting, document: Document) -> tuple[Version | None, Verdict]:
        """The latest version of a study, and what a capture that is not yet kept is to it."""
        last = self._last(nct_id)
        if last is None:
            return None, Verdict.NEW
        return last, extend(last, place, lambda one: document if one == FRESH else self._captures.document(one))

    def begin(self, nct_id: str, last: Version | None, sighting: Sighting, document: Document) -> None:
        """Add the next version of a study, begun by a capture."""
        version = Version.begun(last.number + 1 if last else 1, sighting)
        changes = self._changes(last, version, document)
        self._insert(nct_id, version, document, changes)
        first = min(last.first_seen, sighting.seen) if last else sighting.seen
        self._put_study(nct_id, version, document, first, max(last.last_seen, sighting.seen) if last else sighting.seen)

    def join(self, nct_id: str, last: Version, sighting: Sighting) -> None:
        """Add a capture to the latest version. Where it says more than the ones before, the study is told anew."""
        version = last.joined(sighting)
        if version.capture_id != last.capture_id:
            self.refold(nct_id)
            return
        self._db.execute(
            "UPDATE versions SET first_seen = ?, last_seen = ?, registry_date = ?, witnesses = ?, last_capture = ? "
            "WHERE nct_id = ? AND version = ?",
            (
                version.first_seen,
                version.last_seen,
                version.registry_date,
                _witnesses(version),
                sighting.capture_id,
                nct_id,
                version.number,
            ),
        )
        self._db.execute(
            "UPDATE studies SET first_seen = min(first_seen, ?), last_seen = max(last_seen, ?) WHERE nct_id = ?",
            (sighting.seen, sighting.seen, nct_id),
        )

    def refold(self, nct_id: str) -> bool:
        """Work out all versions of a study from its captures. Says whether their number changed."""
        before = self._count(nct_id)
        self._db.execute("DELETE FROM versions WHERE nct_id = ?", (nct_id,))
        self._db.execute("DELETE FROM changes WHERE nct_id = ?", (nct_id,))
        versions = fold(self._captures.sightings(nct_id), self._captures.document)
        previous: Version | None = None
        for version in versions:
            document = self._captures.document(version.capture_id)
            self._insert(nct_id, version, document, self._changes(previous, version, document))
            self._db.executemany(
                "UPDATE captures SET version = ? WHERE id = ?",
                [(version.number, one) for one in version.sightings],
            )
            previous = version
        if previous is not None:
            first, last = min(one.first_seen for one in versions), max(one.last_seen for one in versions)
            self._put_study(nct_id, previous, self._captures.document(previous.capture_id), first, last)
        return len(versions) != before

    def _count(self, nct_id: str) -> int:
        row = self._db.one("SELECT count(*) AS n FROM versions WHERE nct_id = ?", (nct_id,))
        return int(row["n"]) if row else 0

    def _last(self, nct_id: str) -> Version | None:
        """The latest version of a study, as far as adding to it needs it."""
        row = self._db.one("SELECT * FROM versions WHERE nct_id = ? ORDER BY version DESC LIMIT 1", (nct_id,))
        return None if row is None else self._version(row)

    def _version(self, row: Row) -> Version:
        witnesses = tuple(self._captures.sighting(one) for one in jsontext.loads(row["witnesses"]))
        known = {one.capture_id: one for one in witnesses}
        last = row["last_capture"]
        return Version(
            number=row["version"],
            registry_date=row["registry_date"],
            stood_from=row["stood_from"],
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            capture_id=row["capture"],
            content_hash=row["content_hash"],
            presentation=row["presentation"],
            sightings=(),
            witnesses=witnesses,
            last=known.get(last) or self._captures.sighting(last),
        )

    def _changes(self, previous: Version | None, version: Version, document: Document) -> list[Change]:
        """What a version changed, in what both versions can show."""
        if previous is None:
            return []
        before = self._captures.document(previous.capture_id)
        return compare(before, document, carried=previous.witnesses[0].carried & version.witnesses[0].carried)

    def _insert(self, nct_id: str, version: Version, document: Document, changes: list[Change]) -> None:
        kinds = list(dict.fromkeys(change.kind for change in changes))
        self._db.insert(
            "versions",
            {
                "nct_id": nct_id,
                "version": version.number,
                "registry_date": version.registry_date,
                "stood_from": version.stood_from,
                "first_seen": version.first_seen,
                "last_seen": version.last_seen,
                "presentation": version.presentation,
                "capture": version.capture_id,
                "content_hash": version.content_hash,
                "overall_status": overall_status(document),
                "kinds": jsontext.dumps(kinds).decode(),
                "witnesses": _witnesses(version),
                "last_capture": version.last.capture_id,
            },
        )
        self._db.executemany(
            "INSERT INTO changes (nct_id, version, registry_date, seen_at, path, op, old, new, kind, by) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_change_row(nct_id, version, change) for change in changes],
        )

    def _put_study(self, nct_id: str, version: Version, document: Document, first: str, last: str) -> None:
        values = {
            "nct_id": nct_id,
            **dict(zip(COLUMNS, project(document), strict=True)),
            "version": version.number,
            "presentation": version.presentation,
            "first_seen": first,
            "last_seen": last,
            "study": jsontext.dumps(document).decode(),
        }
        self._db.execute("DELETE FROM studies WHERE nct_id = ?", (nct_id,))
        self._db.insert("studies", values)


def _witnesses(version: Version) -> str:
    return jsontext.dumps([one.capture_id for one in version.witnesses]).decode()


def _change_row(nct_id: str, version: Version, change: Change) -> tuple[Any, ...]:
    return (
        nct_id,
        version.number,
        version.registry_date,
        version.first_seen,
        change.path,
        change.op,
        _json(change.old),
        _json(change.new),
        change.kind,
        change.by,
    )


def _json(value: Any) -> str | None:
    return None if value is None else jsontext.dumps(value).decode()
