"""Study Details pages of 2017 to 2023, in the three generations of their class names, cut into pieces.

Found by what stayed: `headers` attributes, ids, captions, heading text. No class name is read (html_pages 0: the same
record stands saved under three sets of them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctgov_ingest.sources import page_tree
from ctgov_ingest.sources.content import Content, Text, line
from ctgov_ingest.sources.page_tree import Element, Node, content, nodes, text_of
from ctgov_ingest.sources.pieces import Piece, Role
from ctgov_ingest.sources.study_fields import (
    BOX_OPENINGS,
    FIELDS,
    IGNORED,
    LINK_LABELS,
    OUTCOME_LABELS,
    PROSE_LABELS,
    REFERENCE_LABELS,
    SECTIONS,
    label_key,
)

_SPONSOR_LABELS = frozenset(
    {
        "sponsor",
        "collaborator",
        "collaborators",
        "information provided by (responsible party)",
        "information provided by",
        "sponsors and collaborators",
    }
)
_RESULTS_TABS = {
    "study results": "Yes",
    "has results": "Yes",
    "no results posted": "No",
    "results submitted": "No",
}


def cut(tree: Element) -> Iterator[Piece]:
    """The pieces of a page, in its order."""
    main = page_tree.by_id(tree, "main-content")
    yield from _Cutter().visit(main if main is not None else tree)


class _Cutter:
    """Walks the blocks of a page; holds the section it is in, for the place of each piece."""

    def __init__(self) -> None:
        self.section = "header"

    def visit(self, parent: Element) -> Iterator[Piece]:
        """The pieces of an element's children: a label takes the blocks after it, a container is walked."""
        children = list(nodes(parent))
        at = 0
        while at < len(children):
            node = children[at]
            at += 1
            text = node if isinstance(node, str) else _leaf_text(node)
            if text is None:
                assert not isinstance(node, str)  # noqa: S101  # a run of text is its own text
                yield from self.block(node)
                continue
            if label_key(text).startswith(_BOXES):
                return
            taken = 0
            if text:
                taken = yield from self.labelled(text, node, children[at:])
            at += taken

    def labelled(self, text: str, node: Node, after: Sequence[Node]) -> Iterator[Piece]:
        """The piece of a line of text, with the blocks that belong to it; gives how many of these were taken."""
        key = label_key(text)
        blocks = _blocks_until_label(after)
        if key in SECTIONS:
            self.section = key
            return 0
        if not isinstance(node, str) and node.tag == "h1":
            yield self.piece(Role.TITLE, "title", [[(Text(text),)]])
            return 0
        if found := _status_block(text):
            rows = [(Text(text), *(block for taken in after for block in _as_content(taken)))]
            yield self.piece(Role.STATUS, found, [rows])
            return len(after)
        if key in PROSE_LABELS:
            yield self.piece(Role.FIELD, text, [[_as_content(after[0]) if after else ()]])
            return 1
        if key in OUTCOME_LABELS:
            yield self.piece(Role.OUTCOMES, text, [[item] for item in _items(blocks[:1])])
            return len(blocks[:1])
        if key in REFERENCE_LABELS:
            yield self.piece(Role.REFERENCES, text, _citations(blocks[:1]))
            return len(blocks[:1])
        if key in LINK_LABELS:
            yield self.piece(Role.LINKS, text, _links(blocks[:1]))
            return len(blocks[:1])
        if key in _SPONSOR_LABELS:
            yield self.piece(Role.FIELD, text, [[content_of(blocks)]])
            return len(blocks)
        yield from self.inline(text, after)
        return self.taken_inline

    taken_inline = 0

    def inline(self, text: str, after: Sequence[Node]) -> Iterator[Piece]:
        """A label and its value in one line, or text under no label."""
        self.taken_inline = 0
        label, colon, value = text.partition(":")
        key = label_key(label)
        if key == "biospecimen retention" and value.strip():
            yield self.piece(Role.FIELD, label, [[(Text(value.strip()),)]])
            description = _blocks_until_label(after)[:1]
            if description and self.section == "outcome measures":
                self.taken_inline = 1
                yield self.piece(Role.FIELD, "biospecimen description", [[content_of(description)]])
        elif colon and value.strip() and key in FIELDS:
            yield self.piece(Role.FIELD, label, [[(Text(value.strip()),)]])
        else:
            yield self.piece(Role.REST, "", [[(Text(text),)]])

    def block(self, element: Element) -> Iterator[Piece]:
        """The pieces of a block that is more than one line of text."""
        if element.get("id") == "tabs":
            yield from self.tabs(element)
        elif element.tag == "table":
            yield from self.table(element)
        elif not _is_menu(element):
            yield from self.visit(element)

    def tabs(self, element: Element) -> Iterator[Piece]:
        """The tabs: one of them says whether results are posted."""
        for item in element.iter("li"):
            text = text_of(item)
            if answer := _RESULTS_TABS.get(label_key(text)):
                yield self.piece(Role.FIELD, "has results", [[(Text(answer),)]])
            elif label_key(text) not in IGNORED:
                yield self.piece(Role.REST, "", [[(Text(text),)]])

    def table(self, table: Element) -> Iterator[Piece]:
        """The pieces of a table, by the `headers` of its cells or the headings of its columns."""
        rows = [row for row in table.iter("tr") if _nearest_table(row) is table]
        marks = {cell.get("headers") for row in rows for cell in row if cell.get("headers")}
        role = next((role for names, role in _TABLES if marks & names), None)
        if role is Role.FIELD:
            yield from self.field_rows(rows)
        elif role is Role.TERMS:
            label = "keywords" if "keywordCol1" in marks else "mesh terms"
            yield self.piece(role, label, [[content(cell) for cell in row.iter("td")] for row in rows])
        elif role:
            yield self.piece(role, role.value, [_cells(row) for row in rows if _cells(row)])
        elif head := _heading_role(rows):
            yield self.piece(head, head.value, [[content(cell) for cell in row] for row in rows])
        else:
            for row in rows:
                for cell in row:
                    yield from self.visit(cell)

    def field_rows(self, rows: Sequence[Element]) -> Iterator[Piece]:
        """A row a field: the cell of the label, then the cell of the value."""
        for row in rows:
            label, *values = [cell for cell in row if cell.get("headers")] or [None]
            if label is not None:
                value = _without_links(values[0]) if values else ()
                yield self.piece(Role.FIELD, text_of(label), [[value]])

    def piece(self, role: Role, label: str, rows: Sequence[Sequence[Content]]) -> Piece:
        """A piece placed in the section."""
        return Piece(
            role,
            label,
            tuple(tuple(row) for row in rows),
            f"{self.section}: {label}" if label else self.section,
        )


