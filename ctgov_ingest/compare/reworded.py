"""Which texts of two lists are one text that was edited: sentences of a description, items of criteria.

Here a wrong pair costs little, since old and new are shown side by side; so these texts need share less than the items
of lists do (`likeness.py`): numbers and negations may differ, since that is what an edit is about. Words that many of
the texts have count less. The best pair is taken first, and of equally good ones that which stands at the same place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Final

from ctgov_ingest.compare.words import weight, words_of

ALIKE: Final = 0.45
"""So much must two texts share: twice the weight of the words in both, to the weight of the words of both."""

MOST: Final = 40_000
"""So many pairs are looked at at most."""


def reworded(
    old: Sequence[str],
    new: Sequence[str],
    least: float = ALIKE,
    may: Callable[[int, int], bool] = lambda _one, _two: True,
) -> list[tuple[int, int]]:
    """Pair the places of texts that are alike and may be one, each at most once."""
    if len(old) * len(new) > MOST:
        return []
    was, now = [_words(text) for text in old], [_words(text) for text in new]
    times = Counter(chain(*was)) | Counter(chain(*now))
    weights = {word: weight(word) / count for word, count in times.items()}
    totals, others_totals = ([_total(words, weights) for words in some] for some in (was, now))
    scored = []
    for one, words in enumerate(was):
        for two, others in enumerate(now):
            total = totals[one] + others_totals[two]
            share = 2 * _total(words & others, weights) / total if total else 0.0
            if share >= least and may(one, two):
                scored.append((-share, abs(one / len(was) - two / len(now)), one, two))
    return _once(pair[2:] for pair in sorted(scored))


def _total(words: Iterable[str], weights: dict[str, float]) -> float:
    return sum(map(weights.__getitem__, words))


def _words(text: str) -> frozenset[str]:
    words = words_of(text)
    return words.words | words.marks | words.times


def _once(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take the pairs in their order, each place once."""
    old: set[int] = set()
    new: set[int] = set()
    found = []
    for one, two in pairs:
        if one not in old and two not in new:
            old.add(one)
            new.add(two)
            found.append((one, two))
    return sorted(found)
