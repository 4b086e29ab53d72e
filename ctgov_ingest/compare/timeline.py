"""The statuses of a study in order, with the days that each lasted.

When a status began is told in the registry's time: the date of the version in which it first stands. For a
change that the registry made itself no such date exists (the flip to UNKNOWN moves no date), so it is the day
on which it was first seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import NamedTuple

from ctgov_ingest.compare.kinds import By


class Standing(NamedTuple):
    """The status that one version shows; `by`: who made the change that led to this version's status."""

    number: int
    registry_date: str | None
    first_seen: str
    last_seen: str
    status: str | None
    by: By


@dataclass(frozen=True, slots=True)
class Spell:
    """A status and how long it stood.

    `days` counts from `since` to `until`. It is None while the spell is open, and wherever one of both dates
    is absent or less exact than a day. Both are the days on which the registry was told or was seen to show
    it, not the days on which a trial did what the status says.
    """

    status: str
    since: str | None
    until: str | None
    days: int | None
    by: By
    versions: tuple[int, ...]


def timeline(versions: Iterable[Standing]) -> list[Spell]:
    """Give the statuses in order. Versions that show no status are passed over."""
    told = (version for version in versions if version.status is not None)
    runs = [list(run) for _, run in groupby(told, key=lambda version: version.status)]
    starts = [_since(run[0]) for run in runs]
    ends = [*(later for _, later in pairwise(starts)), None]
    return [_spell(run, since, until) for run, since, until in zip(runs, starts, ends, strict=False)]


def _spell(run: list[Standing], since: str | None, until: str | None) -> Spell:
    first = run[0]
    return Spell(
        status=str(first.status),
        since=since,
        until=until,
        days=days_between(since, until),
        by=first.by,
        versions=tuple(version.number for version in run),
    )


def _since(first: Standing) -> str | None:
    return first.first_seen[:10] if first.by == "registry" else first.registry_date


def days_between(since: str | None, until: str | None) -> int | None:
    """Count the days from one date to another; None unless both are exact to the day and in order."""
    start, end = _day(since), _day(until)
    return (end - start).days if start and end and start <= end else None


def _day(text: str | None) -> date | None:
    """Read a date that is exact to the day."""
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None
