"""What a change is about, and whose doing it is: tables over paths.

`KINDS` sorts every path of the data model into a few kinds that a reader asks for ("what happened to the
sites?"); the longest prefix wins. `REGISTRY` names the paths that no sponsor fills in, `STAMPS` those that every update
moves.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Kind = Literal[
    "status",
    "dates",
    "enrollment",
    "outcomes",
    "eligibility",
    "arms",
    "sites",
    "contacts",
    "sponsor",
    "results",
    "references",
    "other",
    "derived",
]
By = Literal["sponsor", "registry"]

ORDER: Final[dict[str, int]] = {kind: place for place, kind in enumerate(get_args(Kind))}

_STATUS = "protocolSection.statusModule"
_PLACES = "protocolSection.contactsLocationsModule"

KINDS: Final[dict[str, Kind]] = {
    # The status module: what the study does, when it does it, and what is said about its results.
    _STATUS: "dates",
    f"{_STATUS}.overallStatus": "status",
    f"{_STATUS}.lastKnownStatus": "status",
    f"{_STATUS}.whyStopped": "status",
    f"{_STATUS}.expandedAccessInfo": "other",  # whether another record offers the drug: no status of this study
    f"{_STATUS}.delayedPosting": "results",
    f"{_STATUS}.resultsWaived": "results",
    f"{_STATUS}.resultsFirstSubmitDate": "results",
    f"{_STATUS}.resultsFirstSubmitQcDate": "results",
    f"{_STATUS}.resultsFirstPostDateStruct": "results",
    # A certification or a request for more time: the glossary calls it "results delayed".
    f"{_STATUS}.dispFirstSubmitDate": "results",
    f"{_STATUS}.dispFirstSubmitQcDate": "results",
    f"{_STATUS}.dispFirstPostDateStruct": "results",
    "hasResults": "results",
    "resultsSection": "results",
    "annotationSection.annotationModule.unpostedAnnotation": "results",
    "protocolSection.designModule.enrollmentInfo": "enrollment",
    "protocolSection.outcomesModule": "outcomes",
    "protocolSection.eligibilityModule": "eligibility",
    "protocolSection.armsInterventionsModule": "arms",
    f"{_PLACES}.locations": "sites",
    f"{_PLACES}.locations.contacts": "contacts",
    f"{_PLACES}.locations.geoPoint": "derived",  # a function of city, state, zip and country
    f"{_PLACES}.centralContacts": "contacts",
    f"{_PLACES}.overallOfficials": "contacts",
    "protocolSection.sponsorCollaboratorsModule": "sponsor",
    "protocolSection.identificationModule.organization": "sponsor",
    "protocolSection.referencesModule": "references",
    "derivedSection": "derived",
}

REGISTRY: Final[frozenset[str]] = frozenset(
    {
        "derivedSection",  # computed by the registry: terms, trees, tracking
        "annotationSection",  # "internally generated", says the registry's own field list
        "protocolSection.oversightModule.fdaaa801Violation",  # the FDA's finding
        f"{_PLACES}.locations.geoPoint",  # looked up from the place's name
    }
)

STAMPS: Final[frozenset[str]] = frozenset(
    {
        f"{_STATUS}.lastUpdateSubmitDate",
        f"{_STATUS}.lastUpdatePostDateStruct.date",
        f"{_STATUS}.lastUpdatePostDateStruct.type",
        f"{_STATUS}.statusVerifiedDate",
    }
)


def kind_of(path: str) -> Kind:
    """Tell the kind of a path without brackets; "other" is titles, texts, design, documents, the unknown."""
    while path:
        if path in KINDS:
            return KINDS[path]
        path = path.rpartition(".")[0]
    return "other"
