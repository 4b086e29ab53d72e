"""What is none of ours, by its marks: other presentations of the registry that are not read, and what is no record.

So that nothing is half read as something else, and nobody is left with "unknown": each is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ctgov_ingest.errors import Refused, SourceError, UnknownPresentation


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in a page, and what the page is that carries it."""

    pattern: re.Pattern[str]
    what: str


def _mark(pattern: str, what: str) -> Mark:
    return Mark(re.compile(pattern, re.IGNORECASE), what)


_NOT_YET = "which is not read yet"
_NO_STUDY = "which is no study"

OTHER_PAGES: tuple[Mark, ...] = (
    _mark(
        r"(?:<|&lt;)(?:clinical_study\b|search_results\b[^>]{0,200}\bcount=)",
        "a page around the registry's legacy XML, of which not all is there: save the XML itself",
    ),
)
"""Pages around a record of another presentation, where what they hold of it is not enough. Looked at before any reader.

Legacy XML that is whole within a page, as browsers save their view of it, is read before these are asked.
"""

OTHER_TEXTS: tuple[Mark, ...] = (
    _mark(r"(?m)^\W{0,4}Full Text View\W{0,4}$|^\W{0,4}First received:", "a page of before 2017, as text"),
    _mark(
        r"(?m)^\W{0,4}(?:Tracking Information\W{0,4}$|First (?:Submitted|Received) Date\b)",
        "the Tabular View of a study, as text",
    ),
    _mark(
        r"(?m)^\W{0,4}(?:Participant Flow\W{0,4}$|No Study Results Posted|Results Submitted - Not Posted)",
        "the results tab of a study, as text",
    ),
    _mark(r"(?m)^\W{0,4}(?:History of Changes for Study|Study Record Versions)", "a History of Changes, as text"),
)
"""The same pages saved as text."""

OTHER_JSON: dict[str, str] = {
    "FieldValuesResponse": "an answer of the classic API (field values)",
}
"""Keys of JSON objects in presentations which are not read yet."""

NO_RECORDS: tuple[Mark, ...] = (
    _mark(r"Invalid URL Path", "the registry's page for an address that it does not have"),
    _mark(r"An Error Has Occurred", "an error page of the registry"),
    _mark(
        r"<ctg-root|<ctg-study-details|<app-root|ctg-layout",
        "a page of the site of 2023 and later, which is built in the browser: save the API's answer",
    ),
    _mark(
        r"\A\W{0,9}(?:NCT number NCT\d{8} not found|(?:Item \d+ in p|P)arameter \W[\w.]{1,40}\W )",
        "an answer of the registry's API to a request that it cannot serve",
    ),
    _mark(
        r"down for (?:\w+ )?maintenance|(?:scheduled|undergoing) (?:\w+ )?maintenance|temporarily unavailable|"
        r"<title>[^<]{0,40}\bmaintenance\b",
        "a maintenance notice",
    ),
    _mark(
        r"captcha|challenge-(?:platform|form|running|error)|verify(?:ing)? (?:that )?you are (?:a )?human|"
        r"checking (?:your browser|if the site connection is secure)|<title>\s*just a moment|"
        r"access denied|unusual traffic",
        "a gatekeeper's challenge to robots",
    ),
    _mark(r"type=[\"']?password[\"'\s>]|<form[^>]{0,300}log-?in|<title>[^<]{0,40}\b(?:log|sign) ?in\b", "a login page"),
    _mark(
        r"<title>[^<]{0,60}\b(?:consent|terms of (?:use|service)|acceptable use|before you continue)\b|"
        r"<form[^>]{0,300}(?:consent|accept)|captive.?portal",
        "a page that asks for consent before it lets anybody through",
    ),
    _mark(r"wayback machine (?:has not|doesn.t have|hasn.t)", "the Internet Archive's page for what it does not hold"),
    _mark(
        r"<title>\s*(?:40[34]|50[0234])\b|<title>[^<]{0,60}\b(?:not found|forbidden|bad gateway|gateway time-?out)\b",
        "a server's error page",
    ),
)
"""Pages that hold no record. Looked at only where no reader knows a page: a study may speak of maintenance."""


def not_yet(text: str, *, markup: bool) -> UnknownPresentation | None:
    """The refusal of a presentation that is known but not read yet, or None."""
    found = _first(OTHER_PAGES if markup else OTHER_TEXTS, text)
    if found is None:
        return None
    return UnknownPresentation(_sentence(found[0], "" if markup else _NOT_YET), place=found[1])


def not_yet_json(keys: set[str]) -> UnknownPresentation | None:
    """The same for a JSON object by its keys."""
    what = next((what for key, what in OTHER_JSON.items() if key in keys), None)
    return UnknownPresentation(_sentence(what, _NOT_YET)) if what else None


def refusal(text: str) -> SourceError | None:
    """The refusal of a page that holds no record, by its marks, or None."""
    found = _first(NO_RECORDS, text)
    if found is None:
        return None
    return Refused(_sentence(found[0], "" if ":" in found[0] else _NO_STUDY), place=found[1])


def _first(marks: tuple[Mark, ...], text: str) -> tuple[str, str] | None:
    for mark in marks:
        if found := mark.pattern.search(text):
            return mark.what, f"character {found.start()}"
    return None


def _sentence(what: str, why: str) -> str:
    return f"expected a study, found {what}, {why}" if why else f"expected a study, found {what}"
