"""The Internet Archive on loopback: captures of old study pages, their CDX list, and the pages as they were saved.

The pages are the fixtures' with the id of each study in place of their own: a study made from a fixture's record had
such a page before 2024.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from functools import cache
from itertools import groupby
from urllib.parse import unquote, urlsplit

from .content import FIRST_POSTED, Content
from .messages import Answer, Request, html_answer, json_answer, text_answer
from .studies import FIXTURES, origin

PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "NCT09900017": (
        ("20190314082211", "study-page/interventional-2019-03-unprefixed.html"),
        ("20190520171003", "study-page/interventional-2019-05-prefixed-crlf.html"),
    ),
    "NCT03986528": (
        ("20190702101500", "demo/1-2019-07-02-page.html"),
        ("20200420093000", "demo/2-2020-04-20-page.html"),
    ),
}
"""Pages that were saved of each record that studies are made from: when, and the fixture."""

AGAIN, AFTER = "20210105070000", "20240711000000"

COLUMNS = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


@dataclass(frozen=True, slots=True)
class Capture:
    """A page of a study, saved at a moment (`yyyyMMddhhmmss`). A redirect has no page."""

    timestamp: str
    original: str
    fixture: str | None
    of: str
    nct_id: str

    @property
    def body(self) -> bytes:
        """The page as it came."""
        return _page(self.fixture).replace(self.of.encode(), self.nct_id.encode()) if self.fixture else b""

    @property
    def status(self) -> str:
        """The status with which the site answered."""
        return "200" if self.fixture else "301"


@cache
def _row(capture: Capture) -> list[str]:
    """A capture as a row of the CDX list."""
    digest = base64.b32encode(hashlib.sha1(capture.body, usedforsecurity=False).digest()).decode()
    length = str(len(capture.body) // 4 + 600)
    key = urlkey(capture.original)
    return [key, capture.timestamp, capture.original, "text/html", capture.status, digest, length]


@cache
def _page(fixture: str) -> bytes:
    return (FIXTURES / fixture).read_bytes()


def captures_of(contents: Iterable[Content]) -> tuple[Capture, ...]:
    """The captures of studies that are, or are made from, the fixtures' records, and were posted before.

    The last page is there twice, as archives have it, and after the end of the old site there is a redirect.
    """
    found = []
    for content in contents:
        nct_id, of = content.nct_id, origin(content.nct_id)
        if of is None or str(content.first(FIRST_POSTED)).replace("-", "") > PAGES[of][0][0]:
            continue
        url = f"clinicaltrials.gov/ct2/show/{nct_id}"
        pages = (*PAGES[of], (AGAIN, PAGES[of][-1][1]), (AFTER, None))
        for number, (timestamp, fixture) in enumerate(pages):
            original = f"http://www.{url}" if number == 0 else f"https://{url}"
            found.append(Capture(timestamp, original, fixture, of, nct_id))
    return tuple(found)


def urlkey(url: str) -> str:
    """The key by which the archive sorts: the host backwards, then the path."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    host = ",".join(reversed(parts.netloc.removeprefix("www.").split(":")[0].split(".")))
    return f"{host}){parts.path.lower() or '/'}{'?' + parts.query.lower() if parts.query else ''}"


def cdx(request: Request, captures: tuple[Capture, ...]) -> Answer:
    """`/cdx/search/cdx`: the captures of a URL, as JSON whose first row names the columns, or as lines of text."""
    if not request.param("url"):
        return text_answer(400, "The url param is required\n")
    try:
        rows = sorted(_row(capture) for capture in captures if _matches(capture, request))
        rows, following = _limited(_collapsed(_filtered(rows, request), request), request)
        names = [_known(name) for name in request.param("fl").split(",") if name] or COLUMNS
    except (ValueError, re.error) as error:
        return text_answer(400, f"{error}\n")
    return _written([[row[COLUMNS.index(name)] for name in names] for row in rows], names, following, request)


def _known(name: str) -> str:
    if name not in COLUMNS:
        raise ValueError(f"unknown field: {name}")
    return name


