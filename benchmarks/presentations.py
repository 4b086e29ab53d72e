"""What each presentation costs to read, against parsing the same bytes alone; API v2 has cases of its own."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from lxml import etree, html

from benchmarks.inputs import FIXTURES
from benchmarks.rounds import CPU, Case, Group
from ctgov_ingest.sources import Failure, scan

READ = "{}: bytes to Reading"
TARGET = 4
XML_FILES = 127
"""So many of the files of the zip are taken, evenly over their sizes."""

_Parse = Callable[[bytes], Any]
_HTML: tuple[str, _Parse] = ("lxml.html parse", html.document_fromstring)
FLOORS: dict[str, tuple[str, _Parse]] = {
    "legacy-xml": ("lxml.etree.fromstring", etree.fromstring),
    "api-v1": ("orjson.loads", orjson.loads),
    "api-history": ("orjson.loads", orjson.loads),
    "page-text": ("text to lines", lambda data: data.decode(errors="replace").splitlines()),
}
"""The least that must be done to read a presentation; that of all others is to parse the page."""

NO_TARGET = frozenset({"api-v1", "api-history", "page-text"})
"""Those whose floor does next to nothing."""

_APART = frozenset({"api-v2"})


def groups(corpus: Path) -> Iterator[Group]:
    """A group for each presentation: of real records where there are any, else of the bundled fixtures."""
    real, bundled = _by_presentation(_real(corpus)), _by_presentation(_bundled())
    for name in sorted((real.keys() | bundled.keys()) - _APART):
        kind, files = ("real", real[name]) if name in real else ("fixtures", bundled[name])
        yield _group(name, kind, files)


def _group(name: str, kind: str, files: Sequence[bytes]) -> Group:
    what, parse = FLOORS.get(name, _HTML)
    target = None if name in NO_TARGET else TARGET
    case = Case(READ.format(name), lambda: _each(_read, files), target)
    return Group(f"{name}, {kind}", CPU, len(files), Case(what, lambda: _each(parse, files)), [case])


def _each(function: _Parse, files: Sequence[bytes]) -> None:
    for data in files:
        function(data)


def _read(data: bytes) -> None:
    for _found in scan(data):
        pass


def _real(corpus: Path) -> Iterator[tuple[str, bytes]]:
    for folder in ("html", "api_v1"):
        for file in sorted((corpus / folder).rglob("*")):
            if file.is_file():
                yield file.name, file.read_bytes()
    if (corpus / "legacy_xml.zip").is_file():
        with zipfile.ZipFile(corpus / "legacy_xml.zip") as archive:
            members = sorted(archive.infolist(), key=lambda info: info.file_size)
            for at in range(XML_FILES):
                member = members[at * len(members) // XML_FILES]
                yield member.filename, archive.read(member)


def _bundled() -> Iterator[tuple[str, bytes]]:
    folders = (folder for folder in sorted(FIXTURES.iterdir()) if folder.is_dir())
    for file in (file for folder in folders for file in sorted(folder.iterdir())):
        if not file.name.endswith((".expected.json", ".zip")):
            yield file.name, file.read_bytes()


def _by_presentation(files: Iterator[tuple[str, bytes]]) -> dict[str, list[bytes]]:
    """What is read, and what its floor can read too, by what it is."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for name, data in files:
        outcome = next(iter(scan(data, name)), None)
        if outcome is None or isinstance(outcome, Failure):
            continue
        presentation = outcome.presentation
        if _parses(FLOORS.get(presentation, _HTML)[1], data):
            found[presentation].append(data)
    return found


def _parses(parse: _Parse, data: bytes) -> bool:
    """Whether a floor reads the bytes: not all encodings are everybody's."""
    try:
        parse(data)
    except (ValueError, etree.LxmlError):
        return False
    return True
