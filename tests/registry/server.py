"""A world over HTTP on 127.0.0.1, byte by byte under our control."""

from __future__ import annotations

import gzip
import http
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from .answers import Answers
from .day import Day
from .faults import Exchange, Fault, Faults
from .log import Entry, Log
from .messages import Answer, Request
from .search import Search
from .world import World

CHUNK = 8192
_RESET = struct.pack("ii", 1, 0)
SEARCH = "/api/v2/studies"


class Registry:
    """The registry on loopback: `with Registry(world) as registry: … registry.url …`.

    `url` serves `/api/v2`, `/api/int`, `/robots.txt`, and the Internet Archive's `/cdx/search/cdx` and `/web/…`.
    `faults` and `log` are what they say. The day is the world's first until `advance`.
    """

    def __init__(self, world: World, *, port: int = 0, refuse_python: bool = False) -> None:
        self.world = world
        self.faults = Faults()
        self.log = Log()
        self.answers = Answers(world)
        self.answers.refuse_python = refuse_python
        self.stopping = threading.Event()
        self._index = 0
        self._hidden: frozenset[str] = frozenset()
        self._last_page: Answer | None = None
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="registry")

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def day(self) -> Day:
        """The day that it is, without what is hidden."""
        day = self.world.days[self._index]
        if not self._hidden:
            return day
        return replace(day, studies={one: content for one, content in day.studies.items() if one not in self._hidden})

    def advance(self, days: int = 1) -> Day:
        """Let calendar days pass. Raises IndexError after the world's last."""
        with self._lock:
            if self._index + days >= len(self.world.days):
                raise IndexError(f"the world ends with day {len(self.world.days) - 1}")
            self._index += days
            return self.world.days[self._index]

    def next_data_set(self) -> Day:
        """Let days pass until there is another data set: over a weekend, if need be."""
        old = self.day.timestamp
        while self.advance().timestamp == old:
            pass
        return self.day

    def hide(self, nct_ids: Iterable[str]) -> None:
        """Let studies vanish although the world still has them: as if the registry had lost them."""
        self._hidden = frozenset(nct_ids)

    def first_token(self, request: Request) -> str:
        """A token that leads to the first page of a search."""
        return Search(request).token(0, self.day)

    def handle(self, request: Request) -> tuple[Answer, tuple[str, ...]]:
        """Answer a request, with its faults. Gives the names of these too."""
        faults = self.faults.of(request)
        for fault in faults:
            if fault.before:
                fault.before(self)
        answer = self.answers.answer(request, self.day)
        answer = self._changed(answer, request, faults)
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

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End: no answer goes on, no connection stays open."""
        self.stopping.set()
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()


def _encoded(answer: Answer, request: Request) -> Answer:
    """Compress what can be, for whoever accepts it."""
    kind = answer.header("Content-Type").partition(";")[0]
    if "gzip" not in request.headers.get("accept-encoding", "") or kind == "application/zip" or not answer.body:
        return answer
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(answer, body=gzip.compress(answer.body, 1, mtime=0), headers=headers)


class _Server(ThreadingHTTPServer):
    """Threads that end with the server, and connections that can be ended."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], registry: Registry) -> None:
        super().__init__(address, _Handler)
        self.registry = registry
        self.open: set[socket.socket] = set()
        self.lock = threading.Lock()

    def end_connections(self) -> None:
        """End what is open, so that no thread waits for a request."""
        with self.lock:
            for connection in self.open:
                _shut(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever goes away before the answer is whole is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def shutdown_request(self, request: object) -> None:
        """End a connection in good order, but for one that is to be reset: that is closed as it is."""
        assert isinstance(request, socket.socket)
        if _lingers(request):
            super().shutdown_request(request)
        else:
            request.close()


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError as error:  # already ended from the other side
        if error.errno is None:
            raise


def _lingers(connection: socket.socket) -> bool:
    """Whether the end of a connection waits for what was sent: not for one that `_end` has marked for a reset."""
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) != _RESET


class _Handler(BaseHTTPRequestHandler):
    """One connection: requests in, answers out in the way that their `wire` says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.open.add(self.connection)

    def finish(self) -> None:
        with self.server.lock:
            self.server.open.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """The registry has a log of its own."""

    def do_GET(self) -> None:
        """Answer one request."""
        registry = self.server.registry
        at = time.monotonic()
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers)
        day = registry.day.index
        answer, faults = registry.handle(request)
        sent = 0 if self.command == "HEAD" or answer.status == 304 else _length(answer)
        registry.log.add(
            Entry(
                at,
                self.command,
                request.path,
                tuple(request.params),
                headers,
                answer.status,
                sent,
                faults,
                answer.remarks,
                day,
            )
        )
        self._send(answer)

    do_HEAD = do_GET  # noqa: N815
    do_POST = do_GET  # noqa: N815

    def _send(self, answer: Answer) -> None:
        wire = answer.wire
        if wire.reset and not wire.cut:
            return self._end(reset=True)
        bodyless = self.command == "HEAD" or answer.status == 304
        body = b"" if bodyless else _framed(answer)
        if wire.cut is not None:
            body = body[: wire.cut]
        self._write(_head(answer, bodyless) + body if not wire.drip else _head(answer, bodyless))
        if wire.drip:
            self._drip(body, *wire.drip)
        if wire != replace(wire, framing="length", declared=None, cut=None) or wire.framing == "close":
            self._end(reset=wire.reset)
        return None

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)

    def _drip(self, body: bytes, size: int, seconds: float) -> None:
        for at in range(0, len(body), size):
            self._write(body[at : at + size])
            if self.server.registry.stopping.wait(seconds):
                break

    def _end(self, *, reset: bool) -> None:
        """End the connection; a reset tells the other side that something broke."""
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def _length(answer: Answer) -> int:
    return len(answer.body) if answer.wire.cut is None else min(answer.wire.cut, len(answer.body))


def _head(answer: Answer, bodyless: bool) -> bytes:
    phrase = http.HTTPStatus(answer.status).phrase
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in answer.headers.items())]
    if answer.status != 304:
        lines += _framing(answer)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _framing(answer: Answer) -> list[str]:
    if answer.wire.framing == "chunked":
        return ["Transfer-Encoding: chunked"]
    if answer.wire.framing == "close":
        return ["Connection: close"]
    declared = answer.wire.declared
    return [f"Content-Length: {len(answer.body) if declared is None else declared}"]


def _framed(answer: Answer) -> bytes:
    if answer.wire.framing != "chunked":
        return answer.body
    pieces = (answer.body[at : at + CHUNK] for at in range(0, len(answer.body), CHUNK))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
