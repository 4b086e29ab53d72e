"""Which item of the old list is which item of the new list: by identity, never by position.

Items are matched in four rounds, and each round takes only what is lonely after the one before:

1. **own**: equal identities meet (`identity.IDENTITY`).
2. **flat**: the same, with nothing but the words of the texts: case, signs, spaces and list marks set apart.
3. **loose**: where fields name exactly one lonely item on either side.
4. **likeness** (`looks.LOOKS`): an item whose wording was edited.

Items of one identity are kept apart, never merged: equal ones meet first, the others in the order of their
content, so that nothing depends on where in the list they stood. A list of plain values is compared as a bag, in which
`asthma` that becomes `Asthma` is one change (round 2).

Between the lists of `identity.KINDRED` items move: a secondary outcome becomes a primary one. What stands, by its own
identity, in another of these lists has moved there, and is not taken for something else in its own list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import permutations
from typing import Any, NamedTuple

from ctgov_ingest.compare.content import content
from ctgov_ingest.compare.identity import IDENTITY, Key, flat_key, loose_key, own_fields, own_key
from ctgov_ingest.compare.likeness import alike
from ctgov_ingest.compare.looks import LOOKS

Name = Callable[[Any], Key | None]


class Match(NamedTuple):
    """The place of an item in the old list and that of its counterpart in the new one; None where there is none."""

    old: int | None
    new: int | None


def match(name: str, old: Sequence[Any], new: Sequence[Any]) -> list[Match]:
    """Pair the items of two lists called `name`, leaving out what is equal on both sides.

    The pairs come in the order of the old list, then what only the new list has, in its order.
    """
    return match_kindred({name: (old, new)})[name]


def match_kindred(lists: Mapping[str, tuple[Sequence[Any], Sequence[Any]]]) -> dict[str, list[Match]]:
    """Pair the items of several lists, the old and the new by their names, between which items may move."""
    matching = {name: _Matching(name, old, new) for name, (old, new) in lists.items()}
    for one, other in permutations(matching.values(), 2):
        _set_aside_moved(one, other)
    return {name: one.matches() for name, one in matching.items()}


@dataclass(slots=True)
class _Matching:
    """Two lists while their items are matched: the pairs so far, and the places of what is lonely on both sides."""

    name: str
    old: Sequence[Any]
    new: Sequence[Any]
    pairs: list[Match] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    come: list[int] = field(default_factory=list)
    moved: list[Match] = field(default_factory=list)

    def __post_init__(self) -> None:
        was, now = _unsettled(self.old, self.new)
        self.pairs, self.gone, self.come = _by_own(self, was, now)

    def matches(self) -> list[Match]:
        """Match what is lonely yet, as far as it goes, and give all pairs in their order."""
        if self.gone and self.come:
            self._by(partial(flat_key, self.name))
            loose = IDENTITY[self.name].loose if self.name in IDENTITY else ()
            for fields in loose * 2:  # what was ambiguous at first may not be once the others are matched
                self._by(partial(loose_key, fields))
            if self.gone and self.come and self.name in LOOKS:
                self._take(alike(self.name, self.old, self.new, self.gone, self.come))
        lonely = [Match(place, None) for place in self.gone] + [Match(None, place) for place in self.come]
        return sorted(self.pairs + self.moved + lonely, key=self._place)

    def _by(self, name: Name) -> None:
        """Pair the lonely items that `name` names alone on both sides."""
        if self.gone and self.come:
            was, now = _singles(self.old, self.gone, name), _singles(self.new, self.come, name)
            self._take((was[key], now[key]) for key in was.keys() & now.keys())

    def _take(self, found: Iterable[tuple[int, int]]) -> None:
        pairs = [Match(old, new) for old, new in found]
        self.pairs += pairs
        self.gone = _without(self.gone, {pair.old for pair in pairs})
        self.come = _without(self.come, {pair.new for pair in pairs})

    def _place(self, pair: Match) -> int:
        return pair.old if pair.old is not None else len(self.old) + (pair.new or 0)


def _set_aside_moved(one: _Matching, other: _Matching) -> None:
    """Leave out of the further rounds what is gone from one list and stands, by its identity, in the other."""
    own = partial(_named, one.name)
    was, now = _singles(one.old, one.gone, own), _singles(other.new, other.come, own)
    for key in was.keys() & now.keys():
        one.gone.remove(was[key])
        one.moved.append(Match(was[key], None))
        other.come.remove(now[key])
        other.moved.append(Match(None, now[key]))


def _named(name: str, item: Any) -> Key | None:
    return own_key(name, item) if own_fields(name, item) else None


def _unsettled(old: Sequence[Any], new: Sequence[Any]) -> tuple[Sequence[int], Sequence[int]]:
    """Leave out what stands equal in its place: most updates touch a few items of many."""
    if len(old) == len(new):
        moved = [place for place, item in enumerate(old) if item != new[place]]
        return moved, moved
    end = min(len(old), len(new))
    start = 0
    while start < end and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < end - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return range(start, len(old) - tail), range(start, len(new) - tail)


def _by_own(lists: _Matching, old: Sequence[int], new: Sequence[int]) -> tuple[list[Match], list[int], list[int]]:
    """Pair by the items' own identity; give the pairs that differ, and the lonely of both sides."""
    pairs: list[Match] = []
    gone: list[int] = []
    come: list[int] = []
    others = _grouped(lists.name, lists.new, new)
    for key, was in _grouped(lists.name, lists.old, old).items():
        now = others.pop(key, [])
        if len(was) > 1 or len(now) > 1:
            was, now = _unequal(lists, was, now)
        both = min(len(was), len(now))
        pairs += [Match(was[at], now[at]) for at in range(both) if lists.old[was[at]] != lists.new[now[at]]]
        gone += was[both:]
        come += now[both:]
    for now in others.values():
        come += now
    return pairs, gone, come


def _grouped(name: str, items: Sequence[Any], places: Iterable[int]) -> dict[Key, list[int]]:
    groups: dict[Key, list[int]] = {}
    for place in places:
        groups.setdefault(own_key(name, items[place]), []).append(place)
    return groups


def _unequal(lists: _Matching, old: list[int], new: list[int]) -> tuple[list[int], list[int]]:
    """Take out duplicates of one identity that say the same; put the others in the order of content."""
    was = sorted((content(lists.old[place]), place) for place in old)
    now = sorted((content(lists.new[place]), place) for place in new)
    return _minus(was, now), _minus(now, was)


def _minus(some: list[tuple[bytes, int]], others: list[tuple[bytes, int]]) -> list[int]:
    """Give the places of those in `some` that find no equal among `others`, each of which answers for one."""
    left = Counter(text for text, _ in others)
    rest = []
    for text, place in some:
        if left[text]:
            left[text] -= 1
        else:
            rest.append(place)
    return rest


def _without(places: list[int], taken: set[int | None]) -> list[int]:
    return [place for place in places if place not in taken] if taken else places


def _singles(items: Sequence[Any], places: Iterable[int], name: Name) -> dict[Key, int]:
    """Give the places by the names of the items, as far as these have one and no two share it."""
    found: dict[Key, int] = {}
    twice: set[Key] = set()
    for place in places:
        key = name(items[place])
        if key is not None:
            twice.update({key} & found.keys())
            found[key] = place
    return {key: place for key, place in found.items() if key not in twice}
