"""What belongs together is one entry, and so is what is alike: rounds over the changes of a module.

Each round takes the changes that it knows how to tell and leaves the others to the next; the last ones take any change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.kinds import STAMPS, By
from ctgov_ingest.compare.moves import moves
from ctgov_ingest.compare.paths import plain_path
from ctgov_ingest.compare.seen import at
from ctgov_ingest.showing.items import LEFT_OUT, NAMED, TITLED, Both, called, item_path, list_at, title_of, within
from ctgov_ingest.showing.model import Entry, Op, Row
from ctgov_ingest.showing.pieces import changed
from ctgov_ingest.showing.rows import labelled, one_sided, rows_of
from ctgov_ingest.showing.words import distance, in_line, main_of, typed
from ctgov_ingest.wording.naming import field_name, noun, place_of

FEW: Final = 3
"""Of so many items of a list that is known by lines, each has an entry; more of them share one."""

Taken = tuple[Sequence[Change], Entry]
Round = Callable[[Both, Sequence[Change]], Iterator[Taken]]

_RESULTS: Final = "resultsSection."


def _results(both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """Results that came or went as a whole: how much of what, since all of it is new."""
    inside = [change for change in changes if change.path.startswith(_RESULTS)]
    if not inside or ("resultsSection" in both.old) == ("resultsSection" in both.new):
        return
    op: Op = "added" if "resultsSection" in both.new else "removed"
    module = at(both.new if op == "added" else both.old, module_of(inside[0].path))
    counts = [noun(name, len(items)) for name, items in module.items() if isinstance(items, list)]
    yield inside, Entry("Posted" if op == "added" else "Taken away", op, _by(inside), names=tuple(counts))


def _promotions(_both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """Outcomes that moved between the lists."""
    for move in moves(changes):
        was, now = (plain_path(change.path) for change in move)
        ranks = [noun(path.rpartition(".")[2]) for path in (was, now)]
        head = f"{_capital(ranks[0])} → {ranks[1]}: “{title_of('primaryOutcomes', now, move.come.new)}”"
        rows = [row for edit in move.edits for row in rows_of(labelled(edit.path), f"{now}.{edit.path}", edit)]
        yield move, Entry(head, "moved", _by(move), tuple(rows))


def _structs(both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """A date or a number with its type: one value."""
    inside = [change for change in changes if "[" not in change.path and change.path.endswith(_LEAVES)]
    for base, some in _grouped(inside, lambda change: change.path.rpartition(".")[0]):
        structs = [at(document, base) or {} for document in both]
        was, now = _typed(base, structs, turns=any(change.path.endswith(".type") for change in some))
        if was == now:
            continue  # what tells of it is in neither document
        leaf = "count" if base.endswith("enrollmentInfo") else "date"
        head = _capital(field_name(f"{base}.{leaf}"))
        if was and now:
            note = "" if f"{base}.{leaf}" in STAMPS else distance(*map(main_of, structs))
            yield some, Entry(head, "changed", _by(some), (Row("", "changed", changed(was, now), note),))
        else:
            yield some, Entry(head, "added" if now else "removed", _by(some), (one_sided("", was, now),))


_LEAVES: Final = ("DateStruct.date", "DateStruct.type", "enrollmentInfo.count", "enrollmentInfo.type")


def _typed(base: str, structs: Sequence[Any], *, turns: bool) -> list[str]:
    """Both sides: each with its type where that `turns`, else the last where it is of both."""
    is_of_both = len({struct.get("type") for struct in structs}) == 1 and f"{base}.date" not in STAMPS
    tells = [turns, turns or is_of_both]
    return [typed(base, struct, with_type=told) for struct, told in zip(structs, tells, strict=True)]


def _map_points(both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """Places on the map, which the registry looks up from the names of places: a line a site."""
    inside = [change for change in changes if plain_path(change.path).rpartition(".")[0].endswith("locations.geoPoint")]
    lines = []
    for path, some in _grouped(inside, lambda change: item_path(change.path)):
        sides = [", ".join(str(side) for side in values if side is not None) for values in _values(some)]
        lines.append(f"{both.title(path)}: {' → '.join(filter(None, sides))}")
    if lines:
        head = "Place on the map" if len(lines) == 1 else f"{noun('locations', len(lines))}: place on the map"
        yield inside, Entry(head, "changed", _by(inside), names=tuple(lines))


def _values(changes: Sequence[Change]) -> tuple[list[Any], list[Any]]:
    return [change.old for change in changes], [change.new for change in changes]


def _alike(both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """The same change of one field in several items."""
    inside = [change for change in changes if item_path(change.path) not in ("", change.path)]
    for _key, some in _grouped(inside, lambda change: (*_field(change), repr(change.old), repr(change.new))):
        items = dict.fromkeys(item_path(change.path) for change in some)
        if len(items) > 1:
            first = some[0]
            what = labelled(within(first.path), both.groups(first.path))
            head = f"{noun(list_at(first.path), len(items))}: {what}{_WHAT[first.op]}"
            names = tuple(both.title(path) for path in items)
            rows = rows_of("", plain_path(first.path), first)
            yield some, Entry(head, first.op, first.by, tuple(rows), names)


def _lines(both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """Items that are known by a line and came or went, all of one list together."""
    inside = [change for change in changes if change.path.endswith("]") and change.path == item_path(change.path)]
    inside = [change for change in inside if change.op != "changed"]
    for (plain, op, by), some in _grouped(inside, _field):
        name = plain.rpartition(".")[2]
        items = [_there(change) for change in some]
        if name in NAMED or not any(isinstance(item, dict) for item in items):
            names = tuple(title_of(name, plain, item) for item in items)
            head = _capital(noun(name)) if len(names) == 1 else noun(name, len(names))
            yield some, Entry(f"{head} {op}", op, by, names=names)


def _many(both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """The same field of many items that are known by a line: an item and its change a line."""
    inside = [change for change in changes if list_at(change.path) in NAMED and item_path(change.path) != change.path]
    for (_plain, op, by), some in _grouped(inside, _field):
        items = dict.fromkeys(item_path(change.path) for change in some)
        if len(items) > FEW:
            names = tuple(f"{both.title(item_path(one.path), without=within(one.path))}: {_turn(one)}" for one in some)
            head = f"{noun(list_at(some[0].path), len(items))}: {_field_of(some[0])}{_WHAT[op]}"
            yield some, Entry(head, op, by, names=names)


_WHAT: Final = {"added": " added", "removed": " removed", "changed": ""}


def _field_of(change: Change) -> str:
    """What changed in an item, without the names of items in it."""
    place = place_of(within(change.path))
    words = (noun(place.list) if place.list else "", field_name(place.field) if place.field else "")
    return ": ".join(filter(None, words))


def _turn(change: Change) -> str:
    plain = plain_path(change.path)
    name = plain.rpartition(".")[2]
    sides = [title_of(name, plain, value) for value in (change.old, change.new) if value is not None]
    return " → ".join(sides)


def _items(both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """Items of lists, each with all that changed in it."""
    inside = [change for change in changes if item_path(change.path)]
    for path, some in _grouped(inside, lambda change: item_path(change.path)):
        plain = plain_path(path)
        name = plain.rpartition(".")[2]
        if some[0].path == path:
            yield some, _whole(name, plain, some[0])
        else:
            rows = [row for change in some for row in _inner(both, change)]
            yield some, Entry(called(name, both.title(path)), "changed", _by(some), tuple(rows))


def _inner(both: Both, change: Change) -> Iterator[Row]:
    label = labelled(within(change.path), both.groups(change.path))
    yield from rows_of(label, plain_path(change.path), change)


def _whole(name: str, plain: str, change: Change) -> Entry:
    """An item that came, went, or is another plain value."""
    if change.op == "changed":
        return Entry(_capital(noun(name)), "changed", change.by, tuple(rows_of("", plain, change)))
    item = _there(change)
    rows = [
        one_sided(field_name(field), *_sides(change.op, words)) for field, words in _rest(name, plain, item) if words
    ]
    return Entry(f"{called(name, title_of(name, plain, item))} {change.op}", change.op, change.by, tuple(rows))


def _sides(op: str, words: str) -> tuple[str, str]:
    return (words, "") if op == "removed" else ("", words)


def _rest(name: str, plain: str, item: Any) -> Iterator[tuple[str, str]]:
    """What an item has beside its title: lists in it by their names or their number."""
    for field, value in item.items() if isinstance(item, dict) else ():
        if field in TITLED.get(name, ()) or field in LEFT_OUT:
            continue
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield field, str(len(value))
        else:
            yield field, in_line(f"{plain}.{field}", value)


def _fields(_both: Both, changes: Sequence[Change]) -> Iterator[Taken]:
    """Fields by themselves: any change."""
    for change in changes:
        plain = plain_path(change.path)
        head = _capital(field_name(plain.split(".", 2)[-1]))
        yield [change], Entry(head, change.op, change.by, tuple(rows_of("", plain, change)))


ROUNDS: Final[tuple[Round, ...]] = (
    _results,
    _promotions,
    _structs,
    _map_points,
    _alike,
    _lines,
    _many,
    _items,
    _fields,
)


# --- changes ------------------------------------------------------------------------------------------------------


def module_of(path: str) -> str:
    """The path of the module in which a path lies."""
    return ".".join(plain_path(path).split(".")[:2])


def _field(change: Change) -> tuple[str, Op, By]:
    """What changes of one field of a list's items have in common."""
    return (plain_path(change.path), change.op, change.by)


def _there(change: Change) -> Any:
    return change.old if change.new is None else change.new


def _by(changes: Iterable[Change]) -> By:
    return "sponsor" if any(change.by == "sponsor" for change in changes) else "registry"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _grouped(changes: Iterable[Change], key: Callable[[Change], Any]) -> list[tuple[Any, list[Change]]]:
    """The changes by a key, in the order in which each key comes first."""
    found: dict[Any, list[Change]] = {}
    for change in changes:
        found.setdefault(key(change), []).append(change)
    return list(found.items())
