"""Changes back to documents: the old document and what changed give the new one.

    apply(old, compare(old, new)) has the content of new

Content is what `content.py` says: the order of lists, and the ways to write nothing, are set aside, and so is the stamp
of the data set, of which no change is told. Rows of the store's log do as well as changes: an item is found by its name
in the path, which depends on the old document alone. Where documents were compared on what both can show, `old` is the
old document as far as both can show it (`carried.mask`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from ctgov_ingest.compare.content import is_nothing, same_content, something
from ctgov_ingest.compare.labels import labels
from ctgov_ingest.compare.paths import below, name_of, steps
from ctgov_ingest.compare.paths import item as item_path
from ctgov_ingest.errors import Inapplicable


class Row(Protocol):
    """What is needed of a change: a `Change`, or a row of a log."""

    @property
    def path(self) -> str: ...  # noqa: D102

    @property
    def old(self) -> Any: ...  # noqa: D102

    @property
    def new(self) -> Any: ...  # noqa: D102


def apply(old: dict[str, Any], changes: Iterable[Row]) -> dict[str, Any]:
    """Give the new document; `old` stays as it is, and what did not change is shared.

    Raises `Inapplicable` where a change tells of an old value that is not there.
    """
    root = _Node()
    for change in changes:
        node = root
        for step in steps(change.path):
            node = node.under.setdefault(step, _Node())
        node.rows.append(change)
    return _dict(old, root, "")


class _Node:
    """What happens at a path and below it."""

    __slots__ = ("rows", "under")

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.under: dict[str, _Node] = {}


def _value(old: Any, node: _Node, path: str, name: str = "") -> Any:
    """Give what becomes of a value; `name` is that of the member in which it stands."""
    for row in node.rows:
        if not same_content(something(old), something(row.old)):
            raise Inapplicable(f"a change of {_short(row.old)} was expected, found {_short(old)}", place=path)
        old = row.new
    if not node.under:
        return old
    if any(step.startswith("[") for step in node.under):
        return _list(_of(list, old, path), node, path, name)
    return _dict(_of(dict, old, path), node, path)


def _dict(old: dict[str, Any], node: _Node, path: str) -> dict[str, Any]:
    new = dict(old)
    for step, under in node.under.items():
        name = name_of(step)
        new[name] = _value(old.get(name), under, below(path, name), name)
        if is_nothing(new[name]):
            del new[name]
    return new


def _list(old: list[Any], node: _Node, path: str, name: str) -> list[Any]:
    items = [item for item in old if item is not None]
    left = dict(node.under)
    new = []
    for item, label in zip(items, labels(name, items), strict=True):
        under = left.pop(f"[{label}]", None)
        new.append(item if under is None else _value(item, under, item_path(path, label)))
    new += [_value(None, under, f"{path}{label}") for label, under in left.items()]
    return [item for item in new if item is not None]


def _of(kind: type, old: Any, path: str) -> Any:
    """Give a value of a kind, an empty one for nothing."""
    if is_nothing(old):
        return kind()
    if not isinstance(old, kind):
        raise Inapplicable(f"a {kind.__name__} was expected, found {_short(old)}", place=path)
    return old


def _short(value: Any) -> str:
    return repr(value)[:60]
