"""Work in other processes: in order, with a bounded number of pieces under way, and without losing one to a crash."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Generic, TypeVar

from ctgov_ingest.errors import NoProcesses

P = TypeVar("P")
R = TypeVar("R")

_PIECES_EACH = 8
_STARTS = 3
"""So often it is tried to start a process, after one ended untimely."""
_CALM = 200_000


class Ended(Exception):
    """The process that did a piece of work ended before it was done."""

    def __str__(self) -> str:
        return "the process that read it ended before it was done (out of memory, or crashed)"


def run(do: Callable[[P], R], pieces: Iterable[P], jobs: int) -> Iterator[tuple[P, R | Ended]]:
    """Do all pieces in `jobs` processes; gives each with its result, in their order.

    When a process ends untimely, the pieces under way are done again one by one; the one at which a process ends again
    comes with Ended. Raises NoProcesses where not even a process without a piece can be had.
    """
    crew = _Crew(do, jobs)
    try:
        for piece in pieces:
            crew.begin(piece)
            if len(crew.under_way) >= _PIECES_EACH * jobs:
                yield from crew.finish()
        while crew.under_way:
            yield from crew.finish()
    finally:
        crew.leave()


class _Crew(Generic[P, R]):
    """The processes, and the pieces that they were given."""

    def __init__(self, do: Callable[[P], R], jobs: int) -> None:
        self._do = do
        self._jobs = jobs
        self._pool = _pool(jobs)
        self.under_way: deque[tuple[P, Future[R]]] = deque()

    def begin(self, piece: P) -> None:
        self.under_way.append((piece, self._submit(piece)))

    def _submit(self, piece: P) -> Future[R]:
        try:
            return self._pool.submit(self._do, piece)
        except BrokenProcessPool as error:
            broken: Future[R] = Future()
            broken.set_exception(error)
            return broken

    def finish(self) -> Iterator[tuple[P, R | Ended]]:
        """Wait for the first piece; after a crash, do all that are under way again."""
        piece, future = self.under_way[0]
        try:
            result = future.result()
        except BrokenProcessPool:
            self.leave()
            yield from self._one_by_one()
            self._pool = _pool(self._jobs)
            return
        self.under_way.popleft()
        yield piece, result

    def _one_by_one(self) -> Iterator[tuple[P, R | Ended]]:
        """Each piece alone, so that a crash tells whose it is."""
        self._pool = _single()
        while self.under_way:
            piece, _ = self.under_way.popleft()
            result: R | Ended
            try:
                result = self._submit(piece).result()
            except BrokenProcessPool:
                result = Ended()
                self.leave()
                self._pool = _single()
            yield piece, result
        self.leave()

    def leave(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Processes of their own: a copy of this one would share its store and its threads."""
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)


def _single() -> ProcessPoolExecutor:
    """One process, of which it is known that it can do something: else a piece would be blamed for it, and the next."""
    for _ in range(_STARTS):
        pool = _pool(1)
        try:
            pool.submit(os.getpid).result()
        except BrokenProcessPool:
            pool.shutdown()
        else:
            return pool
    raise NoProcesses("expected other processes to read, found that each ends before it begins: try --jobs 1")


def _begin() -> None:
    """Ctrl-C reaches every process of a terminal: the one that writes answers for all, and the others end with it.

    Cyclic garbage is looked for more rarely: pieces are done and forgotten, and looking took a third of the time.
    """
    gc.freeze()
    gc.set_threshold(_CALM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
    os._exit(1)
