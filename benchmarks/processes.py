"""What takes a process of its own to measure: how soon the command answers, and how much memory an ingest takes."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.inputs import ROOT, multiplied, write_zip

START_TARGET = 150.0
"""Milliseconds that `--help` may take over a bare start of Python."""


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds until `ctgov-ingest --help` is done, over those of a Python that does nothing."""

    bare: float
    over: float
    low: float
    high: float
    target: float = START_TARGET

    @property
    def met(self) -> bool:
        """Whether the difference is within the target."""
        return self.over <= self.target


@dataclass(frozen=True, slots=True)
class Peak:
    """The most memory, in MiB, that a process held."""

    what: str
    mebibytes: float


def start(rounds: int) -> Start:
    """Time both, by turns."""
    turns = [(_milliseconds("-c", "pass"), _milliseconds("-m", "ctgov_ingest", "--help")) for _ in range(rounds)]
    over = [full - bare for bare, full in turns]
    return Start(median(bare for bare, _ in turns), median(over), min(over), max(over))


def _milliseconds(*arguments: str) -> float:
    begin = time.perf_counter()
    _python(*arguments)
    return (time.perf_counter() - begin) * 1000


def peaks(records: Sequence[tuple[str, bytes]], folder: Path) -> list[Peak]:
    """Peak memory of an ingest of the records and of three times as many, each in a fresh process."""
    found = [Peak("the program loaded, nothing read", _peak())]
    for times in (1, 3):
        archive = write_zip(folder / f"times-{times}.zip", multiplied(records, times))
        peak = _peak(str(archive), str(folder / f"times-{times}.db"))
        found.append(Peak(f"ingest of {times * len(records)} records", peak))
    return found


def _peak(*arguments: str) -> float:
    return float(_python("-m", "benchmarks.processes", *arguments))


def _python(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603  # ours


def _child(arguments: Sequence[str]) -> float:
    """Ingest the zip, if one is named, and give the MiB that this process held at most."""
    # loaded here: in the parent this module only starts processes
    from ctgov_ingest.ingest import ingest
    from ctgov_ingest.store import Store

    if arguments:
        archive, database = map(Path, arguments)
        with Store(database) as store:
            ingest([archive], store)
    return _most_held() / 2**20


def _most_held() -> int:
    """The most bytes that this process held. Linux lets `ru_maxrss` begin at what the parent held, so ask it apart."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    if found:
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    print(_child(sys.argv[1:]))
