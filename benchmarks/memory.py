"""How much memory a program and the processes that it started hold together."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

_EVERY = 0.2
"""Seconds."""
_SHARE = re.compile(r"^Pss:\s*(\d+) kB", re.MULTILINE)


def together(program: subprocess.Popen[bytes]) -> float | None:
    """Wait for a program to end; gives the most MiB that its processes held at once, None where that is not told.

    What processes share counts once (the proportional set size of Linux).
    """
    most: float | None = None
    while True:
        held = _held(program.pid)
        most = held if most is None or (held or 0) > most else most
        try:
            program.wait(_EVERY)
        except subprocess.TimeoutExpired:
            continue
        return most


def _held(pid: int) -> float | None:
    shares = [share for one in _family(pid) if (share := _share(one)) is not None]
    return sum(shares) / 1024 if shares else None


def _family(pid: int) -> Iterator[int]:
    yield pid
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _text(tasks).split():
            yield from _family(int(child))


def _share(pid: int) -> int | None:
    found = _SHARE.search(_text(Path(f"/proc/{pid}/smaps_rollup")))
    return int(found[1]) if found else None


def _text(path: Path) -> str:
    """What a file says; nothing where it is gone, as processes go."""
    try:
        return path.read_text()
    except OSError:
        return ""
