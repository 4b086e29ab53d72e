"""Which item of the old list is which item of the new list: by identity, never by position.

`IDENTITY` names, for each list of the data model, the fields that make an item itself. The lists are known by
their name alone (`groups`, `counts`, `contacts`): wherever a name stands twice in the model, it means the
same thing.

* `own`: the first of these whose leading field is filled is the item's identity.
* `loose`: for items that found no counterpart by their own identity. A loose match speaks only where it is
  unambiguous, that is, where the fields name exactly one lonely item on either side: an outcome whose time
  frame moved, a site whose zip was corrected.

Items of one identity are kept apart, never merged: equal ones meet first, the others in the order of their
content, so that nothing depends on where in the list they stood. Items of a list not in the table are known
by their whole content, and so are plain values: a list of keywords is compared as a bag of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from ctgov_ingest.compare.fingerprint import canonical

Fields = tuple[str, ...]
Key = tuple[Any, ...]


class Keys(NamedTuple):
    """The fields that identify an item of a list, surest first."""

    own: tuple[Fields, ...]
    loose: tuple[Fields, ...] = ()


class Match(NamedTuple):
    """An item of the old list and its counterpart in the new one; None where there is none."""

    old: Any
    new: Any


_OUTCOME = Keys(own=(("measure", "timeFrame"), ("timeFrame",)), loose=(("measure",), ("description",)))
_CONTACT = Keys(own=(("name", "role"), ("email",), ("phone",), ("role",)), loose=(("name",), ("email",)))
_EVENT = Keys(own=(("term", "organSystem"),), loose=(("term",),))
_OF_GROUP = Keys(own=(("groupId",),))
_BY_ID = Keys(own=(("id",),))
_BY_TYPE = Keys(own=(("type",),))
_BY_TITLE = Keys(own=(("title",),))

IDENTITY: Final[dict[str, Keys]] = {
    # protocolSection
    "secondaryIdInfos": _BY_ID,
    "collaborators": Keys(own=(("name",),)),
    "armGroups": Keys(own=(("label",),), loose=(("description",),)),
    "interventions": Keys(own=(("type", "name"),), loose=(("name",), ("description",))),
    "primaryOutcomes": _OUTCOME,
    "secondaryOutcomes": _OUTCOME,
    "otherOutcomes": _OUTCOME,
    "centralContacts": _CONTACT,
    "contacts": _CONTACT,
    "overallOfficials": Keys(own=(("name",), ("affiliation",))),
    "locations": Keys(
        own=(("facility", "city", "state", "country", "zip"), ("city", "state", "country", "zip")),
        loose=(("facility", "city", "country"), ("zip", "city", "country"), ("facility", "zip", "country")),
    ),
    "references": Keys(own=(("pmid",), ("citation",)), loose=(("citation",),)),
    "retractions": Keys(own=(("pmid",), ("source",))),
    "seeAlsoLinks": Keys(own=(("url",), ("label",)), loose=(("label",),)),
    "availIpds": Keys(own=(("id", "type", "url"), ("url",), ("type",)), loose=(("id", "type"), ("url",))),
    # resultsSection
    "groups": _BY_ID,
    "eventGroups": _BY_ID,
    "periods": _BY_TITLE,
    "milestones": _BY_TYPE,
    "dropWithdraws": _BY_TYPE,
    "achievements": _OF_GROUP,
    "reasons": _OF_GROUP,
    "denoms": Keys(own=(("units",),)),
    "counts": _OF_GROUP,
    "measures": Keys(own=(("title",),)),
    "classes": _BY_TITLE,
    "categories": _BY_TITLE,
    "measurements": _OF_GROUP,
    "stats": _OF_GROUP,
    "outcomeMeasures": Keys(
        own=(("title", "type", "timeFrame"), ("type", "timeFrame")), loose=(("title", "type"), ("title",))
    ),
    "analyses": Keys(own=(("groupIds", "paramType", "statisticalMethod"),), loose=(("groupIds",),)),
    "seriousEvents": _EVENT,
    "otherEvents": _EVENT,
    # annotationSection, documentSection, derivedSection
    "unpostedEvents": Keys(own=(("type", "date"),)),
    "violationEvents": Keys(own=(("type", "creationDate"),), loose=(("type",),)),
    "largeDocs": Keys(own=(("filename",), ("label",))),
    "submissionInfos": Keys(own=(("releaseDate",), ("mcpReleaseN",))),
    "meshes": _BY_ID,
    "ancestors": _BY_ID,
    "browseLeaves": _BY_ID,
    "browseBranches": Keys(own=(("abbrev",),)),
}

LONGEST = 60
"""So many characters of one field stand in a label, of a longer one its head and its tail."""

TAIL = 20
"""The tail's share: long names of a kind (arms, measures) begin alike and end apart."""


