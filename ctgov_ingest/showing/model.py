"""What a diff is to a reader: what happened, then sections of entries, each with rows of words that stayed or not.

Every renderer lays out this one model. Its texts are as they are to be read: values by the registry's labels, without
markup and without control characters. Nothing in it is escaped, since each renderer escapes in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from ctgov_ingest.compare.kinds import By

Op = Literal["added", "removed", "changed", "moved"]

FOLD = "…"
"""Stands for words that both sides share and that are not shown."""

SHORT = 64
"""Old and new that have no more characters than this together stand in one line, with an arrow between them."""

SHARED = 3
"""Those that share so many words stand there as one, with marks at the words that differ."""

LINE = 90
"""So do longer ones, up to so many characters."""


class Piece(NamedTuple):
    """A run of words that stand on both sides, went or came; `fold`: such as stand on both sides and are left out."""

    op: Literal["same", "removed", "added", "fold"]
    text: str


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One value that differs. `label`: which, where the entry's head does not say it."""

    label: str
    op: Op
    pieces: Pieces
    note: str = ""

    @property
    def old(self) -> Pieces:
        """What was there."""
        return tuple(piece for piece in self.pieces if piece.op != "added")

    @property
    def new(self) -> Pieces:
        """What is there."""
        return tuple(piece for piece in self.pieces if piece.op != "removed")

    @property
    def differs(self) -> bool:
        """Whether there are words that went or came: what stands elsewhere may have none."""
        return any(piece.op in ("removed", "added") for piece in self.pieces)

    @property
    def is_short(self) -> bool:
        """Whether old and new can stand beside each other in a line, with an arrow between them."""
        sides = [text_of(self.old), text_of(self.new)]
        shared = sum(piece.text.count(" ") + 1 for piece in self.pieces if piece.op == "same")
        is_short = sum(map(len, sides)) <= SHORT and "\n" not in "".join(sides) and shared < SHARED
        return self.op == "changed" and self.differs and all(sides) and is_short

    @property
    def is_line(self) -> bool:
        """Whether both stand in one line, with the words that differ among those that do not."""
        text = text_of(self.pieces)
        is_edit = self.op in ("changed", "moved") and (self.differs or self.op == "moved")
        return is_edit and len(text) <= LINE and "\n" not in text and not self.is_short


def text_of(pieces: Pieces) -> str:
    """Pieces as plain text."""
    return " ".join(piece.text for piece in pieces)


@dataclass(frozen=True, slots=True)
class Entry:
    """What belongs together: a field, an item of a list, or several items that changed alike.

    `head`: what it is. `rows`: what differs in it. `names`: the items, where they are several or
    known by a name alone. `note`: what is to be said of the whole.
    """

    head: str
    op: Op
    by: By
    rows: tuple[Row, ...] = ()
    names: tuple[str, ...] = ()
    note: str = ""

    @property
    def only(self) -> Row | None:
        """The row that can stand beside the head: the only one, of which the head says all."""
        one = self.rows[0] if len(self.rows) == 1 else None
        return one if one is not None and not one.label and one.op == self.op else None

    @property
    def listed(self) -> str:
        """The names in one line, where they are all that there is and have room in it."""
        line = "; ".join(self.names)
        return "" if self.rows or len(line) > LINE else line


@dataclass(frozen=True, slots=True)
class Section:
    """The entries of one module of the record, under the registry's name for it."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def by(self) -> By | None:
        """Whose doing all of it is; None where it is not of one."""
        makers = {entry.by for entry in self.entries}
        return makers.pop() if len(makers) == 1 else None


class Happening(NamedTuple):
    """What happened, in a sentence; `name` is that of the events, `by` None of what the registry only notes."""

    name: str
    text: str
    by: By | None


class Side(NamedTuple):
    """One of the two: which it is (`version 3`), the registry's date, the day on which it was seen, what was read."""

    name: str
    date: str | None = None
    seen: str | None = None
    source: str | None = None

    def __str__(self) -> str:
        seen = f", seen {self.seen}" if self.seen else ""
        return f"{self.name} of {self.date}{seen}" if self.date else f"{self.name}{seen}"


@dataclass(frozen=True, slots=True)
class Diff:
    """Two versions of a study, and what differs. `note`: what a reader must know of the comparison."""

    nct_id: str
    title: str
    old: Side
    new: Side
    happenings: tuple[Happening, ...]
    sections: tuple[Section, ...]
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.sections)
