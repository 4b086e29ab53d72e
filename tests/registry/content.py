"""One content of a study: the bytes of a record with a hole where the data set's stamp stands.

`derivedSection.miscInfoModule.versionHolder` moves on every record with every data set, so it is filled in on serving.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import orjson

from ctgov_ingest.compare import content_hash

Json = dict[str, Any]
Projection = dict[str, Any]
"""Names that are shown, as a tree; an empty branch stands for all that is below it."""

HOLE = "0000-00-00"
_HOLE = f'"versionHolder":"{HOLE}"'.encode()

NCT_ID = "protocolSection.identificationModule.nctId"
ALIASES = "protocolSection.identificationModule.nctIdAliases"
STATUS = "protocolSection.statusModule.overallStatus"
VERIFIED = "protocolSection.statusModule.statusVerifiedDate"
COMPLETED = "protocolSection.statusModule.completionDateStruct.date"
SUBMITTED = "protocolSection.statusModule.lastUpdateSubmitDate"
POSTED = "protocolSection.statusModule.lastUpdatePostDateStruct.date"
FIRST_POSTED = "protocolSection.statusModule.studyFirstPostDateStruct.date"
_COMMON = (NCT_ID, ALIASES, STATUS, VERIFIED, COMPLETED, SUBMITTED, POSTED, FIRST_POSTED)


class Content:
    """What a record says, whatever the day. Two contents are equal if they say the same."""

    def __init__(self, document: Json) -> None:
        derived = document.get("derivedSection", {})
        misc = {**derived.get("miscInfoModule", {}), "versionHolder": HOLE}
        self.raw = orjson.dumps({**document, "derivedSection": {**derived, "miscInfoModule": misc}})
        self._values = {path: values_at(document, path.split(".")) for path in _COMMON}
        self._shown: dict[str, bytes] = {}
        self.nct_id: str = self._values[NCT_ID][0]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return f"<{self.nct_id} {self.status} posted {self.posted}>"

    def document(self) -> Json:
        """Give a document of one's own, with the hole as its stamp."""
        document: Json = orjson.loads(self.raw)
        return document

    @cached_property
    def content_hash(self) -> str:
        """The hash that a store knows the content by: it leaves the stamp out."""
        return content_hash(self.document())

    def stamped(self, day: str, fields: Projection | None = None) -> bytes:
        """Give the record, or some fields of it, as the data set of a day (`2026-08-14`) has it."""
        raw = self.raw if fields is None else self._projected(fields)
        return raw.replace(_HOLE, f'"versionHolder":"{day}"'.encode())

    def _projected(self, fields: Projection) -> bytes:
        key = repr(fields)
        if key not in self._shown:
            self._shown[key] = orjson.dumps(projected(self.document(), fields))
        return self._shown[key]

    def values(self, *paths: str) -> list[Any]:
        """All values at some paths; kept, since searches ask for the same few paths again and again."""
        missing = [path for path in paths if path not in self._values]
        if missing:
            document = self.document()
            self._values |= {path: values_at(document, path.split(".")) for path in missing}
        return [value for path in paths for value in self._values[path]]

    def first(self, path: str) -> str | None:
        """The first value at a path, if there is any."""
        return str(found[0]) if (found := self.values(path)) else None

    @property
    def status(self) -> str | None:
        """The overall status."""
        return self.first(STATUS)

    @property
    def posted(self) -> str | None:
        """The day on which the last update was posted: the registry's date of a version."""
        return self.first(POSTED)

    @property
    def last_update(self) -> tuple[str | None, str | None]:
        """The days on which the last update was submitted and posted."""
        return self.first(SUBMITTED), self.first(POSTED)


def values_at(node: Any, names: list[str]) -> list[Any]:
    """The values at a path, through lists, one by one; a dict at its end counts as one value."""
    if isinstance(node, list):
        return [value for item in node for value in values_at(item, names)]
    if not names:
        return [node]
    return values_at(node[names[0]], names[1:]) if isinstance(node, dict) and names[0] in node else []


def projected(document: Json, fields: Projection) -> Json:
    """A document with the fields of the tree alone."""
    return {name: _kept(document[name], below) for name, below in fields.items() if name in document}


def _kept(value: Any, fields: Projection) -> Any:
    if not fields:
        return value
    if isinstance(value, list):
        return [_kept(item, fields) for item in value]
    return projected(value, fields) if isinstance(value, dict) else value


def projection(paths: Iterable[str]) -> Projection:
    """The tree of some paths."""
    tree: Projection = {}
    for path in paths:
        _grow(tree, path.split("."))
    return tree


def _grow(tree: Projection, names: list[str]) -> None:
    head, *rest = names
    if not rest:
        tree[head] = {}
    elif head not in tree:
        tree[head] = {}
        _grow(tree[head], rest)
    elif tree[head]:
        _grow(tree[head], rest)
