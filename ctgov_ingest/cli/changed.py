"""Changes in words: how `diff` and `changes` show where something changed, and old and new."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

from rich.console import Group, RenderableType
from rich.text import Text

from ctgov_ingest.cli.output import indented, width
from ctgov_ingest.cli.plain import one_line, plain

_LONGEST = 130
_SHORT = 60
_AROUND = 60
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


def short_path(path: str) -> str:
    """A path without its sections and modules: `protocolSection.statusModule.overallStatus` is `overallStatus`."""
    head, bracket, rest = path.partition("[")
    names = head.split(".")
    kept = [name for name in names if not name.endswith(("Section", "Module"))] or names[-1:]
    return ".".join(kept) + bracket + rest


def in_words(value: Any) -> str:
    """A JSON value as a reader wants it: an item of a list by its fields."""
    if isinstance(value, dict):
        return "; ".join(f"{plain(name)}: {in_words(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else plain(value)


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
    before, after = old.splitlines(), new.splitlines()
    lines: list[Text] = []
    for tag, start, end, from_, to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += _replaced(before[start:end], after[from_:to])
    more = len(lines) - 2 * _LINES
    return lines if more <= 0 else [*lines[: 2 * _LINES], Text(f"… and {more:,} more lines; --json has all", "dim")]


def _replaced(before: list[str], after: list[str]) -> list[Text]:
    lines: list[Text] = []
    for old, new in zip_longest(before, after, fillvalue=""):
        pair = _around(old, new) if old and new else (_cut(old), _cut(new))
        lines += [
            Text(f"{mark} {line}", style=style)
            for mark, line, style in zip("-+", pair, ("red", "green"), strict=True)
            if line.strip()
        ]
    return lines


def _around(old: str, new: str) -> tuple[str, str]:
    """Two lines, without most of what they begin and end with alike."""
    shorter = min(len(old), len(new))
    alike = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    left = shorter - alike
    alike_at_end = next((at for at in range(left) if old[-1 - at] != new[-1 - at]), left)
    start = old.rfind(" ", 0, alike - _AROUND) + 1 if alike > _AROUND else 0
    return _between(old, start, alike_at_end), _between(new, start, alike_at_end)


def _between(text: str, start: int, alike_at_end: int) -> str:
    end = text.find(" ", len(text) - alike_at_end + _AROUND) if alike_at_end > _AROUND else -1
    middle = text[start:] if end < 0 else f"{text[start:end]} …"
    return f"… {_cut(middle)}" if start else _cut(middle)


def _cut(text: str) -> str:
    return text if len(text) <= _LINE else f"{text[:_LINE]} … ({len(text):,} characters; --json has all)"


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _LINES
    return lines if more <= 0 else [*lines[:_LINES], f"… and {more:,} more lines; --json has all"]
