"""The normalized tables in SQLite: a row an item, of each study's current version.

They are called as `tables` defines them, but for `studies`, which the store has already: that is `study_details` here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from ctgov_ingest import jsontext, workers
from ctgov_ingest.errors import StoreError
from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.derived import Study, studies_behind
from ctgov_ingest.store.schema import PAGE_SIZE
from ctgov_ingest.tables import (
    NCT_ID,
    RESULTS,
    STUDIES,
    TABLES,
    VERSION,
    Cell,
    Row,
    Table,
    has_results,
    projection,
)

PORTION = 2_000
"""Studies that another process makes tables of at once: some 40 MB."""

AT_ONCE = 50
"""Studies that another process holds at once. Measured: ten times as many cost a tenth more, a fifth of them too."""

OTHERWISE = {STUDIES.name: "study_details"}
"""Tables that are called otherwise in a store."""

_TYPES: dict[Cell, str] = {
    "text": "TEXT",
    "texts": "TEXT",  # JSON list
    "day": "TEXT",
    "int": "INTEGER",
    "bool": "INTEGER",  # 0 or 1
    "number": "REAL",
}


class _Filled(NamedTuple):
    """What fills a table."""

    insertion: str
    rows: Callable[[Any, str], list[Row]]
    is_of_results: bool


class ChildTables:
    """The set of these tables."""

    name = "tables"
    definition = VERSION

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def create(self) -> None:
        """Make the tables, empty and without indexes."""
        for statement in _CREATION:
            self._db.execute(statement)

    def drop(self) -> None:
        """Drop the tables."""
        for table in TABLES:
            self._db.execute(f"DROP TABLE IF EXISTS {name_of(table)}")

    def add(self, studies: Sequence[Study]) -> None:
        """Add the rows of studies."""
        for table, rows in _rows(studies):
            self._db.fill(table.insertion, rows)

    def add_apart(self, jobs: int, folder: Path) -> Iterator[int]:
        """Add the rows of all studies in so many other processes; gives the number of studies each time.

        Each makes a file of tables of its own in the folder, and what is left for this one is to copy their pages.
        """
        for (_, last), done in workers.run(partial(fill_apart, self._db.path, folder), self._ranges(), jobs):
            if isinstance(done, workers.Ended):
                raise StoreError(f"the tables of the studies up to {last} could not be made: {done}")
            path, count = done
            self._take_over(path)
            path.unlink()
            yield count

    def _ranges(self) -> list[tuple[str, str]]:
        """Ranges of ids of so many studies each: the id after which one begins, and the last of it."""
        return [(row["after"], row["last"]) for row in self._db.all(_RANGES, (PORTION,))]

    def _take_over(self, path: Path) -> None:
        """Copy the tables of another file; SQLite takes whole records where both are declared alike."""
        self._db.execute("ATTACH ? AS part", (str(path),))
        try:
            with self._db.transaction():
                for table in map(name_of, TABLES):
                    self._db.execute(f"INSERT INTO main.{table} SELECT * FROM part.{table}")  # noqa: S608
        finally:
            self._db.execute("DETACH part")

    def finish(self) -> None:
        """Index the tables by study: one index made at once costs a third of what keeping it up would."""
        for table in TABLES:
            name = name_of(table)
            unique = "" if table.ordinals else "UNIQUE "
            self._db.execute(f"CREATE {unique}INDEX {name}_study ON {name} ({NCT_ID})")

    def replace(self, nct_id: str, old: Any, new: Any) -> None:
        """Put a study's rows in the place of those that it had."""
        for table in map(name_of, TABLES):
            self._db.execute(f"DELETE FROM {table} WHERE {NCT_ID} = ?", (nct_id,))  # noqa: S608
        if new is not None:
            self.add([Study(nct_id, new)])

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: self._db.all(f"SELECT count(*) FROM {name}")[0][0] for name in map(name_of, TABLES)}  # noqa: S608


def name_of(table: Table) -> str:
    """What a table is called in a store."""
    return OTHERWISE.get(table.name, table.name)


_CREATION = tuple(
    f"CREATE TABLE {name_of(table)} ({', '.join(f'{one.name} {_TYPES[one.cell]}' for one in table.all_columns)}) STRICT"
    for table in TABLES
)
_PASSING = (
    f"PRAGMA page_size = {PAGE_SIZE}",
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -65536",
)
"""For a file that is thrown away if anything goes wrong; it is held in memory until it is done."""

_RANGES = """
SELECT lag(max(nct_id), 1, '') OVER (ORDER BY portion) AS after, max(nct_id) AS last
FROM (SELECT nct_id, (row_number() OVER (ORDER BY nct_id) - 1) / ? AS portion FROM study_rows)
GROUP BY portion ORDER BY portion
"""


def _rows(studies: Sequence[Study]) -> Iterator[tuple[_Filled, Iterable[Sequence[Any]]]]:
    """What is to be inserted of studies: what fills a table, and its rows."""
    with_results = [study for study in studies if has_results(study.content)]
    for table in _filled():
        some = with_results if table.is_of_results else studies
        yield table, chain.from_iterable(table.rows(study.content, study.nct_id) for study in some)


@cache
def _filled() -> list[_Filled]:
    return [_fills(table) for table in TABLES]


def _fills(table: Table) -> _Filled:
    places = ", ".join("?" for _ in table.all_columns)
    insertion = f"INSERT INTO {name_of(table)} VALUES ({places})"  # noqa: S608  # names of our own
    return _Filled(insertion, projection(table, _as_json), table in RESULTS)


def _as_json(texts: tuple[str | None, ...]) -> str | None:
    return jsontext.dumps(texts).decode() if texts else None


def fill_apart(store: Path, folder: Path, ids: tuple[str, str]) -> tuple[Path, int]:
    """Make a file with the tables of a range of studies; gives the file, and the number of studies.

    The file is written by apsw, whose `executemany` takes half the time of `sqlite3`. No process opens one file by
    both: each has an SQLite of its own, and either would drop the other's locks. Raises StoreError.
    """
    path = folder / f"{ids[1]}.db"
    try:
        with (
            closing(Connection(store, create=False, read_only=True)) as source,
            closing(apsw.Connection(str(path))) as target,
        ):
            return path, _fill(target, _pages(source, *ids))
    except apsw.Error as error:
        raise StoreError(f"{path} cannot be written: {error}") from error


def _fill(target: apsw.Connection, pages: Iterable[Sequence[Study]]) -> int:
    """Make the tables in a new file, and fill them; gives the number of studies."""
    for pragma in _PASSING:
        target.execute(pragma)
    count = 0
    with target:
        for statement in _CREATION:
            target.execute(statement)
        for studies in pages:
            for table, rows in _rows(studies):
                target.executemany(table.insertion, rows)
            count += len(studies)
    return count


def _pages(source: Connection, after: str, last: str) -> Iterator[list[Study]]:
    """The studies of a range, some at once; each page is read for itself.

    A reader that goes on and on keeps the log of the one that writes from being begun anew: it grows and grows.
    """
    while studies := studies_behind(source, after, last, AT_ONCE):
        yield studies
        after = studies[-1].nct_id
