"""What differs between two documents of one study: changes, each with its path, kind and author.

* Items of lists are matched by identity and likeness (`matching.py`): the order of a list is never a change.
* An item on one side only is one change, with the whole item. A module on one side only is told leaf by leaf
  and item by item, so that each change has its own kind.
* An item that moved to a kindred list (`identity.KINDRED`: a secondary outcome that becomes a primary one) is a
  removal and an addition, each with the whole item, so that every change says what happened at its path. `moves.py`
  says which of them belong together, and what was edited on the way.
* Absent, null, `{}` and `[]` are the same: nothing there (`content.py`).
* Applying the changes to the old document gives the new one (`apply.py`).
* No change is told twice, and the stamp (`fingerprint.STAMP`) is never told.

Who did it. A submission of the sponsor always moves the date of the last update, so whatever changes while
both dates of the last update stand still is the registry's own doing (seen with NCT06302556, whose status
became UNKNOWN while nothing else moved). When a date did move, these are still the registry's: the paths of
`kinds.REGISTRY`; references of type DERIVED, which the registry links by itself; and a status that becomes
UNKNOWN, together with the last known status that then appears. UNKNOWN is shown for a study that was not
verified for two years; it is not a status that a sponsor can hand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from ctgov_ingest.compare.carried import Carried, mask
from ctgov_ingest.compare.content import content, something
from ctgov_ingest.compare.fingerprint import STAMP
from ctgov_ingest.compare.identity import KINDRED
from ctgov_ingest.compare.kinds import ORDER, REGISTRY, By, Kind, kind_of
from ctgov_ingest.compare.labels import labels
from ctgov_ingest.compare.matching import Match, match, match_kindred
from ctgov_ingest.compare.paths import below, item

Op = Literal["added", "removed", "changed"]
Document = dict[str, Any]


class HasDocument(Protocol):
    """What can give itself as plain JSON values with the API's names, as the model does."""

    def document(self) -> Document:
        """Give the document."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what was there, what is there, what it is about, and whose doing it is."""

    path: str
    op: Op
    old: Any
    new: Any
    kind: Kind
    by: By


class Difference(NamedTuple):
    """A change, and where it stands: its path without the names of items, and the two records that hold its values."""

    change: Change
    plain: str
    old: Document
    new: Document


def compare(
    old: Document | HasDocument, new: Document | HasDocument, *, carried: Carried = Carried.ALL, words: bool = False
) -> list[Change]:
    """List what changed in the paths that are carried, the status first and the derived last.

    `words`: texts are compared on their words alone. That is for documents of different presentations, which mark
    up lists, paragraphs and signs differently (markdown, hyphens and indents, elements of a page).
    """
    return [one.change for one in differences(_document(old), _document(new), carried=carried, words=words)]


def differences(old: Document, new: Document, *, carried: Carried, words: bool) -> list[Difference]:
    """What `compare` lists, each with where it stands."""
    walk = _Walk("registry" if stands(old, new) else None, words=words)
    walk.dicts(mask(old, carried), mask(new, carried), "", "", None)
    return sorted(walk.found, key=lambda found: ORDER[found.change.kind])


def same(
    old: Document | HasDocument, new: Document | HasDocument, *, carried: Carried = Carried.ALL, words: bool = False
) -> bool:
    """Say whether both tell the same in the paths that are carried; `words` as in `compare`."""
    return not compare(old, new, carried=carried, words=words)


class _Walk:
    """Goes down both documents at once and collects changes.

    `path` has the items' names in brackets, `plain` has not; `by` is set as soon as the path tells the
    author.
    """

    def __init__(self, default: By | None, *, words: bool) -> None:
        self.found: list[Difference] = []
        self._words = words
        self._default: By | None = default

    def dicts(self, old: Document, new: Document, path: str, plain: str, by: By | None) -> None:
        """Compare two dicts key by key, in the order of the old one, then what only the new one has."""
        changed = [key for key in (*old, *(key for key in new if key not in old)) if old.get(key) != new.get(key)]
        matched = _kindred(old, new, changed)
        for key in changed:
            was, now, under = old.get(key), new.get(key), below(plain, key)
            known: By | None = "registry" if under in REGISTRY else by
            if key in matched:
                self.items(was or [], now or [], matched[key], below(path, key), under, known)
            else:
                self.values(was, now, below(path, key), under, known, (old, new))

    def values(
        self, old: Any, new: Any, path: str, plain: str, by: By | None, within: tuple[Document, Document]
    ) -> None:
        """Compare two values that are not equal; an absent dict or list counts as an empty one."""
        if _like(old, new, dict):
            self.dicts(old or {}, new or {}, path, plain, by)
        elif _like(old, new, list):
            was, now = _filled(old or []), _filled(new or [])
            self.items(was, now, match(plain.rpartition(".")[2], was, now), path, plain, by)
        elif plain != STAMP and not self._same(old, new):
            self.tell(something(old), something(new), path, plain, by, within)

    def items(
        self, old: list[Any], new: list[Any], matches: Iterable[Match], path: str, plain: str, by: By | None
    ) -> None:
        """Compare the items of two lists that are matched."""
        name = plain.rpartition(".")[2]
        for was, now, label in _named(name, old, new, matches):
            known = by or _author(name, was, now)
            if isinstance(was, dict) and isinstance(now, dict):
                self.dicts(was, now, item(path, label), plain, known)
            elif not self._same(was, now):
                self.tell(was, now, item(path, label), plain, known, ({}, {}))

    def _same(self, old: Any, new: Any) -> bool:
        """Say whether two values that are not equal say the same: lists in lists are matched by all that they hold."""
        are_lists = isinstance(old, list) and isinstance(new, list)
        return are_lists or (self._words and _same_words(old, new))

    def tell(self, old: Any, new: Any, path: str, plain: str, by: By | None, within: tuple[Document, Document]) -> None:
        """Note one change, if it is one: nothing on both sides may be written in two ways."""
        if old is new is None:
            return
        op: Op = "added" if old is None else "removed" if new is None else "changed"
        author = self._default or by or _flips(old, new, plain) or "sponsor"
        self.found.append(Difference(Change(path, op, old, new, kind_of(plain), author), plain, *within))


