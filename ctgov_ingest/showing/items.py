"""What the items of lists are called where they are shown whole or in passing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ctgov_ingest.compare.seen import Document, at, fields_of, items_at
from ctgov_ingest.showing.words import in_line
from ctgov_ingest.wording import cut, one_line
from ctgov_ingest.wording.naming import noun

NAMED: Final = {
    "locations": ("facility", "city", "state", "zip", "country", "status"),
    "contacts": ("name", "role", "phone", "phoneExt", "email"),
    "centralContacts": ("name", "role", "phone", "phoneExt", "email"),
    "overallOfficials": ("name", "affiliation", "role"),
    "collaborators": ("name",),
    "secondaryIdInfos": ("id", "type", "domain", "link"),
    "references": ("citation", "pmid", "type"),
    "retractions": ("source", "pmid"),
    "seeAlsoLinks": ("label", "url"),
    "availIpds": ("type", "id", "url", "comment"),
    "largeDocs": ("label", "date", "filename"),
    "meshes": ("term",),
    "ancestors": ("term",),
    "browseLeaves": ("name",),
    "browseBranches": ("name",),
    "denoms": ("units",),
    "counts": ("groupId", "value"),
    "measurements": ("groupId", "value", "spread", "lowerLimit", "upperLimit", "comment"),
    "stats": ("groupId", "numAffected", "numAtRisk", "numEvents"),
    "achievements": ("groupId", "numSubjects", "numUnits", "comment"),
    "reasons": ("groupId", "numSubjects", "comment"),
    "unpostedEvents": ("type", "date"),
    "submissionInfos": ("releaseDate", "unreleaseDate", "resetDate"),
    "violationEvents": ("type", "description", "postedDate"),
    "seriousEvents": ("term", "organSystem"),
    "otherEvents": ("term", "organSystem"),
}
"""Lists whose items are known by a line: the fields that make it. So are plain values."""

TITLED: Final = {
    "primaryOutcomes": ("measure",),
    "secondaryOutcomes": ("measure",),
    "otherOutcomes": ("measure",),
    "armGroups": ("label",),
    "interventions": ("type", "name"),
    "outcomeMeasures": ("title",),
    "measures": ("title",),
    "groups": ("title",),
    "eventGroups": ("title",),
    "periods": ("title",),
    "classes": ("title",),
    "categories": ("title",),
}
"""Lists whose items have a title and more to be said under it."""

JOINTS: Final = {"interventions": ": "}

PASSING: Final = {"locations": ("facility", "city"), "references": ("citation",), "centralContacts": ("name",)}
"""Lists whose items are called by fewer of their fields in passing."""

PASSED: Final = 100
"""So many characters of an item's title are shown where it is named in passing."""

LEFT_OUT: Final = frozenset({"geoPoint"})


def title_of(name: str, plain: str, item: Any) -> str:
    """What an item is called, in one line: whole where it is known by that, else by its title."""
    if not isinstance(item, Mapping):
        return in_line(plain, item)
    fields = NAMED.get(name) or TITLED.get(name) or tuple(item)
    parts = [in_line(f"{plain}.{field}", item[field]) for field in fields if item.get(field) not in (None, "")]
    return JOINTS.get(name, ", ").join(parts)


def called(name: str, title: str) -> str:
    """An item with the word for what it is: `Site “General Hospital, Springfield”`."""
    word = noun(name)
    return f"{word[:1].upper()}{word[1:]} “{title}”" if title else f"{word[:1].upper()}{word[1:]}"


def item_path(path: str) -> str:
    """The path of the outermost item that a path leads into; "" where it leads into none."""
    head, bracket, _rest = path.partition("]")
    return head + bracket if bracket else ""


def within(path: str) -> str:
    """A path within its outermost item."""
    return path[len(item_path(path)) :].lstrip(".")


def list_at(path: str) -> str:
    """The name of the list of the outermost item; "" where a path leads into none."""
    return item_path(path).partition("[")[0].rpartition(".")[2]


class Both:
    """The two documents, and what the items of their lists are called."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old = old
        self.new = new
        self._lists: dict[str, dict[str, Any]] = {}
        self._groups: dict[str, dict[str, str]] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter((self.old, self.new))

    def item(self, path: str) -> Any:
        """The outermost item at a path, as the old version has it, else the new one."""
        head, _, label = path.removesuffix("]").partition("[")
        if head not in self._lists:
            self._lists[head] = items_at(self.new, head) | items_at(self.old, head)
        return self._lists[head].get(label)

    def title(self, path: str, without: str = "") -> str:
        """What an outermost item is called in passing; `without` a field that is told beside it."""
        head, _, label = path.removesuffix("]").partition("[")
        name, item = head.rpartition(".")[2], self.item(path)
        if item is None:
            return one_line(label)
        short = fields_of(item, (field for field in PASSING.get(name, ()) if field != without))
        return cut(title_of(name, head, short or item), PASSED)

    def groups(self, path: str) -> dict[str, str]:
        """What groups of results are called, by their ids: those of the item in which a path lies, or of its module."""
        outer = item_path(path)
        if outer not in self._groups:
            module = at(self.new, outer.partition("[")[0].rpartition(".")[0])
            self._groups[outer] = dict(_groups(module)) | dict(_groups(self.item(outer)))
        return self._groups[outer]


def _groups(node: Any) -> Iterator[tuple[str, str]]:
    for name in ("groups", "eventGroups"):
        some = node.get(name) if isinstance(node, Mapping) else None
        for group in some if isinstance(some, list) else ():
            if isinstance(group, Mapping):
                yield str(group.get("id")), cut(in_line(name, group.get("title")), PASSED)
