"""The recruitment status as pages of before 2017 say it: a sentence, and what stands behind it."""

from __future__ import annotations

import re

from ctgov_ingest.values.phrases import StatusLine

SENTENCES: dict[str, str] = {
    "this study has been completed": "Completed",
    "this study has been terminated": "Terminated",
    "this study has been suspended": "Suspended",
    "this study has been withdrawn": "Withdrawn",
    "this study is currently recruiting participants": "Recruiting",
    "this study is not yet open for participant recruitment": "Not yet recruiting",
    "this study is ongoing, but not recruiting participants": "Active, not recruiting",
    "this study is no longer recruiting": "Active, not recruiting",
    "this study is enrolling participants by invitation only": "Enrolling by invitation",
    "the recruitment status of this study is unknown": "Unknown",
    "expanded access is currently available": "Available",
    "expanded access is no longer available": "No longer available",
    "expanded access is temporarily not available": "Temporarily not available",
    "this treatment has been approved for": "Approved for marketing",
    "the treatment has been approved for": "Approved for marketing",
}
"""How the sentence of a status begins, and its label today. The first and second stand on real pages."""

_OPENINGS = tuple(SENTENCES)

_STOPPED = frozenset({"Terminated", "Suspended", "Withdrawn"})
"""Statuses behind which the reason stands."""

_REMARKS = re.compile(
    r"\(\s*see contacts and locations\s*\)"
    r"|the completion date has passed and the status has not been verified in more than two years\.?",
    re.IGNORECASE,
)
"""What is said behind a sentence and says nothing of the study."""

_DATE = r"\w{3,9},? \d{4}"
_VERIFIED = (
    re.compile(rf"Verified (?P<date>{_DATE}) by (?P<by>.+)", re.IGNORECASE | re.DOTALL),
    re.compile(rf"Verified by (?P<by>.+?),? (?P<date>{_DATE})\.?", re.IGNORECASE | re.DOTALL),
)
_LAST_KNOWN = re.compile(r"Recruitment status was\s?:?", re.IGNORECASE)


def opens_status(text: str) -> bool:
    """Whether a text begins with the sentence of a status."""
    return _opening(text) is not None


def _opening(text: str) -> str | None:
    start = " ".join(text[:200].split()).casefold()
    if not start.startswith(_OPENINGS):
        return None
    return next((opening for opening in SENTENCES if start.startswith(opening)), None)


def split_sentence(text: str) -> tuple[StatusLine, str] | None:
    """A status in a sentence with what follows it; and the rest that nobody knows. None where it is none.

    `This study has been terminated. (slow accrual)`, `The recruitment status … is unknown … Verified May 2009 by
    Somebody. Recruitment status was Recruiting`.
    """
    text = " ".join(text.split())
    opening = _opening(text)
    if opening is None:
        return None
    status = SENTENCES[opening]
    _sentence, _stop, behind = text[len(opening) :].partition(".")
    now, *was = _LAST_KNOWN.split(_REMARKS.sub(" ", behind), maxsplit=1)
    before, date, by = _verified(now)
    rest = before.strip()
    reason = rest if status in _STOPPED and rest else None
    line = StatusLine(
        status,
        reason=_bare(reason) if reason else None,
        verified=date,
        verified_by=by,
        last_known=was[0].strip(" .") or None if was else None,
    )
    return line, "" if reason else rest


def _verified(text: str) -> tuple[str, str | None, str | None]:
    """What stands before the words of the verification, its date, and by whom."""
    at = text.find("Verified ")
    if at < 0 or text[:at].count("(") != text[:at].count(")"):
        return text, None, None
    for form in _VERIFIED:
        if found := form.fullmatch(text[at:].strip()):
            return text[:at], found["date"].replace(",", ""), found["by"].strip().removesuffix(".") or None
    return text, None, None


def _bare(reason: str) -> str:
    """A reason without the parentheses around the whole of it."""
    return reason[1:-1].strip() if reason.startswith("(") and reason.endswith(")") else reason
