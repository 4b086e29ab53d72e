"""Connections that give up on a server which drips: a timeout of a socket begins anew with each byte."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse


@contextmanager
def within(seconds: float, hang_up: Callable[[], None]) -> Iterator[None]:
    """Hang up, in another thread, when what goes on takes longer; then raises TimeoutError."""
    late = Event()

    def stop() -> None:
        late.set()
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # it has just ended by itself
            hang_up()

    timer = Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if late.is_set():
            raise TimeoutError(f"not within {seconds:g} seconds") from error
        raise
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError(f"not within {seconds:g} seconds")


class _InTime(HTTPConnection):
    """Has the headers within the read timeout, all of them."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own differs from http.client's too
        hang_up = partial(self.sock.shutdown, socket.SHUT_RDWR)
        with within(float(self.timeout or 0), hang_up):
            return super().getresponse()


class _InTimeTLS(_InTime, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _InTime


class _PoolTLS(HTTPSConnectionPool):
    ConnectionCls = _InTimeTLS


_POOLS = {"http": _Pool, "https": _PoolTLS}


class InTime(HTTPAdapter):
    """Lets a session of requests use such connections."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Set the pools up."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """Set the pools up that go over a proxy."""
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = _POOLS
        return manager
