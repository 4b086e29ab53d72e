"""The rows of the Tabular View: each label of both generations, and what its cell is.

Most rows go to the rules of study pages under another label (`ROWS`); what the Tabular View alone has stands in
`TABULAR_FIELDS`. Sources: the real page of 2015, the first lines of one of 2019, and the registry's label list.
"""

from __future__ import annotations

import re

from ctgov_ingest.sources.content import Content, Text, line, lines, markdown
from ctgov_ingest.sources.pieces import Role
from ctgov_ingest.sources.record import Raw, RawRecord
from ctgov_ingest.sources.study_fields import (
    CONDITIONS,
    CONTACTS,
    DESIGN,
    FIELDS,
    IDENTIFICATION,
    IPD,
    OUTCOMES,
    OVERSIGHT,
    STATUS,
    Line,
    Rule,
    Split,
    phases,
)
from ctgov_ingest.sources.study_header import ACRONYM, SPONSOR_FIELDS, TITLE, put_status
from ctgov_ingest.sources.study_labels import OUTCOME_LABELS, label_key

ORGANIZATION = f"{IDENTIFICATION}.organization.fullName"
REMOVED = "derivedSection.miscInfoModule.removedCountries"
SITES = f"{CONTACTS}.locations"

GROUPS = frozenset(
    {"tracking information", "descriptive information", "recruitment information", "administrative information"}
)
"""Headings of groups of rows: they place a row, for labels that stand in two groups."""

NOT_PROVIDED = "not provided"
"""What stands in a cell where there is nothing."""

ROWS: dict[str, tuple[Role, str]] = {
    # Tracking Information
    "first received date": (Role.FIELD, "first received"),
    "first submitted date": (Role.FIELD, "first received"),
    "last updated date": (Role.FIELD, "last updated"),
    "first posted date": (Role.FIELD, "first posted"),
    "last update posted date": (Role.FIELD, "last update posted"),
    "results first received date": (Role.FIELD, "results first received"),
    "results first submitted date": (Role.FIELD, "results first received"),
    "results first posted date": (Role.FIELD, "results first posted"),
    **{
        f"{qualifier}{study}{name}": (Role.FIELD, f"{qualifier}{label}")
        for qualifier in ("", "actual ", "estimated ")
        for study in ("", "study ")
        for name, label in (("start date", "study start date"), ("completion date", "study completion date"))
    },
    **{
        f"{qualifier}{name}": (Role.FIELD, f"{qualifier}{name}")
        for qualifier in ("", "actual ", "estimated ")
        for name in ("primary completion date", "enrollment")
    },
    **{
        f"current {kind}{specified}outcome measures": (Role.OUTCOMES, f"{kind}outcome measures")
        for kind in ("primary ", "secondary ", "other ")
        for specified in ("", "pre-specified ")
    },
    # Descriptive Information
    "brief title": (Role.FIELD, "brief title"),
    "official title": (Role.FIELD, "official title"),
    "brief summary": (Role.FIELD, "brief summary"),
    "detailed description": (Role.FIELD, "detailed description"),
    "study type": (Role.FIELD, "study type"),
    "study phase": (Role.FIELD, "study phase"),
    "phase": (Role.FIELD, "study phase"),
    "study design": (Role.FIELD, "study design"),
    "target follow-up duration": (Role.FIELD, "target follow-up duration"),
    "biospecimen": (Role.FIELD, "biospecimen"),
    "sampling method": (Role.FIELD, "sampling method"),
    "study population": (Role.FIELD, "study population"),
    "condition": (Role.FIELD, "condition"),
    "conditions": (Role.FIELD, "condition"),
    "keywords": (Role.FIELD, "keywords"),
    "intervention": (Role.INTERVENTIONS, ""),
    "interventions": (Role.INTERVENTIONS, ""),
    "study arm": (Role.GROUPS, ""),
    "study arms": (Role.GROUPS, ""),
    "study group/cohort": (Role.GROUPS, ""),
    "study groups/cohorts": (Role.GROUPS, ""),
    "publications": (Role.REFERENCES, "publications of both kinds"),
    # Recruitment Information
    "recruitment status": (Role.FIELD, "recruitment status"),
    "expanded access status": (Role.FIELD, "recruitment status"),
    "eligibility criteria": (Role.FIELD, "criteria"),
    "gender": (Role.FIELD, "sex/gender"),
    "sex/gender": (Role.FIELD, "sex/gender"),
    "ages": (Role.FIELD, "ages eligible for study"),
    "accepts healthy volunteers": (Role.FIELD, "accepts healthy volunteers"),
    "contacts": (Role.CONTACTS, ""),
    "location countries": (Role.FIELD, "listed location countries"),
    "listed location countries": (Role.FIELD, "listed location countries"),
    "removed location countries": (Role.FIELD, "removed location countries"),
    # Administrative Information
    "nct number": (Role.FIELD, "clinicaltrials.gov identifier"),
    "other study id numbers": (Role.FIELD, "other study id numbers"),
    "has data monitoring committee": (Role.FIELD, "has data monitoring committee"),
    "u.s. fda-regulated product": (Role.FIELD, "u.s. fda-regulated product"),
    "ipd sharing statement": (Role.FIELD, "ipd sharing statement"),
    "plan to share data": (Role.FIELD, "plan to share ipd"),
    "responsible party": (Role.FIELD, "responsible party"),
    "current responsible party": (Role.FIELD, "responsible party"),
    "study sponsor": (Role.FIELD, "sponsor"),
    "current study sponsor": (Role.FIELD, "sponsor"),
    "collaborators": (Role.FIELD, "collaborators"),
    "investigators": (Role.OFFICIALS, ""),
    "information provided by": (Role.FIELD, "prs account"),
    "prs account": (Role.FIELD, "prs account"),
    "verification date": (Role.FIELD, "last verified"),
}
"""Labels as they stand, without marks; what the cell is, and the label of the rule that reads it."""

