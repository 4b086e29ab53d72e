"""Changes in words: how `diff` and `changes` show old and new."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from ctgov_ingest.cli.output import plain

_SHORT = 60
_LONG = 600


def short_path(path: str) -> str:
    """A path without its sections and modules: `protocolSection.statusModule.overallStatus` is `overallStatus`."""
    head, bracket, rest = path.partition("[")
    names = head.split(".")
    kept = [name for name in names if not name.endswith(("Section", "Module"))] or names[-1:]
    return ".".join(kept) + bracket + rest


def in_words(value: Any) -> str:
    """A JSON value as a reader wants it: an item of a list by its fields."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_words(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else plain(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]} … ({len(text):,} characters; --json has all)"


def old_and_new(op: str, old: Any, new: Any) -> Text:
    """`old → new` in a line, or a line each when they are long."""
    before, after = _cut(in_words(old)), _cut(in_words(new))
    if op == "added":
        return Text(f"+ {after}", style="green")
    if op == "removed":
        return Text(f"- {before}", style="red")
    if len(before) + len(after) <= _SHORT and "\n" not in before + after:
        return Text.assemble((before, "red"), " → ", (after, "green"))
    return Text.assemble((f"- {before}", "red"), "\n", (f"+ {after}", "green"))
