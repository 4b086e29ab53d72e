"""The model described as data: which fields a class has, under which API names, of which kind.

Responsible for what other parts ask about the model rather than about a study: to walk, compare, document.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from ctgov_ingest.study.base import MarkupType, Record
from ctgov_ingest.study.dates import PartialDate
from ctgov_ingest.study.durations import Duration
from ctgov_ingest.study.study import Study
from ctgov_ingest.study.vocabularies import Vocabulary

Kind = Literal["text", "markup", "date", "duration", "bool", "int", "number", "enum", "record"]
"""What a field holds; `many` says whether it holds a list of that."""


class Shape(NamedTuple):
    """One field of a class."""

    name: str
    """The Python name."""
    alias: str
    """The API's name."""
    kind: Kind
    """What it holds."""
    many: bool
    """Whether it holds a list."""
    of: type[Record] | type[Vocabulary] | None
    """The class of a record, the vocabulary of an enum."""


@cache
def fields(model: type[Record]) -> Mapping[str, Shape]:
    """The fields of a class under their API names, in the order of the model."""
    shapes = (_shape(name, info) for name, info in model.model_fields.items())
    return MappingProxyType({shape.alias: shape for shape in shapes})


def paths(model: type[Record] = Study) -> dict[str, Shape]:
    """All dotted API paths below a class, without list positions: each record, then what it holds."""
    return dict(_paths(model, ""))


def _paths(model: type[Record], prefix: str) -> Iterator[tuple[str, Shape]]:
    for alias, shape in fields(model).items():
        yield prefix + alias, shape
        if shape.of is not None and issubclass(shape.of, Record):
            yield from _paths(shape.of, f"{prefix}{alias}.")


_PLAIN: dict[object, Kind] = {
    str: "text",
    bool: "bool",
    int: "int",
    float: "number",
    PartialDate: "date",
    Duration: "duration",
}


def _shape(name: str, info: FieldInfo) -> Shape:
    annotation, marks = _bare(info.annotation)
    many = get_origin(annotation) is tuple
    if many:
        annotation, marks = _bare(get_args(annotation)[0])
    kind, of = _kind(annotation)
    if MarkupType in marks:
        kind = "markup"
    return Shape(name, info.alias or name, kind, many, of)


def _bare(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """An annotation without `None`, without the open branch and without metadata; and the metadata."""
    marks: tuple[Any, ...] = ()
    while get_origin(annotation) in (Annotated, Union, UnionType):
        if get_origin(annotation) is Annotated:
            marks += annotation.__metadata__
        annotation = get_args(annotation)[0]
    return annotation, marks


def _kind(annotation: Any) -> tuple[Kind, type[Record] | type[Vocabulary] | None]:
    if annotation in _PLAIN:
        return _PLAIN[annotation], None
    if issubclass(annotation, Record):
        return "record", annotation
    if issubclass(annotation, Vocabulary):
        return "enum", annotation
    raise TypeError(f"no kind for {annotation!r}")
