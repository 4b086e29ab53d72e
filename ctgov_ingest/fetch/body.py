"""The body of an answer as it comes in: unpacked, within a limit, and checked to have come to its end."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any

from ctgov_ingest.errors import FetchError, TooLarge
from ctgov_ingest.fetch.stream import Stream
from ctgov_ingest.fetch.whole import Cut, Strange

_GZIP = ("gzip", "x-gzip")
_PLAIN = ("", "identity")
_WITH_HEADER = 31
"""Tells zlib to expect the header and the trailer of gzip."""


class Body:
    """Takes the bytes of a body as they were sent. Raises TooLarge, Cut or Strange."""

    def __init__(self, headers: Mapping[str, str], largest: int) -> None:
        packing = _packing(headers)
        if packing not in (*_GZIP, *_PLAIN):
            raise Strange(f"a body packed as {packing}, which was not asked for")
        self._member = _gzip() if packing in _GZIP else None
        self._length = content_length(headers)
        self._largest = largest
        self._out = BytesIO()
        self.received = 0

    def take(self, sent: bytes) -> None:
        """The next bytes, as they were sent."""
        self.received += len(sent)
        if self._member is None:
            self._keep(sent)
        else:
            self._member = self._unpack(self._member, sent)

    def _unpack(self, member: Any, sent: bytes) -> Any:
        """Unpack; gives the member that is under way, as a body may be several, one behind the other."""
        while sent:
            member = _gzip() if member.eof else member
            try:
                self._keep(member.decompress(sent, self._left()))
            except zlib.error as error:
                raise Cut(f"the packed body is damaged: {error}") from error
            sent = member.unconsumed_tail or member.unused_data
        return member

    def _left(self) -> int:
        """One byte more than may come: what fills it is too large."""
        return self._largest - self._out.tell() + 1

    def _keep(self, data: bytes) -> None:
        left = self._left()
        self._out.write(data[:left])
        if len(data) >= left:
            raise TooLarge(f"expected at most {self._largest:,} bytes, found more")

    def so_far(self) -> bytes:
        """What came."""
        return self._out.getvalue()

    def finish(self) -> bytes:
        """The whole body. Raises Cut where its end never came."""
        if self._length is not None and self.received != self._length:
            raise Cut(f"expected {self._length:,} bytes, received {self.received:,}")
        if self._member is not None and not self._member.eof:
            raise Cut(f"the packed body ends before its end, after {self.received:,} bytes")
        return self.so_far()  # gives its buffer away: no second copy


def gathered(stream: Stream, largest: int) -> bytes:
    """The whole body of an answer. Raises TooLarge, Cut or Strange."""
    body = Body(stream.headers, largest)
    for chunk in stream.chunks:
        body.take(chunk)
    return body.finish()


def beginning(stream: Stream, length: int) -> bytes:
    """What an answer begins with, as far as it can be read: a refusal is one, whole or not."""
    try:
        body = Body(stream.headers, length)
    except Strange:
        return b""
    with suppress(Cut, TooLarge, FetchError):
        for chunk in stream.chunks:
            body.take(chunk)
    return body.so_far()


def _gzip() -> Any:  # the type of zlib's objects has no public name
    return zlib.decompressobj(_WITH_HEADER)


def is_plain(headers: Mapping[str, str]) -> bool:
    """Whether a body is sent as it is."""
    return _packing(headers) in _PLAIN


def _packing(headers: Mapping[str, str]) -> str:
    return headers.get("content-encoding", "").lower().strip()


def content_length(headers: Mapping[str, str]) -> int | None:
    """The length that an answer announces, when it does."""
    text = headers.get("content-length", "").strip()
    return int(text) if text.isascii() and text.isdigit() and "transfer-encoding" not in headers else None
