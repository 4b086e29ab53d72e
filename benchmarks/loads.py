"""Loads of the registry's size, beside what they must cost: a bulk file into a fresh store, the next day's, all tables.

Each step is a process of its own, as cron would run it, with the time it took and the memory of all its processes
together. A step's floor is the least that must be done with the same file, right before it. The changes found on the
next day are held against those that were made.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import bulk
from benchmarks.inputs import ROOT
from benchmarks.memory import together
from ctgov_ingest.files import Blob, blobs
from ctgov_ingest.ingest import captures
from ctgov_ingest.store import Capture, Store

JOBS = 2
FIRST, NEXT, TABLES = "first load", "next day's file", "first load and all child tables"
TARGETS = {FIRST: 2.0, NEXT: 1.5, TABLES: 3.0}
MOST_MEMORY = 400.0
"""MiB, of all processes together."""
MOST_BESIDE = 4096
"""Bytes a study beside the plain JSON of its latest version."""
MOST_FURTHER = 500
"""Bytes of the bytes of a version that another took the place of, and of its rows."""
MOST_READING = 2.0
"""Milliseconds to read back any version."""
ENOUGH = 20_000
"""Studies; with fewer the start of processes, a second or two, tells more than what they do."""
_READ = 500
_FURTHER = (200, 20)
"""Studies, and updates of each, to see what a further version takes."""
_ARCHIVE = "/var/lib/ctgov/ctg-studies.json.zip"
"""Where those are said to come from: a store keeps the path of each version, and a passing folder has a long one."""


class Took(NamedTuple):
    """What running a program took: seconds, seconds of processors, and the most MiB (None where that is not told)."""

    seconds: float
    processor: float
    memory: float | None

    def then(self, other: Took) -> Took:
        """What it took to run another one after it."""
        memory = None if self.memory is None or other.memory is None else max(self.memory, other.memory)
        return Took(self.seconds + other.seconds, self.processor + other.processor, memory)

    def half(self) -> Took:
        """Half of it, as of two runs together."""
        return Took(self.seconds / 2, self.processor / 2, self.memory)


@dataclass(frozen=True, slots=True)
class Load:
    """A step and its floor."""

    what: str
    studies: int
    took: Took
    floor: Took

    @property
    def ratio(self) -> float:
        """To the floor."""
        return self.took.seconds / self.floor.seconds

    def rows(self) -> Iterator[Told]:
        """What there is to tell of it."""
        for what, one in ((f"{self.what}: floor", self.floor), (self.what, self.took)):
            yield Told(what, f"{one.seconds:,.1f} s, {self.studies / one.seconds:,.0f} studies a second")
        target = TARGETS[self.what] if self.studies >= ENOUGH else None
        yield Told.most(f"{self.what}: times the floor", self.ratio, "{:.2f}", target)
        yield Told(f"{self.what}: in processor time", f"{self.took.processor / self.floor.processor:.2f}")
        if self.took.memory is not None:
            yield Told.most(f"{self.what}: peak memory", self.took.memory, "{:,.0f} MiB", MOST_MEMORY)


class Told(NamedTuple):
    """A line of the results: what, how much, the target, and whether it is met."""

    what: str
    much: str
    target: str = ""
    met: bool = True

    @classmethod
    def most(cls, what: str, number: float, form: str, target: float | None) -> Told:
        """A number that should be at most the target."""
        if target is None:
            return cls(what, form.format(number))
        return cls(what, form.format(number), form.format(target), number <= target)

    @property
    def verdict(self) -> str:
        """Whether the target is met, in a word."""
        return "" if not self.target else "yes" if self.met else "NO"


@dataclass(frozen=True, slots=True)
class Loads:
    """All that was measured.

    `found`: whether the next day's changes were just those that were made. `size`: bytes of the store a study;
    `plain`: those of its JSON. `further`: bytes that a further version takes, without and with the log of changes.
    `reading`: milliseconds to read back earlier versions, the median and the longest.
    """

    studies: int
    loads: Sequence[Load]
    found: bool
    changed: int
    size: float
    plain: float
    further: tuple[float, float]
    reading: tuple[float, float]

    def rows(self) -> Iterator[Told]:
        """What there is to tell, line by line."""
        for load in self.loads:
            yield from load.rows()
        words = f"{self.changed:,}, {'just those made' if self.found else 'NOT those made'}"
        yield Told("next day's changes", words, "those made", self.found)
        yield Told("store, a study", f"{self.size:,.0f} bytes, {self.plain:,.0f} of them plain JSON")
        yield Told.most("beside the plain JSON", self.size - self.plain, "{:,.0f} bytes", MOST_BESIDE)
        yield Told.most("a further version", self.further[0], "{:,.0f} bytes", MOST_FURTHER)
        yield Told("with its rows in the log of changes", f"{self.further[1]:,.0f} bytes")
        yield Told.most("an earlier version read back", self.reading[0], "{:.2f} ms", MOST_READING)
        yield Told("at most", f"{self.reading[1]:.2f} ms")

    @property
    def title(self) -> str:
        """What was loaded."""
        return f"Bulk files of {self.studies:,} studies, --jobs {JOBS}, then 1"

    def as_text(self) -> str:
        """For people."""
        lines = [f"{self.title:<54}{'':<38}{'target':>12}  met"]
        lines += [f"  {one.what:<52}{one.much:<38}{one.target:>12}  {one.verdict}" for one in self.rows()]
        return "\n".join(line.rstrip() for line in lines)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "rows": [one._asdict() for one in self.rows()]}


def measure(studies: int, folder: Path, records: Sequence[tuple[str, bytes]] | None = None) -> Loads:
    """Write the files of two days into a folder, unless they are there, and load them."""
    folder.mkdir(exist_ok=True)
    first, second, day = bulk.write(folder, studies, records)
    database = folder / "loads.db"
    for path in folder.glob("loads.db*"):
        path.unlink()
    storing = ("store", str(first), str(folder / "floor.db"))
    loads = [
        _load(FIRST, studies, first, database, JOBS, storing),
        _load(NEXT, studies, second, database, 1, ("scan", str(second))),
    ]
    with closing(sqlite3.connect(database)) as db:
        changed = {name for (name,) in db.execute("SELECT nct_id FROM versions WHERE version > 1")}
        ((count, plain),) = db.execute("SELECT count(*), sum(length(CAST(study AS BLOB))) FROM study_rows")
        new = {name for (name,) in db.execute("SELECT nct_id FROM studies WHERE first_seen = ?", (bulk.NEXT_DAY,))}
        gone = {name for (name,) in db.execute("SELECT nct_id FROM studies WHERE last_seen = ?", (bulk.DAY,))}
    found = changed == day.updated | day.unknown and new == day.new and gone == day.delisted
    size = database.stat().st_size / count
    reading = _reading(database, sorted(changed))
    loads.append(_with_tables(loads[0], database, storing))
    return Loads(studies, loads, found, len(changed), size, plain / count, _further(first, folder), reading)


def _load(what: str, studies: int, file: Path, database: Path, jobs: int, floor: Sequence[str]) -> Load:
    least = _floor(floor)
    command = ("ctgov_ingest", "ingest", "--json", "--jobs", str(jobs), "--db", str(database), str(file))
    return Load(what, studies, timed(*command), least)


def _floor(floor: Sequence[str]) -> Took:
    _, _, *written = floor
    for path in map(Path, written):
        path.unlink(missing_ok=True)
    took = timed("benchmarks.floors", *floor)
    for path in map(Path, written):
        path.unlink()
    return took


def _with_tables(first: Load, database: Path, floor: Sequence[str]) -> Load:
    """The first load and, after it, all child tables: built in the end, so that they are in the way of nothing else.

    Their floor is the mean of two, each taken right before one of the steps: minutes lie between them.
    """
    least = first.floor.then(_floor(floor)).half()
    command = ("ctgov_ingest", "tables", "build", "tables", "--json", "--jobs", str(JOBS), "--db", str(database))
    return Load(TABLES, first.studies, first.took.then(timed(*command)), least)


def timed(module: str, *arguments: str) -> Took:
    """Run a module to its end."""
    command = [sys.executable, "-m", module, *arguments]
    begin, before = time.perf_counter(), _processor()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as program:  # noqa: S603  # ours
        memory = together(program)
    if program.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {program.returncode}")
    return Took(time.perf_counter() - begin, _processor() - before, memory)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _further(file: Path, folder: Path) -> tuple[float, float]:
    """Bytes by which a store grows with each further version of its studies, without and with the log of changes."""
    studies, updates = _FURTHER
    records = list(islice((one for one in blobs([file]) if isinstance(one, Blob)), studies))
    database = folder / "further.db"
    sizes = []
    with Store(database) as store, store.batch():
        for number in range(updates + 1):
            for one in records:
                name = f"{_ARCHIVE}::{one.source.rpartition('::')[2]}"
                (found,) = captures(Blob(name, bulk.updated(one.data, number)))
                assert isinstance(found, Capture)
                store.add(found)
            if number in (0, updates):
                sizes.append(_sizes(database))
    for path in folder.glob("further.db*"):
        path.unlink()
    (plain, log), (plain_after, log_after) = sizes
    grown = len(records) * updates
    return (plain_after - plain) / grown, (plain_after + log_after - plain - log) / grown


def _sizes(database: Path) -> tuple[int, int]:
    """Bytes of a store without gaps and without what its studies show, and those of its log of changes."""
    copy = database.with_name("further-copy.db")
    sizes = []
    with closing(sqlite3.connect(database)) as db:
        for emptied in ("study_rows", "changes"):
            db.execute("VACUUM INTO ?", (str(copy),))
            with closing(sqlite3.connect(copy, isolation_level=None)) as other:
                for table in ("study_rows", emptied):
                    other.execute(f"DELETE FROM {table}")  # noqa: S608  # ours
                other.execute("VACUUM")
            sizes.append(copy.stat().st_size)
            copy.unlink()
    whole, without = sizes
    return without, whole - without


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
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loads", description=__doc__)
    parser.add_argument("--studies", type=int, default=100_000, help="(default 100,000)")
    parser.add_argument("--folder", type=Path, help="where the files are, or are written and left; else they go")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ctgov-benchmarks-") as name:
        loads = measure(asked.studies, asked.folder or Path(name))
    print(json.dumps(loads.as_json()) if asked.json else loads.as_text())


if __name__ == "__main__":
    main()
