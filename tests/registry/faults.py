"""Faults on demand: what can go wrong between a registry and whoever asks it.

A fault changes an answer before it is encoded (`content`), or after (`wire`). `Faults.add` schedules one: for which
requests, the how-manieth, how often, with what chance.
"""

from __future__ import annotations

import email.utils
import fnmatch
import random
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import orjson

from .messages import Answer, Request, Wire, html_answer, text_answer

if TYPE_CHECKING:
    from .server import Registry

UNRESOLVABLE = "http://registry.invalid"
"""A base URL whose host no name server knows (RFC 6761)."""

MAINTENANCE = """<!DOCTYPE html><html lang="en"><head><title>Maintenance</title></head>
<body><h1>ClinicalTrials.gov is down for maintenance</h1><p>Please come back later.</p></body></html>"""


@contextmanager
def refusing() -> Iterator[str]:
    """Give a base URL where nobody listens: connections are refused for as long as the context lasts."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with the registry that it came to, and the last page of a search that was answered before."""

    request: Request
    registry: Registry
    last_page: Answer | None


Content = Callable[[Answer, Exchange], Answer]
OnWire = Callable[[Answer], Answer]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by name. `before`: done before the answer is worked out."""

    name: str
    content: Content | None = None
    wire: OnWire | None = None
    before: Callable[[Registry], object] | None = None


# --- another answer -----


def _instead(name: str, answer: Callable[[], Answer]) -> Fault:
    return Fault(name, content=lambda _answer, _exchange: answer())


def too_many(retry_after: int | None = None, as_date: bool = False) -> Fault:
    """429, with Retry-After as seconds or as a date, or without."""

    def answer() -> Answer:
        if retry_after is None:
            return text_answer(429, "Too Many Requests")
        value = email.utils.formatdate(time.time() + retry_after, usegmt=True) if as_date else str(retry_after)
        found = text_answer(429, "Too Many Requests")
        return replace(found, headers={**found.headers, "Retry-After": value})

    return _instead("429", answer)


def status(code: int, text: str = "", html: bool = True) -> Fault:
    """An answer of a status: 403, 500, 502, 503 …"""
    body = text or f"<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>"
    return _instead(str(code), lambda: (html_answer if html else text_answer)(code, body))


def wrong_404() -> Fault:
    """A 404 that is not the registry's own word on a study: a wrong path, a fault in front of it."""
    return status(404, "<html><body><h1>404 page not found</h1></body></html>")


def maintenance() -> Fault:
    """A page of HTML with status 200."""
    return _instead("html-200", lambda: html_answer(200, MAINTENANCE))


# --- another content -----


def json_cut(share: float = 0.6) -> Fault:
    """JSON that ends in the middle; length and encoding are right."""

    def content(answer: Answer, _exchange: Exchange) -> Answer:
        return replace(answer, body=answer.body[: int(len(answer.body) * share)])

    return Fault("json-cut", content=content)


def rows_lost(count: int = 1) -> Fault:
    """A page without its last rows; the total and the token stay."""

    def content(answer: Answer, _exchange: Exchange) -> Answer:
        return _repaged(answer, lambda studies: studies[: max(0, len(studies) - count)])

    return Fault("rows-lost", content=content)


def empty_page() -> Fault:
    """A page without rows that says, by its token, that it is not the last. Nothing is lost: the page comes next."""

    def content(answer: Answer, exchange: Exchange) -> Answer:
        token = exchange.request.param("pageToken") or exchange.registry.first_token(exchange.request)
        return _repaged(answer, lambda _studies: [], nextPageToken=token)

    return Fault("empty-page", content=content)


def page_repeated() -> Fault:
    """A page with the rows of the one before; its token is its own."""

    def content(answer: Answer, exchange: Exchange) -> Answer:
        if exchange.last_page is None:
            return answer
        rows = orjson.loads(exchange.last_page.body).get("studies", [])
        return _repaged(answer, lambda _studies: rows)

    return Fault("page-repeated", content=content)


def _repaged(answer: Answer, change: Callable[[list[object]], list[object]], **more: object) -> Answer:
    """Change the rows of a page; any other answer stays as it is."""
    if answer.status != 200 or not answer.body.startswith(b"{"):
        return answer
    page = orjson.loads(answer.body)
    return (
        replace(answer, body=orjson.dumps({**page, "studies": change(page["studies"]), **more}))
        if "studies" in page
        else answer
    )


def garbled(share: float = 0.5) -> Fault:
    """One byte of the body is another one; all else is right. What has no checksum cannot be known for garbled."""

    def content(answer: Answer, _exchange: Exchange) -> Answer:
        at = int(len(answer.body) * share)
        return replace(answer, body=answer.body[:at] + bytes([answer.body[at] ^ 0x10]) + answer.body[at + 1 :])

    return Fault("garbled", content=content)


def same_etag(tag: str = '"stuck"') -> Fault:
    """A tag that never changes, whatever the data set."""

    def content(answer: Answer, exchange: Exchange) -> Answer:
        if exchange.request.headers.get("if-none-match") == tag:
            return Answer(304, headers={"ETag": tag})
        return replace(answer, headers={**answer.headers, "ETag": tag})

    return Fault("same-etag", content=content)


def silence(seconds: float = 60) -> Fault:
    """Nothing comes for so long."""
    return Fault("silence", before=lambda registry: registry.stopping.wait(seconds))


def too_fast(per_second: float = 1) -> Fault:
    """429 to whoever asks sooner than the rate allows after the request before."""

    def content(answer: Answer, exchange: Exchange) -> Answer:
        entries = list(exchange.registry.log)
        early = entries and time.monotonic() - entries[-1].at < 1 / per_second
        return text_answer(429, "Too Many Requests") if early else answer

    return Fault("too-fast", content=content)


