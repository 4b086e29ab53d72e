"""What differs between two documents as a JSON Patch (RFC 6902), which any library for it applies.

Here everything counts that `compare` sets aside: the order of lists, the stamp, and how nothing is written. The patch
gives the new document exactly. Items are matched as `compare` matches them, so that a site added among 300 is one
`add`, and an item that stands elsewhere is moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from ctgov_ingest.compare.content import content
from ctgov_ingest.compare.matching import match

Operation = dict[str, Any]


def as_json_patch(old: Any, new: Any) -> list[Operation]:
    """Give the operations that make `old` into `new`, in the order in which they are to be applied."""
    return list(_value(old, new, "", ""))


def _value(old: Any, new: Any, pointer: str, name: str) -> Iterator[Operation]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _dict(old, new, pointer)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list(old, new, pointer, name)
    elif old != new or type(old) is not type(new):  # in JSON, true is not 1
        yield {"op": "replace", "path": pointer, "value": new}


def _dict(old: dict[str, Any], new: dict[str, Any], pointer: str) -> Iterator[Operation]:
    for key, was in old.items():
        at = _member(pointer, key)
        if key in new:
            yield from _value(was, new[key], at, key)
        else:
            yield {"op": "remove", "path": at}
    for key, now in new.items():
        if key not in old:
            yield {"op": "add", "path": _member(pointer, key), "value": now}


def _list(old: list[Any], new: list[Any], pointer: str, name: str) -> Iterator[Operation]:
    """Take out what is gone, put the rest in its new order, put in what has come, and go into each item that was."""
    became = _counterparts(old, new, name)
    for place in reversed(range(len(old))):
        if place not in became:
            yield {"op": "remove", "path": f"{pointer}/{place}"}
    yield from _moves([became[place] for place in range(len(old)) if place in became], pointer)
    stayed = set(became.values())
    for place, now in enumerate(new):
        if place not in stayed:
            yield {"op": "add", "path": f"{pointer}/{place}", "value": now}
    for was, place in became.items():
        yield from _value(old[was], new[place], f"{pointer}/{place}", "")


def _counterparts(old: list[Any], new: list[Any], name: str) -> dict[int, int]:
    """Give the new place of each item of the old list that has one."""
    if len(old) == len(new) and old == new:
        return {place: place for place in range(len(old))}
    matches = match(name, old, new)
    became = {was: now for was, now in matches if was is not None and now is not None}
    told_old, told_new = {pair.old for pair in matches}, {pair.new for pair in matches}
    left: dict[bytes, list[int]] = {}
    for place in reversed(range(len(new))):
        if place not in told_new:
            left.setdefault(content(new[place]), []).append(place)
    for place, item in enumerate(old):
        if place not in told_old and (equal := left.get(content(item))):
            became[place] = equal.pop()
    return became


def _moves(order: list[int], pointer: str) -> Iterator[Operation]:
    """Sort the items with as few moves as can be: those that stand in order already stay."""
    still = _longest_rise(order)
    if len(still) == len(order):
        return
    before = None
    for place in sorted(order):
        if place not in still:
            start = order.index(place)
            order.pop(start)
            end = 0 if before is None else order.index(before) + 1
            order.insert(end, place)
            yield {"op": "move", "from": f"{pointer}/{start}", "path": f"{pointer}/{end}"}
        before = place


def _longest_rise(order: Sequence[int]) -> set[int]:
    """The longest run of numbers that rise from left to right, others between them left out."""
    ends: list[int] = []  # the smallest number in which a run of each length ends
    before: dict[int, int | None] = {}
    for number in order:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    run: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = before[last]
    return run


def _member(pointer: str, key: str) -> str:
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
