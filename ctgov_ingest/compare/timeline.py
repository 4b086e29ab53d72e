"""The statuses of a study in order: since when, for how long, who moved it, why it stopped, and how sure that is.

When a status began is told in the registry's time: the date of the version in which it first stands. For a
change that the registry made itself no such date exists (the flip to UNKNOWN moves no date), so it is the day
on which it was first seen.

How sure that is: between the last day on which the status before it is known to have stood and the version in which the
new one first stands, there may be versions that nobody holds; the status then began somewhere between. It did begin on
that day where a list of the registry tells that no version lies between, or where nothing could be posted between: the
registry posts from Monday to Friday (spec of the registry, 1.5 and 1.7). The first status that is held may have stood
since the study was first posted. A date of a month means all days of it. A turn to UNKNOWN comes by the registry's own
rule not before two years after the study was verified (`stale.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise, zip_longest
from typing import NamedTuple

from ctgov_ingest.compare.kinds import By
from ctgov_ingest.compare.stale import next_posting
from ctgov_ingest.compare.when import date_of, days_between


class Standing(NamedTuple):
    """The status that one version shows.

    `stood_from`, `stood_to`: the first and the last day on which it is known to have stood; `first_seen`, `last_seen`:
    those on which it was seen. `by`: who made the change that led to this version's status. `follows`: whether it is
    known that no version lies between it and the one before. `why`: the reason why the study stopped, if it did.
    `not_before`: the day before which the registry's own rule does not bring this status.
    """

    number: int
    registry_date: str | None
    stood_from: str
    stood_to: str
    first_seen: str
    last_seen: str
    status: str | None
    by: By
    follows: bool = False
    why: str | None = None
    not_before: str | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A status and how long it stood.

    `days` counts from `since` to `until`. It is None while the spell is open, and wherever one of both dates
    is absent or less exact than a day. Both are the days on which the registry was told or was seen to show
    it, not the days on which a trial did what the status says.

    `since_precision`: day, month or year. `since_earliest`, `since_latest`: the days between which it began, both
    included; None where nothing tells. `days_at_least`, `days_at_most`: how long it stood by these bounds; an open
    spell at least until it was last known to stand, at most None. `registry_date`: the registry's date of the first of
    its versions; `first_seen`, `last_seen`: when the status was seen. `why`: the reason why the study stopped.
    """

    status: str
    since: str | None
    until: str | None
    days: int | None
    by: By
    versions: tuple[int, ...]
    since_precision: str | None
    since_earliest: str | None
    since_latest: str | None
    days_at_least: int | None
    days_at_most: int | None
    registry_date: str | None
    first_seen: str
    last_seen: str
    why: str | None

    @property
    def is_sure(self) -> bool:
        """Whether the day is known on which it began."""
        return self.since is not None and self.since_earliest == self.since_latest


class _Start(NamedTuple):
    """The day of which a status is told, and the days between which it began."""

    told: str | None
    earliest: date | None
    latest: date | None


def timeline(versions: Iterable[Standing], first_posted: str | None = None) -> list[Spell]:
    """Give the statuses in order. Versions that show no status are passed over.

    `first_posted`: the day on which the study was first posted, if it is known.
    """
    told = (version for version in versions if version.status is not None)
    runs = [list(run) for _, run in groupby(told, key=lambda version: version.status)]
    starts = list(_starts(runs, first_posted))
    return [_spell(run, start, end) for run, start, end in zip_longest(runs, starts, starts[1:])]


def _starts(runs: list[list[Standing]], first_posted: str | None) -> Iterator[_Start]:
    posted = date_of(first_posted)
    for first in (run[0] for run in runs[:1]):
        yield _start(first, posted.earliest if posted else None)
    for before, run in pairwise(runs):
        last, first = before[-1], run[0]
        is_next = first.follows and first.number == last.number + 1
        yield _start(first, after(last, first), is_next=is_next)


def _start(first: Standing, earliest: date | None, *, is_next: bool = False) -> _Start:
    """When the status of a version began: not before `earliest`, but on its own date where it `is_next`."""
    told = first.stood_from[:10] if first.by == "registry" else first.registry_date
    on = date_of(told)
    seen = date_of(first.first_seen[:10])
    latest = seen if first.by == "registry" else on
    if on and is_next and first.by == "sponsor":
        return _Start(told, on.earliest, on.latest)
    if latest is None:
        return _Start(told, earliest, None)
    return _Start(told, min(earliest, latest.latest) if earliest else None, latest.latest)


def after(last: Standing, first: Standing) -> date | None:
    """The earliest day on which what a version shows can have come after another, if any day is known."""
    known = _last_known(last)
    rule = date_of(first.not_before)
    return max(next_posting(known), rule.earliest if rule else date.min) if known else None


def _last_known(last: Standing) -> date | None:
    """The last day on which a version is known to have stood."""
    days = [date_of(text[:10]) for text in (last.stood_to, last.registry_date) if text]
    return max((day.earliest for day in days if day), default=None)


def _spell(run: list[Standing], start: _Start, end: _Start | None) -> Spell:
    first, last = run[0], run[-1]
    on = date_of(start.told)
    until = end.told if end else None
    days = days_between(start.told, until)
    return Spell(
        status=str(first.status),
        since=start.told,
        until=until,
        days=days if days is None or days >= 0 else None,
        by=first.by,
        versions=tuple(version.number for version in run),
        since_precision=on.precision.lower() if on else None,
        since_earliest=_text(start.earliest),
        since_latest=_text(start.latest),
        days_at_least=_count(start.latest, end.earliest if end else _last_known(last)),
        days_at_most=_count(start.earliest, end.latest) if end else None,
        registry_date=first.registry_date,
        first_seen=min(version.first_seen for version in run),
        last_seen=max(version.last_seen for version in run),
        why=next((version.why for version in reversed(run) if version.why), None),
    )


def _count(start: date | None, end: date | None) -> int | None:
    return max(0, (end - start).days) if start and end else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
