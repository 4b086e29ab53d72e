"""One pass over a record of the legacy XML by compiled tables, counting what it sees, so that nothing stays unread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from ctgov_ingest.sources.content import fold
from ctgov_ingest.sources.record import Issue, Unread

Document = dict[str, Any]
Read = Callable[[str], Any]
Put = Callable[["Walk", etree._Element, Document, str], None]
Enter = Callable[["Walk", etree._Element, Document], None]


class Step(NamedTuple):
    """A compiled entry, one of three: `read` a text for the field `name`, `put` a text, `enter` an element."""

    name: str = ""
    read: Read | None = None
    put: Put | None = None
    enter: Enter | None = None
    path: str = ""
    """The whole path of the field, for messages."""
    table: Table | None = None
    """What an element that is entered may hold."""
    ignored: bool = False


@dataclass(slots=True)
class Table:
    """Compiled entries by the names of children and of attributes, and the one for an element's own text."""

    children: dict[str, Step] = field(default_factory=dict)
    attributes: dict[str, Step] = field(default_factory=dict)
    text: Step | None = None
    values: dict[str, tuple[str, Read, str]] = field(default_factory=dict)
    """Of the children, those that are read for a field, as most are: its name, how, and its path."""


@dataclass(slots=True)
class Walk:
    """One pass over one record. `nodes` and `attributes` count what was seen."""

    issues: list[Issue] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    nodes: int = 0
    attributes: int = 0

    def fill(self, element: etree._Element, table: Table, out: Document) -> None:
        """Read an element into the fields of a record."""
        if table.attributes:
            self.read_attributes(element, table, out)
        seen = 0
        if table.text is not None and element.text is not None:
            seen = 1
            self.read(element, table.text, element.text, out)
        values = table.values
        children: list[etree._Element] = element[:]  # type: ignore[index, assignment]  # an iterator costs far more
        for child in children:
            tag = child.tag
            field = values.get(tag)
            if field is None:
                self._other(child, table.children.get(tag), out)
                continue
            text = child.text
            if text is None:
                continue
            seen += 1
            name, read, path = field
            try:
                value = read(text)
            except ValueError as error:
                self.unparsed(child, path, text, error)
                continue
            if value != "" and out.setdefault(name, value) != value:
                self.contradiction(child, path, text)
        self.nodes += seen + len(children)

    def _other(self, element: etree._Element, step: Step | None, out: Document) -> None:
        """Read an element that is no value of a field of the record at hand."""
        if step is None:
            self.leave(element)
        elif step.enter is not None:
            step.enter(self, element, out)
        elif element.text is not None and step.put is not None:
            self.nodes += 1
            step.put(self, element, out, element.text)

    def read_attributes(self, element: etree._Element, table: Table, out: Document) -> None:
        """Read the attributes of an element into the fields of a record."""
        items: list[tuple[str, str]] = element.items()  # type: ignore[assignment]  # never bytes
        self.attributes += len(items)
        for name, text in items:
            step = table.attributes.get(name)
            if step is None:
                self.unread.append(Unread(text, place(element), f"@{name}"))
            else:
                self.read(element, step, text, out)

    def read(self, element: etree._Element, step: Step, text: str, out: Document) -> None:
        """Read one text into the fields of a record."""
        name, read, put, _enter, path, _table, _ignored = step
        if put is not None:
            put(self, element, out, text)
        elif read is not None:
            try:
                value = read(text)
            except ValueError as error:
                self.unparsed(element, path, text, error)
                return
            if value != "" and out.setdefault(name, value) != value:
                self.contradiction(element, path, text)

    def leave(self, element: etree._Element) -> None:
        """Note an element that no table knows."""
        self.skip(element)
        self.unread.append(_whole(element))

    def skip(self, element: etree._Element) -> None:
        """Count what is in an element that is not read."""
        for node in element.iter():
            self.nodes += len(node) + (node.text is not None)
            self.attributes += len(node.attrib)

    def unparsed(self, element: etree._Element, path: str, text: str, error: ValueError) -> None:
        """Note a text that its field cannot hold."""
        self.issues.append(Issue("unparsed", str(error), path, text, place(element)))

    def contradiction(self, element: etree._Element, path: str, text: str) -> None:
        """Note a second value where there can be one."""
        message = "a second value for one field; kept the first"
        self.issues.append(Issue("contradiction", message, path, text, place(element)))


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
        if child.tail and not child.tail.isspace():
            yield Unread(fold(child.tail), f"behind {place(child)}")
        step = table.children.get(str(child.tag)) if table else None
        if step is None:
            yield _whole(child)
        elif not step.ignored:
            yield from strays(child, step.table)
