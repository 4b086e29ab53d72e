"""Tables of elements: what an entry may say of an element, and how it is made ready for the walk.

A table maps the children, the attributes (`@type`) and the text (`.`) of an element to entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from ctgov_ingest.sources.legacy_xml_text import markup, words
from ctgov_ingest.sources.legacy_xml_walk import Document, Enter, Put, Read, Step, Table, Walk, place
from ctgov_ingest.sources.normalize import PARSERS
from ctgov_ingest.sources.record import Unread
from ctgov_ingest.study.shape import Shape, paths
from ctgov_ingest.study.vocabularies import Vocabulary
from ctgov_ingest.values.labels import parse_label

Finish = Callable[[Document, Document], Document | None]
"""Given the fields of an element and those of the element around it: what goes under the entry's path."""


@dataclass(frozen=True, slots=True)
class Value:
    """The text is the value at `path`. `prepare` may change the text first; None from it says nothing is there."""

    path: str
    prepare: Callable[[str], str | None] | None = None
    joint: str | None = None
    """Where several elements make one value: what stands between them."""


@dataclass(frozen=True, slots=True)
class Split:
    """The text holds several values: `rule` gives them, each with its path."""

    rule: Callable[[str], Iterable[tuple[str, str]]]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """The element only groups: what is in it belongs to the record around it."""

    entries: Entries


@dataclass(frozen=True, slots=True)
class Item:
    """The element is a record at `path`, or an item of the list there."""

    path: str
    entries: Entries
    constants: Mapping[str, str] = field(default_factory=dict)
    finish: Finish | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The element has no counterpart: its fields are held under `name` for the `finish` of the record around it.

    Its paths are those of the list `of`, or else of the record around it.
    """

    name: str
    entries: Entries
    of: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """The element, with all in it, is not read: `why`."""

    why: str


Entry = Value | Split | Within | Item | Held | Ignored
Entries = Mapping[str, Entry]

PATHS: Mapping[str, Shape] = paths()


def compile_table(entries: Entries, *above: str) -> Table:
    """Make a table ready. `above` are the paths of the records that the entries' paths may belong to."""
    table = Table()
    for name, entry in entries.items():
        step = _step(entry, above)
        if name == ".":
            table.text = step
        elif name.startswith("@"):
            table.attributes[name[1:]] = step
        else:
            table.children[name] = step
    table.values = {name: (step.name, step.read, step.path) for name, step in table.children.items() if step.read}
    return table


def carried(entries: Entries, *above: str) -> Iterator[str]:
    """The paths that a table can fill."""
    for entry in entries.values():
        match entry:
            case Value(path):
                yield _absolute(path, above)
            case Split(_, found):
                yield from (_absolute(path, above) for path in found)
            case Within(below):
                yield from carried(below, *above)
            case Item(path, below, constants):
                whole = _absolute(path, above)
                yield from carried(below, whole, *above)
                yield from (f"{whole}.{name}" for name in constants)
            case Held(_, below, of):
                yield from carried(below, *([_absolute(of, above)] if of else []), *above)
            case Ignored():
                pass


def _absolute(path: str, above: tuple[str, ...]) -> str:
    """The whole path of an entry's path: below the innermost record that has it."""
    for prefix in above:
        whole = f"{prefix}.{path}" if prefix else path
        if whole in PATHS:
            return whole
    raise KeyError(f"the model has no {path} in {above}")


_WORDS = lru_cache(1 << 14)(words)
_MARKUP = lru_cache(1 << 11)(markup)
"""Results say the same of a group again and again."""


def reader(shape: Shape) -> Read:
    """How the text of a field is read; what is read often is remembered."""
    if shape.of is not None and issubclass(shape.of, Vocabulary):
        vocabulary = shape.of
        return lru_cache(512)(lambda text: parse_label(vocabulary, text).value)
    if shape.kind == "markup":
        return _MARKUP
    if shape.kind == "text":
        return _WORDS
    parse = PARSERS[shape.kind]
    if shape.kind in ("date", "duration"):
        return lru_cache(4096)(lambda text: str(parse(text)))
    return lru_cache(4096)(parse)


def _step(entry: Entry, above: tuple[str, ...]) -> Step:
    match entry:
        case Value():
            return _value(entry, above)
        case Split():
            return Step(put=_split(entry, above))
        case Within(entries):
            table = compile_table(entries, *above)
            return Step(enter=_within(table), table=table)
        case Item():
            return _item(entry, above)
        case Held(name, entries, of):
            table = compile_table(entries, *([_absolute(of, above)] if of else []), *above)
            return Step(enter=_held(name, table), table=table)
        case Ignored():
            return Step(enter=_ignore, put=_nothing, ignored=True)


def _ignore(walk: Walk, element: etree._Element, out: Document) -> None:
    walk.skip(element)