def match(name: str, old: Sequence[Any], new: Sequence[Any]) -> list[Match]:
    """Pair the items of two lists called `name`, leaving out what is equal on both sides.

    The pairs come in the order of the old list, then what only the new list has, in its order.
    """
    was, now = _unsettled(old, new)
    keys = IDENTITY.get(name)
    pairs, gone, come = _by_own(was, now, keys)
    for fields in keys.loose if keys else ():
        more, gone, come = _by_loose(gone, come, fields)
        pairs += more
    pairs += [Match(item, None) for item in gone] + [Match(None, item) for item in come]
    return _in_order(pairs, was, now)


def labels(name: str, matches: Sequence[Match]) -> list[str]:
    """Name each of the pairs by its identity, no two alike: the second of a name gets "#2".

    The numbers do not depend on the order of the lists nor on which of them is the older.
    """
    keys = IDENTITY.get(name)
    plain = [_label(pair, keys) for pair in matches]
    if len(set(plain)) == len(plain):
        return plain
    seen: dict[str, int] = {}
    texts = [sorted(map(content, pair)) for pair in matches]
    for place in sorted(range(len(plain)), key=texts.__getitem__):
        if texts[place][0] == texts[place][1]:
            continue  # differs only in the order of lists within
        label = plain[place]
        seen[label] = seen.get(label, 0) + 1
        if seen[label] > 1:
            plain[place] = f"{label} #{seen[label]}"
    return plain


def content(value: Any) -> bytes:
    """Write `value` so that two values which differ only in the order of lists come out equal."""
    return canonical(_sorted(value))


def _sorted(value: Any) -> Any:
    """Put every list within `value` in the order of its items' content."""
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(item) for item in value), key=canonical)
    return value


