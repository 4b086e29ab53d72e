"""A study as plain structs: the model's attributes, texts as texts, and nothing missing on the way to a field.

Made by msgspec from the model's shape, in the time that decoding takes. A record that is absent is an empty one, a list
that is absent is empty. A value of another type than its field's is left out; its document keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import msgspec

from ctgov_ingest import jsontext
from ctgov_ingest.study import Study
from ctgov_ingest.study.base import Record
from ctgov_ingest.study.results import ResultsSection
from ctgov_ingest.study.shape import Kind, Shape, fields

LARGEST = 2**63 - 1
"""The largest integer that SQLite and Parquet hold."""

_TYPES: dict[Kind, Any] = {
    "bool": bool,
    "int": Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)],
    "number": float,
}
"""What a field holds that is no text."""


def plain(study: bytes) -> Any:
    """A study of its JSON with the API's names. Raises jsontext.NotJson."""
    try:
        if b"\\u0000" not in study:
            return _decoder().decode(study)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass  # what it stumbled over is left out below
    return msgspec.convert(_fitting(jsontext.loads(study), Study), struct(Study))


def has_results(study: Any) -> bool:
    """Whether a plain study may have rows in the tables of results."""
    return study.results_section is not empty(ResultsSection)


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(struct(Study))


@cache
def struct(model: type[Record]) -> type[msgspec.Struct]:
    """A class of the model as a struct; the collector need not look at what is thrown away at once."""
    members = [_member(alias, shape) for alias, shape in fields(model).items()]
    return msgspec.defstruct(model.__name__, members, frozen=True, gc=False)


@cache
def empty(model: type[Record]) -> Any:
    """The struct of a record that holds nothing."""
    return struct(model)()


def _member(alias: str, shape: Shape) -> tuple[str, Any, Any]:
    is_record = shape.kind == "record"
    one: Any = struct(record_of(shape)) if is_record else _TYPES.get(shape.kind, str) | None
    absent = empty(record_of(shape)) if is_record else None
    if shape.many:
        return shape.name, tuple[one, ...], msgspec.field(default=(), name=alias)
    return shape.name, one, msgspec.field(default=absent, name=alias)


def record_of(shape: Shape) -> type[Record]:
    """The class of a field that holds records."""
    if shape.of is None or not issubclass(shape.of, Record):
        raise TypeError(f"{shape.alias} holds no records")
    return shape.of


def _fitting(node: Any, model: type[Record]) -> dict[str, Any]:
    """What of a record the struct can hold; items of lists keep their places."""
    if not isinstance(node, dict):
        return {}
    found = ((alias, _value(node.get(alias), shape)) for alias, shape in fields(model).items())
    return {alias: value for alias, value in found if value is not None}


def _value(value: Any, shape: Shape) -> Any:
    if shape.many:
        return [_one(item, shape) for item in value] if isinstance(value, list) else None
    return _one(value, shape)


def _one(value: Any, shape: Shape) -> Any:
    if shape.kind == "record":
        return _fitting(value, record_of(shape))
    fit = _FITTING.get(shape.kind, _text)
    return fit(value)


def _text(value: Any) -> str | None:
    """A text as tables can hold it: half a surrogate pair and NUL, which ends a text in SQL, are U+FFFD."""
    return _NO_CHARACTER.sub("\ufffd", value) if isinstance(value, str) else None


def _bool(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _int(value: Any) -> int | None:
    return value if type(value) is int and abs(value) <= LARGEST else None


def _number(value: Any) -> float | None:
    return value if type(value) is float else _int(value)


_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
_FITTING: dict[Kind, Callable[[Any], str | float | None]] = {"bool": _bool, "int": _int, "number": _number}
