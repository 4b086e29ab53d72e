"""Side-by-side pages of the archive of before 2017: the new version, which stands whole in the right column.

Each line of the XML in which sponsors hand records in is an element of its own on the page; together they are the
version. The page has it twice, once without its lesser parts: the whole one is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ctgov_ingest.errors import Damaged
from ctgov_ingest.sources.archive_shapes import citation, finish
from ctgov_ingest.sources.content import Content, fold
from ctgov_ingest.sources.page_elements import all_of, cells_of, runs, text_of
from ctgov_ingest.sources.page_tree import MAX_DEPTH
from ctgov_ingest.sources.prs_fields import CARRIED, FIELDS, IGNORED, LISTED, Listed
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.study_fields import REFERENCES
from ctgov_ingest.sources.version_text import NO_BREAK, listed, plain
from ctgov_ingest.values.dates import parse_date

_TITLE = re.compile(r"<title>\s*Side-by-side differences", re.IGNORECASE)
_HEADING = re.compile(r"Changes to (?P<id>NCT\d{8}) on (?P<day>\d{4}_\d{2}_\d{2})")
_WHOLE = "sdiff-full"
_AGAIN = 'id="sdiff-main"'
_WHOLE_COMPARISON = etree.XPath(f"id('{_WHOLE}')")


def recognises(title: str) -> bool:
    """Whether a page of this title is a side-by-side comparison of the archive."""
    return bool(_TITLE.match(title))


def without_second(text: str) -> str:
    """The page up to where it has the version for the second time: that is not even parsed."""
    whole = text.find(f'id="{_WHOLE}"')
    again = text.find(_AGAIN, whole)
    return text if whole < 0 or again < 0 else text[: text.rfind("<", 0, again)]


def cut(root: etree._Element) -> tuple[RawRecord, frozenset[str], str]:
    """The record of the new version, the paths that such a page can show, and its day."""
    headings = (_HEADING.search(plain(text_of(block))) for block in all_of(root, "h1"))
    heading = next(filter(None, headings), None)
    if heading is None:
        raise Damaged("expected a heading with the day of the version, found none", place="h1")
    try:
        day = str(parse_date(heading["day"]))
    except ValueError as error:
        raise Damaged(str(error), place="h1") from None
    record = RawRecord()
    record.asides["updated"] = Raw(day, "the heading")
    _walk(record, _parsed("\n".join(_lines(root))), "")
    finish(record)
    return record, CARRIED, day


def _lines(root: etree._Element) -> Iterator[str]:
    """The lines of the right column."""
    found: Any = _WHOLE_COMPARISON(root)
    if not found:
        raise Damaged("expected the new version whole, found a comparison without it", place=_WHOLE)
    for row in all_of(found[0], "tr"):
        _heads, cells, _beside = cells_of(row)
        if cells and len(cells) != 3:
            raise Damaged(f"expected three columns, found {len(cells)}", place=_WHOLE)
        for cell in cells[2:]:
            yield from filter(None, map(_indented, runs(cell)))


def _indented(text: str) -> str:
    """A line with its indent marked, other white space folded."""
    bare = fold(text)
    return NO_BREAK * (len(text) - len(text.lstrip(" "))) + bare if bare else ""


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(f"expected the new version as XML, found none ({error})", place=_WHOLE) from error
    if root.tag != "clinical_study":
        raise Damaged(f"expected clinical_study, found {root.tag}", place=_WHOLE)
    return root


def _walk(record: RawRecord, element: etree._Element, way: str) -> None:
    """Read what an element holds, by the tables of `prs_fields`."""
    if way.count("/") > MAX_DEPTH:
        raise Damaged("expected a record, found elements nested without end", place=way[:80])
    for child in element:
        below = f"{way}/{child.tag}".lstrip("/")
        if below in LISTED:
            _put_listed(record, child, LISTED[below], below)
        elif below in FIELDS and not len(child):
            FIELDS[below](record, _content(child), below)
        elif len(child):
            _walk(record, child, below)
        elif below not in IGNORED and plain(child.text or ""):
            record.leave(plain(child.text or ""), below, child.tag)


def _content(element: etree._Element) -> Content:
    return listed((element.text or "").split("\n"))


def _put_listed(record: RawRecord, element: etree._Element, table: Listed, way: str) -> None:
    one = _item(record, element, table, way)
    if table.path == f"{REFERENCES}.references":
        values = {name: raw.text for name, raw in one.items() if isinstance(raw, Raw)}
        one = citation(record, None, values.get("citation"), values.get("pmid"), way)
    if one:
        record.put_all(table.path, [one])


def _item(record: RawRecord, element: etree._Element, table: Listed, way: str) -> RawTree:
    """The fields of one item, with the items below it."""
    values: dict[str, str] = {}
    below: dict[str, list[Raw | RawTree]] = {}
    for inner, leaf in _leaves(element, "", way):
        if f"{way}/{inner}" in LISTED:
            nested = LISTED[f"{way}/{inner}"]
            if one := _item(record, leaf, nested, f"{way}/{inner}"):
                below.setdefault(nested.path, []).append(one)
        elif inner in table.names:
            values[table.names[inner]] = plain(leaf.text or "")
        elif text := plain(leaf.text or ""):
            record.leave(text, f"{way}/{inner}", leaf.tag)
    found = group(values, way)
    role: RawTree = {"role": Raw(table.role, way)} if table.role and found else {}
    return {**found, **role, **below}


def _leaves(element: etree._Element, way: str, above: str) -> Iterator[tuple[str, etree._Element]]:
    """The elements below one that hold text or are items, each with its way."""
    for child in element:
        below = f"{way}/{child.tag}".lstrip("/")
        if len(child) and f"{above}/{below}" not in LISTED:
            yield from _leaves(child, below, above)
        else:
            yield below, child
