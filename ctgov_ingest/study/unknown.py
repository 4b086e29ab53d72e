"""What a study carries that the model does not know: keys, and values outside a vocabulary.

Responsible for naming them with their paths. Validation only notes that there is something (`base.Unknowns`);
the walk through the whole record happens here, and only when asked for.
"""

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
    found: list[Unknown] = []
    _look_at(record, "", found)
    return found


def _look_at(record: Record, prefix: str, found: list[Unknown]) -> None:
    """A plain walk: generators within generators took a third longer."""
    for alias, shape in _telling(type(record)):
        value = getattr(record, shape.name)
        if value is None:
            continue
        if not shape.many:
            _look_into(value, shape, prefix + alias, found)
            continue
        for position, item in enumerate(value):
            _look_into(item, shape, f"{prefix}{alias}[{position}]", found)
    for key, value in (record.__pydantic_extra__ or {}).items():
        found.append(Unknown(prefix + key, "key", value))


def _look_into(value: Any, shape: Shape, path: str, found: list[Unknown]) -> None:
    if shape.kind == "record":
        _look_at(value, path + ".", found)
    elif not isinstance(value, _EXPECTED[shape.kind]):
        found.append(Unknown(path, "value", value))


@cache
def _telling(model: type[Record]) -> tuple[tuple[str, Shape], ...]:
    """The fields of a class in which something unknown can stand; most hold plain text."""
    return tuple((alias, shape) for alias, shape in fields(model).items() if shape.kind in ("record", *_EXPECTED))


_EXPECTED: dict[str, type] = {"enum": Vocabulary, "duration": Duration}
