"""The lives of a study's outcomes: registered, reworded, added, removed, moved between kinds.

An outcome is followed from version to version as `compare` matches items, also from one kind to another (`moves.py`).
What a presentation cannot show is passed over; texts are compared on their words alone, so that two renderings make no
edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.events_lists import OUTCOMES
from ctgov_ingest.compare.matching import match_kindred
from ctgov_ingest.compare.moves import list_of, moves
from ctgov_ingest.compare.seen import at
from ctgov_ingest.compare.words import flat

Document = dict[str, Any]
Item = dict[str, Any]
Lists = dict[str, list[Item]]
Place = tuple[str, int]
"""The list of an outcome, and its place in it."""

StepName = Literal["reworded", "added", "removed", "promoted", "demoted"]
Reported = Literal["yes", "no", "unclear", "no results"]

KINDS: Final = {"primaryOutcomes": "primary", "secondaryOutcomes": "secondary", "otherOutcomes": "other"}
FIELDS: Final = ("measure", "timeFrame", "description")


class Snapshot(NamedTuple):
    """A version: its number, its day, the earliest day on which what it changed can have happened, what it shows."""

    number: int
    date: str
    not_before: str | None
    document: Document
    carried: Carried


class Step(NamedTuple):
    """Something that happened to an outcome, by the version with which it came. `edited`: the fields that changed."""

    event: StepName
    version: Snapshot
    edited: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Life:
    """An outcome from the first version with it to the last, and what became of it in posted results."""

    first: Snapshot
    last: Snapshot
    first_item: Item
    first_kind: str
    item: Item
    kind: str
    steps: list[Step] = field(default_factory=list)
    reported: Reported = "no results"
    reported_as: str | None = None
    reported_title: str | None = None


def lives_of(versions: Sequence[Snapshot]) -> list[Life]:
    """Follow the outcomes through the versions."""
    lives: list[Life] = []
    living: dict[Place, Life] = {}
    before: Snapshot | None = None
    known: Lists = {}
    for version in versions:
        lists = {name: _list(version, name, known.get(name, [])) for name in KINDS}
        living = _follow(living, known, lists, before, version)
        lives += [life for life in living.values() if life not in lives]
        before, known = version, lists
    return lives


def _list(version: Snapshot, name: str, known: list[Item]) -> list[Item]:
    """A list of outcomes, as last known where the version cannot show it."""
    if not version.carried.covers(f"{OUTCOMES}.{name}.measure"):
        return known
    items = at(version.document, f"{OUTCOMES}.{name}")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _follow(
    living: dict[Place, Life], old: Lists, new: Lists, before: Snapshot | None, version: Snapshot
) -> dict[Place, Life]:
    """The lives of a version's outcomes, by their places: those of the version before that go on, and new ones."""
    pairs = paired(old, new) if before else {}
    both = before.carried & version.carried if before else version.carried
    for gone in living.keys() - pairs.keys():
        living[gone].steps.append(Step("removed", version))
    following = {now: living[was] for was, now in pairs.items()}
    for (name, place), life in following.items():
        _go_on(life, new[name][place], name, version, both)
    for name, items in new.items():
        for place, item in enumerate(items):
            if (name, place) not in following:
                steps = [Step("added", version)] if before else []
                following[name, place] = Life(version, version, item, KINDS[name], item, KINDS[name], steps)
    return dict(sorted(following.items(), key=lambda one: (list(KINDS).index(one[0][0]), one[0][1])))


def _go_on(life: Life, item: Item, name: str, version: Snapshot, both: Carried) -> None:
    """Let an outcome be what the version has."""
    edited = tuple(
        one
        for one in FIELDS
        if both.covers(f"{OUTCOMES}.{name}.{one}") and _words(life.item.get(one)) != _words(item.get(one))
    )
    ranks = list(KINDS.values())
    if KINDS[name] != life.kind:
        is_up = ranks.index(KINDS[name]) < ranks.index(life.kind)
        life.steps.append(Step("promoted" if is_up else "demoted", version, edited))
    elif edited:
        life.steps.append(Step("reworded", version, edited))
    life.item, life.kind, life.last = item, KINDS[name], version


def _words(value: Any) -> str:
    return flat(value) if isinstance(value, str) else ""


def paired(old: Lists, new: Lists) -> dict[Place, Place]:
    """Which outcome of some lists is which of others of the same names: in its own list, or moved to another."""
    found: dict[Place, Place] = {}
    gone: list[Change] = []
    for name, pairs in match_kindred({name: (old[name], new.get(name, [])) for name in old}).items():
        found |= {(name, was): (name, now) for was, now in pairs if was is not None and now is not None}
        gone += [_lonely(name, was, old[name], "removed") for was, now in pairs if was is not None and now is None]
        gone += [_lonely(name, now, new[name], "added") for was, now in pairs if was is None and now is not None]
        found |= _equal(name, old[name], new.get(name, []), {was for was, _ in pairs}, {now for _, now in pairs})
    for move in moves(gone):
        found[_place(move.gone)] = _place(move.come)
    return found


def _equal(
    name: str, old: list[Item], new: list[Item], was: set[int | None], now: set[int | None]
) -> dict[Place, Place]:
    """What stands equal in both lists, and is therefore in no pair."""
    rest = [place for place in range(len(new)) if place not in now]
    found: dict[Place, Place] = {}
    for place in (place for place in range(len(old)) if place not in was):
        twin = next((one for one in rest if new[one] == old[place]), None)
        if twin is not None:
            rest.remove(twin)
            found[name, place] = (name, twin)
    return found


def _lonely(name: str, place: int, items: list[Item], op: Literal["added", "removed"]) -> Change:
    """What has no counterpart in its list, as `moves` takes it."""
    item = items[place]
    old, new = (item, None) if op == "removed" else (None, item)
    return Change(f"{OUTCOMES}.{name}[{place}]", op, old, new, "outcomes", "sponsor")


def _place(change: Change) -> Place:
    return str(list_of(change.path)), int(change.path.rpartition("[")[2].removesuffix("]"))
