"""What makes a body whole, by kind: each reader takes the bytes of an answer, and raises where they have no end.

A cut body often comes without any error: a connection that closes early looks like one that is done, and unpackers pass
over a missing trailer. The last word is with the content itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from ctgov_ingest import jsontext

T = TypeVar("T")

Whole = Callable[[bytes], T]
"""Reads a body to its end and gives what it found. Raises Cut or Strange."""


class Cut(ValueError):
    """A body that does not go to its end."""


class Strange(ValueError):
    """A body of another kind than was asked for."""


_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{1,200})", re.IGNORECASE)
_END_OF_PAGE = re.compile(rb"</html\s*>", re.IGNORECASE)
_TAIL = 16 * 1024
"""How far from its end a page closes: some servers add comments and scripts of their own behind it."""


def json_value(body: bytes) -> Any:
    """JSON to its end, decoded."""
    if body.lstrip()[:1] == b"<":
        raise Strange(f"a page where JSON was asked for{_titled(body)}")
    try:
        return jsontext.loads(body)
    except jsontext.NotJson as error:
        raise Cut(f"expected JSON to its end: {error}") from error


def html_page(body: bytes) -> bytes:
    """A page with its closing tag."""
    if not _END_OF_PAGE.search(body[-_TAIL:]):
        raise Cut("expected a page up to its </html>")
    return body


def anything(body: bytes) -> bytes:
    """A body that only its transport can show to be whole."""
    return body


def _titled(body: bytes) -> str:
    found = _TITLE.search(body[:_TAIL])
    return f" ({found[1].decode('utf-8', 'replace').strip()})" if found else ""
