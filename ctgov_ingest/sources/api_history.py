"""The registry's internal history API: the list of a study's versions, and single versions.

Undocumented; this follows what its users wrote down. A list gives `Stubs`, a version a Reading; the study's
page asks for both in one (`study` beside `history`), which gives both. Versions count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.errors import Damaged, SourceError, TooLarge, UnknownPresentation
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources import api_v2
from ctgov_ingest.sources.escapes import Unescaper, unescape
from ctgov_ingest.sources.json_input import decode, shape, short
from ctgov_ingest.sources.reading import Failure, Reading
from ctgov_ingest.sources.record import Unread
from ctgov_ingest.sources.stubs import Stub, Stubs, in_order
from ctgov_ingest.study.shape import paths
from ctgov_ingest.study.vocabularies import Status
from ctgov_ingest.values.dates import parse_date
from ctgov_ingest.values.labels import parse_label
from ctgov_ingest.values.phrases import NCT_ID

PRESENTATION = "api-history"
READER = "1"

MAX_BYTES = 64 * 1024 * 1024
"""The largest answer that is read. One holds a record or a list of at most some thousand versions."""

VERSION_IGNORED: dict[str, str] = {
    "topics": "links to other sites of the National Library of Medicine",
}
"""Keys beside a study that are passed over, and why."""

HISTORY_IGNORED: dict[str, str] = {
    "originalData": "some facts of version 0, which that version says itself",
    "lastUpdateVersions": "which versions changed the outcomes and the enrollment last: the versions say it themselves",
    "outcomesUpdateCount": "a count of such versions",
}
"""Keys beside the list of versions that are passed over, and why."""

CHANGE_IGNORED: dict[str, str] = {
    "studyType": "the version says it itself",
    "lastUpdateSubmitQcDate": "the day of the registry's review: versions stand by the day of their submission",
    "reviewNotPassed": "a mark of the registry's review of results",
    "unpostedEvents": "cycles of results that were not posted: the record has them",
}
"""Keys of a version in the list that are passed over, and why; `Stub.raw` keeps them."""

_CHANGE = frozenset({"version", "date", "status", "moduleLabels"})
_VERSION = frozenset({"study", "studyVersion", "history"})
_FIRST_KEYS = _VERSION | {"topics", "changes", *HISTORY_IGNORED}

_BOM = b"\xef\xbb\xbf"
_FIRST_KEY = re.compile(rb"\s*(?:\[\s*)?\{\s*\"(\w{1,60})\"\s*:")
_IN_NAME = re.compile(r"NCT[0-9]{8}(?![0-9])", re.IGNORECASE)

_SHAPES = paths()
_PLACED = "protocolSection.contactsLocationsModule.locations.geoPoint"

CARRIED = frozenset(
    path
    for path, found in _SHAPES.items()
    if path.startswith("protocolSection.")
    and found.kind != "record"
    and not path.startswith(_PLACED)
    and not path.endswith(".countryCode")
)
"""The paths that every version can show: what a sponsor hands in. Places on the map are the registry's own."""

_Outcome = Reading | Stubs | Failure


def recognises(data: bytes) -> bool:
    """Whether the first key of the bytes is one of the history API's."""
    found = _FIRST_KEY.match(data[:4096].removeprefix(_BOM))
    return found is not None and found[1].decode("ascii", "replace") in _FIRST_KEYS


