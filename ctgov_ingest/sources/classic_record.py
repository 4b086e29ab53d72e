"""A record of the classic API to raw values: a whole study (`Study`), or a row of chosen fields.

Every key is a piece (`classic_pieces`) or a wrapper of a list (`ConditionList`); a piece stands for one path,
wherever the answer puts it. What no table knows becomes `unread`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ctgov_ingest.sources.classic_pieces import IGNORED, LATER, PIECES
from ctgov_ingest.sources.content import Bullets, Content, Text, fold, markdown
from ctgov_ingest.sources.json_input import short
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree
from ctgov_ingest.study.shape import Shape, paths
from ctgov_ingest.values.phrases import split_phases

SECTIONS = ("ProtocolSection", "ResultsSection", "AnnotationSection", "DocumentSection", "DerivedSection")
"""The keys of a whole study."""

NCT_ID = PIECES["NCTId"]
HAS_RESULTS = "hasResults"

_SHAPES = paths()

CARRIED = frozenset(
    {path for piece, path in PIECES.items() if piece not in LATER and _SHAPES[path].kind != "record"} | {HAS_RESULTS}
)
"""The paths that a whole study of the classic API can show."""

SPLIT: dict[str, Callable[[str], list[str]]] = {PIECES["Phase"]: split_phases}
"""Lists whose items may hold several values in one text (`Phase 1/Phase 2`)."""

UNKNOWN_DATES = {
    PIECES["UnpostedEventDate"]: PIECES["UnpostedEventDateUnknown"],
    PIECES["SubmissionUnreleaseDate"]: PIECES["SubmissionUnreleaseDateUnknown"],
}
"""Dates that may read `Unknown`, and the field that says so today."""

_WRAPPER = "List"
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n\s*\n")


def _home(path: str) -> str:
    """The list whose items hold the value at a path; empty where no list is above it."""
    above = path.rpartition(".")[0]
    while above and not _SHAPES[above].many:
        above = above.rpartition(".")[0]
    return above


_HOMES = {path: _home(path) for path in PIECES.values()}


# --- a whole study -----


def read_study(study: Mapping[str, Any]) -> RawRecord:
    """Read the sections of a study."""
    record = RawRecord()
    _walk(record, "", study, "Study")
    place = "Study.ResultsSection"
    record.put(HAS_RESULTS, "Yes" if study.get("ResultsSection") else "No", place)
    _note_lists(record)
    return record


def _walk(record: RawRecord, home: str, node: Mapping[str, Any], place: str) -> None:
    """Read each key of an object; `home` is the list whose item the record is, empty for the study."""
    for key, value in node.items():
        there = f"{place}.{short(key, 60)}"
        piece = key if key in PIECES else key.removesuffix(_WRAPPER)
        if key in IGNORED or value is None or value in ("", {}, []):
            continue
        if piece != key and isinstance(value, dict):
            _walk(record, home, value, there)
        elif piece in PIECES and _HOMES[PIECES[piece]] == home:
            _read(record, PIECES[piece], value, there)
        else:
            record.leave(short(value), there, label=short(key, 60))


def _read(record: RawRecord, path: str, value: Any, place: str) -> None:
    """Read the value of one piece."""
    shape = _SHAPES[path]
    if shape.kind != "record":
        _put(record, path, _texts(record, path, value, place), place)
    elif shape.many:
        record.put_all(_name(path), filter(None, _items(record, path, value, place)))
    elif isinstance(value, dict):
        _walk(record, _HOMES[path], value, place)
    else:
        record.leave(short(value), place, label=shape.alias)


def _items(record: RawRecord, path: str, value: Any, place: str) -> Iterable[RawTree]:
    for number, item in enumerate(_as_list(value)):
        if isinstance(item, dict):
            inner = RawRecord(issues=record.issues, unread=record.unread)
            _walk(inner, path, item, f"{place}[{number}]")
            yield inner.tree
        elif item not in (None, ""):
            record.leave(short(item), f"{place}[{number}]", label=_SHAPES[path].alias)


def _name(path: str) -> str:
    """A path as it stands in the item of its list, or in the study."""
    return path.removeprefix(f"{_HOMES[path]}.") if _HOMES[path] else path


def _put(record: RawRecord, path: str, texts: list[str], place: str) -> None:
    if _SHAPES[path].many:
        record.put_all(_name(path), (Raw(text, place) for text in texts if text))
        return
    first, *more = [*filter(None, texts), ""]
    if first and path in UNKNOWN_DATES and first.casefold() == "unknown":
        path, first = UNKNOWN_DATES[path], "Yes"
    if first:
        record.put(_name(path), first, place)
    for text in filter(None, more):
        record.issue("several-values", "the field holds one value today: the first is kept", path, text, place)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(record: RawRecord, path: str, value: Any, place: str) -> list[str]:
    """The texts of a value or of each value of a list, empty ones too; what is no text becomes unread."""
    texts: list[str] = []
    for item in _as_list(value):
        if isinstance(item, dict | list):
            record.leave(short(item), place, label=_SHAPES[path].alias)
        else:
            text = _clean(record, path, _word(item), place)
            texts += SPLIT[path](text) if path in SPLIT else [text]
    return texts


def _word(value: Any) -> str:
    """A plain JSON value as text: classic answers hold texts alone, copies of them may not."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value).strip()


