"""One pass over a record of the legacy XML by compiled tables, counting what it sees, so that nothing stays unread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.content import fold
from ctgov_ingest.sources.memory import Memory
from ctgov_ingest.sources.record import Unread

Document = dict[str, Any]

Field = tuple[str, Memory[Any], str]
"""Of a text that is the value of a field of the record at hand: the field's name, how it is read, its whole path."""
Put = Callable[["Walk", etree._Element, Document, str], None]
"""Puts a text of an element into the fields of the record at hand, or deeper."""
Enter = Callable[["Walk", etree._Element, Document], None]
"""Reads an element into the fields of the record around it."""


class Children(dict[str, Field | tuple[None, Enter, str]]):
    """The children of an element: fields, which most are, and those that are entered in their own way."""

    def __missing__(self, tag: str) -> tuple[None, Enter, str]:
        """An element that no table knows."""
        return None, leave, ""


@dataclass(slots=True)
class Table:
    """What an element may hold, ready to be walked.

    `below` says what may be in a child: another table, or nothing but a text (None); what is ignored is not in it.
    """

    children: Children = field(default_factory=lambda: Children())
    attributes: dict[str, Field | Put] = field(default_factory=dict)
    text: Field | Put | None = None
    below: dict[str, Table | None] = field(default_factory=dict)


@dataclass(slots=True)
class Walk:
    """One pass over one record. `seen` counts the elements below it, the texts and the attributes that were seen."""

    issues: list[Issue] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    seen: int = 0

    def read(self, element: etree._Element, entry: Field | Put, text: str, out: Document) -> None:
        """Read one text into the fields of a record."""
        if not isinstance(entry, tuple):
            entry(self, element, out, text)
            return
        name, read, path = entry
        try:
            value = read[text]
        except ValueError as error:
            self.unparsed(element, path, text, error)
            return
        if value != "" and out.setdefault(name, value) != value:
            self.contradiction(element, path, text)

    def read_attributes(self, element: etree._Element, known: Mapping[str, Field | Put], out: Document) -> None:
        """Read the attributes of an element into the fields of a record."""
        items: list[tuple[str, str]] = element.items()  # type: ignore[assignment]  # never bytes
        self.seen += len(items)
        for name, text in items:
            entry = known.get(name)
            if entry is None:
                self.stray(element, name, text)
            else:
                self.read(element, entry, text, out)

    def stray(self, element: etree._Element, name: str, text: str) -> None:
        """Note an attribute that no table knows."""
        self.unread.append(Unread(text, place(element), f"@{name}"))

    def skip(self, element: etree._Element) -> None:
        """Count what is in an element that is not read, which most often is a text."""
        if not len(element):
            self.seen += (element.text is not None) + len(element.keys())
            return
        for node in element.iter():
            self.seen += len(node) + (node.text is not None) + len(node.keys())

    def unparsed(self, element: etree._Element, path: str, text: str, error: ValueError) -> None:
        """Note a text that its field cannot hold."""
        self.issues.append(Issue("unparsed", str(error), path, text, place(element)))

    def contradiction(self, element: etree._Element, path: str, text: str) -> None:
        """Note a second value where there can be one."""
        message = "a second value for one field; kept the first"
        self.issues.append(Issue("contradiction", message, path, text, place(element)))


def filler(table: Table) -> Enter:
    """How an element is read into a record by its table."""
    if not (table.attributes or table.text):
        return _children(table)
    return _own(table, _children(table) if table.children else None)


def _children(table: Table) -> Enter:
    """How what is in an element is read.

    Whatever it asks of an element is asked half a thousand times a record: hence the one loop, and the slice, which
    gives the children in one call.
    """
    known = table.children

    def fill(walk: Walk, element: etree._Element, out: Document) -> None:
        children: list[etree._Element] = element[:]  # type: ignore[index, assignment]
        seen = len(children)
        for child in children:
            how: Any  # a memory where there is a name, else a way to enter
            name, how, path = known[child.tag]
            if name is None:
                how(walk, child, out)
                continue
            text = child.text
            if text is None:
                continue
            seen += 1
            try:
                value = how[text]
            except ValueError as error:
                walk.unparsed(child, path, text, error)
                continue
            if value == "":
                continue
            if name not in out:
                out[name] = value
            elif out[name] != value:
                walk.contradiction(child, path, text)
        walk.seen += seen

    return fill


def _own(table: Table, children: Enter | None) -> Enter:
    """How an element is read that has attributes or a text of its own."""
    attributes, own_text = table.attributes, table.text

    def fill(walk: Walk, element: etree._Element, out: Document) -> None:
        if attributes:
            walk.read_attributes(element, attributes, out)
        if own_text is not None and (text := element.text) is not None:
            walk.seen += 1
            walk.read(element, own_text, text, out)
        if children is not None:
            children(walk, element, out)

    return fill


def each(tag: str, enter: Enter) -> Enter:
    """How a list of elements of one kind is read."""

    def enter_each(walk: Walk, element: etree._Element, out: Document) -> None:
        children: list[etree._Element] = element[:]  # type: ignore[index, assignment]
        walk.seen += len(children)
        for child in children:
            (enter if child.tag == tag else leave)(walk, child, out)

    return enter_each


def row(name: str, fields: Mapping[str, Field], text: Field | None) -> Enter:
    """How an item of the list `name` is read that is nothing but attributes and a text, as most of results are."""

    def enter(walk: Walk, element: etree._Element, out: Document) -> None:
        record: Document = {}
        items: list[tuple[str, str]] = element.items()  # type: ignore[assignment]  # never bytes
        walk.seen += len(items)
        for attribute, found in items:
            if attribute not in fields:
                walk.stray(element, attribute, found)
                continue
            leaf, read, path = fields[attribute]
            try:
                value = read[found]
            except ValueError as error:
                walk.unparsed(element, path, found, error)
                continue
            if value != "":
                record[leaf] = value
        if text is not None and (words := element.text) is not None:
            walk.seen += 1
            walk.read(element, text, words, record)
        if record:
            out.setdefault(name, []).append(record)

    return enter


def leave(walk: Walk, element: etree._Element, out: Document) -> None:
    """Note an element that no table knows."""
    walk.skip(element)
    walk.unread.append(_whole(element))


def ignore(walk: Walk, element: etree._Element, out: Document) -> None:
    """Pass over an element that is ignored."""
    walk.skip(element)


def place(element: etree._Element) -> str:
    """Where an element is: its path and its line."""
    names = [str(node.tag) for node in element.iterancestors()][-2::-1]
    return f"{'/'.join([*names, str(element.tag)])}, line {element.sourceline}"


def _whole(element: etree._Element) -> Unread:
    return Unread(fold(" ".join(map(str, element.itertext()))), place(element), str(element.tag))


def strays(element: etree._Element, table: Table | None) -> Iterator[Unread]:
    """What the walk does not look at, for files in which it counted less than there is.

    Text between elements, elements and attributes where a table has only text.
    """
    holds_text = table is None or table.text is not None
    if not holds_text and element.text and not element.text.isspace():
        yield Unread(fold(element.text), place(element))
    if table is None or not table.attributes:
        for name, value in element.items():
            yield Unread(str(value), place(element), f"@{name!s}")
    for child in element:
        tag = str(child.tag)
        if child.tail and not child.tail.isspace():
            yield Unread(fold(child.tail), f"behind {place(child)}")
        if table is None or tag not in table.children:
            yield _whole(child)
        elif tag in table.below:
            yield from strays(child, table.below.get(tag))
