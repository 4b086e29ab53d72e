"""Text of the legacy XML as the registry's markup.

Long texts are wrapped and indented there; paragraphs and items stand between blank lines, items behind a
marker (`-  `, ` 1. `), and the further in they stand the deeper they nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctgov_ingest.sources.content import escape_signs, escape_start, fold
from ctgov_ingest.values.signs import plain

_BETWEEN = re.compile(r"\n[ \t]*(?=\n)")
_WRAPPED = re.compile(r"\s*?\n {4}")
_ITEM = re.compile(r" *(?:(-)  |(\d{1,3}[.)]) )\s*(?=\S)")


def words(text: str) -> str:
    """A text of one line: white space folded, plain quotes and dashes."""
    if text.isascii() and text.isprintable() and "  " not in text:  # as by far the most are
        return text.strip(" ")
    return plain(fold(text))


def markup(text: str) -> str:
    """A text as markdown: paragraphs, and lists with their nesting."""
    text = escape_signs(plain(text))
    if "\n" not in text:
        return escape_start(fold(text))
    text = text.replace("\r", "")
    if not _WRAPPED.match(text):
        text = text.replace("\n", "\n\n")  # each line is a paragraph
    return "".join(_parts(text)).lstrip("\n")


def _parts(text: str) -> Iterator[str]:
    """The blocks as markdown, each behind what stands between it and the one before; signs are escaped already."""
    levels: list[tuple[int, int]] = []
    """For each list that is open: the column of its text in the XML, and that in the markdown."""
    for block in _BETWEEN.split("\n" + text):
        block = block.lstrip("\n")
        item = _ITEM.match(block)
        if item is None:
            levels.clear()
            words = fold(block)
            yield "\n\n" + escape_start(words) if words else ""
            continue
        column, depth = item.end(), len(levels)
        while levels and levels[-1][0] >= column:
            levels.pop()
        indent = levels[-1][1] if levels else 0
        marker = "* " if item[1] else f"{item[2]} "
        levels.append((column, indent + len(marker)))
        between = "\n" if len(levels) <= depth else "\n\n"
        yield f"{between}{' ' * indent}{marker}{escape_start(fold(block[column:]))}"
