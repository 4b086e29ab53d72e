"""A registry that moves from day to day, and the truth about it.

Pure: no clock, no network, and everything follows from a seed. `server.py` shows a world over HTTP; tests compare a
store with `World.truth`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from . import saved
from .content import Content
from .day import Day
from .generate import Builder, Pace
from .history import Histories, HistoryVersion
from .wayback import Capture, captures_of

START = dt.date(2026, 8, 3)
"""A Monday."""


@dataclass(frozen=True, slots=True)
class Version:
    """A content that stood for some data sets.

    `first`, `last`: the stamps (days) of the first and the last data set that had it. `by`: who made it so: the
    registry if no date of the last update moved; None for the first that is held.
    """

    content: Content
    first: str
    last: str
    by: Literal["sponsor", "registry"] | None


@dataclass(frozen=True, slots=True)
class Held:
    """What a perfect follower holds of a study: its versions in order, and where it stands now.

    `alias_of`: the study that the id leads to, if it is an alias now.
    """

    nct_id: str
    versions: tuple[Version, ...]
    gone: bool
    alias_of: str | None

    @property
    def hashes(self) -> list[str]:
        """The content hashes of the versions, in order."""
        return [version.content.content_hash for version in self.versions]


@dataclass(frozen=True, slots=True)
class Truth:
    """What whoever looked at every data set holds after a day.

    `flips`: (id, stamp) of each flip to UNKNOWN that the registry made.
    """

    studies: Mapping[str, Held]
    gone: frozenset[str]
    aliases: Mapping[str, str]
    flips: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class World:
    """Days in order, the history of each record, and captures of old pages."""

    days: tuple[Day, ...]
    histories: Histories = field(repr=False)
    captures: tuple[Capture, ...] = field(default=(), repr=False)

    @classmethod
    def generated(
        cls,
        studies: int = 2000,
        days: int = 14,
        seed: int = 1,
        *,
        start: dt.date | None = None,
        pace: Pace | None = None,
        snapshots: Path | None = None,
    ) -> World:
        """Make a world up: `studies` on the first day, and `days` calendar days from `start`.

        `snapshots`: a folder of saved answers, `NCT…/YYYY-MM-DD.json`; their studies are there beside those made up,
        each day as it was, and `start` is the first day of which there is one.
        """
        real = saved.contents(snapshots) if snapshots else {}
        start = start or (saved.span(snapshots)[0] if snapshots else START)
        builder = Builder(studies, seed, start, pace or Pace(), real)
        for _ in range(days - 1):
            builder.step()
        first = builder.days[0].studies.values()
        return cls(tuple(builder.days), builder.histories, captures_of(first))

    @classmethod
    def of_snapshots(cls, folder: Path) -> World:
        """Make a world of saved answers alone, from the first day to the last."""
        first, last = saved.span(folder)
        return cls.generated(0, (last - first).days + 1, pace=Pace.still(), snapshots=folder)

    def history(self, nct_id: str, day: Day) -> list[HistoryVersion]:
        """The versions that the record history of a study lists on a day."""
        return self.histories.of(nct_id, day.index)

    def truth(self, day: int, since: int = 0) -> Truth:
        """What a follower who began on day `since` and missed no data set holds after day `day`."""
        seen: dict[str, list[Version]] = {}
        flips: list[tuple[str, str]] = []
        for one in self.days[since : day + 1]:
            for nct_id, content in one.studies.items():
                _see(seen.setdefault(nct_id, []), content, one.stamp)
            if one.index > since:
                flips += [(event.nct_id, one.stamp) for event in one.events if event.kind == "flipped"]
        last = self.days[day]
        held = {
            nct_id: Held(nct_id, tuple(versions), nct_id in last.gone, last.aliases.get(nct_id))
            for nct_id, versions in seen.items()
        }
        return Truth(held, last.gone, last.aliases, tuple(flips))


def _see(versions: list[Version], content: Content, stamp: str) -> None:
    last = versions[-1] if versions else None
    if last and last.content == content:
        versions[-1] = Version(content, last.first, stamp, last.by)
    else:
        versions.append(Version(content, stamp, stamp, _author(last.content, content) if last else None))


def _author(old: Content, new: Content) -> Literal["sponsor", "registry"]:
    return "registry" if old.last_update == new.last_update else "sponsor"
