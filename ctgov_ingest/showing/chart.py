"""The statuses of a study and its dates on one axis of time, as places in percent of the width.

No pixels: the page draws places in percent, so that words keep their size whatever the width is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from ctgov_ingest.compare.timeline import Spell
from ctgov_ingest.compare.when import date_of
from ctgov_ingest.wording import plain

YEARS: Final = range(1980, 2101)
"""Dates of other years are slips of the pen, and not drawn."""

TICKS: Final = 6
"""So many years are named on the axis at most."""


class Bar(NamedTuple):
    """A status from one day to another; `words` stand above it."""

    status: str
    words: str
    x: float
    width: float


class Span(NamedTuple):
    """A date of the study: where it was planned first, and where it stands now. None: not known, or not drawn."""

    label: str
    first: float | None
    now: float | None
    words: str


class Chart(NamedTuple):
    """What is drawn. `until`: the last day on which the last status is known to have stood; `end`: its place."""

    bars: tuple[Bar, ...]
    spans: tuple[Span, ...]
    ticks: tuple[tuple[str, float], ...]
    until: str
    end: float | None


class Told(NamedTuple):
    """A date of the study: what was first told of it and what is told now, and both in words."""

    label: str
    first: str | None
    now: str | None
    words: str


def chart_of(spells: Sequence[Spell], words: Sequence[str], dates: Sequence[Told], seen: str) -> Chart | None:
    """Place statuses, each with its words, and dates on an axis; None where there is no day to begin with.

    `seen`: when last seen.
    """
    until = _known_until(spells, seen)
    days = [_day(text) for text in _texts(spells, dates, until)]
    there = [day for day in days if day is not None]
    if not there:
        return None
    axis = _Axis(min(there), max(there))
    bars = [_bar(axis, spell, told, until) for spell, told in zip(spells, words, strict=True)]
    spans = [Span(one.label, axis.place(one.first), axis.place(one.now), one.words) for one in dates]
    return Chart(tuple(bar for bar in bars if bar), tuple(spans), axis.ticks(), until, axis.place(until))


def _known_until(spells: Sequence[Spell], seen: str) -> str:
    """The day to which the last status is known to have stood; pages of an unknown day are seen after that."""
    since = _day(spells[-1].since) if spells else None
    days = spells[-1].days_at_least if spells else None
    return seen if since is None or not days else str(since + timedelta(days=days))


def _texts(spells: Iterable[Spell], dates: Iterable[Told], until: str) -> Iterable[str | None]:
    yield until
    for spell in spells:
        yield from (spell.since, spell.until)
    for told in dates:
        yield from (told.first, told.now)


class _Axis:
    """From the first day to the last, with a little room at both ends."""

    def __init__(self, first: date, last: date) -> None:
        room = max((last - first).days // 40, 15)
        self._first = first.toordinal() - room
        self._days = last.toordinal() + room - self._first
        self._years = range(first.year, last.year + 1)

    def place(self, text: str | None) -> float | None:
        """The place of a date in percent: of a month or a year its first day."""
        day = _day(text)
        return None if day is None else self._at(day)

    def _at(self, day: date) -> float:
        return round(100 * (day.toordinal() - self._first) / self._days, 2)

    def ticks(self) -> tuple[tuple[str, float], ...]:
        """Beginnings of years, so many that their names have room."""
        step = next(step for step in (1, 2, 5, 10, 20, 50) if len(self._years) <= step * TICKS)
        starts = [(str(year), self._at(date(year, 1, 1))) for year in self._years if year % step == 0]
        return tuple((year, x) for year, x in starts if 0 <= x <= 100)


def _bar(axis: _Axis, spell: Spell, words: str, until: str) -> Bar | None:
    start, end = axis.place(spell.since), axis.place(spell.until or until)
    if start is None or end is None:
        return None
    return Bar(plain(spell.status), words, start, round(max(end - start, 0.6), 2))


def _day(text: str | None) -> date | None:
    told = date_of(text[:10] if text else None)
    return told.earliest if told is not None and told.year in YEARS else None
