"""Saved pages and saved text to readings: the steps that all pages share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.errors import Damaged
from ctgov_ingest.sources import page_text, page_tree, study_page
from ctgov_ingest.sources.normalize import normalize
from ctgov_ingest.sources.pieces import Piece
from ctgov_ingest.sources.reading import Reading
from ctgov_ingest.sources.record import Issue, RawRecord
from ctgov_ingest.sources.study_pieces import CARRIED, NCT_ID_PATH, TITLE_PATHS, read_pieces
from ctgov_ingest.values.dates import parse_date
from ctgov_ingest.values.phrases import NCT_ID

STUDY_PAGE = "study-page"
PAGE_TEXT = "page-text"
READER = "1"

_PROCESSED = re.compile(
    r"ClinicalTrials\.gov processed this (?:record|data) on\s+(?P<day>\w+\s+\d{1,2},\s+\d{4})"
)
_DETAILS_TAB = re.compile(
    r"<li[^>]{0,200}\bid=[\"']?full-text\b[^>]{0,200}>(?:\s|<[^>]{0,300}>)*Study\s+Details", re.IGNORECASE
)
_ACRONYM = re.compile(r".*\([^()]*[A-Z0-9][^()]*\)\s*", re.DOTALL)


def is_markup(text: str) -> bool:
    """Whether a text is a page in HTML: it has tags where a page has them."""
    start = text[:20_000].lower()
    return any(tag in start for tag in ("<!doctype html", "<html", "<body", "<div", "<table"))


def is_study_page(text: str) -> bool:
    """Whether a page is a Study Details page of 2017 to 2023: its table of study information, and today's first tab.

    The older Full Text View has the table too, but says so in its tab.
    """
    return "studyInfoColTitle" in text and _DETAILS_TAB.search(text) is not None


def read_study_page(text: str, encoding: str, data: bytes, source: str) -> Reading:
    """Read a Study Details page. Raises Damaged when it is cut off or names no study."""
    if "</html>" not in text[-4000:].lower():
        raise Damaged(
            "expected a whole page, found one that is cut off: it does not end with </html>", place="the end"
        )
    return _read(STUDY_PAGE, lambda: study_page.cut(page_tree.parse(text)), text, encoding, data, source)


def read_page_text(text: str, encoding: str, data: bytes, source: str) -> Reading:
    """Read a Study Details page saved as text or markdown. Raises Damaged when it names no study."""
    return _read(PAGE_TEXT, lambda: page_text.cut(text), text, encoding, data, source)


def _read(
    presentation: str, cut: Callable[[], Iterator[Piece]], text: str, encoding: str, data: bytes, source: str
) -> Reading:
    record = read_pieces(cut())
    _check_id(record)
    study, unparsed = normalize(record)
    if encoding != "utf-8":
        record.issue("encoding", f"not UTF-8: read as {encoding}", place="the whole page")
    return Reading(
        presentation,
        READER,
        source,
        data,
        study,
        _carried(study.title),
        tuple(record.unread),
        (*record.issues, *unparsed, *_title_issue(study.title)),
        _retrieved(text),
    )


def _check_id(record: RawRecord) -> None:
    nct_id = record.text(NCT_ID_PATH)
    if nct_id is None or not NCT_ID.fullmatch(nct_id):
        raise Damaged(
            f"expected an NCT id such as NCT01364246 on the page, found {nct_id!r}", place=NCT_ID_PATH
        )


def _title_may_hold_acronym(title: str | None) -> bool:
    return title is not None and _ACRONYM.fullmatch(title) is not None


def _title_issue(title: str | None) -> Iterator[Issue]:
    """Pages add the acronym to the title in parentheses, where no reader can tell it from the title's own."""
    if _title_may_hold_acronym(title):
        message = "the parentheses at the end may be the title's own or the acronym: kept in the title"
        yield Issue("title-or-acronym", message, TITLE_PATHS[0], title)


def _carried(title: str | None) -> Carried:
    return Carried.of(CARRIED - set(TITLE_PATHS)) if _title_may_hold_acronym(title) else Carried.of(CARRIED)


def _retrieved(text: str) -> str | None:
    """The day on which the site made the page, which it says at the foot or, from 2018, in a comment."""
    found = _PROCESSED.search(text)
    try:
        return str(parse_date(" ".join(found["day"].split()))) if found else None
    except ValueError:
        return None
