"""Bytes in, readings out: which presentation they are, and its reader.

`read` is the whole of it: it looks at content, never at names. Each reader is a table plus shapes (see the
modules).
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from ctgov_ingest.errors import EmptyInput, SourceError, UnknownPresentation
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources import (
    api_history,
    api_v1,
    api_v2,
    archive_index,
    archive_page,
    history_index,
    history_page,
    legacy_xml,
    page_tree,
    pages,
    site_pages,
)
from ctgov_ingest.sources.api_v2_exact import Exact, read_exact
from ctgov_ingest.sources.reading import Failure, Reading
from ctgov_ingest.sources.record import Unread
from ctgov_ingest.sources.stubs import Stub, Stubs

API_V2 = api_v2.PRESENTATION
STUDY_KEYS = api_v2.SECTIONS

READERS: dict[str, str] = {
    api_history.PRESENTATION: api_history.READER,
    api_v1.PRESENTATION: api_v1.READER,
    api_v2.PRESENTATION: api_v2.READER,
    archive_index.PRESENTATION: archive_index.READER,
    archive_page.PRESENTATION: archive_page.READER,
    history_index.PRESENTATION: history_index.READER,
    history_page.PRESENTATION: history_page.READER,
    legacy_xml.PRESENTATION: legacy_xml.READER,
    pages.STUDY_PAGE: pages.READER,
    pages.TABULAR_PAGE: pages.READER,
    pages.RESULTS_PAGE: pages.READER,
    pages.PAGE_TEXT: pages.READER,
}
"""The presentations that are read, each with the version of its reader: raised when its output means
something else.
"""

RICHNESS: dict[str, int] = {
    archive_index.PRESENTATION: 10,
    history_index.PRESENTATION: 20,
    archive_page.PRESENTATION: 30,
    pages.RESULTS_PAGE: 40,
    pages.PAGE_TEXT: 50,
    pages.TABULAR_PAGE: 60,
    pages.STUDY_PAGE: 70,
    history_page.PRESENTATION: 80,
    legacy_xml.PRESENTATION: 90,
    api_history.PRESENTATION: 100,
    api_v1.PRESENTATION: 110,
    api_v2.PRESENTATION: 120,
}
"""How much a presentation can say. Stores hold these numbers: a new presentation takes one of the gaps."""

_JSON = (api_v1, api_history, api_v2)
"""Sources of JSON, those that recognise it by its first key before the one that takes all of it."""

_VERSION_PAGES = (archive_page, history_page, archive_index)
"""Sources of pages that show versions, or list them; those first that are told by the title."""

_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)


def read(data: bytes, source: str = "<bytes>") -> list[Reading]:
    """Read all records of the bytes of one file: a study, a search answer, a list, JSON Lines, a saved page.

    Gives a reading for each record, with `.presentation`, `.study`, `.unread`, `.issues` and `.carried`.
    Raises the SourceError of the first record that cannot be read; `scan` goes on behind it. A list of versions is no
    record: only `scan` gives it.
    """
    readings = []
    for outcome in scan(data, source):
        if isinstance(outcome, Failure):
            raise outcome.error
        if isinstance(outcome, Reading):
            readings.append(outcome)
    return readings


def scan(data: bytes, source: str = "<bytes>") -> Iterator[Reading | Stubs | Failure]:
    """Like `read`, but a record that cannot be read comes as a Failure, and those behind it are read all
    the same; and a list of a study's versions comes as Stubs.
    """
    try:
        yield from _scan(data, source)
    except SourceError as error:
        yield Failure(source, error)


def _scan(data: bytes, source: str) -> Iterator[Reading | Stubs | Failure]:
    if not data or data.isspace():
        raise EmptyInput("expected a record, found an empty file")
    tagged = data[:256].removeprefix(BOM_UTF8).lstrip().startswith(b"<")  # most pages and files say so at once
    if not tagged and (found := next((json for json in _JSON if json.recognises(data)), None)):
        yield from found.read(data, source)
    elif legacy_xml.recognises(data):
        yield from legacy_xml.read(data, source)
    elif b"\x00" in data[:4096] and not data.startswith(_UTF16):
        raise UnknownPresentation("expected JSON, a page or text, found binary data")
    else:
        text, encoding = page_tree.decode(data)
        title = site_pages.title_of(text)
        named = site_pages.is_named(title)  # the surest mark, and looked for first: most pages have it
        page = None if named else next((page for page in _VERSION_PAGES if page.recognises(title, text)), None)
        if page:
            yield from page.read(text, encoding, data, source)
        elif not named and (xml := legacy_xml.within(text)):
            yield from legacy_xml.read(xml, source)
        else:
            yield pages.read_page(text, encoding, data, source)


__all__ = [
    "API_V2",
    "READERS",
    "RICHNESS",
    "STUDY_KEYS",
    "Exact",
    "Failure",
    "Issue",
    "Reading",
    "Stub",
    "Stubs",
    "Unread",
    "read",
    "read_exact",
    "scan",
]
