"""What a source hands on: raw texts under canonical paths, and what it could not place.

A source never builds a `Study`, reads a date or maps a label: it says "this text stands for this path, seen there".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union


@dataclass(frozen=True, slots=True)
class Raw:
    """A text as the source shows it; `place` says where."""

    text: str
    place: str


RawTree = dict[str, Union[Raw, "RawTree", list["Raw | RawTree"]]]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about a record that its user should know; it never keeps the record from being read.

    `code` is a stable word (`unparsed`, `unknown-key`, `borders-lost` …), `path` the canonical path where there is
    one, `raw` the text as it stood, `place` where in the input.
    """

    code: str
    message: str
    path: str | None = None
    raw: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A label or text of the input that no table knows."""

    text: str
    place: str
    label: str | None = None


@dataclass(slots=True)
class RawRecord:
    """Raw texts by canonical path, with the issues and the unread rest."""

    tree: RawTree = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def put(self, path: str, text: str, place: str) -> None:
        """Say that `text` stands for `path`. A second, different text for the same path is an issue; the first stays."""
        *parents, leaf = path.split(".")
        node = self._node(parents)
        there = node.get(leaf)
        if isinstance(there, Raw) and there.text != text:
            self.issue("contradiction", f"two values on one page; kept {there.text!r}", path, text, place)
        elif there is None:
            node[leaf] = Raw(text, place)

    def put_all(self, path: str, values: list[Raw] | list[RawTree]) -> None:
        """Say that the list at `path` has these items. An empty list says nothing."""
        if values:
            *parents, leaf = path.split(".")
            self._node(parents)[leaf] = list(values)

    def items(self, path: str) -> list[Raw | RawTree]:
        """The items put at a list path so far (empty when none)."""
        *parents, leaf = path.split(".")
        there = self._node(parents).get(leaf)
        return there if isinstance(there, list) else []

    def text(self, path: str) -> str | None:
        """The text put at `path`, if any."""
        *parents, leaf = path.split(".")
        there = self._node(parents).get(leaf)
        return there.text if isinstance(there, Raw) else None

    def issue(
        self,
        code: str,
        message: str,
        path: str | None = None,
        raw: str | None = None,
        place: str | None = None,
    ) -> None:
        """Note something that the user should know."""
        self.issues.append(Issue(code, message, path, raw, place))

    def leave(self, text: str, place: str, label: str | None = None) -> None:
        """Note a text that no table knows."""
        self.unread.append(Unread(text, place, label))

    def _node(self, names: list[str]) -> RawTree:
        node = self.tree
        for name in names:
            below = node.setdefault(name, {})
            if not isinstance(below, dict):
                raise TypeError(f"{'.'.join(names)} is put both as a value and as a group")
            node = below
        return node
