"""Participant flow: how many started, completed, left and why, a period a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
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
    note_of,
    said,
    titles_of,
)

FLOW = "resultsSection.participantFlowModule"

SHOWN = (
    f"{FLOW}.recruitmentDetails",
    f"{FLOW}.preAssignmentDetails",
    *(f"{FLOW}.groups.{name}" for name in ("id", "title", "description")),
    f"{FLOW}.periods.title",
    *(f"{FLOW}.periods.milestones.{name}" for name in ("type", "achievements.groupId", "achievements.numSubjects")),
    *(f"{FLOW}.periods.dropWithdraws.{name}" for name in ("type", "reasons.groupId", "reasons.numSubjects")),
)
"""The paths that this part fills."""

DETAILS = {
    "recruitment details": f"{FLOW}.recruitmentDetails",
    "pre-assignment details": f"{FLOW}.preAssignmentDetails",
}
"""Labels of long texts, above their table or beside the text."""

_PERIOD = re.compile(r"(?:Participant Flow|Period \d{1,2}|Period Title)\s*:\s*(?P<title>\S.*)", re.IGNORECASE)
_PERIODS = re.compile(r"Participant Flow for \d{1,2} periods", re.IGNORECASE)
_REGISTRY_TYPES = {"started": "STARTED", "completed": "COMPLETED", "not completed": "NOT COMPLETED"}
_REASONS = frozenset({"reason not completed", "reasons not completed"})


def read_flow(record: RawRecord, section: Section) -> None:
    """Read the tables of the section by their captions and first rows."""
    ids: list[str] = []
    known = Notes([part for part in section.parts if part.is_notes])
    for part in section.parts:
        label = key(part.caption)
        left = [text for text in part.captions if not _is_caption(text)]
        if part.is_notes:
            pass
        elif label in DETAILS and part.rows:
            _put_text(record, DETAILS[label], part, section.name)
        elif label == "reporting groups" and not ids:
            groups = part.groups("FG", section.name)
            record.put_all(f"{FLOW}.groups", groups)
            ids = group_ids(groups)
        elif part.columns:
            found = _PERIOD.fullmatch(part.caption)
            title = found["title"] if found else ""
            _put_period(record, title, part.matrix(ids), ids, known, section.name)
        elif part.table is not None:
            ids = _read_plain(record, part, ids, known, section.name)
        for text in left:
            record.leave(text, section.name)
    known.leave(record, section.name)


def _is_caption(text: str) -> bool:
    return key(text) in {*DETAILS, "reporting groups"} or bool(_PERIOD.fullmatch(text) or _PERIODS.fullmatch(text))


def _put_text(record: RawRecord, path: str, part: Part, place: str) -> None:
    if text := part.text:
        record.put(path, text, place)


def _put_period(record: RawRecord, title: str, rows: Sequence[Row], ids: list[str], known: Notes, place: str) -> None:
    """A period: milestones up to COMPLETED and NOT COMPLETED, then the reasons."""
    milestones: list[Raw | RawTree] = []
    reasons: list[Raw | RawTree] = []
    over = lost = completed = False
    for row in rows:
        text, note = note_of(" ".join(row.label))
        kind = _REGISTRY_TYPES.get(text.casefold())
        if lost:  # behind a damaged row nobody can tell milestones from reasons
            record.leave(" ".join([text, *(cell.text for cell in row.cells)]), place)
        elif row.key in _REASONS:
            over = True
        elif over and not kind and row.cells and not row.head:
            reasons.append(_row(text, note, "reasons", row, ids, known, place))
        elif text and row.cells and (kind == "NOT COMPLETED" or not completed):
            completed = kind == "COMPLETED"
            milestones.append(_row(kind or text, note, "achievements", row, ids, known, place))
            over = over or kind == "NOT COMPLETED"
        elif text:
            lost = True
            record.leave(text, place)
    period = group({"title": title}, place)
    period |= {name: items for name, items in (("milestones", milestones), ("dropWithdraws", reasons)) if items}
    if len(period) > 1:
        record.put_all(f"{FLOW}.periods", [period])


def _row(kind: str, note: str | None, name: str, row: Row, ids: list[str], known: Notes, place: str) -> RawTree:
    item = group({"type": kind, "comment": known.get(note)}, place)
    cells: list[Raw | RawTree] = []
    for group_id, cell in zip(ids, row.cells, strict=False):
        text, sign = note_of(said(cell))
        if text:
            values = {"groupId": group_id, "numSubjects": text, "comment": known.get(sign)}
            cells.append(group(values, place))
    return item | {name: cells}


def _read_plain(record: RawRecord, part: Part, ids: list[str], known: Notes, place: str) -> list[str]:
    """A table of after 2017: rows by their labels; gives the ids of its groups."""
    titles: list[str] = []
    title, rows = "", list[Row]()
    for cells in part.rows:
        label = key(cells[0].text) if cells else ""
        found = _PERIOD.fullmatch(cells[0].text) if len(cells) == 1 else None
        if label in DETAILS and len(cells) > 1:
            if text := long_text(cells[1]):
                record.put(DETAILS[label], text, place)
        elif label in TITLES:
            titles = titles_of(cells)
        elif label in DESCRIPTIONS:
            texts = list(map(long_text, cells[1:])) if len(cells) == len(titles) + 1 else [""] * len(titles)
            groups = make_groups(list(zip(titles, texts, strict=True)), "FG", place)
            record.put_all(f"{FLOW}.groups", groups if not ids else [])
            ids = group_ids(groups)
        elif found:
            _put_period(record, title, rows, ids, known, place)
            title, rows = found["title"], []
        elif titles and len(cells) == len(titles) + 1:
            rows.append(Row([cells[0].text], False, cells[1:]))
        elif text := " ".join(cell.text for cell in cells):
            if label in _REASONS:
                rows.append(Row([text], False, []))
            else:
                record.leave(text, place, part.caption or None)
    _put_period(record, title, rows, ids, known, place)
    return ids
