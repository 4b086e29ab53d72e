"""One version's page of the archive of before 2017: `View of NCT… on 2005_09_19`.

A version stands in the archive under the day on which the site took it up. That is a day of the site, not the one on
which the sponsor handed it in (it lies up to some weeks before: a record that was last changed on 19 November 2013 is
the archive's version of 12 December), and the page does not say that it is the day of posting. So the day becomes the
reading's place on the registry's time axis (`registry_date`), and no date of the record: a page that shows none claims
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from ctgov_ingest.errors import Damaged
from ctgov_ingest.sources import archive_changes
from ctgov_ingest.sources.archive_fields import CARRIED, FIELDS, IGNORED, IGNORED_VALUES, SHOWN_WHERE_FILLED
from ctgov_ingest.sources.archive_shapes import finish, paired_links
from ctgov_ingest.sources.content import Content, Text
from ctgov_ingest.sources.page_elements import all_of, cells_of, nodes, runs, text_of
from ctgov_ingest.sources.page_tree import parse_elements
from ctgov_ingest.sources.pages import check_end
from ctgov_ingest.sources.reading import Reading
from ctgov_ingest.sources.record import Raw, RawRecord
from ctgov_ingest.sources.site_pages import title_of
from ctgov_ingest.sources.version_reading import reading
from ctgov_ingest.sources.version_rows import Row, read_rows
from ctgov_ingest.sources.version_text import PLAIN, apart, listed, plain
from ctgov_ingest.values.dates import parse_date

PRESENTATION = "archive-page"
READER = "3"

_TITLE = re.compile(r"<title>\s*NCT\d{8} on [\d_]{8,10}", re.IGNORECASE)
_VIEW = "View of NCT"
_HEADING = re.compile(r"View of (?P<id>NCT\d{8}) on (?P<day>\d{4}_\d{2}_\d{2})")


def recognises(title: str, text: str) -> bool:
    """Whether a page is one version of the archive, or a side-by-side comparison of two."""
    return bool(_TITLE.match(title)) or archive_changes.recognises(title)


def read(text: str, encoding: str, data: bytes, source: str) -> Iterator[Reading]:
    """Read the page; of a comparison, the new version."""
    check_end(text)
    page = (data, encoding, source)
    if archive_changes.recognises(title_of(text)):
        record, carried, day = archive_changes.cut(parse_elements(archive_changes.without_second(text)))
    else:
        record, carried, day = _record(parse_elements(_from_heading(text)))
    yield reading(PRESENTATION, READER, record, carried, page, registry_date=day)


def _from_heading(text: str) -> str:
    """The page from its heading on: the links above it are not even parsed. The whole page where it has no heading."""
    return text[max(text.rfind("<h1", 0, max(text.find(_VIEW), 0)), 0) :]


def _record(root: etree._Element) -> tuple[RawRecord, frozenset[str], str]:
    """The record on a page, the paths that such a page can show, and its day."""
    day = day_of(root, _HEADING)
    record = RawRecord()
    record.asides["updated"] = Raw(day, "the heading")
    read_rows(record, paired_links(_rows(root)), FIELDS, IGNORED)
    finish(record)
    for path in SHOWN_WHERE_FILLED:
        if record.text(path) is None:
            record.hide(path)
    return record, CARRIED, day


def day_of(root: etree._Element, heading: re.Pattern[str]) -> str:
    """The day of the version that the heading names. Raises Damaged where it names none."""
    found = next((found for block in all_of(root, "h1") if (found := heading.search(_text(block)))), None)
    try:
        return str(parse_date(found["day"] if found else ""))
    except ValueError:
        raise Damaged("expected a heading with the day of the version, found none", place="h1") from None


def _text(element: etree._Element) -> str:
    """All text of an element in one line."""
    return plain(text_of(element))


def _rows(root: etree._Element) -> Iterator[Row]:
    """The rows of the table: a long text stands in the row below its label."""
    section, waiting = "header", ""
    for row in all_of(root, "tr"):
        heads, cells, beside = cells_of(row)
        label = "" if not heads else _text(heads[0]) if len(heads[0]) else PLAIN[heads[0].text or ""]
        if heads and len(heads[0]) and next(all_of(heads[0], "h2"), None) is not None:
            section, waiting = label, ""
        elif len(heads) > 1 or (heads and len(cells) > 1) or beside:
            # tags are lost: nobody can tell which value is whose
            waiting = ""
            yield Row("", (Text(_text(row)),), section)
        elif heads and not cells:
            waiting = label
        elif cells and ((name := label or waiting) or not _say_nothing(cells)):
            value = _value(cells[-1], wrapped=not waiting)
            yield Row(name, value, f"{section}: {name}" if name else section)
            waiting = ""


def _say_nothing(cells: Sequence[etree._Element]) -> bool:
    texts = [_text(cell) for cell in cells]
    return all(not text or text.casefold() in IGNORED_VALUES for text in texts)


def _value(cell: etree._Element, *, wrapped: bool) -> Content:
    """What a cell holds: a line whose parts stand apart by gaps (tabs hold them apart here), lines, paragraphs.

    Descriptions within a cell go on over line breaks; long texts of their own do not.
    """
    if not len(cell):
        return (Text(text),) if (text := PLAIN[cell.text or ""]) else ()
    return tuple([part for node in nodes(cell) for part in _parts(node, wrapped=wrapped)])


def _parts(node: etree._Element | str, *, wrapped: bool) -> Content:
    if isinstance(node, str):
        return (Text(text),) if (text := PLAIN[node]) else ()
    lines = runs(node)
    if node.tag == "div":
        parts = apart(" ".join(lines))
        return (Text("\t".join(parts)),) if parts else ()
    return listed(lines, wrapped=wrapped)
