"""The archive's list of versions of before 2017: `History of NCT…`, a day a version with what was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ctgov_ingest.errors import Damaged
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.page_elements import all_of, cells_of, line_of
from ctgov_ingest.sources.page_tree import parse_elements
from ctgov_ingest.sources.pages import check_end
from ctgov_ingest.sources.stubs import Stub, Stubs, in_order
from ctgov_ingest.values.dates import parse_date

PRESENTATION = "archive-index"
READER = "1"

_WORDS = "History of NCT"
_MARK = re.compile(rf"<h1[^>]{{0,200}}>\s*{_WORDS}\d{{8}}", re.IGNORECASE)
_HEADING = re.compile(r"History of (NCT\d{8})")
_NOTHING = "nothing (earliest version on record)"
"""What stands for the changes of the first version."""


def recognises(title: str, text: str) -> bool:
    """Whether a page is such a list."""
    return _WORDS in text and bool(_MARK.search(text))


def read(text: str, encoding: str, data: bytes, source: str) -> Iterator[Stubs]:
    """Read the list. Its versions have no numbers: the registry counts otherwise today."""
    check_end(text)
    root = parse_elements(text)
    heading = next((found for one in all_of(root, "h1") if (found := _HEADING.search(line_of(one)))), None)
    if heading is None:
        raise Damaged("expected a heading with an NCT id, found none", place="h1")
    issues: list[Issue] = []
    rows = [stub for row in all_of(root, "tr") if (stub := _stub(row, issues))]
    yield Stubs(PRESENTATION, READER, source, data, heading[1], in_order(rows), issues=tuple(issues))


def _stub(row: etree._Element, issues: list[Issue]) -> Stub | None:
    """A row with a day at its head and what was changed at its end."""
    heads, cells, _beside = cells_of(row)
    if len(heads) != 1 or not cells:
        return None
    try:
        day = str(parse_date(line_of(heads[0])))
    except ValueError as error:
        issues.append(Issue("unparsed", str(error), None, line_of(row), "the list of versions"))
        return None
    changed = line_of(cells[-1])
    modules = () if changed.casefold() == _NOTHING else tuple(changed.split(", "))
    return Stub(None, day, None, tuple(filter(None, modules)), line_of(row))
