"""What stands in a cell or under a heading: text, lists and indented blocks, whatever page it was on.

Readers of pages and of saved text both produce this content, so that everything after them is shared. Long
fields leave as the registry's own markup: CommonMark with the escapes that API v2 writes (measured on its
records).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ctgov_ingest.sources.memory import Memory

Text = str
"""One run of text, white space folded."""


class Bullets(NamedTuple):
    """A list; each item is content of its own."""

    items: tuple[Content, ...]
    ordered: bool = False


class Inset(NamedTuple):
    """A block that stands indented under the text before it: a description under its name."""

    content: Content


Content = tuple["str | Bullets | Inset", ...]

_ESCAPED = ("\\", *"*[]<>^~&|")
_LINE_UNDER = re.compile(r"(?<!\w)_|_(?!\w)")
_LIKE_ITEM = re.compile(r"(?:\d{1,9}(?=[.)])|(?=[-+])).(?=\s|$)")


def fold(text: str) -> str:
    """Fold all white space, no-break and figure spaces included, to single spaces."""
    text = text.strip()
    if "\n" in text:
        text = " ".join([part.strip() for part in text.split("\n")])
    if text.isprintable():  # of all white space only the space is
        while "  " in text:
            text = text.replace("  ", " ")
        return text
    return " ".join(text.replace("\ufeff", " ").split())


def lines(content: Content) -> list[str]:
    """All lines of the content in order, lists and insets flattened."""
    found: list[str] = []
    for block in content:
        if isinstance(block, Text):
            found.append(block)
        elif isinstance(block, Inset):
            found += lines(block.content)
        else:
            for item in block.items:
                found += lines(item)
    return found


def line(content: Content) -> str:
    """The content as one line."""
    if len(content) == 1 and isinstance(content[0], Text):
        return content[0]
    return fold(" ".join(lines(content))) if content else ""


def markdown(content: Content) -> str:
    """The content as the registry writes long text: paragraphs, `* ` and `1. ` lists, with its escapes."""
    return "\n\n".join(_paragraphs(content))


def _paragraphs(content: Content) -> list[str]:
    found: list[str] = []
    for block in content:
        if isinstance(block, Text):
            if block:
                found.append(ESCAPED[block])
        elif isinstance(block, Inset):
            found += _paragraphs(block.content)
        else:
            found.append("\n".join([_item(item, block.ordered, at) for at, item in enumerate(block.items, 1)]))
    return found


def _item(item: Content, ordered: bool, number: int) -> str:
    marker = f"{number}. " if ordered else "* "
    if len(item) == 1 and isinstance(item[0], Text):
        return marker + ESCAPED[item[0]]
    body = markdown(item)
    if "\n" in body:
        indent = "\n" + " " * len(marker)
        body = body.replace("\n", indent).replace(indent + "\n", "\n\n")
    return marker + body


def escape(text: str) -> str:
    """Escape what CommonMark would take for markup, as API v2 does."""
    return escape_start(escape_signs(text))


ESCAPED = Memory(escape, 1 << 12)
"""The same, remembered."""


def escape_signs(text: str) -> str:
    """Escape the signs that mean something wherever they stand, in a text of any number of lines."""
    for sign in _ESCAPED:
        if sign in text:
            text = text.replace(sign, "\\" + sign)
    return _LINE_UNDER.sub(r"\\_", text) if "_" in text else text


def escape_start(text: str) -> str:
    """Escape what would begin a list at the start of a paragraph."""
    found = _LIKE_ITEM.match(text)
    return f"{text[: found.end() - 1]}\\{text[found.end() - 1 :]}" if found else text
