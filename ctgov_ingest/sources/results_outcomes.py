"""Outcome measures: each with its groups, its values and its analyses, as far as the page has it unfolded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ctgov_ingest.sources.page_tree import Block
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.results_analyses import is_analysis, read_analysis
from ctgov_ingest.sources.results_measures import Head, Measure, add_row, denoms, head_of, number_of
from ctgov_ingest.sources.results_parts import (
    DESCRIPTIONS,
    TITLES,
    Notes,
    Part,
    Row,
    Section,
    group_ids,
    key,
    long_text,
    make_groups,
    row_of,
    said,
    titles_of,
)
from ctgov_ingest.values.phrases import split_outcome

OUTCOMES = "resultsSection.outcomeMeasuresModule.outcomeMeasures"

NAMES = ("type", "title", "timeFrame")
"""What a page shows of an outcome also where it is folded away."""

SHOWN = tuple(
    f"{OUTCOMES}.{name}"
    for name in (
        *NAMES,
        *("description", "populationDescription", "paramType", "dispersionType", "unitOfMeasure"),
        *("groups.id", "groups.title", "groups.description"),
        *("denoms.units", "denoms.counts.groupId", "denoms.counts.value"),
    )
)
"""The paths that this part fills for certain. Values and analyses are read too, but pages do not tell classes from
categories, nor which fields a note of an analysis belongs to.
"""

_TYPES = {
    "primary": "Primary",
    "secondary": "Secondary",
    "other": "Other Pre-specified",
    "other pre-specified": "Other Pre-specified",
    "post-hoc": "Post-Hoc",
}
_NUMBERED = re.compile(rf"\d{{1,3}}\.\s*(?P<type>{'|'.join(_TYPES)})(?:\s+Outcome(?:\s+Measure)?)?\s*:?", re.IGNORECASE)

FIELDS = {
    "measure type": "type",
    "measure title": "title",
    "title": "title",
    "measure description": "description",
    "description": "description",
    "time frame": "timeFrame",
    "safety issue": "",
}
"""Labels of an outcome's own table, and the name of each; empty: today's model has no field for it."""

_POPULATION = frozenset({"population description", "analysis population description"})
_FURNITURE = re.compile(
    r"reporting groups|measured values|outcome measure data|statistical analys[ie]s(?: \d{1,3})?(?: for .*)?"
    r"|no statistical analysis provided for .*"
    r"|(?:primary|secondary|other pre-specified|post-hoc) outcomes?(?: measures?)?",
    re.IGNORECASE | re.DOTALL,
)
"""Captions that say nothing alone."""


@dataclass(slots=True)
class Outcome:
    """An outcome while its tables are read."""

    values: dict[str, str]
    head: Head | None = None
    groups: list[RawTree] = field(default_factory=list)
    denoms: list[Raw | RawTree] = field(default_factory=list)
    measure: Measure = field(default_factory=lambda: Measure(Head("")))
    analyses: list[Raw | RawTree] = field(default_factory=list)

    def tree(self, place: str) -> RawTree:
        """As raw values."""
        head = self.measure.head.values() if self.measure.classes else {}
        item = group({**head, **self.values}, place)
        lists: RawTree = {
            "groups": [*self.groups],
            "denoms": self.denoms,
            "classes": [*self.measure.classes],
            "analyses": self.analyses,
        }
        return item | {name: found for name, found in lists.items() if found}


def read_outcomes(record: RawRecord, section: Section) -> None:
    """Read the parts of the section, a new outcome at each number."""
    outcomes: list[Outcome] = []
    known = Notes()
    for at, part in enumerate(section.parts):
        if opened := _opened(part):
            outcomes.append(opened)
            known.leave(record, section.name)
            known = _notes_ahead(section.parts[at + 1 :])
        _captions(record, part, outcomes, section.name)
        if (opened and opened.values.get("title")) or part.table is None or part.is_notes:
            continue
        after = section.parts[at + 1 : at + 2]
        about = Notes(after) if is_analysis(part) and after and after[0].is_notes else known
        if not outcomes or not _read_table(record, outcomes[-1], part, about, section.name):
            Part([], part.table).leave(record, section.name)
        if about is not known:
            about.leave(record, section.name)
    known.leave(record, section.name)
    record.put_all(OUTCOMES, [outcome.tree(section.name) for outcome in outcomes])
    if any(outcome.measure.head.param is None for outcome in outcomes):
        record.hide(f"{OUTCOMES}.paramType", f"{OUTCOMES}.dispersionType")


def _notes_ahead(parts: Sequence[Part]) -> Notes:
    """The notes of the tables up to the next outcome; those of analyses stand by themselves."""
    found = []
    for part in parts:
        if _opened(part) or is_analysis(part):
            break
        found += [part] if part.is_notes else []
    return Notes(found)


def _opened(part: Part) -> Outcome | None:
    """A new outcome: `1. Primary:` in the first cell, or as a line of its own."""
    rows = part.rows
    if len(rows) == 1 and len(rows[0]) == 2 and (found := _NUMBERED.fullmatch(rows[0][0].text)):
        parts = split_outcome(rows[0][1].text)
        values = {"type": _TYPES[found["type"].casefold()], "title": parts.measure}
        return Outcome(values | ({"timeFrame": parts.time_frame} if parts.time_frame else {}))
    lines = [found for text in part.captions if (found := _NUMBERED.fullmatch(text))]
    return Outcome({"type": _TYPES[lines[-1]["type"].casefold()]}) if lines else None


def _captions(record: RawRecord, part: Part, outcomes: Sequence[Outcome], place: str) -> None:
    """Lines before a table: the population of the outcome, furniture, or unread."""
    population = False
    for text in part.captions:
        if key(text) in _POPULATION:
            population = True
        elif _FURNITURE.fullmatch(text.rstrip(" :")) or _NUMBERED.fullmatch(text):
            population = False
        elif population and outcomes:
            outcomes[-1].values.setdefault("populationDescription", text)
        else:
            record.leave(text, place)


def _read_table(record: RawRecord, outcome: Outcome, part: Part, known: Notes, place: str) -> bool:
    """Read one table of an outcome; False for a table that is none of these."""
    rows = part.rows
    first = key(rows[0][0].text) if rows and rows[0] else ""
    if key(part.caption) in _POPULATION and rows and first not in TITLES:
        if text := part.text:
            outcome.values.setdefault("populationDescription", text)
    elif key(part.caption) == "reporting groups":
        outcome.groups = part.groups("OG", place)
    elif is_analysis(part):
        outcome.analyses.append(read_analysis(record, part, outcome.groups, known, place))
    elif first in FIELDS:
        _own_fields(record, outcome, rows, place)
    elif first in TITLES:
        _plain_values(record, outcome, rows, known, place)
    elif part.columns:
        _values(record, outcome, part.matrix(group_ids(outcome.groups)), known, place)
    else:
        return False
    return True


def _own_fields(record: RawRecord, outcome: Outcome, rows: Sequence[Sequence[Block]], place: str) -> None:
    for row in rows:
        name = FIELDS.get(key(row[0].text)) if row else ""
        if name is None:
            record.leave(" ".join(cell.text for cell in row), place)
        elif name and len(row) > 1 and said(row[1]):
            text = long_text(row[1]) if name == "description" else said(row[1])
            outcome.values.setdefault(name, text)


def _values(record: RawRecord, outcome: Outcome, rows: Sequence[Row], known: Notes, place: str) -> None:
    """Rows of values of before 2017: the number analyzed, the measure with its unit, then its categories."""
    ids = group_ids(outcome.groups)
    for row in rows:
        head = head_of(row.label)
        units = number_of(head.title)
        filled = any(said(cell) for cell in row.cells)
        if units and filled:
            outcome.denoms.append(denoms(units, ids, row.cells, place))
        elif row.head and row.cells:
            outcome.measure.head = head
            if filled:
                add_row(outcome.measure, Row([], True, row.cells), ids, known, place)
        elif filled:
            add_row(outcome.measure, row, ids, known, place)
        elif row.label:
            record.leave(" ".join(row.label), place)


def _plain_values(
    record: RawRecord, outcome: Outcome, rows: Sequence[Sequence[Block]], known: Notes, place: str
) -> None:
    """A table of after 2017: rows by their labels."""
    titles = titles_of(rows[0])
    outcome.groups = make_groups([(title, "") for title in titles], "OG", place)
    ids, width = group_ids(outcome.groups), len(titles)
    for cells in rows[1:]:
        row = row_of(cells, width)
        texts, values = row.label, row.cells
        head = head_of(texts)
        units = number_of(" ".join(texts))
        if key(" ".join(texts)) in DESCRIPTIONS:
            for item, cell in zip(outcome.groups, values, strict=False):
                item |= group({"description": long_text(cell)}, place)
        elif units and values:
            outcome.denoms.append(denoms(units, ids, values, place))
        elif (head.param or head.unit) and not outcome.measure.head.param:
            outcome.measure.head = head
            if any(said(cell) for cell in values):
                add_row(outcome.measure, Row([], True, values), ids, known, place)
        elif values and outcome.measure.head.unit:
            add_row(outcome.measure, Row(texts, False, values), ids, known, place)
        elif text := " ".join([*texts, *(cell.text for cell in values)]):
            record.leave(text, place)
