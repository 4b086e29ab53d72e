"""What a path is called in words: `primaryOutcomes[Survival | 2 years].timeFrame` is a primary outcome's time frame."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any, Final, NamedTuple

from ctgov_ingest.wording.plain import one_line
from ctgov_ingest.wording.values import in_words

NOUNS: Final = {
    "armGroups": "arm",
    "locations": "site",
    "centralContacts": "central contact",
    "references": "reference",
    "seeAlsoLinks": "link",
    "availIpds": "data or document",
    "largeDocs": "document",
    "secondaryIdInfos": "other id",
    "nctIdAliases": "former id",
    "unpostedEvents": "submission of results",
    "submissionInfos": "tracked submission of results",
    "violationEvents": "finding of the FDA",
    "removedCountries": "country of former sites",
    "classes": "class",
    "analyses": "analysis",
    "denoms": "denominator",
    "whoMasked": "masked party",
    "meshes": "MeSH term",
    "ancestors": "MeSH ancestor",
    "browseLeaves": "browse term",
    "browseBranches": "browse branch",
    "categories": "category",
    "phases": "phase",
}
"""Lists whose items are not called as the list is without its last letter."""

FIELDS: Final = {
    "locations": ("facility", "city", "country"),
    "contacts": ("name",),
    "centralContacts": ("name",),
    "references": ("citation",),
    "seeAlsoLinks": ("label", "url"),
    "largeDocs": ("label", "filename"),
    "meshes": ("term",),
    "ancestors": ("term",),
    "browseLeaves": ("name",),
    "browseBranches": ("name",),
}
"""Lists whose items are known to people by other fields than to `compare`."""

LABELS: Final = {"locations": slice(0, 2), "interventions": slice(1, 2)}
"""Which parts of an item's name are enough to name it in passing, where that is not the first."""

NAMES: Final = {
    "enrollmentInfo.count": "enrollment",
    "enrollmentInfo.type": "enrollment",
    "orgStudyIdInfo.id": "organization's study id",
    "organization.fullName": "organization",
    "geoPoint.lat": "latitude",
    "geoPoint.lon": "longitude",
    "hasResults": "results posted",
    "whyStopped": "why stopped",
    "dispFirstSubmitDate": "delay of results asked for",
    "dispFirstPostDateStruct.date": "delay of results posted",
}
"""Ends of paths that have a name of their own."""

SELF_TOLD: Final = frozenset({"whyStopped", "dispFirstSubmitDate", "dispFirstPostDateStruct.date"})
"""Those that need no word to say that they came."""

_PLURALS: Final = {"y": "ies", "is": "es", "s": "ses", "": "s"}

_ACRONYMS: Final = {
    "url": "URL",
    "ipd": "IPD",
    "ipds": "IPD",
    "nct": "NCT",
    "fda": "FDA",
    "dmc": "DMC",
    "sap": "SAP",
    "us": "U.S.",
}

_STEP = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_EMPTY_WORDS = re.compile(r"(Section|Module|Info|Struct)$")
_TYPE_OR_DATE = re.compile(r"(Struct)\.(?:date|type)$")
_GENERIC = frozenset({"name", "title", "type", "description", "url", "timeFrame", "comment"})
"""Fields that say nothing without what they are of."""


class Place(NamedTuple):
    """A path taken apart: what is said of which item, inside which other item."""

    field: str  # "" where the item itself came or went
    list: str  # "" where the path leads through no list
    label: str
    outer_list: str
    outer_label: str


def place_of(path: str) -> Place:
    """Take a path apart."""
    steps = [(found[1], found[2]) for found in _STEP.finditer(one_line(path))]
    lists = [at for at, (_name, label) in enumerate(steps) if label is not None]
    inner = lists[-1] if lists else -1
    field = ".".join(name for name, _label in steps[inner + 1 :])
    none = ("", "")
    own = steps[inner] if lists else none
    outer = steps[lists[-2]] if len(lists) > 1 else none
    return Place(field, *own, *outer)


def noun(name: str, count: int = 1) -> str:
    """What an item of a list is called, or `count` of them."""
    one = NOUNS.get(name) or _spaced(name.removesuffix("s"))
    if count == 1:
        return one
    head, of, rest = one.partition(" of ")
    end, plural = next((end, plural) for end, plural in _PLURALS.items() if head.endswith(end))
    return f"{count:,} {head.removesuffix(end)}{plural}{of}{rest}"


def named(name: str, label: str) -> str:
    """An item of a list, named in passing."""
    parts = label.split(" | ")
    return f"{noun(name)} “{', '.join(parts[LABELS.get(name, slice(0, 1))]) or label}”"


def field_name(field: str) -> str:
    """What a field is called: by its last word that says something, a date by what it is the date of."""
    if (known := _end(field, NAMES)) is not None:
        return NAMES[known]
    field = _TYPE_OR_DATE.sub(r"\1", field)
    names = [_EMPTY_WORDS.sub("", name) for name in field.split(".")]
    if names[-1] in _GENERIC and len(names) > 1:
        return _spaced(" ".join(names[-2:]))
    return _spaced(names[-1])


def what_happened(field: str, op: str) -> str:
    """A field with the word for what happened to it, where that is needed."""
    is_plain = op == "changed" or (op == "added" and _end(field, SELF_TOLD) is not None)
    return field_name(field) if is_plain else f"{field_name(field)} {op}"


def item_in_words(name: str, label: str, item: Any) -> str:
    """An item of a list, by what people know it by."""
    if not isinstance(item, dict):
        return one_line(in_words(item))
    known = [one_line(in_words(item[field])) for field in FIELDS.get(name, ()) if item.get(field)]
    return ", ".join(known) or label.replace(" | ", ", ")


def _end(field: str, known: Container[str]) -> str | None:
    """The end of a path, two names or one, that is among the known."""
    ends = (".".join(field.split(".")[-2:]), field.rpartition(".")[2])
    return next((end for end in ends if end in known), None)


def _spaced(name: str) -> str:
    words = _CAMEL.sub(" ", one_line(name)).split()
    return " ".join(_ACRONYMS.get(word.lower()) or (word if _is_acronym(word) else word.lower()) for word in words)


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) > 1
