"""What happened, in named events: worked out from the versions, the change log and the absences when it is asked for.

Nothing of it is kept: the change log and two documents a version are enough, and what is asked for by name is looked
for only in versions with changes of its kind. So better rules tell the past anew, and nothing has to be migrated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from heapq import merge
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare.events import Event, events, kinds_of
from ctgov_ingest.compare.standing import stands_since
from ctgov_ingest.store.captures import Captures
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.history import changes_of

_VERSIONS = """
    SELECT v.nct_id, v.version, v.registry_date, v.first_seen AS seen_at, v.stood_from, v.capture,
           p.capture AS capture_before, p.registry_date AS date_before
    FROM versions v JOIN versions p ON p.nct_id = v.nct_id AND p.version = v.version - 1
    WHERE EXISTS (SELECT 1 FROM json_each(v.kinds) WHERE value IN (SELECT value FROM json_each(?3)))
      AND v.first_seen >= ?1 AND (?2 IS NULL OR v.nct_id = ?2)
    ORDER BY v.first_seen, v.nct_id, v.version
"""
_ABSENCES = """
    SELECT a.nct_id, a.seen_at, a.name,
           (SELECT max(version) FROM versions v WHERE v.nct_id = a.nct_id AND v.first_seen <= a.seen_at) AS version
    FROM (SELECT nct_id, since AS seen_at, 'record_delisted' AS name FROM absences WHERE kind = 'gone' UNION ALL
          SELECT nct_id, until, 'record_returned' FROM absences WHERE kind = 'gone' AND until IS NOT NULL) a
    WHERE a.seen_at >= ?1 AND (?2 IS NULL OR a.nct_id = ?2)
    ORDER BY a.seen_at, a.nct_id, a.name
"""

_Asked = tuple[str, str | None]
"""The first day, and the study."""


class Happenings:
    """The events of all studies."""

    def __init__(self, connection: Connection, captures: Captures) -> None:
        self._db = connection
        self._captures = captures

    def told(
        self, names: Collection[str] = (), since: str | None = None, nct_id: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Events in the order in which they were seen: all, or those of some names, seen since a day, of a study."""
        asked = (since or "", nct_id)
        rows = merge(self._of_versions(names, asked), self._of_absences(asked), key=_place)
        return (row for row in rows if not names or row["event"] in names)

    def _of_versions(self, names: Collection[str], asked: _Asked) -> Iterator[dict[str, Any]]:
        kinds = kinds_of(names)
        for row in self._db.all(_VERSIONS, (*asked, jsontext.dumps(sorted(kinds)).decode())):
            for event in self._between(row, kinds):
                yield _told(row, event)

    def _between(self, row: Row, kinds: Collection[str]) -> list[Event]:
        """What happened between a version and the one before it, on the day since which it stands."""
        return events(
            self._captures.document(row["capture_before"]),
            self._captures.document(row["capture"]),
            changes_of(self._db, row["nct_id"], row["version"]),
            stands_since(row["registry_date"], row["date_before"], row["stood_from"]),
            kinds,
        )

    def _of_absences(self, asked: _Asked) -> Iterator[dict[str, Any]]:
        for row in self._db.all(_ABSENCES, asked):
            yield _told({**dict(row), "registry_date": None}, Event(row["name"], "status", "registry", {}, ()))


def _told(row: Row | dict[str, Any], event: Event) -> dict[str, Any]:
    """An event with its study, version and days."""
    place = {name: row[name] for name in ("nct_id", "version", "registry_date", "seen_at")}
    told = {"event": event.name, "kind": event.kind, "by": event.by, "data": event.data, "paths": list(event.paths)}
    return place | told


def _place(told: dict[str, Any]) -> tuple[str, str, int]:
    return (told["seen_at"], told["nct_id"], told["version"] or 0)
