"""Saved pages that are one plain table, read straight from their elements, without a tree of blocks.

What breaks a line and what stands within one is what it is in `page_tree`. Runs of text are as they stand, for those
who read what a page indents by blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from lxml import etree

from ctgov_ingest.sources.content import fold
from ctgov_ingest.sources.page_tree import (
    BR,
    BREAKS,
    KINDS,
    MAX_DEPTH,
    SAYS_NOTHING,
    SILENT,
    SPAN,
    displayed_as_block,
    too_deep,
)


def all_of(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The elements of a name below one, in order; not those inside of one found, nor in what says nothing."""
    parent, shown = None, False
    for found in element.iter(tag):
        if (above := found.getparent()) is not parent:
            parent, shown = above, _is_shown(found, tag, element)
        if shown:
            yield found


def _is_shown(found: etree._Element, tag: str, within: etree._Element) -> bool:
    above = takewhile(lambda one: one is not within, found.iterancestors())
    return found is not within and all(one.tag != tag and one.tag not in SILENT for one in above)


def nodes(element: etree._Element, depth: int = 0) -> list[str | etree._Element]:
    """The runs of text and the blocks that an element holds directly, in order; an empty line is an empty run."""
    text = element.text
    children: list[etree._Element] = element[:]  # type: ignore[index, assignment]
    if len(children) == 1 and KINDS.get(children[0].tag) is BREAKS and not (_says(text) or _says(children[0].tail)):
        return [children[0]]
    if all([child.tag == "br" for child in children]):  # noqa: C419  # a list is faster than a generator
        return _between_breaks([text, *[child.tail for child in children]])
    found: list[str | etree._Element] = []
    run = [text] if text and _says(text) else []
    _gather(element, found, run, depth)
    if run:
        found.append("".join(run))
    return found


def _between_breaks(texts: list[str | None]) -> list[str | etree._Element]:
    """The same of an element that holds nothing but breaks, and these texts before, between and behind them."""
    found: list[str | etree._Element] = [text if text and _says(text) else "" for text in texts]
    return found[not found[0] : len(found) - (not found[-1])]


def runs(element: etree._Element, depth: int = 0) -> list[str]:
    """All runs of text in an element, in order."""
    if not len(element):
        return [text] if (text := element.text) and _says(text) else []
    found: list[str] = []
    for node in nodes(element, depth):
        if isinstance(node, str):
            found.append(node)
        else:
            found += runs(node, depth + 1)
    return found


def text_of(element: etree._Element) -> str:
    """All text in an element, as it stands."""
    return " ".join(runs(element)) if len(element) else element.text or ""


def line_of(element: etree._Element) -> str:
    """All text in an element in one line."""
    return fold(text_of(element))


def cells_of(row: etree._Element) -> tuple[list[etree._Element], list[etree._Element], bool]:
    """The cells of a row, those of labels and those of values, and whether anything stands beside them."""
    children: list[etree._Element] = row[:]  # type: ignore[index, assignment]
    heads: list[etree._Element] = []
    cells: list[etree._Element] = []
    beside = _says(row.text)
    for child in children:
        tag = child.tag
        if tag == "td":
            cells.append(child)
        elif tag == "th":
            heads.append(child)
        else:
            return _cells_among(nodes(row))
        beside = beside or _says(child.tail)
    return heads, cells, beside


def _cells_among(inside: list[str | etree._Element]) -> tuple[list[etree._Element], list[etree._Element], bool]:
    """The same for a row in which more than cells stand, as where tags are lost."""
    blocks = [node for node in inside if not isinstance(node, str)]
    heads, cells = ([block for block in blocks if block.tag == tag] for tag in ("th", "td"))
    return heads, cells, len(heads) + len(cells) < len(inside)


def _says(text: str | None) -> bool:
    """Whether what stands beside a break says anything."""
    return text not in _NOTHING and bool(text and text.strip(_BLANKS))


_NOTHING = frozenset({None, "", "\n", " "})
_BLANKS = " \t\r\n"
"""White space that says nothing beside a break. No-break spaces do: they indent."""


def _gather(element: etree._Element, found: list[str | etree._Element], run: list[str], depth: int) -> None:
    """Add what an element holds to what was found and to the run of text at hand."""
    if depth >= MAX_DEPTH:
        raise too_deep()
    children: list[etree._Element] = element[:]  # type: ignore[index, assignment]
    before = None
    for child in children:
        kind = KINDS.get(child.tag)
        if kind is BR or kind is BREAKS or (kind is SPAN and displayed_as_block(child)):
            if run:
                found.append(run[0] if len(run) == 1 else "".join(run))
                run.clear()
            elif kind is before is BR:
                found.append("")
            if kind is not BR:
                found.append(child)
        elif kind is not SAYS_NOTHING:
            if (text := child.text) and (run or _says(text)):
                run.append(text)
            if len(child):
                _gather(child, found, run, depth + 1)
        if (text := child.tail) and (run or _says(text)):
            run.append(text)
        before = kind
