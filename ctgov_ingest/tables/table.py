"""What a table is: its columns, each with the path that it shows, and its key; told by the model's shape.

A table shows the items of one list of the model, or of several alike, which a mark tells apart. An item stands under
the study's id and its ordinals: its place in its list, counted from 1, and the places of what it lies in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Literal

from ctgov_ingest.study.shape import Kind, Shape, paths

Cell = Literal["text", "texts", "int", "number", "bool", "day"]
"""What a column holds: `texts` is a list of them, `day` a whole date."""

Marks = tuple[()] | tuple[str] | tuple[str, str]
"""What tells the rows of a part from those of the others."""

Of = Literal["value", "precision", "earliest"]
"""What of a path a column shows: of a date also how much of it is known, and the first day that it may mean."""

NCT_ID = "nct_id"

_CELLS: dict[Kind, Cell] = {
    "text": "text",
    "markup": "text",
    "date": "text",  # as precise as it was given
    "duration": "text",
    "enum": "text",
    "bool": "bool",
    "int": "int",
    "number": "number",
}

_ONE_OF = {
    "armGroups": "arm_group",
    "interventions": "intervention",
    "locations": "location",
    "references": "reference",
    "periods": "period",
    "milestones": "milestone",
    "dropWithdraws": "drop_withdraw",
    "denoms": "denom",
    "measures": "measure",
    "classes": "class",
    "categories": "category",
    "outcomeMeasures": "outcome_measure",
    "seriousEvents": "event",
    "otherEvents": "event",
}
"""What one item of a list is called, in the name of its ordinal."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the path of which it shows something, or, where it shows none, what it tells."""

    name: str
    cell: Cell
    path: str = ""
    about: str = ""
    of: Of = "value"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the lists (or single records) that a table shows, and the marks of its rows."""

    path: str
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `marks`: the columns that tell its parts apart; `columns`: what is not of the key."""

    name: str
    about: str
    parts: tuple[Part, ...]
    marks: Marks
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns that name a row: the study, the part, and the ordinals from the outside in."""
        return (
            Column(NCT_ID, "text", about="the study"),
            *(
                Column(name, "text", about=_one_of(part.marks[at] for part in self.parts))
                for at, name in enumerate(self.marks)
            ),
            *(Column(name, "int", about=_place(name)) for name in self.ordinals),
        )

    @property
    def ordinals(self) -> tuple[str, ...]:
        """The names of the ordinals; a table of what a study has once has none."""
        *above, own = ("", *lists(self.parts[-1].path))
        outer = (f"{_ONE_OF[path.rpartition('.')[2]]}_ordinal" for path in above if path)
        return (*outer, "ordinal") if own else ()

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The key, then what it names."""
        return self.key + self.columns


def table(name: str, about: str, path: str, *fields: str, above: Mapping[str, str] | None = None) -> Table:
    """A table of the items at a path; `above`: column to path, of what the items lie in."""
    return joined(name, about, {(): path}, *fields, above=above)


def joined(
    name: str,
    about: str,
    parts: Mapping[Marks, str],
    *fields: str,
    marks: Marks = (),
    above: Mapping[str, str] | None = None,
) -> Table:
    """A table of the items at several paths, under the marks of each; a record that is no list is one item.

    `fields`: the API's names below the first path, dotted, as `column=name` where the column is called otherwise; the
    empty name is the item itself. What the items of another path lack is empty; a text fills the first column.
    """
    some = next(iter(parts.values()))
    outer = [column(name, path) for name, path in (above or {}).items()]
    inner = [_field(some, field) for field in fields]
    return Table(name, about, tuple(Part(path, mark) for mark, path in parts.items()), marks, (*outer, *inner))


def _field(path: str, field: str) -> Column:
    name, _, below = field.rpartition("=")
    whole = f"{path}.{below}" if below else path
    return column(name or shapes()[whole].name, whole, is_item=not below)


def column(name: str, path: str, *, is_item: bool = False) -> Column:
    """The column of a path, with what it holds; a list of texts is one cell, unless each item has a row."""
    shape = shapes()[path]
    return Column(name, "texts" if shape.many and not is_item else _CELLS[shape.kind], path)


def with_days(columns: Sequence[Column], dates: frozenset[str]) -> tuple[Column, ...]:
    """The columns, and behind each of these dates its precision and the first day that it may mean."""
    return tuple(chain.from_iterable((one, *_days(one)) if one.name in dates else (one,) for one in columns))


def _days(date: Column) -> Iterator[Column]:
    yield Column(f"{date.name}_precision", "text", date.path, "`YEAR`, `MONTH`, `DAY` or `MINUTE`", "precision")
    yield Column(f"{date.name}_earliest", "day", date.path, "the first day that the date may mean", "earliest")


_ITEMS = frozenset(
    {
        "protocolSection.conditionsModule.conditions",
        "protocolSection.conditionsModule.keywords",
        "protocolSection.identificationModule.nctIdAliases",
        "protocolSection.armsInterventionsModule.interventions.otherNames",
    }
)
"""Lists of texts with a row each; other lists of texts are one cell."""


@cache
def shapes() -> dict[str, Shape]:
    """All paths of the model."""
    return paths()


def lists(path: str) -> list[str]:
    """The lists that lie on a path, the outermost first; of lists of texts those with a row each."""
    names = path.split(".")
    ways = (".".join(names[:end]) for end in range(1, len(names) + 1))
    return [way for way in ways if way and shapes()[way].many and (shapes()[way].kind == "record" or way in _ITEMS)]


def version(tables: tuple[Table, ...]) -> str:
    """What tells these tables from others: twelve digits that change with any name, path or kind."""
    told = chain.from_iterable((table.name, table.parts, table.all_columns) for table in tables)
    return hashlib.sha256("\n".join(map(repr, told)).encode()).hexdigest()[:12]


def _one_of(values: Iterator[str]) -> str:
    return ", ".join(f"`{value}`" for value in dict.fromkeys(values))


def _place(name: str) -> str:
    outer = name.removesuffix("_ordinal")
    return "its place in its list, from 1" if outer == name else f"the place of the {outer.replace('_', ' ')}"
