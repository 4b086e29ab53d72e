"""Eligibility text into logical lines: markers taken off, hard-wrapped lines joined, escapes undone.

The registry writes criteria as markdown today and wrote them as plain text, wrapped at a fixed width, before.
Both come out here as lines of their own right, each with its column and the shape of its marker.
Every pattern is anchored and bounded, so the time is linear in the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ctgov_ingest.study.criteria_headings import Sort, heading_of

_CIRCLED = "①-⑳"
_DOTS = "•·●○◦▪■□►‣⁃∙➢✓✔°"
_END = r"(?:\\?[.)、．）]){1,2}"

# A marker at the start of a line, with the blanks behind it. The order decides.
_MARKER = re.compile(
    "|".join(
        (
            r"\\?-(?:\\?-){1,5}\s*",  # -- and ---, glued or not
            r"\\?-(?=\s|[^\W\d_]|[<>≥≤]|\\[<>]|$)\s*",  # -, but not the minus of a number
            r"[–—](?!\d)\s*",
            r"\\?[*+](?:\s+|$)",
            r"\*(?=[^\W_])(?=[^*]*$)",  # *glued, when it cannot be emphasis
            rf"[{_DOTS}]\s*",
            rf"[{_CIRCLED}]\s*",
            r"o\s+",
            r"\(\d{1,3}\\?\)\s*",
            rf"\d{{1,3}}{_END}(?:\s+|$|(?=[^\W\d_]))",
            r"\([a-zA-Z]\\?\)\s+",
            r"[a-z](?:\\?[.)）]){1,2}\s+",
            r"[a-zA-Z]\\?\)(?:\s+|(?=\w))",
            r"[A-Z]\\?\.\s+(?![a-z])",  # A. Patients, but not E. coli
            r"\(?[ivx]{2,5}\\?[.)]\s+",
            r"\(?[IVX]{2,5}\\?[.)]\s+",
        )
    )
)
_SHAPES = ((re.compile(r"\d+"), "1"), (re.compile(r"[a-z]+"), "a"), (re.compile(r"[A-Z]+"), "A"))
_CIRCLE = re.compile(f"[{_CIRCLED}]")

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(?<![\\\w])\*\*(?=\S)([^*]+)\*\*(?!\w)")
_ENTITY = re.compile(r"&(?:amp;){0,3}(amp|lt|gt|quot|nbsp|#39|#160);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " ", "#39": "'", "#160": " "}
_WORD = re.compile(r"[^\W_]")
_RULE = frozenset("-*_=~.|\\+• \t")

_NARROWEST, _WIDEST = 50, 132  # a hard wrap has a width between these
_SURE = 4  # so many breaks at one width are no chance


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line: its column, its marker's shape ("" for none), its text without the marker."""

    indent: int
    marker: str
    text: str
    gap: bool = True  # a blank line stands before it


def readable(text: str) -> str:
    """Undo markdown escapes, strong emphasis and the few entities that the registry leaves in its texts."""
    plain = _ESCAPED.sub(r"\1", _STRONG.sub(r"\1", text))
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], plain).strip()


def take_marker(text: str) -> tuple[str, str]:
    """Shape of the first marker ("" for none), and the text behind it and others: `* 15\\. x` has two."""
    shape, rest = _one_marker(text)
    for _ in range(2 if shape else 0):
        rest = _one_marker(rest)[1] or rest
    return shape, rest


def _one_marker(text: str) -> tuple[str, str]:
    if found := _MARKER.match(text):
        return _shape(found[0]), text[found.end() :]
    return "", text


def _shape(marker: str) -> str:
    """`12.` and `3\\.` have the shape `1.`; letters and roman numerals share theirs."""
    shape = _CIRCLE.sub("①", marker.replace("\\", "").strip())
    if shape == "o":
        return shape
    for pattern, sign in _SHAPES:
        shape = pattern.sub(sign, shape)
    return shape


@dataclass(frozen=True, slots=True)
class _Raw:
    """One line as it stands, without its indent."""

    indent: int
    body: str
    gap: bool
    marked: bool
    heads: bool

    @property
    def end(self) -> int:
        return self.indent + len(self.body)


def _raw_lines(text: str) -> Iterator[_Raw]:
    gap = True
    for line in text.expandtabs(4).splitlines():
        body = line.strip()
        if body and not _RULE.issuperset(body):
            marked = bool(_one_marker(body)[0])
            yield _Raw(len(line) - len(line.lstrip()), body, gap, marked, not marked and _heads(body))
            gap = False
        else:
            gap = True


