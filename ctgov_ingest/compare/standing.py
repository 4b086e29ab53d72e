"""Since when the content of a record can have stood so, told from the record itself.

A page without a day of its own may have been saved at any time from its last update on. Among captures with the same
update date it is placed at the earliest day on which it can have read so: the day of the update; or, when it shows
UNKNOWN, the first day of the 25th month after it was verified. UNKNOWN is what the registry shows for an open study
that nobody verified for two years, and it moves no date (732 of 732 records; five seen to the day flipped then). Nor do
results on their way through the registry's check move one: with them it is the day of their last step.

A date that is none (`2012-13`, a number) is passed over as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

_MONTHS = 25
_FORM = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2})?)?)?", re.ASCII)


def registry_date(document: dict[str, Any]) -> str | None:
    """The registry's date of a record: its last update posted, else submitted, else its first posting."""
    status = _status(document)
    return (
        _posted(status, "lastUpdatePostDateStruct")
        or _real(status.get("lastUpdateSubmitDate"))
        or _posted(status, "studyFirstPostDateStruct")
        or _real(status.get("studyFirstSubmitDate"))
    )


def stands_since(date: str | None, date_before: str | None, stood_from: str) -> str:
    """Since when a version stands: its registry's date; where that did not move, the day on which it was seen so."""
    return date if date and date != date_before else stood_from


def submitted(document: dict[str, Any]) -> str | None:
    """The day on which the sponsor handed in the last update, where the record says it."""
    return _real(_status(document).get("lastUpdateSubmitDate"))


def earliest_day(document: dict[str, Any]) -> str | None:
    """The earliest day on which the content can have stood so; None when the record has no date to tell by."""
    status = _status(document)
    days = [registry_date(document), *_steps(document)]
    if status.get("overallStatus") == "UNKNOWN":
        days.append(_months_on(_real(status.get("statusVerifiedDate"))))
    return max((day for day in days if day), default=None)


_TRACKING = ("derivedSection", "miscInfoModule", "submissionTracking")


def _steps(document: dict[str, Any]) -> Iterator[str | None]:
    """The days on which results were handed in, returned, or taken back."""
    node: Any = document
    for name in _TRACKING:
        node = node.get(name) if isinstance(node, dict) else None
    cycles = node.get("submissionInfos") if isinstance(node, dict) else None
    for cycle in cycles if isinstance(cycles, list) else ():
        if isinstance(cycle, dict):
            yield from (_real(cycle.get(step)) for step in ("releaseDate", "unreleaseDate", "resetDate"))


def _status(document: dict[str, Any]) -> dict[str, Any]:
    protocol = document.get("protocolSection")
    module = protocol.get("statusModule") if isinstance(protocol, dict) else None
    return module if isinstance(module, dict) else {}


def _posted(status: dict[str, Any], struct: str) -> str | None:
    inner = status.get(struct)
    return _real(inner.get("date")) if isinstance(inner, dict) else None


def _real(value: Any) -> str | None:
    """A date as it is written, if it is one: `2012`, `2012-11` or `2012-11-28`, with a time of day or without."""
    if not isinstance(value, str) or not _FORM.fullmatch(value):
        return None
    try:
        date.fromisoformat(f"{value[:10]}-01-01"[:10])
    except ValueError:
        return None
    return value


def _months_on(verified: str | None) -> str | None:
    """The first day of the month `_MONTHS` after a date of month precision or finer."""
    if verified is None or len(verified) < 7:
        return None
    months = int(verified[:4]) * 12 + int(verified[5:7]) - 1 + _MONTHS
    return f"{months // 12:04d}-{months % 12 + 1:02d}-01"