def _written(rows: list[list[str]], names: list[str], following: str | None, request: Request) -> Answer:
    """Write rows; the key with which the list goes on stands below an empty one."""
    more = [[], [following]] if following and request.param("showResumeKey") == "true" else []
    if request.param("output") == "json":
        return json_answer([names, *rows, *more] if rows else [])
    return text_answer(200, "".join(" ".join(row) + "\n" for row in (*rows, *more)))


def _matches(capture: Capture, request: Request) -> bool:
    url = request.param("url")
    key, own = urlkey(unquote(url).rstrip("*")), urlkey(capture.original)
    return own.startswith(key) if url.endswith("*") or request.param("matchType") == "prefix" else own == key


def _filtered(rows: list[list[str]], request: Request) -> list[list[str]]:
    """Keep what is between `from` and `to` and what each `filter=[!]field:regex` lets through."""
    low, high = request.param("from"), request.param("to")
    rows = [row for row in rows if (not low or row[1] >= low) and (not high or row[1][: len(high)] <= high)]
    for text in (value for name, value in request.params if name == "filter"):
        field, _, pattern = text.removeprefix("!").partition(":")
        at, wanted = COLUMNS.index(_known(field)), re.compile(pattern)
        rows = [row for row in rows if bool(wanted.fullmatch(row[at])) != text.startswith("!")]
    return rows


def _collapsed(rows: list[list[str]], request: Request) -> list[list[str]]:
    """Leave out rows that are like the row before in `collapse=field[:digits]`."""
    for text in (value for name, value in request.params if name == "collapse"):
        field, _, digits = text.partition(":")
        at, length = COLUMNS.index(_known(field)), int(digits) if digits else None
        rows = [next(alike) for _, alike in groupby(rows, key=lambda row: row[at][:length])]
    return rows


def _limited(rows: list[list[str]], request: Request) -> tuple[list[list[str]], str | None]:
    """The rows from `resumeKey` and `offset` on, `limit` of them (of the last if it is less than 0); the next key."""
    rows = [row for row in rows if tuple(row[:2]) >= tuple(request.param("resumeKey").split(" "))]
    rows = rows[int(request.param("offset") or 0) :]
    limit = int(request.param("limit") or 0)
    if limit <= 0:
        return rows[limit:], None
    return rows[:limit], " ".join(rows[limit][:2]) if len(rows) > limit else None


_PLAYED = re.compile(r"/web/(\d{4,14})(id_|if_|)/(.+)")


def played(request: Request, captures: tuple[Capture, ...]) -> Answer:
    """`/web/{timestamp}id_/{url}`: a capture as it came; without `id_` with the archive's own frame around it.

    A timestamp that none has leads to the nearest capture by a redirect.
    """
    found = _PLAYED.fullmatch(request.target)
    assert found is not None, "the table of paths lets nothing else through"
    timestamp, mode, url = found.groups()
    there = [capture for capture in captures if urlkey(capture.original) == urlkey(unquote(url))]
    if not there:
        return html_answer(404, "<html><body>The Wayback Machine has not archived that URL.</body></html>")
    wanted = timestamp.ljust(14, "0")
    nearest = min(there, key=lambda capture: abs(int(capture.timestamp) - int(wanted)))
    if nearest.timestamp != timestamp:
        return Answer(302, headers={"Location": f"/web/{nearest.timestamp}{mode}/{nearest.original}"})
    return _shown(nearest, mode)


def _shown(capture: Capture, mode: str) -> Answer:
    if not capture.fixture:
        there = f"/web/{capture.timestamp}{mode}/https://clinicaltrials.gov/study/{capture.nct_id}"
        return Answer(302, headers={"Location": there})
    moment = dt.datetime.strptime(capture.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    kept = {"Memento-Datetime": format_datetime(moment, usegmt=True), "X-Archive-Orig-Content-Type": "text/html"}
    frame = b"" if mode == "id_" else b"<!-- FILE ARCHIVED BY THE WAYBACK MACHINE -->\n"
    return Answer(200, frame + capture.body, {"Content-Type": "text/html", **kept})
