"""API v2 JSON: a single study, a search answer (`studies`), a list, JSON Lines; any of them with a byte order mark.

A single study's bytes go straight to pydantic's core. What that refuses and JSON allows (half a surrogate pair), and
values of a wrong type, go a slower way: the value is left out of the model, kept in the document, and becomes an issue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson
from pydantic import ValidationError

from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.errors import Damaged, SourceError, UnknownPresentation
from ctgov_ingest.sources.reading import Failure, Reading
from ctgov_ingest.sources.record import Issue
from ctgov_ingest.study import Study, Unknowns, unknowns
from ctgov_ingest.values.phrases import NCT_ID

PRESENTATION = "api-v2"
READER = "1"

BOM = b"\xef\xbb\xbf"

SECTIONS = (
    "protocolSection",
    "resultsSection",
    "annotationSection",
    "documentSection",
    "derivedSection",
    "hasResults",
)
_SINGLE = re.compile(rb"\s*\{\s*\"(?:" + "|".join(SECTIONS).encode() + rb")\"\s*:")
_SURROGATE = re.compile("[\ud800-\udfff]")

Document = dict[str, Any]
Place = tuple[int | str, ...]


def recognises(data: bytes) -> bool:
    """Whether the bytes are JSON by their first character."""
    return data.removeprefix(BOM).lstrip()[:1] in (b"{", b"[")


def read(data: bytes, source: str) -> Iterator[Reading | Failure]:
    """Read every study of the bytes. Raises SourceError when they hold none at all."""
    issues = ()
    if data.startswith(BOM):
        data = data.removeprefix(BOM)
        issues = (Issue("byte-order-mark", "the file begins with a byte order mark", place="byte 0"),)
    if _SINGLE.match(data):
        yield from _single_or_lines(data, source, issues)
    else:
        yield from _several(_decode(data), source, issues)


def _single_or_lines(data: bytes, source: str, issues: tuple[Issue, ...]) -> Iterator[Reading | Failure]:
    try:
        yield read_study(data, source, issues)
    except Damaged:
        lines = data.splitlines()
        if not _is_lines(lines):
            raise
        yield from _each(((f"{source}#{n}", line) for n, line in enumerate(lines, 1) if line.strip()), issues)


def _is_lines(lines: list[bytes]) -> bool:
    """Whether each line holds an object of its own: the first is whole, and another follows."""
    try:
        orjson.loads(lines[0])
    except (orjson.JSONDecodeError, IndexError):
        return False
    return len([line for line in lines if line.strip()]) > 1


def _each(records: Iterator[tuple[str, bytes]], issues: tuple[Issue, ...]) -> Iterator[Reading | Failure]:
    for source, data in records:
        try:
            yield read_study(data, source, issues)
        except SourceError as error:
            yield Failure(source, error)


def _several(document: Any, source: str, issues: tuple[Issue, ...]) -> Iterator[Reading | Failure]:
    if isinstance(document, dict) and isinstance(document.get("studies"), list):
        studies = document["studies"]
        issues = (*issues, *_beside(document))
    elif isinstance(document, list):
        studies = document
    elif isinstance(document, dict) and any(section in document for section in SECTIONS):
        yield read_study(orjson.dumps(document), source, issues)
        return
    else:
        raise UnknownPresentation(
            f"expected a study, a search answer or a list of studies, found {_shape(document)}"
        )
    yield from _each(((f"{source}#{n}", _encode(study)) for n, study in enumerate(studies, 1)), issues)


def _beside(answer: Document) -> list[Issue]:
    """Keys of a search answer that are not the API's."""
    strange = sorted(set(answer) - {"studies", "nextPageToken", "totalCount"})
    return [Issue("unknown-key", "a key beside the studies", key, _short(answer[key])) for key in strange]


def _shape(document: Any) -> str:
    if isinstance(document, dict):
        return "an object with the keys " + ", ".join(sorted(document)[:8]) if document else "an empty object"
    return f"a {type(document).__name__}"


def read_study(data: bytes, source: str, issues: tuple[Issue, ...] = ()) -> Reading:
    """Read the bytes of one study. Raises Damaged when they are no JSON object, or hold no NCT id."""
    context = Unknowns()
    document = None
    try:
        study = Study.model_validate_json(data, context=context)
    except ValidationError as error:
        document, study, found = _repair(data, error, context)
        issues = (*issues, *found)
    _check_id(study)
    if context.seen:
        issues = (*issues, *_unknown(study))
    carried = Carried.ALL
    if _is_partial(study):
        document = document or _decode(data)
        carried = Carried.of(_leaves(document))
        issues = (
            *issues,
            Issue("partial-record", f"the answer holds {len(carried.paths or ())} chosen fields only"),
        )
    return Reading(
        PRESENTATION,
        READER,
        source,
        data,
        study,
        carried,
        issues=issues,
        retrieved=study.version_holder,
        raw_is_document=True,
    )


