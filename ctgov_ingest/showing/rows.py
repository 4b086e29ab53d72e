"""One change as rows: a value is one, a long text a row for each sentence that differs, criteria one for each item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.eligibility import CriterionChange, criteria_changes
from ctgov_ingest.compare.texts import TextChange, text_changes
from ctgov_ingest.showing.items import title_of
from ctgov_ingest.showing.model import Row
from ctgov_ingest.showing.pieces import changed, same, whole
from ctgov_ingest.showing.words import in_lines
from ctgov_ingest.wording import cut, one_line, plain
from ctgov_ingest.wording.naming import field_name, noun, place_of

CRITERIA: Final = "protocolSection.eligibilityModule.eligibilityCriteria"

LONG: Final = 300
"""Texts that have more characters than this together are compared sentence by sentence."""

UNDER: Final = 60


def rows_of(label: str, path: str, change: Change) -> Iterator[Row]:
    """What a change of the value at a path without brackets comes to."""
    old, new = change.old, change.new
    if path == CRITERIA and all(isinstance(text, str | None) for text in (old, new)):
        yield from _criteria(old or "", new or "")
    elif change.op != "changed":
        yield one_sided(label, *(_words(path, value) for value in (old, new)))
    elif isinstance(old, str) and isinstance(new, str) and (len(old) + len(new) > LONG or "\n" in old + new):
        yield from _sentences(label, plain(old), plain(new))
    else:
        was, now = (_words(path, value) for value in (old, new))
        yield _edited(label, was, now, "in spaces alone")


def _words(path: str, value: Any) -> str:
    if value is None:
        return ""
    return title_of(path.rpartition(".")[2], path, value) if isinstance(value, dict) else in_lines(path, value)


def one_sided(label: str, old: str, new: str) -> Row:
    """A value that came or went."""
    return Row(label, "removed", whole("removed", old)) if old else Row(label, "added", whole("added", new))


def _edited(label: str, old: str, new: str, else_: str) -> Row:
    pieces = changed(old, new)
    return Row(label, "changed", pieces) if pieces else Row(label, "changed", same(new), else_)


def _sentences(label: str, old: str, new: str) -> Iterator[Row]:
    found = text_changes(old, new)
    if not found:
        yield Row(label, "changed", (), "in layout alone")
    for one in found:
        yield _text_row(label, one)


def _text_row(label: str, one: TextChange) -> Row:
    if one.op == "moved":
        return Row(label, "moved", same(one.new or ""), "stands elsewhere")
    if one.op == "changed":
        return _edited(label, one.old or "", one.new or "", "in spaces alone")
    return one_sided(label, one.old or "", one.new or "")


_SIDES: Final = {"inclusion": "inclusion", "exclusion": "exclusion", "unspecified": "criterion"}


def _criteria(old: str, new: str) -> Iterator[Row]:
    found = criteria_changes(plain(old), plain(new))
    if not found:
        yield Row("", "changed", (), "in layout alone")
    for one in found:
        yield _criterion(one)


def _criterion(one: CriterionChange) -> Row:
    side = _SIDES[one.new_side or one.old_side or "unspecified"]
    label = {"heading": "heading", "lead": f"{side}, lead-in"}.get(one.part, side)
    note = f"under “{cut(one.under, UNDER)}”" if one.under else ""
    if one.op == "moved":
        label = f"{_SIDES[one.old_side or 'unspecified']} → {side}"
        pieces = changed(one.old or "", one.new or "") or same(one.new or "")
        return Row(label, "moved", pieces, note)
    if one.op == "changed":
        row = _edited(label, one.old or "", one.new or "", "in signs alone")
        return Row(row.label, row.op, row.pieces, ", ".join(filter(None, (row.note, note))))
    row = one_sided(label, one.old or "", one.new or "")
    return Row(row.label, row.op, row.pieces, note)


def labelled(path: str, groups: Mapping[str, str] = MappingProxyType({})) -> str:
    """A path within an item in words: `contact “Li Yao”: phone`; of an item at its end the word for what it is.

    `groups`: what the groups of results are called, by their ids.
    """
    place = place_of(path)
    steps = [part for part in _steps(path, groups) if part]
    field = field_name(place.field) if place.field else ""
    if not place.field and steps:
        steps[-1] = noun(place.list)
    return ": ".join(filter(None, (", ".join(steps), field)))


def _steps(path: str, groups: Mapping[str, str]) -> Iterator[str]:
    """The items that a path leads through, each with the word for what it is."""
    for step in path.split("]")[:-1]:
        name, _, label = step.lstrip(".").partition("[")
        name = name.rpartition(".")[2]
        label = label.split(" | ")[0]
        words = one_line(", ".join(groups.get(one, one) for one in label.split(", ")))
        yield f"{noun(name)} “{words}”" if label != "-" else ""
