"""The text of docs/presentations.md: what each presentation shows of a study, made from the tables of its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from ctgov_ingest.compare import RENDERED, REWRITTEN, Carried, Rule
from ctgov_ingest.sources import (
    READERS,
    RICHNESS,
    api_history,
    archive_fields,
    classic_pieces,
    classic_record,
    history_fields,
    legacy_xml,
    prs_fields,
    refusals,
    results_page,
    study_labels,
    study_pieces,
    tabular_page,
)
from ctgov_ingest.sources.archive_shapes import DESIGN_IGNORED
from ctgov_ingest.sources.legacy_xml_compile import Entries, Held, Ignored, Item, Within
from ctgov_ingest.sources.legacy_xml_tables import BEFORE_2018, ONCE_POSTED, STUDY
from ctgov_ingest.sources.study_eras import DETAILS, FULL_TEXT
from ctgov_ingest.study.shape import paths

PATHS = [path for path, shape in paths().items() if shape.kind != "record"]

Reasons = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """A presentation, or an era of it: its head in the tables, the paths that it shows, and those read all the same.

    `but`: paths that are read where they stand, and never missed where they do not, with why.
    """

    head: str
    name: str
    what: str
    carried: Carried
    but: Reasons = field(default_factory=dict)

    def mark(self, path: str) -> str:
        """How a path stands in the column."""
        if self.carried.covers(path):
            return "●"
        return "○" if Carried.of(self.but).covers(path) else ""


def _pages(paths_: Iterable[str], *more: Iterable[str]) -> Carried:
    return Carried.of({*paths_}.union(*more))


def _in_order(paths_: Iterable[str]) -> list[str]:
    """Paths in the order of the model."""
    wanted = set(paths_)
    return [path for path in PATHS if path in wanted]


_DETAILS, _FULL_TEXT = study_pieces.carried(DETAILS), study_pieces.carried(FULL_TEXT)
_LACKS = "no page of before 2017 has a row for it; some of 2016 on do"

COLUMNS = (
    Column("A2", "`api-v2`", "JSON of today's API", Carried.ALL),
    Column("A1", "`api-v1`", "JSON of the classic API (to 2024)", Carried.of(classic_record.CARRIED)),
    Column("AH", "`api-history`", "a version in the registry's record history", Carried.of(api_history.CARRIED)),
    Column("X", "`legacy-xml`", "XML of 2018 to 2024", legacy_xml.CARRIED),
    Column(
        "Xo",
        "`legacy-xml`, older",
        "XML of before 2018",
        legacy_xml.CARRIED_ONCE_POSTED,
        ONCE_POSTED,
    ),
    Column(
        "S",
        "`study-page`",
        "Study Details, 2017 to 2023",
        Carried.of(_DETAILS),
        study_pieces.NOT_CARRIED,
    ),
    Column(
        "So",
        "`study-page`, older",
        "Full Text View, 2008 to 2017",
        Carried.of(_FULL_TEXT),
        {**study_pieces.NOT_CARRIED, **dict.fromkeys(_in_order(_DETAILS - _FULL_TEXT), _LACKS)},
    ),
    Column("T", "`tabular-page`", "Tabular View, 2017 to 2023", Carried.of(tabular_page.carried(DETAILS))),
    Column("To", "`tabular-page`, older", "Tabular View, to 2017", Carried.of(tabular_page.carried(FULL_TEXT))),
    Column(
        "R",
        "`results-page`",
        "the results tab, of both generations",
        _pages(results_page.carried(DETAILS), results_page.carried(FULL_TEXT)),
    ),
    Column(
        "H",
        "`history-page`",
        "a version on the history pages, 2017 to 2024",
        Carried.of(history_fields.CARRIED),
        history_fields.NOT_CARRIED,
    ),
    Column(
        "Ar",
        "`archive-page`",
        "a version in the archive of before 2017",
        Carried.of(archive_fields.CARRIED),
        archive_fields.NOT_CARRIED,
    ),
    Column(
        "P",
        "`page-text`",
        "a Study Details page saved as text",
        Carried.of(_DETAILS),
        study_pieces.NOT_CARRIED,
    ),
)

# The tables of paths

_ALL_OF = "all of it"


def rows_of(columns: Iterable[Column], module: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The paths of a module with their marks: a part that is marked alike throughout is one row, as are its fields."""
    below = [path for path in PATHS if path == module or path.startswith(f"{module}.")]
    marks = {path: tuple(column.mark(path) for column in columns) for path in below}
    yield from _split(module, below, marks)