def _nothing(walk: Walk, element: etree._Element, out: Document, text: str) -> None:
    """An attribute that is ignored."""


def _value(entry: Value, above: tuple[str, ...]) -> Step:
    path = _absolute(entry.path, above)
    shape = PATHS[path]
    read = _prepared(reader(shape), entry.prepare)
    if "." in entry.path or shape.many or entry.joint is not None:
        return Step(put=_putter(entry.path, path, read, entry.joint), path=path)
    return Step(entry.path, read, path=path)


def _prepared(read: Read, prepare: Callable[[str], str | None] | None) -> Read:
    """A reader behind a change of the text; it gives the empty text where nothing is there."""
    if prepare is None:
        return read

    @lru_cache(4096)
    def prepared(text: str) -> Any:
        found = prepare(text)
        return "" if found is None else read(found)

    return prepared


def _putter(path: str, whole: str, read: Read, joint: str | None = None) -> Put:
    *parents, leaf = path.split(".")
    many = PATHS[whole].many

    def put(walk: Walk, element: etree._Element, out: Document, text: str) -> None:
        try:
            value = read(text)
        except ValueError as error:
            walk.unparsed(element, whole, text, error)
            return
        if value == "":
            return
        for name in parents:
            out = out.setdefault(name, {})
        if many:
            out.setdefault(leaf, []).append(value)
        elif joint is not None and leaf in out:
            out[leaf] += joint + value
        elif out.setdefault(leaf, value) != value:
            walk.contradiction(element, whole, text)

    return put


def _split(entry: Split, above: tuple[str, ...]) -> Put:
    wholes = {path: _absolute(path, above) for path in entry.paths}
    puts = {path: _putter(path, whole, reader(PATHS[whole])) for path, whole in wholes.items()}
    first = next(iter(wholes.values()))

    def put(walk: Walk, element: etree._Element, out: Document, text: str) -> None:
        try:
            for path, part in entry.rule(text):
                puts[path](walk, element, out, part)
        except ValueError as error:
            walk.unparsed(element, first, text, error)

    return put


def _within(table: Table) -> Enter:
    if len(table.children) == 1 and not table.attributes and table.text is None:
        ((tag, step),) = table.children.items()
        if step.enter is not None:
            return _each(tag, step.enter)

    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        walk.fill(element, table, out)

    return enter


def _each(tag: str, inside: Enter) -> Enter:
    """The same for a list of elements of one kind, in one go."""

    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        children: list[etree._Element] = element[:]  # type: ignore[index, assignment]
        walk.nodes += len(children)
        for child in children:
            if child.tag == tag:
                inside(walk, child, out)
            else:
                walk.leave(child)

    return enter


def _item(entry: Item, above: tuple[str, ...]) -> Step:
    whole = _absolute(entry.path, above)
    table = compile_table(entry.entries, whole, *above)
    if _is_row(entry, table):
        return Step(enter=_row(entry.path, table), table=table)
    *parents, leaf = entry.path.split(".")
    many, constants, finish = PATHS[whole].many, dict(entry.constants), entry.finish

    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        filled: Document = {}
        walk.fill(element, table, filled)
        record = filled if finish is None else finish(filled, out)
        if not record:
            return
        record.update(constants)
        for name in parents:
            out = out.setdefault(name, {})
        if many:
            out.setdefault(leaf, []).append(record)
        else:
            out.setdefault(leaf, {}).update(record)

    return Step(enter=enter, table=table)


def _is_row(entry: Item, table: Table) -> bool:
    """Whether an item is nothing but attributes and a text, as most elements of results are."""
    plain = "." not in entry.path and not entry.constants and entry.finish is None and not table.children
    return plain and bool(table.attributes) and all(step.read for step in table.attributes.values())


def _row(name: str, table: Table) -> Enter:
    """The same as for other items, in one go."""
    fields = {attribute: (step.name, step.read) for attribute, step in table.attributes.items() if step.read}

    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        record: Document = {}
        items: list[tuple[str, str]] = element.items()  # type: ignore[assignment]  # never bytes
        walk.attributes += len(items)
        for attribute, text in items:
            field = fields.get(attribute)
            if field is None:
                walk.unread.append(Unread(text, place(element), f"@{attribute}"))
                continue
            leaf, read = field
            try:
                value = read(text)
            except ValueError as error:
                walk.unparsed(element, table.attributes[attribute].path, text, error)
                continue
            if value != "":
                record[leaf] = value
        if table.text is not None and element.text is not None:
            walk.nodes += 1
            walk.read(element, table.text, element.text, record)
        if record:
            out.setdefault(name, []).append(record)

    return enter


def _held(name: str, table: Table) -> Enter:
    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        record: Document = {}
        walk.fill(element, table, record)
        out.setdefault(name, []).append(record)

    return enter