def _clean(record: RawRecord, path: str, text: str, place: str) -> str:
    if _SURROGATE.search(text):
        message = "half a surrogate pair is no character: shown as U+FFFD"
        record.issue("lone-surrogate", message, path, short(text), place)
        text = _SURROGATE.sub("\ufffd", text)
    return _as_markup(record, text) if _SHAPES[path].kind == "markup" else text


# --- long texts -----


def _as_markup(record: RawRecord, text: str) -> str:
    """A long text in the registry's markup.

    Classic answers give a list as lines without their marks, and a blank line between all else: a block of
    several lines is a list. Which marks it had, and a list of one item, cannot be told.
    """
    blocks = [[fold(line) for line in block.splitlines() if line.strip()] for block in _BLANK_LINES.split(text.strip())]
    if any(len(lines) > 1 for lines in blocks):
        record.asides[_LISTS] = Raw("yes", "Study")
    return markdown(tuple(part for lines in blocks for part in _block(lines)))


def _block(lines: list[str]) -> Content:
    return (Bullets(tuple((Text(line),) for line in lines)),) if len(lines) > 1 else tuple(map(Text, lines))


_LISTS = "lists"


def _note_lists(record: RawRecord) -> None:
    if _LISTS in record.asides:
        message = "lists came without their marks and levels: shown as one level of bullets"
        record.issue("list-marks-lost", message, place="Study")


# --- a row of chosen fields -----


def read_row(row: Mapping[str, Any]) -> tuple[RawRecord, frozenset[str]]:
    """Read a row of chosen fields; also the paths that it shows.

    Each field is a list of all its values in the record. Values of one list of the model (sites, outcomes) are
    put together by their position, where the fields hold equally many; deeper ones are left out, for nothing
    says whose they are.
    """
    record = RawRecord()
    shown: set[str] = set()
    columns: dict[str, dict[str, list[str]]] = {}
    for key, value in row.items():
        path = PIECES.get(key)
        if path is None or _SHAPES[path].kind == "record":
            _leave(record, key, value)
            continue
        texts = _texts(record, path, value, key)
        if not _HOMES[path]:
            _put(record, path, texts, key)
            shown.add(path)
        elif _is_column(path, _SHAPES[path]):
            columns.setdefault(_HOMES[path], {})[path] = texts
        elif any(texts):
            message = "a row does not say which of several items these belong to: left out"
            record.issue("flattened", message, path, short(texts), key)
    for home, found in columns.items():
        shown |= _join(record, home, found)
    _note_lists(record)
    return record, frozenset(shown)


def _leave(record: RawRecord, key: str, value: Any) -> None:
    if key not in IGNORED and value not in (None, "", [], {}):
        record.leave(short(value), short(key, 60), label=short(key, 60))


def _is_column(path: str, shape: Shape) -> bool:
    """Whether a field has at most one value in each item of a list that stands in no other list."""
    return not shape.many and not _HOMES[_HOMES[path]]


def _join(record: RawRecord, home: str, columns: dict[str, list[str]]) -> set[str]:
    """Put the values of a list together by position; fields that hold fewer than others are left out."""
    longest = max(map(len, columns.values()))
    fit = {path: texts for path, texts in columns.items() if len(texts) in (0, longest)}
    filled = {path: texts for path, texts in fit.items() if texts}
    for path in columns.keys() - fit.keys():
        message = f"the row holds {len(columns[path])} of these for {longest} items: left out"
        record.issue("flattened", message, path, short(columns[path]), home)
    if longest > 1 and len(filled) > 1:
        record.issue("joined-by-position", "values were put together by their place in the row", home, place="the row")
    for number in range(longest):
        item = RawRecord(issues=record.issues)
        for path, texts in filled.items():
            _put(item, path, texts[number : number + 1], home)
        if item.tree:
            record.put_all(home, [item.tree])
    return set(fit)
