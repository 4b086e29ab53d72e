"""The measurements as a table for people and as JSON for machines."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.loads import Loads
from benchmarks.processes import Peak, Start
from benchmarks.rounds import Row

_LIBRARIES = ("orjson", "pydantic", "lxml", "zstandard", "sqlite-utils", "jsonpatch", "deepdiff")


@dataclass(frozen=True, slots=True)
class Results:
    """All that a run measured."""

    told: str
    rounds: int
    rows: Sequence[Row]
    start: Start
    peaks: Sequence[Peak]
    loads: Loads


def as_json(results: Results) -> dict[str, Any]:
    """For machines."""
    return {
        "input": results.told,
        "rounds": results.rounds,
        "machine": _machine(),
        "rows": [{**asdict(row), "met": row.met} for row in results.rows],
        "start": {**asdict(results.start), "met": results.start.met},
        "peak_memory": [asdict(peak) for peak in results.peaks],
        "loads": results.loads.as_json(),
    }


def as_text(results: Results) -> str:
    """For people."""
    return "\n".join(_lines(results))


def as_page(results: Results, day: date) -> str:
    """A page for the documentation."""
    rows = [f"| {one.what} | {one.much} | {one.target} | {one.verdict} |" for one in results.loads.rows()]
    return _PAGE.format(
        day=day, machine=_hardware(), title=results.loads.title, rows="\n".join(rows), text=as_text(results)
    )


_PAGE = """# Performance

Written by `make bench` on {day}. Machine: {machine}.

Each figure stands beside the least that must be done to get there, taken in the same run (`benchmarks/README.md` says
how). Ratios hold on other machines, seconds do not. Where neighbours use the processors too, seconds grow manifold, and
ratios in processor time say more than those in seconds.

## {title}

| what | | target | met |
|---|---|---|---|
{rows}

## All figures

```
{text}
```
"""


def _hardware() -> str:
    """The kind of machine: cores, processor, memory; nothing that names it."""
    about = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*:\s*(.*)", about.read_text()) if about.exists() else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}, {memory:.0f} GiB"


def _lines(results: Results) -> Iterator[str]:
    machine = ", ".join(f"{name} {number}" for name, number in _machine().items())
    yield f"Input: {results.told}. {results.rounds} rounds."
    yield f"With: {machine}."
    for title, rows in groupby(results.rows, key=lambda row: row.group):
        yield ""
        yield f"{title:<44}{'µs each':>10}{'ratio':>9}{'spread':>16}{'target':>9}  met"
        yield from (_line(row) for row in rows)
    begun = results.start
    yield ""
    yield f"{'Start':<44}{'ms':>10}{'':>9}{'spread':>16}{'target':>9}  met"
    yield f"  {'python -c pass':<42}{begun.bare:>10.0f}"
    spread = f"{begun.low:.0f} to {begun.high:.0f}"
    yield f"  {'--help, over that':<42}{begun.over:>10.0f}{'':>9}{spread:>16}{begun.target:>9.0f}  {_met(begun.met)}"
    yield ""
    yield f"{'Peak memory of a process':<44}{'MiB':>10}"
    yield from (f"  {peak.what:<42}{peak.mebibytes:>10.0f}" for peak in results.peaks)
    yield ""
    yield results.loads.as_text()


def _line(row: Row) -> str:
    spread = f"{row.low:.2f} to {row.high:.2f}"
    target = "" if row.target is None else f"{row.target:g}"
    return (
        f"  {row.what:<42}{row.microseconds:>10.1f}{row.ratio:>9.2f}{spread:>16}{target:>9}  {_met(row.met)}".rstrip()
    )


def _met(met: bool | None) -> str:
    return "" if met is None else "yes" if met else "NO"


def _machine() -> dict[str, str]:
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version, **libraries}
