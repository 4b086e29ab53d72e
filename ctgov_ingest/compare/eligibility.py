"""What differs between two texts of eligibility criteria: by item, with the side on which it stands.

Items are matched by their words, wherever they stand: an item that only stands elsewhere on its side has not changed.
One that stands on the other side now (inclusion, exclusion) has moved, and may have been edited on the way. Where a
text does not say which side an item is on (`unspecified`), nothing is said of a move. Headings, and the sentences that
lead in a list, are compared among themselves. Case, and signs at both ends, do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from ctgov_ingest.compare.reworded import ALIKE, reworded
from ctgov_ingest.compare.texts import Op, Piece, word_changes
from ctgov_ingest.study.criteria import Kind, parse_criteria

Part = Literal["item", "heading", "lead"]

ACROSS: Final = 0.75
"""So much must two items share to be one that was edited and put on the other side."""


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """An item, heading or lead-in that differs. `under`: the item under which it stands, of a removed one stood."""

    op: Op
    part: Part
    old_side: Kind | None
    new_side: Kind | None
    old: str | None
    new: str | None
    under: str | None

    @property
    def words(self) -> tuple[Piece, ...]:
        """What differs in it, word by word."""
        return word_changes(self.old or "", self.new or "")


def criteria_changes(old: str, new: str) -> list[CriterionChange]:
    """List what differs, in the order of the new text, then what was removed in the order of the old."""
    was, now = list(_lines(old)), list(_lines(new))
    pairs: dict[int, int] = {}
    for round_ in _ROUNDS:
        gone = [at for at in range(len(was)) if at not in pairs]
        come = sorted(set(range(len(now))) - set(pairs.values()))
        met = round_.pairs([was[at] for at in gone], [now[at] for at in come])
        pairs |= {gone[one]: come[two] for one, two in met}
    origins = {two: one for one, two in pairs.items()}
    told = [_told(was[origins[two]] if two in origins else None, line) for two, line in enumerate(now)]
    told += [_told(line, None) for one, line in enumerate(was) if one not in pairs]
    return [change for change in told if change is not None]


class _Line(NamedTuple):
    """A text of the criteria, what it is, its side, and the item above it; `plain`: what counts of the text."""

    text: str
    part: Part
    side: Kind
    under: str | None
    plain: str


def _line(text: str, part: Part, side: Kind, under: str | None = None) -> _Line:
    return _Line(text, part, side, under, " ".join(text.split()).strip(" *•·.;:,").casefold())


def _lines(text: str) -> Iterator[_Line]:
    for group in parse_criteria(text).groups:
        if group.heading is not None:
            yield _line(group.heading, "heading", group.kind)
        yield from (_line(lead, "lead", group.kind) for lead in group.lead)
        for item in group.items:
            above: list[str] = []
            for depth, one in item.walk():
                yield _line(one.text, "item", group.kind, above[depth - 1] if depth else None)
                above[depth:] = [one.text]


class _Round(NamedTuple):
    """Which lines may meet, and how much they must share; None: all of it."""

    may: Callable[[_Line, _Line], bool]
    least: float | None

    def pairs(self, old: Sequence[_Line], new: Sequence[_Line]) -> list[tuple[int, int]]:
        """Pair the places of lines, each at most once."""

        def may(one: int, two: int) -> bool:
            return old[one].part == new[two].part and self.may(old[one], new[two])

        if self.least is not None:
            return reworded([line.text for line in old], [line.text for line in new], self.least, may)
        places: dict[str, list[int]] = {}
        for two, other in enumerate(new):
            places.setdefault(other.plain, []).append(two)
        found = []
        for one, line in enumerate(old):
            alike = places.get(line.plain, [])
            place = next((at for at, two in enumerate(alike) if may(one, two)), None)
            if place is not None:
                found.append((one, alike.pop(place)))
        return found


def _same_place(one: _Line, other: _Line) -> bool:
    return one.side == other.side and one.under == other.under


def _same_side(one: _Line, other: _Line) -> bool:
    return one.side == other.side


def _no_other_side(one: _Line, other: _Line) -> bool:
    return one.side == other.side or "unspecified" in (one.side, other.side)


def _any_side(one: _Line, _other: _Line) -> bool:
    return one.part == "item"


_ROUNDS: Final = (
    _Round(_same_place, None),
    _Round(_same_side, None),
    _Round(_no_other_side, None),
    _Round(_any_side, None),
    _Round(_same_side, ALIKE),
    _Round(_no_other_side, ALIKE),
    _Round(_any_side, ACROSS),
)


def _told(old: _Line | None, new: _Line | None) -> CriterionChange | None:
    """Tell what became of a line; None where nothing did."""
    line = new or old
    if line is None:
        return None
    if old and new and _no_other_side(old, new) and old.plain == new.plain:
        return None
    op: Op = (
        "added" if old is None else "removed" if new is None else "changed" if _no_other_side(old, new) else "moved"
    )
    sides = old.side if old else None, new.side if new else None
    return CriterionChange(op, line.part, *sides, old.text if old else None, new.text if new else None, line.under)
