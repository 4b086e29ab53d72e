"""What a store tells: studies, their versions, and what follows from these. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from ctgov_ingest import jsontext
from ctgov_ingest.compare import Carried, Change
from ctgov_ingest.compare.standing import stands_since
from ctgov_ingest.errors import NotHeld
from ctgov_ingest.store.candidates import Candidate, candidates
from ctgov_ingest.store.captures import Captures, Document
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.history import History, change_of
from ctgov_ingest.store.lists import Lists

if TYPE_CHECKING:
    from ctgov_ingest.compare.life import Stage
    from ctgov_ingest.compare.outcomes import OutcomeRow
    from ctgov_ingest.compare.timeline import Spell

Axis = Literal["registry", "seen"]
"""What the registry said on a day, or what had been seen of it by then."""

_CHANGES = "SELECT nct_id, version, registry_date, seen_at, path, op, old, new, kind, by FROM changes"


class Telling:
    """The half of a store that reads. `Store` opens the file, and sets what this half works with."""

    _db: Connection
    _captures: Captures
    _history: History
    _lists: Lists

    def nct_ids(self) -> list[str]:
        """The studies that are held."""
        return [row["nct_id"] for row in self._db.all("SELECT nct_id FROM studies ORDER BY nct_id")]

    def known(self) -> list[str]:
        """The studies of which anything is kept: those that are held, and those of which there is but a list."""
        rows = self._db.all("SELECT nct_id FROM studies UNION SELECT nct_id FROM lists ORDER BY nct_id")
        return [row["nct_id"] for row in rows]

    def held(self, nct_ids: Iterable[str]) -> set[str]:
        """Those of the studies that are held."""
        return {row["nct_id"] for row in self._of("nct_id", nct_ids)}

    def latest(self, nct_ids: Iterable[str]) -> Iterator[tuple[str, str, Document]]:
        """Of those that are held: id, the day last seen, and the document of the latest version."""
        for row in self._of("nct_id, last_seen, study", nct_ids):
            yield row["nct_id"], row["last_seen"], jsontext.loads(row["study"])

    def _of(self, columns: str, nct_ids: Iterable[str]) -> Iterator[Row]:
        """Columns of those of the studies that are held, in the order of ids."""
        names = jsontext.dumps(sorted(nct_ids)).decode()
        sql = f"SELECT {columns} FROM studies WHERE nct_id IN (SELECT value FROM json_each(?)) ORDER BY nct_id"  # noqa: S608
        return self._db.rows(sql, (names,))

    def versions(self, nct_id: str) -> list[dict[str, Any]]:
        """The versions of a study, earliest first, each with its number of captures and where they were read from.

        Raises NotHeld.
        """
        rows = self._db.all(
            "SELECT version, registry_date, stood_from, first_seen, last_seen, presentation, overall_status, kinds, "
            "capture FROM versions WHERE nct_id = ? ORDER BY version",
            (nct_id,),
        )
        if not rows:
            raise NotHeld(f"the store {self._db.path} holds no study {nct_id}")
        shown = self._captures.of_versions(nct_id)
        none = {"captures": 0, "presentations": []}
        return [{**dict(row), "kinds": jsontext.loads(row["kinds"]), **shown.get(row["version"], none)} for row in rows]

    def listed(self, nct_id: str) -> list[dict[str, Any]]:
        """The versions of a study that lists tell of, each with whether it is held; none where no list is stored."""
        return self._lists.rows(nct_id)

    def version(
        self, nct_id: str, number: int | None = None, as_of: str | None = None, axis: Axis = "registry"
    ) -> dict[str, Any]:
        """One version: by its number, by a day on one of the axes, or the latest. Raises NotHeld.

        Of a month or a year `as_of` takes its end. On the axis of the registry it is the version that stood on that
        day: from its update date on; one that the registry made without an update (a flip to UNKNOWN) from the day on
        which it was seen so. On that of what was seen it is the latest of the versions that had been seen by then.
        """
        versions = self.versions(nct_id)
        if number is not None:
            versions = [one for one in versions if one["version"] == number]
        elif as_of is not None:
            days = _starts(versions) if axis == "registry" else [one["first_seen"][:10] for one in versions]
            versions = [one for one, since in zip(versions, days, strict=True) if since <= _last_day(as_of)]
        if not versions:
            raise NotHeld(f"the store {self._db.path} holds no {_wanted(number, as_of, axis)} {nct_id}")
        return versions[-1]

    def document(self, version: dict[str, Any]) -> Document:
        """The content of a version, with the API's names."""
        return self._captures.document(version["capture"])

    def captures(self, nct_id: str) -> list[dict[str, Any]]:
        """Where the captures of a study came from, when they were seen, and which version each shows."""
        return [dict(row) for row in self._captures.sources(nct_id)]

    def carried(self, version: dict[str, Any]) -> Carried:
        """What the capture can show that stands for a version."""
        return self._captures.sighting(version["capture"]).carried

    def source(self, version: dict[str, Any]) -> str:
        """Where the capture came from that stands for a version."""
        row = self._db.one("SELECT source FROM captures WHERE id = ?", (version["capture"],))
        return str(row["source"]) if row else ""

    def issues(self, version: dict[str, Any]) -> list[dict[str, Any]]:
        """What users should know of how a version was read."""
        return [dict(row) for row in self._captures.issues(version["capture"])]

    def pair(
        self, nct_id: str, old: int | None = None, new: int | None = None
    ) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        """The rows of two versions, by default of the last two; None for the old one where there is none before.

        Raises NotHeld.
        """
        later = self.version(nct_id, new)
        if old is None and later["version"] == 1:
            return None, later
        return self.version(nct_id, old if old is not None else later["version"] - 1), later

    def diff(self, nct_id: str, old: int | None = None, new: int | None = None) -> list[Change]:
        """The changes between two versions, by default the last two. Raises NotHeld; [] where there is only one."""
        earlier, later = self.pair(nct_id, old, new)
        if earlier is None:
            return []
        before, after = (self._history.version(nct_id, one["version"]) for one in (earlier, later))
        return [] if after is None else self._history.changes(before, after)

    def changes(
        self, since: str | None = None, kind: str | None = None, nct_id: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """The change log over all studies, oldest first: all, or those seen since a day, of a kind, of a study."""
        wanted = {"seen_at >= ?": since, "kind = ?": kind, "nct_id = ?": nct_id}
        clauses = [clause for clause, value in wanted.items() if value is not None]
        where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
        rows = self._db.rows(
            f"{_CHANGES} {where} ORDER BY seen_at, nct_id, version, id",
            [value for value in wanted.values() if value is not None],
        )
        return map(change_of, rows)

    def events(
        self, names: Collection[str] = (), since: str | None = None, nct_id: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """What happened over all studies, in named events, oldest first (`compare/events_table.py`)."""
        from ctgov_ingest.store.happened import Happenings  # what it needs takes long to load

        return Happenings(self._db, self._captures).told(names, since, nct_id)

    def due_candidates(
        self, kind: str, on: date, within: int = 0, nct_ids: frozenset[str] | None = None
    ) -> Iterator[Candidate]:
        """The studies of which something of a kind may be due on a day or so many days after it; the rules decide.

        The kinds are those of `due.RULES`. `nct_ids`: of these alone.
        """
        return candidates(self._db, kind, on + timedelta(days=within), nct_ids)

    def timeline(self, nct_id: str) -> list[Spell]:
        """The statuses of a study in order, and how sure their days are. Raises NotHeld."""
        from ctgov_ingest.compare.timeline import timeline  # what it needs takes long to load
        from ctgov_ingest.store.statuses import Statuses

        statuses = Statuses(self._db, self._captures)
        return timeline(statuses.standings(nct_id, self.versions(nct_id)), statuses.first_posted(nct_id))

    def life(self, nct_id: str, field: str) -> tuple[str, list[Stage]]:
        """The path that `field` means, and the values that stood there. Raises NotHeld and NoSuchPath."""
        from ctgov_ingest.store.fields import Fields  # what it needs takes long to load

        versions = self.versions(nct_id)
        starts = dict(zip((one["version"] for one in versions), _starts(versions), strict=True))
        return Fields(self._db, self._captures, self._history).life(nct_id, field, starts)

    def outcomes(self, nct_id: str) -> list[OutcomeRow]:
        """What happened to each outcome of a study, and whether it was reported. Raises NotHeld."""
        from ctgov_ingest.compare.outcomes import outcomes  # what it needs takes long to load
        from ctgov_ingest.store.snapshots import snapshots

        versions = self.versions(nct_id)
        return outcomes(list(snapshots(self._db, self._captures, self._history, nct_id, versions)))


def _wanted(number: int | None, as_of: str | None, axis: Axis) -> str:
    """What was asked for, in words."""
    if number is not None:
        return f"version {number} of"
    return f"version of {as_of} or before of" if axis == "registry" else f"version that had been seen by {as_of} of"


def _starts(versions: list[dict[str, Any]]) -> list[str]:
    dates = [None, *(one["registry_date"] for one in versions)]
    return [
        stands_since(one["registry_date"], before, one["stood_from"])
        for one, before in zip(versions, dates, strict=False)
    ]


def _last_day(period: str) -> str:
    """The end of a year or month, for comparing texts: `2012-02-31` lies behind all days of the month."""
    return {4: f"{period}-12-31", 7: f"{period}-31"}.get(len(period), period)
