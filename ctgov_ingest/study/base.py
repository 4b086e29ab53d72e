"""The base of all record classes: names, strictness, and how anything unknown is kept and marked.

Responsible for what every part of the model has in common: the API's names as aliases, no conversions between
JSON types, unknown keys and unknown values kept as they came. Marking costs nothing for a record without
surprises, because the validator `mark` runs only where an unknown key or value stands.
"""

from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic.alias_generators import to_camel

T = TypeVar("T")


class Unknowns:
    """A validation context that remembers whether anything unknown was met.

    Give a fresh one to each validation: `Study.model_validate_json(raw, context=Unknowns())`.
    """

    __slots__ = ("seen",)

    def __init__(self) -> None:
        self.seen = False


def mark(value: T, info: ValidationInfo) -> T:
    """Notes in the context, if it is an `Unknowns`, that something unknown was kept."""
    if isinstance(info.context, Unknowns):
        info.context.seen = True
    return value


class MarkupType:
    """The marker inside `Markup`; `shape` looks for it."""


Markup = Annotated[str, MarkupType]
"""Text in the registry's markdown: lines, lists and emphasis carry meaning, unlike in one-line text."""

Open = Annotated[T | Annotated[str, AfterValidator(mark)], Field(union_mode="left_to_right")]
"""`Open[Status]` is a `Status`, or, for a value that we do not know, the text as it came, marked unknown."""


class Record(BaseModel):
    """A frozen piece of a study: snake_case attributes, the API's names in JSON, every field optional."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        allow_inf_nan=False,
        defer_build=True,
        extra="allow",
        frozen=True,
        use_attribute_docstrings=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    __pydantic_extra__: dict[str, Annotated[Any, AfterValidator(mark)]]

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Only what is there: most fields of most records are absent."""
        return ((name, value) for name, value in super().__repr_args__() if value is not None)
