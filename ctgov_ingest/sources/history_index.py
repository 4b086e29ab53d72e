"""The registry's list of versions of 2017 to 2024: `History of Changes for Study: NCT…`.

The page counts versions from 1, the registry's API from 0: stubs count from 0. The day of a version is the one on
which it was handed in.
"""

from __future__ import annotations

import re

from ctgov_ingest.errors import Damaged
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.page_tree import Block
from ctgov_ingest.sources.stubs import Stub, Stubs, in_order
from ctgov_ingest.study.vocabularies import Status
from ctgov_ingest.values.dates import parse_date
from ctgov_ingest.values.labels import parse_label

PRESENTATION = "history-index"
READER = "1"

_WORDS = "History of Changes for Study"
_TITLE = re.compile(rf"<title>\s*{_WORDS}", re.IGNORECASE)
_HEADING = re.compile(rf"{_WORDS}:\s*(NCT\d{{8}})")
_NOTHING = "none (earliest version on record)"
"""What stands for the changes of the first version."""

_BETWEEN = re.compile(r",\s+(?:and\s+)?|\s+and\s+(?!Interventions\b|Caveats\b)")
"""Between the names of modules, some of which have an `and` of their own."""

_CHANGE = re.compile(r"<span\b[^<>]{0,200}?\btitle=\"(?P<old>[^\"<>]{3,80}?)\s*--(?:>|&gt;)\s*(?P<new>[^\"<>]{3,80})\"")
_SHOWN = re.compile(r"\s*\[(?P<old>[^\[\]]{3,80}) --- (?P<new>[^\[\]]{3,80})\]")


def recognises(title: str) -> bool:
    """Whether a page of this title is such a list; a page of one version has the list above it."""
    return bool(_TITLE.match(title))


def shown(text: str) -> str:
    """The page's text with the changes of status, which browsers show on hovering, put in front of their words."""
    return _CHANGE.sub(lambda found: f"[{found['old']} --- {found['new']}]{found[0]}", text)


def nct_id(text: str) -> str:
    """The id that a page of this text is about. Raises Damaged where it names none."""
    found = _HEADING.search(text)
    if not found:
        raise Damaged("expected an NCT id behind 'History of Changes for Study', found none", place="the heading")
    return found[1]


def stubs(root: Block, nct_id: str, data: bytes, source: str) -> Stubs:
    """The list of a page of a study."""
    issues: list[Issue] = []
    rows = [stub for row in root.all("tr") if (stub := _stub(row, issues))]
    return Stubs(PRESENTATION, READER, source, data, nct_id, in_order(rows), issues=tuple(issues))


_COLUMNS = frozenset({"VersionNumber", "VersionDate", "Changes"})


def _stub(row: Block, issues: list[Issue]) -> Stub | None:
    """A row with the number of a version, its day and what was changed."""
    if len(row.nodes) < len(_COLUMNS):
        return None
    cells = {node.mark: node for node in row.nodes if not isinstance(node, str) and node.tag == "td"}
    if not cells.keys() >= _COLUMNS:
        return None
    number, changes = cells["VersionNumber"].text, cells["Changes"].text
    try:
        if not (number.isascii() and number.isdigit()):
            raise ValueError(f"expected the number of a version, found {number[:80]!r}")
        day = str(parse_date(cells["VersionDate"].text))
    except ValueError as error:
        issues.append(Issue("unparsed", str(error), None, row.text, "the list of versions"))
        return None
    modules = _modules(_SHOWN.sub("", changes))
    return Stub(int(number[:9]) - 1, day, _status(changes, issues), modules, row.text)


def _modules(text: str) -> tuple[str, ...]:
    return () if text.casefold() == _NOTHING else tuple(filter(None, _BETWEEN.split(text)))


def _status(text: str, issues: list[Issue]) -> str | None:
    """The status from this version on, as `shown` put it into the text."""
    found = _SHOWN.search(text)
    if found is None:
        return None
    try:
        return parse_label(Status, found["new"]).value
    except ValueError as error:
        issues.append(Issue("unparsed", str(error), None, found[0], "the list of versions"))
        return None
