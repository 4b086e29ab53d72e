"""What stands in a cell or under a heading: text, lists and indented blocks, whatever page it was on.

Readers of pages and of saved text both produce this content, so that everything after them is shared. Long
fields leave as the registry's own markup: CommonMark with the escapes that API v2 writes (measured on its
records).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Text(NamedTuple):
    """One run of text, white space folded."""

    text: str


class Bullets(NamedTuple):
    """A list; each item is content of its own."""

    items: tuple[Content, ...]
    ordered: bool = False


class Inset(NamedTuple):
    """A block that stands indented under the text before it: a description under its name."""

    content: Content


Content = tuple["Text | Bullets | Inset", ...]

_ESCAPED = re.compile(r"([\\*\[\]<>^~&|]|(?<!\w)_|_(?!\w))")
_MAYBE_ESCAPED = re.compile(r"[\\*\[\]<>^~&|_]")  # searched for first: many times faster, and mostly not there
_LIKE_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LIKE_BULLET = re.compile(r"^([-+])(?=\s|$)")


def fold(text: str) -> str:
    """Fold all white space, no-break and figure spaces included, to single spaces."""
    text = text.strip()
    if text.isprintable() and "  " not in text:  # of all white space only the space is printable
        return text
    return " ".join(text.replace("\ufeff", " ").split())


def lines(content: Content) -> list[str]:
    """All lines of the content in order, lists and insets flattened."""
    return list(_lines(content))


def _lines(content: Content) -> Iterator[str]:
    for block in content:
        match block:
            case Text(text):
                yield text
            case Inset(inner):
                yield from _lines(inner)
            case Bullets(items):
                for item in items:
                    yield from _lines(item)


def line(content: Content) -> str:
    """The content as one line."""
    if len(content) == 1 and isinstance(content[0], Text):
        return fold(content[0].text)
    return fold(" ".join(_lines(content)))


def markdown(content: Content) -> str:
    """The content as the registry writes long text: paragraphs, `* ` and `1. ` lists, with its escapes."""
    return "\n\n".join(_blocks(content))


def _blocks(content: Content) -> Iterator[str]:
    for block in content:
        match block:
            case Text(text) if text:
                yield escape(text)
            case Inset(inner):
                yield from _blocks(inner)
            case Bullets(items, ordered):
                yield "\n".join(_items(items, ordered))
            case _:
                pass


def _items(items: tuple[Content, ...], ordered: bool) -> Iterator[str]:
    for number, item in enumerate(items, 1):
        marker = f"{number}. " if ordered else "* "
        body = "\n\n".join(_blocks(item))
        yield marker + body.replace("\n", "\n" + " " * len(marker)).replace("\n" + " " * len(marker) + "\n", "\n\n")


def escape(text: str) -> str:
    """Escape what CommonMark would take for markup, as API v2 does."""
    escaped = _ESCAPED.sub(r"\\\1", text) if _MAYBE_ESCAPED.search(text) else text
    if escaped[:1].isdigit():
        return _LIKE_NUMBER.sub(r"\1\\\2", escaped)
    return _LIKE_BULLET.sub(r"\\\1", escaped) if escaped[:1] in ("-", "+") else escaped