_BOXES = tuple(BOX_OPENINGS)

_TABLES: tuple[tuple[frozenset[str], Role], ...] = (
    (
        frozenset({"studyInfoColTitle", "elgType", "colTitle", "colTitle1", "colTitle2", "colTitle3"}),
        Role.FIELD,
    ),
    (frozenset({"locName", "locStatus"}), Role.SITES),
    (frozenset({"contactName", "contactPhone", "contactEmail"}), Role.CONTACTS),
    (frozenset({"role", "name", "affiliation"}), Role.OFFICIALS),
    (frozenset({"keywordCol1", "keywordCol2", "meshTermCol1", "meshTermCol2"}), Role.TERMS),
)
"""`headers` values of cells, and what the table is. They stayed the same from 2014 to 2023."""

_HEADINGS = {
    "condition or disease": Role.SUMMARY,
    "arm": Role.ARMS,
    "group/cohort": Role.ARMS,
}


def _heading_role(rows: Sequence[Element]) -> Role | None:
    first = text_of(rows[0][0]) if rows and len(rows[0]) else ""
    return _HEADINGS.get(label_key(first))


def _leaf_text(element: Element) -> str | None:
    """The text of a block that is one line; None for a block that holds blocks or several lines."""
    if element.tag in ("table", "ul", "ol") or element.get("id") == "tabs":
        return None
    inner = list(nodes(element))
    if len(inner) == 1 and not isinstance(inner[0], str):
        return _leaf_text(inner[0])
    if all(isinstance(node, str) for node in inner) and len(inner) < 2:
        return "".join(node for node in inner if isinstance(node, str))
    return None


def _blocks_until_label(after: Sequence[Node]) -> list[Element]:
    """The blocks that follow directly, up to a text or a block that is a label or a heading itself."""
    taken: list[Element] = []
    for node in after:
        if isinstance(node, str) or _is_mark(node):
            break
        taken.append(node)
    return taken


def _is_mark(element: Element) -> bool:
    text = _leaf_text(element)
    if text is None:
        return False
    key = label_key(text)
    return key in _MARKS and (key not in FIELDS or key in PROSE_LABELS)


_MARKS = (
    PROSE_LABELS
    | set(OUTCOME_LABELS)
    | set(REFERENCE_LABELS)
    | LINK_LABELS
    | SECTIONS
    | _SPONSOR_LABELS
    | set(IGNORED)
)

_STATUS = re.compile(r"((?:Recruitment|Expanded Access) Status)\s*:", re.IGNORECASE)


def _status_block(text: str) -> str | None:
    found = _STATUS.match(text)
    return found[1] if found else None


def _as_content(node: Node) -> Content:
    return (Text(node),) if isinstance(node, str) else content(node)


def content_of(elements: Sequence[Element]) -> Content:
    """The content of several blocks, one after the other."""
    return tuple(block for element in elements for block in content(element))


def _items(elements: Sequence[Element]) -> list[Content]:
    """The items of the first list among the blocks."""
    found = (item for element in elements for item in element.iter("li") if _outermost_item(item))
    return [content(item) for item in found]


def _outermost_item(item: Element) -> bool:
    return not any(parent.tag == "li" for parent in item.iterancestors())


_PUBMED = re.compile(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d+)")


def _citations(elements: Sequence[Element]) -> list[list[Content]]:
    """A row a citation; a second cell holds the PubMed number where a link shows it."""
    rows = []
    for element in elements:
        for item in element:
            if cell := content(item):
                found = next((_PUBMED.search(link.get("href") or "") for link in item.iter("a")), None)
                rows.append([cell, (Text(found[1]),)] if found else [cell])
    return rows


def _links(elements: Sequence[Element]) -> list[list[Content]]:
    anchors = [link for element in elements for link in element.iter("a") if text_of(link)]
    return [[(Text(text_of(link)),), (Text(link.get("href") or ""),)] for link in anchors]


def _cells(row: Element) -> list[Content]:
    return [content(cell) for cell in row.iter("td")]


def _without_links(cell: Element) -> Content:
    """The content of a cell less the site's own links (`History of Changes`, `Key Record Dates`)."""
    for link in list(cell.iter("a")):
        if label_key(text_of(link)) in IGNORED:
            link.drop_tree()
    return content(cell)


def _nearest_table(row: Element) -> Element | None:
    return next((parent for parent in row.iterancestors() if parent.tag == "table"), None)


def _is_menu(element: Element) -> bool:
    """Whether a block is the menu of sections: a button, or links within the page and nothing else."""
    if any(child.tag == "button" for child in element):
        return True
    links = [link for link in element.iter("a") if (link.get("href") or "").startswith("#")]
    return len(links) > 2 and " ".join(text_of(link) for link in links) == text_of(element)
