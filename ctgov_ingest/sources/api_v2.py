"""API v2 JSON: a single study, a search answer (`studies`), a list, JSON Lines; any of them with a byte
order mark.

A single study's bytes go straight to pydantic's core. What that refuses and JSON allows goes a slower way,
in `api_v2_repair`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ctgov_ingest import jsontext
from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.errors import Damaged, SourceError, TooLarge, UnknownPresentation
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.api_v2_repair import repair
from ctgov_ingest.sources.json_input import decode, loads, require_shallow, shape, short
from ctgov_ingest.sources.reading import Failure, Reading
from ctgov_ingest.sources.refusals import not_yet_json
from ctgov_ingest.study import Study, Unknowns, unknowns
from ctgov_ingest.values.phrases import NCT_ID

PRESENTATION = "api-v2"
READER = "1"

MAX_BYTES = 512 * 1024 * 1024
"""The largest file of JSON that is read. The largest record is under 20 MB, a search answer under 200 MB."""

BOM = b"\xef\xbb\xbf"

SECTIONS = (
    "protocolSection",
    "resultsSection",
    "annotationSection",
    "documentSection",
    "derivedSection",
    "hasResults",
)
"""The keys of a study."""

_FIRST_KEY = re.compile(rb"\s*\{\s*\"(\w{1,60})\"\s*:")
_SINGLE = re.compile(rb"\s*\{\s*\"(?:" + "|".join(SECTIONS).encode() + rb")\"\s*:")

_Records = Iterator[Reading | Failure]
_Issues = tuple[Issue, ...]


def recognises(data: bytes) -> bool:
    """Whether the bytes are JSON by their first character."""
    return _start(data)[:1] in (b"{", b"[")


def _start(data: bytes) -> bytes:
    return data[:4096].removeprefix(BOM).lstrip()


def read(data: bytes, source: str) -> _Records:
    """Read every study of the bytes. Raises SourceError when they hold none at all."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"expected at most {MAX_BYTES:,} bytes of JSON, found {len(data):,}")
    issues: _Issues = ()
    whole = data
    if data.startswith(BOM):
        data = data.removeprefix(BOM)
        issues = (Issue("byte-order-mark", "the file begins with a byte order mark", place="byte 0"),)
    if _is_lines(data):
        lines = enumerate(data.splitlines(), 1)
        yield from _each(((f"{source}#{number}", line) for number, line in lines if line.strip()), issues)
    elif _SINGLE.match(data):
        yield replace(read_study(data, source, issues), raw=whole)
    else:
        first = _FIRST_KEY.match(data)
        if first and (other := not_yet_json({first[1].decode("ascii", "replace")})):
            raise other
        yield from _several(decode(data), source, issues)


def _is_lines(data: bytes) -> bool:
    """Whether the first line is an object of its own, and another begins behind it."""
    end = data.find(b"\n")
    return end >= 0 and data[:end].rstrip().endswith(b"}") and data[end : end + 4096].lstrip()[:1] == b"{"


def _each(records: Iterator[tuple[str, bytes]], issues: _Issues) -> _Records:
    for source, data in records:
        try:
            yield read_study(data, source, issues)
        except SourceError as error:
            yield Failure(source, error)


def _several(document: Any, source: str, issues: _Issues) -> _Records:
    if isinstance(document, list):
        yield from _each(_encoded(document, source), issues)
    elif not isinstance(document, dict):
        raise _no_study(document)
    elif isinstance(document.get("studies"), list):
        yield from _each(_encoded(document["studies"], source), (*issues, *_beside(document)))
    elif not set(SECTIONS).isdisjoint(document):
        yield read_study(jsontext.dumps(document), source, issues)
    else:
        raise not_yet_json(set(document)) or _no_study(document)


def _no_study(document: Any) -> UnknownPresentation:
    return UnknownPresentation(f"expected a study, a search answer or a list, found {shape(document)}")


def _encoded(studies: list[Any], source: str) -> Iterator[tuple[str, bytes]]:
    return ((f"{source}#{number}", jsontext.dumps(study)) for number, study in enumerate(studies, 1))


def _beside(answer: dict[str, Any]) -> list[Issue]:
    """Keys of a search answer that are not the API's."""
    strange = sorted(set(answer) - {"studies", "nextPageToken", "totalCount"})
    return [Issue("unknown-key", "a key beside the studies", key, short(answer[key])) for key in strange]


def read_study(data: bytes, source: str, issues: _Issues = ()) -> Reading:
    """Read the bytes of one study. Raises Damaged when they are no JSON object, or hold no NCT id."""
    context = Unknowns()
    try:
        study = Study.model_validate_json(data, context=context)
    except ValidationError as error:
        study, found = repair(data, error, context)
        issues = (*issues, *found)
    if context.seen:
        loads(data)  # under keys that the model does not know, its core lets pass what is no JSON, such as NaN
        issues = (*issues, *_unknown(study))
    _check_id(study)
    carried = Carried.ALL
    if _is_partial(study):
        carried = Carried.of(_leaves(decode(data)))
        message = f"the answer holds {len(carried.paths or ())} chosen fields only"
        issues = (*issues, Issue("partial-record", message))
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
        if study.protocol_section is None and (other := not_yet_json(set(study.__pydantic_extra__ or ()))):
            raise other
        place = "protocolSection.identificationModule.nctId"
        raise Damaged(f"expected an NCT id such as NCT01364246, found {study.nct_id or 'none'}", place=place)


_WHAT = {
    "key": "a key that the registry's data model does not have",
    "value": "a value of no known form",
}


def _unknown(study: Study) -> Iterator[Issue]:
    for one in unknowns(study):
        require_shallow(one.value)  # it may be nested beyond what is bearable
        message = f"{_WHAT[one.what]}; kept as it came"
        yield Issue(f"unknown-{one.what}", message, one.path, short(one.value))


def _is_partial(study: Study) -> bool:
    """Whether fields were left out on request: every full record carries the flag of results and the stamp."""
    return study.has_results is None or study.version_holder is None


def _leaves(node: Any, above: str = "") -> Iterator[str]:
    """The paths of the values of a document."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _leaves(value, f"{above}.{name}" if above else name)
    elif isinstance(node, list) and any(isinstance(item, dict) for item in node):
        for item in node:
            yield from _leaves(item, above)
    else:
        yield above
