"""What a date in a column says besides itself: how much of it is known, and the first day that it may mean."""

from __future__ import annotations

from functools import lru_cache

from ctgov_ingest.study.dates import PartialDate


@lru_cache(maxsize=1 << 15)
def precision(date: str | None) -> str | None:
    """`YEAR`, `MONTH`, `DAY` or `MINUTE`; None for what is no date."""
    found = _date(date)
    return None if found is None else found.precision.value


@lru_cache(maxsize=1 << 15)
def earliest(date: str | None) -> str | None:
    """The first day that a date may mean, as `2012-11-01`; None for what is no date."""
    found = _date(date)
    return None if found is None else found.earliest.isoformat()


def _date(text: str | None) -> PartialDate | None:
    try:
        return None if text is None else PartialDate.parse(text)
    except ValueError:
        return None
