"""Eligibility criteria as structure: inclusion and exclusion items with their nesting, from one text.

    >>> text = "Inclusion Criteria:\\n\\n* Adults\\n  * over 18\\n\\nExclusion Criteria:\\n\\n* Fever"
    >>> criteria = parse_criteria(text)
    >>> [item.text for item in criteria.inclusion], [item.text for item in criteria.exclusion]
    (['Adults'], ['Fever'])

No word is lost: what is no heading and no lead-in is an item. Without headings, items are `unspecified`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ctgov_ingest.study.criteria_headings import Heading, Kind, Sort, heading_of, leads, parts, switches
from ctgov_ingest.study.criteria_lines import (
    Line,
    as_lines,
    in_line_list,
    logical_lines,
    readable,
    take_marker,
)

__all__ = ["Criteria", "CriteriaGroup", "Criterion", "Kind", "parse_criteria"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item, free of bullet markers and markdown escapes, with the items nested under it."""

    text: str
    children: tuple["Criterion", ...] = ()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Criterion"]]:
        """The item and all under it, depth first, each with its depth."""
        waiting = [(depth, self)]
        while waiting:
            level, item = waiting.pop()
            yield level, item
            waiting.extend((level + 1, child) for child in reversed(item.children))


@dataclass(frozen=True, slots=True)
class CriteriaGroup:
    """A part of the text under one heading. `lead`: the sentences that lead in its first list."""

    kind: Kind
    heading: str | None
    items: tuple[Criterion, ...] = ()
    lead: tuple[str, ...] = ()

    def texts(self) -> Iterator[str]:
        """Every text of the part in the order of the source: heading, lead-in, items."""
        if self.heading is not None:
            yield self.heading
        yield from self.lead
        for item in self.items:
            yield from (under.text for _, under in item.walk())


@dataclass(frozen=True, slots=True)
class Criteria:
    """All parts of an eligibility text, in its order."""

    groups: tuple[CriteriaGroup, ...] = ()

    @property
    def inclusion(self) -> tuple[Criterion, ...]:
        """The top items of all inclusion parts."""
        return self._of("inclusion")

    @property
    def exclusion(self) -> tuple[Criterion, ...]:
        """The top items of all exclusion parts."""
        return self._of("exclusion")

    @property
    def unspecified(self) -> tuple[Criterion, ...]:
        """The top items of which the text does not say whether they include or exclude."""
        return self._of("unspecified")

    def walk(self) -> Iterator[tuple[int, Criterion]]:
        """All items, depth first, each with its depth: 0 for the top items of a part."""
        for group in self.groups:
            for item in group.items:
                yield from item.walk()

    def texts(self) -> Iterator[str]:
        """Every text of the structure in the order of the source."""
        for group in self.groups:
            yield from group.texts()

    def _of(self, kind: Kind) -> tuple[Criterion, ...]:
        return tuple(item for group in self.groups if group.kind == kind for item in group.items)


def parse_criteria(text: str) -> Criteria:
    """Read an eligibility text in any of the ways it is written. Never raises, never loses a word."""
    made = [_Part("unspecified", None)]
    for line in _lines(text):
        heading, rest = _opened(line, made[-1])
        if heading:
            made.append(heading)
        made[-1].lines.extend(rest)
    return Criteria(tuple(part.group() for part in made if part.lines or part.heading is not None))


def _lines(text: str) -> Iterator[Line]:
    for line in logical_lines(text):
        first, *others = parts(line.text, bool(line.marker))
        yield replace(line, text=first)
        for other in others:
            yield from as_lines(other, line.indent)


@dataclass(slots=True)
class _Part:
    """A part in the making: its lines so far. `sort` is its heading's."""

    kind: Kind
    heading: str | None
    sort: Sort | None = None
    lines: list[Line] = field(default_factory=list)

    def admits(self, heading: Heading) -> bool:
        """Whether a heading opens a part of its own here, and is not a line of this part."""
        if heading.sort is Sort.TITLE:
            return True
        if heading.sort is Sort.TOPIC:
            return self.sort is not Sort.TITLE
        if self.heading is None:
            return True
        return heading.kind != self.kind and switches(heading)

    def group(self) -> CriteriaGroup:
        lead = _lead(self.lines)
        heading = None if self.heading is None else readable(self.heading).strip("*_#[] \t")
        return CriteriaGroup(
            self.kind,
            heading,
            _tree(self.lines[len(lead) :]),
            tuple(readable(line.text) for line in lead),
        )


def _opened(line: Line, part: _Part) -> tuple[_Part | None, Sequence[Line]]:
    """The part that a line opens, if it does, and the lines that are left of it."""
    heading = heading_of(readable(line.text), bool(line.marker))
    if heading is None or not part.admits(heading):
        return None, [line]
    part = _Part(heading.kind, heading.text, heading.sort)
    if not take_marker(heading.rest)[1]:
        return part, []
    return part, list(in_line_list(Line(line.indent, "", heading.rest)))


def _lead(lines: Sequence[Line]) -> list[Line]:
    """The sentences between heading and first marked line, when they lead it in."""
    count = next((at for at, line in enumerate(lines) if line.marker), 0)
    return list(lines[:count]) if all(leads(readable(line.text)) for line in lines[:count]) else []


@dataclass(slots=True)
class _Node:
    """An item in the making. `level` is twice its column."""

    level: int
    marker: str
    text: str
    under: list["_Node"] = field(default_factory=list)


def _tree(lines: Sequence[Line]) -> tuple[Criterion, ...]:
    root = _Node(-100, "", "")
    open_nodes = [root]
    for line in lines:
        _close(open_nodes, line)
        node = _node(line)
        open_nodes[-1].under.append(node)
        if line.marker or node.text.endswith((":", "：")):
            open_nodes.append(node)
    return _frozen(root)


def _node(line: Line) -> _Node:
    """A paragraph counts as a column and a half to the left: a list in its own column is under it."""
    return _Node(2 * line.indent - (0 if line.marker else 3), line.marker, readable(line.text))


def _close(open_nodes: list[_Node], line: Line) -> None:
    """Close the items that a line is not under. A column to the right is no level yet: ` 9.`, `10.`."""
    level = 2 * line.indent - (3 if line.marker else 4)
    closed: list[_Node] = []
    while len(open_nodes) > 1 and open_nodes[-1].level > level:
        closed.append(open_nodes.pop())
    if line.marker:
        open_nodes.extend(reversed(_around(closed, line)))


def _around(closed: list[_Node], line: Line) -> list[_Node]:
    """The closed items that a line is under after all, innermost first.

    Lists of two markers may stand in one column: the second is under the first's item that ends in a colon.
    """
    column = [node for node in closed if abs(node.level - 2 * line.indent) <= 2]
    for at, node in enumerate(column):
        if node.marker == line.marker:
            return column[at + 1 :]
    leads_in = bool(column) and column[0] is closed[0] and column[0].text.endswith(":")
    return column if leads_in and column[0].marker else []


def _frozen(root: _Node) -> tuple[Criterion, ...]:
    """The finished items, made from the leaves up without recursion: texts may nest deep."""
    order, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(node.under)
    made: dict[int, Criterion] = {}
    for node in reversed(order):
        made[id(node)] = Criterion(node.text, tuple(made[id(child)] for child in node.under))
    return made[id(root)].children
