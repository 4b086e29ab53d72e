"""The slower way of API v2 JSON: what the model refuses and JSON allows.

Half a surrogate pair, integers of any length, values of a wrong type: what the model cannot hold is left
out of it, stays in the record's bytes, and becomes an issue.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from ctgov_ingest import jsontext
from ctgov_ingest.errors import Damaged
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.json_input import decode, shape, short
from ctgov_ingest.study import Study, Unknowns

_SURROGATE = re.compile("[\ud800-\udfff]")

_Place = tuple[int | str, ...]


def repair(data: bytes, error: ValidationError, context: Unknowns) -> tuple[Study, list[Issue]]:
    """The study without what the model cannot hold, and an issue for each of these."""
    document = decode(data)
    if not isinstance(document, dict):
        raise Damaged(f"expected a study as a JSON object, found {shape(document)}") from error
    issues: list[Issue] = []
    fit = _fitting(document, "", issues)
    while True:
        try:
            return Study.model_validate_json(jsontext.dumps(fit), context=context), issues
        except ValidationError as refused:
            _drop(fit, refused, issues)


def _fitting(node: Any, path: str, issues: list[Issue]) -> Any:
    """A copy in which half a surrogate pair is U+FFFD, which is what a text can hold."""
    if isinstance(node, dict):
        return {
            _SURROGATE.sub("\ufffd", name): _fitting(value, f"{path}.{name}".lstrip("."), issues)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [_fitting(value, f"{path}[{at}]", issues) for at, value in enumerate(node)]
    if isinstance(node, str) and _SURROGATE.search(node):
        message = "half a surrogate pair is no character: shown as U+FFFD"
        issues.append(Issue("lone-surrogate", message, short(path), short(node)))
        return _SURROGATE.sub("\ufffd", node)
    return node


def _drop(document: dict[str, Any], error: ValidationError, issues: list[Issue]) -> None:
    """Take each refused value out of the document; each refusal takes at least one, so that this ends."""
    refused = {_place(document, found["loc"]): found["msg"] for found in reversed(error.errors(include_url=False))}
    for place in sorted(refused, key=_last_first, reverse=True):
        holder = _holder(document, place)
        issues.append(Issue("wrong-type", refused[place], short(_path(place)), short(holder[place[-1]])))
        del holder[place[-1]]


def _last_first(place: _Place) -> list[tuple[int, str]]:
    """A key that sorts later items of a list higher, so that taking one out moves no other."""
    return [(step, "") if isinstance(step, int) else (-1, step) for step in place]


def _holder(document: Any, place: _Place) -> Any:
    for step in place[:-1]:
        document = document[step]
    return document


def _place(document: Any, loc: _Place) -> _Place:
    """The place of a refused value in the input; what follows in `loc` names branches of the model."""
    place: _Place = ()
    for step in loc:
        there = isinstance(document, dict) and step in document
        there = there or (isinstance(document, list) and isinstance(step, int) and step < len(document))
        if not there:
            break
        document, place = document[step], (*place, step)
    if not place:
        raise Damaged(f"expected a study, found a value that the model refuses whole at {short(str(loc))}")
    return place


def _path(place: _Place) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
