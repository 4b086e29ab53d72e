"""The pile of inputs in parts: each is read by itself, and writes files of its own number.

The same inputs give the same parts, so that a part that is done again writes the same files once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ctgov_ingest import files
from ctgov_ingest.convert.places import Input
from ctgov_ingest.files import Blob, Packed
from ctgov_ingest.sources import Failure

MEMBERS = 5_000
"""Members of a zip, or files, of a part at most."""
BYTES = 64 * 1024 * 1024
"""Bytes of the files of a part, unless one file alone has more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or some members of a zip."""

    input: Input
    members: tuple[Packed, ...] = ()

    @property
    def extent(self) -> tuple[int, int]:
        """How many files it is, and of how many bytes, packed where they are."""
        if self.members:
            return len(self.members), sum(member.packed for member in self.members)
        return 1, self.input.size

    def blobs(self) -> Iterator[Blob | Failure]:
        """What it holds; what cannot be opened comes as a Failure."""
        try:
            with self.input.open() as file:
                held = self.members or files.contents(file, self.input.name, self.input.size)
                for one in held:
                    yield files.zip_member(file, one) if isinstance(one, Packed) else one
        except OSError as error:
            yield files.unreachable(error, self.input.name)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the pile, and its number, from 0."""

    number: int
    pieces: tuple[Piece | Failure, ...]

    def blobs(self) -> Iterator[Blob | Failure]:
        """What its pieces hold, in order."""
        for piece in self.pieces:
            if isinstance(piece, Failure):
                yield piece
            else:
                yield from piece.blobs()


def parts(inputs: Iterable[Input | Failure]) -> Iterator[Part]:
    """The inputs in parts, in their order."""
    for number, pieces in enumerate(_portions(_pieces(inputs))):
        yield Part(number, tuple(pieces))


def _pieces(inputs: Iterable[Input | Failure]) -> Iterator[Piece | Failure]:
    for one in inputs:
        if isinstance(one, Failure):
            yield one
        else:
            yield from _pieces_of(one)


def _pieces_of(one: Input) -> Iterator[Piece | Failure]:
    """A zip in pieces, and behind them what is wrong with it; anything else as one piece."""
    try:
        with one.open() as file:
            if not files.is_zip(file):
                yield Piece(one)
                return
            yield from _pieces_of_zip(one, files.contents(file, one.name, one.size))
    except OSError as error:
        yield files.unreachable(error, one.name)


def _pieces_of_zip(one: Input, contents: Iterator[files.Piece]) -> Iterator[Piece | Failure]:
    some: list[Packed] = []
    for found in contents:
        if isinstance(found, Packed):
            some.append(found)
        if some and (len(some) == MEMBERS or not isinstance(found, Packed)):
            yield Piece(one, tuple(some))
            some = []
        if isinstance(found, Failure):
            yield found
        elif isinstance(found, Blob):  # of a zip in which one cannot go to a place: it is read from its start
            yield Piece(one)
            return
    if some:
        yield Piece(one, tuple(some))


def _portions(pieces: Iterable[Piece | Failure]) -> Iterator[list[Piece | Failure]]:
    portion: list[Piece | Failure] = []
    number, size = 0, 0
    for piece in pieces:
        more, larger = (1, 0) if isinstance(piece, Failure) else piece.extent
        if portion and (number + more > MEMBERS or size + larger > BYTES):
            yield portion
            portion, number, size = [], 0, 0
        portion.append(piece)
        number, size = number + more, size + larger
    if portion:
        yield portion
