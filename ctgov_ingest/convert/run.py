"""The whole of a conversion: the pile in parts, each part done, the latest record of each study told from the others.

Where a study has several records, the latest by the store's order has rows; parts with others are done once more
without those. `map_` is what does parts: here, in other processes, or on a cluster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from ctgov_ingest import workers
from ctgov_ingest.convert import data_set
from ctgov_ingest.convert.part import Done, Order, convert_part
from ctgov_ingest.convert.parts import Part, parts
from ctgov_ingest.convert.places import Output, inputs, is_of_one_process
from ctgov_ingest.errors import NotConverted, WrongSetting
from ctgov_ingest.sources import Failure

Task = tuple[Part, frozenset[int]]
"""A part, and the places of its records that are not the latest of their study."""
Do = Callable[[Task], Done]
Map = Callable[[Do, Iterable[Task]], Iterator[Done]]
"""Does the tasks, in any order, and gives what became of each."""


@dataclass(slots=True)
class Converted:
    """What a conversion brought: rows of each table, records that are not the latest, what could not be read."""

    rows: dict[str, int] = field(default_factory=dict)
    superseded: int = 0
    failures: list[Failure] = field(default_factory=list)


def convert(
    names: Sequence[str],
    output: str,
    *,
    map_: Map | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Converted:
    """Convert the files that paths and addresses name into a data set. `advance` is called once a part.

    Raises WrongSetting where the output cannot be taken, NotConverted where a part cannot be done.
    """
    if map_ is not None and any(map(is_of_one_process, (*names, output))):
        raise WrongSetting("other processes do not see what lies at memory://")
    folder = Output(output)
    data_set.begin(folder)
    do = partial(_do, output)
    done: dict[int, Done] = {}
    latest = _Latest()
    for one in (map_ or _here)(do, ((part, frozenset()) for part in parts(inputs(names)))):
        done[one.number] = one
        latest.add(one)
        advance()
    for one in (map_ or _here)(do, latest.again(names)):
        done[one.number] = one
    failures = [failure for number in sorted(done) for failure in done[number].failures]
    return Converted(data_set.finish(folder, done.values()), sum(map(len, latest.superseded.values())), failures)


class _Latest:
    """Which record of each study is the latest; of equal ones that which comes last in the pile."""

    def __init__(self) -> None:
        self._best: dict[str, tuple[Order, int, int]] = {}
        self._orders: dict[Order, Order] = {}
        """Each order once: thousands of studies share a day, and all studies of the registry are held here."""
        self.superseded: dict[int, set[int]] = defaultdict(set)

    def add(self, done: Done) -> None:
        """Take in the records of a part, in whatever order parts come."""
        for place, (nct_id, order) in enumerate(done.records):
            new = (self._orders.setdefault(order, order), done.number, place)
            best = self._best.get(nct_id, new)
            self._best[nct_id] = max(best, new)
            if best is not new:
                _, number, other = min(best, new)
                self.superseded[number].add(other)
        done.records.clear()

    def again(self, names: Sequence[str]) -> Iterator[Task]:
        """The parts that hold records other than the latest."""
        if self.superseded:
            for part in parts(inputs(names)):
                if part.number in self.superseded:
                    yield part, frozenset(self.superseded[part.number])


def _do(output: str, task: Task) -> Done:
    part, superseded = task
    try:
        return convert_part(part, output, superseded)
    except OSError as error:
        raise NotConverted(f"{output} cannot be written: {error.strerror or error}") from error


def _here(do: Do, tasks: Iterable[Task]) -> Iterator[Done]:
    return map(do, tasks)


def in_processes(jobs: int) -> Map:
    """Parts done in so many other processes."""

    def run(do: Do, tasks: Iterable[Task]) -> Iterator[Done]:
        for (part, _), done in workers.run(do, tasks, jobs):
            if isinstance(done, workers.Ended):
                raise NotConverted(f"part {part.number} could not be done: {done}")
            yield done

    return run
