"""An event, and what a rule looks at to tell of events: two versions of a record, what changed, and the day.

What the events are is said in `events.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.kinds import By, Kind
from ctgov_ingest.compare.labels import labels
from ctgov_ingest.compare.paths import plain_path

Document = dict[str, Any]
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a record: its name, what is known of it, and the paths of the changes that tell of it.

    `data` holds JSON values alone. `by`: whose doing; the sponsor's, where the changes are of both.
    """

    name: str
    kind: Kind
    by: By
    data: Data
    paths: tuple[str, ...]


class Told(NamedTuple):
    """What a rule finds: the name of an event, its data, and the changes that tell of it."""

    name: str
    data: Data
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change within an item of a list: the item's path, its name in brackets, and what of it changed."""

    item: str
    label: str
    field: str
    change: Change


class Seen:
    """Two versions of a record and what changed between them. `on`: the day of the new version, if it is known."""

    def __init__(self, old: Document, new: Document, changes: Iterable[Change], on: str | None) -> None:
        self.old = old
        self.new = new
        self.on = on
        self._changes = [(plain_path(change.path), change) for change in changes]

    @property
    def kinds(self) -> set[str]:
        """The kinds of the changes."""
        return {change.kind for _, change in self._changes}

    def under(self, *prefixes: str) -> list[Change]:
        """The changes at these paths and below them; all of them without a path."""
        if not prefixes:
            return [change for _, change in self._changes]
        return [change for plain, change in self._changes if any(is_under(plain, prefix) for prefix in prefixes)]

    def whole(self, path: str) -> list[Change]:
        """The changes of the list at `path` that add or remove an item, or put one plain value for another."""
        return [change for plain, change in self._changes if plain == path and change.path.endswith("]")]

    def edits(self, path: str) -> dict[str, list[Edit]]:
        """The changes within items of the list at `path`, by the path of the item."""
        found: dict[str, list[Edit]] = {}
        for plain, change in self._changes:
            if plain.startswith(f"{path}."):
                label, _, field = change.path[len(path) + 1 :].partition("]")
                edit = Edit(f"{path}[{label}]", label, field.lstrip("."), change)
                found.setdefault(edit.item, []).append(edit)
        return found


def is_under(path: str, prefix: str) -> bool:
    """Say whether a path without brackets is `prefix` or below it."""
    return path == prefix or path.startswith(f"{prefix}.")


def at(document: Document, path: str) -> Any:
    """The value at a path without brackets; None where there is none."""
    node: Any = document
    for name in path.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def items_at(document: Document, path: str) -> dict[str, Any]:
    """The items of the list at `path` by their names in paths."""
    found = at(document, path)
    items = [item for item in found if item is not None] if isinstance(found, list) else []
    return dict(zip(labels(path.rpartition(".")[2], items), items, strict=True))


def fields_of(item: Any, names: Iterable[str]) -> Data:
    """Those of the fields that an item has."""
    return {name: item[name] for name in names if isinstance(item, dict) and item.get(name) is not None}


def as_edit(field: str, change: Change) -> Data:
    """A change as part of an event's data."""
    return {"field": field, "op": change.op, "old": change.old, "new": change.new}
