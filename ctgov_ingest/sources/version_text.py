"""Plain text of old records to content: their lines, where a dash or a number and an indent make lists.

The archive shows long texts as the sponsors typed them: a line an item, indented by no-break spaces on pages and by
spaces in XML. Folding white space would lose both, so they are marked before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ctgov_ingest.sources.content import Bullets, Content, Text, fold
from ctgov_ingest.values.signs import plain as unprinted

MARK = "\ufdd0"
"""Stands for a space that is not to be folded. It is no character of Unicode's, so that no text has it."""

_EMPTY_LINE = "\ufdd1"
"""Stands for an empty line."""

_BETWEEN_BREAKS = re.compile(r"(<br ?/?>)[ \t\r\n]{0,100}(?=<br)", re.IGNORECASE)
_ITEM = re.compile(r"(?:(?:--?|[•·*+=])\s+(?=\S)|[-•·]\s*(?=[^\W\d])|\(?(?P<number>\d{1,3})[.)]\s+(?=\S))")
_GAP = re.compile(rf"\s*(?:{MARK}\s*){{2,}}")
_DEEPEST = 20
"""Lists do not nest deeper than this; deeper indents count as this deep."""


def with_empty_lines(text: str) -> str:
    """The text of a page with its empty lines marked."""
    return _BETWEEN_BREAKS.sub(rf"\1{_EMPTY_LINE}", text)


def marked(text: str) -> str:
    """A run of text with its no-break spaces marked, other white space folded."""
    return fold(text.replace("\u00a0", MARK) if "\u00a0" in text else text)


def plain(text: str) -> str:
    """A text without marks, white space folded, with plain quotes and dashes as in today's records."""
    if not text.isascii():
        text = unprinted(text.replace(MARK, " ").replace(_EMPTY_LINE, " "))
    return fold(text)


def apart(text: str) -> list[str]:
    """The parts of a text between gaps: two and more no-break spaces in a row."""
    return [part for part in (plain(part) for part in _GAP.split(text)) if part]


def listed(lines: Sequence[str], *, wrapped: bool = False) -> Content:
    """Lines to content: each is a paragraph, or an item of a list that nests by its indent.

    `wrapped`: a line that is no item goes on the one before it, up to an empty line.
    """
    if wrapped:
        lines = _unwrapped(lines)
    return tuple(_blocks([line for line in map(_Line, lines) if line.whole], 0))


def _unwrapped(lines: Sequence[str]) -> list[str]:
    joined: list[str] = []
    goes_on = False
    for line in lines:
        filled = bool(plain(line))
        if goes_on and filled and _Line(line).number is None:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        goes_on = filled
    return joined


class _Line:
    """A line: how far in it stands, the number of an item (0 for a dash, None for no item), its text."""

    def __init__(self, line: str) -> None:
        bare = line.lstrip(MARK + " ")
        self.indent = line[: len(line) - len(bare)].count(MARK) + bare.startswith("-- ")
        found = _ITEM.match(bare)
        self.number = int(found["number"] or 0) if found else None
        self.whole = plain(bare)
        self.text = plain(bare[found.end() :]) if found else self.whole


def _blocks(lines: Sequence[_Line], depth: int) -> Iterator[Text | Bullets]:
    at = 0
    while at < len(lines):
        first = lines[at]
        if first.number is None or first.number > 1:
            yield Text(first.whole)
            at += 1
            continue
        items = _items(lines, at, depth)
        at += sum(len(item) for item in items)
        contents = tuple((Text(item[0].text), *_blocks(item[1:], depth + 1)) for item in items)
        yield Bullets(contents, ordered=bool(first.number))


def _items(lines: Sequence[_Line], start: int, depth: int) -> list[list[_Line]]:
    """The lines of each item of the list that starts here: the item's own, then those that stand further in."""
    first = lines[start]
    margin = first.indent
    items: list[list[_Line]] = []
    for line in islice(lines, start, None):
        wanted = len(items) + 1 if first.number else 0
        if line.number is None:
            break
        if items and line.indent > margin and depth < _DEEPEST:
            items[-1].append(line)
        elif line.number == wanted and (line.indent == margin or depth in (0, _DEEPEST)):
            items.append([line])
            margin = line.indent
        else:
            break
    return items or [[first]]
