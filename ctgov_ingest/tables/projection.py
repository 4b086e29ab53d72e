"""Studies to rows: each table's definition written out as one expression of Python, and compiled.

That of `adverse_event_stats` is, for one of its two parts,

    [(nct_id, 'SERIOUS', o0, o1, i1.group_id, i1.num_events, i1.num_affected, i1.num_at_risk)
     for o0, i0 in enumerate(study.results_section.adverse_events_module.serious_events, 1)
     for o1, i1 in enumerate(i0.stats, 1)]

which takes half the time of functions that call one another for each item. Nothing but names of the model and of the
tables goes into the text. Pure: a plain study in, rows out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ctgov_ingest.study import Study
from ctgov_ingest.tables.days import earliest, precision
from ctgov_ingest.tables.links import links
from ctgov_ingest.tables.plain import empty, record_of
from ctgov_ingest.tables.protocol import LINKS
from ctgov_ingest.tables.table import Column, Part, Table, lists, shapes

Row = tuple[Any, ...]
Rows = Callable[[Any, str], list[Row]]
"""Gives the rows that a table has of a plain study; the study's id is given too, and goes into each."""

Texts = Callable[[tuple[str | None, ...]], Any]
"""Makes the cell of a list of texts, which may be empty."""

_Names = dict[str, Any]
"""What an expression needs besides the study and its id."""


def or_none(texts: tuple[str | None, ...]) -> tuple[str | None, ...] | None:
    """A list of texts as it is; none where it is empty."""
    return texts or None


@cache
def projection(table: Table, texts: Texts = or_none) -> Rows:
    """What gives the rows of a table: its key, then its columns, in their order."""
    if table == LINKS:
        return links
    names: _Names = {"precision": precision, "earliest": earliest, "texts": texts}
    parts = (_items(table, part, names) if lists(part.path) else _record(table, part, names) for part in table.parts)
    rows: Rows = eval(f"lambda study, nct_id: {' + '.join(parts)}", names)  # noqa: S307  # of names of our own
    return rows


def _record(table: Table, part: Part, names: _Names) -> str:
    """Of a record that a study has once: a row, if there is anything in it."""
    key = ", ".join(["nct_id", *map(repr, part.marks), *("1" for _ in table.ordinals)])
    cells = "".join(f"{cell}, " for cell in _cells(table, part, {part.path: _at("study", part.path)}))
    if not part.path:
        return f"[({key}, {cells})]"
    nothing = eval(f"({cells})", {**names, "study": empty(Study)})  # noqa: S307  # as above
    return f"[({key}, *cells) for cells in [({cells})] if cells != {nothing!r}]"


def _items(table: Table, part: Part, names: _Names) -> str:
    """Of the lists on the way, each of which lies in the one before it: a row an item of the last.

    What lies above a list and is shown has a row, also where the list is empty.
    """
    loops, found, above, is_shown = [], {"": "study"}, "", False
    for depth, way in enumerate(lists(part.path)):
        items = _at(found[above], way, above)
        if is_shown:
            instead = f"instead{len(names)}"
            names[instead] = (empty(record_of(shapes()[way])),)
            items = f"({items} or {instead})"
        loops.append(f"for o{depth}, i{depth} in enumerate({items}, 1)")
        found[way], above = f"i{depth}", way
        is_shown = is_shown or any(_filled_at(part, path) == way for _, path in _shown(table, part))
    key = ["nct_id", *map(repr, part.marks), *(f"o{depth}" for depth in range(len(loops)))]
    return f"[({', '.join([*key, *_cells(table, part, found)])}) {' '.join(loops)}]"


def _cells(table: Table, part: Part, found: dict[str, str]) -> Iterator[str]:
    """The cells of a row. `found`: what the items on the way to it, or the record, are called."""
    for place, (column, path) in enumerate(_shown(table, part)):
        at = _filled_at(part, path)
        if at and shapes()[at].kind != "record":  # an item that is a text fills the first column
            yield "None" if place else found[at]
        elif path not in shapes():  # what the items of another part have, and those of this one lack
            yield "None"
        else:
            yield _cell(column, _at(found[at], path, at))


def _cell(column: Column, value: str) -> str:
    if column.cell == "texts":
        return f"texts({value})"
    return value if column.of == "value" else f"{column.of}({value})"


def _shown(table: Table, part: Part) -> list[tuple[Column, str]]:
    """The columns, each with its path in this part."""
    first = table.parts[0].path
    paths = (part.path + one.path[len(first) :] if one.path.startswith(first) else one.path for one in table.columns)
    return list(zip(table.columns, paths, strict=True))


def _filled_at(part: Part, path: str) -> str:
    """The list or record whose items fill the column of a path."""
    return part.path if path.startswith(part.path) else lists(path)[-1]


def _at(name: str, path: str, above: str = "") -> str:
    """What stands at a path below what is called so."""
    ways = path.split(".") if path else []
    below = len(above.split(".")) if above else 0
    return ".".join([name, *(shapes()[".".join(ways[: at + 1])].name for at in range(below, len(ways)))])
