"""What the registry answers to a request on a day: the table of its paths."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import orjson

from .content import Content
from .day import Day
from .history import listed
from .messages import JSON, Answer, Request, html_answer, json_answer, text_answer
from .search import USUAL, Page, Refused, Search, check_names, fields_of, nct_id
from .wayback import cdx, played
from .world import World

API_VERSION = "2.0.5"
ROBOTS = "User-agent: *\nCrawl-delay: 1\nAllow: /api/int/\nDisallow: /api/\n"
INCORRECT = "Parameter `nctId` has incorrect format"


class Answers:
    """Answers requests from a world."""

    def __init__(self, world: World, *, refuse_python: bool) -> None:
        self.world = world
        self.refuse_python = refuse_python
        self._calls = itertools.count()
        self._sorted = lru_cache(maxsize=8)(lambda search, day: search.rows(day, 0))
        self._zipped = lru_cache(maxsize=2)(zip_of)

    def answer(self, request: Request, day: Day) -> Answer:
        """Answer a request as on a day."""
        if request.method not in ("GET", "HEAD"):
            return text_answer(405, "Method Not Allowed")
        for pattern, handler in _PATHS.items():
            if found := re.fullmatch(pattern, request.path):
                return handler(self, request, day, *found.groups())
        return html_answer(404, "<!doctype html><html><body><h1>404 Not Found</h1></body></html>")

    def rows(self, search: Search, day: Day) -> list[Content]:
        """The studies of a search in order; where an order is asked for they are kept for the next page."""
        if not search.sort:
            return search.rows(day, next(self._calls))
        found: list[Content] = self._sorted(search, day)
        return found

    def zipped(self, day: Day) -> bytes:
        """The bulk file of a day."""
        return self._zipped(day)


def etag(day: Day) -> str:
    """The one tag of the whole data set."""
    return f'"883b003/0.34.1/{hashlib.sha256(day.timestamp.encode()).hexdigest()[:8]}"'


def _tagged(request: Request, day: Day, answer: Answer) -> Answer:
    """Give an answer its tag, or 304 to whoever has it."""
    if answer.status != 200:
        return answer
    tag = etag(day)
    if tag in [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]:
        return Answer(304, headers={"ETag": tag})
    return replace(answer, headers={**answer.headers, "ETag": tag})


# --- /api/v2 -----


def _version(self: Answers, request: Request, day: Day) -> Answer:
    return _tagged(request, day, json_answer({"apiVersion": API_VERSION, "dataTimestamp": day.timestamp}))


def _studies(self: Answers, request: Request, day: Day) -> Answer:
    try:
        search = Search(request)
        page = search.page(self.rows(search, day), day)
    except Refused as error:
        return text_answer(error.status, str(error))
    answer = Answer(200, _page_body(page, search, day), {"Content-Type": JSON}, remarks=page.remarks)
    return _tagged(request, day, answer)


def _page_body(page: Page, search: Search, day: Day) -> bytes:
    """A page, each study on a line of its own, as the registry writes it."""
    total = b'"totalCount":%d,' % page.total if page.count_total else b""
    token = f',"nextPageToken":"{page.next_token}"'.encode() if page.next_token else b""
    rows = [content.stamped(day.stamp, search.fields) for content in page.studies]
    studies = b"[\n%s\n]" % b",\n".join(rows) if rows else b"[ ]"
    return b'{%s"studies":%s%s}' % (total, studies, token)


def _study(self: Answers, request: Request, day: Day, asked: str) -> Answer:
    canonical = nct_id(asked)
    if canonical is None:
        return text_answer(400, INCORRECT)
    if canonical in day.aliases:  # the redirect drops the query string
        return Answer(301, headers={"Location": f"/api/v2/studies/{day.aliases[canonical]}"})
    if canonical not in day.studies:
        return text_answer(404, f"NCT number {canonical} not found")
    try:
        check_names(request.params, {"fields", *USUAL})
        fields = fields_of(request.param("fields")) if request.param("fields") else None
    except Refused as error:
        return text_answer(error.status, str(error))
    body = day.studies[canonical].stamped(day.stamp, fields)
    return _tagged(request, day, Answer(200, body, {"Content-Type": JSON}))


def _not_imitated(self: Answers, request: Request, day: Day) -> Answer:
    return text_answer(501, f"{request.path} is not imitated")


def _size(self: Answers, request: Request, day: Day) -> Answer:
    sizes = [len(content.raw) for content in day.studies.values()]
    average = sum(sizes) // len(sizes) if sizes else 0
    return _tagged(request, day, json_answer({"totalStudies": len(sizes), "averageSizeBytes": average}))


# --- the bulk file -----


def zip_of(day: Day) -> bytes:
    """All studies of a day as `NN/NCT….json`, NN being the last two digits; the same bytes each time."""
    held = io.BytesIO()
    moment = (day.date.year, day.date.month, day.date.day, 9, 0, 0)
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in sorted(day.studies.items()):
            member = zipfile.ZipInfo(f"{name[-2:]}/{name}.json", moment)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content.stamped(day.stamp))
    return held.getvalue()


def _download(self: Answers, request: Request, day: Day) -> Answer:
    if request.param("format") != "json.zip":
        return text_answer(400, "Parameter `format` has incorrect format")
    whole = self.zipped(day)
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": 'attachment; filename="ctg-studies.json.zip"',
        "Accept-Ranges": "bytes",
        "ETag": etag(day),
    }
    if request.headers.get("if-range", etag(day)) == etag(day) and "range" in request.headers:
        return _ranged(whole, request.headers["range"], headers)
    return _tagged(request, day, Answer(200, whole, headers))


def _ranged(whole: bytes, asked: str, headers: dict[str, str]) -> Answer:
    """One range: `bytes=a-b`, `bytes=a-` or `bytes=-n`. What is no such range is passed over, as the RFC says."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked.strip())
    if not found or not any(found.groups()):
        return Answer(200, whole, headers)
    low, high = found.groups()
    start = int(low) if low else max(0, len(whole) - int(high))
    end = min(int(high) if low and high else len(whole) - 1, len(whole) - 1)
    if start > end:
        return Answer(416, headers={**headers, "Content-Range": f"bytes */{len(whole)}"})
    return Answer(206, whole[start : end + 1], {**headers, "Content-Range": f"bytes {start}-{end}/{len(whole)}"})


