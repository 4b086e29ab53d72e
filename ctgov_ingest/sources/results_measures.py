"""Tables of measures: a heading with unit and parameter, then values by category and group.

The tables of baseline characteristics and of outcomes are built alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ctgov_ingest.sources.page_tree import Block
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.results_parts import Notes, Row, counts, key, measurement, note_of, said
from ctgov_ingest.study.vocabularies import MeasureParam

_PARAMS = "|".join(re.escape(param.label) for param in sorted(MeasureParam, key=lambda param: -len(param.label)))
_PARAM = re.compile(
    rf"(?:Measure Type:\s*)?(?P<param>{_PARAMS})"
    r"(?:\s*(?:\u00b1\s*(?P<spread>\S.*)|\(\s*(?P<interval>[^()]+?)\s*\)))?",
    re.IGNORECASE,
)
_UNITS = re.compile(r"\[\s*units:\s*(?P<old>.*?)\s*\]|Units? of measure:\s*(?P<new>.*)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:Number of (?P<old>.+?)(?: Analyzed)?|Overall Number of (?:Baseline )?(?P<new>.+?)(?: Analyzed)?)",
    re.IGNORECASE,
)
_ANALYZED = "number analyzed"
_DESCRIPTION = re.compile(r"(?:\[\d{1,2}\]\s*)?Measure Description:\s*(?P<text>.+)", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class Head:
    """What a heading says of a measure."""

    title: str
    unit: str | None = None
    param: str | None = None
    dispersion: str | None = None

    def values(self) -> dict[str, str | None]:
        """By the names of the model."""
        return {
            "title": self.title,
            "unitOfMeasure": self.unit,
            "paramType": self.param,
            "dispersionType": self.dispersion,
        }


def head_of(texts: Sequence[str]) -> Head:
    """`Age`, `[units: years]`, `Mean ± Standard Deviation` to their parts."""
    head = Head("")
    titles = []
    for text in texts:
        if units := _UNITS.fullmatch(text):
            head.unit = units["old"] or units["new"] or None
        elif param := _PARAM.fullmatch(text):
            head.param = param["param"]
            head.dispersion = param["spread"] or param["interval"]
        else:
            titles.append(text)
    head.title = note_of(" ".join(titles))[0]
    return head


@dataclass(slots=True)
class Measure:
    """A measure while its rows are read."""

    head: Head
    classes: list[RawTree] = field(default_factory=list)
    description: str = ""

    def tree(self, place: str) -> RawTree:
        """As raw values."""
        item = group({**self.head.values(), "description": self.description}, place)
        return item | ({"classes": [*self.classes]} if self.classes else {})


def number_of(text: str) -> str | None:
    """The units of a row that says how many were analyzed: `Number of Participants`."""
    found = _NUMBER.fullmatch(text)
    return (found["old"] or found["new"]) if found else None


def denoms(units: str, ids: Sequence[str], cells: Sequence[Block], place: str) -> RawTree:
    """How many were analyzed, of each group."""
    item = group({"units": units[:1].upper() + units[1:]}, place)
    return item | {"counts": counts(ids, cells, place)}


def add_row(measure: Measure, row: Row, ids: Sequence[str], known: Notes, place: str) -> None:
    """Add a row of values: under the label of a category, of a class and a category, or under none."""
    texts = [text for text in row.label if text]
    if texts and key(texts[-1]) == _ANALYZED:
        measure.classes.append(group({"title": texts[0] if len(texts) > 1 else ""}, place))
        measure.classes[-1]["denoms"] = [denoms("Participants", ids, row.cells, place)]
        return
    if len(texts) > 1 or not measure.classes:
        measure.classes.append(group({"title": texts[0] if len(texts) > 1 else ""}, place))
    category = group({"title": note_of(texts[-1])[0] if texts else ""}, place)
    values = [_measured(name, cell, known, place) for name, cell in zip(ids, row.cells, strict=False) if said(cell)]
    if values:
        category["measurements"] = [*values]
        categories = measure.classes[-1].setdefault("categories", [])
        if isinstance(categories, list):
            categories.append(category)


def _measured(group_id: str, cell: Block, known: Notes, place: str) -> Raw | RawTree:
    text, note = note_of(said(cell))
    return group({"groupId": group_id, **measurement(text), "comment": known.get(note)}, place)


def description_of(text: str) -> str | None:
    """The text of a row that describes a measure."""
    found = _DESCRIPTION.fullmatch(text)
    return found["text"] if found else None


def hide_untold(record: RawRecord, path: str, measures: Sequence[Measure]) -> None:
    """A page of before 2017 leaves out the parameter of plain numbers: nothing follows from its absence."""
    if any(measure.head.param is None for measure in measures):
        record.hide(f"{path}.paramType", f"{path}.dispersionType")
