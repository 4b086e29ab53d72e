"""Files as accidents leave them: cut, bytes flipped, tags lost or doubled, sections shuffled; what they still say."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ctgov_ingest.sources import Reading, Stubs, scan
from ctgov_ingest.study.shape import paths

PATHS = paths()

Facts = set[tuple[str, str]]
Accident = tuple[str, float, int]
"""What happens, where in the file (from 0 to 1), and a number to choose by."""

_TAG = re.compile(r"<[^<>!]{1,400}>")
_TAG_BYTES = re.compile(rb"<[^<>]{1,400}>")


# What files say


def facts_of(data: bytes) -> Facts:
    """What a file says: paths without positions, each with a value. Lists of versions say days and statuses."""
    found: Facts = set()
    for outcome in scan(data, "damaged"):
        if isinstance(outcome, Reading):
            found |= set(facts(outcome.document()))
        elif isinstance(outcome, Stubs):
            found |= {(name, str(getattr(row, name))) for row in outcome.rows for name in ("number", "date", "status")}
    return found


def facts(document: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What a document says: paths without positions, each with a value."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from facts(value, f"{path}.{name}".lstrip("."))
    elif isinstance(document, list):
        for value in document:
            yield from facts(value, path)
    else:
        yield path, str(document)


_CLOSED = re.compile(r"[A-Z][A-Z_0-9]+|True|False|[\d.-]+")

ALSO = {
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.oldOrganization": "of a party that is not the sponsor",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.investigatorFullName": "the same",
    "protocolSection.statusModule.completionDateStruct.date": "the archive's end date, where no follow-up date is left",
    "protocolSection.armsInterventionsModule.interventions.armGroupLabels": "of an intervention that a letter made",
    "resultsSection.baselineCharacteristicsModule.measures.classes.title": "of rows that no longer add up",
    "resultsSection.baselineCharacteristicsModule.measures.unitOfMeasure": "of a measure whose name no rule knows",
}
"""Where a value stands with another label damaged, at its own label too, and why."""


def misplaced(whole: Facts, damaged: Facts) -> Facts:
    """Facts of a damaged file that the whole one says at another path, or closed values that it never says."""
    values = {value for _path, value in whole}
    return {(path, value) for path, value in _told(whole, damaged) if value in values or _CLOSED.fullmatch(value)}


def moved(whole: Facts, damaged: Facts) -> Facts:
    """Texts of a damaged file that the whole one says at other paths only: what flipped bytes cannot have written."""
    values = {value for _path, value in whole}
    return {
        (path, value)
        for path, value in _told(whole, damaged)
        if value in values and len(value) > 5 and not _CLOSED.fullmatch(value)
    }


def _told(whole: Facts, damaged: Facts) -> Facts:
    """Facts that only the damaged file says, at paths of the model: a key that no model knows is no label of ours."""
    return {(path, value) for path, value in damaged - whole if path in PATHS and path not in ALSO}


# Accidents


def tags(text: str) -> list[re.Match[str]]:
    """The tags of a file; of a page those of its content."""
    return list(_TAG.finditer(text, max(0, text.find("main-content"))))


def without(text: str, tag: re.Match[str]) -> str:
    """The page with a tag lost."""
    return text[: tag.start()] + text[tag.end() :]


def doubled(text: str, tag: re.Match[str]) -> str:
    """The page with a tag twice."""
    return text[: tag.end()] + tag[0] + text[tag.end() :]


def apply(data: bytes, accidents: list[Accident]) -> bytes:
    """The bytes after the accidents."""
    for kind, where, number in accidents:
        data = _ACCIDENTS[kind](data, int(where * len(data)), number)
    return data


def _cut(data: bytes, at: int, number: int) -> bytes:
    return data[:at]


def _end(data: bytes, at: int, number: int) -> bytes:
    return data[:at] + b"</html>"


def _flip(data: bytes, at: int, number: int) -> bytes:
    """A letter becomes another. Signs of tags are left: without them a tag swallows the words beside it."""
    if not data or data[at] in _SIGNS or data[at] ^ number in _SIGNS:
        return data
    return _sign(data, at, number)


_SIGNS = b"<>\"'=/"


def _sign(data: bytes, at: int, number: int) -> bytes:
    """Any byte becomes another."""
    return data[:at] + bytes([data[at] ^ number]) + data[at + 1 :] if data else data


def _drop(data: bytes, at: int, number: int) -> bytes:
    tag = _TAG_BYTES.search(data, at)
    return data[: tag.start()] + data[tag.end() :] if tag else data


def _double(data: bytes, at: int, number: int) -> bytes:
    tag = _TAG_BYTES.search(data, at)
    return data[: tag.end()] + data[tag.start() :] if tag else data


_ACCIDENTS: dict[str, Callable[[bytes, int, int], bytes]] = {
    "cut": _cut,
    "end": _end,
    "flip": _flip,
    "sign": _sign,
    "drop": _drop,
    "double": _double,
}


# Sections in another order

_SECTIONS = {
    "study-page": r'<div class="(?:tr-)?subsection"|<div class="indent1" style="margin-top',
    "tabular-page": r'<tr[^>]*>\s*<th class="(?:ct-)?header2',
    "results-page": r'<div class="indent1">\s*<br/>\s*<img|<div class="tr-indent1 tr-squish',
    "archive-page": r'<tr>\s*<th class="section"',
    "history-page": r'<tr>\s*<td colspan="2">\s*<form id="form_',
    "history-index": r"<tr[ >]",
    "archive-index": r'<tr class="version"',
    "legacy-xml": r"\n  <(?=[a-z])",
    "page-text": r"^[A-Z][A-Za-z ]+\n(?=Go to$)",
}
"""Where a section of each presentation begins."""
_NESTING = ("div", "table", "tr", "td", "form", "fieldset", "tbody")


def shuffled(file: Path, seed: int) -> bytes:
    """A fixture with its sections in another order: those that hold all that they open."""
    chance = random.Random(seed)  # noqa: S311
    data = file.read_bytes()
    if file.suffix == ".json":
        return json.dumps(_reordered(json.loads(data), chance)).encode()
    text = data.decode("utf-8")
    pattern = _SECTIONS.get(file.parent.name)
    starts = [found.start() for found in re.finditer(pattern, text, re.MULTILINE)] if pattern else []
    parts = [text[start:end] for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]
    places = [at for at, part in enumerate(parts) if at and _is_whole(part, is_xml=file.suffix == ".xml")]
    mixed = chance.sample(places, len(places))
    moved_parts = dict(zip(places, (parts[at] for at in mixed), strict=True))
    return "".join(moved_parts.get(at, part) for at, part in enumerate(parts)).encode()


def _is_whole(part: str, *, is_xml: bool) -> bool:
    """Whether a part closes all that it opens, and nothing else."""
    if is_xml:
        opened, closed = len(re.findall(r"<\w[^<>]*(?<!/)>", part)), len(re.findall(r"</", part))
        return opened == closed
    return all(
        len(re.findall(rf"<{tag}[ >]", part)) == len(re.findall(rf"</{tag}>", part)) for tag in _NESTING
    ) and not re.search(r"</(?:body|html)>", part)


def _reordered(node: Any, chance: random.Random) -> Any:
    """A document with the keys of all objects in another order."""
    if isinstance(node, dict):
        return {key: _reordered(node[key], chance) for key in chance.sample(list(node), len(node))}
    return [_reordered(item, chance) for item in node] if isinstance(node, list) else node
