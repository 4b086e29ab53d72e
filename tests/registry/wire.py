"""Requests and answers as bytes on sockets, under our control: what is promised and what comes can differ."""

from __future__ import annotations

import contextlib
import http
import socket
import struct
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from .log import Entry
from .messages import Answer, Request

if TYPE_CHECKING:
    from .server import Registry

CHUNK = 8192
LONGEST_TARGET = 8192
"""Longer paths with their parameters get 414, as with most servers. The registry's own limit is not known."""

_RESET = struct.pack("ii", 1, 0)


class Server(ThreadingHTTPServer):
    """Threads that end with the server, and connections that can be ended."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, port: int, registry: Registry) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.registry = registry
        self.open: set[socket.socket] = set()
        self.lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), name="registry", daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Answer from a thread of its own."""
        self._thread.start()

    def end(self) -> None:
        """End what is open, so that no thread waits for a request, then all threads."""
        self.shutdown()
        with self.lock:
            for connection in self.open:
                with contextlib.suppress(OSError):  # ended from the other side meanwhile
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever goes away before the answer is whole is no error of ours; anything else is told at the end."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, ConnectionError):
            self.registry.failures.append(error)

    def shutdown_request(self, request: object) -> None:
        """End a connection in good order, but for one that is to be reset: that is closed as it is."""
        assert isinstance(request, socket.socket)
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET)) == _RESET:
            request.close()
        else:
            super().shutdown_request(request)


class _Handler(BaseHTTPRequestHandler):
    """One connection: requests in, answers out in the way that their `wire` says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

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
        """Answer one request, and note it before anyone can see the answer."""
        at = time.monotonic()
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers)
        answer, faults = self._answer(request)
        entry = Entry(
            at=at,
            method=self.command,
            path=request.path,
            params=tuple(request.params),
            headers=headers,
            status=answer.status,
            sent=0 if self._bodyless(answer) else len(answer.body[: answer.wire.cut]),
            faults=faults,
            remarks=answer.remarks,
            day=self.server.registry.day.index,
        )
        self.server.registry.log.add(entry)
        self._send(answer)

    do_HEAD = do_GET  # noqa: N815
    do_POST = do_GET  # noqa: N815

    def _answer(self, request: Request) -> tuple[Answer, tuple[str, ...]]:
        if len(request.target) > LONGEST_TARGET:
            return Answer(414, b"Request-URI Too Large", {"Content-Type": "text/html"}), ()
        return self.server.registry.handle(request)

    def _bodyless(self, answer: Answer) -> bool:
        return self.command == "HEAD" or answer.status == 304

    def _send(self, answer: Answer) -> None:
        wire = answer.wire
        if not (wire.reset and not wire.cut):  # else nothing comes at all
            self.wfile.write(_head(answer))
            self._send_body(b"" if self._bodyless(answer) else _framed(answer)[: wire.cut], wire.drip)
        if wire.ends:
            self.close_connection = True
        if wire.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _send_body(self, body: bytes, drip: tuple[int, float] | None) -> None:
        size, seconds = drip or (len(body), 0)
        for at in range(0, len(body), size or 1):
            self.wfile.write(body[at : at + size])
            if seconds and self.server.registry.stopping.wait(seconds):
                break


def _head(answer: Answer) -> bytes:
    phrase = http.HTTPStatus(answer.status).phrase
    headers = {"Date": formatdate(usegmt=True), **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    if answer.status != 304:
        lines.append(_framing(answer))
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _framing(answer: Answer) -> str:
    if answer.wire.framing == "chunked":
        return "Transfer-Encoding: chunked"
    if answer.wire.framing == "close":
        return "Connection: close"
    return f"Content-Length: {len(answer.body) if answer.wire.declared is None else answer.wire.declared}"


def _framed(answer: Answer) -> bytes:
    if answer.wire.framing != "chunked":
        return answer.body
    pieces = (answer.body[at : at + CHUNK] for at in range(0, len(answer.body), CHUNK))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
