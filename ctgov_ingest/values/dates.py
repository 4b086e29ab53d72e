"""Dates as the registry's pages and files write them, to partial dates with the same precision."""

from __future__ import annotations

import re
from functools import lru_cache

from ctgov_ingest.study.dates import PartialDate

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_FORMS = (
    re.compile(r"(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2}),\s*(?P<year>\d{4})", re.ASCII),  # June 2, 2011
    re.compile(r"(?P<month>[A-Za-z]{3,9})\.?,?\s+(?P<year>\d{4})", re.ASCII),  # November 2012
    re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3,9})\s+(?P<year>\d{4})", re.ASCII),  # 2 June 2011
    re.compile(r"(?P<year>\d{4})_(?P<number>\d{2})_(?P<day>\d{2})", re.ASCII),  # 2005_06_23 (the archive)
    re.compile(
        r"(?P<number>\d{2})/(?P<day>\d{2})/(?P<year>\d{4})(?P<time>\s+\d{2}:\d{2})?", re.ASCII
    ),  # 05/27/2020 04:13
)


@lru_cache(maxsize=1 << 12)
def parse_date(text: str) -> PartialDate:
    """Read `June 2, 2011`, `November 2012`, `2012`, `2012-11-28`, `2012_11_28`, `11/28/2012 09:30`.

    Raises ValueError, naming the text, when it is none of these or no day of the calendar.
    """
    text = text.strip()
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _build(found, text)
    return PartialDate.parse(text)


def _build(found: re.Match[str], text: str) -> PartialDate:
    parts = found.groupdict()
    month = int(parts["number"]) if parts.get("number") else _month(parts["month"], text)
    day = f"-{int(parts['day']):02d}" if parts.get("day") else ""
    time = f"T{parts['time'].strip()}" if parts.get("time") else ""
    return PartialDate.parse(f"{parts['year']}-{month:02d}{day}{time}")


def _month(name: str, text: str) -> int:
    """1 to 12 from a month's name or its first three letters."""
    name = name.lower()
    for number, full in enumerate(MONTHS, 1):
        if name == full or name == full[:3]:
            return number
    raise ValueError(f"expected a date such as 'June 2, 2011' or 'June 2011', found {text[:80]!r}")
