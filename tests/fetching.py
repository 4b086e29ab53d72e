"""For tests of fetching: a clock that does not wait, and a server that sends exactly the bytes that it is told."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ctgov_ingest.fetch import Client, Clock, Settings

START = datetime(2026, 11, 2, 12, 0, 0, tzinfo=UTC)

QUICK = Settings(rate=1000, tries=3, backoff=0.001, connect_timeout=2, read_timeout=2, request_timeout=5)
"""Settings for servers on this machine."""


@dataclass
class Ticking:
    """A clock that goes forward by sleeping only."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, self.sleep, lambda: START + timedelta(seconds=self.seconds - 1000))


def client_of(url: str, clock: Clock | None = None, **settings: object) -> Client:
    """A client whose registry and archive are at `url`."""
    return Client(replace(QUICK, base_url=url, wayback_url=url, **settings), clock=clock)  # type: ignore[arg-type]


Script = Callable[[socket.socket], None]
"""Answers one request."""


def reply(
    body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None, *, length: int | None = -1
) -> bytes:
    """An answer as bytes. `length`: what Content-Length says; None: there is none; by default the true one."""
    told = {"Content-Length": str(len(body) if length == -1 else length)} if length is not None else {}
    lines = [
        f"HTTP/1.1 {status} Some Reason",
        *(f"{name}: {text}" for name, text in {**told, **(headers or {})}.items()),
    ]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def sends(data: bytes) -> Script:
    """Send, and close."""
    return lambda connection: connection.sendall(data)


def chunked(body: bytes, *, end: bytes = b"0\r\n\r\n") -> bytes:
    """A body in two chunks. `end`: what stands behind them."""
    parts = (body[: len(body) // 2], body[len(body) // 2 :])
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def resets(data: bytes = b"") -> Script:
    """Send, and reset the connection."""

    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def drips(data: bytes, seconds: float, *, at_once: int = 0) -> Script:
    """Send so much at once, and the rest byte by byte, with so many seconds between, until nobody listens."""

    def script(connection: socket.socket) -> None:
        connection.sendall(data[:at_once])
        with contextlib.suppress(OSError):
            for at in range(at_once, len(data)):
                connection.sendall(data[at : at + 1])
                time.sleep(seconds)

    return script


def is_silent(connection: socket.socket) -> None:
    """Say nothing until the other side hangs up."""
    connection.recv(1)


class RawServer:
    """Answers the n-th request by the n-th script, and any further one by the last."""

    def __init__(self, scripts: tuple[Script, ...]) -> None:
        self._scripts = scripts
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.requests: list[str] = []
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed: the test is over
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (data := connection.recv(65536)):
                    return
                head += data
            script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
            self.requests.append(head.decode("latin-1"))
            with contextlib.suppress(OSError):  # whoever asked has hung up
                script(connection)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def raw(*scripts: Script | bytes) -> Iterator[RawServer]:
    """A server that runs; bytes are sent as they are."""
    server = RawServer(tuple(sends(one) if isinstance(one, bytes) else one for one in scripts))
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield server
    finally:
        server.close()