def _heads(body: str) -> bool:
    """Whether a line is a title from end to end: then it never goes on with the line above it."""
    heading = heading_of(readable(body), False) if body[0].isupper() and "clusion" in body.lower() else None
    return heading is not None and heading.sort is Sort.TITLE and not heading.rest


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How a text is wrapped: its width (0: not at all), how often, and whether list items stand apart."""

    width: int
    seen: int
    loose: bool

    def broke(self, line: _Raw, following: _Raw) -> bool:
        """Whether the break between two lines is the wrap's doing: the next word would not have fitted."""
        return bool(self.width) and _overflow(line, following) > self.width


def _overflow(line: _Raw, following: _Raw) -> int:
    return line.end + 1 + len(following.body.split(maxsplit=1)[0])


def _wrap_of(lines: Sequence[_Raw]) -> _Wrap:
    pairs = [pair for pair in pairwise(lines) if not (pair[1].gap or pair[1].marked or pair[1].heads)]
    width = max((line.end for line, _ in pairs), default=0)
    broken = sum(_overflow(*pair) > width for pair in pairs)
    wrapped = _NARROWEST <= width <= _WIDEST and broken * 10 >= len(pairs) * 7
    marked = [line.gap for line in lines if line.marked]
    return _Wrap(width if wrapped else 0, broken, sum(marked) * 10 >= len(marked) * 8)


def _continues(item: _Raw, line: _Raw, following: _Raw, wrap: _Wrap) -> bool:
    """Whether a line goes on with the item above it, whose last line is `line`."""
    if following.gap or following.heads:
        return False
    if wrap.broke(line, following) and (wrap.seen >= _SURE or not _starts_anew(item, line, following)):
        return wrap.loose or not following.marked
    if following.marked or not item.marked:
        return False
    return following.indent > item.indent or _runs_on(line.body, following.body)


def _starts_anew(item: _Raw, line: _Raw, following: _Raw) -> bool:
    """Whether a line looks like a new one, where the text shows too few breaks to tell a wrap from chance."""
    outside = item.marked and following.indent <= item.indent
    return following.body[0].isupper() and (outside or line.body[-1] in ".;:")


def _runs_on(above: str, below: str) -> bool:
    return below[0].islower() and above[-1] not in ".;:"


def logical_lines(text: str) -> Iterator[Line]:
    """The text's lines, continuations joined, markers taken off. Rules and empty bullets fall away."""
    lines = list(_raw_lines(text))
    wrap = _wrap_of(lines)
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or not _continues(lines[start], lines[at - 1], lines[at], wrap):
            yield from _joined(lines[start:at])
            start = at


def _joined(lines: Sequence[_Raw]) -> Iterator[Line]:
    if lines:
        yield from as_lines(" ".join(line.body for line in lines), lines[0].indent, lines[0].gap)


def as_lines(body: str, indent: int, gap: bool = True) -> Iterator[Line]:
    """The line that a body makes; none for a body without anything to read."""
    marker, rest = take_marker(body)
    if rest.strip():
        yield Line(indent, marker, rest.strip(), gap)
    elif _WORD.search(body):
        yield Line(indent, "", body.strip(), gap)


def in_line_list(line: Line) -> Iterator[Line]:
    """An item list run together in one line (`- One thing - Another`, `1) this 2) that`), one line each."""
    marker, text = take_marker(line.text)
    starts = _starts(marker, text)
    if not starts:
        yield from as_lines(line.text, line.indent, line.gap)
        return
    yield from _present(replace(line, marker=marker, text=text[: starts[0]].strip()))
    for begin, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield from as_lines(text[begin:end].strip(), line.indent)


def _present(line: Line) -> Iterator[Line]:
    if line.text:
        yield line


_SIGNS = {"-": re.compile(r"(?<!\d )- (?=[A-Z])"), "*": re.compile(r"\* (?=\S)"), "•": re.compile("•")}


def _starts(marker: str, text: str) -> list[int]:
    if marker in _SIGNS:
        return [found.start() for found in _SIGNS[marker].finditer(text) if found.start()]
    return _counted(text) if "1" in marker else []


_NUMBER = re.compile(r"(?<=\s)\(?(\d{1,3})\\?[.)](?=\s|[^\W\d_])")


def _counted(text: str) -> list[int]:
    """Where ` 2.`, ` 3.` and so on stand, in order, after a `1.`."""
    starts: list[int] = []
    for found in _NUMBER.finditer(text):
        if int(found[1]) == len(starts) + 2:
            starts.append(found.start())
    return starts