ORIGINAL_VALUES = "original values"
ORIGINAL = "original "
"""How labels begin whose cells show the record as first registered: today's model has no field for them."""


def _brief_title(record: RawRecord, value: Content, place: str) -> None:
    record.put(TITLE, line(value), place)


def _page_title(record: RawRecord, value: Content, place: str) -> None:
    """The heading of the page, which adds the acronym to the brief title of the table in parentheses."""
    heading, title = line(value), record.text(TITLE)
    if title is None:
        record.put(TITLE, heading, place)
        return
    behind = heading.removeprefix(title).strip()
    if heading.startswith(title) and behind.startswith("(") and behind.endswith(")"):
        record.put(ACRONYM, behind[1:-1].strip(), place)
    elif heading != title:
        record.put(TITLE, heading, place)


def _status(record: RawRecord, value: Content, place: str) -> None:
    """The status in words, which the header says too; a footnote's sign may stand behind it."""
    put_status(record, line(value).rstrip("\u2020*\u2021 "), place)


def _conditions(record: RawRecord, value: Content, place: str) -> None:
    record.put_all(f"{CONDITIONS}.conditions", [Raw(text, place) for text in lines(value)])


def _keywords(record: RawRecord, value: Content, place: str) -> None:
    record.put_all(f"{CONDITIONS}.keywords", [Raw(text, place) for text in lines(value)])


_LABELLED = re.compile(r"(?P<label>[A-Z][^:]{1,80}):\s*(?P<value>.*)", re.DOTALL)


