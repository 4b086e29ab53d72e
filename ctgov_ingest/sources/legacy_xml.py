"""The registry's legacy XML of 2005 to 2024: a record (`clinical_study`), or a search answer of several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache

from lxml import etree

from ctgov_ingest import jsontext
from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.errors import Damaged, Refused, SourceError
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.legacy_xml_compile import carried, compile_table
from ctgov_ingest.sources.legacy_xml_listing import LISTING, LOOSE
from ctgov_ingest.sources.legacy_xml_parse import Parsed, parse
from ctgov_ingest.sources.legacy_xml_rules import processed_day
from ctgov_ingest.sources.legacy_xml_tables import BEFORE_2018, ONCE_POSTED, STUDY
from ctgov_ingest.sources.legacy_xml_walk import Document, Table, Walk, filler, strays
from ctgov_ingest.sources.legacy_xml_whole import FOLLOWING, complete
from ctgov_ingest.sources.reading import Failure, Reading
from ctgov_ingest.sources.study_fields import NCT_ID_PATH
from ctgov_ingest.values.dates import parse_date
from ctgov_ingest.values.phrases import NCT_ID

PRESENTATION = "legacy-xml"
READER = "2"

_RECORD = "clinical_study"
_ANSWER = "search_results"
_NAMES = (_RECORD.encode(), _ANSWER.encode())
_NCT_ID = NCT_ID_PATH.split(".")
_MARK = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
_FIRST_ELEMENT = re.compile(rb"(?:\s|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*<(\w+)[\s/>]", re.DOTALL)

_SHOWN = frozenset({*carried(STUDY, ""), *FOLLOWING})

CARRIED = Carried.of(_SHOWN)
"""What a record of 2018 and later can show."""

CARRIED_BEFORE_2018 = Carried.of(_SHOWN - set(BEFORE_2018))
"""What an older one can show."""

CARRIED_ONCE_POSTED = Carried.of(_SHOWN - {*BEFORE_2018, *ONCE_POSTED})
"""What an older one with results can show."""

_TABLE = compile_table(STUDY, "")
_ROW = compile_table(LISTING, "")


def recognises(data: bytes) -> bool:
    """Whether the bytes are XML whose first element is one of ours."""
    start = data[:4096].replace(b"\0", b"")
    if not any(name in start for name in _NAMES):  # most pages do not name them at all
        return False
    found = _FIRST_ELEMENT.match(_MARK.sub(b"", start))
    return found is not None and found[1] in _NAMES


def within(text: str) -> bytes | None:
    """The XML that a page holds as it is, which is how browsers save their view of XML; None where there is none."""
    for name in (_ANSWER, _RECORD):
        start, end = text.find(f"<{name}"), text.rfind(f"</{name}>")
        if 0 <= start < end:
            return text[start : end + len(name) + 3].encode("utf-8", "replace")
    return None


def read(data: bytes, source: str) -> Iterator[Reading | Failure]:
    """Read every record of the bytes. Raises SourceError when they hold none at all."""
    parsed = parse(data)
    if parsed.root.tag == _RECORD:
        yield _read(parsed, data, source)
        return
    rows = [child for child in parsed.root if child.tag in (_RECORD, "study")]
    if not rows:
        raise Refused("expected a study, found a search answer without any")
    strange = [child for child in parsed.root if child.tag not in (_RECORD, "study", "query")]
    beside = [Issue("unknown-key", "an element beside the rows", raw=str(one.tag)) for one in strange]
    issues = (*parsed.issues, *beside)
    for number, row in enumerate(rows, 1):
        name = source if len(rows) == 1 else f"{source}#{number}"
        try:
            yield _read_row(Parsed(deepcopy(row), issues), name)
        except SourceError as error:
            yield Failure(name, error)


def _read_row(row: Parsed, source: str) -> Reading:
    raw = etree.tostring(row.root, encoding="utf-8")
    if row.root.find("id_info") is not None:
        return _read(row, raw, source)
    document, walk = _walk(row.root, _ROW)
    message = "a row of a search answer: a few facts of the study"
    issues = (*row.issues, Issue("partial-record", message))
    paths = {path for path in _filled(document) if not path.startswith(LOOSE)}
    raw = b"<search_results>" + raw + b"</search_results>"
    return _reading(document, walk, raw, source, Carried.of(paths), issues, None)


def _read(parsed: Parsed, data: bytes, source: str) -> Reading:
    document, walk = _walk(parsed.root, _TABLE)
    complete(document)
    issues = (*parsed.issues, *_double_escapes(data))
    return _reading(document, walk, data, source, _shown(parsed.root), issues, _retrieved(parsed.root))


def _shown(root: etree._Element) -> Carried:
    if next(root.iterchildren("lastchanged_date", "firstreceived_date"), None) is None:
        return CARRIED
    return CARRIED_BEFORE_2018 if next(root.iterchildren("clinical_results"), None) is None else CARRIED_ONCE_POSTED


def _walk(root: etree._Element, table: Table) -> tuple[Document, Walk]:
    """The fields of a record; what the walk did not see is looked for when it saw less than there is."""
    walk = Walk()
    document: Document = {}
    filler(table)(walk, root, document)
    if walk.seen != _THERE(root):
        walk.unread += [one for one in strays(root, table) if one not in walk.unread]
    return document, walk


_THERE = etree.XPath("count(descendant::node()) + count(descendant-or-self::*/@*)")


def _reading(
    document: Document,
    walk: Walk,
    raw: bytes,
    source: str,
    shown: Carried,
    issues: tuple[Issue, ...],
    retrieved: str | None,
) -> Reading:
    nct_id = jsontext.value_at(document, _NCT_ID)
    if nct_id is None or not NCT_ID.fullmatch(nct_id):
        message = f"expected an NCT id such as NCT01364246, found {nct_id or 'none'}"
        raise Damaged(message, place="id_info/nct_id")
    return Reading(
        PRESENTATION, READER, source, raw, document, shown, tuple(walk.unread), (*issues, *walk.issues), retrieved
    )


def _filled(node: Document, above: str = "") -> Iterator[str]:
    """The paths of the values of a document."""
    for name, value in node.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, dict):
            yield from _filled(value, path)
        else:
            yield path


_ESCAPE = re.compile(rb"(?:lt|gt|amp|quot|apos|nbsp|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")


def _double_escapes(data: bytes) -> Iterator[Issue]:
    """Escapes that stand escaped in the file are the record's own text: the API shows them the same."""
    if found := [escape for part in data.split(b"&amp;")[1:] if (escape := _ESCAPE.match(part))]:
        message = f"texts hold escapes as characters ({len(found)}): kept as they are"
        yield Issue("double-escaped", message, raw=f"&amp;{found[0][0].decode('ascii')}")


def _retrieved(root: etree._Element) -> str | None:
    """The day on which the registry served the file."""
    header = next(root.iterchildren("required_header"), None)
    words = None if header is None else next(header.iterchildren("download_date"), None)
    return None if words is None else _served(words.text or "")


@lru_cache(1 << 8)
def _served(words: str) -> str | None:
    """The day in a header's words: the same in all files of one download."""
    day = processed_day(words)
    try:
        return str(parse_date(day)) if day else None
    except ValueError:
        return None
