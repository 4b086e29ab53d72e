"""Values as they are to be read: by the registry's labels, without markup, without control characters."""

from __future__ import annotations

from functools import cache
from typing import Any

from ctgov_ingest.study.criteria_lines import readable
from ctgov_ingest.study.shape import paths
from ctgov_ingest.wording import one_line, plain
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
