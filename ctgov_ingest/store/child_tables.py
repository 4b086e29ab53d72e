"""The normalized tables in SQLite: a row an item, of each study's current version.

They are called as `tables` defines them, but for `studies`, which the store has already: that is `study_details` here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from ctgov_ingest import jsontext
from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.derived import Study
from ctgov_ingest.tables import NCT_ID, STUDIES, TABLES, VERSION, Cell, Row, Table, projection

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
    """A table with what fills it."""

    name: str
    insertion: str
    rows: Callable[[Any, str], list[Row]]
    lists: tuple[int, ...]
    """The cells that hold lists of texts."""


class ChildTables:
    """The set of these tables."""

    name = "tables"
    definition = VERSION

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def create(self) -> None:
        """Make the tables, empty and without indexes."""
        for table in TABLES:
            columns = ", ".join(f"{_quoted(one.name)} {_TYPES[one.cell]}" for one in table.all_columns)
            self._db.execute(f"CREATE TABLE {name_of(table)} ({columns}) STRICT")

    def drop(self) -> None:
        """Drop the tables."""
        for table in TABLES:
            self._db.execute(f"DROP TABLE IF EXISTS {name_of(table)}")

    def add(self, studies: Sequence[Study]) -> None:
        """Add the rows of studies."""
        for table in self._filled:
            rows = list(chain.from_iterable(table.rows(study.content, study.nct_id) for study in studies))
            self._db.executemany(table.insertion, [_listed(row, table.lists) for row in rows] if table.lists else rows)

    def finish(self) -> None:
        """Index the tables by study: one index made at once costs a third of what keeping it up would."""
        for table in TABLES:
            name = name_of(table)
            unique = "" if table.ordinals else "UNIQUE "
            self._db.execute(f"CREATE {unique}INDEX {name}_study ON {name} ({NCT_ID})")

    def replace(self, nct_id: str, old: Any, new: Any) -> None:
        """Put a study's rows in the place of those that it had."""
        for table in self._filled:
            self._db.execute(f"DELETE FROM {table.name} WHERE {NCT_ID} = ?", (nct_id,))  # noqa: S608
        if new is not None:
            self.add([Study(nct_id, new)])

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: self._db.all(f"SELECT count(*) FROM {name}")[0][0] for name in map(name_of, TABLES)}  # noqa: S608

    @cached_property
    def _filled(self) -> list[_Filled]:
        return [_filled(table) for table in TABLES]


def name_of(table: Table) -> str:
    """What a table is called in a store."""
    return OTHERWISE.get(table.name, table.name)


def _filled(table: Table) -> _Filled:
    columns = table.all_columns
    insertion = f"INSERT INTO {name_of(table)} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608  # values bound
    lists = tuple(at for at, column in enumerate(columns) if column.cell == "texts")
    return _Filled(name_of(table), insertion, projection(table), lists)


def _listed(row: Row, lists: tuple[int, ...]) -> list[Any]:
    cells = list(row)
    for at in lists:
        cells[at] = None if cells[at] is None else jsontext.dumps(cells[at]).decode()
    return cells


def _quoted(name: str) -> str:
    return f'"{name}"'