# --- the internal history API -----


def _refused(self: Answers, request: Request) -> Answer | None:
    """403 to Python's clients whatever they call themselves: they say `Connection:`, which curl does not."""
    python = "connection" in request.headers or "python" in request.headers.get("user-agent", "").lower()
    return html_answer(403, "<html><body>Forbidden</body></html>") if self.refuse_python and python else None


def _int_study(self: Answers, request: Request, day: Day, asked: str) -> Answer:
    if refused := _refused(self, request):
        return refused
    if asked not in day.studies:
        return text_answer(404, f"NCT number {asked} not found")
    answer = {"study": orjson.loads(day.studies[asked].stamped(day.stamp)), "topics": []}
    if request.param("history") == "true":
        answer["history"] = listed(self.world.history(asked, day))
    return json_answer(answer)


def _int_history(self: Answers, request: Request, day: Day, asked: str) -> Answer:
    if refused := _refused(self, request):
        return refused
    if asked not in day.studies:
        return text_answer(404, f"NCT number {asked} not found")
    return json_answer(listed(self.world.history(asked, day)))


def _int_version(self: Answers, request: Request, day: Day, asked: str, number: str) -> Answer:
    if refused := _refused(self, request):
        return refused
    versions = self.world.history(asked, day) if asked in day.studies else []
    if int(number) >= len(versions):
        return html_answer(403, "<html><body>Forbidden</body></html>")
    return json_answer(versions[int(number)].answer())


# --- the rest -----


def _robots(self: Answers, request: Request, day: Day) -> Answer:
    return text_answer(200, ROBOTS)


def _cdx(self: Answers, request: Request, day: Day) -> Answer:
    return cdx(request, self.world.captures)


def _played(self: Answers, request: Request, day: Day, _timestamp: str) -> Answer:
    return played(request, self.world.captures)


_PATHS: dict[str, Callable[..., Answer]] = {
    r"/api/v2/version": _version,
    r"/api/v2/studies": _studies,
    r"/api/v2/studies/download": _download,
    r"/api/v2/stats/size": _size,
    r"/api/v2/(?:studies/(?:metadata|search-areas|enums)|stats/field/(?:values|sizes))": _not_imitated,
    r"/api/v2/studies/([^/]+)": _study,
    r"/api/int/studies/(NCT\d{8})": _int_study,
    r"/api/int/studies/(NCT\d{8})/history": _int_history,
    r"/api/int/studies/(NCT\d{8})/history/(\d+)": _int_version,
    r"/robots\.txt": _robots,
    r"/cdx/search/cdx": _cdx,
    r"/web/(\d{4,14})(?:id_|if_|)/.+": _played,
}
