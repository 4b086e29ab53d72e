"""What dates of any precision tell of each other: before, after, how far apart. What they do not tell is unclear.

A month against a day within it, or a date that is missing or none, gives "unclear" and never a guess.
"""

from __future__ import annotations

from typing import Any, Literal

from ctgov_ingest.study.dates import PartialDate, Precision

Answer = Literal["yes", "no", "unclear"]
Direction = Literal["later", "earlier", "same", "unclear"]


def date_of(value: Any) -> PartialDate | None:
    """Read a date; None where there is none or it is no date."""
    try:
        return PartialDate.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def had_passed(day: Any, on: Any) -> Answer:
    """Say whether `day` lay before `on`: no on the day itself."""
    one, other = date_of(day), date_of(on)
    if one is None or other is None:
        return "unclear"
    if one.latest < other.earliest:
        return "yes"
    return "no" if other.latest <= one.earliest else "unclear"


def direction(old: Any, new: Any) -> Direction:
    """Say which way a date moved. A date that is only told more exactly, or less, has moved nowhere that is known."""
    one, other = date_of(old), date_of(new)
    if one is None or other is None:
        return "unclear"
    if one == other:
        return "same"
    return "later" if one.certainly_before(other) else "earlier" if other.certainly_before(one) else "unclear"


def days_between(old: Any, new: Any) -> int | None:
    """Count the days from one date to another, negative backwards; None unless both are exact to the day."""
    one, other = date_of(old), date_of(new)
    if one is None or other is None or min(len(one), len(other)) < len("2012-11-28"):
        return None
    return (other.earliest - one.earliest).days


def months_between(old: Any, new: Any) -> int | None:
    """Count the calendar months from one date to another; None unless both are exact to the month and one no finer."""
    one, other = date_of(old), date_of(new)
    if one is None or other is None or Precision.MONTH not in (one.precision, other.precision):
        return None
    if one.month is None or other.month is None:
        return None
    return (other.year - one.year) * 12 + other.month - one.month
