"""When the registry turns an open study UNKNOWN: two years after it was last verified, once its completion has passed.

The rule is the registry's glossary ("Unknown"): a study that was recruiting, not yet recruiting, or active and has
passed its completion date, and whose status has not been verified within the past two years. Studies that enroll by
invitation are turned too, suspended ones never. The completion is the completion date, else the primary completion
date; a study without either is turned as well.

How it was seen to behave, on real records: not one of 732 studies was turned before the 24th month after the one in
which it was verified, or with its completion ahead. Records of 2017 to 2024 had been turned within that 24th month;
records of 2025 and 2026 were turned by the first data set of the 25th. So the turn is told as days between which it
comes. Of studies whose completion passed later than that, one was seen to be turned five days after it; the days given
are those to the first data set of the next month.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from ctgov_ingest.compare.when import date_of
from ctgov_ingest.study.dates import PartialDate

MONTHS: Final = 24
"""Calendar months after the one in which a study was verified, before which it is not turned."""

FRIDAY: Final = 4


class Window(NamedTuple):
    """The days between which something comes, both included."""

    earliest: date
    latest: date


def completion_of(status: dict[str, Any]) -> Any:
    """The date of a status module that the rule goes by."""
    structs = (status.get(name) for name in ("completionDateStruct", "primaryCompletionDateStruct"))
    dates = (struct.get("date") for struct in structs if isinstance(struct, dict))
    return next((day for day in dates if day), None)


def turns_unknown(verified: Any, completion: Any) -> Window | None:
    """Tell when an open study is turned that stays as it is; None where no month of its verification is known.

    `completion`: the completion date, else the primary completion date, of any precision; what is no date is as none.
    """
    on, done = date_of(verified), date_of(completion)
    if on is None or on.month is None or on.year + MONTHS // 12 >= date.max.year:
        return None
    earliest, latest = month_after(on, MONTHS), first_posting(month_after(on, MONTHS + 1))
    if done is None:
        return Window(earliest, latest)
    if done.latest.year >= date.max.year:
        return None
    passed = max(earliest, done.earliest + timedelta(days=1))
    return Window(passed, max(latest, first_posting(month_after(PartialDate(done.latest.isoformat()), 1))))


def month_after(day: PartialDate, months: int) -> date:
    """The first day of the month so many months after that of a date, which knows its month."""
    count = day.year * 12 + (day.month or 1) - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def next_posting(day: date) -> date:
    """The next day on which the registry posts anything: it does so from Monday to Friday."""
    return first_posting(day + timedelta(days=1))


def first_posting(day: date) -> date:
    """The first day from this one on on which the registry posts anything."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > FRIDAY else day
