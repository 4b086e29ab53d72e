"""Dates that keep their precision: a year, a month, a day or a minute, and never more than was said.

Responsible for recognising the registry's date texts and for saying which days such a date may mean.
"""

import calendar
import datetime
import re
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}))?)?)?")
_EXPECTED = "expected a date such as 2012, 2012-11, 2012-11-28 or 2012-11-28T09:30"


class Precision(StrEnum):
    """How much of a date is known, the coarsest first."""

    YEAR = "YEAR"
    MONTH = "MONTH"
    DAY = "DAY"
    MINUTE = "MINUTE"


_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY, 16: Precision.MINUTE}


class PartialDate(str):
    """A date as precise as the registry gave it; equal to its text, and so in JSON.

    Ordinary string order is chronological, a coarser date before the finer dates within it:
    `2012` < `2012-11` < `2012-11-28` < `2012-11-28T09:30` < `2013`. Whether one date surely lies before
    another is a different question: see `certainly_before`.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Raises `ValueError` for anything but a real date in one of the four forms."""
        _require_real(text)
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """The same as the constructor, but remembers the dates it has met. Raises `ValueError`."""
        return _remembered(text)

    @property
    def precision(self) -> Precision:
        """How much of the date is known."""
        return _PRECISIONS[len(self)]

    @property
    def year(self) -> int:
        """The year; always known."""
        return int(self[:4])

    @property
    def month(self) -> int | None:
        """The month, 1 to 12, if known."""
        return int(self[5:7]) if len(self) >= 7 else None

    @property
    def day(self) -> int | None:
        """The day of the month, if known."""
        return int(self[8:10]) if len(self) >= 10 else None

    @property
    def earliest(self) -> datetime.date:
        """The first day that the date may mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> datetime.date:
        """The last day that the date may mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def certainly_before(self, other: "PartialDate") -> bool:
        """Whether this date lies before the other whatever the unknown parts of both are."""
        if self.precision is other.precision is Precision.MINUTE:
            return str(self) < str(other)
        return self.latest < other.earliest

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A JSON string that goes through the memory of `parse`."""
        return core_schema.no_info_after_validator_function(_remembered, core_schema.str_schema(strict=True))


def _require_real(text: str) -> None:
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError(f"{_EXPECTED}, found {text[:40]!r}")
    year, month, day, hour, minute = form.groups()
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
        datetime.time(int(hour or 0), int(minute or 0))
    except ValueError as error:
        raise ValueError(f"{_EXPECTED}, found {text!r}: {error}") from None


@lru_cache(maxsize=1 << 15)
def _remembered(text: str) -> PartialDate:
    return PartialDate(text)
