"""Adverse events: deaths, serious and other events, by group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ctgov_ingest.sources.page_tree import Block
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.results_parts import (
    DESCRIPTIONS,
    TITLES,
    Part,
    Section,
    key,
    long_text,
    make_groups,
    said,
    titles_of,
)

EVENTS = "resultsSection.adverseEventsModule"
GROUPS = f"{EVENTS}.eventGroups"

_KINDS = {"serious": "seriousEvents", "other": "otherEvents"}
_STATS = ("groupId", "numAffected", "numAtRisk", "numEvents")

SHOWN = (
    *(f"{EVENTS}.{name}" for name in ("timeFrame", "description", "frequencyThreshold")),
    *(f"{GROUPS}.{name}" for name in ("id", "title", "description")),
    *(f"{GROUPS}.{kind}{name}" for kind in _KINDS for name in ("NumAffected", "NumAtRisk")),
    *(f"{EVENTS}.{name}.{leaf}" for name in _KINDS.values() for leaf in ("term", "organSystem")),
    *(f"{EVENTS}.{name}.stats.{leaf}" for name in _KINDS.values() for leaf in _STATS),
)
"""The paths that this part fills."""

FIELDS = {
    "time frame": "timeFrame",
    "additional description": "description",
    "adverse event reporting description": "description",
    "threshold above which other adverse events are reported": "frequencyThreshold",
    "frequency threshold for reporting other adverse events": "frequencyThreshold",
}
"""Labels of rows with one value for all groups."""

HEADINGS = {
    "all-cause mortality": "deaths",
    "serious adverse events": "serious",
    "serious events": "serious",
    "other adverse events": "other",
    "other events": "other",
    "other (not including serious) adverse events": "other",
}
"""Headings of the kinds of events, and each kind."""

_CAPTIONS = {*HEADINGS, "reporting groups", "frequency threshold", "adverse events"}
_AFFECTED = re.compile(r"(?P<affected>[\d,]{1,9})\s*/\s*(?P<risk>[\d,]{1,9})(?:\s*\(\s*[\d.,]+\s?%\s*\))?")
_SIGNS = re.compile(r"\s*[\u2020\u2021*]?\s*(?:\[\d{1,3}\]|(?<=[\u2020\u2021*] )\d{1,3}|[\u2020\u2021*])?\s*$")
_ROW_AFFECTED = "# participants affected / at risk"
_ROW_EVENTS = "# events"
_COLUMN_HEADS = re.compile(r"affected\s*/\s*at risk\s*\(%\)|# events", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """Where the reader is: the kind of events, the organ system, the term of the row at hand."""

    kind: str = "serious"
    organ: str = ""
    term: str = ""
    ids: list[str] = field(default_factory=list)


def read_events(record: RawRecord, section: Section) -> None:
    """Read the parts of a section of events; both kinds share one list of groups."""
    at = Reading(kind=HEADINGS.get(key(section.name), "serious"))
    at.ids = [
        raw.text for item in record.items(GROUPS) if isinstance(item, dict) and isinstance(raw := item["id"], Raw)
    ]
    for part in section.parts:
        for text in part.captions:
            if key(text) in HEADINGS:
                at.kind = HEADINGS[key(text)]
            elif key(text) not in _CAPTIONS:
                record.leave(text, section.name)
        if part.table is not None:
            _read_table(record, at, part, section.name)


def _read_table(record: RawRecord, at: Reading, part: Part, place: str) -> None:
    rows = part.rows
    if key(part.caption) == "reporting groups":
        if not at.ids:
            groups = part.groups("EG", place)
            record.put_all(GROUPS, groups)
            at.ids = [f"EG{number:03d}" for number in range(len(groups))]
    elif part.columns:
        for row in rows[1:]:
            _old_row(record, at, row, place)
    elif any(row and (key(row[0].text) in TITLES or key(row[0].text) in FIELDS) for row in rows):
        for row in rows:
            _plain_row(record, at, row, place)
    elif not _is_legend(rows):
        Part([], part.table).leave(record, place)


def _is_legend(rows: Sequence[Sequence[Block]]) -> bool:
    """Whether a table explains signs at terms: of how they were collected, of the vocabulary."""
    return bool(rows) and all(
        len(row) == 2 and re.fullmatch(r"[\u2020\u2021*]|\[?\d{1,3}\]?", row[0].text) for row in rows
    )


def _old_row(record: RawRecord, at: Reading, row: Sequence[Block], place: str) -> None:
    """A row of before 2017: a heading, or numbers of the term above it; of two headings the first is the system."""
    label = key(row[0].text) if row else ""
    cells = row[1:]
    if len(cells) != len(at.ids):
        at.term = at.organ = ""
        record.leave(" ".join(cell.text for cell in row), place)
    elif label == _ROW_AFFECTED:
        _put_affected(record, at, cells, place)
    elif label == _ROW_EVENTS:
        _put_counts(record, at, cells, place)
    elif label and not any(said(cell) for cell in cells):
        if at.term and not _has_stats(record, at):
            at.organ = at.term
        at.term = _SIGNS.sub("", row[0].text)
    elif label:
        at.term = at.organ = ""
        record.leave(" ".join(cell.text for cell in row), place)


def _has_stats(record: RawRecord, at: Reading) -> bool:
    """Whether numbers stood below the heading at hand: then it was a term."""
    if at.term.casefold().startswith("total"):
        return True
    items = record.items(f"{EVENTS}.{_KINDS[at.kind]}")
    last = items[-1] if items else None
    return isinstance(last, dict) and isinstance(raw := last.get("term"), Raw) and raw.text == at.term


def _put_affected(record: RawRecord, at: Reading, cells: Sequence[Block], place: str) -> None:
    found = [_AFFECTED.fullmatch(said(cell)) for cell in cells]
    if not at.kind or not at.term:
        record.leave(" ".join(cell.text for cell in cells), place)
        return
    if at.term.casefold().startswith("total"):
        _put_totals(record, at, found, place)
        return
    event = group({"term": at.term, "organSystem": at.organ}, place)
    stats: list[Raw | RawTree] = [
        group({"groupId": name, "numAffected": one["affected"], "numAtRisk": one["risk"]}, place)
        for name, one in zip(at.ids, found, strict=False)
        if one
    ]
    if at.kind in _KINDS:
        record.put_all(f"{EVENTS}.{_KINDS[at.kind]}", [event | {"stats": stats}])


def _put_totals(record: RawRecord, at: Reading, found: Sequence[re.Match[str] | None], place: str) -> None:
    for item, one in zip(record.items(GROUPS), found, strict=False):
        if isinstance(item, dict) and one:
            item |= group({f"{at.kind}NumAffected": one["affected"], f"{at.kind}NumAtRisk": one["risk"]}, place)


def _put_counts(record: RawRecord, at: Reading, cells: Sequence[Block], place: str) -> None:
    """The numbers of events, beside those of the people that had them."""
    items = record.items(f"{EVENTS}.{_KINDS[at.kind]}") if at.kind in _KINDS and at.term else []
    stats = items[-1].get("stats") if items and isinstance(items[-1], dict) else None
    for name, cell in zip(at.ids, cells, strict=False):
        for item in stats if isinstance(stats, list) else []:
            if isinstance(item, dict) and item.get("groupId") == Raw(name, place) and said(cell):
                item["numEvents"] = Raw(said(cell), place)


def _plain_row(record: RawRecord, at: Reading, row: Sequence[Block], place: str) -> None:
    """A row of after 2017: by its label; a term has a cell or two a group."""
    label = key(row[0].text) if row else ""
    cells = row[1:]
    if label in FIELDS and cells:
        if text := long_text(cells[0]):
            record.put(f"{EVENTS}.{FIELDS[label]}", text.removesuffix("%"), place)
    elif label in TITLES:
        titles = titles_of(row)
        if not at.ids:
            record.put_all(GROUPS, make_groups([(title, "") for title in titles], "EG", place))
            at.ids = [f"EG{number:03d}" for number in range(len(titles))]
    elif label in DESCRIPTIONS:
        for item, cell in zip(record.items(GROUPS), cells, strict=False):
            if isinstance(item, dict) and (text := long_text(cell)):
                item.setdefault("description", Raw(text, place))
    elif label in HEADINGS and not any(said(cell) for cell in cells):
        at.kind, at.organ = HEADINGS[label], ""
    else:
        _plain_event(record, at, row, place)


def _plain_event(record: RawRecord, at: Reading, row: Sequence[Block], place: str) -> None:
    label = row[0].text if row else ""
    filled = [cell for cell in row[1:] if said(cell) and not _COLUMN_HEADS.fullmatch(cell.text)]
    if not filled:
        at.organ = _SIGNS.sub("", label) or at.organ
        return
    if not label:  # a tag is lost, perhaps that of a heading: what follows may be of another kind
        at.kind = ""
    spread = at.ids and len(row[1:]) in (len(at.ids), 2 * len(at.ids))
    if not spread or not label or not _AFFECTED.fullmatch(said(filled[0])):
        record.leave(" ".join(cell.text for cell in row), place)
        return
    each = len(row[1:]) // len(at.ids)
    at.term = _SIGNS.sub("", label)
    _put_affected(record, at, row[1::each], place)
    if each > 1 and not at.term.casefold().startswith("total"):
        _put_counts(record, at, row[2::each], place)
