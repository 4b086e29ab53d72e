"""Words, tables and JSON on standard output; progress and messages on standard error.

Every text from a record passes `plain`: a terminal acts on control characters, and records are not to be trusted.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ctgov_ingest import jsontext

_PIPE_WIDTH = 200
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

STYLES = {
    "RECRUITING": "green",
    "NOT_YET_RECRUITING": "cyan",
    "ENROLLING_BY_INVITATION": "green",
    "ACTIVE_NOT_RECRUITING": "blue",
    "COMPLETED": "bold",
    "SUSPENDED": "yellow",
    "TERMINATED": "red",
    "WITHDRAWN": "red",
    "UNKNOWN": "magenta",
    "added": "green",
    "removed": "red",
    "registry": "magenta",
}
"""Colours of words that stand alone in a cell; on a terminal only."""


def plain(value: object) -> str:
    """A value as text without control characters; lines are kept."""
    return "".join(
        char for char in str(value) if char == "\n" or not (unicodedata.category(char) == "Cc" or char in _BIDI)
    )


def cell(value: object) -> Text:
    """A value in a table; nothing for None."""
    text = "" if value is None else plain(value)
    return Text(text, style=STYLES.get(text, ""))


def show(*parts: RenderableType) -> None:
    """Print on standard output: as wide as the terminal, or wide and without blanks at the ends of lines."""
    if sys.stdout.isatty():
        Console(highlight=False, markup=False, emoji=False).print(*parts, sep="\n")
        return
    out = Console(highlight=False, markup=False, emoji=False, width=_PIPE_WIDTH, color_system=None)
    with out.capture() as captured:
        out.print(*parts, sep="\n")
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def indented(text: Text, by: int) -> Padding:
    """A text set in from the left, over all its lines."""
    return Padding(text, (0, 0, 0, by), expand=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> Table:
    """A table of values; the last column takes the room that is left."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in _NARROW)
    for row in rows:
        made.add_row(*(value if isinstance(value, Text) else cell(value) for value in row))
    return made


_NARROW = frozenset(
    {"version", "since", "until", "days", "registry date", "first seen", "last seen", "NCT", "seen", "by"}
)


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    click.echo(jsontext.dumps(value).decode())


def message(text: str) -> None:
    """A line on standard error."""
    click.echo(plain(text), err=True)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error while the work goes on, where that is a terminal; gives what to call at each step."""
    if not sys.stderr.isatty() or total < 2:
        yield lambda: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)
