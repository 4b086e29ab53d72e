"""The polite client: an honest name, a rate, tries with growing pauses, and answers that are whole or an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Generic, Self, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from ctgov_ingest.errors import Incomplete, NotAnAnswer, TooLarge, Unexpected
from ctgov_ingest.fetch.body import gathered
from ctgov_ingest.fetch.clock import Clock
from ctgov_ingest.fetch.pace import Pace
from ctgov_ingest.fetch.retries import retrying
from ctgov_ingest.fetch.settings import Patience, Settings
from ctgov_ingest.fetch.statuses import refusal
from ctgov_ingest.fetch.stream import Stream, Transport
from ctgov_ingest.fetch.transport import RequestsTransport
from ctgov_ingest.fetch.whole import Cut, Strange, Whole

T = TypeVar("T")
R = TypeVar("R")

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
        """What the reader found in the body. Raises ValueError with 304, which has none."""
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
        also: Mapping[int, Whole[T]] | None = None,
        etag: str | None = None,
        transport: Transport | None = None,
    ) -> Answer[T]:
        """Ask until the answer is whole, within the tries of the settings.

        `whole` reads the body of a 200, `also` those of other statuses that are answers; 304 is one when asked with an
        `etag`. Raises FetchError for anything else.
        """
        headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": etag} if etag else {})
        readers = {200: whole, **(also or {})}

        def finish(url: str, stream: Stream) -> Answer[T]:
            if etag and stream.status == NOT_MODIFIED:
                return Answer(url, stream.status, stream.headers, b"")
            if stream.status not in readers:
                raise refusal(url, stream, self.clock.now())
            body = gathered(stream, self.settings.largest_answer)
            return Answer(url, stream.status, stream.headers, body, readers[stream.status](body))

        patience = self.settings.for_answers
        return self.exchange(with_params(url, params), lambda: headers, finish, patience=patience, transport=transport)

    def exchange(
        self,
        url: str,
        headers: Callable[[], Mapping[str, str]],
        finish: Callable[[str, Stream], R],
        *,
        patience: Patience,
        transport: Transport | None = None,
    ) -> R:
        """Ask, and let `finish` take the answer; again, when that fails in a way that may pass.

        `headers` is called before each try.
        """
        host = _host_of(url)
        by = transport or self._transport

        def once() -> R:
            self.traffic.seconds_waited += self._pace.wait(host)
            self.traffic.requests += 1
            named = {"User-Agent": self.settings.user_agent, "Accept": "*/*", **headers()}
            with by.open(url, named, patience.each) as stream:
                return _or_error(finish, url, replace(stream, chunks=self._counted(stream.chunks)))

        return retrying(once, patience, self.settings, self.clock, self._count_retry)

    def _counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.traffic.bytes_received += len(chunk)
            yield chunk

    def _count_retry(self, pause: float) -> None:
        self.traffic.retries += 1
        self.traffic.seconds_waited += pause


def _or_error(finish: Callable[[str, Stream], R], url: str, stream: Stream) -> R:
    try:
        return finish(url, stream)
    except Cut as error:
        raise Incomplete(f"the answer is not whole: {error}", url=url, status=stream.status) from error
    except Strange as error:
        raise NotAnAnswer(f"the answer is not what was asked for: {error}", url=url, status=stream.status) from error
    except TooLarge as error:
        raise Unexpected(f"the answer is too large: {error}", url=url, status=stream.status) from error


def with_params(url: str, params: Mapping[str, str] | None) -> str:
    """The address with its parameters; lists in them (`A|B`) stay readable in logs."""
    return f"{url}?{urlencode(params, quote_via=quote, safe='|,:')}" if params else url


def _host_of(url: str) -> str:
    """The host and port of an address. Raises Unexpected for one that is none, or not HTTP's."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Unexpected(f"this is no address ({error})", url=url) from error
    if parts.scheme not in ("http", "https"):
        raise Unexpected("expected an address that begins with http:// or https://", url=url)
    return parts.netloc
