"""Words, tables and JSON on standard output; progress and messages on standard error.

Every text from a record passes `plain`, which leaves nothing in it that a terminal would act on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ctgov_ingest import jsontext
from ctgov_ingest.wholefile import replace_file
from ctgov_ingest.wording import one_line, plain, plain_json

if TYPE_CHECKING:
    from rich.progress import Progress

_PIPE_WIDTH = 200

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


def cell(value: object) -> Text:
    """A value in a table; nothing for None."""
    text = "" if value is None else plain(value)
    return Text(text, style=STYLES.get(text, ""))


def show(*parts: RenderableType, columns: int | None = None) -> None:
    """Print on standard output: as wide as the terminal, or wide and without blanks at the ends of lines.

    `columns`: so wide and no wider.
    """
    if has_colours():
        _console(width=columns).print(*parts, sep="\n")
        return
    out = _console(width=columns or width(), color_system=None)
    with out.capture() as captured:
        out.print(*parts, sep="\n")
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _console(**settings: Any) -> Console:
    return Console(highlight=False, markup=False, emoji=False, **settings)


def has_colours() -> bool:
    """Whether there are colours to show: on a terminal that has some, where NO_COLOR does not forbid them."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and Console().color_system is not None


def width(piped: int | None = None) -> int:
    """How many characters a line has: as the terminal, or many; where `piped` is given, as COLUMNS says, or so many."""
    if sys.stdout.isatty():
        return Console().width
    columns = os.environ.get("COLUMNS", "") if piped else ""
    return max(int(columns), 20) if columns.isdecimal() else piped or _PIPE_WIDTH


def write_page(path: Path, text: str) -> None:
    """Write a page into a file, whole or not at all; `-` is standard output."""
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    message(f"written: {path}")


def indented(text: RenderableType, by: int) -> Padding:
    """Something set in from the left, over all its lines."""
    return Padding(text, (0, 0, 0, by), expand=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of values; the last column takes the room that is left, and wraps."""
    made = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column != columns[-1])
    for row in rows:
        made.add_row(*(value if isinstance(value, Text) else cell(value) for value in row))
    return made


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    print_json_text(jsontext.dumps(value).decode())


def print_json_text(text: str) -> None:
    """JSON that is written already, on one line."""
    click.echo(text if text.isascii() and "\x7f" not in text else plain_json(text))


def message(text: str) -> None:
    """A line on standard error."""
    click.echo(one_line(text), err=True)


@contextmanager
def progress(label: str, count: Callable[[], int]) -> Iterator[Callable[[], None]]:
    """A bar on standard error while the work goes on, where that is a terminal; gives what to call at each step.

    `count` tells the steps; it is asked only where there is somebody to see a bar.
    """
    total = count() if sys.stderr.isatty() else 0
    if total < 2:
        yield lambda: None
        return
    with _bar() as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def steps(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """The same where the number of steps turns out on the way.

    Gives what to call with how many are done, and of how many.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with _bar() as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _bar() -> Progress:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    class Rate(ProgressColumn):
        """How many a second, of late."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f} a second" if task.speed else "")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
