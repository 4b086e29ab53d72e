"""Names of fields: pieces (`OverallStatus`), their paths, and the search areas made of them.

`pieces.tsv` has the registry's own names (its data model as of 2.0.5). Which pieces an area holds is not documented at
hand: these are the ones that its name speaks of.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["struct", "date", "number", "text"]


class Piece(NamedTuple):
    """A field under the registry's short name."""

    name: str
    path: str
    kind: Kind


@cache
def pieces() -> dict[str, Piece]:
    """All pieces by name."""
    rows = (line.split("\t") for line in (Path(__file__).parent / "pieces.tsv").read_text().splitlines())
    return {name: Piece(name, path, kind) for name, path, kind in rows}  # type: ignore[arg-type]


AREAS: dict[str, tuple[str, ...]] = {
    "ConditionSearch": ("Condition", "Keyword", "BriefTitle", "OfficialTitle", "ConditionMeshTerm"),
    "TitleSearch": ("BriefTitle", "OfficialTitle", "Acronym"),
    "InterventionSearch": ("InterventionName", "InterventionOtherName", "ArmGroupLabel", "BriefTitle", "OfficialTitle"),
    "OutcomeSearch": (
        "PrimaryOutcomeMeasure",
        "PrimaryOutcomeDescription",
        "SecondaryOutcomeMeasure",
        "SecondaryOutcomeDescription",
        "OtherOutcomeMeasure",
    ),
    "SponsorSearch": ("LeadSponsorName", "CollaboratorName", "OrgFullName"),
    "IdSearch": ("NCTId", "NCTIdAlias", "OrgStudyId", "SecondaryId", "Acronym"),
    "LocationSearch": ("LocationFacility", "LocationCity", "LocationState", "LocationCountry", "LocationZip"),
    "PatientSearch": ("Condition", "BriefTitle", "OfficialTitle", "BriefSummary", "Keyword"),
    "LeadSponsorName": ("LeadSponsorName",),
    "BasicSearch": (
        "NCTId",
        "NCTIdAlias",
        "OrgStudyId",
        "SecondaryId",
        "Acronym",
        "BriefTitle",
        "OfficialTitle",
        "BriefSummary",
        "DetailedDescription",
        "Condition",
        "Keyword",
        "InterventionName",
        "LeadSponsorName",
        "CollaboratorName",
        "PrimaryOutcomeMeasure",
        "SecondaryOutcomeMeasure",
    ),
}

QUERIES = {
    "query.cond": "ConditionSearch",
    "query.term": "BasicSearch",
    "query.locn": "LocationSearch",
    "query.titles": "TitleSearch",
    "query.intr": "InterventionSearch",
    "query.outc": "OutcomeSearch",
    "query.spons": "SponsorSearch",
    "query.lead": "LeadSponsorName",
    "query.id": "IdSearch",
    "query.patient": "PatientSearch",
}
"""Which area each query parameter searches."""


@cache
def _by_path() -> dict[str, Piece]:
    return {piece.path: piece for piece in pieces().values()}


def paths_of(name: str) -> tuple[str, ...]:
    """The paths that a name stands for: a piece, a path, or an area. Raises KeyError for any other name."""
    if name in AREAS:
        return tuple(pieces()[piece].path for piece in AREAS[name])
    found = pieces().get(name) or _by_path().get(name) or pieces()[name[:1].upper() + name[1:]]
    return (found.path,)


def kind_of(name: str) -> Kind:
    """The kind of a piece, for sorting. Raises KeyError for a name that is none."""
    return (pieces().get(name) or _by_path()[name]).kind
