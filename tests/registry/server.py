"""A world over HTTP on 127.0.0.1."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import Self

from .answers import Answers
from .day import Day
from .faults import Exchange, Fault, Faults
from .log import Log
from .messages import Answer, Request
from .search import Search
from .wire import Server
from .world import World

SEARCH = "/api/v2/studies"


class Registry:
    """The registry on loopback: `with Registry(world) as registry: … registry.url …`.

    `url` serves `/api/v2`, `/api/int`, `/robots.txt`, and the Internet Archive's `/cdx/search/cdx` and `/web/…`.
    `faults` and `log` are what they say. The day is the world's first until `advance`.
    `port`: 0 for any that is free. `refuse_python`: `/api/int` answers 403 to all but curl, as some have met it.
    """

    def __init__(self, world: World, *, port: int = 0, refuse_python: bool = False) -> None:
        self.world = world
        self.faults = Faults()
        self.log = Log()
        self.answers = Answers(world, refuse_python=refuse_python)
        self.stopping = threading.Event()
        self.failures: list[Exception] = []
        self._port = port
        self._index = 0
        self._hidden: frozenset[str] = frozenset()
        self._view = world.days[0]
        self._last_page: Answer | None = None
        self._lock = threading.RLock()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end. Raises RuntimeError where the server is not running."""
        if self._server is None:
            raise RuntimeError("the registry is not running: use it in a `with`")
        return self._server.url

    @property
    def day(self) -> Day:
        """The day that it is, without the studies that are hidden."""
        return self._view

    def advance(self, days: int = 1) -> Day:
        """Let calendar days pass. Raises IndexError after the world's last."""
        with self._lock:
            if self._index + days >= len(self.world.days):
                raise IndexError(f"the world ends with day {len(self.world.days) - 1}")
            self._index += days
            self._look()
            return self._view

    def next_data_set(self) -> Day:
        """Let days pass until there is another data set: over a weekend, if need be."""
        with self._lock:
            old = self._view.timestamp
            while self.advance().timestamp == old:
                pass
            return self._view

    def hide(self, nct_ids: Iterable[str]) -> None:
        """Let studies vanish although the world has them, as if the registry had lost them; none: all are back."""
        with self._lock:
            self._hidden = frozenset(nct_ids)
            self._look()

    def _look(self) -> None:
        day = self.world.days[self._index]
        shown = {one: content for one, content in day.studies.items() if one not in self._hidden}
        self._view = replace(day, studies=shown) if self._hidden else day

    def first_token(self, request: Request) -> str:
        """A token that leads to the first page of a search."""
        return Search(request).token(0, self.day)

    def handle(self, request: Request) -> tuple[Answer, tuple[str, ...]]:
        """Answer a request, with its faults. Gives the names of these too."""
        faults = self.faults.of(request)
        for fault in faults:
            if fault.before:
                fault.before(self)
        answer = self._changed(self.answers.answer(request, self.day), request, faults)
        answer = _encoded(answer, request)
        for fault in faults:
            if fault.wire:
                answer = fault.wire(answer)
        return answer, tuple(fault.name for fault in faults)

    def _changed(self, answer: Answer, request: Request, faults: list[Fault]) -> Answer:
        exchange = Exchange(request, self, self._last_page)
        if request.path == SEARCH and answer.status == 200:
            self._last_page = answer
        for fault in faults:
            if fault.content:
                answer = fault.content(answer, exchange)
        return answer

    def start(self) -> Self:
        """Begin to answer."""
        self._server = Server(self._port, self)
        self._server.start()
        return self

    def close(self) -> None:
        """End: no answer goes on, no connection stays open. Raises what went wrong in the server itself."""
        self.stopping.set()
        if self._server:
            self._server.end()
            self._server = None
        if self.failures:
            raise ExceptionGroup("the registry on loopback failed", self.failures)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _encoded(answer: Answer, request: Request) -> Answer:
    """Compress what can be, for whoever accepts it."""
    kind = answer.header("Content-Type").partition(";")[0]
    if "gzip" not in request.headers.get("accept-encoding", "") or kind == "application/zip" or not answer.body:
        return answer
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(answer, body=gzip.compress(answer.body, 1, mtime=0), headers=headers)
