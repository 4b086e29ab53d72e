"""What is worked out from the current versions on demand: child tables, full-text index; built in bulk, then kept up.

Both stand outside of the migrated schema: they are made and dropped as asked, and can be made again at any time. A set
that was built notes by triggers which studies changed since, whoever changed them; `refresh` brings it up to date with
those alone. With the setting to keep them up that happens in the transaction that stores a version.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from filelock import FileLock, Timeout

from ctgov_ingest.errors import NotHeld, StoreError
from ctgov_ingest.store.database import Connection
from ctgov_ingest.tables import plain

PAGE = 500
"""Studies that are read and written at once while a set is built."""

LAST = "~"
"""Behind all NCT ids."""


class Study(NamedTuple):
    """A study as sets take it: its id, and its content as a plain study."""

    nct_id: str
    content: Any


def studies_behind(connection: Connection, after: str, until: str, most: int) -> list[Study]:
    """The studies of a store behind an id, and no further than until another, in their order: so many at most."""
    return [Study(row["nct_id"], plain(row["study"])) for row in connection.all(_STUDIES, (after, until, most))]


class Set(Protocol):
    """A set of tables that follow from the current versions. Writing happens inside the caller's transaction."""

    name: str
    definition: str
    """Changes when what it holds of a study changes: then it wants to be built anew."""

    def create(self) -> None:
        """Make its tables, empty."""

    def drop(self) -> None:
        """Drop its tables, where they are there."""

    def add(self, studies: Sequence[Study]) -> None:
        """Add studies that it does not hold."""

    def add_apart(self, jobs: int, folder: Path) -> Iterator[int] | None:
        """Add all studies in so many other processes, and give their number each time; None where it cannot be.

        What they make goes into the folder.
        """

    def finish(self) -> None:
        """Make what is quicker made after all were added."""

    def counts(self) -> dict[str, int]:
        """How many rows its tables have."""

    def replace(self, nct_id: str, old: Any, new: Any) -> None:
        """Put a study's content in the place of what it held of it; None: it held none, or the study is gone."""


class State(NamedTuple):
    """How a set stands: whether it can be used, is kept up, is of this program's definition, and is how far behind."""

    name: str
    is_built: bool
    is_kept: bool
    is_current: bool
    built_at: str | None
    behind: int


_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS derived (name TEXT PRIMARY KEY, definition TEXT NOT NULL, kept INTEGER NOT NULL, "
    "built_at TEXT) STRICT",
)
_BEHIND = "CREATE TABLE {0}_behind (nct_id TEXT PRIMARY KEY, old TEXT) STRICT, WITHOUT ROWID"
_NOTE = (
    "CREATE TRIGGER {0}_{1} AFTER {2} ON study_rows BEGIN INSERT INTO {0}_behind SELECT {3}.nct_id, {4} "
    "WHERE NOT EXISTS (SELECT 1 FROM {0}_behind b WHERE b.nct_id = {3}.nct_id); END"
)
_EVENTS = (
    ("new", "INSERT", "new", "NULL"),
    ("changed", "UPDATE OF study", "new", "old.study"),
    ("gone", "DELETE", "old", "old.study"),
)
"""What happens to a study, and what of it is noted: its id, and what the set may hold of it."""


