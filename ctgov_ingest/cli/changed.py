"""Changes in words: how `diff` and `changes` show where something changed, and old and new."""

from __future__ import annotations

from typing import Any, NamedTuple

from rich.console import Group, RenderableType
from rich.text import Text

from ctgov_ingest.cli.output import indented, width
from ctgov_ingest.wording import around, differing, in_words, one_line, short_path

_LONGEST = 130
_SHORT = 60
_LINE = 300
_LINES = 12


class Shown(NamedTuple):
    """What is shown of a change."""

    path: str
    op: str
    old: Any
    new: Any

    @property
    def item(self) -> Any:
        """What is there of it, the old where it was removed."""
        return self.old if self.new is None else self.new


def change_lines(change: Shown, indent: int, before: str = "", after: str = "") -> RenderableType:
    """A change, its place between some words: on one line if there is room, else what is there on lines of its own."""
    if change.op == "changed":
        where, what = short_path(change.path), _changed(in_words(change.old), in_words(change.new))
    else:
        where = _without_label(short_path(change.path), change.item)
        what = _one_sided(change.op, _beside_label(change.path, change.item))
    style = "dim" if what else _STYLES.get(change.op, "")
    head, tail = Text.assemble(before, (one_line(where), style)), Text(after, "magenta")
    whole = Text("  ").join([head, *what[:1]]) + tail
    if len(what) <= 1 and indent + len(whole) <= min(width(), _LONGEST):
        return indented(whole, indent)
    return Group(indented(head + tail, indent), *(indented(line, indent + 2) for line in what))


_STYLES = {"added": "green", "removed": "red"}
_MARKS = {"added": "+ ", "removed": "- "}


def _without_label(where: str, item: Any) -> str:
    """The path of an item that is its own name (`conditions[Asthma]`) without that name: the item follows."""
    label = f"[{item}]"
    return where.removesuffix(label) if isinstance(item, str) else where


def _beside_label(path: str, item: Any) -> Any:
    """An item without what its name in the path says already."""
    if not isinstance(item, dict) or not path.endswith("]"):
        return item
    label = path.rpartition("[")[2].removesuffix("]").split(" | ")
    return {name: value for name, value in item.items() if value not in label}


def _one_sided(op: str, item: Any) -> list[Text]:
    mark = _MARKS[op]
    return [Text(f"{mark}{_cut(line)}", style=_STYLES[op]) for line in _some(in_words(item).splitlines())]


def _changed(old: str, new: str) -> list[Text]:
    """`old → new`; of long texts the lines that differ, and of long lines what is around the difference."""
    if len(old) + len(new) <= _SHORT and "\n" not in old + new:
        return [Text.assemble((old, "red"), " → ", (new, "green"))]
    lines = [line for pair in differing(old, new) for line in _replaced(*pair)]
    more = len(lines) - 2 * _LINES
    return lines if more <= 0 else [*lines[: 2 * _LINES], Text(f"… and {more:,} more lines; --json has all", "dim")]


def _replaced(old: str, new: str) -> list[Text]:
    pair = around(old, new) if old and new else (old, new)
    return [
        Text(f"{mark} {_cut(line)}", style=style)
        for mark, line, style in zip("-+", pair, ("red", "green"), strict=True)
        if line.strip()
    ]


def _cut(text: str) -> str:
    return text if len(text) <= _LINE else f"{text[:_LINE]} … ({len(text):,} characters; --json has all)"


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _LINES
    return lines if more <= 0 else [*lines[:_LINES], f"… and {more:,} more lines; --json has all"]
