"""The results tab of a study (`/ct2/show/results/…`): none posted, submitted but not posted, or posted.

The header, the table at the top and More Information go through the pieces of study pages; the sections of posted
results have readers of their own. A section that is folded away is named by an issue, and not compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ctgov_ingest.sources import (
    page_tree,
    results_baseline,
    results_events,
    results_flow,
    results_more,
    results_outcomes,
    study_header,
    study_pieces,
)
from ctgov_ingest.sources.page_tree import Block, Node
from ctgov_ingest.sources.pieces import Piece
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.sources.results_parts import Section, is_damaged, is_plain, key, leaves
from ctgov_ingest.sources.study_arms import INTERVENTIONS
from ctgov_ingest.sources.study_eras import Era
from ctgov_ingest.sources.study_fields import CONDITIONS, DESIGN, DESIGN_INFO, FIELDS, REFERENCES, STATUS
from ctgov_ingest.sources.study_page import Cutter
from ctgov_ingest.sources.tabular_rows import TABULAR_FIELDS

_Reader = Callable[[RawRecord, Section], None]

SECTIONS: dict[str, tuple[_Reader, str]] = {
    "participant flow": (results_flow.read_flow, results_flow.FLOW),
    "baseline characteristics": (results_baseline.read_baseline, results_baseline.BASELINE),
    "outcome measures": (results_outcomes.read_outcomes, "resultsSection.outcomeMeasuresModule"),
    "adverse events": (results_events.read_events, results_events.EVENTS),
    "serious adverse events": (results_events.read_events, results_events.EVENTS),
    "other adverse events": (results_events.read_events, results_events.EVENTS),
    "limitations and caveats": (results_more.read_limitations, results_more.LIMITATIONS),
}
"""Headings of sections, the reader of each, and the path of what it holds."""

MORE = "more information"
_HEADINGS = {*SECTIONS, MORE}

_FOLD = re.compile(r"(?P<word>show|hide|show/hide) (?P<what>.{1,120})", re.IGNORECASE)
_ONE_OUTCOME = re.compile(r"outcome measure \d{1,4}", re.IGNORECASE)
_ALL_OUTCOMES = re.compile(r"all outcome measures", re.IGNORECASE)


def read(text: str, era: Era) -> RawRecord:
    """Read a page of either generation."""
    page = page_tree.parse(text)
    header, body = _split(page) or (page.nodes, [])
    parts = _sections(body)
    rules = {**study_pieces.RULES[era.tab], **TABULAR_FIELDS, **results_more.RULES}
    pieces = _pieces(header, parts.pop("", []), parts.pop(MORE, []))
    record = study_pieces.read_pieces(pieces, rules, {results_more.CYCLES: results_more.read_cycles})
    results_more.finish(record)
    for name, nodes in parts.items():
        reader, path = SECTIONS[name]
        reader(record, _section(record, name, nodes, path))
    if parts:
        record.hide(results_more.SUBMISSIONS, *_DATES)
    else:
        record.hide("resultsSection", *_POSTED_TOP)
    return record


def _pieces(header: Sequence[Node], top: Sequence[Node], more: Sequence[Node]) -> Iterator[Piece]:
    """The pieces of what goes through the rules of study pages."""
    yield from Cutter(own=results_more.own).walk(header)
    for name, nodes in (("results", top), (MORE, more)):
        cutter = Cutter(own=results_more.own)
        cutter.section = name
        yield from results_more.named(cutter.walk(nodes))


def _split(block: Block) -> tuple[list[Node], list[Node]] | None:
    """What stands up to the tabs, and what stands behind them; None without tabs."""
    for at, node in enumerate(block.nodes):
        if isinstance(node, str):
            continue
        if node.id == "tabs":
            return block.nodes[: at + 1], block.nodes[at + 1 :]
        if found := _split(node):
            return [*block.nodes[:at], *found[0]], [*found[1], *block.nodes[at + 1 :]]
    return None


def _sections(nodes: Sequence[Node]) -> dict[str, list[Node]]:
    """The nodes of the body by the heading that they stand under; those before the first under an empty name."""
    found: dict[str, list[Node]] = {"": []}
    at = ""
    for node in _down_to_headings(nodes):
        name = key(node) if isinstance(node, str) else ""
        if name in _HEADINGS and (name != at or name not in found):
            at = name
            found.setdefault(at, [])
        else:
            found[at].append(node)
    return found


def _down_to_headings(nodes: Sequence[Node]) -> Iterator[Node]:
    """Nodes in order; a block that holds a heading is walked, and a heading comes as its text."""
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif node.line is not None and key(node.line) in _HEADINGS:
            yield node.line
        elif any(isinstance(leaf, str) and key(leaf) in _HEADINGS for leaf in leaves([node])) and not is_plain(node):
            yield from _down_to_headings(node.nodes)
        else:
            yield node


def _section(record: RawRecord, name: str, nodes: Sequence[Node], path: str) -> Section:
    """A section for its reader, without the links that fold; what these say is folded away is an issue."""
    section = Section(name)
    for leaf in leaves(nodes):
        found = _FOLD.fullmatch(leaf) if isinstance(leaf, str) else None
        if isinstance(leaf, Block) and leaf.tag == "table" and is_damaged(leaf):
            record.leave(leaf.text, name)
        elif not found or isinstance(leaf, Block):
            section.add(leaf)
        elif found["word"].casefold() == "show" and not _ALL_OUTCOMES.fullmatch(found["what"]):
            _folded(record, found, name, path)
    return section


def _folded(record: RawRecord, found: re.Match[str], name: str, path: str) -> None:
    message = f"{found['what']}: folded away, its content is not on the page"
    record.issue("collapsed-section", message, path, found[0], name)
    if _ONE_OUTCOME.fullmatch(found["what"]):
        names = {f"{results_outcomes.OUTCOMES}.{one}" for one in results_outcomes.NAMES}
        record.hide(*(set(results_outcomes.SHOWN) - names))
    else:
        record.hide(path)


_HEADER = (
    *study_header.SHOWN,
    *FIELDS["clinicaltrials.gov identifier"].paths,
    *(f"{STATUS}.{name}" for name in ("statusVerifiedDate", "studyFirstSubmitDate", "lastUpdateSubmitDate")),
    *(f"{STATUS}.{name}.date" for name in ("studyFirstPostDateStruct", "lastUpdatePostDateStruct")),
    "hasResults",
)
_DATES = tuple(
    f"{STATUS}.{name}.{leaf}"
    for name in ("primaryCompletionDateStruct", "completionDateStruct")
    for leaf in ("date", "type")
)
_POSTED_TOP = (
    f"{STATUS}.resultsFirstSubmitDate",
    f"{STATUS}.resultsFirstPostDateStruct.date",
    f"{DESIGN}.studyType",
    f"{CONDITIONS}.conditions",
    *(f"{DESIGN_INFO}.{name}" for name in ("allocation", "interventionModel", "primaryPurpose")),
    *(f"{DESIGN_INFO}.{name}" for name in ("observationalModel", "timePerspective", "maskingInfo")),
    *(f"{INTERVENTIONS}.{name}" for name in ("type", "name")),
)
_PARTS = (results_flow, results_baseline, results_outcomes, results_events, results_more)


def carried(_era: Era) -> frozenset[str]:
    """The paths that results pages can show; each page hides those of the kinds that it is not."""
    shown = {*_HEADER, *_DATES, *_POSTED_TOP, f"{REFERENCES}.references.citation", f"{REFERENCES}.references.type"}
    return frozenset(shown | {path for part in _PARTS for path in part.SHOWN})
