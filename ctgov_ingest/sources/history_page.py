"""The registry's page of one version of 2017 to 2024: `History of Changes for Study: NCT…`, `Submitted Date … (v4)`.

The page has the list of versions above the version, so that it gives both. A comparison of two versions mixes their
texts: of it, the list is read, and an issue says so.

The version shows the dates of its record, last update posted among them, which place it on the registry's time axis
like any record. Versions that the registry made by itself did not move those dates: where the day of the version is
later than the record's last update, that day is its place (`registry_date`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ctgov_ingest import jsontext
from ctgov_ingest.errors import Damaged
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources import history_index, page_tree
from ctgov_ingest.sources.content import Content, line
from ctgov_ingest.sources.history_fields import CARRIED, CONTINUED, FIELDS, IGNORED, OUTCOMES
from ctgov_ingest.sources.history_shapes import submitted, titled
from ctgov_ingest.sources.history_sites import SiteList
from ctgov_ingest.sources.page_tree import Block, Node, content
from ctgov_ingest.sources.pages import check_end
from ctgov_ingest.sources.pieces import Piece, Role
from ctgov_ingest.sources.reading import Reading
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.sources.stubs import Stubs
from ctgov_ingest.sources.study_arms import INTERVENTIONS, read_arms
from ctgov_ingest.sources.study_fields import NCT_ID_PATH, STATUS
from ctgov_ingest.sources.study_labels import label_key
from ctgov_ingest.sources.version_reading import reading
from ctgov_ingest.sources.version_rows import Row, read_rows

PRESENTATION = "history-page"
READER = "1"

_HIGHLIGHTS = ("drop_hilite", "add_hilite")
"""What marks words of the old and of the new version in a comparison."""

_PROTOCOL_OUTCOMES = "ProtocolOutcomeMeasures"
_RESULTS = frozenset(
    {
        "ParticipantFlow",
        "BaselineCharacteristics",
        "OutcomeMeasures",
        "AdverseEvents",
        "ReportedAdverseEvents",
        "LimitationsandCaveats",
        "MoreInformation",
    }
)
"""Modules of results, by their ids; `OutcomeMeasures` is one where the protocol's own stand elsewhere.

