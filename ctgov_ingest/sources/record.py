"""What a source hands on: raw texts under canonical paths, and what it could not place.

A source never builds a `Study`, reads a date or maps a label: it says "this text stands for this path, seen
there".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Union

from ctgov_ingest.issue import Issue


class Raw(NamedTuple):
    """A text as the source shows it; `place` says where."""

    text: str
    place: str


RawTree = dict[str, Union[Raw, "RawTree", list["Raw | RawTree"]]]
"""Texts, groups and lists by path: that from the study on, or in an item of a list that from the item on."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A label or text of the input that no table knows."""

    text: str
    place: str
    label: str | None = None


def group(values: Mapping[str, str | None], place: str) -> RawTree:
    """Texts by the names of their fields; what is empty is left out."""
    return {name: Raw(text, place) for name, text in values.items() if text}


@dataclass(slots=True)
class RawRecord:
    """Raw texts by canonical path, with the issues and the unread rest.

    `asides` holds texts that say nothing alone: rules put them there for the rule that sees them together.
    `hidden` holds paths that this record's page cannot show, though others of its presentation can.
    """

    tree: RawTree = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    asides: dict[str, Raw] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def put(self, path: str, text: str, place: str) -> None:
        """Say that `text` stands for `path`. A second, other text for the same path is an issue; the first
        stays.
        """
        there = self.tree.get(path)
        if there is None:
            self.tree[path] = Raw(text, place)
        elif isinstance(there, Raw) and there.text != text:
            self.issue("contradiction", f"two values on one page; kept {there.text!r}", path, text, place)

    def put_all(self, path: str, values: Iterable[Raw | RawTree]) -> None:
        """Say that the list at `path` has these items, behind those that it has. No items say nothing."""
        if values := list(values):
            self.tree[path] = [*self.items(path), *values]

    def items(self, path: str) -> list[Raw | RawTree]:
        """The items put at a list path so far (empty when none)."""
        there = self.tree.get(path)
        return there if isinstance(there, list) else []

    def text(self, path: str) -> str | None:
        """The text put at `path`, if any."""
        there = self.tree.get(path)
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

    def hide(self, *paths: str) -> None:
        """Say that the page of this record cannot show these paths, so that nothing follows from their absence."""
        self.hidden.update(paths)

    def leave(self, text: str, place: str, label: str | None = None) -> None:
        """Note a text that no table knows."""
        self.unread.append(Unread(text, place, label))