def _unsettled(old: Sequence[Any], new: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """Leave out what stands equal in its place: most updates touch a few items of many."""
    if len(old) == len(new):
        moved = [place for place, item in enumerate(old) if item != new[place]]
        return [old[place] for place in moved], [new[place] for place in moved]
    end = min(len(old), len(new))
    start = 0
    while start < end and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < end - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return old[start : len(old) - tail], new[start : len(new) - tail]


def _by_own(old: Sequence[Any], new: Sequence[Any], keys: Keys | None) -> tuple[list[Match], list[Any], list[Any]]:
    """Pair by the items' own identity; give the pairs that differ, and the lonely of both sides."""
    pairs: list[Match] = []
    gone: list[Any] = []
    come: list[Any] = []
    others = _grouped(new, keys)
    for key, was in _grouped(old, keys).items():
        now = others.pop(key, [])
        if len(was) > 1 or len(now) > 1:
            was, now = _unequal(was, now)
        both = min(len(was), len(now))
        pairs += [Match(was[at], now[at]) for at in range(both) if was[at] != now[at]]
        gone += was[both:]
        come += now[both:]
    for now in others.values():
        come += now
    return pairs, gone, come


def _grouped(items: Sequence[Any], keys: Keys | None) -> dict[Key, list[Any]]:
    groups: dict[Key, list[Any]] = {}
    for item in items:
        groups.setdefault(_own(item, keys), []).append(item)
    return groups


def _unequal(old: list[Any], new: list[Any]) -> tuple[list[Any], list[Any]]:
    """Take out duplicates of one identity that say the same; put the others in the order of content."""
    was = sorted(((content(item), item) for item in old), key=_first)
    now = sorted(((content(item), item) for item in new), key=_first)
    return _minus(was, now), _minus(now, was)


def _first(pair: tuple[bytes, Any]) -> bytes:
    return pair[0]


def _minus(some: list[tuple[bytes, Any]], others: list[tuple[bytes, Any]]) -> list[Any]:
    """Give the items of `some` that find no equal among `others`, each of which answers for one."""
    left: dict[bytes, int] = {}
    for text, _ in others:
        left[text] = left.get(text, 0) + 1
    rest = []
    for text, item in some:
        if left.get(text):
            left[text] -= 1
        else:
            rest.append(item)
    return rest


def _by_loose(old: list[Any], new: list[Any], fields: Fields) -> tuple[list[Match], list[Any], list[Any]]:
    """Pair the lonely items that `fields` name alone on both sides."""
    if not old or not new:
        return [], old, new
    was, now = _singles(old, fields), _singles(new, fields)
    shared = was.keys() & now.keys()
    pairs = [Match(was[key], now[key]) for key in was if key in shared]
    taken = {id(item) for key in shared for item in (was[key], now[key])}
    return pairs, [i for i in old if id(i) not in taken], [i for i in new if id(i) not in taken]


def _singles(items: Iterable[Any], fields: Fields) -> dict[Key, Any]:
    """Give the items by their values of `fields`, as far as these are filled and no two items share them."""
    found: dict[Key, Any] = {}
    twice: set[Key] = set()
    for item in items:
        if isinstance(item, dict) and item.get(fields[0]) is not None:
            key = _values(item, fields)
            twice.update({key} & found.keys())
            found[key] = item
    return {key: item for key, item in found.items() if key not in twice}


def _own(item: Any, keys: Keys | None) -> Key:
    """Give the identity of an item; those of a known list without any of the fields share one."""
    if keys is None or not isinstance(item, dict):
        return ("", content(item))
    fields = _own_fields(item, keys)
    return (fields, _values(item, fields))


def _own_fields(item: dict[str, Any], keys: Keys) -> Fields:
    for fields in keys.own:
        if item.get(fields[0]) is not None:
            return fields
    return ()


def _values(item: dict[str, Any], fields: Fields) -> Key:
    values = tuple(map(item.get, fields))
    try:
        hash(values)
    except TypeError:  # a list of ids, or something that has no business there
        return tuple(map(content, values))
    return values


def _in_order(pairs: list[Match], old: Sequence[Any], new: Sequence[Any]) -> list[Match]:
    """Put the pairs in the order of the old list, what is only new at the end in its own order."""
    if len(pairs) < 2:
        return pairs
    was = {id(item): place for place, item in enumerate(old)}
    now = {id(item): place for place, item in enumerate(new, start=len(old))}
    return sorted(pairs, key=lambda pair: was[id(pair.old)] if pair.old is not None else now[id(pair.new)])


def _label(pair: Match, keys: Keys | None) -> str:
    """Name a pair by what both share of their identity; by the older item where its leading field moved."""
    old, new = pair
    item = new if old is None else old
    if not isinstance(item, dict):
        return _text(item)
    fields = (_own_fields(item, keys) if keys else ()) or tuple(
        name for name, value in item.items() if not isinstance(value, dict | list)
    )
    filled = [name for name in fields if item.get(name) is not None]
    if isinstance(old, dict) and isinstance(new, dict):
        shared = [name for name in filled if _values(old, (name,)) == _values(new, (name,))]
        filled = shared if shared[:1] == filled[:1] else filled
    return " | ".join(_text(item[name]) for name in filled) or "-"


def _text(value: Any) -> str:
    """Write a value for a label: one line, no brackets of ours, not too long."""
    if isinstance(value, list):
        value = ", ".join(sorted(map(str, value)))
    text = value if isinstance(value, str) else canonical(value).decode()
    text = " ".join(text.replace("[", "(").replace("]", ")").split())
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - TAIL - 1].rstrip()}…{text[-TAIL:].lstrip()}"
