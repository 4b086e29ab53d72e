"""Lengths of time as the registry writes them: ages and follow-up times such as `18 Years` or `6 Months`.

Responsible for recognising these texts and for saying how long they are.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_FORM = re.compile(r"([0-9]{1,9}) (Year|Month|Week|Day|Hour|Minute)s?")
_EXPECTED = "expected a length of time such as 18 Years, 6 Months, 2 Weeks, 1 Day, 5 Hours or 30 Minutes"


class Unit(StrEnum):
    """Units of time, the longest first; the value is the singular as the registry writes it."""

    YEAR = "Year"
    MONTH = "Month"
    WEEK = "Week"
    DAY = "Day"
    HOUR = "Hour"
    MINUTE = "Minute"


_DAYS = {
    Unit.YEAR: 365.2425,
    Unit.MONTH: 365.2425 / 12,
    Unit.WEEK: 7.0,
    Unit.DAY: 1.0,
    Unit.HOUR: 1 / 24,
    Unit.MINUTE: 1 / 1440,
}


class Duration(str):
    """A length of time in the registry's words; equal to its text, singular or plural as given.

    String order says nothing about length (`2 Days` > `18 Years`): compare `days`, or ask `shorter_than`.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Raises `ValueError` unless the text is a whole number and a unit, one space between them."""
        if _FORM.fullmatch(text) is None:
            raise ValueError(f"{_EXPECTED}, found {text[:40]!r}")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """The same as the constructor, but remembers the texts it has met. Raises `ValueError`."""
        return _remembered(text)

    @classmethod
    def of(cls, count: int, unit: Unit) -> "Duration":
        """`Duration.of(18, Unit.YEAR)` is `18 Years`, `Duration.of(1, Unit.DAY)` is `1 Day`."""
        return _remembered(f"{count} {unit}" if count == 1 else f"{count} {unit}s")

    @property
    def count(self) -> int:  # type: ignore[override]  # the number, where str counts substrings
        """The number in front of the unit."""
        return int(self.partition(" ")[0])

    @property
    def unit(self) -> Unit:
        """The unit, whether written in the singular or in the plural."""
        return Unit(self.partition(" ")[2].removesuffix("s"))

    @property
    def days(self) -> float:
        """The length in days. Approximate for months and years, which count as the Gregorian mean."""
        return self.count * _DAYS[self.unit]

    def shorter_than(self, other: "Duration") -> bool:
        """Whether this length is less than the other, months and years taken as their mean."""
        return self.days < other.days

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A JSON string that goes through the memory of `parse`."""
        return core_schema.no_info_after_validator_function(_remembered, core_schema.str_schema(strict=True))


@lru_cache(maxsize=1 << 12)
def _remembered(text: str) -> Duration:
    return Duration(text)
