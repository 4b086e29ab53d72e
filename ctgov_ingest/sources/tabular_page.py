"""The Tabular View of a study (`/ct2/show/record/…`), both generations, cut into the pieces of study pages.

The header is that of a study page. The table below it has a row a field: label and value, under headings of groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ctgov_ingest.sources import (
    page_tree,
    study_arms,
    study_header,
    study_outcomes,
    study_pieces,
    study_places,
)
from ctgov_ingest.sources.content import Text, fold, lines
from ctgov_ingest.sources.page_tree import Block, content
from ctgov_ingest.sources.pieces import Piece, Role, Rows
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.sources.study_eras import Era
from ctgov_ingest.sources.study_fields import OVERSIGHT, REFERENCES
from ctgov_ingest.sources.study_labels import IGNORED_FIELDS, label_key
from ctgov_ingest.sources.study_page import Cutter, items
from ctgov_ingest.sources.study_places import CENTRAL_CONTACTS, OFFICIALS
from ctgov_ingest.sources.tabular_rows import GROUPS, NOT_PROVIDED, ORIGINAL, ORIGINAL_VALUES, ROWS, TABULAR_FIELDS

_MARKS = re.compile(r"\bICMJE\b|\(s\)|[*\u2020\u2021]", re.IGNORECASE)
"""Signs at a label that are no part of it."""

_SUBMITTED = re.compile(r"\(submitted:\s*(?P<date>[^()]{0,40})\)", re.IGNORECASE)


def read(text: str, era: Era) -> RawRecord:
    """Read a page: its pieces by the rules of study pages and the table's own."""
    return study_pieces.read_pieces(_in_order(text), {**study_pieces.RULES[era.tab], **TABULAR_FIELDS})


def carried(era: Era) -> frozenset[str]:
    """The paths that the Tabular View of an era can show: those of its rows, of the header, of lists within cells."""
    rules = {**study_pieces.RULES[era.tab], **TABULAR_FIELDS}
    labels = {label for role, label in ROWS.values() if role is Role.FIELD and label not in _NOT_ALWAYS}
    shown = {path for label in labels | {"page title"} for path in rules[label].paths}
    shown |= {*study_header.SHOWN, *study_outcomes.SHOWN, *study_arms.SHOWN, *_LISTS_SHOWN, HAS_RESULTS}
    return study_pieces.without(shown, era.lacks) | {HAS_DMC}


_NOT_ALWAYS = frozenset({"keywords"})
"""Rows that not every page of their era has, so that nothing follows from their absence."""

HAS_RESULTS = "hasResults"
HAS_DMC = f"{OVERSIGHT}.oversightHasDmc"
_LISTS_SHOWN = (
    f"{REFERENCES}.references.citation",
    *(path for path in study_places.SHOWN if path.startswith((CENTRAL_CONTACTS, OFFICIALS))),
)
"""What the lists within cells show; of publications not the type, which one list of all kinds does not tell."""


def _in_order(text: str) -> Iterator[Piece]:
    """The pieces of a page, the heading last: the table has the brief title without an acronym."""
    titles = []
    for piece in Cutter(own=_table).walk(page_tree.parse(text).nodes):
        if piece.role is Role.TITLE:
            titles.append(piece)
        else:
            yield piece
    for piece in titles:
        yield Piece(Role.FIELD, "page title", piece.rows, piece.place)


def _table(cutter: Cutter, block: Block) -> Iterator[Piece] | None:
    """The pieces of the table of fields; None for any other block."""
    if block.tag != "table":
        return None
    rows = block.all("tr")
    if not any(_is_group(row.blocks()) for row in rows):
        return None
    return _rows(cutter, rows)


def _is_group(row: Sequence[Block]) -> bool:
    return len(row) == 1 and label_key(row[0].text) in GROUPS


def _rows(cutter: Cutter, rows: Sequence[Block]) -> Iterator[Piece]:
    """The pieces of the rows; text outside of cells, as damage leaves it, belongs to none."""
    for row in rows:
        cells = row.blocks()
        loose = [node for node in row.nodes if isinstance(node, str)]
        if _is_group(cells):
            cutter.section = label_key(cells[0].text)
        elif [cell.tag for cell in cells[:2]] in (["th"], ["th", "td"]):
            yield from _row(cutter, cells[0], cells[1] if len(cells) > 1 else None)
            loose += [cell.text for cell in cells[2:]]
        else:
            loose += [cell.text for cell in cells]
        for text in loose:
            yield cutter.piece(Role.REST, "", [[(Text(text),)]])


def _row(cutter: Cutter, head: Block, cell: Block | None) -> Iterator[Piece]:
    """The piece of one field; none where the page says that there is nothing."""
    label = label_of(head.text)
    value = cell.text if cell else ""
    if cell is None or not value or value.casefold() == NOT_PROVIDED:
        if label not in ROWS and label not in IGNORED_FIELDS and not label.startswith(ORIGINAL):
            yield cutter.piece(Role.FIELD, label, [[(Text(value or "(no value)"),)]])
        return
    if label.startswith(ORIGINAL):
        known = label if label in TABULAR_FIELDS else ORIGINAL_VALUES
        when = [Text(found[0]) for found in [_SUBMITTED.search(fold(head.text))] if found]
        yield Piece(Role.FIELD, known, [[(*when, *content(cell))]], f"{cutter.section}: {label}")
        return
    role, rule = ROWS.get(label, (Role.FIELD, label))
    rows = _SHAPES.get(role, _whole)(cell)
    if rows is None:
        yield Piece(Role.FIELD, label, [[(Text(cell.text),)]], f"{cutter.section}: {label}")
    else:
        yield Piece(role, rule, rows, f"{cutter.section}: {label}")


@lru_cache(maxsize=1 << 10)
def label_of(text: str) -> str:
    """A label as the table has it: without marks, without the day of submission, in lower case."""
    return label_key(_MARKS.sub(" ", _SUBMITTED.sub(" ", text)))


def _whole(cell: Block) -> Rows:
    return [[content(cell)]]


def _items(cell: Block) -> Rows | None:
    """A row an item of the list; a cell without a list is one item. None where items have come apart."""
    first = cell.nodes[0]
    if isinstance(first, str) or first.tag not in ("ul", "ol"):
        return _whole(cell)
    if len(cell.nodes) > 1 or any(isinstance(node, str) or node.tag != "li" for node in first.nodes):
        return None
    return items(first)


def _nested(cell: Block) -> Rows | None:
    """The rows of a table in the cell; or its lines. None where rows are not as wide as they should be."""
    table = next(iter(cell.all("table")), None)
    if table is None:
        return [[(Text(text),)] for text in lines(content(cell))]
    rows = [row.blocks() for row in table.all("tr")]
    if any(len(row) != _PERSON or any(one.tag != "td" for one in row) for row in rows):
        return None
    return [[content(one) for one in row] for row in rows]


_PERSON = 4
"""The cells of a person: role and name, or contact; the last one is always empty."""


_SHAPES = {
    Role.OUTCOMES: _items,
    Role.INTERVENTIONS: _items,
    Role.GROUPS: _items,
    Role.REFERENCES: _items,
    Role.CONTACTS: _nested,
    Role.OFFICIALS: _nested,
}
