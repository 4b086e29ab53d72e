"""Tables of elements: what an entry may say of an element, and how it is made ready for the walk.

A table maps the children, the attributes (`@type`) and the text (`.`) of an element to entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ctgov_ingest.sources.legacy_xml_text import markup, words
from ctgov_ingest.sources.legacy_xml_walk import (
    Document,
    Enter,
    Field,
    Put,
    Table,
    Walk,
    each,
    filler,
    ignore,
    row,
)
from ctgov_ingest.sources.memory import Memory
from ctgov_ingest.sources.normalize import reader
from ctgov_ingest.study.shape import Shape, paths

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
        if name == ".":
            table.text = _text(entry, above)
        elif name.startswith("@"):
            table.attributes[name[1:]] = _text(entry, above)
        else:
            _child(table, name, entry, above)
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


_TEXTS: Mapping[str, Memory[Any]] = {"text": Memory(words, 1 << 14), "markup": Memory(markup, 1 << 11)}
"""Results say the same of a group again and again."""


def _reader(shape: Shape) -> Memory[Any]:
    """How the text of a field is read: as for every source, but for white space and lists in this one's way."""
    return _TEXTS[shape.kind] if shape.kind in _TEXTS else Memory(reader(shape))


def _child(table: Table, name: str, entry: Entry, above: tuple[str, ...]) -> None:
    """Enter a child element into a table."""
    if isinstance(entry, Ignored):
        table.children[name] = None, ignore, ""
    elif isinstance(entry, Value | Split):
        found = _text(entry, above)
        table.children[name] = found if isinstance(found, tuple) else (None, _of_text(found), "")
        table.below[name] = None
    else:
        enter, table.below[name] = _element(entry, above)
        table.children[name] = None, enter, ""


def _of_text(put: Put) -> Enter:
    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        text = element.text
        if text is not None:
            walk.seen += 1
            put(walk, element, out, text)

    return enter


def _text(entry: Entry, above: tuple[str, ...]) -> Field | Put:
    """How the text of an attribute or an element is read."""
    match entry:
        case Value():
            return _value(entry, above)
        case Split():
            return _split(entry, above)
        case Ignored():
            return _nothing
    raise TypeError(f"a text cannot be {entry}")


def _nothing(walk: Walk, element: etree._Element, out: Document, text: str) -> None:
    """A text that is ignored."""


def _element(entry: Within | Item | Held, above: tuple[str, ...]) -> tuple[Enter, Table]:
    """How an element with others in it is read, and what may be in it."""
    match entry:
        case Within(entries):
            table = compile_table(entries, *above)
            return _within(table), table
        case Item(path, entries):
            table = compile_table(entries, _absolute(path, above), *above)
            return _item(entry, table, PATHS[_absolute(path, above)].many), table
        case Held(name, entries, of):
            table = compile_table(entries, *([_absolute(of, above)] if of else []), *above)
            return _held(name, table), table


def _value(entry: Value, above: tuple[str, ...]) -> Field | Put:
    path = _absolute(entry.path, above)
    shape = PATHS[path]
    read = _prepared(_reader(shape), entry.prepare)
    if "." in entry.path or shape.many or entry.joint is not None:
        return _putter(entry.path, path, read, entry.joint)
    return entry.path, read, path


def _prepared(read: Memory[Any], prepare: Callable[[str], str | None] | None) -> Memory[Any]:
    """A reader behind a change of the text; it gives the empty text where nothing is there."""
    if prepare is None:
        return read

    def prepared(text: str) -> Any:
        found = prepare(text)
        return "" if found is None else read[found]

    return Memory(prepared)


def _putter(path: str, whole: str, read: Memory[Any], joint: str | None = None) -> Put:
    *parents, leaf = path.split(".")
    many = PATHS[whole].many

    def put(walk: Walk, element: etree._Element, out: Document, text: str) -> None:
        try:
            value = read[text]
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
    puts = {path: _putter(path, whole, _reader(PATHS[whole])) for path, whole in wholes.items()}
    parts = Memory(lambda text: tuple(entry.rule(text)))
    first = next(iter(wholes.values()))

    def put(walk: Walk, element: etree._Element, out: Document, text: str) -> None:
        try:
            found = parts[text]
        except ValueError as error:
            walk.unparsed(element, first, text, error)
            return
        for path, part in found:
            puts[path](walk, element, out, part)

    return put


def _within(table: Table) -> Enter:
    """How an element is read that only groups: most often items of one kind."""
    if len(table.children) == 1 and not (table.attributes or table.text):
        ((tag, child),) = table.children.items()
        if child[0] is None:
            return each(tag, child[1])
    return filler(table)


def _item(entry: Item, table: Table, many: bool) -> Enter:
    if enter_row := _row(entry, table):
        return enter_row
    *parents, leaf = entry.path.split(".")
    constants, finish, fill = dict(entry.constants), entry.finish, filler(table)

    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        filled: Document = {}
        fill(walk, element, filled)
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

    return enter


def _row(entry: Item, table: Table) -> Enter | None:
    """How an item is read that is nothing but attributes and a text; None where it is more."""
    fields = {name: one for name, one in table.attributes.items() if isinstance(one, tuple)}
    text = table.text if isinstance(table.text, tuple) else None
    is_plain = not ("." in entry.path or entry.constants or entry.finish or table.children) and text is table.text
    return row(entry.path, fields, text) if is_plain and fields and len(fields) == len(table.attributes) else None


def _held(name: str, table: Table) -> Enter:
    fill = filler(table)

    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        record: Document = {}
        fill(walk, element, record)
        out.setdefault(name, []).append(record)

    return enter
