"""One exchange over the requests library: what came as bytes, what did not come as an error of ours.

The raw stream is handed on: requests unpacks without looking for an end, and would wait as long as bytes drip.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import requests
import urllib3.exceptions as broken

from ctgov_ingest.errors import FetchError, Incomplete, Unexpected, Unreachable
from ctgov_ingest.fetch.connection import InTime, within
from ctgov_ingest.fetch.settings import Settings
from ctgov_ingest.fetch.stream import CHUNK, Stream


class RequestsTransport:
    """One session of the requests library, and so one connection that is kept."""

    def __init__(self, settings: Settings) -> None:
        self._session = requests.Session()
        self._session.auth = _no_login
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, InTime())
        self._timeouts = (settings.connect_timeout, settings.read_timeout)

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str], limit: float) -> Iterator[Stream]:
        """Ask; redirects are handed on as they are."""
        get = partial(self._session.get, timeout=self._timeouts, stream=True, allow_redirects=False)
        try:
            with get(url, headers=headers) as response, within(limit, response.raw.shutdown):
                names = {name.lower(): value for name, value in response.headers.items()}
                yield Stream(response.status_code, names, _chunks(response, url))
        except (requests.RequestException, broken.HTTPError, TimeoutError) as error:
            raise _told(error, url) from error

    def close(self) -> None:
        """Close the session."""
        self._session.close()


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending what a ~/.netrc has for all hosts."""
    return request


def _chunks(response: requests.Response, url: str) -> Iterator[bytes]:
    while chunk := _chunk(response, url):
        yield chunk


def _chunk(response: requests.Response, url: str) -> bytes:
    """What has come by now, or what comes next; nothing at the end."""
    try:
        chunk: bytes = response.raw.read1(CHUNK, decode_content=False)
    except broken.HTTPError as error:
        raise _told(error, url) from error
    return chunk


_PROXY = "the proxy cannot be used: check HTTP_PROXY and HTTPS_PROXY"
_TLS = "the server's certificate cannot be trusted, or TLS broke: check the address, the clock, and the certificates"
_SILENT = "the server said nothing, or not all of its headers, for too long: try later"
_ADDRESS = "this is no address: check CTGOV_BASE_URL and CTGOV_WAYBACK_URL"

_MEANING: tuple[tuple[type[Exception], type[FetchError], str], ...] = (
    (broken.NameResolutionError, Unreachable, "the name of the server is not known: check the address and the network"),
    (requests.exceptions.ProxyError, Unreachable, _PROXY),
    (broken.ProxyError, Unreachable, _PROXY),
    (requests.exceptions.SSLError, Unreachable, _TLS),
    (broken.SSLError, Unreachable, _TLS),
    (broken.NewConnectionError, Unreachable, "no connection: check the address, or try later"),
    (broken.ConnectTimeoutError, Unreachable, "no connection within the time: check the network, or try later"),
    (broken.ReadTimeoutError, Unreachable, _SILENT),
    (requests.exceptions.ReadTimeout, Unreachable, _SILENT),
    (TimeoutError, Unreachable, "the answer was not there within the time: try later"),
    (broken.IncompleteRead, Incomplete, "the answer was cut off"),
    (http.client.IncompleteRead, Incomplete, "the answer was cut off"),
    (requests.exceptions.InvalidURL, Unexpected, _ADDRESS),
    (broken.LocationParseError, Unexpected, _ADDRESS),
    (broken.ProtocolError, Unreachable, "the connection broke: try later"),
    (requests.RequestException, Unreachable, "the request failed"),
    (broken.HTTPError, Unreachable, "the request failed"),
)
"""What each failure of the libraries means, the narrower ones first."""


def _told(error: Exception, url: str) -> FetchError:
    chain = list(_wrapped(error))
    for kind, ours, words in _MEANING:
        if any(isinstance(one, kind) for one in chain):
            return ours(f"{words} ({_why(chain)})", url=url)
    raise error


def _wrapped(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those in it: requests wraps urllib3's, which wraps those of sockets."""
    while error is not None:
        yield error
        inside = (getattr(error, "reason", None), *error.args)
        error = next((one for one in inside if isinstance(one, BaseException)), None)


def _why(chain: list[BaseException]) -> str:
    """The reason in a few words: the innermost, without the objects that urllib3 puts before it."""
    text = str(chain[-1]) or type(chain[-1]).__name__
    return text.rpartition("): ")[2] or text
