"""JSON values and paths as a reader wants them, and what differs between two texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, TypeVar

from ctgov_ingest.wording.plain import plain

T = TypeVar("T")

_AROUND = 60
"""So many characters of what is alike are left on either side of a difference."""

VALUE = 140
"""So many characters of a value are shown where one line tells of it."""

_MANY = 4_000_000
"""Texts with more pairs of lines than this are not searched for lines that moved: that takes too long."""


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


def differing(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The lines in which two texts differ, an old one beside a new one as far as there are both, else beside ""."""
    before, after = old.splitlines(), new.splitlines()
    if len(before) * len(after) > _MANY:
        yield from (pair for pair in zip_longest(before, after, fillvalue="") if pair[0] != pair[1])
        return
    for tag, start, end, from_, to in SequenceMatcher(None, before, after).get_opcodes():
        if tag != "equal":
            yield from zip_longest(before[start:end], after[from_:to], fillvalue="")


def around(old: str, new: str) -> tuple[str, str]:
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
    return f"… {middle}" if start else middle


def cut(text: str, longest: int = VALUE) -> str:
    """A line that is not too long, cut between words where that is possible."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return f"{head[: head.rfind(' ', longest // 2)] if ' ' in head[longest // 2 :] else head}…"


def apart(days: int | None, months: int | None) -> str:
    """How far a date lies from an earlier one: `14 days later`; nothing where it is not known or none."""
    number, unit = (months, "month") if days is None else (days, "day")
    return f"{counted(abs(number), unit)} {'later' if number > 0 else 'earlier'}" if number else ""


def first(items: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """The first of several, and how many are left; one that would be left alone is shown."""
    shown = items if len(items) <= most + 1 else items[:most]
    return shown, len(items) - len(shown)


def counted(number: int, noun: str) -> str:
    """A number and what is counted: `1 site`, `1,200 sites`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
