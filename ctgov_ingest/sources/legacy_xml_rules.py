"""Texts of the legacy XML that are not yet the value of their field: pure functions, one text in."""

from __future__ import annotations

import re

from ctgov_ingest.sources.design_lines import Parts
from ctgov_ingest.sources.study_fields import DESIGN
from ctgov_ingest.values.phrases import split_phases

AGREEMENT = "resultsSection.moreInfoModule.certainAgreement"


def age(text: str) -> str | None:
    """An age limit; `N/A` is none."""
    return None if text.strip().upper() == "N/A" else text.strip()


def unknown_day(text: str) -> str | None:
    """A date; `Unknown` is none."""
    return None if text.strip().casefold() == "unknown" else text.strip()


def healthy_volunteers(text: str) -> str:
    """Whether healthy volunteers may take part, which older files say in words."""
    return "Yes" if text.strip().casefold() == "accepts healthy volunteers" else text


def document_file(text: str) -> str:
    """The name of a document's file: the last part of its address."""
    return text.strip().rpartition("/")[2]


_REGISTRY = re.compile(r"\s*\[Patient Registry\]\s*$", re.IGNORECASE)


def study_type(text: str) -> Parts:
    """The type of a study; `N/A` is that of a withheld record, which shows none."""
    plain = _REGISTRY.sub("", text)
    if plain.strip().upper() != "N/A":
        yield f"{DESIGN}.studyType", plain
    if plain != text:
        yield f"{DESIGN}.patientRegistry", "Yes"


def phases(text: str) -> Parts:
    """`Phase 1/Phase 2` is two phases."""
    for phase in split_phases(text):
        yield f"{DESIGN}.phases", phase


def processed_day(text: str) -> str | None:
    """The day in `ClinicalTrials.gov processed this data on March 03, 2022`."""
    found = re.search(r" on (\w{3,9} \d{1,2}, \d{4})\s*$", text)
    return found[1] if found else None


_GROUP_KINDS = {"P": "FG", "B": "BG", "O": "OG", "E": "EG"}


def group_id(text: str) -> str:
    """`O1` is the first group of an outcome, which is `OG000` today."""
    kind, number = text[:1], text[1:]
    if kind not in _GROUP_KINDS or not number.isdecimal() or int(number) < 1:
        raise ValueError(f"expected the id of a group such as O1, found {text[:80]!r}")
    return f"{_GROUP_KINDS[kind]}{int(number) - 1:03d}"


def month_of_posting(text: str) -> str:
    """`09/2012` is a month."""
    month, slash, year = text.strip().partition("/")
    return f"{year}-{month}" if slash else text


def pi_employee(text: str) -> str:
    """Whether all principal investigators are employed by the sponsor, which files say in a sentence."""
    for words, answer in ((" NOT employed ", "No"), (" ARE employed ", "Yes")):
        if words in text:
            return answer
    return text


_AGREEMENTS = (
    ("period that is less than or equal to 60 days", "LTE60"),
    ("more than 60 days but less than or equal to 180 days", "GT60"),
)
"""Words of the sentences that the registry prints for each kind of agreement; other text is the sponsor's own."""
_STANDARD = "The only disclosure restriction on the PI is that the sponsor can review results"


def agreement(text: str) -> Parts:
    """Whether an investigator may publish, which files say in a sentence."""
    plain = " ".join(text.split())
    if plain.startswith("There is NOT an agreement"):
        yield f"{AGREEMENT}.restrictiveAgreement", "No"
        return
    yield f"{AGREEMENT}.restrictiveAgreement", "Yes"
    kind = next((kind for words, kind in _AGREEMENTS if words in plain), None)
    if kind is None or not plain.startswith(_STANDARD):
        yield f"{AGREEMENT}.otherDetails", text
        kind = "OTHER"
    yield f"{AGREEMENT}.restrictionType", kind


def non_inferiority(text: str) -> Parts:
    """Whether an analysis was one of non-inferiority, which was a question until 2017."""
    yield "testedNonInferiority", text
    answer = text.strip().casefold()
    if answer in _INFERIORITY:
        yield "nonInferiorityType", _INFERIORITY[answer]


_INFERIORITY = {"yes": "NON_INFERIORITY_OR_EQUIVALENCE", "no": "SUPERIORITY_OR_OTHER"}


def drop_reason(text: str) -> str:
    """Why participants left; `Unspecified` is called `Other` today."""
    return "Other" if text.strip() == "Unspecified" else text


def results_posted(text: str) -> str | None:
    """`Has Results` or `No Results Available`."""
    return {"has results": "Yes", "no results available": "No"}.get(text.strip().casefold(), text)
