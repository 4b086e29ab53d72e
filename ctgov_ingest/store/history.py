"""Versions, changes and the latest study, worked out from captures: extended by one, or told anew as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare import Carried, Change, Sighting, Verdict, Version, changes_between, extend, fold
from ctgov_ingest.compare.kinds import ORDER
from ctgov_ingest.store.again import Sightings
from ctgov_ingest.store.captures import FRESH, Captures, Document, on
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.prepared import Prepared
from ctgov_ingest.store.projection import COLUMNS, Cell, project

Pair = tuple[Sighting, Sighting]


class History:
    """The versions of studies. All writing happens inside the caller's transaction."""

    def __init__(
        self, connection: Connection, captures: Captures, again: Sightings, follow: Callable[[], None]
    ) -> None:
        """`follow` is called when the current version of a study changed."""
        self._db = connection
        self._captures = captures
        self._again = again
        self._follow = follow

    def judge(self, last: Version, place: Sighting, text: bytes) -> Verdict:
        """What a capture that is not yet kept is to the latest version of its study; `text` is its document as JSON."""
        return extend(last, place, lambda one: jsontext.loads(text) if one == FRESH else self._captures.document(one))

    def begin(self, capture: Prepared, last: Version | None, sighting: Sighting) -> None:
        """Add the next version of a study, begun by a capture that has just come in."""
        version = Version.begun(last.number + 1 if last else 1, sighting)
        if last is not None:
            self._captures.keep_as_text(capture.nct_id, sighting.capture_id, capture.text, is_fresh=True)
        self._put_study(capture.nct_id, version, capture.cells, capture.text, is_known=last is not None)
        self._insert(capture.nct_id, version, capture.cells, self.changes(last, version))

    def join(self, nct_id: str, last: Version, sighting: Sighting) -> bool:
        """Add a capture to the latest version. Says whether that moves more than the day last seen: `refold` then."""
        version = last.joined(sighting)
        if _row_of(version) != _row_of(last):
            return False
        self._db.execute(
            "UPDATE version_rows SET last_seen = max(last_seen, ?), last_capture = ? WHERE nct_id = ? AND version = ?",
            (sighting.seen, sighting.capture_id, nct_id, version.number),
        )
        sql = "UPDATE study_rows SET last_seen = ? WHERE nct_id = ? AND last_seen < ?"
        self._db.execute(sql, (sighting.seen, nct_id, sighting.seen))
        return True

    def refold(self, nct_id: str) -> bool:
        """Work out all versions of a study from its captures. Says whether their number changed."""
        before = self._count(nct_id)
        versions = self._fold(nct_id)
        self._db.execute("DELETE FROM version_rows WHERE nct_id = ?", (nct_id,))
        self._db.execute("DELETE FROM changes WHERE nct_id = ?", (nct_id,))
        previous: Version | None = None
        document: Document = {}
        for version in versions:
            document = self._captures.document(version.capture_id)
            self._insert(nct_id, version, project(document), self.changes(previous, version))
            self._db.executemany(
                "UPDATE captures SET version = ? WHERE id = ?",
                [(version.number, one) for one in dict.fromkeys(version.sightings)],
            )
            previous = version
        if previous is not None:
            self._conclude(nct_id, previous, document)
        return len(versions) != before

    def _fold(self, nct_id: str) -> list[Version]:
        """The versions of a study. A capture whose days belong to several of them is first made several captures."""
        versions = fold(self._captures.sightings(nct_id), self._captures.document)
        counts: dict[int, list[int]] = {}
        for version in versions:
            for capture, count in Counter(version.sightings).items():
                counts.setdefault(capture, []).append(count)
        torn = {capture: parts for capture, parts in counts.items() if len(parts) > 1}
        for capture, parts in torn.items():
            self._captures.split(nct_id, capture, parts)
        return self._fold(nct_id) if torn else versions

    def _conclude(self, nct_id: str, latest: Version, document: Document) -> None:
        """Show the latest version, and note what the study stands by."""
        text = self._captures.text(latest.capture_id, document)
        self._captures.keep_as_text(nct_id, latest.capture_id, text, is_fresh=False)
        self._put_study(nct_id, latest, project(document), text)
        self._again.rest(nct_id)
        last = latest.last.capture_id
        if by := self._captures.stands_by(last):
            self._again.stand(nct_id, last, by)

    def _count(self, nct_id: str) -> int:
        row = self._db.one("SELECT count(*) AS n FROM version_rows WHERE nct_id = ?", (nct_id,))
        return int(row["n"]) if row else 0

    def latest(self, nct_id: str) -> Version | None:
        """The latest version of a study, as far as adding to it needs it."""
        row = self._db.one("SELECT * FROM version_rows WHERE nct_id = ? ORDER BY version DESC LIMIT 1", (nct_id,))
        return None if row is None else self._version(row)

    def version(self, nct_id: str, number: int) -> Version | None:
        """A version of a study by its number, as far as comparing it needs it."""
        row = self._db.one("SELECT * FROM version_rows WHERE nct_id = ? AND version = ?", (nct_id, number))
        return None if row is None else self._version(row)

    def _version(self, row: Row) -> Version:
        witnesses = tuple(self._captures.sighting(one) for one in jsontext.loads(row["witnesses"]))
        known = {one.capture_id: one for one in witnesses}
        last = known.get(row["last_capture"]) or self._captures.sighting(row["last_capture"])
        day = self._again.last_day(row["nct_id"], last.capture_id)
        return Version(
            number=row["version"],
            registry_date=row["registry_date"],
            stood_from=row["stood_from"],
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            capture_id=row["capture"],
            content_hash=known[row["capture"]].content_hash,
            presentation=row["presentation"],
            sightings=(),
            witnesses=witnesses,
            last=on(last, day) if day and day > last.seen else last,
        )

    def changes(self, before: Version | None, after: Version) -> list[Change]:
        """What differs between two versions, in what both can show.

        The richest captures of both tell the most of it; others tell what those cannot show, and all of it where the
        richest tell nothing.
        """
        if before is None:
            return []
        pairs = list(product(before.witnesses, after.witnesses))
        found = self._told_by(_telling(pairs)) or self._told_by(pairs)
        return sorted(found.values(), key=lambda change: ORDER[change.kind])

    def _told_by(self, pairs: Iterable[Pair]) -> dict[str, Change]:
        """What pairs of captures differ in, by path; where several tell a path, the richest."""
        load = lru_cache(maxsize=8)(self._captures.document)
        found: dict[str, Change] = {}
        for old, new in pairs:
            for change in changes_between(old, new, load):
                found.setdefault(change.path, change)
        return found

    def _insert(self, nct_id: str, version: Version, cells: Sequence[Cell], changes: list[Change]) -> None:
        kinds = list(dict.fromkeys(change.kind for change in changes))
        self._db.insert(
            "version_rows",
            {
                "nct_id": nct_id,
                "version": version.number,
                "registry_date": version.registry_date,
                "stood_from": version.stood_from,
                "first_seen": version.first_seen,
                "last_seen": version.last_seen,
                "presentation": version.presentation,
                "capture": version.capture_id,
                "overall_status": cells[_STATUS],
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

    def _put_study(
        self, nct_id: str, version: Version, cells: Sequence[Cell], text: bytes, *, is_known: bool = True
    ) -> None:
        """Put a study's latest version, with its document as JSON, in the place of the one that was."""
        first, last = version.first_seen, version.last_seen
        if is_known:
            sql = "SELECT min(first_seen), max(last_seen) FROM versions WHERE nct_id = ?"
            others = [day for day in self._db.one(sql, (nct_id,)) or () if day]
            first, last = min((first, *others)), max((last, *others))
        self._db.execute(_PUT_STUDY, (nct_id, *cells, version.number, version.presentation, first, last, text))
        self._follow()


_STATUS = list(COLUMNS).index("overall_status")

_PUT_COLUMNS = (*COLUMNS, "version", "presentation", "first_seen", "last_seen", "study")
_PUT_STUDY = (
    f"INSERT INTO study_rows (nct_id, {', '.join(_PUT_COLUMNS)}) "  # noqa: S608  # names of our own
    f"VALUES ({'?, ' * len(_PUT_COLUMNS)}CAST(? AS TEXT)) "
    f"ON CONFLICT (nct_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _PUT_COLUMNS)}"
)


def _telling(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The pairs that can show what none before them can."""
    compared: list[Carried] = []
    for old, new in pairs:
        both = old.carried & new.carried
        if not any(both & other == both for other in compared):
            compared.append(both)
            yield old, new


def _row_of(version: Version) -> tuple[Any, ...]:
    """What the rows of a version and of its changes say of its captures, the day last seen left out."""
    witnesses = [one.capture_id for one in version.witnesses]
    return (version.capture_id, version.registry_date, version.first_seen, witnesses)


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


_CHANGES = "SELECT path, op, old, new, kind, by FROM changes WHERE nct_id = ? AND version = ? ORDER BY id"


def changes_of(connection: Connection, nct_id: str, version: int) -> list[Change]:
    """What the change log says of a version."""
    return [Change(**change_of(row)) for row in connection.all(_CHANGES, (nct_id, version))]


def change_of(row: Row) -> dict[str, Any]:
    """A row of the log of changes with its values as they were."""
    values = dict(row)
    return values | {side: None if values[side] is None else jsontext.loads(values[side]) for side in ("old", "new")}


def _json(value: Any) -> str | None:
    return None if value is None else jsontext.dumps(value).decode()
