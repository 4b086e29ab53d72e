"""One calendar day of the registry: its data set, and what happened to it since the day before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .content import Content

Kind = Literal["added", "updated", "flipped", "touched", "delisted", "returned", "aliased"]
"""What can happen to a study.

`updated`: the sponsor handed something in. `flipped`: the registry turned an open study UNKNOWN. `touched`: the
registry changed something else of its own (links, places, terms). Neither of the two moves a date of the last update.
`aliased`: the id became one of another study, of which it is a duplicate.
"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a study on a day."""

    nct_id: str
    kind: Kind


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """A day. On weekends the data set is Friday's, with its timestamp.

    `timestamp`: as `/version` gives it. `studies`: by id. `aliases`: id to canonical id. `gone`: ids that the registry
    no longer shows.
    """

    index: int
    date: dt.date
    timestamp: str
    studies: Mapping[str, Content]
    aliases: Mapping[str, str]
    gone: frozenset[str]
    events: tuple[Event, ...]

    @property
    def stamp(self) -> str:
        """The day of the data set, as every record carries it."""
        return self.timestamp[:10]
