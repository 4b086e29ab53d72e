"""One field's life: which values it had, from when until when, whose doing it was.

A value changes where the change log says so. What a presentation cannot show is passed over, and how it writes a value
makes no new one. An item of a list is followed through the versions as `compare` matches items, whatever it is called
by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any, Final, NamedTuple

from ctgov_ingest.compare.changes import Change, Op
from ctgov_ingest.compare.content import content
from ctgov_ingest.compare.finding import NoSuchPath
from ctgov_ingest.compare.kinds import By
from ctgov_ingest.compare.labels import labels
from ctgov_ingest.compare.matching import match
from ctgov_ingest.compare.paths import name_of, plain_path, steps
from ctgov_ingest.compare.seen import is_under
from ctgov_ingest.compare.when import days_between, months_between

Document = dict[str, Any]


class Held(NamedTuple):
    """A version: its number, the day since which it stood, what changed with it.

    `document` is None where no presentation in which it is held can show the field.
    """

    number: int
    since: str
    document: Document | None
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Stage:
    """A value and how long it stood.

    `value`: None where there is none. `since`, `until`: days of the registry, `until` None while it stands.
    `version`: the first with it. `op` and `by`: how and by whom it came; None for the first that is held. `first`: the
    first value that was planned, or the first of all. `days_from_first`, `months_from_first`: how much later than that
    a date is, negative if earlier, as exact as both dates are.
    """

    value: Any
    since: str
    until: str | None
    version: int
    op: Op | None
    by: By | None
    first: Any
    days_from_first: int | None
    months_from_first: int | None


class _Turn(NamedTuple):
    """A version with which a value came."""

    version: Held
    value: Any
    op: Op | None
    by: By | None


_NOT_SHOWN: Final = object()


def life(path: str, versions: Sequence[Held]) -> list[Stage]:
    """The values at a path through the versions of a study, which stand in their order.

    Raises NoSuchPath for an item that no version has, and for a path that leads through a list and names no item.
    """
    nodes = [_NOT_SHOWN if one.document is None else one.document for one in versions]
    values = _along(nodes, steps(path), path)
    turns = list(_turns(plain_path(path), versions, values))
    first = _first_planned([turn.value for turn in turns])
    ends = [turn.version.since for turn in turns[1:]]
    return [_stage(turn, until, first) for turn, until in zip_longest(turns, ends)]


def _turns(path: str, versions: Sequence[Held], values: Sequence[Any]) -> Iterator[_Turn]:
    """The versions with which another value came."""
    shown = [(version, value) for version, value in zip(versions, values, strict=True) if value is not _NOT_SHOWN]
    if not shown:
        return
    before = shown[0][1]
    yield _Turn(*shown[0], None, None)
    missed: list[Change] = []
    places = {version.number: place for place, version in enumerate(versions)}
    for (earlier, _), (version, value) in pairwise(shown):
        between = versions[places[earlier.number] + 1 : places[version.number] + 1]
        missed = [change for one in between for change in one.changes if _concerns(change, path)]
        if missed and content(value) != content(before):
            yield _Turn(version, value, _op(before, value), _by(missed))
            before = value


def _concerns(change: Change, path: str) -> bool:
    plain = plain_path(change.path)
    return is_under(plain, path) or is_under(path, plain)


def _op(old: Any, new: Any) -> Op:
    return "added" if old is None else "removed" if new is None else "changed"


def _by(changes: Sequence[Change]) -> By:
    return "sponsor" if any(change.by == "sponsor" for change in changes) else "registry"


def _stage(turn: _Turn, until: str | None, first: Any) -> Stage:
    dates = _date(first), _date(turn.value)
    return Stage(
        value=turn.value,
        since=turn.version.since,
        until=until,
        version=turn.version.number,
        op=turn.op,
        by=turn.by,
        first=first,
        days_from_first=days_between(*dates),
        months_from_first=months_between(*dates),
    )


def _first_planned(values: Sequence[Any]) -> Any:
    """The first value that is not of a type ACTUAL; where there is none, the first of all."""
    there = [value for value in values if value is not None]
    planned = [value for value in there if not (isinstance(value, dict) and value.get("type") == "ACTUAL")]
    return next(iter(planned or there), None)


def _date(value: Any) -> Any:
    return value.get("date") if isinstance(value, dict) else value


# Values along a path, in all versions at once, so that an item of a list can be followed from one to the next


def _along(nodes: list[Any], way: list[str], path: str) -> list[Any]:
    name = ""
    for step in way:
        if step.startswith("["):
            nodes = _items(name, nodes, step[1:-1], path)
            continue
        if any(isinstance(node, list) for node in nodes):
            raise NoSuchPath(_which(name, nodes, path))
        name = name_of(step)
        nodes = [
            node.get(name) if isinstance(node, dict) else _NOT_SHOWN if node is _NOT_SHOWN else None for node in nodes
        ]
    return nodes


def _items(name: str, nodes: list[Any], label: str, path: str) -> list[Any]:
    """In each version the item that has this label in one of them."""
    lists = [_list(node) for node in nodes]
    at = next((place for place, items in enumerate(lists) if label in labels(name, items)), None)
    if at is None:
        raise NoSuchPath(_which(name, nodes, path))
    found: list[Any] = [_NOT_SHOWN if node is _NOT_SHOWN else None for node in nodes]
    shown = [place for place, node in enumerate(nodes) if node is not _NOT_SHOWN]
    for order in (shown, shown[::-1]):
        item: int | None = labels(name, lists[at]).index(label)
        for here, there in pairwise([at, *order[order.index(at) :]]):
            item = _counterpart(name, lists[here], lists[there], item, is_forward=there > here)
            found[there] = None if item is None else lists[there][item]
    return found


def _counterpart(name: str, here: list[Any], there: list[Any], place: int | None, *, is_forward: bool) -> int | None:
    """The place in another version's list of the item at `place`."""
    if place is None:
        return None
    pairs = match(name, here, there) if is_forward else [(old, new) for new, old in match(name, there, here)]
    taken = {new for _, new in pairs}
    for old, new in pairs:
        if old == place:
            return new
    return next((at for at, item in enumerate(there) if at not in taken and item == here[place]), None)


def _list(node: Any) -> list[Any]:
    return [item for item in node if item is not None] if isinstance(node, list) else []


def _which(name: str, nodes: list[Any], path: str) -> str:
    """Words for a path that names no item of a list, or none that there is: which there are."""
    found = dict.fromkeys(label for node in nodes for label in labels(name, _list(node)))
    some = "; ".join(list(found)[:_SOME]) + (f"; and {len(found) - _SOME} more" if len(found) > _SOME else "")
    return f"{path} names no item of {name} that a version has; its items, to be put in brackets, are: {some or 'none'}"


_SOME: Final = 20
