"""The site's pages of one study: its study page, Tabular View and results tab, told apart by marks that stayed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ctgov_ingest.sources import results_page, study_page, study_pieces, tabular_page
from ctgov_ingest.sources.content import fold
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.sources.study_eras import DETAILS, ERAS, FULL_TEXT, Era


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: how its text becomes a record, and which paths it can show in an era."""

    presentation: str
    read: Callable[[str, Era], RawRecord]
    carried: Callable[[Era], frozenset[str]]


def _read_study_page(text: str, era: Era) -> RawRecord:
    return study_pieces.read_pieces(study_page.cut(text), study_pieces.RULES[era.tab])


STUDY = Kind("study-page", _read_study_page, cache(study_pieces.carried))
TABULAR = Kind("tabular-page", tabular_page.read, cache(tabular_page.carried))
RESULTS = Kind("results-page", results_page.read, cache(results_page.carried))

KINDS = (STUDY, TABULAR, RESULTS)

_FIRST_TAB = re.compile(r"<li\b[^>]{0,200}\bid=[\"']?full-text\b[^>]{0,200}>", re.IGNORECASE)
_BEFORE_ID = 210
"""So much may stand in a tag before its id."""
_TAG = re.compile(r"<[^<>]{0,1000}>")
_AFTER_TAB = 2000
"""So much of a page behind the first tab's tag is looked at for its words."""

_NAMED: tuple[tuple[re.Pattern[str], Kind], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"<title>[^<]{0,600}[-\u2013]\s*Full Text View\s*(?:[-\u2013]|<|$)", STUDY),
        (r"<title>[^<]{0,600}[-\u2013]\s*Tabular View\s*[-\u2013]", TABULAR),
        (r"<title>[^<]{0,600}[-\u2013]\s*(?:No )?Study Results(?: Posted)?\s*[-\u2013]", RESULTS),
        (r"<meta[^>]{0,200}\bshow_record\b", TABULAR),
        (r"<meta[^>]{0,200}\bshow_results\b", RESULTS),
        (r"<li\b(?=[^>]{0,200}\bid=[\"']?tabular\b)[^>]{0,200}\bclass=[\"']?current\b", TABULAR),
        (r"<li\b(?=[^>]{0,200}\bid=[\"']?results\b)[^>]{0,200}\bclass=[\"']?current\b", RESULTS),
    )
)
"""Marks of a page, the surest first: the end of its title, what it says to the library's counter, its tab."""


def kind_of(text: str) -> tuple[Kind, Era] | None:
    """Which page of a study a text is, and of which era; None where it has no tabs and is named as none."""
    era = _era(text)
    named = _by_title(title_of(text)) or next((kind for pattern, kind in _NAMED if pattern.search(text)), None)
    if named is TABULAR or named is RESULTS:
        return named, era or (FULL_TEXT if "First received:" in text else DETAILS)
    if era is FULL_TEXT or (era is DETAILS and "studyInfoColTitle" in text):
        return STUDY, era
    return None


def title_of(text: str) -> str:
    """The title of a page, behind its tag; empty where there is none."""
    title = _TITLE.search(text)
    return title[0] if title else ""


def is_named(title: str) -> bool:
    """Whether the title of a page says which page of a study it is."""
    return _by_title(title) is not None


def _by_title(title: str) -> Kind | None:
    return next((kind for pattern, kind in _NAMED if pattern.match(title)), None) if title else None


_TITLE = re.compile(r"<title>(?!\s*<title>)[^<]{0,600}", re.IGNORECASE)


def _era(text: str) -> Era | None:
    """The era by the words of the first tab."""
    at = text.find("full-text")
    tab = _FIRST_TAB.search(text, max(0, at - _BEFORE_ID)) if at >= 0 else None
    if tab is None:
        return None
    words = fold(_TAG.sub(" ", text[tab.end() : tab.end() + _AFTER_TAB].partition("</li")[0]))
    return next((era for era in ERAS if words.startswith(era.tab)), None)
