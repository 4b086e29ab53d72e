"""Which paths a presentation can show at all.

"The sponsor removed it" and "this page never has it" look the same in a document. Two documents of different
presentations are therefore compared only on the paths that both can carry: `mask(old, both)` and `mask(new,
both)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

Trie = dict[str, "Trie"]


@dataclass(frozen=True, slots=True)
class Carried:
    """A set of dotted paths without list positions, or everything (`Carried.ALL`).

    A path stands for all that lies below it: a leaf as a rule, a whole module where a presentation shows all
    of it.
    """

    paths: frozenset[str] | None
    trie: Trie = field(init=False, repr=False, compare=False)

    ALL: ClassVar[Carried]

    def __post_init__(self) -> None:
        object.__setattr__(self, "trie", _trie(self.paths or ()))

    @classmethod
    def of(cls, paths: Iterable[str]) -> Carried:
        """Make it of these paths."""
        return cls(frozenset(paths))

    def covers(self, path: str) -> bool:
        """Say whether the value at `path` (names joined by dots, without brackets) can be shown."""
        return self.paths is None or any(above in self.paths for above in _upwards(path))

    def __and__(self, other: Carried) -> Carried:
        """Give what both can carry."""
        if self.paths is None or other.paths is None:
            return other if self.paths is None else self
        mine = {path for path in self.paths if other.covers(path)}
        return Carried.of(mine | {path for path in other.paths if self.covers(path)})


def mask(document: dict[str, Any], carried: Carried) -> dict[str, Any]:
    """Give `document` restricted to the paths that are carried; dicts and lists left empty fall away."""
    if carried.paths is None:
        return document
    return (_mask(document, carried.trie) or {}) if carried.paths else {}


def _mask(value: Any, trie: Trie) -> Any:
    """Restrict one value; None when nothing of it is left."""
    if not trie:
        return value
    if isinstance(value, dict):
        kept = {key: _mask(item, trie[key]) for key, item in value.items() if key in trie}
        return {key: item for key, item in kept.items() if not _empty(item)} or None
    if isinstance(value, list):
        return [item for item in (_mask(each, trie) for each in value) if not _empty(item)] or None
    return None


def _empty(value: Any) -> bool:
    """Say whether nothing is there: None, {} or []; zero, false and the empty text are values."""
    return value is None or (isinstance(value, dict | list) and not value)


def _upwards(path: str) -> Iterable[str]:
    """Give `path` and every path above it."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _trie(paths: Iterable[str]) -> Trie:
    """Nest the names of the paths; an empty dict stands for "all below"."""
    root: Trie = {}
    for path in sorted(paths, key=len, reverse=True):
        *above, leaf = path.split(".")
        node = root
        for name in above:
            node = node.setdefault(name, {})
        node[leaf] = {}
    return root


Carried.ALL = Carried(None)
