"""Saved pages and saved text to readings: which they are, and the steps that all pages share."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.errors import Damaged, UnknownPresentation
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources import page_text
from ctgov_ingest.sources.content import fold
from ctgov_ingest.sources.normalize import normalize
from ctgov_ingest.sources.reading import Reading
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.sources.refusals import not_yet, refusal
from ctgov_ingest.sources.site_pages import RESULTS, STUDY, TABULAR, Kind, kind_of
from ctgov_ingest.sources.study_eras import DETAILS, Era
from ctgov_ingest.sources.study_fields import NCT_ID_PATH
from ctgov_ingest.sources.study_header import ACRONYM, TITLE
from ctgov_ingest.sources.study_pieces import carried, read_pieces, without
from ctgov_ingest.values.dates import parse_date
from ctgov_ingest.values.phrases import NCT_ID

STUDY_PAGE = STUDY.presentation
TABULAR_PAGE = TABULAR.presentation
RESULTS_PAGE = RESULTS.presentation
PAGE_TEXT = "page-text"
READER = "1"

_PROCESSED_BY = "ClinicalTrials.gov processed this "
_PROCESSED = re.compile(r"ClinicalTrials\.gov processed this (?:record|data) on\s+(\w{3,9}\s+\d{1,2},\s+\d{4})")
_END = re.compile(r"</html\s{0,9}>", re.IGNORECASE)


def read_page(text: str, encoding: str, data: bytes, source: str) -> Reading:
    """Read a saved page, or one saved as text. Raises SourceError, naming what it is, when there is no study."""
    markup = _is_markup(text)
    kind = kind_of(text) if markup else None
    if kind is None and (other := not_yet(text, markup=markup)):
        raise other
    if kind:
        check_end(text)
        return _read(*kind, text, encoding, data, source)
    if not markup and page_text.recognises(text):
        return _read(_TEXT, DETAILS, text, encoding, data, source)
    found = "a page" if markup else "text"
    raise refusal(text) or UnknownPresentation(f"expected a study, found {found} of no known kind")


def _is_markup(text: str) -> bool:
    """Whether a text is a page in HTML, or XML: it has tags where a page has them."""
    return _holds_tag(text[:200]) or _holds_tag(text[:20_000])


def _holds_tag(text: str) -> bool:
    text = text.lower()
    return any(tag in text for tag in _TAGS)


_TAGS = ("<!doctype html", "<?xml", "<html", "<body", "<div", "<table", "<clinical_study", "<search_results")


def check_end(text: str) -> None:
    """A page ends with its closing tag, which the site always sent and browsers always write.

    HTML would let a tool leave it out; but without it nobody can tell a whole page from one that broke off after a
    section, and absent sections would read as removed. So such a page is refused: put `</html>` at its end by hand.
    """
    start = max(0, len(text) - 4000)
    if text.rfind("</html>", start) < 0 and not _END.search(text, start):
        message = "expected a whole page, found one that is cut off: it does not end with </html>"
        raise Damaged(message, place="the end")


def _read_text(text: str, _era: Era) -> RawRecord:
    return read_pieces(page_text.cut(text))


_TEXT = Kind(PAGE_TEXT, _read_text, cache(carried))


def _read(kind: Kind, era: Era, text: str, encoding: str, data: bytes, source: str) -> Reading:
    record = kind.read(text, era)
    check_id(record)
    document, unparsed = normalize(record)
    if encoding != "utf-8":
        record.issue("encoding", f"not UTF-8: read as {encoding}", place="the whole page")
    title = record.text(TITLE)
    doubtful = record.text(ACRONYM) is None and title_may_hold_acronym(title)
    if doubtful:
        record.hide(TITLE, ACRONYM)
    return Reading(
        kind.presentation,
        READER,
        source,
        data,
        document,
        _carried(kind.carried(era), frozenset(record.hidden)),
        tuple(record.unread),
        (*record.issues, *unparsed, *([title_issue(title)] if doubtful else [])),
        _retrieved(text),
    )


@lru_cache(maxsize=256)
def _carried(paths: frozenset[str], hidden: frozenset[str]) -> Carried:
    """What pages of a kind show, less what this one hides: few combinations, met again and again."""
    return Carried.of(without(paths, hidden))


def check_id(record: RawRecord) -> None:
    """A page names its study. Raises Damaged when it does not."""
    nct_id = record.text(NCT_ID_PATH)
    if nct_id is None or not NCT_ID.fullmatch(nct_id):
        message = f"expected an NCT id such as NCT01364246 on the page, found {nct_id or 'none'}"
        raise Damaged(message, place=NCT_ID_PATH)


def title_may_hold_acronym(title: str | None) -> bool:
    """Whether a title ends with parentheses that may be an acronym's: capitals or digits in them."""
    if title is None or not title.endswith(")"):
        return False
    inside = title[title.rfind("(") + 1 : -1] if "(" in title else ""
    return any(letter.isupper() or letter.isdigit() for letter in inside)


def title_issue(title: str | None) -> Issue:
    """Pages add the acronym to the title in parentheses, where no reader can tell it from the title's own."""
    message = "the parentheses at the end may be the title's own or the acronym: kept in the title"
    return Issue("title-or-acronym", message, TITLE, title)


def _retrieved(text: str) -> str | None:
    """The day on which the site made the page, which it says at the foot or, from 2018, in a comment."""
    found = _PROCESSED.search(text, at) if (at := text.find(_PROCESSED_BY)) >= 0 else None
    try:
        return str(parse_date(fold(found[1]))) if found else None
    except ValueError:
        return None