def _labelled(default: str | None, labels: dict[str, str]) -> Rule:
    """A cell of lines `Label: value`; a line without a known label belongs to the one before it, or to `default`."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        values: dict[str, list[Text]] = {}
        at = default
        for text in lines(value):
            found = _LABELLED.fullmatch(text)
            key = label_key(found["label"]) if found else ""
            if found and key in labels:
                at = labels[key]
                values.setdefault(at, []).extend([Text(found["value"])] if found["value"] else [])
            elif at:
                values.setdefault(at, []).append(Text(text))
            else:
                record.leave(text, place)
        for label, texts in values.items():
            FIELDS[label](record, tuple(texts), place)

    return Split(rule, tuple(path for label in labels.values() for path in FIELDS[label].paths))


_SEX_LABELS = {
    label: label
    for label in (
        "sexes eligible for study",
        "gender based",
        "gender based eligibility",
        "gender eligibility description",
    )
}
_FDA_LABELS = {
    **{label: label for label in FIELDS if FIELDS[label].paths[0].startswith(f"{OVERSIGHT}.is")},
    "product manufactured in and exported from the u.s": "product manufactured in and exported from the u.s.",
}
_IPD_LABELS = {label: label for label in FIELDS if FIELDS[label].paths[0].startswith(f"{IPD}.")}


def _biospecimen(record: RawRecord, value: Content, place: str) -> None:
    """`Retention: Samples With DNA`, then `Description:` with its text below."""
    texts = lines(value)
    retention = next((text for text in texts if text.startswith("Retention:")), None)
    if retention is None:
        FIELDS["biospecimen retention"](record, (Text(texts[0]),), place)
    else:
        FIELDS["biospecimen retention"](record, (Text(retention.removeprefix("Retention:").strip()),), place)
    rest = tuple(Text(text.removeprefix("Description:").strip()) for text in texts if text not in (retention, texts[0]))
    if text := markdown(tuple(block for block in rest if block)):
        record.put(f"{DESIGN}.bioSpec.description", text, place)


def countries(text: str) -> list[str]:
    """`United States, Korea, Republic of` is two countries."""
    names: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        if names and _TAILS.fullmatch(part):
            names[-1] = f"{names[-1]}, {part}"
        elif part:
            names.append(part)
    return names


_TAILS = re.compile(
    r"(?:The )?(?:Republic of|Islamic Republic of|Democratic Republic of the|The Democratic Republic of the"
    r"|Former Yugoslav Republic of|The Former Yugoslav Republic of|Province of China|Democratic People's Republic of"
    r"|Bolivarian Republic of|Plurinational State of|United Republic of|Federated States of|Occupied|U\.S\.|British)",
    re.IGNORECASE,
)
"""What stands behind the comma in names of countries that hold one."""


def _listed_countries(record: RawRecord, value: Content, place: str) -> None:
    """Countries without sites: the model has none of its own for them, and sites are not made up from them."""
    message = "the page names the countries of the sites, not the sites"
    names = [name for text in lines(value) for name in countries(text)]
    record.issue("countries-only", message, SITES, "; ".join(names), place)


def _removed_countries(record: RawRecord, value: Content, place: str) -> None:
    names = [name for text in lines(value) for name in countries(text)]
    record.put_all(REMOVED, [Raw(name, place) for name in names])


def _original(code: str, path: str) -> Rule:
    """A cell that shows the record as first registered: an issue keeps its text, whole."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        message = "as first registered: today's model has a field for the current text only, which stands there"
        record.issue(code, message, path or None, "\n".join(lines(value)), place)

    return Split(rule, ())


_ORIGINAL_OUTCOMES: dict[str, Rule] = {
    f"original {label}": _original("original-outcomes", f"{OUTCOMES}.{name}") for label, name in OUTCOME_LABELS.items()
}

TABULAR_FIELDS: dict[str, Rule] = {
    **_ORIGINAL_OUTCOMES,
    ORIGINAL_VALUES: _original("original-values", ""),
    "brief title": Split(_brief_title, (TITLE,)),
    "page title": Split(_page_title, (TITLE, ACRONYM)),
    "study phase": Split(phases, (f"{DESIGN}.phases",)),
    "biospecimen": Split(_biospecimen, (f"{DESIGN}.bioSpec.retention", f"{DESIGN}.bioSpec.description")),
    "condition": Split(_conditions, (f"{CONDITIONS}.conditions",)),
    "keywords": Split(_keywords, (f"{CONDITIONS}.keywords",)),
    "recruitment status": Split(_status, (f"{STATUS}.overallStatus",)),
    "sex/gender": _labelled("sexes eligible for study", _SEX_LABELS),
    "listed location countries": Split(_listed_countries, ()),
    "removed location countries": Split(_removed_countries, (REMOVED,)),
    "u.s. fda-regulated product": _labelled(None, _FDA_LABELS),
    "ipd sharing statement": _labelled("plan to share ipd", _IPD_LABELS),
    "prs account": Line(ORGANIZATION),
    "sponsor": SPONSOR_FIELDS["sponsor"],
    "collaborators": SPONSOR_FIELDS["collaborators"],
}
"""Rows that study pages do not have, or have in another shape."""
