"""Two values as words that stayed, went and came; what stayed is folded but for a few words around what did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ctgov_ingest.compare.texts import word_changes
from ctgov_ingest.showing.model import FOLD, Piece, Pieces

CONTEXT: Final = 8
"""So many words that both sides share are shown before and after a difference."""

LEAST: Final = 5
"""Fewer words than this are not worth folding."""


def changed(old: str, new: str) -> Pieces:
    """What differs between two texts, word by word. Empty where they differ in spaces alone."""
    pieces = [Piece(one.op, one.text) for one in word_changes(old, new)]
    if all(piece.op == "same" for piece in pieces):
        return ()
    return tuple(_folded(pieces))


def whole(op: str, text: str) -> Pieces:
    """A text that is on one side alone."""
    return (Piece("removed" if op == "removed" else "added", text),)


def same(text: str) -> Pieces:
    """A text that did not change, shortened."""
    return tuple(_folded([Piece("same", text)], at_end=True))


def _folded(pieces: list[Piece], *, at_end: bool = False) -> Iterator[Piece]:
    last = len(pieces) - 1
    for at, piece in enumerate(pieces):
        words = piece.text.split(" ")
        before = CONTEXT if at > 0 or at_end else 0
        after = CONTEXT if at < last else 0
        if piece.op != "same" or len(words) < before + after + LEAST:
            yield piece
            continue
        if before:
            yield Piece("same", " ".join(words[:before]))
        yield Piece("fold", FOLD)
        if after:
            yield Piece("same", " ".join(words[-after:]))
