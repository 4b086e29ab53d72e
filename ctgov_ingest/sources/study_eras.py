"""The eras of study pages: a row each, with the labels that mean something else in it, and what it never shows.

Full Text View (2008 to 2017) and Study Details (2017 to 2023) go through the same pieces and rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from ctgov_ingest.sources.content import Content, Text, line, lines
from ctgov_ingest.sources.design_lines import masking
from ctgov_ingest.sources.record import Raw, RawRecord, group
from ctgov_ingest.sources.study_fields import (
    DESIGN,
    DESIGN_INFO,
    ELIGIBILITY,
    FIELDS,
    IDENTIFICATION,
    IPD,
    OVERSIGHT,
    STATUS,
    Line,
    Rule,
    Split,
)
from ctgov_ingest.sources.study_labels import label_key
from ctgov_ingest.values.designs import DESIGN_LABELS, split_design
from ctgov_ingest.values.phrases import split_secondary_id

WHO_MASKED = f"{DESIGN_INFO}.maskingInfo.whoMasked"
ORG_ID = f"{IDENTIFICATION}.orgStudyIdInfo.id"
SECONDARY_IDS = f"{IDENTIFICATION}.secondaryIdInfos"

RECEIVED_FIELDS: dict[str, Rule] = {
    "first received": Line(f"{STATUS}.studyFirstSubmitDate"),
    "study first received": Line(f"{STATUS}.studyFirstSubmitDate"),
    "last updated": Line(f"{STATUS}.lastUpdateSubmitDate"),
    "results first received": Line(f"{STATUS}.resultsFirstSubmitDate"),
}
"""The registry's dates of before 2017: when a record came in, not when it was posted; pages of mid-2017 have both."""


def _masking(record: RawRecord, value: Content, place: str) -> None:
    """The masking of before 2017, whose level is another than today's."""
    for path, text in masking(line(value)):
        if path == WHO_MASKED:
            record.put_all(path, [Raw(text, place)])
        else:
            record.put(path, text, place)


def _study_design(record: RawRecord, value: Content, place: str) -> None:
    """The whole design in one cell: its parts, from 2017 on with descriptions between them."""
    plain: list[str] = []
    described: dict[str, list[Text]] = {}
    at = ""
    for text in lines(value):
        label, colon, rest = text.partition(":")
        key = label_key(label) if colon else ""
        at = "" if key in DESIGN_LABELS else key if key in _DESCRIPTIONS else at
        if not at:
            plain.append(text)
        elif said := (rest.strip() if key == at else text):
            described.setdefault(at, []).append(Text(said))
    for key, texts in described.items():
        FIELDS[key](record, tuple(texts), place)
    design = split_design(plain)
    for name, text in design.parts:
        if name == "masking":
            _masking(record, (Text(text),), place)
        else:
            record.put(f"{DESIGN_INFO}.{name}", text, place)
    for word in design.unknown:
        record.issue("unparsed", "expected a word of a study's design", DESIGN_INFO, word, place)


def _study_ids(record: RawRecord, value: Content, place: str) -> None:
    """Ids with commas between them, the organization's own first. An id that holds a comma cannot be told from two."""
    first, *others = [part for text in lines(value) for part in text.split(", ") if part]
    record.put(ORG_ID, first, place)
    split = [dict(zip(("id", "type", "domain"), split_secondary_id(text), strict=True)) for text in others]
    record.put_all(SECONDARY_IDS, [group(parts, place) for parts in split])


def _untold(label: str, path: str) -> Rule:
    """A date or count without `Estimated`: it may be actual or of no type, which these pages do not tell."""
    rule = FIELDS[label]

    def untold(record: RawRecord, value: Content, place: str) -> None:
        rule(record, value, place)
        record.hide(path)

    return Split(untold, (rule.paths[0],))


_STRUCTS = {
    "enrollment": f"{DESIGN}.enrollmentInfo.type",
    "study start date": f"{STATUS}.startDateStruct.type",
    "primary completion date": f"{STATUS}.primaryCompletionDateStruct.type",
    "study completion date": f"{STATUS}.completionDateStruct.type",
}

_DESCRIPTIONS = ("intervention model description", "masking description")
_DESIGN_NAMES = ("allocation", "interventionModel", "primaryPurpose", "observationalModel", "timePerspective")

FULL_TEXT_FIELDS: dict[str, Rule] = {
    **RECEIVED_FIELDS,
    **{label: _untold(label, path) for label, path in _STRUCTS.items()},
    "study design": Split(
        _study_design,
        (
            *(f"{DESIGN_INFO}.{name}" for name in _DESIGN_NAMES),
            f"{DESIGN_INFO}.maskingInfo.masking",
            WHO_MASKED,
            *(path for label in _DESCRIPTIONS for path in FIELDS[label].paths),
        ),
    ),
    "masking": Split(_masking, (f"{DESIGN_INFO}.maskingInfo.masking", WHO_MASKED)),
    "other study id numbers": Split(_study_ids, (ORG_ID, f"{SECONDARY_IDS}.id")),
}
"""Labels of Full Text View that Study Details pages do not have, or that mean something else there."""


@dataclass(frozen=True, slots=True, eq=False)
class Era:
    """An era of the site: how its first tab is called, its own rows of labels, the paths that its pages never show."""

    tab: str
    fields: dict[str, Rule]
    lacks: frozenset[str]


FULL_TEXT = Era(
    "Full Text View",
    FULL_TEXT_FIELDS,
    frozenset(
        {
            f"{DESIGN_INFO}.interventionModelDescription",
            f"{DESIGN_INFO}.maskingInfo.maskingDescription",
            f"{DESIGN}.expandedAccessTypes",
            f"{ELIGIBILITY}.stdAges",
            f"{ELIGIBILITY}.genderBased",
            f"{ELIGIBILITY}.genderDescription",
            f"{SECONDARY_IDS}.type",
            f"{SECONDARY_IDS}.domain",
            OVERSIGHT,
            IPD,
            "documentSection",
        }
    ),
)
"""2008 to 2017. Where such a page shows one of what it lacks all the same (2016 on), it is read but not compared."""

DETAILS = Era("Study Details", {**RECEIVED_FIELDS, "study design": FULL_TEXT_FIELDS["study design"]}, frozenset())
"""2017 to 2023."""

ERAS = (FULL_TEXT, DETAILS)

_POSTINGS = {
    f"{STATUS}.studyFirstSubmitDate": (f"{STATUS}.studyFirstSubmitDate", f"{STATUS}.resultsFirstSubmitDate"),
    f"{STATUS}.lastUpdateSubmitDate": (f"{STATUS}.lastUpdateSubmitDate",),
    f"{STATUS}.studyFirstPostDateStruct.date": (
        f"{STATUS}.studyFirstPostDateStruct",
        f"{STATUS}.resultsFirstPostDateStruct",
    ),
    f"{STATUS}.lastUpdatePostDateStruct.date": (f"{STATUS}.lastUpdatePostDateStruct",),
    f"{STATUS}.statusVerifiedDate": (f"{STATUS}.statusVerifiedDate",),
}
"""Dates that every record has: a page without one shows no dates of its kind."""


def hide_dates_not_shown(record: RawRecord) -> None:
    """Say which kinds of dates a page does not show: those of receipt, those of posting, or neither."""
    for path, kind in _POSTINGS.items():
        if record.text(path) is None:
            record.hide(*kind)
