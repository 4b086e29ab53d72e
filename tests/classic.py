"""API v2 records as the classic API would have given them: the way back of `sources/api_v1`, written apart from it."""

import re
from typing import Any

from ctgov_ingest.sources.classic_pieces import LATER, PIECES
from ctgov_ingest.study import Study
from ctgov_ingest.study.base import Record
from ctgov_ingest.study.shape import Shape, fields
from ctgov_ingest.study.vocabularies import Vocabulary
from ctgov_ingest.values.dates import MONTHS

Json = dict[str, Any]

_PIECE = {path: piece for piece, path in PIECES.items() if piece not in LATER}
_OTHER_WRAPPERS = {"ArmGroupInterventionName": "ArmGroupInterventionList"}
_LIST_MARK = re.compile(r"(?m)^ *(?:\*|\d+\.) +")
_ESCAPE = re.compile(r"\\([^\w\s])")


def as_classic(document: Json, model: type[Record] = Study, above: str = "") -> Json:
    """A record, or a part of one, under the names of the classic API; what it never had is left out."""
    shapes = fields(model)
    given: Json = {}
    for name, value in document.items():
        piece = _PIECE.get(above + name)
        if name not in shapes or piece is None:
            continue
        shape = shapes[name]
        made = [_value(item, shape, above + name) for item in (value if shape.many else [value])]
        if shape.many:
            given[_OTHER_WRAPPERS.get(piece, f"{piece}List")] = {piece: made}
        else:
            given[piece] = made[0]
    return given


def answer(*studies: Json, stamp: str = "2023:10:17 23:49:37.236") -> Json:
    """An answer with whole studies."""
    found = [{"Rank": number, "Study": study} for number, study in enumerate(studies, 1)]
    return {"FullStudiesResponse": {"APIVrs": "1.01.05", "DataVrs": stamp, "FullStudies": found}}


def _value(value: Any, shape: Shape, path: str) -> Any:
    if shape.of is not None and issubclass(shape.of, Record):
        return as_classic(value, shape.of, f"{path}.")
    if shape.of is not None and issubclass(shape.of, Vocabulary):
        return _label(value, shape.of)
    match shape.kind:
        case "bool":
            return "Yes" if value else "No"
        case "date":
            return _in_words(value)
        case "markup":
            return _ESCAPE.sub(r"\1", _LIST_MARK.sub("", value))
    return str(value)


def _label(value: str, vocabulary: type[Vocabulary]) -> str:
    member = next((member for member in vocabulary if member.value == value), None)
    return member.label if member else value


def _in_words(date: str) -> str:
    year, *parts = date[:10].split("-")
    if "T" in date:
        return f"{parts[0]}/{parts[1]}/{year} {date[11:]}"
    if not parts:
        return year
    month = MONTHS[int(parts[0]) - 1].title()
    return f"{month} {int(parts[1])}, {year}" if len(parts) == 2 else f"{month} {year}"


def in_words(document: Json, model: type[Record] = Study) -> Json:
    """A record whose long texts are their words alone: marks of lists and escapes are no difference."""
    shapes = fields(model)
    return {name: _words(value, shapes[name]) if name in shapes else value for name, value in document.items()}


def _words(value: Any, shape: Shape) -> Any:
    if shape.many and isinstance(value, list):
        return [_words(item, shape._replace(many=False)) for item in value]
    if shape.kind == "markup":
        return " ".join(re.findall(r"[^\W_]+", _LIST_MARK.sub("", value)))
    if shape.of is not None and issubclass(shape.of, Record):
        return in_words(value, shape.of)
    return value
