"""The classic JSON API (retired 2024): full studies, chosen fields of studies, a single study; a list or
lines of these.

Answers were UTF-8; copies of them need not be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.errors import Damaged, SourceError, TooLarge, UnknownPresentation
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources import classic_record
from ctgov_ingest.sources.classic_pieces import PIECES
from ctgov_ingest.sources.json_input import decode, shape, short
from ctgov_ingest.sources.normalize import normalize
from ctgov_ingest.sources.reading import Failure, Reading
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.values.phrases import NCT_ID

PRESENTATION = "api-v1"
READER = "1"

MAX_BYTES = 512 * 1024 * 1024
"""The largest file that is read. An answer held at most 1,000 rows or 100 studies: some 20 MB."""

ANSWERS = {"FullStudiesResponse": "FullStudies", "StudyFieldsResponse": "StudyFields"}
"""The answers, each with the key of its records."""

BESIDE = frozenset(
    {
        "APIVrs",
        "DataVrs",
        "Expression",
        "FieldList",
        "MaxRank",
        "MinRank",
        "NStudiesAvail",
        "NStudiesFound",
        "NStudiesReturned",
    }
)
"""Keys of an answer beside its records: what was asked and counted. `DataVrs` is the day of the data."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FIRST_KEY = re.compile(r"\ufeff?\s*(?:\[\s*)?\{\s*\"(\w{1,60})\"\s*:", re.ASCII)
_KEYS = frozenset({*ANSWERS, *ANSWERS.values(), *PIECES, "FullStudy", "Study", "Rank"})
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")

_CARRIED = Carried.of(classic_record.CARRIED)


@dataclass(frozen=True, slots=True)
class _Record:
    """A study or a row of an answer, with what the answer says about it."""

    node: Any
    answer: str
    stamp: str | None
    issues: tuple[Issue, ...]


def recognises(data: bytes) -> bool:
    """Whether the first key of the bytes is one of the classic API's."""
    start = data[:4096]
    text = start.decode("utf-16", "ignore") if start.startswith(_UTF16) else start.decode("utf-8", "replace")
    found = _FIRST_KEY.match(text)
    return found is not None and found[1] in _KEYS


def read(data: bytes, source: str) -> Iterator[Reading | Failure]:
    """Read every record of the bytes. Raises SourceError when they are not what they begin as."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"expected at most {MAX_BYTES:,} bytes of JSON, found {len(data):,}")
    text, encoding = _as_utf8(data)
    issues = (Issue("byte-order-mark", "the file begins with a byte order mark", place="byte 0"),)
    records = list(_records(_documents(text), None, issues if data.startswith(_BOM) else ()))
    for number, record in enumerate(records, 1):
        there = f"{source}#{number}" if len(records) > 1 else source
        try:
            raw = data if len(records) == 1 else _alone(record, encoding)
            yield _reading(record, raw, there, encoding)
        except SourceError as error:
            yield Failure(there, error)


# --- bytes to records -----


def _as_utf8(data: bytes) -> tuple[bytes, str]:
    """The bytes as UTF-8, and the encoding that they were in."""
    try:
        if data.startswith(_UTF16):
            return data.decode("utf-16").encode(), "utf-16"
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8" or _is_nearly_utf8(data):
            message = f"expected text in {error.encoding}, found a byte that is none: {error.reason}"
            raise Damaged(message, place=f"byte {error.start}") from error
        return _as_windows(data)
    return data.removeprefix(_BOM), "utf-8"


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII is UTF-8: some bytes are damaged, the encoding is not another."""
    rest, letters = _UTF8_LETTER.subn(b"", data)
    return letters > len(_HIGH.findall(rest))


def _as_windows(data: bytes) -> tuple[bytes, str]:
    try:
        return data.decode("cp1252").encode(), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1").encode(), "latin-1"


def _documents(text: bytes) -> list[Any]:
    """The JSON documents: one, or one a line."""
    end = text.find(b"\n")
    lines = text.splitlines() if end >= 0 and text[:end].rstrip().endswith(b"}") else []
    lines = [line for line in lines if line.strip()]
    return [decode(line) for line in lines] if len(lines) > 1 else [decode(text)]


def _records(node: Any, stamp: str | None, issues: tuple[Issue, ...], answer: str = "") -> Iterator[_Record]:
    """Every study and row below a node: lists and answers are opened."""
    opened = next((key for key in (*ANSWERS, *ANSWERS.values(), "FullStudy") if _holds(node, key)), None)
    if isinstance(node, list):
        for item in node:
            yield from _records(item, stamp, issues, answer)
    elif opened in ANSWERS:
        inner = node[opened]
        issues = (*issues, *_beside(inner, ANSWERS[opened]))
        yield from _records(inner.get(ANSWERS[opened], []), _stamp(inner, stamp), issues, opened)
    elif opened:
        yield from _records(node[opened], _stamp(node, stamp), issues, answer)
    else:
        yield _Record(node, answer, stamp, issues)


def _holds(node: Any, key: str) -> bool:
    return isinstance(node, dict) and isinstance(node.get(key), dict if key in (*ANSWERS, "FullStudy") else list)


def _stamp(node: Mapping[str, Any], otherwise: str | None) -> str | None:
    stamp = node.get("DataVrs")
    return stamp if isinstance(stamp, str) else otherwise


def _beside(answer: Mapping[str, Any], records: str) -> list[Issue]:
    """Keys of an answer that are not the API's."""
    strange = sorted(set(answer) - BESIDE - {records})
    return [Issue("unknown-key", "a key beside the records", short(key), short(answer[key])) for key in strange]


def _alone(record: _Record, encoding: str) -> bytes:
    """The bytes of a record as an answer of its own, in the encoding of the file: read again they say the same."""
    answer = record.answer or ("FullStudiesResponse" if _is_study(record.node) else "StudyFieldsResponse")
    stamp = {"DataVrs": record.stamp} if record.stamp else {}
    data = jsontext.dumps({answer: {**stamp, ANSWERS[answer]: [record.node]}})
    try:
        return data.decode().encode(encoding)
    except UnicodeEncodeError:
        return data


# --- records to readings -----

_VERSION_HOLDER = ("derivedSection", "miscInfoModule", "versionHolder")


def _is_study(node: Any) -> bool:
    """Whether a record is a whole study, in its wrapping or without; a row otherwise."""
    return isinstance(node, dict) and ("Study" in node or not set(classic_record.SECTIONS).isdisjoint(node))


def _reading(record: _Record, raw: bytes, source: str, encoding: str) -> Reading:
    node = record.node
    if not isinstance(node, dict):
        raise UnknownPresentation(f"expected a study of the classic API, found {shape(node)}")
    if _is_study(node):
        found, carried, partial = _study(node), _CARRIED, []
    else:
        found, shown = classic_record.read_row(node)
        carried = Carried.of(shown)
        partial = [Issue("partial-record", f"the answer holds {len(shown)} chosen fields only")]
    _check_id(found)
    document, unparsed = normalize(found)
    issues = (*record.issues, *partial, *_foreign(raw, encoding), *found.issues, *unparsed)
    retrieved = jsontext.value_at(document, _VERSION_HOLDER) or _day(record.stamp)
    return Reading(PRESENTATION, READER, source, raw, document, carried, tuple(found.unread), issues, retrieved)


def _study(node: Mapping[str, Any]) -> RawRecord:
    study = node.get("Study", node)
    if not isinstance(study, dict):
        raise Damaged(f"expected a study as a JSON object, found {shape(study)}", place="Study")
    found = classic_record.read_study(study)
    if study is not node:
        for key in sorted(set(node) - {"Rank", "Study"}):
            found.leave(short(node[key]), short(key, 60), label=short(key, 60))
    return found


def _check_id(record: RawRecord) -> None:
    nct_id = record.text(classic_record.NCT_ID)
    if nct_id is None or not NCT_ID.fullmatch(nct_id):
        raise Damaged(f"expected an NCT id such as NCT01364246, found {short(nct_id or 'none', 40)}", place="NCTId")


def _foreign(raw: bytes, encoding: str) -> list[Issue]:
    """The issue of an encoding that had to be guessed; texts in ASCII alone are beyond doubt."""
    if encoding == "utf-8" or raw.isascii():
        return []
    message = f"not UTF-8: read as {encoding}; who saved it so may have replaced other characters"
    return [Issue("encoding", message, place="the whole file")]


def _day(stamp: str | None) -> str | None:
    """`2020:04:07 23:38:12.345` to the day of the data, `2020-04-08`.

    The data of a day were made on the evening before: so say all 306 real records, which name their day too.
    """
    try:
        made = datetime.strptime((stamp or "")[:13], "%Y:%m:%d %H")  # noqa: DTZ007  # a day of the registry's, no moment
    except ValueError:
        return None
    return (made + timedelta(hours=12)).date().isoformat()
