"""What an answer other than the one asked for means, and what a person can do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ctgov_ingest.errors import FetchError, Forbidden, Overloaded, Rejected, Unexpected
from ctgov_ingest.fetch.body import beginning
from ctgov_ingest.fetch.stream import Stream

_MEANING: dict[int, tuple[type[FetchError], str]] = {
    400: (Rejected, "the registry cannot do what was asked"),
    401: (Forbidden, "access is refused (401): a proxy or mirror wants a login"),
    403: (
        Forbidden,
        "access is refused (403): wait some hours, ask more slowly (CTGOV_RATE), and say who you are (CTGOV_CONTACT)",
    ),
    404: (Unexpected, "nothing is there (404): check the base address"),
    407: (Forbidden, "the proxy wants a login (407): check HTTP_PROXY and HTTPS_PROXY"),
    408: (Overloaded, "the server gave up waiting (408): try later"),
    414: (Rejected, "the question is too long (414): ask for fewer ids at a time"),
    429: (Overloaded, "too many requests (429): ask more slowly (CTGOV_RATE), or later"),
}

_WORDS = 300
_LONGEST = 10 * 365 * 86400


def refusal(url: str, stream: Stream, now: datetime) -> FetchError:
    """The error that an answer of another status is."""
    kind, message = _MEANING.get(stream.status) or _by_hundreds(stream.status, stream.headers)
    if words := _own_words(stream):
        message = f"{message}: {words}"
    return kind(message, url=url, status=stream.status, until=retry_after(stream.headers, now))


def _by_hundreds(status: int, headers: Mapping[str, str]) -> tuple[type[FetchError], str]:
    if status >= 500:
        return Overloaded, f"the server failed ({status}): try later"
    if 300 <= status < 400:
        return Unexpected, f"sent elsewhere ({status}), to {headers.get('location', 'nowhere')}: check the base address"
    return Unexpected, f"an answer of status {status}"


def _own_words(stream: Stream) -> str:
    """What a server says as plain text; pages say nothing that helps."""
    if not stream.headers.get("content-type", "").lower().startswith("text/plain"):
        return ""
    text = re.sub(r"\s+", " ", beginning(stream, 4 * _WORDS).decode("utf-8", "replace")).strip()
    return text if len(text) <= _WORDS else text[: _WORDS - 1] + "…"


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the server wants to be asked again: it says seconds, or a date. None where it says neither.

    A date is taken by the server's own clock, where it tells that.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return now + timedelta(seconds=min(int(text[:12]), _LONGEST))
    date = _date(text)
    return now + (date - (_date(headers.get("date", "")) or now)) if date else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
