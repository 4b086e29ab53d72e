"""What differs between two long texts: by sentence, and in a sentence by word.

Texts are taken as they read: the registry's markup (escapes, list marks, hard-wrapped lines) does not count. Texts
that differ in nothing else have no changes. Each change has the sentences before and after it, so that it can be shown
without the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from ctgov_ingest.compare.reworded import reworded
from ctgov_ingest.study.criteria_lines import logical_lines, readable

Op = Literal["added", "removed", "changed", "moved"]


class Piece(NamedTuple):
    """A run of words that stand in both texts, in the old one alone (removed) or in the new one alone (added)."""

    op: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """A sentence that differs or stands elsewhere. `before`, `after`: its neighbours, of a removed one the old ones."""

    op: Op
    old: str | None
    new: str | None
    before: str | None
    after: str | None

    @property
    def words(self) -> tuple[Piece, ...]:
        """What differs in it, word by word."""
        return word_changes(self.old or "", self.new or "")


def text_changes(old: str, new: str) -> list[TextChange]:
    """List the sentences that differ, in the order of the new text; what was removed comes where it stood."""
    was, now = sentences(old), sentences(new)
    same, moved, edited = _matched(was, now)
    pairs = same + moved + edited
    gone = sorted(set(range(len(was))) - {one for one, _ in pairs})
    come = sorted(set(range(len(now))) - {two for _, two in pairs})
    found: list[tuple[float, TextChange]] = [(two, _change("moved", was, now, one, two)) for one, two in moved]
    found += [(two, _change("changed", was, now, one, two)) for one, two in edited]
    found += [(two, _change("added", was, now, None, two)) for two in come]
    stood = dict(same)
    found += [(_place(one, stood), _change("removed", was, now, one, None)) for one in gone]
    return [change for _, change in sorted(found, key=lambda pair: pair[0])]


def word_changes(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts word by word. White space does not count; a lone word between two edits is part of them."""
    was, now = old.split(), new.split()
    pieces: list[Piece] = []
    for tag, start, end, from_, to in _opcodes(was, now):
        if tag == "equal":
            pieces.append(Piece("same", " ".join(was[start:end])))
            continue
        pieces += [Piece("removed", " ".join(was[start:end]))] if end > start else []
        pieces += [Piece("added", " ".join(now[from_:to]))] if to > from_ else []
    return tuple(pieces)


_BREAK = re.compile(r"(?<=[.!?])\s+(?=[\"'“(\[]?[A-Z0-9≥≤<>])")
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|approx|nos?|dr|prof|st|fig|cf|al|ca|incl|max|min)|\b[A-Z]|^[IVX]+|^\d+)\.$",
    re.IGNORECASE,
)
"""After these a full stop ends no sentence: abbreviations, initials, numbers of lists."""

_ENDS = (".", "!", "?", ":", ";")


def sentences(text: str) -> list[str]:
    """Cut a text into sentences; an item of a list is at least one."""
    return [sentence for line in _unbroken(text) for sentence in _cut(line)]


def _unbroken(text: str) -> list[str]:
    """The lines of a text as they read; one that breaks in the middle of a sentence is joined with the next."""
    lines: list[str] = []
    for line in logical_lines(text):
        plain = " ".join(readable(line.text).split())
        if lines and not (line.marker or line.gap or lines[-1].endswith(_ENDS)):
            lines[-1] += f" {plain}"
        else:
            lines.append(plain)
    return lines


def _cut(line: str) -> Iterator[str]:
    begun = ""
    for part in _BREAK.split(line):
        begun = f"{begun} {part}" if begun else part
        if not _NO_END.search(begun):
            yield begun
            begun = ""
    if begun:
        yield begun


Pairs = list[tuple[int, int]]


def _matched(old: Sequence[str], new: Sequence[str]) -> tuple[Pairs, Pairs, Pairs]:
    """Pair the sentences that stand as they stood, that stand elsewhere, and that were edited."""
    same = _standing(old, new)
    gone, come = _rest(old, new, same)
    places: dict[str, list[int]] = {}
    for two in reversed(come):
        places.setdefault(new[two], []).append(two)
    moved = [(one, places[old[one]].pop()) for one in gone if places.get(old[one])]
    gone, come = _rest(old, new, same + moved)
    edited = reworded([old[one] for one in gone], [new[two] for two in come])
    return same, moved, [(gone[one], come[two]) for one, two in edited]


def _standing(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Pair the sentences that stand as they stood: those at both ends, and what runs alike between them."""
    end = min(len(old), len(new))
    start = next((at for at in range(end) if old[at] != new[at]), end)
    tail = next((at for at in range(end - start) if old[-1 - at] != new[-1 - at]), end - start)
    blocks = _matcher(old[start : len(old) - tail], new[start : len(new) - tail]).get_matching_blocks()
    inner = [(start + one + at, start + two + at) for one, two, size in blocks for at in range(size)]
    outer = [(at, at) for at in range(start)] + [(len(old) - at, len(new) - at) for at in range(tail, 0, -1)]
    return sorted(outer + inner)


def _matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    """What compares two sequences. In long ones, what stands everywhere is passed over: it would cost the square."""
    return SequenceMatcher(None, old, new, autojunk=len(new) > _LONG)


_LONG = 2_000


def _rest(old: Sequence[str], new: Sequence[str], pairs: Pairs) -> tuple[list[int], list[int]]:
    was, now = {one for one, _ in pairs}, {two for _, two in pairs}
    return [at for at in range(len(old)) if at not in was], [at for at in range(len(new)) if at not in now]


def _place(gone: int, stood: dict[int, int]) -> float:
    """Where in the new text a removed sentence would stand: behind the last one before it that stayed."""
    stayed = sorted(stood)
    at = bisect_right(stayed, gone)
    return stood[stayed[at - 1]] + 0.5 if at else -0.5


def _change(op: Op, old: Sequence[str], new: Sequence[str], one: int | None, two: int | None) -> TextChange:
    text, at = (old, one or 0) if two is None else (new, two)
    return TextChange(
        op,
        None if one is None else old[one],
        None if two is None else new[two],
        text[at - 1] if at else None,
        text[at + 1] if at + 1 < len(text) else None,
    )


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What `SequenceMatcher` finds, with lone equal words between two edits taken into these."""
    codes = _matcher(old, new).get_opcodes()
    pending: tuple[int, int, int, int] | None = None
    for at, (tag, start, end, from_, to) in enumerate(codes):
        is_lone = tag == "equal" and end - start == 1 and 0 < at < len(codes) - 1
        if tag == "equal" and not is_lone:
            if pending:
                yield ("replace", *pending)
                pending = None
            yield (tag, start, end, from_, to)
        else:
            pending = (pending[0], end, pending[2], to) if pending else (start, end, from_, to)
    if pending:
        yield ("replace", *pending)
