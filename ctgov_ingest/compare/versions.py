"""From captures to versions: which captures, in order, say the same.

Captures arrive in any order: a page of 2014 may be saved today. The order of versions is therefore the
registry's own (`Sighting.order`), never the order of arrival, and `fold` gives the same versions whatever
came first.

A sighting belongs to the running version if it agrees with each *witness* of it: the first sighting of each
presentation in the run. One of the witnesses, the richest, stands for the version. Agreeing with the richest
alone is not enough: a saved page can show a field that richer XML lacks, and a change of it between two such
pages must not be lost because XML lies between them. Two sightings agree if their hashes are equal, or if
`compare` finds nothing in what both can carry; of two presentations, nothing but what `across` names.

Content that comes back after a change is a new version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any, Protocol

from ctgov_ingest.compare.across import across, same_submission
from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.compare.changes import Change, compare, same

Document = dict[str, Any]

Load = Callable[[int], Document]
"""Gives the document of a capture."""


class Shown(Protocol):
    """What is to be known of how a document was read, to compare it with another."""

    @property
    def presentation(self) -> str: ...  # noqa: D102

    @property
    def carried(self) -> Carried: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Sighting:
    """One capture of a study, without its content.

    `registry_date`: the registry's date of the record (its last update), or None if the presentation has
    none.
    `stood_on`: the day on which the content is known to have stood so, or the earliest on which it can have.
    `seen`: when it was seen, a day or a moment. `rank`: how rich the presentation is, higher is richer.
    """

    capture_id: int
    registry_date: str | None
    stood_on: str
    seen: str
    content_hash: str
    presentation: str
    carried: Carried
    rank: int

    @property
    def order(self) -> tuple[str, str, int, str]:
        """The place among the sightings of a study; one without a date of the registry goes by the day it stood so."""
        return (self.registry_date or self.stood_on, self.stood_on, self.rank, self.content_hash)


@dataclass(frozen=True, slots=True)
class Version:
    """A run of sightings that say the same. `capture_id` and what follows it are of the richest of them."""

    number: int
    registry_date: str | None
    stood_from: str
    first_seen: str
    last_seen: str
    capture_id: int
    content_hash: str
    presentation: str
    sightings: tuple[int, ...]
    witnesses: tuple[Sighting, ...]
    last: Sighting

    @classmethod
    def begun(cls, number: int, by: Sighting) -> Version:
        """Begin a version with one sighting."""
        return cls(
            number=number,
            registry_date=by.registry_date,
            stood_from=by.stood_on,
            first_seen=by.seen,
            last_seen=by.seen,
            capture_id=by.capture_id,
            content_hash=by.content_hash,
            presentation=by.presentation,
            sightings=(by.capture_id,),
            witnesses=(by,),
            last=by,
        )

    def joined(self, by: Sighting) -> Version:
        """Give the version with one more sighting, the last in order, that is known to agree."""
        witnesses = self.witnesses
        if not any(_kin(by, witness) for witness in witnesses):
            witnesses = tuple(sorted((*witnesses, by), key=lambda witness: -witness.rank))
        richest = witnesses[0]
        return replace(
            self,
            registry_date=next((w.registry_date for w in witnesses if w.registry_date), None),
            first_seen=min(self.first_seen, by.seen),
            last_seen=max(self.last_seen, by.seen),
            capture_id=richest.capture_id,
            content_hash=richest.content_hash,
            presentation=richest.presentation,
            sightings=(*self.sightings, by.capture_id),
            witnesses=witnesses,
            last=by,
        )


class Verdict(Enum):
    """What a sighting is to the last version of a study."""

    SAME = "same"
    NEW = "new"
    EARLIER = "earlier"


def fold(sightings: Iterable[Sighting], load: Load) -> list[Version]:
    """Sort sightings into versions, in the registry's order."""
    versions: list[Version] = []
    read = lru_cache(maxsize=8)(load)
    for sighting in sorted(sightings, key=lambda one: (one.order, one.seen, one.capture_id)):
        if versions and _agrees(versions[-1], sighting, read):
            versions[-1] = versions[-1].joined(sighting)
        else:
            versions.append(Version.begun(len(versions) + 1, sighting))
    return versions


def extend(last: Version, sighting: Sighting, load: Load) -> Verdict:
    """Judge a sighting against the last version.

    SAME: it joins (`last.joined`). NEW: it begins the next one (`Version.begun`). EARLIER: it has its place
    before the last sighting, so the versions must be folded anew.
    """
    if sighting.order < last.last.order:
        return Verdict.EARLIER
    return Verdict.SAME if _agrees(last, sighting, load) else Verdict.NEW


def changes_between(one: Sighting, other: Sighting, load: Load) -> list[Change]:
    """List what changed from one sighting to another, in what both can show."""
    return differing(load(one.capture_id), load(other.capture_id), one, other)


def differing(
    old: Document, new: Document, one: Shown, other: Shown, *, is_one_submission: bool = False
) -> list[Change]:
    """List what changed between two documents, in what both can show, knowing how each was read.

    `is_one_submission`: it is known that no submission lies between them. Where they are of two presentations, what the
    registry rewrites in its records by itself is then not listed either.
    """
    if _kin(one, other):
        return compare(old, new, carried=one.carried)
    words = one.presentation != other.presentation
    both = one.carried & other.carried
    return across(old, new, carried=both, words=words, is_one_submission=is_one_submission)


def _agrees(version: Version, sighting: Sighting, load: Load) -> bool:
    """Say whether a sighting tells the same as each witness of a version."""
    if any(_kin(sighting, w) and sighting.content_hash == w.content_hash for w in version.witnesses):
        return True
    dates = {version.last.registry_date, *(witness.registry_date for witness in version.witnesses)}
    is_one_submission = sighting.registry_date is not None and sighting.registry_date in dates
    return all(
        _tell_the_same(witness, sighting, load, is_one_submission=is_one_submission) for witness in version.witnesses
    )


def _kin(one: Shown, other: Shown) -> bool:
    """Say whether both can show the same."""
    return one.presentation == other.presentation and one.carried == other.carried


def _tell_the_same(one: Sighting, other: Sighting, load: Load, *, is_one_submission: bool) -> bool:
    if one.content_hash == other.content_hash:
        return True
    old, new = load(one.capture_id), load(other.capture_id)
    if _kin(one, other):
        return same(old, new, carried=one.carried)
    return same_submission(
        old,
        new,
        carried=one.carried & other.carried,
        words=one.presentation != other.presentation,
        is_known=is_one_submission,
    )
