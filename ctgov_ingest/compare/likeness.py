"""Which lonely items of two lists are one item whose wording was edited.

Two items are alike as far as the words of their leading field are (`words.py`): what both share, against what only
one of them has. Extra words on one side cost little (`looks.EXTRA`): texts grow when they are edited. Words that many
items of the list share count little: they say what the study is about, not which item is meant.

    likeness = shared / (shared + fewer + EXTRA * more)

where `fewer` and `more` are the weights of what only the one or only the other text has. Substitutes cost `CONFLICT`
more: where each side has a telling word that the other lacks, the one may have been put for the other; and where
both share fewer telling words than `Looks.least`, a telling word more may make another item of it ("response",
"pathological response"). Different marks ("Question 2", "Question 3") and a "not" on one side alone make two items.
Other fields can raise the likeness where the words alone leave it open, and never lower it.

A pair is taken if its likeness reaches `ENOUGH`, if no other lonely item comes as near as `MARGIN` to it on either
side, and if neither item is more like one of its own neighbours in its own version. The last rule is what keeps apart
the lists of which every item reads like the next.

How the numbers were chosen. On real pairs: the 774 pairs of outcomes that differ between two versions of one study in
the corpus, the likely ones read by eye. What a reader calls the same outcome reworded has 0.79 and more, save for
rewordings that share few words; what a reader calls another outcome has 0.81 at most, and less than 0.8 once the
neighbours count. Of the 125 edited names in arms, interventions, sites, people and outcomes that are matched between
the corpus's versions, a reader would part none. On items that are surely two, because they stand in one list of one
record (the old list without the one, the new list without the other): of 9,849 pairs of outcomes 2 % are taken for
one, of arms 0.6 %, of sites 2.6 % (most of them one house entered twice). The outcomes among them differ in a time, a
population or an adjective, which reads as an edit where the rest of the list says nothing else. Measures of letters
take far more outcomes for one (rapidfuzz at 0.8: ratio 10 %, token sort 8 %, token set 16 %, weighted 31 %), and miss
"QCT" in "Quantitative Computerized Tomography (QCT)".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, product
from typing import Any, Final, NamedTuple

from ctgov_ingest.compare.looks import LOOKS, Looks
from ctgov_ingest.compare.words import NEGATIONS, SHAMS, Words, flat, is_telling, names, weight, words_of

ENOUGH: Final = 0.8
CONFLICT: Final = 0.1
MARGIN: Final = 0.02
SPELLING: Final = 0.9
"""So alike in their letters are two spellings of one name."""

MOST: Final = 20_000
"""So many pairs of one list are looked at at most; beyond, what is gone is gone and what has come is new."""


class _Sight(NamedTuple):
    """An item as it is looked at. `all`: its words and marks; `telling`: those of them that tell which item it is."""

    item: dict[str, Any]
    text: str
    words: Words
    all: frozenset[str]
    telling: frozenset[str]
    within: str


class _Pair(NamedTuple):
    """An item of the old list and one of the new, by their places, and how much they are alike."""

    likeness: float
    old: int
    new: int


def alike(
    name: str, old: Sequence[Any], new: Sequence[Any], gone: Sequence[int], come: Sequence[int]
) -> list[tuple[int, int]]:
    """Pair the places of what is gone of `old` and of what has come in `new`. The order of the lists plays no part."""
    eye = _Eye(LOOKS[name], old, new)
    likely = [pair for pair in eye.pairs(gone, come) if pair.likeness >= ENOUGH - MARGIN]
    found: list[tuple[int, int]] = []
    while best := _outstanding(likely):
        found += [(pair.old, pair.new) for pair in best if eye.is_closest(pair)]
        taken_old, taken_new = {pair.old for pair in best}, {pair.new for pair in best}
        likely = [pair for pair in likely if pair.old not in taken_old and pair.new not in taken_new]
    return found


def _outstanding(likely: Iterable[_Pair]) -> list[_Pair]:
    """The pairs that are enough, and to neither of whose items another comes near."""
    by_old: dict[int, list[float]] = {}
    by_new: dict[int, list[float]] = {}
    for pair in likely:
        by_old.setdefault(pair.old, []).append(pair.likeness)
        by_new.setdefault(pair.new, []).append(pair.likeness)
    bars = [{place: _bar(all_) for place, all_ in side.items()} for side in (by_old, by_new)]
    return [pair for pair in likely if pair.likeness >= max(bars[0][pair.old], bars[1][pair.new])]


def _bar(likenesses: list[float]) -> float:
    """What a pair must reach to stand out among the pairs of one item: only the first of them can."""
    *_, second, _best = [0.0, *sorted(likenesses)]
    return max(ENOUGH, second + MARGIN)


class _Eye:
    """Looks at the items of two lists: `looks` says how. Items without a leading text are not looked at."""

    def __init__(self, looks: Looks, old: Sequence[Any], new: Sequence[Any]) -> None:
        self._looks = looks
        self._old, self._new = ([self._seen(item) for item in items] for items in (old, new))
        self._near = [_grouped(side, range(len(side))) for side in (self._old, self._new)]
        self._weights = _weights(self._old, self._new)
        self._leading = 1 - sum(share for _, share in looks.support)

    def _seen(self, item: Any) -> _Sight | None:
        item = {self._looks.leading: item} if isinstance(item, str) else item
        text = item.get(self._looks.leading) if isinstance(item, dict) else None
        if not isinstance(text, str):
            return None
        words = words_of(text)
        all_ = words.words | words.marks
        within = repr([item.get(field) for field in self._looks.within])
        return _Sight(item, text, words, all_, frozenset(filter(is_telling, all_)), within)

    def pairs(self, gone: Iterable[int], come: Iterable[int]) -> Iterator[_Pair]:
        """All pairs of lonely items that may be one; none where there are too many of them."""
        was, now = _grouped(self._old, gone), _grouped(self._new, come)
        shared = was.keys() & now.keys()
        if sum(len(was[key]) * len(now[key]) for key in shared) <= MOST:
            for (old, one), (new, other) in chain.from_iterable(product(was[key], now[key]) for key in shared):
                yield _Pair(self._likeness(one, other), old, new)

    def is_closest(self, pair: _Pair) -> bool:
        """Say whether each item of a pair is more like the other than like any neighbour of its own version."""
        was, now = self._old[pair.old], self._new[pair.new]
        if was is None or now is None:
            return False
        mine = self._mixed(was, now, self._led(was, now))
        neighbours = chain(
            ((was, one) for at, one in self._near[0].get(now.within, ()) if at != pair.old),
            ((one, now) for at, one in self._near[1].get(was.within, ()) if at != pair.new),
        )
        return not any(self._reaches(one, other, mine) for one, other in neighbours)

    def _reaches(self, was: _Sight, now: _Sight, bar: float) -> bool:
        led = self._led(was, now)
        return self._most(led) >= bar and self._mixed(was, now, led) >= bar

    def _likeness(self, was: _Sight, now: _Sight) -> float:
        led = self._led(was, now)
        return led if self._most(led) < ENOUGH - MARGIN else max(led, self._mixed(was, now, led))

    def _most(self, led: float) -> float:
        """What can come of a likeness of the leading field if all other fields are equal."""
        return led * self._leading + 1 - self._leading

    def _mixed(self, was: _Sight, now: _Sight, led: float) -> float:
        """The likeness by all fields that both have."""
        total, most = led * self._leading, self._leading
        for field, share in self._looks.support:
            one, other = was.item.get(field), now.item.get(field)
            if isinstance(one, str) and isinstance(other, str):
                total += share * _overlap(words_of(one), words_of(other))
                most += share
        return total / most

    def _led(self, was: _Sight, now: _Sight) -> float:
        """The likeness by the leading field alone, or by the structure where it says nothing."""
        looks = self._looks
        if _conflict(was.words, now.words):
            return 0.0
        if looks.structure and not (names(was.words) and names(now.words)):
            return float(any(_equal(was.item, now.item, fields) for fields in looks.structure))
        if self._are_apart(was, now):
            return 0.0
        if looks.names and (
            _is_called(was.text, now.item.get(looks.names)) or _is_called(now.text, was.item.get(looks.names))
        ):
            return 1.0
        spelling = _spelling(was, now) if looks.spelt and _equal(was.item, now.item, looks.spelt) else 0.0
        return max(spelling if spelling >= SPELLING else 0.0, self._of_words(was, now))

    def _are_apart(self, was: _Sight, now: _Sight) -> bool:
        """Say whether something makes two of them, however alike they are."""
        looks = self._looks
        return (
            (looks.is_given and _are_given_apart(was.words, now.words))
            or (looks.is_ordered and _in_common(was.words, now.words) != _in_common(now.words, was.words))
            or any(_differ(was.item.get(field), now.item.get(field)) for field in looks.unlike)
        )

    def _of_words(self, was: _Sight, now: _Sight) -> float:
        shared = was.all & now.all
        if not shared:
            return float(was.words.order == now.words.order and was.words.times == now.words.times)
        both, mine, others = map(self._weight, (shared, was.all, now.all))
        fewer, more = min(mine, others) - both, max(mine, others) - both
        likeness = both / (both + fewer + self._looks.extra * more)
        telling = bool(was.telling - now.all), bool(now.telling - was.all)
        is_short = any(telling) and len(was.telling & now.telling) < self._looks.least
        return likeness - CONFLICT * (all(telling) or is_short)

    def _weight(self, words: Iterable[str]) -> float:
        return sum(map(self._weights.__getitem__, words))


def _weights(old: Iterable[_Sight | None], new: Iterable[_Sight | None]) -> dict[str, float]:
    """What each word weighs: less the more items of a list have it, of that list where more of them have it."""
    was, now = (Counter(chain.from_iterable(one.all for one in items if one)) for items in (old, new))
    return {word: weight(word) / times for word, times in (was | now).items()}


def _grouped(sights: Sequence[_Sight | None], places: Iterable[int]) -> dict[str, list[tuple[int, _Sight]]]:
    groups: dict[str, list[tuple[int, _Sight]]] = {}
    for place in places:
        if sight := sights[place]:
            groups.setdefault(sight.within, []).append((place, sight))
    return groups


def _spelling(was: _Sight, now: _Sight) -> float:
    return SequenceMatcher(None, flat(was.text), flat(now.text), autojunk=False).ratio()


def _conflict(one: Words, other: Words) -> bool:
    """Say whether marks or a negation tell two texts apart."""
    marks = one.marks - other.marks and other.marks - one.marks
    return bool(marks) or _one_sided(one, other, NEGATIONS)


def _one_sided(one: Words, other: Words, words: frozenset[str]) -> bool:
    return one.words & words != other.words & words


def _are_given_apart(one: Words, other: Words) -> bool:
    times = one.times - other.times and other.times - one.times
    return bool(times) or one.joints != other.joints or _one_sided(one, other, SHAMS)


def _in_common(one: Words, other: Words) -> list[str]:
    return [word for word in one.order if word in other.order]


def _overlap(one: Words, other: Words) -> float:
    mine, others = one.words | one.marks | one.times, other.words | other.marks | other.times
    return 2 * len(mine & others) / max(1, len(mine) + len(others))


def _is_called(name: str, names: Any) -> bool:
    return isinstance(names, list) and flat(name) in [flat(one) for one in names if isinstance(one, str)]


def _differ(one: Any, other: Any) -> bool:
    return bool(one and other) and one != other


def _equal(was: dict[str, Any], now: dict[str, Any], fields: Sequence[str]) -> bool:
    """Say whether fields say the same, and the first says something."""
    return bool(was.get(fields[0])) and all(_bare(was.get(field)) == _bare(now.get(field)) for field in fields)


def _bare(value: Any) -> Any:
    """A text by its letters, a list as a bag of such."""
    if isinstance(value, list):
        return sorted(repr(_bare(item)) for item in value)
    return flat(value) if isinstance(value, str) else value
