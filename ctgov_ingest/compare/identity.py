"""What makes an item of a list itself: a table, and the names that it gives.

`IDENTITY` names, for each list of the data model, the fields that make an item itself. The lists are known by
their name alone (`groups`, `counts`, `contacts`): wherever a name stands twice in the model, it means the
same thing. How items are matched by it is said in `matching.py`. The table was checked on the real records of
`shared/corpus`: on neighbouring versions, and on versions years apart.

* `own`: the first of these whose leading field is filled is the item's identity.
* `loose`: for items that found no counterpart by their own identity. A loose match speaks only where it is
  unambiguous, that is, where the fields name exactly one lonely item on either side: an outcome whose time
  frame moved, a site whose zip was corrected. Descriptions are no loose names: of 95,129 pairs of outcomes of one list
  in 1,969 records, 4,832 share theirs.

Items of a list not in the table are known by their whole content, and so are plain values.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ctgov_ingest.compare.content import content
from ctgov_ingest.compare.words import flat

Fields = tuple[str, ...]
Key = tuple[Any, ...]


class Keys(NamedTuple):
    """The fields that identify an item of a list, surest first."""

    own: tuple[Fields, ...]
    loose: tuple[Fields, ...] = ()


_OUTCOME = Keys(own=(("measure", "timeFrame"), ("timeFrame",)), loose=(("measure",),))
_CONTACT = Keys(own=(("name", "role"), ("email",), ("phone",), ("role",)), loose=(("name",), ("email",)))
_EVENT = Keys(own=(("term", "organSystem"),), loose=(("term",),))
_OF_GROUP = Keys(own=(("groupId",),))
_BY_ID = Keys(own=(("id",),))
_BY_TYPE = Keys(own=(("type",),))
_BY_TITLE = Keys(own=(("title",),))

IDENTITY: Final[dict[str, Keys]] = {
    # protocolSection
    "secondaryIdInfos": _BY_ID,
    "collaborators": Keys(own=(("name",),)),
    "armGroups": Keys(own=(("label",),)),
    "interventions": Keys(own=(("type", "name"), ("name",)), loose=(("name",),)),
    "primaryOutcomes": _OUTCOME,
    "secondaryOutcomes": _OUTCOME,
    "otherOutcomes": _OUTCOME,
    "centralContacts": _CONTACT,
    "contacts": _CONTACT,
    "overallOfficials": Keys(own=(("name",), ("affiliation",))),
    "locations": Keys(
        own=(("facility", "city", "state", "country", "zip"), ("city", "state", "country", "zip")),
        loose=(
            ("facility", "city", "state", "country"),
            ("facility", "city", "country"),
            ("zip", "facility", "country"),
            ("zip", "facility"),
        ),
    ),
    "references": Keys(own=(("pmid",), ("citation",)), loose=(("citation",),)),
    "retractions": Keys(own=(("pmid",), ("source",))),
    "seeAlsoLinks": Keys(own=(("url",), ("label",)), loose=(("label",),)),
    "availIpds": Keys(own=(("id", "type", "url"), ("url",), ("type",)), loose=(("id", "type"), ("type", "url"))),
    # resultsSection
    "groups": _BY_ID,
    "eventGroups": _BY_ID,
    "periods": _BY_TITLE,
    "milestones": _BY_TYPE,
    "dropWithdraws": _BY_TYPE,
    "achievements": _OF_GROUP,
    "reasons": _OF_GROUP,
    "denoms": Keys(own=(("units",),)),
    "counts": _OF_GROUP,
    "measures": Keys(own=(("title",),)),
    "classes": _BY_TITLE,
    "categories": _BY_TITLE,
    "measurements": _OF_GROUP,
    "stats": _OF_GROUP,
    "outcomeMeasures": Keys(
        own=(("title", "type", "timeFrame"), ("type", "timeFrame")), loose=(("title", "type"), ("title",))
    ),
    "analyses": Keys(own=(("groupIds", "paramType", "statisticalMethod"),), loose=(("groupIds",),)),
    "seriousEvents": _EVENT,
    "otherEvents": _EVENT,
    # annotationSection, documentSection, derivedSection
    "unpostedEvents": Keys(own=(("type", "date"),)),
    "violationEvents": Keys(own=(("type", "creationDate"),), loose=(("type",),)),
    "largeDocs": Keys(own=(("filename",), ("label",)), loose=(("typeAbbrev", "label"),)),
    "submissionInfos": Keys(own=(("releaseDate",), ("mcpReleaseN",))),
    "meshes": Keys(own=(("id",), ("term",))),
    "ancestors": _BY_ID,
    "browseLeaves": _BY_ID,
    "browseBranches": Keys(own=(("abbrev",),)),
}

KINDRED: Final = frozenset({"primaryOutcomes", "secondaryOutcomes", "otherOutcomes"})
"""Lists of one module between which items move."""


def own_fields(name: str, item: Any) -> Fields:
    """The fields that identify an item of the list `name`; none for one that has none of them."""
    keys = IDENTITY.get(name)
    if keys is not None and isinstance(item, dict):
        for fields in keys.own:
            if item.get(fields[0]) is not None:
                return fields
    return ()


def own_key(name: str, item: Any) -> Key:
    """The identity of an item; those of a known list without any of the fields share one."""
    if isinstance(item, str):
        return ("", item)
    if not isinstance(item, dict) or name not in IDENTITY:
        return ("", content(item))
    fields = own_fields(name, item)
    return (fields, _values(item, fields))


def flat_key(name: str, item: Any) -> Key | None:
    """The words of an item's identity; None where there are none."""
    if isinstance(item, str):
        return (flat(item),)
    fields = own_fields(name, item)
    return (fields, *(_flat(item.get(one)) for one in fields)) if fields else None


def loose_key(fields: Fields, item: Any) -> Key | None:
    """The values of `fields`; None where the leading one is not filled."""
    return _values(item, fields) if isinstance(item, dict) and item.get(fields[0]) is not None else None


def _flat(value: Any) -> str | bytes:
    return flat(value) if isinstance(value, str) else content(value)


def _values(item: dict[str, Any], fields: Fields) -> Key:
    values = tuple(map(item.get, fields))
    try:
        hash(values)
    except TypeError:  # a list of ids, or something that has no business there
        return tuple(map(content, values))
    return values