def _check_id(study: Study) -> None:
    if study.nct_id is None or not NCT_ID.fullmatch(study.nct_id):
        place = "protocolSection.identificationModule.nctId"
        raise Damaged(f"expected an NCT id such as NCT01364246, found {study.nct_id!r}", place=place)


def _unknown(study: Study) -> Iterator[Issue]:
    for one in unknowns(study):
        what = (
            "a key that the registry's data model does not have"
            if one.what == "key"
            else "a value of no known form"
        )
        yield Issue(f"unknown-{one.what}", f"{what}; kept as it came", one.path, _short(one.value))


def _is_partial(study: Study) -> bool:
    """Whether fields were left out on request: every full record carries the flag of results and the stamp."""
    return study.has_results is None or study.version_holder is None


def _leaves(node: Any, above: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _leaves(value, f"{above}.{name}" if above else name)
    elif isinstance(node, list) and any(isinstance(item, dict) for item in node):
        for item in node:
            yield from _leaves(item, above)
    else:
        yield above


# --- the slower way -----------------------------------------------------------------------------------------------


def _decode(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(data, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise Damaged(f"expected JSON to its end: {_why(data, error)}") from error


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _why(data: bytes, error: orjson.JSONDecodeError) -> str:
    """What is wrong, in words; the place as line and column."""
    cut = error.pos >= len(data.decode("utf-8", "replace").rstrip())
    what = "it is cut off" if cut else error.msg
    return f"{what} (line {error.lineno}, column {error.colno})"


def _encode(study: Any) -> bytes:
    try:
        return orjson.dumps(study)
    except (orjson.JSONEncodeError, TypeError):
        return json.dumps(study).encode("ascii")


def _repair(data: bytes, error: ValidationError, context: Unknowns) -> tuple[Document, Study, list[Issue]]:
    """Leave out of the model what it cannot hold, saying so. Gives the document as it came, and the study."""
    document = _decode(data)
    if not isinstance(document, dict):
        raise Damaged(f"expected a study as a JSON object, found {_shape(document)}")
    issues: list[Issue] = []
    fit = _without_surrogates(document, "", issues)
    while True:
        try:
            return document, Study.model_validate_json(orjson.dumps(fit), context=context), issues
        except ValidationError as refused:
            _drop(fit, refused, issues)


def _without_surrogates(node: Any, path: str, issues: list[Issue]) -> Any:
    """A copy in which half a surrogate pair is U+FFFD, which is what a text can hold."""
    if isinstance(node, dict):
        return {
            name: _without_surrogates(value, f"{path}.{name}" if path else name, issues)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [_without_surrogates(value, f"{path}[{at}]", issues) for at, value in enumerate(node)]
    if isinstance(node, str) and _SURROGATE.search(node):
        message = "half a surrogate pair is no character: shown as U+FFFD"
        issues.append(Issue("lone-surrogate", message, path, _short(node)))
        return _SURROGATE.sub("\ufffd", node)
    return node


def _drop(document: Document, error: ValidationError, issues: list[Issue]) -> None:
    """Take each refused value out of the document; each refusal takes at least one, so that this ends."""
    refused = {
        _place(document, found["loc"]): found["msg"] for found in reversed(error.errors(include_url=False))
    }
    for place in sorted(refused, key=_last_first, reverse=True):
        holder = _holder(document, place)
        issues.append(Issue("wrong-type", refused[place], _path(place), _short(holder[place[-1]])))
        del holder[place[-1]]


def _last_first(place: Place) -> list[tuple[int, str]]:
    """A key that sorts later items of a list higher, so that taking one out moves no other."""
    return [(step, "") if isinstance(step, int) else (-1, step) for step in place]


def _holder(document: Any, place: Place) -> Any:
    for step in place[:-1]:
        document = document[step]
    return document


def _place(document: Any, loc: Place) -> Place:
    """The place of a refused value in the input; what follows in `loc` names branches of the model."""
    place: Place = ()
    for step in loc:
        there = isinstance(document, dict) and step in document
        there = there or (isinstance(document, list) and isinstance(step, int) and step < len(document))
        if not there:
            break
        document, place = document[step], (*place, step)
    if not place:
        raise Damaged(f"expected a study, found a value that the model refuses whole at {loc}")
    return place


def _path(place: Place) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def _short(value: Any, limit: int = 300) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= limit else text[: limit - 1] + "…"
