"""Conditions, interventions and phases in their table; arms or groups with the interventions that they get."""

from __future__ import annotations

import re

from ctgov_ingest.sources.content import Bullets, Content, Inset, Text, fold, line, lines, markdown
from ctgov_ingest.sources.pieces import Piece
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.study_fields import ARMS, CONDITIONS, DESIGN, phases
from ctgov_ingest.sources.study_labels import label_key
from ctgov_ingest.values.phrases import split_arm, split_intervention, split_interventions

GROUPS = f"{ARMS}.armGroups"
INTERVENTIONS = f"{ARMS}.interventions"

SHOWN = (
    f"{CONDITIONS}.conditions",
    f"{DESIGN}.phases",
    *(f"{GROUPS}.{name}" for name in ("label", "type", "description", "interventionNames")),
    *(f"{INTERVENTIONS}.{name}" for name in ("type", "name", "description", "armGroupLabels", "otherNames")),
)
"""The paths that this part fills."""


def read_summary(record: RawRecord, piece: Piece) -> None:
    """The table of condition, intervention and phase; columns are told by their headings."""
    heads, *rows = piece.rows
    for at, head in enumerate(heads):
        for cell in (row[at] for row in rows if at < len(row)):
            _summary_cell(record, label_key(line(head)), cell, piece)


def _summary_cell(record: RawRecord, head: str, cell: Content, piece: Piece) -> None:
    if head.startswith("condition"):
        put_terms(record, f"{CONDITIONS}.conditions", lines(cell), piece)
    elif head.startswith("intervention"):
        for text in lines(cell):
            for part in [text] if piece.borders else split_interventions(text):
                _intervention(record, part, piece.place)
    elif head == "phase":
        phases(record, cell, piece.place)
    elif line(cell):
        record.leave(line(cell), piece.place, label=head)


def put_terms(record: RawRecord, path: str, terms: list[str], piece: Piece) -> None:
    """Put the terms of a list, saying so where nobody can tell where one ends."""
    record.put_all(path, [Raw(term, piece.place) for term in terms])
    if terms and not piece.borders:
        borders_lost(record, path, piece)


def borders_lost(record: RawRecord, path: str, piece: Piece) -> None:
    """Say that a list's items run into each other."""
    message = "the text no longer shows where one item ends: kept whole"
    record.issue("borders-lost", message, path, None, piece.place)


def _intervention(record: RawRecord, text: str, place: str) -> RawTree:
    """The intervention of this type and name that nothing is said of yet, or a new one."""
    kind, name = split_intervention(text)
    for item in record.items(INTERVENTIONS):
        if isinstance(item, dict) and _named(item) == (kind, name) and "armGroupLabels" not in item:
            return item
    if kind is None:
        record.issue("unparsed", "expected 'Type: name'", f"{INTERVENTIONS}.type", text, place)
    item = group({"type": kind, "name": name}, place)
    record.put_all(INTERVENTIONS, [item])
    return item


def _named(item: RawTree) -> tuple[str | None, str | None]:
    return _text(item, "type"), _text(item, "name")


def _text(item: RawTree, name: str) -> str | None:
    there = item.get(name)
    return there.text if isinstance(there, Raw) else None


def read_arms(record: RawRecord, piece: Piece) -> None:
    """A row an arm: its type and label, then its description; beside it the interventions that it gets."""
    _heads, *rows = piece.rows
    for label, *given in rows:
        if line(label):
            record.put_all(GROUPS, [_arm(record, label, given, piece.place)])


def _arm(record: RawRecord, cell: Content, given: list[Content], place: str) -> RawTree:
    text, rest = head(cell)
    kind, label = split_arm(text)
    arm = group({"label": label, "type": kind, "description": markdown(rest)}, place)
    blocks = _by_intervention(given[0]) if given else []
    names = [_give(record, block, Raw(label, place), place) for block in blocks]
    if names:
        arm["interventionNames"] = [Raw(name, place) for name in names]
    return arm


def head(cell: Content) -> tuple[str, Content]:
    """The text before the first list or inset of a cell, and the rest."""
    at = next((at for at, block in enumerate(cell) if not isinstance(block, Text)), len(cell))
    return line(cell[:at]), cell[at:]


def _by_intervention(cell: Content) -> list[Content]:
    """The cell cut before each name: a text that begins with a type, or starts the cell."""
    parts: list[list[Text | Bullets | Inset]] = []
    for block in cell:
        if not parts or (isinstance(block, Text) and split_intervention(block)[0]):
            parts.append([block])
        else:
            parts[-1].append(block)
    return [tuple(part) for part in parts]


