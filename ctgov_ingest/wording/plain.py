"""Text that a terminal can be given. It acts on control characters; records and file names are not to be trusted."""

from __future__ import annotations

import re

_SPACES = re.compile(r"[\t\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f"  # what terminals act on, line feed aside
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of what follows
    r"\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"  # what is not seen, or no character at all
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_IN_JSON = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def plain(value: object) -> str:
    """A value as text without control characters; lines are kept."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _SPACES.sub(" ", str(value).replace("\r\n", "\n"))))


def one_line(value: object) -> str:
    """The same on one line."""
    return plain(value).replace("\n", " ")


def plain_json(text: str) -> str:
    """JSON in which such characters stand as escapes, and which no reader splits at another than a line feed."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
