"""Timing: cases of one group take turns, round by round, and each is set against the group's floor of the same round.

A neighbour's load moves absolute times by a factor of two; it moves both sides of a ratio alike.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

Work = Callable[[], None]
Clock = Callable[[], float]

CPU: Clock = time.process_time
WALL: Clock = time.perf_counter


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """Something to time. `prepare` runs before it in each round, outside the time."""

    what: str
    work: Work
    target: float | None = None
    prepare: Work = _nothing


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that go over the same `count` inputs, and the least that any of them must do; long ones in fewer rounds."""

    title: str
    clock: Clock
    count: int
    floor: Case
    cases: Sequence[Case]
    most_rounds: int = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """What a case came to: microseconds an input, and its ratio to the floor: median, lowest and highest round."""

    group: str
    what: str
    microseconds: float
    ratio: float
    low: float
    high: float
    target: float | None

    @property
    def met(self) -> bool | None:
        """Whether the ratio is within the target; None without one."""
        return None if self.target is None else self.ratio <= self.target


def measure(group: Group, rounds: int) -> list[Row]:
    """Time all cases of a group, after a round that does not count. The floor comes first."""
    cases = [group.floor, *group.cases]
    for case in cases:
        _time(case, group.clock)
    with _frozen():
        turns = [
            _turn(cases, group.clock, backwards=bool(number % 2)) for number in range(min(rounds, group.most_rounds))
        ]
    return [
        _row(group, case, [turn[at] for turn in turns], [turn[0] for turn in turns]) for at, case in enumerate(cases)
    ]


def _turn(cases: Sequence[Case], clock: Clock, *, backwards: bool) -> list[float]:
    """One round, every other one backwards, so that no case always follows the same one."""
    seconds = [0.0] * len(cases)
    for at in reversed(range(len(cases))) if backwards else range(len(cases)):
        seconds[at] = _time(cases[at], clock)
    return seconds


def _time(case: Case, clock: Clock) -> float:
    case.prepare()
    start = clock()
    case.work()
    return clock() - start


def _row(group: Group, case: Case, seconds: Sequence[float], floor: Sequence[float]) -> Row:
    ratios = [mine / least for mine, least in zip(seconds, floor, strict=True)]
    each = median(seconds) / group.count * 1e6
    return Row(group.title, case.what, each, median(ratios), min(ratios), max(ratios), case.target)


@contextmanager
def _frozen() -> Iterator[None]:
    """Keep the collector on, but away from what was there before: inputs of ours would cost every case a walk."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
