"""A diff on a terminal: side by side where it is wide, old above new where it is narrow.

Without colours the words that differ stand in marks: [-old-] {+new+}.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ctgov_ingest.cli.output import indented
from ctgov_ingest.showing import Diff, Entry, Row, Section
from ctgov_ingest.showing.model import Pieces, text_of
from ctgov_ingest.wording import cut, first

T = TypeVar("T")

WIDE: Final = 110
"""From so many columns on, old and new stand side by side."""

ENTRIES, ROWS, NAMES, LONGEST = 30, 20, 12, 600
"""So many entries of a section, rows and names of an entry, characters of a text are shown, unless all is asked for."""

_BESIDE: Final = 24
"""So many columns are left for what stands beside words in one line."""

_MARKS: Final = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}
_STYLES: Final = {"added": "green", "removed": "red", "changed": "", "moved": "yellow"}
_WORDS: Final = {"same": "", "fold": "dim", "removed": "red", "added": "green"}
_IN_SIDE: Final = {"same": "", "fold": "dim", "removed": "bold red", "added": "bold green"}
_BRACKETS: Final = {"removed": ("[-", "-]"), "added": ("{+", "+}")}


class Look(NamedTuple):
    """How to show: the columns there are, whether there are colours, whether nothing is to be left out."""

    width: int
    colours: bool
    everything: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether there is room for two sides."""
        return self.width >= WIDE


def screen(diff: Diff, look: Look) -> Iterator[RenderableType]:
    """The lines of a diff: what is compared, what happened, then section by section what differs."""
    yield Text.assemble((diff.nct_id, "bold"), f"  {cut(diff.title, max(look.width - 14, 20))}")
    yield Text(f"{diff.old} → {diff.new}", "dim")
    if diff.note:
        yield Text(diff.note, "dim")
    if diff.happenings:
        yield Text("")
        for one in diff.happenings:
            yield _hanging(Text.assemble(one.text, _author(one.by)), "• ", 2)
    for section in diff.sections:
        yield Text("")
        yield from _section(section, look)


def _section(section: Section, look: Look) -> Iterator[RenderableType]:
    of_registry = section.by == "registry"
    yield Text.assemble(
        (section.title, "bold underline" if look.colours else ""), _author("registry" if of_registry else "sponsor")
    )
    shown, left = _first(section.entries, ENTRIES, look)
    for entry in shown:
        yield from _entry(entry, look, tells_author=not of_registry)
    yield from _more(left, "entries", 2)


def _entry(entry: Entry, look: Look, *, tells_author: bool) -> Iterator[RenderableType]:
    head = Text(entry.head, _STYLES[entry.op])
    after = Text(f", {entry.note}" if entry.note else "") + (_author(entry.by) if tells_author else Text(""))
    rows, names = entry.rows, entry.names
    if entry.only is not None and (line := _in_line(entry.only, look)) is not None:
        head, rows = Text.assemble(head, ": ", line), ()
    if names and not entry.rows and sum(map(len, names)) + 2 * len(names) <= look.width - 30:
        head, names = Text.assemble(head, ": ", ("; ".join(names), _STYLES[entry.op])), ()
    yield _hanging(head + after, f"{_MARKS[entry.op]} ", 2)
    shown, left = _first(rows, ROWS, look)
    for row in shown:
        yield from _row(row, look)
    yield from _more(left, "changes", 6)
    shown_names, left = _first(names, NAMES, look)
    for name in shown_names:
        yield _hanging(Text(name, "dim" if entry.rows else _STYLES[entry.op]), "· ", 6)
    yield from _more(left, "", 6)


