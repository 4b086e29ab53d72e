"""What a run has to get: decided from what the registry shows in a light sweep and from what is held. Pure.

A study is got whole when it is not held, when the sweep shows something else than what is held, when it was updated a
few days ago, or when it was not got for long. The sweep shows the status module, so that a study which the registry
turned UNKNOWN is got, although none of its dates moved. What the registry changes beyond that module with no update
(terms, places on the map) is seen when a study was not got for long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ctgov_ingest.compare import Carried, same
from ctgov_ingest.compare.standing import registry_date

Document = dict[str, Any]

LIGHT_FIELDS = (
    "protocolSection.identificationModule.nctId",
    "protocolSection.identificationModule.nctIdAliases",
    "protocolSection.statusModule",
    "hasResults",
)
"""What a sweep asks for: some 700 bytes a study, where a whole one has 17,000. The data set's stamp is left out: every
whole record has it, so that the one is never taken for the other.
"""

SHOWN = Carried.of({"protocolSection.identificationModule.nctIdAliases", "protocolSection.statusModule", "hasResults"})
"""What a sweep shows of a study."""

OVERLAP_DAYS = 3
"""Studies updated so many days before the data set that was last seen whole are got again."""

REFRESH_DAYS = 30
"""Studies that were not got for so many days are got again."""

GONE_SHARE, GONE_FEW = 0.02, 5
"""Of the studies that are followed, so large a part, or so few, may be gone at once before a run stops and asks."""

MOVED_SHARE, MOVED_FEW = 0.5, 50
"""And so many may have changed. In a whole year a fifth of the registry's studies do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to get, by NCT id.

    `new`: not held. `moved`: shown otherwise than held. `again`: held as shown, but updated or got so long ago that
    they are got once more.
    """

    new: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()

    @property
    def wanted(self) -> frozenset[str]:
        """All that is to be got."""
        return self.new | self.moved | self.again

    def __or__(self, other: Plan) -> Plan:
        return Plan(self.new | other.new, self.moved | other.moved, self.again | other.again)


@dataclass(frozen=True, slots=True)
class Days:
    """What a plan goes by: studies updated on `recent` or later, or last seen on `stale` or before, are got again."""

    recent: str | None
    stale: str

    @classmethod
    def of(cls, dataset: str, last: str | None, refresh: int = REFRESH_DAYS) -> Days:
        """Of the data set that is looked at, and the one that was last seen whole."""
        return cls(None if last is None else _before(last, OVERLAP_DAYS), _before(dataset, refresh))


def plan(shown: Mapping[str, Document], held: Iterable[tuple[str, str, Document]], days: Days) -> Plan:
    """Decide what to get of the studies of a sweep; `held`: id, day last seen and document of what is held of them."""
    known: set[str] = set()
    moved: set[str] = set()
    again: set[str] = set()
    for name, seen, document in held:
        known.add(name)
        if not same(document, shown[name], carried=SHOWN):
            moved.add(name)
        elif seen <= days.stale or (days.recent is not None and (registry_date(shown[name]) or "") >= days.recent):
            again.add(name)
    return Plan(frozenset(shown.keys() - known), frozenset(moved), frozenset(again))


def _before(timestamp: str, days: int) -> str:
    """The day so many days before a moment."""
    return (date.fromisoformat(timestamp[:10]) - timedelta(days=days)).isoformat()


def suspicion(gone: int, moved: int, followed: int) -> str | None:
    """In words, why what the registry shows is hard to believe; None where it is not.

    `gone`: how many are not shown any more. `moved`: how many changed. `followed`: of how many.
    """
    for count, share, few, words in (
        (gone, GONE_SHARE, GONE_FEW, "are not shown any more"),
        (moved, MOVED_SHARE, MOVED_FEW, "have changed"),
    ):
        if count > max(few, share * followed):
            return f"{count:,} of {followed:,} studies {words} at once: too many to believe"
    return None
