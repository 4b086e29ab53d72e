"""The polite client: an honest name, a rate, tries with growing pauses, and answers that are whole or an error."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import asdict, dataclass, field
from typing import Generic, Self, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from ctgov_ingest.errors import FetchError, Incomplete, TooLarge, Unexpected
from ctgov_ingest.fetch.body import Body
from ctgov_ingest.fetch.clock import Clock
from ctgov_ingest.fetch.pace import Pace
from ctgov_ingest.fetch.retries import retrying
from ctgov_ingest.fetch.settings import Settings
from ctgov_ingest.fetch.statuses import refusal
from ctgov_ingest.fetch.transport import RequestsTransport, Stream, Transport
from ctgov_ingest.fetch.whole import Cut, Strange, Whole

T = TypeVar("T")
R = TypeVar("R")

OK = frozenset({200})
NOT_MODIFIED = 304


@dataclass(slots=True)
class Traffic:
    """What was asked so far: requests, bytes of bodies as sent, tries beyond the first, seconds waited on purpose."""

    requests: int = 0
    bytes_received: int = 0
    retries: int = 0
    seconds_waited: float = 0.0

    def as_json(self) -> dict[str, int | float]:
        """The counts, for the run log."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A whole answer. `body` is unpacked; `headers` have names in lower case."""

    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    found: T | None = field(repr=False, default=None)

    @property
    def content(self) -> T:
        """What the reader found in the body of a 200. Raises ValueError with any other status."""
        if self.found is None:
            raise ValueError(f"an answer of status {self.status} has no content")
        return self.found

    @property
    def etag(self) -> str | None:
        """The mark of this content, to ask with later."""
        return self.headers.get("etag")

    @property
    def not_modified(self) -> bool:
        """Whether the content is the one that was asked with."""
        return self.status == NOT_MODIFIED

    @property
    def text(self) -> str:
        """The body as text: the registry's own words where it refuses."""
        return self.body.decode("utf-8", "replace").strip()


class Client:
    """One session. Not for several threads at once."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None, transport: Transport | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.traffic = Traffic()
        self._transport = transport or RequestsTransport(settings)
        self._pace = Pace(settings.rate, self.clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        whole: Whole[T],
        expect: Container[int] = OK,
        etag: str | None = None,
        transport: Transport | None = None,
    ) -> Answer[T]:
        """Ask until the answer is whole, within the tries of the settings.

        A status of `expect` is an answer; so is 304 when asked with an `etag`. Raises FetchError for anything else.
        """
        headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": etag} if etag else {})
        expected = {NOT_MODIFIED} if etag else set()

        def finish(url: str, stream: Stream) -> Answer[T]:
            body = self._gather(url, stream)
            if stream.status not in expected and stream.status not in expect:
                raise refusal(url, stream.status, stream.headers, body, self.clock.now())
            found = whole(body) if stream.status in OK else None
            return Answer(url, stream.status, stream.headers, body, found)

        return self.exchange(with_params(url, params), lambda: headers, finish, transport=transport)

    def exchange(
        self,
        url: str,
        headers: Callable[[], Mapping[str, str]],
        finish: Callable[[str, Stream], R],
        *,
        limit: float | None = None,
        tries: int | None = None,
        transport: Transport | None = None,
    ) -> R:
        """Ask, and let `finish` take the answer; again, when that fails in a way that may pass.

        `headers` is called before each try. `limit` is in seconds for one try.
        """
        _require_http(url)

        def once() -> R:
            self.traffic.seconds_waited += self._pace.wait(urlsplit(url).netloc)
            self.traffic.requests += 1
            named = {"User-Agent": self.settings.user_agent, "Accept": "*/*", **headers()}
            with (transport or self._transport).open(url, named, limit or self.settings.request_timeout) as stream:
                return _or_error(finish, url, stream)

        return retrying(once, self.settings, self.clock, self._count_retry, tries)

    def _count_retry(self, pause: float) -> None:
        self.traffic.retries += 1
        self.traffic.seconds_waited += pause

    def _gather(self, url: str, stream: Stream) -> bytes:
        body = Body(stream.headers, self.settings.largest_answer)
        try:
            for chunk in stream.chunks:
                body.take(chunk)
        finally:
            self.traffic.bytes_received += body.received
        return b"" if stream.status == NOT_MODIFIED else body.finish()


def _or_error(finish: Callable[[str, Stream], R], url: str, stream: Stream) -> R:
    try:
        return finish(url, stream)
    except Cut as error:
        raise Incomplete(f"the answer is not whole: {error}", url=url, status=stream.status) from error
    except (Strange, TooLarge) as error:
        raise Unexpected(f"the answer is not what was asked for: {error}", url=url, status=stream.status) from error


def with_params(url: str, params: Mapping[str, str] | None) -> str:
    """The address with its parameters; lists in them (`A|B`) stay readable in logs."""
    return f"{url}?{urlencode(params, quote_via=quote, safe='|,:')}" if params else url


def _require_http(url: str) -> None:
    if urlsplit(url).scheme not in ("http", "https"):
        raise FetchError("expected an address that begins with http:// or https://", url=url)
