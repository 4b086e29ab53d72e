"""Statistical analyses of an outcome: a table of labels and values each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ctgov_ingest.sources.page_tree import Block
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.results_parts import Notes, Part, key, long_text, note_of, said

FIELDS = {
    "groups": "groups",
    "comparison group selection": "groups",
    "comparison groups": "groups",
    "method": "statisticalMethod",
    "p value": "pValue",
    "p-value": "pValue",
    "type of statistical test": "nonInferiorityType",
    "estimation parameter": "paramType",
    "estimated value": "paramValue",
    "confidence interval": "interval",
    "parameter dispersion": "dispersion",
    "standard error of the mean": "dispersionValue",
    "standard deviation": "dispersionValue",
    "estimation comments": "estimateComment",
    "other statistical analysis": "otherAnalysisDescription",
}
"""Labels, and the field that each fills, or what it is."""

COMMENTS = {
    "groups": "groupDescription",
    "nonInferiorityType": "nonInferiorityComment",
    "pValue": "pValueComment",
    "statisticalMethod": "statisticalComment",
    "paramType": "estimateComment",
    "paramValue": "estimateComment",
    "interval": "estimateComment",
}
"""What a comment, or a note, at a field is."""

_HEADINGS = frozenset(
    {"statistical analysis overview", "statistical test of hypothesis", "method of estimation", "comments"}
)
_OPENINGS = frozenset({"groups", *_HEADINGS, "comparison group selection", "comparison groups"})
_INTERVAL_LABEL = re.compile(r"(?P<percent>[\d.]{1,6})% confidence interval", re.IGNORECASE)
_INTERVAL = re.compile(
    r"(?:\((?P<sides>\d-sided)\)\s*)?(?:(?P<percent>[\d.]{1,6})\s*%)?\s*(?P<lower>\S+)\s+to\s+(?P<upper>\S+)",
    re.IGNORECASE,
)

_NUMBER = re.compile(r"[<>=~\u2264\u2265]?\s*[-+\u2212]?[\d.,]{1,20}\s*%?|NA", re.IGNORECASE)
"""A value of a parameter, whose label before 2017 is the name of the parameter itself."""


def is_analysis(part: Part) -> bool:
    """Whether a table is an analysis, by its first label."""
    rows = part.rows
    return bool(rows) and len(rows[0]) > 1 and any(key(cell.text) in _OPENINGS for cell in rows[0][:-1])


def read_analysis(record: RawRecord, part: Part, groups: Sequence[RawTree], known: Notes, place: str) -> RawTree:
    """Read the rows of an analysis: the last cell is the value, the one before it the label."""
    values: dict[str, str] = {}
    ids: list[str] = []
    at = ""
    for row in part.rows:
        if not _is_row(row):
            at = ""
            record.leave(" ".join(cell.text for cell in row), place)
            continue
        label, cell = key(row[-2].text), row[-1]
        name = _name(label)
        note = known.get(note_of(row[-2].text)[1])
        if note:
            values.setdefault(COMMENTS.get(name or "paramType", "otherAnalysisDescription"), note)
        if not said(cell):
            continue
        if label == "comments" and at in COMMENTS:
            values.setdefault(COMMENTS[at], long_text(cell))
        elif name == "groups":
            ids = _group_ids(said(cell), groups)
            at = name
        elif name == "interval":
            values |= _interval(label, said(cell))
            at = name
        elif name:
            values[name] = said(cell)
            at = name
        elif "paramType" not in values and label and label not in _HEADINGS and _NUMBER.fullmatch(said(cell)):
            values |= {"paramType": _plain_label(row[-2]), "paramValue": said(cell)}
            at = "paramType"
        else:
            record.leave(said(cell), place, label or None)
    analysis = group(values, place)
    return analysis | ({"groupIds": [Raw(one, place) for one in ids]} if ids else {})


def _is_row(row: Sequence[Block]) -> bool:
    """Whether a row is a label and its value, or has a heading over rows before these."""
    return len(row) == 2 or (len(row) == 3 and key(row[0].text) in _HEADINGS)


def _name(label: str) -> str | None:
    return "interval" if _INTERVAL_LABEL.fullmatch(label) else FIELDS.get(label)


def _plain_label(cell: Block) -> str:
    """A label of before 2017 that names the parameter itself: `Hazard Ratio (HR) [4]`."""
    return re.sub(r"\s*\[\d{1,3}\]\s*$", "", cell.text)


def _interval(label: str, text: str) -> dict[str, str]:
    named = _INTERVAL_LABEL.fullmatch(label)
    found = _INTERVAL.fullmatch(text)
    if not found:
        return {"estimateComment": text}
    percent = found["percent"] or (named["percent"] if named else None)
    values = {
        "ciNumSides": found["sides"],
        "ciPctValue": percent,
        "ciLowerLimit": found["lower"],
        "ciUpperLimit": found["upper"],
    }
    return {name: value for name, value in values.items() if value}


def _group_ids(text: str, groups: Sequence[RawTree]) -> list[str]:
    """The groups that a text names: all of them, or those whose title stands in it, long titles first."""
    named = [(_text(item, "title"), _text(item, "id")) for item in groups]
    if text.casefold() == "all groups":
        return [group_id for _title, group_id in named]
    found = set()
    for title, group_id in sorted(named, key=lambda pair: -len(pair[0])):
        if title and title in text:
            text = text.replace(title, " ", 1)
            found.add(group_id)
    return [group_id for _title, group_id in named if group_id in found]


def _text(item: RawTree, name: str) -> str:
    there = item.get(name)
    return there.text if isinstance(there, Raw) else ""
