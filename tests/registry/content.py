"""One content of a study: the bytes of a record with a hole where the data set's stamp stands.

`derivedSection.miscInfoModule.versionHolder` moves on every record with every data set, so it is filled in on serving.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import orjson

Json = dict[str, Any]

HOLE = "0000-00-00"
_HOLE = f'"versionHolder":"{HOLE}"'.encode()

STATUS = "protocolSection.statusModule"
POSTED = f"{STATUS}.lastUpdatePostDateStruct.date"
SUBMITTED = f"{STATUS}.lastUpdateSubmitDate"


class Content:
    """What a record says, whatever the day. Two contents are equal if they say the same."""

    def __init__(self, document: Json) -> None:
        self.nct_id: str = document["protocolSection"]["identificationModule"]["nctId"]
        derived = document.get("derivedSection", {})
        misc = {**derived.get("miscInfoModule", {}), "versionHolder": HOLE}
        self.raw = orjson.dumps({**document, "derivedSection": {**derived, "miscInfoModule": misc}})
        self._values: dict[str, list[Any]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return f"<{self.nct_id} {self.status} posted {self.posted}>"

    def stamped(self, day: str) -> bytes:
        """Give the record as the data set of a day (`2026-08-14`) holds it."""
        return self.raw.replace(_HOLE, f'"versionHolder":"{day}"'.encode())

    def document(self) -> Json:
        """Give a document of one's own, with the hole as its stamp."""
        document: Json = orjson.loads(self.raw)
        return document

    def values(self, path: str) -> list[Any]:
        """All values at a path; kept, since searches ask for the same few paths again and again."""
        if path not in self._values:
            self._values[path] = list(values_at(self.document(), path.split(".")))
        return self._values[path]

    @cached_property
    def status(self) -> str | None:
        """The overall status."""
        return self._first(f"{STATUS}.overallStatus")

    @cached_property
    def last_update(self) -> tuple[str | None, str | None]:
        """The days on which the last update was submitted and posted."""
        return self._first(SUBMITTED), self._first(POSTED)

    @property
    def posted(self) -> str | None:
        """The day on which the last update was posted: the registry's date of a version."""
        return self.last_update[1]

    def _first(self, path: str) -> str | None:
        found = self.values(path)
        return str(found[0]) if found else None


def values_at(node: Any, names: list[str]) -> list[Any]:
    """The values at a path, through lists; a dict at its end counts as one value."""
    if isinstance(node, list):
        return [value for item in node for value in values_at(item, names)]
    if not names:
        return [node]
    return values_at(node[names[0]], names[1:]) if isinstance(node, dict) and names[0] in node else []
