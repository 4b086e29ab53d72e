"""Baseline characteristics: who the participants were at the start."""

from __future__ import annotations

from collections.abc import Sequence

from ctgov_ingest.sources.page_tree import Block
from ctgov_ingest.sources.record import Raw, RawRecord
from ctgov_ingest.sources.results_measures import (
    Measure,
    add_row,
    denoms,
    description_of,
    head_of,
    hide_untold,
    number_of,
)
from ctgov_ingest.sources.results_parts import (
    DESCRIPTIONS,
    TITLES,
    Notes,
    Part,
    Row,
    Section,
    group_ids,
    key,
    label_lines,
    long_text,
    make_groups,
    row_of,
    said,
    titles_of,
)

BASELINE = "resultsSection.baselineCharacteristicsModule"
MEASURES = f"{BASELINE}.measures"

SHOWN = (
    f"{BASELINE}.populationDescription",
    *(f"{BASELINE}.groups.{name}" for name in ("id", "title", "description")),
    *(f"{BASELINE}.denoms.{name}" for name in ("units", "counts.groupId", "counts.value")),
    *(f"{MEASURES}.{name}" for name in ("title", "paramType", "dispersionType", "unitOfMeasure")),
)
"""The paths that this part fills for certain. Values are read too, but pages do not tell classes from categories."""

POPULATION = frozenset({"population description", "baseline analysis population description"})
_CAPTIONS = POPULATION | {"reporting groups", "baseline measures"}


def read_baseline(record: RawRecord, section: Section) -> None:
    """Read the tables of the section by their captions and first rows."""
    ids: list[str] = []
    known = Notes([part for part in section.parts if part.is_notes])
    for part in section.parts:
        label = key(part.caption)
        if part.is_notes:
            pass
        elif label in POPULATION and part.rows:
            if text := part.text:
                record.put(f"{BASELINE}.populationDescription", text, section.name)
        elif label == "reporting groups":
            groups = part.groups("BG", section.name)
            record.put_all(f"{BASELINE}.groups", groups)
            ids = group_ids(groups)
        elif part.columns:
            _put_measures(record, part.matrix(ids), ids, known, section.name)
        elif part.table is not None:
            ids = _read_plain(record, part, known, section.name)
        for text in part.captions:
            if key(text) not in _CAPTIONS:
                record.leave(text, section.name)
    known.leave(record, section.name)


def _put_measures(record: RawRecord, rows: Sequence[Row], ids: Sequence[str], known: Notes, place: str) -> None:
    measures: list[Measure] = []
    for row in rows:
        head = head_of(row.label)
        units = number_of(head.title)
        if units and any(said(cell) for cell in row.cells):
            record.put_all(f"{BASELINE}.denoms", [denoms(units, ids, row.cells, place)])
        elif row.head and row.cells:
            measures.append(Measure(head))
            if any(said(cell) for cell in row.cells):
                add_row(measures[-1], Row([], True, row.cells), ids, known, place)
        elif measures and row.cells:
            add_row(measures[-1], row, ids, known, place)
        elif row.label:
            record.leave(" ".join(row.label), place)
    _put(record, measures, place)


def _put(record: RawRecord, measures: Sequence[Measure], place: str) -> None:
    record.put_all(MEASURES, [measure.tree(place) for measure in measures])
    hide_untold(record, MEASURES, measures)


def _read_plain(record: RawRecord, part: Part, known: Notes, place: str) -> list[str]:
    """A table of after 2017: rows by their labels; gives the ids of its groups."""
    titles: list[str] = []
    ids: list[str] = []
    measures: list[Measure] = []
    for cells in part.rows:
        label = key(cells[0].text) if cells else ""
        width = len(titles)
        if label in TITLES:
            titles = titles_of(cells)
            ids = [f"BG{at:03d}" for at in range(len(titles))]
            record.put_all(f"{BASELINE}.groups", make_groups([(title, "") for title in titles], "BG", place))
        elif label in DESCRIPTIONS:
            _describe(record, cells[1:], place)
        elif label in POPULATION:
            if text := long_text(cells[-1]) if len(cells) > 1 else "":
                record.put(f"{BASELINE}.populationDescription", text, place)
        elif row_of(cells, width).cells:
            _plain_row(record, measures, row_of(cells, width), ids, known, place)
        elif not _heading_row(measures, cells) and (text := " ".join(cell.text for cell in cells if cell.text)):
            record.leave(text, place, part.caption or None)
    _put(record, measures, place)
    return ids


def _plain_row(
    record: RawRecord, measures: list[Measure], row: Row, ids: Sequence[str], known: Notes, place: str
) -> None:
    units = number_of(" ".join(row.label))
    if units and not measures:
        record.put_all(f"{BASELINE}.denoms", [denoms(units, ids, row.cells, place)])
    elif measures:
        add_row(measures[-1], row, ids, known, place)
    elif row.label:
        record.leave(" ".join(row.label), place)


def _heading_row(measures: list[Measure], cells: Sequence[Block]) -> bool:
    """A row of one cell that says something: the heading of a measure, or its description."""
    texts = [text for text in label_lines(cells) if text]
    description = description_of(" ".join(texts))
    if description and measures:
        measures[-1].description = description
    elif len(cells) == 1 and cells[0].tag == "th" and texts:
        measures.append(Measure(head_of(texts)))
    else:
        return not texts
    return True


def _describe(record: RawRecord, cells: Sequence[Block], place: str) -> None:
    """Add descriptions to the groups."""

    for item, cell in zip(record.items(f"{BASELINE}.groups"), cells, strict=False):
        if isinstance(item, dict) and (text := long_text(cell)):
            item["description"] = Raw(text, place)
