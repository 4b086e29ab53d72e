"""Bytes that hold just what the model knows: told in a quarter of the time that building a `Study` takes.

The model's shape, compiled by msgspec into a check of bytes. It is never laxer than the model: what it accepts, the
model accepts with nothing to remark. What it refuses, for whatever reason, is the model's to tell of.
"""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import msgspec

from ctgov_ingest.study.base import Record
from ctgov_ingest.study.dates import PartialDate
from ctgov_ingest.study.durations import Duration
from ctgov_ingest.study.shape import Kind, Shape, fields
from ctgov_ingest.study.study import Study

_INTEGER = 2**63 - 1
_EXACT_FLOAT = 1e15
"""Numbers beyond these are decoded differently by different decoders."""

_TYPES: dict[Kind, Any] = {
    "text": str,
    "markup": str,
    "date": PartialDate,
    "duration": Duration,
    "bool": bool,
    "int": Annotated[int, msgspec.Meta(ge=-_INTEGER, le=_INTEGER)],
    "number": Annotated[float, msgspec.Meta(ge=-_EXACT_FLOAT, le=_EXACT_FLOAT)],
}
_PARSERS: dict[type, Callable[[str], str]] = {PartialDate: PartialDate.parse, Duration: Duration.parse}


def exact(data: bytes) -> Any:
    """The study as msgspec decodes it, with the model's attributes; None where the model would have more to tell."""
    try:
        return _decoder().decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_struct(Study), dec_hook=lambda kind, value: _PARSERS[kind](value))


@cache
def _struct(model: type[Record]) -> type[msgspec.Struct]:
    """A class of the model as msgspec knows it; the collector need not look at what is thrown away at once."""
    members = [
        (shape.name, _type(shape) | None, msgspec.field(default=None, name=alias))
        for alias, shape in fields(model).items()
    ]
    return msgspec.defstruct(model.__name__, members, forbid_unknown_fields=True, gc=False)


def _type(shape: Shape) -> Any:
    one = _TYPES.get(shape.kind, shape.of)
    one = _struct(one) if shape.kind == "record" else one
    return list[one] if shape.many else one  # type: ignore[valid-type]  # made at run time
