"""What moved from one list to a kindred one: a removal and an addition that belong together.

A secondary outcome that becomes a primary one is two changes, each with the whole item, since each path tells what
happened at it. Here they are joined, from the changes alone: rows of the store's log do as well. What stands word for
word in the other list has moved; and so has what is alike enough to be the same outcome in one list (`likeness.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ctgov_ingest.compare.changes import Change, compare
from ctgov_ingest.compare.identity import KINDRED, Key, own_fields, own_key
from ctgov_ingest.compare.matching import match
from ctgov_ingest.compare.paths import plain_path


class Move(NamedTuple):
    """An item that left one list and came into another, by the two changes that tell of it."""

    gone: Change
    come: Change

    @property
    def edits(self) -> list[Change]:
        """What was edited on the way, each with its path within the item."""
        return compare(self.gone.old, self.come.new)


def list_of(path: str) -> str | None:
    """The name of the list of which a path names an item; None for any other path."""
    return plain_path(path).rpartition(".")[2] if path.endswith("]") else None


def moves(changes: Iterable[Change]) -> list[Move]:
    """Join what left a list with what came into a kindred one."""
    lonely = [change for change in changes if list_of(change.path) in KINDRED and change.op != "changed"]
    gone = [change for change in lonely if isinstance(change.old, dict)]
    come = [change for change in lonely if isinstance(change.new, dict)]
    found = _verbatim(gone, come)
    taken = {change.path for move in found for change in move}
    gone, come = ([change for change in some if change.path not in taken] for some in (gone, come))
    alike = match("primaryOutcomes", [change.old for change in gone], [change.new for change in come])
    found += [Move(gone[was], come[now]) for was, now in alike if was is not None and now is not None]
    return [move for move in found if list_of(move.gone.path) != list_of(move.come.path)]


def _verbatim(gone: list[Change], come: list[Change]) -> list[Move]:
    was = _singles((change, change.old) for change in gone)
    now = _singles((change, change.new) for change in come)
    return [Move(was[key], now[key]) for key in was if key in now]


def _singles(changes: Iterable[tuple[Change, Any]]) -> dict[Key, Change]:
    """The changes by the identity of their items, as far as they have one of their own."""
    found: dict[Key, Change] = {}
    twice: set[Key] = set()
    for change, item in changes:
        if own_fields("primaryOutcomes", item):
            key = own_key("primaryOutcomes", item)
            twice.update({key} & found.keys())
            found[key] = change
    return {key: change for key, change in found.items() if key not in twice}