def next_day() -> Fault:
    """The registry's next data set comes before this request is answered."""
    return Fault("next-day", before=lambda registry: registry.next_data_set())


# --- another way on the wire -----


def _on_wire(name: str, change: Callable[[Answer], Wire]) -> Fault:
    return Fault(name, wire=lambda answer: replace(answer, wire=change(answer)))


def drip(size: int = 256, seconds: float = 0.02) -> Fault:
    """Slow bytes: so many at a time, with so many seconds between."""
    return _on_wire("drip", lambda answer: replace(answer.wire, drip=(size, seconds)))


def reset(after: int = 0) -> Fault:
    """The connection is reset after so many bytes of the body; by default before any byte of the answer."""
    return _on_wire("reset", lambda answer: replace(answer.wire, cut=after, reset=True))


def length_cut(share: float = 0.5) -> Fault:
    """Content-Length promises more than comes."""
    return _on_wire("length-cut", lambda answer: replace(answer.wire, cut=int(len(answer.body) * share)))


def chunked_cut(share: float = 0.5) -> Fault:
    """A chunked answer ends within a chunk."""
    return _on_wire("chunked-cut", lambda answer: Wire("chunked", cut=int(len(answer.body) * share)))


def close_cut(share: float = 0.5) -> Fault:
    """An answer without a length ends early: nothing but its content tells."""
    return _on_wire("close-cut", lambda answer: Wire("close", cut=int(len(answer.body) * share)))


def gzip_cut(share: float = 0.5) -> Fault:
    """A gzip stream ends early, and Content-Length agrees with what comes. Without gzip the content itself is cut."""

    def wire(answer: Answer) -> Answer:
        return replace(answer, body=answer.body[: int(len(answer.body) * share)])

    return Fault("gzip-cut", wire=wire)


def length_short(missing: int = 20) -> Fault:
    """Content-Length promises less than comes."""
    return _on_wire("length-short", lambda answer: replace(answer.wire, declared=max(0, len(answer.body) - missing)))


def length_long(more: int = 20) -> Fault:
    """Content-Length promises more than there is, of an answer that is whole."""
    return _on_wire("length-long", lambda answer: replace(answer.wire, declared=len(answer.body) + more))


def hang_up() -> Fault:
    """The connection ends after a whole answer, unannounced: whoever kept it for the next request finds it dead."""
    return _on_wire("hang-up", lambda answer: replace(answer.wire, declared=len(answer.body)))


def chunked() -> Fault:
    """No fault: an answer in chunks."""
    return _on_wire("chunked", lambda _answer: Wire("chunked"))


def closed() -> Fault:
    """No fault: an answer whose end is the end of the connection."""
    return _on_wire("close", lambda _answer: Wire("close"))


FAULTS: dict[str, Callable[[], Fault]] = {
    "429-seconds": lambda: too_many(1),
    "429-date": lambda: too_many(1, as_date=True),
    "429": too_many,
    "403": lambda: status(403),
    "500": lambda: status(500),
    "502": lambda: status(502),
    "503": lambda: status(503),
    "wrong-404": wrong_404,
    "html-200": maintenance,
    "drip": drip,
    "silence": silence,
    "too-fast": too_fast,
    "reset": reset,
    "reset-midway": lambda: reset(200),
    "length-cut": length_cut,
    "chunked-cut": chunked_cut,
    "close-cut": close_cut,
    "gzip-cut": gzip_cut,
    "length-short": length_short,
    "length-long": length_long,
    "hang-up": hang_up,
    "json-cut": json_cut,
    "rows-lost": rows_lost,
    "page-repeated": page_repeated,
    "empty-page": empty_page,
    "next-day": next_day,
    "same-etag": same_etag,
}
"""Every fault by name, as the command line and parametrised tests ask for it.

Not among them is `garbled`, which nobody can notice where there is no checksum.
"""


@dataclass(slots=True)
class Rule:
    """When a fault happens. `seen`: matching requests so far; `done`: how often it happened."""

    fault: Fault
    on: str
    nth: Collection[int] | None
    times: int | None
    chance: float
    rng: random.Random
    seen: int = 0
    done: int = 0

    def fires(self, request: Request) -> bool:
        """Say whether this request gets the fault, and count."""
        if not fnmatch.fnmatchcase(request.path, self.on):
            return False
        self.seen += 1
        if (self.nth is not None and self.seen not in self.nth) or (self.times is not None and self.done >= self.times):
            return False
        if self.chance < 1 and self.rng.random() >= self.chance:
            return False
        self.done += 1
        return True


@dataclass(slots=True)
class Faults:
    """The faults that are scheduled."""

    rules: list[Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        fault: Fault | str,
        on: str = "*",
        *,
        nth: int | Collection[int] | None = None,
        times: int | None = None,
        chance: float = 1,
        seed: int = 1,
    ) -> Rule:
        """Schedule a fault, itself or by its name in FAULTS.

        `on`: a pattern for the path, with `*`. `nth`: which of the requests that match, counted from 1 from now on.
        `times`: how often at most. `chance`: of each request, from `seed`.
        """
        chosen = replace(FAULTS[fault](), name=fault) if isinstance(fault, str) else fault
        wanted = {nth} if isinstance(nth, int) else nth
        rule = Rule(chosen, on, wanted, times, chance, random.Random(seed))
        with self._lock:
            self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Let nothing more go wrong."""
        with self._lock:
            self.rules.clear()

    def of(self, request: Request) -> list[Fault]:
        """The faults that a request gets."""
        with self._lock:
            return [rule.fault for rule in self.rules if rule.fires(request)]