def _split(above: str, below: list[str], marks: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if len({marks[path] for path in below}) == 1:
        yield (f"{above}: {_ALL_OF}" if below != [above] else above), marks[below[0]]
        return
    parts: dict[str, list[str]] = {}
    for path in below:
        parts.setdefault(path[len(above) + 1 :].partition(".")[0], []).append(path)
    alike = groupby(parts.items(), key=lambda part: marks[part[1][0]] if len(part[1]) == 1 else part[0])
    for _mark, group in alike:
        fields = list(group)
        if len(fields[0][1]) == 1 and fields[0][1] == [f"{above}.{fields[0][0]}"]:
            yield f"{above}.{', '.join(name for name, _paths in fields)}", marks[fields[0][1][0]]
        else:
            for name, inside in fields:
                yield from _split(f"{above}.{name}", inside, marks)


def modules() -> list[str]:
    """The modules of the protocol and of the results, and the other parts of a record, in the model's order."""
    found: dict[str, None] = {}
    for path in PATHS:
        section, _dot, rest = path.partition(".")
        inside = section in ("protocolSection", "resultsSection") and rest
        found[f"{section}.{rest.partition('.')[0]}" if inside else section] = None
    return list(found)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _module(module: str) -> str:
    rows = [(_field(module, path), *marks) for path, marks in rows_of(COLUMNS, module)]
    return f"### {module}\n\n{_table(('', *(column.head for column in COLUMNS)), rows)}"


def _field(module: str, path: str) -> str:
    """The head of a row: what is below the module, or all of it."""
    name, _colon, all_of = path.partition(": ")
    shown = "" if name == module and all_of else f"`{name.removeprefix(f'{module}.')}`"
    return ": ".join(filter(None, (shown, all_of)))


# What is passed over, and why


def _elements(entries: Entries, above: str = "") -> Iterator[tuple[str, str]]:
    """The elements of the XML that are passed over."""
    for name, entry in entries.items():
        way = f"{above}/{name}".lstrip("/")
        if isinstance(entry, Ignored):
            yield way, entry.why
        elif isinstance(entry, Within | Item | Held):
            yield from _elements(entry.entries, way)


def _opening(texts: Reasons) -> dict[str, str]:
    return {f"{text} …": why for text, why in texts.items()}


PASSED_OVER: dict[str, Reasons] = {
    "`legacy-xml`": dict(_elements(STUDY)),
    "`api-v1`": classic_pieces.IGNORED,
    "`api-history`": api_history.VERSION_IGNORED | api_history.HISTORY_IGNORED | api_history.CHANGE_IGNORED,
    "`study-page`, `tabular-page`, `results-page`, `page-text`": {
        **study_labels.IGNORED_FIELDS,
        **study_labels.BOX_LABELS,
        **study_labels.IGNORED,
        **_opening(study_labels.IGNORED_OPENINGS),
    },
    "`history-page`": history_fields.IGNORED,
    "`archive-page`": archive_fields.IGNORED | archive_fields.IGNORED_VALUES | DESIGN_IGNORED,
    "`archive-page`, side by side": prs_fields.IGNORED,
}
"""Labels, elements and keys that are passed over, by presentation, each with its reason."""


def _by_reason(reasons: Reasons) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for what, why in reasons.items():
        found.setdefault(why, []).append(f"`{what}`")
    return [(", ".join(whats), why) for why, whats in found.items()]


def _short(path: str) -> str:
    """A path without its section, to be read in a table."""
    return path.removeprefix("protocolSection.").removeprefix("resultsSection.").removeprefix("derivedSection.")


def _buts() -> str:
    rows = []
    for column in COLUMNS:
        for paths_, why in _by_reason({_short(path): why for path, why in column.but.items()}):
            rows.append((column.name, paths_, why))
    older = _by_reason({_short(path): why for path, why in BEFORE_2018.items()})
    rows += [("`legacy-xml`, older", paths_, why) for paths_, why in older]
    return _table(("presentation", "fields", "why"), rows)


def _rules(rules: Iterable[Rule]) -> str:
    return _table(
        ("rule", "where", "why"),
        [(rule.name, ", ".join(f"`{_short(path)}`" for path in rule.paths), rule.why) for rule in rules],
    )


# The page


def _presentations() -> str:
    rows = [
        (
            column.head,
            column.name,
            column.what,
            str(sum(column.carried.covers(path) for path in PATHS)),
            READERS[re.findall(r"[\w-]+", column.name)[0]],
        )
        for column in COLUMNS
    ]
    return _table(("", "presentation", "what it is", "fields", "reader"), rows)


def _refused() -> str:
    marks = (*refusals.NO_RECORDS, *refusals.OTHER_PAGES, *refusals.OTHER_TEXTS)
    whats = [*(mark.what for mark in marks), *refusals.OTHER_JSON.values()]
    return "\n".join(f"* {what}" for what in dict.fromkeys(whats))


def text() -> str:
    """The whole page."""
    lists = ", ".join(f"`{name}`" for name in RICHNESS if name.endswith("-index"))
    parts = [
        "# What each presentation shows",
        "Made from the tables in the code by `make golden`; a test holds it to them.",
        f"The model has {len(PATHS)} fields (leaves of today's API). For each presentation the code says which of them "
        "it can show at all: two captures are compared only in what both can show, so that a field that a page never "
        "has is never taken for one that was removed.",
        _presentations(),
        f"Lists of versions ({lists}) show no record: days, numbers, statuses and what changed.",
        "## Fields by module",
        "● it shows the field, so that its absence means something. ○ it is read where it stands, but not compared: "
        "why is told below. Empty: that presentation does not show it. A part whose fields all stand alike is one row.",
        *(_module(module) for module in modules()),
        "## Read but not compared, or left out by older files",
        "A single page or file may hide more: what is folded away on it, or cannot be told. Its issues name it.",
        _buts(),
        "## Passed over",
        "Every label, element and key is read, is in one of these tables, or comes back as `unread`.",
        *(
            f"### {name}\n\n{_table(('passed over', 'why'), _by_reason(reasons))}"
            for name, reasons in PASSED_OVER.items()
        ),
        "## Differences between presentations that are no changes",
        "Texts are compared on their words, since each presentation marks up lists and signs in its own "
        "way. Beyond that, one fact may stand in two renderings:",
        _rules(RENDERED),
        "And these the registry rewrites in all records by itself. Between two captures of one submission they make no "
        "second version; where a submission may lie between, they are told as changes.",
        _rules(REWRITTEN),
        "## Refused by name",
        _refused(),
    ]
    return "\n\n".join(parts) + "\n"
