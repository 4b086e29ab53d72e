"""Study pages of 2008 to 2023, in the four generations of their class names, cut into pieces.

Found by what stayed: `headers` attributes, ids, headings of columns, heading text. No class name is read:
the same record stands saved under three sets of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile

from ctgov_ingest.sources import page_tree
from ctgov_ingest.sources.content import Content, Text
from ctgov_ingest.sources.page_tree import Block, Node, content
from ctgov_ingest.sources.pieces import KEYWORDS, MESH_TERMS, Piece, Role, Rows
from ctgov_ingest.sources.study_eras import FULL_TEXT_FIELDS
from ctgov_ingest.sources.study_fields import FIELDS
from ctgov_ingest.sources.study_header import SENTENCE
from ctgov_ingest.sources.study_labels import (
    ARM_HEADINGS,
    BOX_LABELS,
    IGNORED,
    INTERVENTION_LABELS,
    LINK_LABELS,
    NEXT_LABELS,
    OUTCOME_LABELS,
    PROSE_LABELS,
    PURPOSE,
    REFERENCE_LABELS,
    RESULTS_TABS,
    SECTIONS,
    SPONSOR_LABELS,
    SPONSOR_LIST,
    SUMMARY_HEADINGS,
    label_key,
    opens_box,
)
from ctgov_ingest.values.sentences import opens_status

LABELS = frozenset({*FIELDS, *FULL_TEXT_FIELDS})
"""Labels that may stand in one line with their value."""


def cut(text: str) -> list[Piece]:
    """The pieces of a page, in its order."""
    return Cutter().walk(page_tree.parse(text).nodes)


_Pieces = tuple[int, list[Piece]]
"""How many of the nodes after a label belong to it, and what they are."""


_Own = Callable[["Cutter", Block], "Iterable[Piece] | None"]
"""How another presentation cuts a block of its own; None for a block that is none of its own."""


class Cutter:
    """Walks the blocks of a page; holds the section it is in, for the place of each piece."""

    def __init__(self, own: _Own | None = None) -> None:
        self.section = "header"
        self.own = own

    def walk(self, children: Sequence[Node]) -> list[Piece]:
        """The pieces of nodes that stand side by side: a label takes those after it, a container is walked."""
        pieces: list[Piece] = []
        at = 0
        while at < len(children):
            node = children[at]
            at += 1
            text = node if isinstance(node, str) else node.line
            if text:
                key = label_key(text)
                if opens_box(key):
                    break
                taken, found = self.labelled(key, text, node, children[at:])
                pieces += found
                at += taken
            elif text is None and isinstance(node, Block):
                pieces += self.block(node)
        return pieces

    def labelled(self, key: str, text: str, node: Node, after: Sequence[Node]) -> _Pieces:
        """A line of text, with the blocks that belong to it."""
        if key in SECTIONS:
            self.section = key
            return self.summary(after) if key == PURPOSE else (0, [])
        if isinstance(node, Block) and _is_title(node):
            return 0, [self.piece(Role.TITLE, "title", [[(Text(text),)]])]
        if found := _STATUS.match(text):
            return self.status(found[1], text, after)
        if self.section == "header" and opens_status(text):
            return self.status(SENTENCE, text, list(takewhile(_is_remark, after)))
        if key in BOX_LABELS:
            return len(after[:1]) if after and isinstance(after[0], Block) else 0, []
        if key in PROSE_LABELS or (key in NEXT_LABELS and after):
            return 1, [self.piece(Role.FIELD, text, [[_as_content(after[0]) if after else ()]])]
        if key in SPONSOR_LABELS or key == SPONSOR_LIST:
            blocks = list(takewhile(_is_name, _until_label(after)))
            return len(blocks), [self.piece(Role.FIELD, text, [[_contents(blocks)]])]
        if listed := _LISTS.get(key):
            role, rows = listed
            blocks = _until_label(after)[:1]
            if role in _SWALLOWING and blocks and _holds_label(blocks[0]):
                return 0, []
            return len(blocks), [self.piece(role, text, rows(blocks[0]) if blocks else [])]
        return self.in_line(text, after)

    def status(self, label: str, text: str, below: Sequence[Node]) -> _Pieces:
        """The status with the nodes that belong to it."""
        return len(below), [self.piece(Role.STATUS, label, [[(Text(text), *_contents(below))]])]

    def summary(self, after: Sequence[Node]) -> _Pieces:
        """The brief summary, which stands without a label under Purpose: what comes before the first table."""
        first = after[0] if after else ""
        if isinstance(first, str):
            return 0, []
        holder = first.nodes if _holds_table(first) else [first]
        prose = list(takewhile(lambda node: not _holds_table(node) and not _is_label(node), holder))
        cell = _contents(prose)
        pieces = [self.piece(Role.FIELD, "brief summary", [[cell]])] if cell else []
        return 1, pieces + self.walk(holder[len(prose) :])

    def in_line(self, text: str, after: Sequence[Node]) -> _Pieces:
        """A label and its value in one line, or text under no label."""
        label, _colon, value = text.partition(":")
        key = label_key(label) if value else ""
        if key not in LABELS or not value.strip():
            return 0, [self.piece(Role.REST, "", [[(Text(text),)]])]
        pieces = [self.piece(Role.FIELD, label, [[(Text(value.strip()),)]])]
        if key != "biospecimen retention":
            return 0, pieces
        below = _until_label(after)[:1]  # its description stands below it, under no label
        return len(below), pieces + [
            self.piece(Role.FIELD, "biospecimen description", [[content(block)]]) for block in below
        ]

    def block(self, block: Block) -> Iterable[Piece]:
        """The pieces of a block that is more than one line of text."""
        own = self.own(self, block) if self.own else None
        if own is not None:
            return own
        if block.tag == "table":
            return self.table(block)
        if block.id == "tabs":
            return self.tabs(block)
        return [] if _is_menu(block) else self.walk(block.nodes)

    def tabs(self, block: Block) -> Iterator[Piece]:
        """The tabs: one of them says whether results are posted. Anything else in their block is no tab."""
        tabs = next(iter(block.all("ul")), None)
        for node in block.nodes:
            if node is not tabs:
                yield from self.walk([node])
        for item in tabs.all("li") if tabs else ():
            key = label_key(item.text)
            if key in RESULTS_TABS:
                yield self.piece(Role.FIELD, "has results", [[(Text(RESULTS_TABS[key]),)]])
            elif key not in IGNORED:
                yield self.piece(Role.REST, "", [[(Text(item.text),)]])

    def table(self, table: Block) -> Iterator[Piece]:
        """The pieces of a table, by the `headers` of its cells or the headings of its columns."""
        if table.holds_table:  # it lays out the page, or a lost tag made it swallow another
            yield from self.walk(table.nodes)
            return
        lines = table.all("tr")
        rows = [row.blocks() for row in lines]
        for line, cells in zip(lines, rows, strict=True):
            for text in line.nodes if len(line.nodes) > len(cells) else ():
                if isinstance(text, str):  # beside the cells, as damage leaves it
                    yield self.piece(Role.REST, "", [[(text,)]])
        marks = {cell.mark for row in rows for cell in row}
        role = next((role for names, role in _TABLES if not marks.isdisjoint(names)), None)
        role = role or _by_heading(rows)
        if role is Role.FIELD:
            yield from self.field_rows(rows)
        elif role is Role.TERMS:
            label = MESH_TERMS if marks.isdisjoint(_KEYWORD_MARKS) else KEYWORDS
            yield self.piece(role, label, _cells(rows))
        elif role in (Role.SUMMARY, Role.ARMS):
            yield from self.headed(role, rows)
        elif role is Role.OFFICIALS:
            yield self.piece(role, role.value, [_by_mark(row) for row in rows if any(cell.mark for cell in row)])
        elif role:
            yield self.piece(role, role.value, _cells(rows))
        else:
            for row in rows:
                for cell in row:
                    yield from self.walk(cell.nodes)

    def headed(self, role: Role, rows: Sequence[Sequence[Block]]) -> Iterator[Piece]:
        """A table with headings; a row of more or fewer cells than these, as damage leaves it, is none of it."""
        whole = [row for row in rows if len(row) == len(rows[0]) and all(cell.tag in ("td", "th") for cell in row)]
        yield self.piece(role, role.value, [[content(cell) for cell in row] for row in whole])
        for row in rows:
            if row not in whole:
                for cell in row:
                    yield self.piece(Role.REST, "", [[content(cell)]])

    def field_rows(self, rows: Sequence[Sequence[Block]]) -> Iterator[Piece]:
        """A row a field: the cell of the label, then the cell of the value; further cells are no part of it."""
        for row in rows:
            cells = [cell for cell in row if cell.tag == "td"]
            marked = [cell for cell in cells if cell.mark][:2]
            if marked:
                value = _without_links(marked[1]) if len(marked) > 1 else ()
                yield self.piece(Role.FIELD, marked[0].text, [[value]])
            if len(cells) > len(marked):
                for cell in cells:
                    if cell not in marked:
                        yield from self.walk(cell.nodes)

    def piece(self, role: Role, label: str, rows: Rows) -> Piece:
        """A piece placed in the section."""
        return Piece(role, label, rows, f"{self.section}: {label}" if label else self.section)


_KEYWORD_MARKS = frozenset({"keywordCol1", "keywordCol2"})

_TABLES: tuple[tuple[frozenset[str], Role], ...] = (
    (
        frozenset(
            {"studyInfoColTitle", "enrollmentInfoTitle", "elgType", "colTitle", "colTitle1", "colTitle2", "colTitle3"}
        ),
        Role.FIELD,
    ),
    (frozenset({"locName", "locStatus"}), Role.SITES),
    (frozenset({"contactName", "contactPhone", "contactEmail"}), Role.CONTACTS),
    (frozenset({"role", "name", "affiliation"}), Role.OFFICIALS),
    (_KEYWORD_MARKS | {"meshTermCol1", "meshTermCol2"}, Role.TERMS),
)
"""`headers` values of cells, and what the table is. They stayed the same from 2014 to 2023."""


_OFFICIAL = ("role", "name", "affiliation")


def _by_mark(row: Sequence[Block]) -> list[Content]:
    """The cells of an investigator by their marks, then all that has another or none."""
    marked = {cell.mark: content(cell) for cell in reversed(row) if cell.mark in _OFFICIAL}
    known = [marked.get(mark, ()) for mark in _OFFICIAL]
    return [*known, *(content(cell) for cell in row if cell.mark not in _OFFICIAL)]


def _by_heading(rows: Sequence[Sequence[Block]]) -> Role | None:
    first = label_key(rows[0][0].text) if rows and rows[0] else ""
    if first in SUMMARY_HEADINGS:
        return Role.SUMMARY
    return Role.ARMS if first in ARM_HEADINGS else None


_STATUS = re.compile(r"((?:Recruitment|Expanded Access) Status)\s*:", re.IGNORECASE)


def _is_title(node: Block) -> bool:
    """Whether a block is the `h1`, or holds nothing else."""
    while node.tag != "h1" and len(node.nodes) == 1 and isinstance(node.nodes[0], Block):
        node = node.nodes[0]
    return node.tag == "h1"


def _until_label(after: Sequence[Node]) -> list[Block]:
    """The blocks that follow directly, up to a text or a block that is a label or a heading itself."""
    taken: list[Block] = []
    for node in after:
        if isinstance(node, str) or _is_label(node):
            break
        taken.append(node)
    return taken


def _is_name(block: Block) -> bool:
    """Whether a block is a line, and not of a label's form: one that nobody knows ends a list all the same."""
    return block.line is not None and not block.line.endswith(":")