class Derived:
    """The sets of a store, and which of them are built."""

    def __init__(self, connection: Connection, sets: Sequence[Set], now: Callable[[], str]) -> None:
        self._db = connection
        self._sets = {one.name: one for one in sets}
        self._now = now

    @property
    def names(self) -> tuple[str, ...]:
        """The sets that there are."""
        return tuple(self._sets)

    def states(self) -> list[State]:
        """How each set stands."""
        rows = {row["name"]: row for row in self._db.all("SELECT * FROM derived")} if self._is_there("derived") else {}
        return [self._state(one, rows.get(name)) for name, one in self._sets.items()]

    def _state(self, one: Set, row: Any) -> State:
        if row is None:
            return State(one.name, False, False, True, None, 0)
        behind = self._db.all(f"SELECT count(*) FROM {one.name}_behind")[0][0]  # noqa: S608  # names of our own
        is_current = row["definition"] == one.definition
        return State(one.name, row["built_at"] is not None, bool(row["kept"]), is_current, row["built_at"], behind)

    def require(self, name: str) -> State:
        """How a set stands that is needed. Raises NotHeld where it is not there to be used."""
        state = next(one for one in self.states() if one.name == name)
        if not (state.is_built and state.is_current):
            why = "is of an older program" if state.is_built else "is not built"
            raise NotHeld(f"the {name} of the store {self._db.path} {why}: run ctgov-ingest tables build")
        return state

    def build(
        self, names: Sequence[str], *, keep: bool, jobs: int = 1, advance: Callable[[int], None] = lambda count: None
    ) -> None:
        """Build sets anew from the current versions, those for which it can be in `jobs` processes.

        `advance` is called with the number of studies that were added, for each that goes its own way once more.

        Others may write meanwhile; what they change is noted, and taken in at the end. After a kill nothing that is
        half built is taken for built: it wants to be built again. Raises StoreError where another builds already.
        """
        sets = [self._sets[name] for name in names]
        with _workshop(self._db.path) as folder:
            self.drop(names)
            with self._db.transaction():
                for one in sets:
                    self._begin(one, keep)
            for added in self._added(sets, jobs, folder):
                advance(added)
            self._end(sets)

    def _end(self, sets: Sequence[Set]) -> None:
        with self._db.transaction():
            for one in sets:
                one.finish()
                self._drain(one)
                self._db.execute("UPDATE derived SET built_at = ? WHERE name = ?", (self._now(), one.name))

    def _begin(self, one: Set, keep: bool) -> None:
        for statement in (*_SCHEMA, _BEHIND.format(one.name)):
            self._db.execute(statement)
        for event in _EVENTS:
            self._db.execute(_NOTE.format(one.name, *event))
        one.create()
        self._db.execute("INSERT INTO derived VALUES (?, ?, ?, NULL)", (one.name, one.definition, keep))

    def _added(self, sets: Sequence[Set], jobs: int, folder: Path) -> Iterator[int]:
        here = []
        for one in sets:
            added = one.add_apart(jobs, folder) if jobs > 1 else None
            if added is None:
                here.append(one)
            else:
                yield from added
        if here:
            yield from self._pages(here)

    def _pages(self, sets: Sequence[Set]) -> Iterator[int]:
        """Fill sets in the order of ids, a transaction a page; gives the number of studies of each."""
        last = ""
        while True:
            with self._db.transaction():
                studies = studies_behind(self._db, last, LAST, PAGE)
                if not studies:
                    return
                for one in sets:
                    one.add(studies)
                    self._forget(one, last, studies[-1].nct_id)
            last = studies[-1].nct_id
            yield len(studies)

    def _forget(self, one: Set, after: str, until: str) -> None:
        """What was noted of studies that were added just now is in what was added."""
        self._db.execute(f"DELETE FROM {one.name}_behind WHERE nct_id > ? AND nct_id <= ?", (after, until))  # noqa: S608

    def refresh(self) -> int:
        """Bring the built sets up to date; gives how many studies were taken in, in all."""
        with self._db.transaction():
            return sum(self._drain(self._sets[one.name]) for one in self.states() if one.is_built and one.is_current)

    def keep(self, keep: bool) -> None:
        """Set whether built sets are kept up with each change; if so, they are first brought up to date."""
        with self._db.transaction():
            self._db.execute("UPDATE derived SET kept = ?", (keep,))
        if keep:
            self.refresh()

    def drop(self, names: Sequence[str]) -> None:
        """Drop sets, and what is noted for them."""
        if not self._is_there("derived"):
            return
        with self._db.transaction():
            for one in (self._sets[name] for name in names):
                for event, *_ in _EVENTS:
                    self._db.execute(f"DROP TRIGGER IF EXISTS {one.name}_{event}")
                self._db.execute(f"DROP TABLE IF EXISTS {one.name}_behind")
                one.drop()
                self._db.execute("DELETE FROM derived WHERE name = ?", (one.name,))

    def counts(self, name: str) -> dict[str, int]:
        """How many rows the tables of a set have. Raises NotHeld where it is not there to be used."""
        self.require(name)
        return self._sets[name].counts()

    def follow(self) -> None:
        """Take in what the transaction under way changed, where sets are kept up."""
        for one in self.states():
            if one.is_built and one.is_kept and one.is_current:
                self._drain(self._sets[one.name])

    def _drain(self, one: Set) -> int:
        """Bring a set up to date with what is noted for it."""
        noted = self._db.all(_NOTED.format(one.name))
        for row in noted:
            one.replace(row["nct_id"], *(None if text is None else plain(text.encode()) for text in row[1:]))
        self._db.execute(f"DELETE FROM {one.name}_behind")  # noqa: S608
        return len(noted)

    def _is_there(self, table: str) -> bool:
        return self._db.one("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)) is not None


_NOTED = "SELECT b.nct_id, b.old, s.study FROM {0}_behind b LEFT JOIN study_rows s USING (nct_id)"
_STUDIES = """
SELECT nct_id, CAST(study AS BLOB) AS study FROM study_rows WHERE nct_id > ? AND nct_id <= ? ORDER BY nct_id LIMIT ?
"""


@contextmanager
def _workshop(store: Path) -> Iterator[Path]:
    """A folder beside the store for what is made on the way. It is one process's at a time; a killed one leaves it.

    Raises StoreError where it is another's.
    """
    folder = store.with_name(f".{store.name}-tables")
    folder.mkdir(exist_ok=True)
    lock = FileLock(folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError(f"{store}: another process is building its tables; this one did nothing") from None
    try:
        for left in folder.glob("*.db*"):
            left.unlink()
        yield folder
    finally:
        shutil.rmtree(folder)
        lock.release()