They are told of and not read: no saved page that has any is known, nor how its tables were laid out. The history API
gives the results of a version, which are read like those of any record.
"""


def recognises(title: str, text: str) -> bool:
    """Whether a page is of the history: a list, or a version with the list above it."""
    return history_index.recognises(title)


def read(text: str, encoding: str, data: bytes, source: str) -> Iterator[Reading | Stubs]:
    """Read the page: the version where it shows one, and the list."""
    check_end(text)
    root = page_tree.parse(history_index.shown(text))
    modules = [block for block in root.all("fieldset") if _is_module(block)]
    beside = " ".join(_beside(root, modules))
    stubs = history_index.stubs(root, history_index.nct_id(beside), data, source)
    shown = submitted(beside)
    if modules and (len(shown) != 1 or _is_comparison(text)):
        message = "a comparison of two versions, which mixes their texts: only the list of versions is read"
        yield replace(stubs, issues=(*stubs.issues, Issue("comparison", message)))
        return
    if modules:
        yield _version(stubs.nct_id, shown[0], modules, (data, encoding, source))
    elif not stubs.rows:
        raise Damaged("expected a list of versions, found none", place="the list of versions")
    yield stubs


def _is_module(block: Block) -> bool:
    return block.id is not None and block.find(f"{block.id}Body") is not None


def _beside(block: Block, modules: list[Block]) -> Iterator[str]:
    """The texts of a page beside its modules."""
    for node in block.nodes:
        if isinstance(node, str):
            yield node
        elif node not in modules:
            yield from _beside(node, modules)


def _is_comparison(text: str) -> bool:
    start = max(0, text.find('id="StudyPageTop"'))
    return any(text.find(mark, start) >= 0 for mark in _HIGHLIGHTS)


def _version(nct_id: str, shown: tuple[str, int], modules: list[Block], page: tuple[bytes, str, str]) -> Reading:
    day, number = shown
    record = RawRecord()
    record.put(NCT_ID_PATH, nct_id, "the heading")
    ids = {block.id for block in modules}
    for block in modules:
        module = block.id or ""
        if module in _RESULTS and (module != "OutcomeMeasures" or _PROTOCOL_OUTCOMES in ids):
            message = "results of a version are on the page, and are not read"
            record.issue("results-not-read", message, "resultsSection", None, module)
        else:
            _Module(record, _legend(block)).read(block)
    untyped = any(isinstance(one, dict) and "type" not in one for one in record.items(INTERVENTIONS))
    if untyped:
        record.hide(*_TYPES)
    found = reading(PRESENTATION, READER, record, CARRIED, page, version=number, acronym_in_title=True)
    own = next(filter(None, (jsontext.value_at(found.record, path) for path in _LAST_UPDATE)), None)
    return replace(found, registry_date=day) if own is None or own < day else found


_LAST_UPDATE = tuple(
    f"{STATUS}.{name}".split(".") for name in ("lastUpdatePostDateStruct.date", "lastUpdateSubmitDate")
)
"""Where a record says of which day it is; the first that does."""

_TYPES = frozenset({f"{INTERVENTIONS}.type", f"{INTERVENTIONS}.armGroupLabels"})
"""Not compared where the page leaves a type out."""


def _legend(block: Block) -> str:
    """The name of a module: the first text in it."""
    return next((node for node in block.nodes if isinstance(node, str)), "")


class _Module:
    """Reads the rows of a module; holds the label that rows without one belong to."""

    def __init__(self, record: RawRecord, name: str) -> None:
        self.record, self.name = record, name
        self.label = label_key(name)
        self.sites = SiteList(record)

    def read(self, block: Block) -> None:
        """Read all rows."""
        for row in _rows(block):
            if len(row) == 1 and isinstance(row[0], Block) and (table := next(iter(row[0].all("table")), None)):
                self.arms(table)
            else:
                self.pairs(row)
        self.sites.finish()

    def pairs(self, row: Sequence[Node]) -> None:
        """Read the cells of a row: label and value, and again where a lost tag joined two rows.

        In any other row tags were lost: nobody can tell what stands where, nor what the rows after it belong to.
        """
        cells = [node for node in row if isinstance(node, Block) and node.tag == "td"]
        if len(cells) != len(row) or (len(cells) > 1 and len(cells) % 2):
            texts = [node if isinstance(node, str) else node.text for node in row]
            if text := " ".join(filter(None, texts)):
                self.label = ""
                self.record.leave(text, self.name)
            return
        for at in range(0, len(cells), 2):
            self.row(cells[at].text, content(cells[at + 1]) if at + 1 < len(cells) else ())

    def row(self, label: str, value: Content) -> None:
        """Read one row by its label, or by the one above."""
        key, place = label_key(label), f"{self.name}: {label or self.label}"
        if key.rstrip(".").isdecimal() and self.label in OUTCOMES:
            OUTCOMES[self.label](self.record, value, place)
        elif key == "locations" or (not key and self.label == "locations"):
            self.label = "locations"
            self.sites.add(value, place)
        elif not key and self.label in CONTINUED:
            CONTINUED[self.label](self.record, value, place)
        elif key in OUTCOMES or (key and not line(value)):
            self.label = key
            if key not in FIELDS and key not in OUTCOMES and key not in IGNORED and key not in _EMPTY:
                self.record.leave("", place, label)
        else:
            self.label = key or self.label
            read_rows(self.record, [Row(label, value, place)], FIELDS, IGNORED)

    def arms(self, table: Block) -> None:
        """The table of arms or groups, with the interventions that each gets; or of interventions alone."""
        rows = [cells for row in table.all("tr") if (cells := self.cells(row))]
        heads = [label_key(line(cell)) for cell in rows[0]] if rows else []
        if heads and heads[0] in _ARM_HEADINGS:
            read_arms(self.record, Piece(Role.ARMS, "arms", rows, self.name))
            return
        for row in rows[1:] if heads and heads[0] in _INTERVENTION_HEADINGS else rows:
            for cell in filter(line, row):
                read_arms(self.record, Piece(Role.ARMS, "arms", [(), [(), cell]], self.name))

    def cells(self, row: Block) -> list[Content]:
        """The cells of a row of arms; none where something stands in it beside them."""
        if any(isinstance(node, str) or node.tag not in ("td", "th") for node in row.nodes):
            self.record.leave(row.text, self.name, "arms")
            return []
        return [titled(content(cell)) for cell in row.blocks()]


def _rows(block: Block) -> Iterator[Sequence[Node]]:
    """The cells of each row; cells that stand between rows, whose tag was lost, are a row of their own."""
    beside: list[Node] = []
    for node in block.nodes:
        if isinstance(node, Block) and node.tag == "tr":
            yield from [beside] if beside else []
            beside = []
            yield [cell for cell in node.nodes if isinstance(cell, str) or cell.tag != "th"]
        elif isinstance(node, Block) and node.tag != "td":
            yield from _rows(node)
        elif block.tag in ("tbody", "table"):
            beside.append(node)
    yield from [beside] if beside else []


_ARM_HEADINGS = frozenset({"arms", "groups/cohorts", "arms and interventions"})
_INTERVENTION_HEADINGS = frozenset({"interventions", "assigned interventions", "intervention"})
_EMPTY = frozenset({"available ipd/information"})
"""Labels that are known, but only without a value."""