def _is_label(node: Node) -> bool:
    line = node if isinstance(node, str) else node.line
    return line is not None and label_key(line) in _LABELS


def _is_remark(node: Node) -> bool:
    """Whether a node is a line that belongs to the sentence of a status before it."""
    line = node if isinstance(node, str) else node.line
    if line is None or _is_label(node):
        return False
    return not line or label_key(line.partition(":")[0]) not in LABELS


def _holds_table(node: Node) -> bool:
    return isinstance(node, Block) and (node.tag == "table" or node.holds_table)


_LABELS = (
    PROSE_LABELS
    | SECTIONS
    | SPONSOR_LABELS
    | {SPONSOR_LIST}
    | LINK_LABELS
    | set(OUTCOME_LABELS)
    | set(REFERENCE_LABELS)
    | set(IGNORED)
    | set(BOX_LABELS)
    | NEXT_LABELS
    | INTERVENTION_LABELS
)


def _as_content(node: Node) -> Content:
    return (Text(node),) if isinstance(node, str) else content(node)


def _contents(nodes: Sequence[Node]) -> Content:
    return tuple([part for node in nodes for part in _as_content(node)])


def _cells(rows: Sequence[Sequence[Block]]) -> Rows:
    """The data cells of the rows that have any."""
    cells = [[content(cell) for cell in row if cell.tag == "td"] for row in rows]
    return [row for row in cells if row]


