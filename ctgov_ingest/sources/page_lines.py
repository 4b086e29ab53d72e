"""Lines of a page saved as text: what a line is, and the cells, paragraphs, lists and outcomes that lines
make.
"""

from __future__ import annotations

import re

from ctgov_ingest.sources.content import Bullets, Content, Inset, Text, fold
from ctgov_ingest.sources.pieces import Role
from ctgov_ingest.sources.study_labels import ARM_HEADINGS, SUMMARY_HEADING, label_key
from ctgov_ingest.values.phrases import split_intervention

_BULLET = re.compile(r"(?P<indent>\s*)(?:[-*+•]|(?P<number>\d{1,3})[.)])\s+(?P<text>\S.*)")
_HEADING = re.compile(r"#{1,6}\s+")
_ROLE_ROW = re.compile(
    r"(?:Principal Investigator|Study Chair|Study Director|Sub-Investigator)\s*:?\s*\|\s*[^|\s]",
    re.IGNORECASE,
)
_BORDERS = "|:=-"


def bare(line: str) -> str:
    """A line without the marks of a heading, of bold, or of a cell's end."""
    text = _HEADING.sub("", line.strip(), count=1) if line.lstrip().startswith("#") else line
    return text.replace("**", "").replace("__", "").strip().removesuffix("|").strip()


def cells(line: str) -> list[str]:
    """The cells of a line, without the empty ones at its end."""
    found = [cell.strip() for cell in line.split("|")]
    while found and not found[-1]:
        found.pop()
    return found


def is_rule(line: str) -> bool:
    """Whether a line is drawn: dashes or equals signs, with the borders of cells."""
    return ("---" in line or "===" in line) and not line.strip().strip(_BORDERS + " \t")


def is_item(line: str) -> bool:
    """Whether a line is a list item."""
    return _BULLET.fullmatch(line) is not None


def is_official(line: str) -> bool:
    """Whether a line is a row of investigators: a role in a cell of its own, and a name beside it."""
    return _ROLE_ROW.match(line.strip()) is not None


def is_outcome(line: str) -> bool:
    """Whether a line is an item with a time frame."""
    return _BULLET.fullmatch(line) is not None and "[ Time Frame:" in fold(line)


def item_text(line: str) -> str:
    """The text of a list item without its marker; any other line as it is."""
    found = _BULLET.fullmatch(line)
    return found["text"] if found else line.strip()


def table_head(line: str) -> Role | None:
    """What table a line of headings begins."""
    head, border, _rest = line.partition("|")
    first = label_key(head) if border else ""
    if first == SUMMARY_HEADING:
        return Role.SUMMARY
    return Role.ARMS if first in ARM_HEADINGS else None


def cell_content(text: str) -> Content:
    """A cell over lines: a name, and what stands below it; a new name begins with a type of intervention."""
    blocks: list[Text | Inset] = []
    below: list[str] = []
    for line in [line for line in text.split("\n") if line.strip()]:
        if not blocks or split_intervention(bare(line))[0]:
            blocks += [Inset(paragraphs(below))] if below else []
            below = []
            blocks.append(Text(fold(line)))
        else:
            below.append(line)
    return (*blocks, *([Inset(paragraphs(below))] if below else []))


def paragraphs(lines: list[str]) -> Content:
    """Lines to paragraphs and lists; a deeper indent is a list in the item above it."""
    blocks: list[Text | Bullets] = []
    items: list[tuple[int, bool, str]] = []
    for line in lines:
        found = _BULLET.fullmatch(line)
        if found:
            items.append((len(found["indent"].expandtabs(4)), found["number"] is not None, found["text"]))
        elif items and line.strip() and line[:1].isspace():
            indent, ordered, text = items[-1]
            items[-1] = (indent, ordered, f"{text} {line.strip()}")
        elif line.strip():
            blocks += [*_lists(items), Text(fold(bare(line)))]
            items = []
    return (*blocks, *_lists(items))


def _lists(items: list[tuple[int, bool, str]]) -> list[Bullets]:
    """Items with their indents to lists; each run of deeper items belongs to the item before it."""
    if not items:
        return []
    level, ordered, _text = items[0]
    entries: list[tuple[str, list[tuple[int, bool, str]]]] = []
    for item in items:
        if item[0] > level and entries:
            entries[-1][1].append(item)
        else:
            entries.append((item[2], []))
    return [Bullets(tuple((Text(fold(text)), *_lists(inner)) for text, inner in entries), ordered)]


_NUMBER = re.compile(r"\W{0,3}(\d{1,3})[.)]\s")


def one_list(lines: list[str]) -> list[str]:
    """The lines of the first of several lists: an item of no following number, or one below a heading that nobody
    knows, is of another.
    """
    before, start, last = "", 0, 0
    for at, line in enumerate(lines):
        if is_outcome(line):
            found = _NUMBER.match(line)
            number = int(found[1]) if found else last + 1
            if last and (number != last + 1 or before.endswith(":")):
                return lines[:start]
            last = number
        if line.strip():
            before, start = line.strip(), at
    return lines


def outcome_items(lines: list[str]) -> list[Content]:
    """A list item an outcome; what follows is its description, lists too where outcomes have time frames."""
    framed = any(is_outcome(line) for line in lines)
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        found = _BULLET.fullmatch(line)
        if found and (not items or (is_outcome(line) if framed else not found["indent"])):
            items.append((found["text"], []))
        elif line.strip() and items:
            items[-1][1].append(line)
        elif line.strip():
            items.append((line.strip(), []))
    return [(Text(fold(text)), *((Inset(paragraphs(below)),) if below else ())) for text, below in items]
