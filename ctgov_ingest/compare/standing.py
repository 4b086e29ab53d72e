"""Since when the content of a record can have stood so, told from the record itself.

A page without a day of its own may have been saved at any time from its last update on. Among captures with the same
update date it is placed at the earliest day on which it can have read so: the day of the update; or, when it shows
UNKNOWN, the first day of the 25th month after it was verified. UNKNOWN is what the registry shows for an open study
that nobody verified for two years, and it moves no date (732 of 732 records; five seen to the day flipped then).
"""

from __future__ import annotations

from typing import Any

_MONTHS = 25


def registry_date(document: dict[str, Any]) -> str | None:
    """The registry's date of a record: its last update posted, else submitted, else its first posting."""
    status = _status(document)
    posted = _date(status, "lastUpdatePostDateStruct") or status.get("lastUpdateSubmitDate")
    found = posted or _date(status, "studyFirstPostDateStruct") or status.get("studyFirstSubmitDate")
    return found if isinstance(found, str) else None


def earliest_day(document: dict[str, Any]) -> str | None:
    """The earliest day on which the content can have stood so; None when the record has no date to tell by."""
    status = _status(document)
    day = registry_date(document)
    if status.get("overallStatus") == "UNKNOWN" and (flip := _months_on(status.get("statusVerifiedDate"))):
        return max(flip, day or flip)
    return day


def _status(document: dict[str, Any]) -> dict[str, Any]:
    protocol = document.get("protocolSection")
    module = protocol.get("statusModule") if isinstance(protocol, dict) else None
    return module if isinstance(module, dict) else {}


def _date(status: dict[str, Any], struct: str) -> str | None:
    inner = status.get(struct)
    day = inner.get("date") if isinstance(inner, dict) else None
    return day if isinstance(day, str) else None


def _months_on(verified: Any) -> str | None:
    """The first day of the month `_MONTHS` after a date of month precision or finer."""
    if not isinstance(verified, str) or len(verified) < 7 or not (verified[:4] + verified[5:7]).isdigit():
        return None
    months = int(verified[:4]) * 12 + int(verified[5:7]) - 1 + _MONTHS
    return f"{months // 12:04d}-{months % 12 + 1:02d}-01"