def _kindred(old: Document, new: Document, changed: list[str]) -> dict[str, list[Match]]:
    """Match the lists between which items may move together, where more than one of them changed."""
    names = [key for key in changed if key in KINDRED]
    if len(names) < 2 or not all(_like(old.get(name), new.get(name), list) for name in names):
        return {}
    return match_kindred({name: (_filled(old.get(name) or []), _filled(new.get(name) or [])) for name in names})


def _named(name: str, old: list[Any], new: list[Any], matches: Iterable[Match]) -> Iterable[tuple[Any, Any, str]]:
    """Give the items of each match with the label by which both are known: the old one's, where there is one."""
    pairs = list(matches)
    if not pairs:
        return
    counterparts = dict(pairs)

    def fate(place: int) -> bytes:
        if place not in counterparts:
            return b""
        now = counterparts[place]
        return b"~" if now is None else content(new[now])

    called = labels(name, old, fate=fate)
    come = [pair.new for pair in pairs if pair.old is None and pair.new is not None]
    fresh = dict(zip(come, labels(name, [new[place] for place in come], called), strict=True))
    for was, now in pairs:
        if was is not None:
            yield old[was], None if now is None else new[now], called[was]
        elif now is not None:
            yield None, new[now], fresh[now]


_LIST_MARK = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+", re.MULTILINE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def _same_words(old: Any, new: Any) -> bool:
    """Say whether two texts have the same words: list marks, escapes and white space set apart."""
    return isinstance(old, str) and isinstance(new, str) and _words(old) == _words(new)


def _words(text: str) -> list[str]:
    return _LIST_MARK.sub("", _ESCAPE.sub(r"\1", text)).split()


def _filled(items: list[Any]) -> list[Any]:
    return [item for item in items if item is not None]


def _like(old: Any, new: Any, kind: type) -> bool:
    """Say whether one side is of this kind and the other side too, or nothing."""
    return (isinstance(old, kind) and (new is None or isinstance(new, kind))) or (old is None and isinstance(new, kind))


def _author(name: str, old: Any, new: Any) -> By | None:
    """Tell the registry's references: all that is there of the item, on either side, is of type DERIVED."""
    if name != "references":
        return None
    there = [item for item in (old, new) if isinstance(item, dict)]
    return "registry" if all(item.get("type") == "DERIVED" for item in there) else None


_OVERALL = "protocolSection.statusModule.overallStatus"
_LAST_KNOWN = "protocolSection.statusModule.lastKnownStatus"


def _flips(old: Any, new: Any, plain: str) -> By | None:
    """Tell the registry's hand in a status that becomes UNKNOWN and the last known one that appears."""
    if (plain == _OVERALL and new == "UNKNOWN") or (plain == _LAST_KNOWN and old is None):
        return "registry"
    return None


def stands(old: Document, new: Document) -> bool:
    """Say whether the dates of the last update are there on both sides and did not move."""
    pairs = [
        (was, now)
        for was, now in zip(_last_update(old), _last_update(new), strict=True)
        if was is not None and now is not None
    ]
    return bool(pairs) and all(was == now for was, now in pairs)


def _last_update(document: Document) -> tuple[Any, Any]:
    status = _at(document, "protocolSection", "statusModule")
    return _at(status, "lastUpdateSubmitDate"), _at(status, "lastUpdatePostDateStruct", "date")


def _at(node: Any, *names: str) -> Any:
    """Follow names down; None where there is no way on."""
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node


def _document(study: Document | HasDocument) -> Document:
    return study if isinstance(study, dict) else study.document()
