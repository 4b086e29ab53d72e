"""Raw texts under canonical paths to a study: one table from kind of field to value parser, for every source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ctgov_ingest.sources.content import fold
from ctgov_ingest.sources.record import Issue, Raw, RawRecord, RawTree
from ctgov_ingest.study import Study
from ctgov_ingest.study.base import Record
from ctgov_ingest.study.durations import Duration
from ctgov_ingest.study.shape import Shape, fields
from ctgov_ingest.study.vocabularies import Vocabulary
from ctgov_ingest.values.dates import parse_date
from ctgov_ingest.values.labels import parse_label
from ctgov_ingest.values.numbers import parse_count, parse_number, parse_yes_no

Read = Callable[[str], Any]
"""Reads the text of a field; raises ValueError when it cannot."""

PARSERS: Mapping[str, Read] = {
    "text": fold,
    "markup": str.strip,
    "date": lru_cache(1 << 12)(parse_date),
    "duration": Duration.parse,
    "bool": parse_yes_no,
    "int": parse_count,
    "number": parse_number,
}
"""How the text of each kind of field is read. Labels go by their vocabulary."""


@cache
def label_reader(vocabulary: type[Vocabulary]) -> Read:
    """How a label of a vocabulary is read: few words, met again and again."""
    return lru_cache(512)(lambda text: parse_label(vocabulary, text).value)


def normalize(record: RawRecord) -> tuple[Study, list[Issue]]:
    """Build the study; a text that its field cannot hold leaves the field empty and becomes an issue."""
    issues: list[Issue] = []
    document = _group(record.tree, Study, "", issues)
    return Study.model_validate(document), issues


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
    if shape.of is None:
        return _Field(tuple(parents), name, PARSERS[shape.kind], None)
    if issubclass(shape.of, Record):
        return _Field(tuple(parents), name, None, shape.of)
    return _Field(tuple(parents), name, label_reader(shape.of), None)


def _shape(model: type[Record], name: str, path: str) -> Shape:
    try:
        return fields(model)[name]
    except KeyError:
        raise KeyError(f"a source put something where the model has no field: {path} in {model.__name__}") from None


def _group(tree: RawTree, model: type[Record], above: str, issues: list[Issue]) -> dict[str, Any]:
    known = _fields(model)
    found: dict[str, Any] = {}
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