def _give(record: RawRecord, block: Content, label: Raw, place: str) -> str:
    """Note that the arm gets this intervention; gives its name as `Type: name`, as the registry links them."""
    text, rest = head(block)
    description, others = _other_names(rest)
    item = _same_intervention(record, text, markdown(description), others, place)
    labels = item.setdefault("armGroupLabels", [])
    if isinstance(labels, list) and label not in labels:
        labels.append(label)
    kind, name = split_intervention(text)
    return f"{kind}: {name}" if kind else name


def _same_intervention(record: RawRecord, text: str, description: str, others: list[str], place: str) -> RawTree:
    """The intervention that these words were said of before, else the one of that name not yet described."""
    named = split_intervention(text)
    for item in record.items(INTERVENTIONS):
        if not isinstance(item, dict) or _named(item) != named or "armGroupLabels" not in item:
            continue
        if (_text(item, "description") or "") == description:
            return item
    item = _intervention(record, text, place)
    item |= group({"description": description}, place)
    if others:
        item["otherNames"] = [Raw(other, place) for other in others]
    return item


def read_interventions(record: RawRecord, piece: Piece) -> None:
    """A row an intervention: its type and name, then its description and other names."""
    for row in piece.rows:
        text, rest = head(row[0]) if row else ("", ())
        description, others = _other_names(rest)
        if text:
            item = _bare_intervention(record, text, piece.place)
            item |= group({"description": markdown(description)}, piece.place)
            if others:
                item["otherNames"] = [Raw(other, piece.place) for other in others]


_GIVEN = re.compile(r"Interventions?:\s*(?P<names>.*)", re.DOTALL)


def read_groups(record: RawRecord, piece: Piece) -> None:
    """A row an arm: type and label, description, then the names of the interventions that it gets."""
    for row in piece.rows:
        text, rest = head(row[0]) if row else ("", ())
        kind, label = split_arm(text)
        if not text:
            continue
        rest, names = _given(rest)
        arm = group({"label": label, "type": kind, "description": markdown(rest)}, piece.place)
        if names:
            arm["interventionNames"] = [Raw(name, piece.place) for name in names]
        record.put_all(GROUPS, [arm])
        for name in names:
            _link(record, name, Raw(label, piece.place), piece.place)


def _given(rest: Content) -> tuple[Content, list[str]]:
    """The blocks of an arm without the names of its interventions, and these."""
    kept: list[Text | Bullets | Inset] = []
    names: list[str] = []
    for block in rest:
        texts = lines((block,))
        found = _GIVEN.fullmatch(texts[0]) if texts else None
        given = [text for text in [found["names"] if found else "", *texts[1:]] if text]
        if found and given and all(split_intervention(text)[0] for text in given):
            names += given
        else:
            kept.append(block)
    return tuple(kept), names


def _link(record: RawRecord, name: str, label: Raw, place: str) -> None:
    """Note that an arm gets an intervention, where its name leaves no doubt which."""
    named = split_intervention(name)
    items = [item for item in record.items(INTERVENTIONS) if isinstance(item, dict) and _named(item) == named]
    if len(items) != 1:
        message = f"{len(items)} interventions have the name that stands at the arm {label.text!r}: not linked"
        record.issue("ambiguous-link", message, f"{INTERVENTIONS}.armGroupLabels", name, place)
        record.hide(f"{INTERVENTIONS}.armGroupLabels")
        return
    labels = items[0].setdefault("armGroupLabels", [])
    if isinstance(labels, list) and label not in labels:
        labels.append(label)


def _bare_intervention(record: RawRecord, text: str, place: str) -> RawTree:
    """The intervention of this name that has nothing but its name, or a new one."""
    named = split_intervention(text)
    for item in record.items(INTERVENTIONS):
        if isinstance(item, dict) and _named(item) == named and item.keys() <= {"type", "name"}:
            return item
    item = group({"type": named[0], "name": named[1]}, place)
    record.put_all(INTERVENTIONS, [item])
    return item


_OTHER_NAMES = re.compile(r"Other Names?\(?s?\)?\s*:\s*(?P<names>.*)", re.DOTALL)


def _other_names(rest: Content) -> tuple[Content, list[str]]:
    """The blocks without the list of other names, and these."""
    kept: list[Text | Bullets | Inset] = []
    names: list[str] = []
    waiting = False
    for block in rest:
        if isinstance(block, Inset):
            inner, inner_names = _other_names(block.content)
            names += inner_names
            kept += [Inset(inner)] if inner else []
        elif isinstance(block, Text) and (found := _OTHER_NAMES.fullmatch(block)):
            names += [fold(found["names"])] if found["names"] else []
            waiting = not found["names"]
        elif waiting and isinstance(block, Bullets):
            names += [line(item) for item in block.items]
            waiting = False
        else:
            kept.append(block)
    return tuple(kept), names
