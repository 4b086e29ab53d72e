"""What the registry answers to a request on a day: the table of its paths."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

import orjson

from .content import Content
from .day import Day
from .history import listed
from .messages import JSON, Answer, Request, html_answer, json_answer, text_answer
from .search import BadRequest, NotImitated, Page, Search, nct_id, projected, projection
from .wayback import cdx, played
from .world import World

API_VERSION = "2.0.5"
ROBOTS = "User-agent: *\nCrawl-delay: 1\nAllow: /api/int/\nDisallow: /api/\n"
INCORRECT = "Parameter `nctId` has incorrect format"


class Answers:
    """Answers requests from a world. `refuse_python`: `/api/int` gives 403 to all but curl, as some have met it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.refuse_python = False
        self._calls = 0
        self._rows: OrderedDict[tuple[str, bytes], list[Content]] = OrderedDict()
        self._zips: OrderedDict[str, bytes] = OrderedDict()

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
        self._calls += 1
        if not search.sort:
            return search.rows(day, self._calls)
        key = (f"{day.timestamp} {len(day.studies)}", search.digest)
        if key not in self._rows:
            self._rows[key] = search.rows(day, self._calls)
            if len(self._rows) > 8:
                self._rows.popitem(last=False)
        return self._rows[key]

    def zipped(self, day: Day) -> bytes:
        """The bulk file of a day."""
        key = f"{day.timestamp} {len(day.studies)}"
        if key not in self._zips:
            self._zips[key] = zip_of(day)
            if len(self._zips) > 2:
                self._zips.popitem(last=False)
        return self._zips[key]


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
    except BadRequest as error:
        return text_answer(400, str(error))
    except NotImitated as error:
        return text_answer(501, str(error))
    answer = Answer(200, _page_body(page, search, day), {"Content-Type": JSON}, remarks=page.remarks)
    return _tagged(request, day, answer)


def _page_body(page: Page, search: Search, day: Day) -> bytes:
    """A page, each study on a line of its own, as the registry writes it."""
    total = b'"totalCount":%d,' % page.total if page.count_total else b""
    token = f',"nextPageToken":"{page.next_token}"'.encode() if page.next_token else b""
    rows = [_record(content, search.fields, day) for content in page.studies]
    studies = b"[\n%s\n]" % b",\n".join(rows) if rows else b"[ ]"
    return b'{%s"studies":%s%s}' % (total, studies, token)


def _record(content: Content, fields: dict[str, object] | None, day: Day) -> bytes:
    record = content.stamped(day.stamp)
    return record if fields is None else orjson.dumps(projected(orjson.loads(record), fields))


def _study(self: Answers, request: Request, day: Day, asked: str) -> Answer:
    canonical = nct_id(asked)
    if canonical is None:
        return text_answer(400, INCORRECT)
    if canonical in day.aliases:  # the redirect drops the query string
        return Answer(301, headers={"Location": f"/api/v2/studies/{day.aliases[canonical]}"})
    if canonical not in day.studies:
        return text_answer(404, f"NCT number {canonical} not found")
    for name in dict(request.params):
        if name not in ("format", "fields", "markupFormat"):
            return text_answer(400, f"`{name}` is unknown parameter")
    if request.param("format", "json") != "json" or request.param("markupFormat", "markdown") != "markdown":
        return text_answer(501, "json and markdown alone are imitated")
    try:
        fields = projection(request.param("fields")) if request.param("fields") else None
    except BadRequest as error:
        return text_answer(400, str(error))
    body = _record(day.studies[canonical], fields, day)
    return _tagged(request, day, Answer(200, body, {"Content-Type": JSON}))


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
    content = day.studies.get(asked)
    if content is None:
        return text_answer(404, f"NCT number {asked} not found")
    study = {"study": orjson.loads(content.stamped(day.stamp)), "topics": []}
    if request.param("history") == "true":
        study["history"] = listed(self.world.history(asked, day))
    return json_answer(study)


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
    r"/api/v2/studies/([^/]+)": _study,
    r"/api/int/studies/(NCT\d{8})": _int_study,
    r"/api/int/studies/(NCT\d{8})/history": _int_history,
    r"/api/int/studies/(NCT\d{8})/history/(\d+)": _int_version,
    r"/robots\.txt": _robots,
    r"/cdx/search/cdx": _cdx,
    r"/web/(\d{4,14})(?:id_|if_|)/.+": _played,
}
