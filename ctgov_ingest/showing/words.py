"""Values as they are to be read: by the registry's labels, without markup, without control characters."""

from __future__ import annotations

from functools import cache
from typing import Any

from ctgov_ingest.compare.when import days_between, months_between
from ctgov_ingest.study.criteria_lines import readable
from ctgov_ingest.study.shape import paths
from ctgov_ingest.wording import apart, one_line, plain
from ctgov_ingest.wording.labels import value_label


@cache
def _markup() -> frozenset[str]:
    return frozenset(path for path, shape in paths().items() if shape.kind == "markup")


def in_lines(path: str, value: Any) -> str:
    """The value of the field at a path without brackets; its lines are kept."""
    text = plain(value_label(path, value))
    return "\n".join(map(readable, text.split("\n"))) if path in _markup() else text.strip()


def in_line(path: str, value: Any) -> str:
    """The same on one line."""
    return " ".join(one_line(in_lines(path, value)).split())


def main_of(struct: Any) -> Any:
    """The date or the number of a struct that holds it with its type."""
    return (struct.get("date") or struct.get("count")) if isinstance(struct, dict) else None


def typed(path: str, struct: Any, *, with_type: bool = True) -> str:
    """A struct of a date or a number with its type: `2026-01 (Estimated)`, `1,200 (Actual)`; "" where it is empty."""
    main, kind = main_of(struct), struct.get("type") if isinstance(struct, dict) and with_type else None
    told = "" if main is None else f"{main:,}" if isinstance(main, int) else in_line(path, main)
    return f"{told} ({in_line(f'{path}.type', kind)})".strip() if kind else told


def distance(old: Any, new: Any) -> str:
    """How far a date moved, by how much a number rose or fell."""
    if isinstance(old, int) and isinstance(new, int):
        return f"{abs(new - old):,} {'more' if new > old else 'fewer'}" if new != old else ""
    return apart(days_between(old, new), months_between(old, new))
