"""What goes through the server: a request as it came, an answer before it is on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

import orjson


@dataclass(frozen=True, slots=True)
class Request:
    """A request: `headers` by lower-case name, in the order in which they came."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path, without the query string."""
        return urlsplit(self.target).path

    @property
    def params(self) -> list[tuple[str, str]]:
        """The parameters in their order."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    def param(self, name: str, default: str = "") -> str:
        """One parameter; of several of a name the first."""
        return next((value for key, value in self.params if key == name), default)


@dataclass(frozen=True, slots=True)
class Wire:
    """How an answer is put on the wire.

    `framing`: by Content-Length, chunked, or by the end of the connection. `declared`: the length to declare in place
    of the true one. `cut`: so many bytes of the body are sent, then the connection ends (`reset`: by a reset).
    `drip`: bytes at a time, and seconds between them.
    """

    framing: Literal["length", "chunked", "close"] = "length"
    declared: int | None = None
    cut: int | None = None
    reset: bool = False
    drip: tuple[int, float] | None = None

    @property
    def ends(self) -> bool:
        """Whether the connection ends with the answer."""
        return self.framing == "close" or self.declared is not None or self.cut is not None or self.reset


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers and a body. `remarks`: what the registry would never say, for the log."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wire: Wire = Wire()
    remarks: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """One header, or an empty text."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


JSON = "application/json"
TEXT = "text/plain;charset=UTF-8"
HTML = "text/html;charset=UTF-8"


def json_answer(value: object, status: int = 200) -> Answer:
    """An answer of JSON."""
    return Answer(status, orjson.dumps(value), {"Content-Type": JSON})


def text_answer(status: int, text: str) -> Answer:
    """An answer of plain text, as the registry's errors are."""
    return Answer(status, text.encode(), {"Content-Type": TEXT})


def html_answer(status: int, text: str) -> Answer:
    """A page."""
    return Answer(status, text.encode(), {"Content-Type": HTML})
