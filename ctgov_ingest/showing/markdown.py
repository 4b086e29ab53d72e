"""A diff as markdown, as GitHub reads it: nothing in a value is taken for markup, a mention or a reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ctgov_ingest.showing.model import Diff, Entry, Pieces, Row, Section, text_of

_SIGNS: Final = re.compile(r"[\\`*_\[\]~|$]|^(?:[-+=#]|\d+(?=[.)]))|:(?=[\w+-]+:)")
"""What is markup anywhere, at the start of a text, or, as GitHub has it, around the name of a picture."""

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_REFERENCE: Final = re.compile(r"(?<![\w.])@(?=\w)|#(?=\d)|\bGH-(?=\d)")
"""Before what GitHub takes for a person or an issue."""

_APART: Final = "<!-- -->"
_OPS: Final = {"added": " added", "removed": " removed", "changed": "", "moved": ""}


def as_markdown(diff: Diff) -> str:
    """The diff in markdown; ends with a line feed."""
    return "\n".join(_lines(diff)) + "\n"


def _lines(diff: Diff) -> Iterator[str]:
    yield f"## {escaped(diff.nct_id)}: {escaped(diff.title)}"
    yield f"\n{escaped(str(diff.old))} → {escaped(str(diff.new))}"
    if diff.note:
        yield f"\n{escaped(diff.note)}"
    if not diff:
        yield "\nNothing changed."
    if diff.happenings:
        yield ""
    yield from (f"- {escaped(one.text)}{_author(one.by)}" for one in diff.happenings)
    for section in diff.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    of_registry = section.by == "registry"
    yield f"\n### {escaped(section.title)}{_author('registry') if of_registry else ''}\n"
    for entry in section.entries:
        yield from _entry(entry, "" if of_registry else _author(entry.by))


def _entry(entry: Entry, author: str) -> Iterator[str]:
    after = f"{f', {escaped(entry.note)}' if entry.note else ''}{author}"
    head = f"- **{escaped(entry.head)}**"
    if entry.only is not None:
        yield f"{head}{_OPS[entry.op]}: {_value(entry.only)}{after}"
    elif entry.listed:
        yield f"{head}: {escaped(entry.listed)}{after}"
        return
    else:
        yield f"{head}{after}"
        yield from (f"  - {_labelled(row)}" for row in entry.rows)
    yield from (f"  - {escaped(name)}" for name in entry.names)


def _labelled(row: Row) -> str:
    return f"{escaped(row.label)}{_OPS[row.op]}: {_value(row)}" if row.label else f"{_value(row)}{_OPS[row.op]}"


def _value(row: Row) -> str:
    note = f" ({escaped(row.note)})" if row.pieces and row.note else escaped(row.note)
    if row.is_short:
        return (
            f"{escaped(text_of(row.old))} → {escaped(text_of(row.new))}{f', {escaped(row.note)}' if row.note else ''}"
        )
    return f"{_words(row.pieces)}{note}"


def _words(pieces: Pieces) -> str:
    """Words that went are struck out, those that came are bold; a text that is on one side alone stays as it is."""
    if len(pieces) == 1:
        return escaped(pieces[0].text)
    marks = {"removed": "~~", "added": "**"}
    return " ".join(f"{marks.get(one.op, '')}{escaped(one.text)}{marks.get(one.op, '')}" for one in pieces)


def escaped(text: str) -> str:
    """A text on one line in which nothing is markup, HTML, a mention of somebody or a reference to an issue."""
    plain = _SIGNS.sub(_sign, " ".join(text.split()))
    return _REFERENCE.sub(
        lambda found: f"{found[0]}{_APART}", re.sub("[&<>]", lambda found: _ENTITIES[found[0]], plain)
    )


def _sign(found: re.Match[str]) -> str:
    """A sign that stands for itself; of a number that would begin a list, what follows it."""
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _author(by: str | None) -> str:
    return ", *by the registry*" if by == "registry" else ""
