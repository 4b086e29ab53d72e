"""Days of a world made up, one after the other."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from .content import Content, Json
from .day import Day, Event, Kind
from .history import Histories
from .saved import ByDay
from .studies import made, natural, nct_id_of, newly_made
from .updates import flip, may_flip, submit, touch

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """How much happens on a weekday: shares of all studies, of each kind at least one where the share is not 0.

    `quiet`: the how-manieth weekday after the first only moves the stamp.
    """

    updated: float = 0.02
    added: float = 0.003
    flipped: float = 0.003
    touched: float = 0.002
    delisted: float = 0.001
    returned: float = 0.0005
    aliased: float = 0.0005
    quiet: int = 6

    @classmethod
    def still(cls) -> Pace:
        """Nothing happens of itself."""
        return cls(0, 0, 0, 0, 0, 0, 0, 0)

    def count(self, kind: Kind, studies: int) -> int:
        """How many studies something happens to on a weekday."""
        share: float = getattr(self, kind)
        return max(1, round(share * studies)) if share else 0


class Builder:
    """Makes the first day, then, with each step, the next. `real`: contents of saved answers."""

    def __init__(self, studies: int, seed: int, start: dt.date, pace: Pace, real: ByDay) -> None:
        self._rng = random.Random(seed)
        self._pace = pace
        self._real = real
        self._date = start
        self._number = studies
        self._weekdays = 0
        whole = natural()[:studies]
        made_up = [Content(made(number, self._rng, start)) for number in range(studies - len(whole))]
        self._studies = {content.nct_id: content for content in (*whole, *made_up)}
        self._moving = {content.nct_id for content in made_up}
        self._aliases: dict[str, str] = {}
        self._away: dict[str, Content] = {}
        self._events: list[Event] = []
        self.histories = Histories(seed, self._studies)
        self.days: list[Day] = []
        for day in sorted(day for day in real if day <= start):
            self._follow(real[day])
        self._events = []
        self._close()

    def step(self) -> None:
        """Make the next calendar day."""
        self._date += dt.timedelta(days=1)
        self._events = []
        if self._date.weekday() < SATURDAY:
            self._weekdays += 1
            if self._weekdays != self._pace.quiet:
                self._move()
            self._follow(self._real.get(self._date, []))
        self._close()

    def _close(self) -> None:
        weekend = self._date.weekday() >= SATURDAY and self.days
        second = self._rng.randint(0, 59)
        timestamp = self.days[-1].timestamp if weekend else f"{self._date}T09:00:{second:02}"
        self.days.append(
            Day(
                index=len(self.days),
                date=self._date,
                timestamp=timestamp,
                studies=dict(self._studies),
                aliases=dict(self._aliases),
                gone=frozenset(self._away),
                events=tuple(self._events),
            )
        )

    def _move(self) -> None:
        """Let things happen, to each study one thing at most."""
        free = sorted(self._moving & set(self._studies))
        self._rng.shuffle(free)
        returning = self._rng.sample(sorted(self._away), min(len(self._away), self._count("returned")))
        self._flip(free)
        for _ in range(min(len(free), self._count("updated"))):
            self._update(free.pop())
        for _ in range(min(len(free), self._count("touched"))):
            self._touch(free.pop())
        for _ in range(min(len(free), self._count("delisted"))):
            self._delist(free.pop())
        for _ in range(min(len(free) // 2, self._count("aliased"))):
            self._alias(free.pop(), free.pop())
        for nct_id in returning:
            self._return(nct_id)
        for _ in range(self._count("added")):
            self._add()

    def _count(self, kind: Kind) -> int:
        return self._pace.count(kind, len(self._moving))

    def _happen(self, nct_id: str, kind: Kind, document: Json | None = None) -> None:
        self._events.append(Event(nct_id, kind))
        if document is not None:
            self._studies[nct_id] = Content(document)

    def _flip(self, free: list[str]) -> None:
        stale = [nct_id for nct_id in free if may_flip(self._studies[nct_id], self._date)]
        for nct_id in stale[: self._count("flipped")]:
            free.remove(nct_id)
            document = self._studies[nct_id].document()
            flip(document)
            self._happen(nct_id, "flipped", document)

    def _update(self, nct_id: str) -> None:
        document = self._studies[nct_id].document()
        labels = submit(document, self._rng, self._date)
        self._happen(nct_id, "updated", document)
        self.histories.add(self._studies[nct_id], tuple(labels), len(self.days))

    def _touch(self, nct_id: str) -> None:
        document = self._studies[nct_id].document()
        touch(document, self._rng, self._date)
        self._happen(nct_id, "touched", document)

    def _delist(self, nct_id: str) -> None:
        self._away[nct_id] = self._studies.pop(nct_id)
        self._happen(nct_id, "delisted")

    def _return(self, nct_id: str) -> None:
        """A study comes back: as it was, or with an update."""
        self._studies[nct_id] = self._away.pop(nct_id)
        self._happen(nct_id, "returned")
        if self._rng.random() < 0.5:
            self._update(nct_id)

    def _alias(self, nct_id: str, canonical: str) -> None:
        """A duplicate is taken down; its id, and those that were its aliases, lead to the study that stays."""
        del self._studies[nct_id]
        self._moving.discard(nct_id)
        moved = [alias for alias, target in self._aliases.items() if target == nct_id]
        self._aliases |= dict.fromkeys([nct_id, *moved], canonical)
        document = self._studies[canonical].document()
        module = document["protocolSection"]["identificationModule"]
        module["nctIdAliases"] = sorted({*module.get("nctIdAliases", []), nct_id, *moved})
        self._happen(nct_id, "aliased")
        self._happen(canonical, "touched", document)

    def _add(self) -> None:
        document = newly_made(self._number, self._rng, self._date)
        nct_id = nct_id_of(self._number)
        self._number += 1
        self._moving.add(nct_id)
        self._happen(nct_id, "added", document)
        self.histories.add(self._studies[nct_id], (), len(self.days))

    def _follow(self, real: list[Content]) -> None:
        """Bring in what saved answers show."""
        for content in real:
            old = self._studies.get(content.nct_id)
            if old == content:
                continue
            by_sponsor = old is None or old.last_update != content.last_update
            kind: Kind = "added" if old is None else "updated" if by_sponsor else _own(old, content)
            self._studies[content.nct_id] = content
            self._events.append(Event(content.nct_id, kind))
            if by_sponsor:
                self.histories.add(content, ("Study Status",) if old else (), len(self.days))


def _own(old: Content, new: Content) -> Kind:
    return "flipped" if new.status == "UNKNOWN" != old.status else "touched"
