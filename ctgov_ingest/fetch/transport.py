"""One exchange over the requests library: what came as bytes, what did not come as an error of ours.

The raw stream is handed on: requests unpacks without looking for an end, and would wait as long as bytes drip.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

import requests
import urllib3.exceptions as broken

from ctgov_ingest.errors import FetchError, Incomplete, Unreachable
from ctgov_ingest.fetch.settings import Settings

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer whose body is still to come: `headers` by names in lower case, `chunks` as they were sent."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


class Transport(Protocol):
    """A way to make one request."""

    def open(self, url: str, headers: Mapping[str, str], limit: float) -> AbstractContextManager[Stream]:
        """Ask, for at most `limit` seconds in all. Raises Unreachable or Incomplete, here and between chunks."""

    def close(self) -> None:
        """Let go of connections."""


class RequestsTransport:
    """One session of the requests library, and so one connection that is kept."""

    def __init__(self, settings: Settings) -> None:
        self._session = requests.Session()
        self._session.headers.clear()
        self._timeouts = (settings.connect_timeout, settings.read_timeout)

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str], limit: float) -> Iterator[Stream]:
        """Ask; redirects are handed on as they are."""
        end = time.monotonic() + limit
        try:
            with self._session.get(
                url, headers=headers, timeout=self._timeouts, stream=True, allow_redirects=False
            ) as response:
                names = {name.lower(): value for name, value in response.headers.items()}
                yield Stream(response.status_code, names, _chunks(response, url, end, limit))
        except (requests.RequestException, broken.HTTPError) as error:
            raise _told(error, url) from error

    def close(self) -> None:
        """Close the session."""
        self._session.close()


def _chunks(response: requests.Response, url: str, end: float, limit: float) -> Iterator[bytes]:
    while chunk := response.raw.read1(CHUNK, decode_content=False):
        yield chunk
        if time.monotonic() > end:
            raise Unreachable(f"the answer was not there within {limit:g} seconds", url=url)


_WORDS: tuple[tuple[type[Exception], type[FetchError], str], ...] = (
    (broken.NameResolutionError, Unreachable, "the name of the server is not known: check the address and the network"),
    (requests.exceptions.ProxyError, Unreachable, "the proxy cannot be used: check HTTP_PROXY and HTTPS_PROXY"),
    (broken.ProxyError, Unreachable, "the proxy cannot be used: check HTTP_PROXY and HTTPS_PROXY"),
    (requests.exceptions.SSLError, Unreachable, "the server's certificate cannot be trusted, or TLS broke"),
    (broken.SSLError, Unreachable, "the server's certificate cannot be trusted, or TLS broke"),
    (broken.NewConnectionError, Unreachable, "no connection: check the address, or try later"),
    (broken.ConnectTimeoutError, Unreachable, "no connection within the time: check the network, or try later"),
    (broken.ReadTimeoutError, Unreachable, "the server said nothing for too long: try later"),
    (requests.exceptions.ReadTimeout, Unreachable, "the server said nothing for too long: try later"),
    (broken.IncompleteRead, Incomplete, "the answer was cut off"),
    (broken.ProtocolError, Unreachable, "the connection broke"),
    (requests.RequestException, Unreachable, "the request failed"),
    (broken.HTTPError, Unreachable, "the request failed"),
)
"""What each failure of the libraries means, the narrower ones first."""


def _told(error: Exception, url: str) -> FetchError:
    chain = list(_reasons(error))
    for kind, ours, words in _WORDS:
        if any(isinstance(one, kind) for one in chain):
            return ours(f"{words} ({_innermost(chain)})", url=url)
    raise AssertionError("the table ends with what all of them are")


def _reasons(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it wraps: requests wraps urllib3's, which wraps those of sockets."""
    while isinstance(error, BaseException):
        yield error
        inner = getattr(error, "reason", None)
        error = (
            inner
            if isinstance(inner, BaseException)
            else next((a for a in error.args if isinstance(a, BaseException)), None)
        )


def _innermost(chain: list[BaseException]) -> str:
    text = str(chain[-1]) or type(chain[-1]).__name__
    return text.rpartition(": ")[2] if "object at 0x" in text else text
