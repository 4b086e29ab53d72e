"""Saved answers of real days, as contents: `NCT…/YYYY-MM-DD.json` below a folder."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

import orjson

from .content import Content


def by_day(folder: Path) -> dict[dt.date, list[Content]]:
    """The contents by day."""
    found: dict[dt.date, list[Content]] = defaultdict(list)
    for path in sorted(folder.glob("NCT*/*.json")):
        found[dt.date.fromisoformat(path.stem)].append(Content(orjson.loads(path.read_bytes())))
    return dict(found)


def span(folder: Path) -> tuple[dt.date, dt.date]:
    """The first and the last day of which there are any."""
    days = [dt.date.fromisoformat(path.stem) for path in folder.glob("NCT*/*.json")]
    return min(days), max(days)