def _row(row: Row, look: Look) -> Iterator[RenderableType]:
    label = Text(row.label, "dim")
    note = Text(f" ({row.note})" if row.note else "", "dim")
    if row.op in ("added", "removed"):
        words = Text.assemble(label, ": " if row.label else "", _cut(row.pieces, look), note)
        yield _hanging(words, f"{_MARKS[row.op]} ", 6)
    elif (line := _in_line(row, look)) is not None:
        yield _hanging(Text.assemble(label, ": " if row.label else "", line), f"{_MARKS[row.op]} ", 6)
    else:
        if row.label or row.note:
            yield _hanging(label + note, f"{_MARKS[row.op]} ", 6)
        indent = 8 if row.label or row.note else 6
        yield from _beside(row, look, indent) if look.is_wide else _stacked(row, look, indent)


def _in_line(row: Row, look: Look) -> Text | None:
    """A row that has room in a line: old and new with an arrow between them, or what there is of them; else None."""
    if row.op == "changed" and not row.differs:
        return Text(row.note, "dim")
    after = Text(f", {row.note}" if row.note else "")
    if row.is_short:
        return Text.assemble((text_of(row.old), "red"), " → ", (text_of(row.new), "green")) + after
    if row.is_line and len(line := _words(row.pieces, look)) <= look.width - _BESIDE:
        return line + after
    if row.op in ("added", "removed"):
        return _cut(row.pieces, look) + after
    return None


def _stacked(row: Row, look: Look, indent: int) -> Iterator[RenderableType]:
    """Old above new; what did not change (it stands elsewhere) once."""
    if all(piece.op in ("same", "fold") for piece in row.pieces):
        yield _hanging(_words(row.pieces, look), "  ", indent)
        return
    yield _hanging(_words(row.old, look), "- ", indent, "red")
    yield _hanging(_words(row.new, look), "+ ", indent, "green")


def _beside(row: Row, look: Look, indent: int) -> Iterator[RenderableType]:
    if all(piece.op in ("same", "fold") for piece in row.pieces):
        yield from _stacked(row, look, indent)
        return
    grid = Table.grid(padding=(0, 1))
    half = (look.width - indent - 7) // 2
    grid.add_column(width=1)
    grid.add_column(width=half, overflow="fold")
    grid.add_column(width=1)
    grid.add_column(width=half, overflow="fold")
    grid.add_row(Text("-", "red"), _words(row.old, look), Text("+", "green"), _words(row.new, look))
    yield indented(grid, indent)


def _words(pieces: Pieces, look: Look) -> Text:
    """A side with its differing words marked: by colour, else by brackets."""
    text = Text()
    for at, piece in enumerate(pieces):
        before, after = ("", "") if look.colours else _BRACKETS.get(piece.op, ("", ""))
        text.append(" " if at else "").append(
            f"{before}{piece.text}{after}", _IN_SIDE[piece.op] if look.colours else ""
        )
    return text


def _cut(pieces: Pieces, look: Look) -> Text:
    """The words of a side that stands alone; of a long text the beginning."""
    text = text_of(pieces)
    shown = text if look.everything else cut(text, LONGEST)
    style = _WORDS[pieces[0].op]
    more = f" ({len(text):,} characters; --all shows them)" if len(shown) < len(text) else ""
    return Text.assemble((shown, style), (more, "dim"))


def _hanging(text: Text, mark: str, indent: int, style: str = "") -> RenderableType:
    """A text whose further lines stand under its first, behind a mark."""
    if not mark:
        return indented(text, indent)
    row = Table.grid()
    row.add_column(width=len(mark), no_wrap=True)
    row.add_column(overflow="fold")
    row.add_row(Text(mark, style or "dim"), text)
    return indented(row, indent)


def _author(by: str | None) -> Text:
    return Text(", by the registry", "magenta") if by == "registry" else Text("")


def _first(items: Sequence[T], most: int, look: Look) -> tuple[Sequence[T], int]:
    return (items, 0) if look.everything else first(items, most)


def _more(left: int, what: str, indent: int) -> Iterable[RenderableType]:
    if left:
        yield indented(Text(f"… and {left:,} more{f' {what}' if what else ''}; --all shows them", "dim"), indent)
