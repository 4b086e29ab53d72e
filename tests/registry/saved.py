"""Saved answers of real days, as contents: `NCT…/YYYY-MM-DD.json` below a folder."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import orjson

from .content import Content

ByDay = Mapping[dt.date, list[Content]]


def contents(folder: Path) -> ByDay:
    """The contents by the day from which they stood: the day of the answer.

    Of the first that is held of a study nothing tells since when it stood, but that it did so on the day on which it
    was posted: it stands from there.
    """
    found: dict[dt.date, list[Content]] = defaultdict(list)
    for study in sorted(folder.glob("NCT*")):
        for number, path in enumerate(sorted(study.glob("*.json"))):
            content = Content(orjson.loads(path.read_bytes()))
            day = content.posted if number == 0 and content.posted else path.stem
            found[dt.date.fromisoformat(min(day, path.stem))].append(content)
    return dict(found)


def span(folder: Path) -> tuple[dt.date, dt.date]:
    """The first and the last day of which there are any."""
    days = [dt.date.fromisoformat(path.stem) for path in folder.glob("NCT*/*.json")]
    return min(days), max(days)
