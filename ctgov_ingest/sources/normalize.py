"""Raw texts under canonical paths to a study: one table from kind of field to value parser, for every source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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

PARSERS: dict[str, Callable[[str], Any]] = {
    "text": fold,
    "markup": str.strip,
    "date": parse_date,
    "duration": Duration.parse,
    "bool": parse_yes_no,
    "int": parse_count,
    "number": parse_number,
}
"""How the text of each kind of field is read; each raises ValueError when it cannot. Labels go by their vocabulary."""


def normalize(record: RawRecord) -> tuple[Study, list[Issue]]:
    """Build the study; a text that its field cannot hold leaves the field empty and becomes an issue."""
    issues: list[Issue] = []
    document = _group(record.tree, Study, "", issues)
    return Study.model_validate_json(orjson.dumps(document)), issues


def _group(tree: RawTree, model: type[Record], above: str, issues: list[Issue]) -> dict[str, Any]:
    shapes = fields(model)
    found = {name: _value(tree[name], shapes[name], f"{above}{name}", issues) for name in shapes if name in tree}
    if strange := set(tree) - set(found):
        raise KeyError(f"a source put values where the model has no field: {sorted(strange)} in {above or 'Study'}")
    return {name: value for name, value in found.items() if value is not None and value != [] and value != {}}


def _value(node: Any, shape: Shape, path: str, issues: list[Issue]) -> Any:
    if isinstance(node, list):
        values = [_value(item, shape, path, issues) for item in node]
        return [value for value in values if value is not None]
    if isinstance(node, Raw):
        return _leaf(node, shape, path, issues)
    if shape.of is None or not issubclass(shape.of, Record):
        raise KeyError(f"a source put a group at {path}, where the model has one value")
    return _group(node, shape.of, f"{path}.", issues)


def _leaf(raw: Raw, shape: Shape, path: str, issues: list[Issue]) -> Any:
    try:
        if shape.of is not None and issubclass(shape.of, Vocabulary):
            return parse_label(shape.of, raw.text)
        return PARSERS[shape.kind](raw.text)
    except ValueError as error:
        issues.append(Issue("unparsed", str(error), path, raw.text, raw.place))
        return None
