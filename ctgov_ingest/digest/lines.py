"""The changes of one version as lines: what belongs together is one line, and so is what is alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import takewhile
from typing import Any, Final, TypeVar

from ctgov_ingest.compare import plain_path
from ctgov_ingest.compare.kinds import STAMPS
from ctgov_ingest.compare.when import days_between, months_between
from ctgov_ingest.digest.model import Line
from ctgov_ingest.digest.topics import STATUS, status_topic, topic_of
from ctgov_ingest.wording import VALUE, apart, around, cut, differing, in_words, one_line
from ctgov_ingest.wording.naming import field_name, item_in_words, named, noun, place_of, what_happened

Key = TypeVar("Key", bound=Hashable)

Row = dict[str, Any]
"""A change as a row of the change log, with `old` and `new` as JSON values."""

FEW = 3
"""So many items of a list are named one by one; of more it is said how many there are."""

_SHORT = 100
_HEAD = 25
_LAST_KNOWN: Final = "protocolSection.statusModule.lastKnownStatus"
_RESULTS_POSTED: Final = "protocolSection.statusModule.resultsFirstPostDateStruct.date"
_COLLAPSED: Final = ("resultsSection.", "derivedSection.")
"""Sections of which, where much changed, it is told in which modules."""


def lines_of(rows: Iterable[Row]) -> Iterator[tuple[str, Line]]:
    """The lines that tell what a version changed, each with its topic."""
    there = _told(list(rows))
    of_status = status_topic(there)
    topics: dict[str, list[Row]] = defaultdict(list)
    for row in there:
        topics[topic_of(row, of_status)].append(row)
    if len(topics) > 1:
        topics.pop("stamps", None)
    for topic, some in topics.items():
        for line in _lines(some):
            yield topic, line


# --- what belongs together ------------------------------------------------------------------------------------------


def _told(rows: list[Row]) -> list[Row]:
    """The changes without those that another of them tells: a date has its type, posted results have all in them."""
    by_path = {row["path"]: row for row in rows}
    told = _results_posted(by_path) if _flipped(by_path, "hasResults", True) else rows
    if _flipped(by_path, STATUS, "UNKNOWN"):
        told = [row for row in told if row["path"] != _LAST_KNOWN]
    return [_with_type(row, by_path) for row in told if not _is_told_by_another(row, by_path)]


def _flipped(by_path: dict[str, Row], path: str, new: Any) -> bool:
    return path in by_path and by_path[path]["new"] == new


def _results_posted(by_path: dict[str, Row]) -> list[Row]:
    posted = by_path.get(_RESULTS_POSTED, {"new": None})
    kept = [row for row in by_path.values() if row["kind"] != "results" and row["path"] != "hasResults"]
    flip = {**by_path["hasResults"], "kind": "results", "old": None, "new": posted["new"]}
    return [{**flip, "op": "changed"}, *kept]


_TYPED = ("date", "count")
_SUBMITTED: Final = "protocolSection.statusModule.lastUpdateSubmitDate"
_POSTED: Final = "protocolSection.statusModule.lastUpdatePostDateStruct.date"


def _is_told_by_another(row: Row, by_path: dict[str, Row]) -> bool:
    base, _dot, leaf = row["path"].rpartition(".")
    is_type = leaf == "type" and any(f"{base}.{main}" in by_path for main in _TYPED)
    return is_type or (row["path"] == _SUBMITTED and _POSTED in by_path)


def _with_type(row: Row, by_path: dict[str, Row]) -> Row:
    """A date or a number with the type that came with it."""
    base, _dot, leaf = row["path"].rpartition(".")
    of_type = by_path.get(f"{base}.type") if leaf in _TYPED else None
    return row if of_type is None else {**row, "type": of_type["new"]}


# --- what is alike --------------------------------------------------------------------------------------------------


def _lines(rows: list[Row]) -> Iterator[Line]:
    """The lines of a topic: of many changes within a module of a section that few read, one."""
    for (module, _by), some in _alike(rows, _module):
        if module and len(some) > FEW:
            yield _of_module(module, some)
        else:
            yield from _list_lines(some)


def _module(row: Row) -> tuple[str, str]:
    """The module of a change, where that is all that is told of many, and who made it."""
    inside = row["path"].startswith(_COLLAPSED)
    return (".".join(plain_path(row["path"]).split(".")[:2]), row["by"]) if inside else ("", "")


def _of_module(path: str, rows: list[Row]) -> Line:
    what = f"{field_name(path)}: {len(rows):,} changes"
    return Line(what, "changed", "", "", rows[0]["by"], one_line(path), count=len(rows))


def _list_lines(rows: list[Row]) -> Iterator[Line]:
    """One line for what changed from the same to the same; of what is left, one for each field of a list."""
    alone: list[Row] = []
    for _same, equal in _alike(rows, _same_change):
        if len(equal) > 1:
            yield _counted(equal, *_sides(equal[0]))
        else:
            alone += equal
    for _same, some in _alike(alone, _same_field):
        yield from map(_single, some) if len(some) <= FEW else [_counted(some, *_first_of(some))]


def _alike(rows: Iterable[Row], key: Callable[[Row], Key]) -> list[tuple[Key, list[Row]]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return list(found.items())


def _same_field(row: Row) -> Hashable:
    return (plain_path(row["path"]), row["op"], row["by"])


def _same_change(row: Row) -> Hashable:
    """Alike are changes of one field of several items, to and from short values."""
    values = [row[side] for side in ("old", "new")]
    is_short = all(value is None or (isinstance(value, str) and len(value) <= _SHORT) for value in values)
    is_field = is_short and bool(place_of(row["path"]).field)
    return (_same_field(row), *values) if is_field else row["path"]


def _counted(rows: list[Row], old: str, new: str) -> Line:
    """A line for changes of one field of a list, or for items that came or went."""
    row, count = rows[0], len(rows)
    place = place_of(row["path"])
    many = noun(place.list, count)
    what = f"{many}: {what_happened(place.field, row['op'])}" if place.field else f"{many} {row['op']}"
    if row["op"] == "changed" and not old + new:
        what += " changed"
    return Line(what, row["op"], old, new, row["by"], one_line(plain_path(row["path"])), count=count)


def _first_of(rows: list[Row]) -> tuple[str, str]:
    """Old and new of items that came or went: the first of them by name; of fields nothing."""
    if place_of(rows[0]["path"]).field:
        return "", ""
    names = [cut(name, _SHORT) for name in dict.fromkeys(map(_item, rows))]
    fitting = takewhile(lambda at: len("; ".join(names[: at + 1])) <= VALUE, range(len(names)))
    shown = [names[at] for at in fitting]
    text = "; ".join([*shown, *(["…"] if len(shown) < len(names) else [])])
    return (text, "") if rows[0]["op"] == "removed" else ("", text)


# --- one line -------------------------------------------------------------------------------------------------------


def _single(row: Row) -> Line:
    place = place_of(row["path"])
    old, new = _sides(row)
    notes = (_moved(row), _type_note(row), _outer(place.outer_list, place.outer_label), _more_lines(row))
    note = ", ".join(one for one in notes if one)
    return Line(_what(row), row["op"], old, new, row["by"], one_line(row["path"]), note)


def _what(row: Row) -> str:
    if row["path"] == STATUS:
        return ""
    place = place_of(row["path"])
    if not place.list:
        return what_happened(place.field, row["op"])
    if not place.field:
        return f"{noun(place.list)} {row['op']}"
    item = noun(place.list) if _is_its_name(row, place.label) else named(place.list, place.label)
    return f"{item}: {what_happened(place.field, row['op'])}"


def _is_its_name(row: Row, label: str) -> bool:
    """Say whether what changed is what the item is named by."""
    return in_words(row["old"])[:_HEAD] == label[:_HEAD] if row["op"] == "changed" else False


def _outer(name: str, label: str) -> str:
    return f"of {named(name, label)}" if name else ""


def _item(row: Row) -> str:
    place = place_of(row["path"])
    return item_in_words(place.list, place.label, _item_of(row))


def _item_of(row: Row) -> Any:
    return row["old"] if row["new"] is None else row["new"]


def _sides(row: Row) -> tuple[str, str]:
    """Old and new in words, each on a line; of long texts the first place where they differ."""
    if row["op"] != "changed":
        item = _item(row) if not place_of(row["path"]).field else one_line(in_words(_item_of(row)))
        return (cut(item), "") if row["new"] is None else ("", cut(item))
    old, new = in_words(row["old"]), in_words(row["new"])
    if not _is_long(row):
        return one_line(old), one_line(new)
    was, now = next(_filled(old, new), (old, new))
    pair = around(was, now) if was and now else (was, now)
    return cut(one_line(pair[0]).strip()), cut(one_line(pair[1]).strip())


def _is_long(row: Row) -> bool:
    old, new = in_words(row["old"]), in_words(row["new"])
    return row["op"] == "changed" and (len(old) + len(new) > _SHORT or "\n" in old + new)


def _filled(old: str, new: str) -> Iterator[tuple[str, str]]:
    return (pair for pair in differing(old, new) if pair[0].strip() or pair[1].strip())


def _more_lines(row: Row) -> str:
    if not _is_long(row):
        return ""
    more = sum(1 for _pair in _filled(in_words(row["old"]), in_words(row["new"]))) - 1
    return f"and {more:,} more line{'' if more == 1 else 's'}" if more > 0 else ""


def _type_note(row: Row) -> str:
    kind = cut(one_line(in_words(row.get("type"))).lower(), _SHORT)
    return f"now {kind}" if kind and row["op"] == "changed" else kind


def _moved(row: Row) -> str:
    """By how much a date moved, in the unit that both sides have."""
    if row["op"] != "changed" or row["path"] in STAMPS or not row["path"].endswith("Struct.date"):
        return ""
    return apart(days_between(row["old"], row["new"]), months_between(row["old"], row["new"]))
