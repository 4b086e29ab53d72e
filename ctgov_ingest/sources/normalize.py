"""Raw texts under canonical paths to a study: one table from kind of field to value parser, for every source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import orjson

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
    return Study.model_validate_json(orjson.dumps(document)), issues


class _Field(NamedTuple):
    """How a field is filled: `read` the text of a value, or the fields of a group of this class."""

    read: Read | None = None
    group: type[Record] | None = None


@cache
def _fields(model: type[Record]) -> dict[str, _Field]:
    return {name: _field(shape) for name, shape in fields(model).items()}


def _field(shape: Shape) -> _Field:
    if shape.of is None:
        return _Field(PARSERS[shape.kind])
    return _Field(group=shape.of) if issubclass(shape.of, Record) else _Field(label_reader(shape.of))


def _group(tree: RawTree, model: type[Record], above: str, issues: list[Issue]) -> dict[str, Any]:
    known = _fields(model)
    found: dict[str, Any] = {}
    for name, node in tree.items():
        field = known.get(name)
        if field is None:
            raise KeyError(f"a source put a value where the model has no field: {name} in {above or 'Study'}")
        if isinstance(node, list):
            values = [_value(item, field, above, name, issues) for item in node]
            value: Any = [value for value in values if value is not None]
        else:
            value = _value(node, field, above, name, issues)
        if value is not None and value != [] and value != {}:
            found[name] = value
    return found


def _value(node: Raw | RawTree, field: _Field, above: str, name: str, issues: list[Issue]) -> Any:
    read, model = field
    if isinstance(node, dict):
        if model is None:
            raise KeyError(f"a source put a group at {above}{name}, where the model has one value")
        return _group(node, model, f"{above}{name}.", issues)
    if read is None:
        raise KeyError(f"a source put a value at {above}{name}, where the model has a group")
    text, place = node
    try:
        return read(text)
    except ValueError as error:
        issues.append(Issue("unparsed", str(error), f"{above}{name}", text, place))
        return None
