"""What a study carries that the model does not know: keys, and values outside a vocabulary.

Responsible for naming them with their paths. Validation only notes that there is something (`base.Unknowns`);
the walk through the whole record happens here, and only when asked for.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NamedTuple

from ctgov_ingest.study.base import Record
from ctgov_ingest.study.durations import Duration
from ctgov_ingest.study.shape import Shape, fields
from ctgov_ingest.study.vocabularies import Vocabulary


class Unknown(NamedTuple):
    """Something that was kept although the model does not know it."""

    path: str
    """Where, in the API's names with positions in lists: `…contactsLocationsModule.locations[3].status`."""
    what: Literal["key", "value"]
    """A key that the model lacks, or a value that its field does not expect."""
    value: Any
    """What stands there; under an unknown key it is not looked into."""


def unknowns(record: Record) -> list[Unknown]:
    """All unknown keys and values of a study, or of a part of one, in the order of the model."""
    return list(_in_record(record, ""))


def _in_record(record: Record, prefix: str) -> Iterator[Unknown]:
    for alias, shape in _telling(type(record)):
        if (value := getattr(record, shape.name)) is not None:
            yield from _in_field(value, shape, prefix + alias)
    for key, value in (record.__pydantic_extra__ or {}).items():
        yield Unknown(prefix + key, "key", value)


@cache
def _telling(model: type[Record]) -> tuple[tuple[str, Shape], ...]:
    """The fields of a class in which something unknown can stand; most hold plain text."""
    return tuple((alias, shape) for alias, shape in fields(model).items() if shape.kind in ("record", *_EXPECTED))


def _in_field(value: Any, shape: Shape, path: str) -> Iterator[Unknown]:
    if not shape.many:
        yield from _in_value(value, shape, path)
        return
    for position, item in enumerate(value):
        yield from _in_value(item, shape, f"{path}[{position}]")


def _in_value(value: Any, shape: Shape, path: str) -> Iterator[Unknown]:
    if shape.kind == "record":
        yield from _in_record(value, path + ".")
    elif shape.kind in _EXPECTED and not isinstance(value, _EXPECTED[shape.kind]):
        yield Unknown(path, "value", value)


_EXPECTED: dict[str, type] = {"enum": Vocabulary, "duration": Duration}
