"""What the sections of a results page are made of: captions with their tables, columns of groups, cells with values.

Shared by the readers of the sections. Both generations of the site are read: that of before 2017 has a heading row of
groups, that of after 2017 rows called `Arm/Group Title` and `Arm/Group Description`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ctgov_ingest.sources.content import Content, fold, lines, markdown
from ctgov_ingest.sources.page_tree import Block, Node, content
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group

NOTHING = frozenset({"", "no text entered.", "not provided", "[not specified]"})
"""What stands in a cell where there is nothing."""

TITLES = frozenset({"arm/group title"})
DESCRIPTIONS = frozenset({"arm/group description"})


@dataclass(slots=True)
class Part:
    """A table with the lines that stand before it; `table` is None for lines behind the last table."""

    captions: list[str]
    table: Block | None

    @property
    def caption(self) -> str:
        """The line right before the table."""
        return self.captions[-1] if self.captions else ""

    @property
    def rows(self) -> list[list[Block]]:
        """The rows of the table: the cells of each."""
        return [list(row.blocks()) for row in self.table.all("tr")] if self.table else []


@dataclass(slots=True)
class Section:
    """A section of the page: its name, its parts in order, and where it stands."""

    name: str
    parts: list[Part] = field(default_factory=list)

    def add(self, node: Node) -> None:
        """Add a line or a table behind what is there."""
        if not self.parts or self.parts[-1].table is not None:
            self.parts.append(Part([], None))
        if isinstance(node, str):
            self.parts[-1].captions.append(node)
        else:
            self.parts[-1].table = node


def leaves(nodes: Sequence[Node]) -> Iterator[Node]:
    """The lines and the tables and lists of nodes, in order; other blocks are walked."""
    for node in nodes:
        if isinstance(node, str) or node.tag in ("table", "ul", "ol"):
            yield node
        elif node.line:
            yield node.line
        else:
            yield from leaves(node.nodes)


def key(text: str) -> str:
    """A label as tables have it: white space folded, colon off, in lower case, without the sign of a note."""
    return _NOTE_SIGN.sub("", fold(text)).removesuffix(":").rstrip().casefold()


_NOTE_SIGN = re.compile(r"\s*(?:\[\d{1,3}\]|[*\u2020\u2021])\s*$")


def said(cell: Block | None) -> str:
    """The text of a cell, empty where it says that there is none."""
    text = cell.text if cell else ""
    return "" if text.casefold() in NOTHING else text


def long_text(cell: Block | None) -> str:
    """The text of a cell as markup, empty where it says that there is none."""
    return markdown(content(cell)) if cell and said(cell) else ""


def label_lines(cells: Sequence[Block]) -> list[str]:
    """The lines of the cells before the values of a row."""
    found: Content = tuple(block for cell in cells for block in content(cell))
    return lines(found)


# --- groups -----


def described_groups(part: Part, prefix: str, place: str) -> list[RawTree]:
    """A table of groups: a row a group, title and description, under a heading."""
    rows = (row for row in part.rows if len(row) == 2 and row[0].text and key(row[1].text) != "description")
    return make_groups([(row[0].text, long_text(row[1])) for row in rows], prefix, place)


def make_groups(found: Sequence[tuple[str, str]], prefix: str, place: str) -> list[RawTree]:
    """Titles and descriptions to groups with the registry's ids: `FG000`, `FG001` …, in the page's order."""
    return [
        group({"id": f"{prefix}{at:03d}", "title": title, "description": text}, place)
        for at, (title, text) in enumerate(found)
    ]


def group_ids(groups: Sequence[RawTree]) -> list[str]:
    """The ids of groups."""
    return [found.text for item in groups if isinstance(found := item.get("id"), Raw)]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of groups: the lines of its label, whether its label is a heading cell, a cell a group."""

    label: list[str]
    head: bool
    cells: list[Block]

    @property
    def key(self) -> str:
        """The first line of the label, as tables have it."""
        return key(self.label[0]) if self.label else ""


def matrix(part: Part, width: int) -> list[Row]:
    """The rows of a table of groups: as many last cells as groups are values, what is before them the label."""
    found = []
    for cells in part.rows:
        label, values = (cells[: -width or None], cells[-width:]) if len(cells) > width else (cells, [])
        found.append(Row(label_lines(label), bool(label) and label[0].tag == "th", values))
    return found


def columns(part: Part) -> list[str]:
    """The titles of the groups in the first row of a table: an empty cell, then a title a column."""
    rows = part.rows
    if not rows or len(rows[0]) < 2 or rows[0][0].text or any(cell.tag != "th" for cell in rows[0]):
        return []
    return [cell.text for cell in rows[0][1:]]


# --- values -----

_PAIR = re.compile(r"(?P<value>\S.*?)\s*\u00b1\s*(?P<spread>\S+)")
_LIMITS = re.compile(r"(?P<value>\S+)\s*\(\s*(?P<lower>\S+)\s+(?:to|-)\s+(?P<upper>\S+?)\s*\)")
_SPREAD = re.compile(r"(?P<value>\S+)\s*\(\s*(?P<spread>[-+.\d]+)\s*\)")
_PERCENT = re.compile(r"(?P<value>\S+)\s*\(?\s*[\d.,]+\s?%\s*\)?")
_NOTED = re.compile(r"(?P<value>.*?)\s*\[(?P<note>\d{1,3})\]\s*(?P<rest>.*)")
_UNITS_BEHIND = re.compile(r"(?P<value>[\d,]+)\s+(?:participants?|subjects?)", re.IGNORECASE)


def note_of(text: str) -> tuple[str, str | None]:
    """A cell's text without the sign of a note, and its number: `12 [3]`."""
    found = _NOTED.fullmatch(text)
    return (fold(f"{found['value']} {found['rest']}"), found["note"]) if found else (text, None)


def measurement(text: str) -> dict[str, str | None]:
    """`68 ± 13`, `4 (2 to 9)`, `12 (3.1)`, `7 10.5%`, `18` to value, spread, limits."""
    for form in (_PAIR, _LIMITS, _SPREAD, _PERCENT, _UNITS_BEHIND):
        if found := form.fullmatch(text):
            parts = found.groupdict()
            names = {"lower": "lowerLimit", "upper": "upperLimit"}
            return {names.get(name, name): value for name, value in parts.items()}
    return {"value": text}


def notes(parts: Sequence[Part]) -> dict[str, str]:
    """The notes below tables: rows of a number in brackets and its text."""
    found = {}
    for row in (row for part in parts for row in part.rows):
        if len(row) == 2 and (sign := re.fullmatch(r"\[(\d{1,3})\]", row[0].text)):
            found[sign[1]] = long_text(row[1])
    return found


def is_notes(part: Part) -> bool:
    """Whether a table holds notes and nothing else."""
    rows = part.rows
    return bool(rows) and all(len(row) == 2 and re.fullmatch(r"\[\d{1,3}\]", row[0].text) for row in rows)


def counts(ids: Sequence[str], cells: Sequence[Block], place: str) -> list[Raw | RawTree]:
    """A number a group, for the table of those analyzed."""
    values = [(name, measurement(note_of(said(cell))[0])["value"]) for name, cell in zip(ids, cells, strict=False)]
    return [group({"groupId": name, "value": value}, place) for name, value in values if value]


# --- what is left -----


def leave_part(record: RawRecord, part: Part, section: str) -> None:
    """Note what no reader of a section knows."""
    for text in part.captions:
        record.leave(text, section)
    for row in part.rows:
        if text := fold(" ".join(cell.text for cell in row)):
            record.leave(text, section, part.caption or None)
