"""Plain text of old records to content: their lines, where a dash or a number and an indent make lists.

The archive shows long texts as the sponsors typed them: a line an item, indented by no-break spaces on pages and by
spaces in XML, which whoever reads it makes no-break ones too. So lines come as they stand, and are folded here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from ctgov_ingest.sources.content import Bullets, Content, Text, fold
from ctgov_ingest.sources.memory import Memory
from ctgov_ingest.values.signs import plain as unprinted

NO_BREAK = "\u00a0"
"""A space that is no mere white space: it indents a line, and holds the parts of one apart."""

_SPACE = rf"[^\S{NO_BREAK}]"
_ITEM = re.compile(
    rf"(?:(?:--?|[•·*+=]){_SPACE}+(?=[\S{NO_BREAK}])|[-•·]{_SPACE}*(?=[^\W\d])"
    rf"|\(?(?P<number>\d{{1,3}})[.)]{_SPACE}+(?=[\S{NO_BREAK}]))"
)
_GAP = re.compile(rf"{_SPACE}*(?:{NO_BREAK}{_SPACE}*){{2,}}")
_DEEPEST = 20
"""Lists do not nest deeper than this; deeper indents count as this deep."""


def plain(text: str) -> str:
    """A text with its white space folded, with plain quotes and dashes as in today's records."""
    return fold(text if text.isascii() else unprinted(text))


PLAIN = Memory(plain, 1 << 12)
"""The same, remembered."""


def apart(text: str) -> list[str]:
    """The parts of a text between gaps: two and more no-break spaces in a row."""
    return [part for part in (plain(part) for part in _GAP.split(text)) if part]


def listed(lines: Sequence[str], *, wrapped: bool = False) -> Content:
    """Lines to content: each is a paragraph, or an item of a list that nests by its indent.

    `wrapped`: a line that is no item goes on the one before it, up to an empty line.
    """
    read = [_LINES[line] for line in lines]
    if len(read) == 1 and read[0].number is None:
        return (read[0].whole,) if read[0].whole else ()
    if wrapped:
        read = _unwrapped(read)
    return tuple(_blocks([line for line in read if line.whole], 0))


class _Line:
    """A line: as it came, how far in it stands, the number of an item (0 for a dash, None for no item), its text."""

    __slots__ = ("indent", "line", "number", "text", "whole")

    def __init__(self, line: str) -> None:
        self.line = line
        bare = line.lstrip()
        self.whole = self.text = whole = plain(bare)
        self.indent = 0
        self.number: int | None = None
        plainly = bare.isascii()  # nothing but white space differs from the whole then
        if not whole[:1].isalpha() and (found := _ITEM.match(whole if plainly else bare)):
            self.number = int(found["number"] or 0)
            self.text = whole[found.end() :] if plainly else plain(bare[found.end() :])
            self.indent = line.count(NO_BREAK, 0, len(line) - len(bare)) + whole.startswith("-- ")


_LINES = Memory(_Line, 1 << 12)
"""Lines that were looked at: most stand in several versions of a study."""


def _unwrapped(lines: Sequence[_Line]) -> list[_Line]:
    joined: list[_Line] = []
    goes_on = False
    for line in lines:
        if goes_on and line.whole and line.number is None:
            joined[-1] = _LINES[f"{joined[-1].line} {line.line}"]
        else:
            joined.append(line)
        goes_on = bool(line.whole)
    return joined


def _blocks(lines: Sequence[_Line], depth: int) -> list[Text | Bullets]:
    blocks: list[Text | Bullets] = []
    at = 0
    while at < len(lines):
        first = lines[at]
        if first.number is None or first.number > 1:
            blocks.append(first.whole)
            at += 1
            continue
        items = _items(lines, at, depth)
        at += sum([len(item) for item in items])
        contents = [(item[0].text, *(_blocks(item[1:], depth + 1) if len(item) > 1 else ())) for item in items]
        blocks.append(Bullets(tuple(contents), ordered=bool(first.number)))
    return blocks


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
