"""Loads of the registry's size: a bulk file into a fresh store, then the next day's, beside what that must cost.

Each step is a process of its own, as cron would run it, with the time it took and the memory of all its processes
together. A step's floor is the least that must be done with the same file, right before it. The changes found on the
next day are held against those that were made.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import bulk
from benchmarks.inputs import ROOT
from benchmarks.memory import together
from ctgov_ingest.store import Store

JOBS = 2
FIRST, NEXT = "first load", "next day's file"
TARGETS = {FIRST: 2.0, NEXT: 1.5}
MOST_MEMORY = 400.0
"""MiB, of all processes together."""
MOST_BESIDE = 4096
"""Bytes a study beside the plain JSON of its latest version."""
MOST_READING = 2.0
"""Milliseconds to read back any version."""
_READ = 500


@dataclass(frozen=True, slots=True)
class Load:
    """A step: seconds, those of its floor, peak memory of all its processes in MiB (None where that is not told)."""

    what: str
    studies: int
    seconds: float
    floor: float
    memory: float | None

    @property
    def ratio(self) -> float:
        """To the floor."""
        return self.seconds / self.floor

    @property
    def each(self) -> float:
        """Studies a second."""
        return self.studies / self.seconds

    @property
    def met(self) -> bool:
        """Whether ratio and memory are within their targets."""
        return self.ratio <= TARGETS[self.what] and (self.memory or 0) <= MOST_MEMORY


@dataclass(frozen=True, slots=True)
class Loads:
    """All that was measured. `found`: whether the next day's changes were just those that were made.

    `size`: bytes of the store a study; `plain`: those of its JSON. `reading`: milliseconds to read back earlier
    versions, the median and the longest.
    """

    studies: int
    loads: Sequence[Load]
    found: bool
    changed: int
    size: float
    plain: float
    reading: tuple[float, float]

    def rows(self) -> Iterator[tuple[str, str, str, bool]]:
        """What, how much, the target, and whether it is met."""
        for load in self.loads:
            took = f"{load.seconds:,.1f} s, {load.each:,.0f} studies a second"
            yield load.what, took, "", True
            yield f"{load.what}: its floor", f"{load.floor:,.1f} s, {load.studies / load.floor:,.0f} a second", "", True
            target = TARGETS[load.what]
            yield f"{load.what}: times the floor", f"{load.ratio:.2f}", f"{target:g}", load.ratio <= target
            if load.memory is not None:
                fits = load.memory <= MOST_MEMORY
                yield f"{load.what}: peak memory", f"{load.memory:,.0f} MiB", f"{MOST_MEMORY:,.0f} MiB", fits
        told = f"{self.changed:,}, {'just those made' if self.found else 'NOT those made'}"
        yield "next day's changes", told, "those made", self.found
        beside = self.size - self.plain
        yield "store, a study", f"{self.size:,.0f} bytes, {self.plain:,.0f} of them plain JSON", "", True
        yield "beside the plain JSON", f"{beside:,.0f} bytes", f"{MOST_BESIDE:,}", beside <= MOST_BESIDE
        median, most = self.reading
        told = f"{median:.2f} ms, at most {most:.2f}"
        yield "an earlier version read back", told, f"{MOST_READING:g} ms", median <= MOST_READING

    def as_text(self) -> str:
        """For people."""
        lines = [f"{'Bulk files of ' + format(self.studies, ',') + ' studies':<36}{'':<40}{'target':>12}  met"]
        lines += [f"  {what:<34}{told:<40}{target:>12}  {_met(target, met)}" for what, told, target, met in self.rows()]
        return "\n".join(line.rstrip() for line in lines)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        rows = [{"what": what, "told": told, "target": target, "met": met} for what, told, target, met in self.rows()]
        loads = [
            {"what": one.what, "seconds": one.seconds, "floor": one.floor, "ratio": one.ratio, "memory": one.memory}
            for one in self.loads
        ]
        return {"studies": self.studies, "rows": rows, "loads": loads}


def _met(target: str, met: bool) -> str:
    return "" if not target else "yes" if met else "NO"


def measure(studies: int, folder: Path, records: Sequence[tuple[str, bytes]] | None = None) -> Loads:
    """Write the files of two days into a folder, unless they are there, and load them."""
    first, second, day = bulk.write(folder, studies, records)
    database = folder / "loads.db"
    for path in folder.glob("loads.db*"):
        path.unlink()
    loads = [
        _load(FIRST, studies, first, database, JOBS, ("store", str(first), str(folder / "floor.db"))),
        _load(NEXT, studies, second, database, 1, ("scan", str(second))),
    ]
    (folder / "floor.db").unlink()
    with closing(sqlite3.connect(database)) as db:
        changed = {name for (name,) in db.execute("SELECT nct_id FROM versions WHERE version > 1")}
        ((count, plain),) = db.execute("SELECT count(*), sum(length(CAST(study AS BLOB))) FROM study_rows")
        new = {name for (name,) in db.execute("SELECT nct_id FROM studies WHERE first_seen = ?", (bulk.NEXT_DAY,))}
        gone = {name for (name,) in db.execute("SELECT nct_id FROM studies WHERE last_seen = ?", (bulk.DAY,))}
    found = changed == day.updated | day.unknown and new == day.new and gone == day.delisted
    size = database.stat().st_size / count
    reading = _reading(database, sorted(changed))
    return Loads(studies, loads, found, len(changed), size, plain / count, reading)


def _load(what: str, studies: int, file: Path, database: Path, jobs: int, floor: Sequence[str]) -> Load:
    least, _ = _timed("benchmarks.floors", *floor)
    command = ("ctgov_ingest", "ingest", "--json", "--jobs", str(jobs), "--db", str(database), str(file))
    seconds, memory = _timed(*command)
    return Load(what, studies, seconds, least, memory)


def _timed(module: str, *arguments: str) -> tuple[float, float | None]:
    """Run a module; gives seconds, and the most memory that it and its processes held together."""
    command = [sys.executable, "-m", module, *arguments]
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as program:  # noqa: S603  # ours
        most = together(program)
    if program.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {program.returncode}")
    return time.perf_counter() - begin, most


def _reading(database: Path, nct_ids: Sequence[str]) -> tuple[float, float]:
    """Milliseconds to read back the first version of studies that have another."""
    chance = random.Random(len(nct_ids))  # noqa: S311  # nothing secret
    taken: list[float] = []
    with Store(database, read_only=True) as store:
        for nct_id in chance.sample(nct_ids, min(_READ, len(nct_ids))):
            version = store.version(nct_id, 1)
            begin = time.perf_counter()
            store.document(version)
            taken.append((time.perf_counter() - begin) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[-1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    import argparse

    parser = argparse.ArgumentParser(prog="python -m benchmarks.loads", description=__doc__)
    parser.add_argument("--studies", type=int, default=100_000, help="(default 100,000)")
    parser.add_argument("--folder", type=Path, help="where the files are, or are written and left; else they go")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures as a page, too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ctgov-benchmarks-") as name:
        loads = measure(asked.studies, asked.folder or Path(name))
    print(json.dumps(loads.as_json()) if asked.json else loads.as_text())


if __name__ == "__main__":
    main()
