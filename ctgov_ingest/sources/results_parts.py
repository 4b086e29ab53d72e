"""What the sections of a results page are made of: captions with their tables, columns of groups, cells with values.

Shared by the readers of the sections. Both generations of the site are read: that of before 2017 has a heading row of
groups, that of after 2017 rows called `Arm/Group Title` and `Arm/Group Description`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ctgov_ingest.sources.content import Content, Text, fold, lines, markdown
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
    def text(self) -> str:
        """The last cell as markup: what a table holds that has one text below its explanation."""
        cells = [cell for row in self.rows for cell in row]
        return long_text(cells[-1]) if cells and len(cells) <= _MOST_OF_ONE_TEXT else ""

    @property
    def rows(self) -> list[list[Block]]:
        """The rows of the table: the cells of each."""
        return [row.blocks() for row in self.table.all("tr")] if self.table else []

    @property
    def is_notes(self) -> bool:
        """Whether the table holds notes and nothing else."""
        rows = self.rows
        return bool(rows) and all(len(row) == 2 and re.fullmatch(r"\[\d{1,3}\]", row[0].text) for row in rows)

    @property
    def columns(self) -> list[str]:
        """The titles of the groups in the first row of the table: an empty cell, then a title a column."""
        rows = self.rows
        if not rows or len(rows[0]) < 2 or rows[0][0].text or any(cell.tag != "th" for cell in rows[0]):
            return []
        titles = [cell.text for cell in rows[0][1:]]
        return [] if [key(title) for title in titles] == ["description"] else titles

    def matrix(self, ids: Sequence[str]) -> list[Row]:
        """The rows of the table below its first, which has the titles of the groups."""
        width = len(ids) if len(self.columns) == len(ids) else 0
        return [row_of(cells, width) for cells in self.rows[1:]]

    def groups(self, prefix: str, place: str) -> list[RawTree]:
        """A table of groups: a row a group, title and description, under a heading."""
        rows = (row for row in self.rows if len(row) == 2 and row[0].text and key(row[1].text) != "description")
        return make_groups([(row[0].text, long_text(row[1])) for row in rows], prefix, place)

    def leave(self, record: RawRecord, section: str) -> None:
        """Note all of it: what no reader of a section knows."""
        for text in self.captions:
            record.leave(text, section)
        for row in self.rows:
            if text := fold(" ".join(cell.text for cell in row)):
                record.leave(text, section, self.caption or None)


_MOST_OF_ONE_TEXT = 2
"""The cells of a table with one text: an explanation above it, or nothing."""


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
        if isinstance(node, str) or node.tag in ("ul", "ol") or (is_plain(node)):
            yield node
        elif node.line:
            yield node.line
        else:
            yield from leaves(node.nodes)


def is_plain(table: Block) -> bool:
    """Whether a block is a table that holds no other: no table of results does, unless damage made it swallow more."""
    return table.tag == "table" and not table.holds_table


_ROWS = frozenset({"tr"})
_WITHIN = {"table": _ROWS, "tbody": _ROWS, "thead": _ROWS, "tr": frozenset({"td", "th"})}
_HOLDERS = frozenset({"tbody", "thead", "tfoot", "caption"})


def is_damaged(table: Block) -> bool:
    """Whether a table has text or cells where none belong: a tag is lost, and with it what its numbers stand for."""
    for node in table.nodes:
        if isinstance(node, str):
            return True
        if node.tag not in _WITHIN[table.tag] and not (table.tag == "table" and node.tag in _HOLDERS):
            return True
        if node.tag in _WITHIN and is_damaged(node):
            return True
    return False


def key(text: str) -> str:
    """A label as tables have it: white space folded, colon off, in lower case, without the sign of a note."""
    text = fold(text)
    if text[-1:] in _SIGN_ENDS:
        text = _NOTE_SIGN.sub("", text)
    return text.removesuffix(":").rstrip().casefold()


_SIGN_ENDS = frozenset("]*\u2020\u2021")
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


def make_groups(found: Sequence[tuple[str, str]], prefix: str, place: str) -> list[RawTree]:
    """Titles and descriptions to groups with the registry's ids: `FG000`, `FG001` …, in the page's order."""
    return [
        group({"id": f"{prefix}{at:03d}", "title": title, "description": text}, place)
        for at, (title, text) in enumerate(found)
    ]


def group_ids(groups: Sequence[RawTree]) -> list[str]:
    """The ids of groups."""
    return [found.text for item in groups if isinstance(found := item.get("id"), Raw)]


def titles_of(cells: Sequence[Block]) -> list[str]:
    """The titles in a row `Arm/Group Title`; none where one is empty: then a tag is lost, and columns with it."""
    titles = [cell.text for cell in cells[1:]]
    return titles if all(titles) else []


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


def row_of(cells: Sequence[Block], width: int) -> Row:
    """A row of a table of groups: as many last cells as groups are values, a cell or two before them the label.

    A row of any other number of cells, as damage leaves it, has no values: nobody can tell whose they are.
    """
    label, values = list(cells[:-width]), list(cells[-width:])
    if not width or len(label) not in (1, 2) or (len(label) == 2 and not _is_label(label[1])):
        label, values = list(cells), []
    return Row(label_lines(label), bool(label) and label[0].tag == "th", values)


def _is_label(cell: Block) -> bool:
    return not re.fullmatch(r"[\d.,]+(?:\s*\(.*)?", cell.text)


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


class Notes:
    """The notes below tables: rows of a number in brackets and its text. Knows which of them were asked for."""

    def __init__(self, parts: Sequence[Part] = ()) -> None:
        self.texts: dict[str, str] = {}
        for row in (row for part in parts for row in part.rows):
            if len(row) == 2 and (sign := re.fullmatch(r"\[(\d{1,3})\]", row[0].text)) and said(row[1]):
                self.texts[sign[1]] = _unexplained(row[1])
        self.used: set[str] = set()

    def get(self, number: str | None) -> str | None:
        """The text of a note."""
        if number is None or number not in self.texts:
            return None
        self.used.add(number)
        return self.texts[number] or None

    def leave(self, record: RawRecord, place: str) -> None:
        """Note the notes that stand at nothing."""
        for number in self.texts.keys() - self.used:
            if self.texts[number]:
                record.leave(self.texts[number], place, f"[{number}]")


def _unexplained(cell: Block) -> str:
    """A note without the site's own words before it, which end with a colon."""
    first, *rest = content(cell)
    explained = rest and isinstance(first, Text) and first.endswith(":")
    text = markdown(tuple(rest) if explained else (first, *rest))
    return "" if text.casefold() in NOTHING else text


def counts(ids: Sequence[str], cells: Sequence[Block], place: str) -> list[Raw | RawTree]:
    """A number a group, for the table of those analyzed."""
    values = [(name, measurement(note_of(said(cell))[0])["value"]) for name, cell in zip(ids, cells, strict=False)]
    return [group({"groupId": name, "value": value}, place) for name, value in values if value]
