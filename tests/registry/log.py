"""What was asked and answered, for tests to read."""

from __future__ import annotations

import fnmatch
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Entry:
    """A request and its answer.

    `at`: seconds of a monotonic clock when it came. `headers`: by lower-case name. `sent`: bytes of the body that were
    sent. `faults`: the names of what went wrong on purpose. `remarks`: what a client should never do, such as a page
    token with other parameters. `day`: the index of the day.
    """

    at: float
    method: str
    path: str
    params: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    status: int
    sent: int
    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    day: int

    def param(self, name: str) -> str | None:
        """One parameter."""
        return dict(self.params).get(name)


class Log:
    """All entries in the order in which the requests were answered."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Note one."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()

    def on(self, pattern: str) -> list[Entry]:
        """The entries whose path matches a pattern with `*`."""
        return [entry for entry in self if fnmatch.fnmatchcase(entry.path, pattern)]

    @property
    def remarks(self) -> list[str]:
        """All that a client should never have done."""
        return [remark for entry in self for remark in entry.remarks]

    @property
    def shortest_gap(self) -> float:
        """The shortest time between two requests, in seconds; infinite for fewer than two."""
        times = sorted(entry.at for entry in self)
        return min((later - earlier for earlier, later in pairwise(times)), default=float("inf"))

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, at: int) -> Entry:
        return self._entries[at]