def items(block: Block) -> Rows:
    """A row an item of the first list."""
    found = [block] if block.tag == "li" else block.all("li")
    return [[content(item)] for item in found]


_PUBMED = re.compile(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d{1,9})")


def _citations(block: Block) -> Rows:
    """A row a citation; a second cell holds the PubMed number where a link shows it."""
    rows: list[list[Content]] = []
    for node in block.nodes:
        cell = _as_content(node)
        addresses = " ".join([address for _text, address in node.links()]) if isinstance(node, Block) else ""
        found = _PUBMED.search(addresses)
        if cell:
            rows.append([cell, (Text(found[1]),)] if found else [cell])
    return rows


def _links(block: Block) -> Rows:
    return [[(Text(text),), (Text(address),)] for text, address in block.links()]


_LISTS: dict[str, tuple[Role, Callable[[Block], Rows]]] = {
    **dict.fromkeys(OUTCOME_LABELS, (Role.OUTCOMES, items)),
    **dict.fromkeys(REFERENCE_LABELS, (Role.REFERENCES, _citations)),
    **dict.fromkeys(LINK_LABELS, (Role.LINKS, _links)),
    **dict.fromkeys(INTERVENTION_LABELS, (Role.INTERVENTIONS, items)),
}
"""Labels of lists, what the block after them is, and its rows."""


