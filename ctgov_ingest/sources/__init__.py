"""Bytes in, readings out: which presentation they are, and its reader.

`read` is the whole of it: it looks at content, never at names. Each reader is a table plus shapes (see the modules).
"""

from __future__ import annotations

from collections.abc import Iterator

from ctgov_ingest.errors import EmptyInput, SourceError, UnknownPresentation
from ctgov_ingest.sources import api_v2, page_tree, pages
from ctgov_ingest.sources.page_text import recognises as is_page_text
from ctgov_ingest.sources.reading import Failure, Reading
from ctgov_ingest.sources.record import Issue, Unread
from ctgov_ingest.sources.refusals import refusal

READERS: dict[str, str] = {
    api_v2.PRESENTATION: api_v2.READER,
    pages.STUDY_PAGE: pages.READER,
    pages.PAGE_TEXT: pages.READER,
}
"""The presentations that are read, each with the version of its reader: raised when its output means something else."""

RICHNESS = (pages.PAGE_TEXT, pages.STUDY_PAGE, api_v2.PRESENTATION)
"""Presentations, those that say more coming later."""


def read(data: bytes, source: str = "<bytes>") -> list[Reading]:
    """Read all records of the bytes of one file: a study, a search answer, a list, JSON Lines, a saved page.

    Gives a reading for each record, with `.presentation`, `.study`, `.unread`, `.issues` and `.carried`. Raises the
    SourceError of the first record that cannot be read; `scan` goes on behind it.
    """
    readings = []
    for outcome in scan(data, source):
        if isinstance(outcome, Failure):
            raise outcome.error
        readings.append(outcome)
    return readings


def scan(data: bytes, source: str = "<bytes>") -> Iterator[Reading | Failure]:
    """Like `read`, but a record that cannot be read comes as a Failure, and those behind it are read all the same."""
    try:
        yield from _scan(data, source)
    except SourceError as error:
        yield Failure(source, error)


def _scan(data: bytes, source: str) -> Iterator[Reading | Failure]:
    if not data.strip():
        raise EmptyInput("expected a record, found an empty file")
    if api_v2.recognises(data):
        yield from api_v2.read(data, source)
        return
    if b"\x00" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise UnknownPresentation("expected JSON, a page or text, found binary data")
    text, encoding = page_tree.decode(data)
    yield _page(text, encoding, data, source)


def _page(text: str, encoding: str, data: bytes, source: str) -> Reading:
    if pages.is_markup(text):
        if pages.is_study_page(text):
            return pages.read_study_page(text, encoding, data, source)
    elif is_page_text(text):
        return pages.read_page_text(text, encoding, data, source)
    raise refusal(text) or UnknownPresentation(
        f"expected one of {', '.join(READERS)}; found {'a page' if pages.is_markup(text) else 'text'} of another kind"
    )


__all__ = ["READERS", "RICHNESS", "Failure", "Issue", "Reading", "Unread", "read", "scan"]
