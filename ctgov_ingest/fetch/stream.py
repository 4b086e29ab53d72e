"""What a transport gives: an answer whose body is still to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

CHUNK = 64 * 1024
"""The most bytes that come at a time."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer: `headers` by names in lower case, `chunks` as they were sent; they raise Unreachable or Incomplete."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


class Transport(Protocol):
    """A way to make one request."""

    def open(self, url: str, headers: Mapping[str, str], limit: float) -> AbstractContextManager[Stream]:
        """Ask; the body has `limit` seconds. Raises Unreachable, Incomplete, or Unexpected for what is no address."""

    def close(self) -> None:
        """Let go of connections."""
