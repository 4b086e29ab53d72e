"""Studies to rows: the definitions compiled into flat functions, which take attributes many at a time.

Pure: a plain study in, rows out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any

from msgspec.structs import astuple

from ctgov_ingest.study import Study
from ctgov_ingest.study.base import Record
from ctgov_ingest.study.shape import fields
from ctgov_ingest.tables.days import earliest, precision
from ctgov_ingest.tables.links import links
from ctgov_ingest.tables.plain import empty, record_of
from ctgov_ingest.tables.protocol import LINKS
from ctgov_ingest.tables.table import Column, Part, Table, lists, shapes

Row = tuple[Any, ...]
Rows = Callable[[Any, str], list[Row]]
"""Gives the rows that a table has of a plain study; the study's id is given too, and goes into each."""

_Cells = Callable[[Any], Iterable[Any]]
_Make = Callable[[Any], Any]
_Walk = Callable[[Any, Row, Row], list[Row]]
"""The rows below one item: of the item, the key as far as it is known, and the cells that stand before its own."""


@cache
def projection(table: Table) -> Rows:
    """What gives the rows of a table: its key, then its columns, in their order."""
    if table == LINKS:
        return links
    parts = [_list(table, part) if lists(part.path) else _record(table, part) for part in table.parts]
    if len(parts) == 1:
        return parts[0]
    return lambda study, nct_id: [row for part in parts for row in part(study, nct_id)]


def _record(table: Table, part: Part) -> Rows:
    """Of a record that a study has once: a row, if there is anything in it."""
    record, cells = _getter(part.path), _cells(table, part, part.path)
    marks = (*part.marks, *(1 for _ in table.ordinals))
    nothing = tuple(cells(empty(_model(part.path))))

    def rows(study: Any, nct_id: str) -> list[Row]:
        found = tuple(cells(record(study)))
        return [] if part.path and found == nothing else [(nct_id, *marks, *found)]

    return rows


def _list(table: Table, part: Part) -> Rows:
    ways, marks = lists(part.path), part.marks
    walk, has_rows = _walk(table, part, ways, "", is_shown=False), _getter(ways[0])  # most lists are empty
    return lambda study, nct_id: walk(study, (nct_id, *marks), ()) if has_rows(study) else []


def _walk(table: Table, part: Part, ways: list[str], above: str, *, is_shown: bool) -> _Walk:
    """Through the first of the lists, each of which lies in the one before it. `above`: the path that was gone.

    What lies above a list and is shown has a row, also where the list is empty.
    """
    way, *deeper = ways
    items, cells = _getter(way, above), _cells(table, part, way)
    instead = (empty(_model(way)),) if is_shown else ()
    if not deeper:
        return lambda item, key, before: [
            (*key, place, *before, *cells(one)) for place, one in enumerate(items(item) or instead, 1)
        ]
    shows = is_shown or any(_filled_at(part, path) == way for _, path in _shown(table, part))
    walk = _walk(table, part, deeper, way, is_shown=shows)
    has_rows = (lambda one: True) if shows else _getter(deeper[0], way)  # most lists within lists are empty
    return lambda item, key, before: [
        row
        for place, one in enumerate(items(item) or instead, 1)
        if has_rows(one)
        for row in walk(one, (*key, place), (*before, *cells(one)))
    ]


def _cells(table: Table, part: Part, way: str) -> _Cells:
    """The cells that an item of a list, or a record, fills."""
    columns = [(column, path) for column, path in _shown(table, part) if _filled_at(part, path) == way]
    if way and shapes()[way].kind != "record":
        return lambda text: (text, *(None for _ in columns[1:]))
    if not columns:
        return lambda item: ()
    held = [path if path in shapes() else columns[0][1] for _, path in columns]  # what the part lacks is emptied below
    take = _at_once([_attribute(path, way) for path in held], _model(way))
    made = [(at, make) for at, (column, path) in enumerate(columns) if (make := _maker(column, path))]
    return _made(take, made) if made else take


def _shown(table: Table, part: Part) -> list[tuple[Column, str]]:
    """The columns, each with its path in this part."""
    first = table.parts[0].path
    paths = (part.path + one.path[len(first) :] if one.path.startswith(first) else one.path for one in table.columns)
    return list(zip(table.columns, paths, strict=True))


def _filled_at(part: Part, path: str) -> str:
    """The list or record whose items fill the column of a path."""
    return part.path if path.startswith(part.path) else lists(path)[-1]


def _at_once(names: list[str], model: type[Record]) -> _Cells:
    if names == [shape.name for shape in fields(model).values()]:
        return astuple  # three times as fast
    take = attrgetter(*names)
    return take if len(names) > 1 else lambda item: (take(item),)


def _made(take: _Cells, made: list[tuple[int, _Make]]) -> _Cells:
    def cells(item: Any) -> list[Any]:
        found = list(take(item))
        for at, make in made:
            found[at] = make(found[at])
        return found

    return cells


def _maker(column: Column, path: str) -> _Make | None:
    """What makes a cell of what stands at a path; None where that is the cell."""
    if path not in shapes():
        return lambda value: None
    if column.cell == "texts":
        return lambda texts: texts or None
    return {"value": None, "precision": precision, "earliest": earliest}[column.of]


def _getter(path: str, above: str = "") -> Callable[[Any], Any]:
    return attrgetter(_attribute(path, above)) if path != above else lambda item: item


def _attribute(path: str, above: str) -> str:
    """The attributes from what is above down to a path, with dots."""
    ways = path.split(".")
    below = len(above.split(".")) if above else 0
    return ".".join(shapes()[".".join(ways[: at + 1])].name for at in range(below, len(ways)))


def _model(path: str) -> type[Record]:
    return record_of(shapes()[path]) if path else Study
