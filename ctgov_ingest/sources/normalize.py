"""Raw texts under canonical paths to a document: one table from kind of field to value parser, for every source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.content import fold
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree
from ctgov_ingest.study import Study
from ctgov_ingest.study.base import Record
from ctgov_ingest.study.durations import Duration
from ctgov_ingest.study.shape import Kind, Shape, fields
from ctgov_ingest.study.vocabularies import Vocabulary
from ctgov_ingest.values.dates import parse_date
from ctgov_ingest.values.labels import parse_label
from ctgov_ingest.values.numbers import parse_count, parse_number, parse_yes_no

Document = dict[str, Any]
Read = Callable[[str], Any]
"""Reads the text of a field; raises ValueError when it cannot."""

PARSERS: Mapping[Kind, Read] = {
    "text": fold,
    "markup": str.strip,
    "date": lru_cache(1 << 12)(lambda text: str(parse_date(text))),
    "duration": lru_cache(1 << 10)(lambda text: str(Duration.parse(text))),
    "bool": lru_cache(1 << 6)(parse_yes_no),
    "int": lru_cache(1 << 12)(parse_count),
    "number": lru_cache(1 << 12)(parse_number),
}
"""How the text of each kind of field is read, to a plain value; what is met again and again is remembered.

Labels go by their vocabulary.
"""


def reader(shape: Shape) -> Read:
    """How the text of a field is read. It is a mistake to ask for that of a group."""
    if shape.of is None:
        return PARSERS[shape.kind]
    if issubclass(shape.of, Record):
        raise TypeError(f"a group is not read from one text: {shape.alias}")
    return _label_reader(shape.of)


@cache
def _label_reader(vocabulary: type[Vocabulary]) -> Read:
    """How a label of a vocabulary is read: few words, met again and again."""
    return lru_cache(512)(lambda text: parse_label(vocabulary, text).value)


def normalize(record: RawRecord) -> tuple[Document, list[Issue]]:
    """The study as plain values; a text that its field cannot hold leaves the field empty and becomes an issue.

    What comes out is what the model takes as it is: each value was read by the kind of its field.
    """
    issues: list[Issue] = []
    return _group(record.tree, Study, "", issues), issues


class _Field(NamedTuple):
    """Where a path leads, and what is read there: a value by `read`, or a group of this class."""

    parents: tuple[str, ...]
    name: str
    read: Read | None
    group: type[Record] | None


class _Fields(dict[str, _Field]):
    """The fields of a class by path, each worked out once."""

    def __init__(self, model: type[Record]) -> None:
        super().__init__()
        self.model = model

    def __missing__(self, path: str) -> _Field:
        """Work it out. Raises KeyError where the model has none."""
        self[path] = _field(self.model, path)
        return self[path]


_fields = cache(_Fields)


def _field(model: type[Record], path: str) -> _Field:
    """The field at a path from a class on. Raises KeyError where the model has none."""
    *parents, name = path.split(".")
    for parent in parents:
        below = _shape(model, parent, path).of
        if below is None or not issubclass(below, Record):
            raise KeyError(f"a source put something below {path}, where the model has a value")
        model = below
    shape = _shape(model, name, path)
    if shape.of is not None and issubclass(shape.of, Record):
        return _Field(tuple(parents), name, None, shape.of)
    return _Field(tuple(parents), name, reader(shape), None)


def _shape(model: type[Record], name: str, path: str) -> Shape:
    try:
        return fields(model)[name]
    except KeyError:
        raise KeyError(f"a source put something where the model has no field: {path} in {model.__name__}") from None


def _group(tree: RawTree, model: type[Record], above: str, issues: list[Issue]) -> Document:
    known = _fields(model)
    found: Document = {}
    for path, node in tree.items():
        field = known[path]
        value: Any
        if isinstance(node, list):
            values = [_value(item, field, above, path, issues) for item in node]
            value = [value for value in values if value is not None]
        else:
            value = _value(node, field, above, path, issues)
        if value is not None and value != [] and value != {}:
            holder = found
            for name in field.parents:
                holder = holder.setdefault(name, {})
            holder[field.name] = value
    return found


def _value(node: Raw | RawTree, field: _Field, above: str, path: str, issues: list[Issue]) -> Any:
    if isinstance(node, Raw) and field.read is not None:
        try:
            return field.read(node.text)
        except ValueError as error:
            issues.append(Issue("unparsed", str(error), f"{above}{path}", node.text, node.place))
            return None
    if isinstance(node, dict) and field.group is not None:
        return _group(node, field.group, f"{above}{path}.", issues)
    raise KeyError(f"a source put a value for a group, or a group for a value, at {above}{path}")