_SWALLOWING = (Role.REFERENCES, Role.LINKS)
"""Lists whose block may hold the lists after it too, where it was not closed: each of its lines is an item."""


def _holds_label(block: Block) -> bool:
    return any(_is_label(node) or (isinstance(node, Block) and _holds_label(node)) for node in block.nodes)


def _without_links(cell: Block) -> Content:
    """The content of a cell less the site's own links (`History of Changes`, `Key Record Dates`) at its end."""
    found = content(cell)
    if not cell.anchors or not found or not isinstance(found[-1], Text):
        return found
    text = found[-1]
    for link in (text_of for text_of, _address in cell.links() if label_key(text_of) in IGNORED):
        text = text.removesuffix(link).rstrip()
    return (*found[:-1], Text(text)) if text else found[:-1]


def _is_menu(block: Block) -> bool:
    """Whether a block is the menu of sections: a button, or links within the page and nothing else."""
    if block.has_button or block.holds_table or block.anchors < _FEWEST_IN_MENU:
        return block.has_button
    text, address = next(block.links(), ("", ""))
    if not address.startswith("#") or not block.opening.startswith(text) or len(block.text) > _LONGEST_MENU:
        return False
    jumps = [text for text, address in block.links() if address.startswith("#")]
    return len(jumps) >= _FEWEST_IN_MENU and " ".join(jumps) == block.text


_FEWEST_IN_MENU = 3
_LONGEST_MENU = 1000