def read(data: bytes, source: str) -> Iterator[_Outcome]:
    """Read what the bytes hold: a version list, a version, both in one, a list of these."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"expected at most {MAX_BYTES:,} bytes of JSON, found {len(data):,}")
    document = decode(data.removeprefix(_BOM))
    if isinstance(document, list):
        for number, item in enumerate(document, 1):
            yield from _each(item, jsontext.dumps(item), f"{source}#{number}")
    else:
        yield from _each(document, data, source)


def _each(node: Any, raw: bytes, source: str) -> Iterator[_Outcome]:
    try:
        yield from _outcomes(node, raw, source)
    except SourceError as error:
        yield Failure(source, error)


def _outcomes(node: Any, raw: bytes, source: str) -> Iterator[_Outcome]:
    if not isinstance(node, dict):
        raise UnknownPresentation(f"expected a version or a list of versions, found {shape(node)}")
    study, history = node.get("study"), node.get("history")
    if isinstance(node.get("changes"), list):
        yield _stubs(node, raw, source, None)
    elif isinstance(history, dict) and isinstance(history.get("changes"), list):
        yield _stubs(history, raw, source, _nct_id(study))
        if isinstance(study, dict) and study:
            yield _version(node, jsontext.dumps({"study": study}), source)
    elif isinstance(study, dict):
        yield _version(node, raw, source)
    else:
        raise UnknownPresentation(f"expected a version or a list of versions, found {shape(node)}")


# --- a version -----


def _version(node: Mapping[str, Any], raw: bytes, source: str) -> Reading:
    """Read a version; its registry date is its own last update."""
    unescaper = Unescaper(_SHAPES)
    study = unescaper.document(node["study"])
    reading = api_v2.read_study(jsontext.dumps(study), source)
    issues = [issue for issue in reading.issues if issue.code != "partial-record"]
    return replace(
        reading,
        presentation=PRESENTATION,
        reader=READER,
        raw=raw,
        raw_is_document=False,
        carried=_carried(study),
        unread=tuple(_strange(node, {*_VERSION, *VERSION_IGNORED}, "version")),
        issues=(*unescaper.issues(), *issues),
        version=_number(node.get("studyVersion")),
    )


def _carried(study: Mapping[str, Any]) -> Carried:
    """What a sponsor hands in, and any other section that the answer has."""
    return Carried.of(CARRIED | (set(study) & set(api_v2.SECTIONS) - {"protocolSection"}))


def _number(value: Any) -> int | None:
    """The number of a version, if it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000 else None


# --- the list of versions -----


def _stubs(history: Mapping[str, Any], raw: bytes, source: str, nct_id: str | None) -> Stubs:
    issues: list[Issue] = []
    unread: list[Unread] = []
    nct_id = nct_id or _id_of_name(source, issues)
    rows = [_stub(change, f"changes[{at}]", issues, unread) for at, change in enumerate(history["changes"])]
    unread += _strange(history, {"changes", *HISTORY_IGNORED}, "history")
    rows_in_order = in_order([row for row in rows if row])
    return Stubs(PRESENTATION, READER, source, raw, nct_id, rows_in_order, tuple(unread), tuple(issues))


def _stub(change: Any, place: str, issues: list[Issue], unread: list[Unread]) -> Stub | None:
    """One version of the list; None, and an issue, for one without a day."""
    if not isinstance(change, dict):
        unread.append(Unread(short(change), place, "changes"))
        return None
    unread += _strange(change, {*_CHANGE, *CHANGE_IGNORED}, place)
    number = _number(change.get("version"))
    if number is None:
        message = "expected the number of a version, counted from 0"
        issues.append(Issue("unparsed", message, None, short(change.get("version")), f"{place}.version"))
    date = _parsed(lambda text: str(parse_date(text)), change.get("date"), f"{place}.date", issues)
    status = _parsed(lambda text: parse_label(Status, text).value, change.get("status"), f"{place}.status", issues)
    labels = change.get("moduleLabels")
    modules = (
        tuple(short(unescape(label)[0]) for label in labels if isinstance(label, str))
        if isinstance(labels, list)
        else ()
    )
    return Stub(number, date, status, modules, short(change, _LONGEST)) if date else None


_LONGEST = 4000
"""So much of a row is kept as text."""


def _parsed(parse: Callable[[str], str], value: Any, place: str, issues: list[Issue]) -> str | None:
    """A text through its parser; None, and an issue, where there is none or it is none."""
    if value is None and place.endswith(".status"):
        return None
    try:
        if not isinstance(value, str):
            raise ValueError(f"expected a text, found {shape(value)}")
        return parse(value)
    except ValueError as error:
        issues.append(Issue("unparsed", str(error), None, short(value), place))
        return None


def _strange(node: Mapping[str, Any], known: Set[str], place: str) -> list[Unread]:
    """The keys of an object that no table knows."""
    keys = sorted(set(node) - known)
    return [Unread(short(node[key]), f"{place}.{short(key, 60)}", short(key, 60)) for key in keys]


def _nct_id(study: Any) -> str | None:
    """The NCT id of a study as a JSON object."""
    for name in ("protocolSection", "identificationModule", "nctId"):
        study = study.get(name) if isinstance(study, dict) else None
    return study if isinstance(study, str) and NCT_ID.fullmatch(study) else None


def _id_of_name(source: str, issues: list[Issue]) -> str:
    """A bare list names no study: the last NCT id of the name that it was saved under."""
    found = _IN_NAME.findall(source)
    if not found:
        message = "expected to learn whose versions these are: save the list under a name with the NCT id"
        raise Damaged(message, place="changes")
    issues.append(Issue("nct-id-from-name", "the list names no study: told by the name of the file", raw=short(source)))
    return str(found[-1]).upper()
