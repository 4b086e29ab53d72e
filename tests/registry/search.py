"""`/api/v2/studies`: parameters to studies, page by page.

The traps of the real search are here: an order that differs between calls unless it is asked for, page sizes that are
silently made smaller, tokens that give wrong rows with other parameters or another data set.
"""

from __future__ import annotations

import base64
import hashlib
import random
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from .content import ALIASES, NCT_ID, Content, Projection, projection
from .day import Day
from .essie import EssieError, Predicate, compiled
from .messages import Request
from .pieces import QUERIES, kind_of, paths_of

STATUSES = (
    "ACTIVE_NOT_RECRUITING",
    "COMPLETED",
    "ENROLLING_BY_INVITATION",
    "NOT_YET_RECRUITING",
    "RECRUITING",
    "SUSPENDED",
    "TERMINATED",
    "WITHDRAWN",
    "AVAILABLE",
    "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE",
    "APPROVED_FOR_MARKETING",
    "WITHHELD",
    "UNKNOWN",
)

USUAL = {"format": "json", "markupFormat": "markdown"}
"""Parameters of which only the registry's default is imitated."""

_FILTERS = [f"{kind}.{name}" for kind in ("filter", "postFilter") for name in ("overallStatus", "ids", "advanced")]
KNOWN = frozenset((*QUERIES, *_FILTERS, "fields", "sort", "countTotal", "pageSize", "pageToken", *USUAL))
UNSUPPORTED = frozenset(
    ["filter.geo", "filter.synonyms", "postFilter.geo", "postFilter.synonyms", "aggFilters", "geoDecay"]
)
"""Parameters that the registry has and this imitation has not: refused with 501, so that no test rests on them."""

LARGEST_PAGE = 1000
_PAGING = {"countTotal", "pageSize", "pageToken"}
_NCT_ID = re.compile(r"NCT0*([1-9]\d{0,7})", re.IGNORECASE)
_ONLY_IDS = re.compile(r"[\s,]*(?:NCT\d+[\s,]*)+", re.IGNORECASE)


class Refused(ValueError):
    """A request that is not answered; the text is the body of the answer."""

    status = 400


class NotImitated(Refused):
    """A request that the registry would answer and this imitation does not."""

    status = 501


def nct_id(text: str) -> str | None:
    """The id in its usual form, or None where the registry would say that it has an incorrect format."""
    found = _NCT_ID.fullmatch(text)
    return f"NCT{int(found[1]):08}" if found else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search."""

    studies: list[Content]
    total: int
    count_total: bool
    next_token: str | None
    remarks: tuple[str, ...]


def found(day: Day, **params: str) -> dict[str, Content]:
    """The studies that a search finds on a day. Names of parameters with `_` for `.`. Raises Refused."""
    asked = urlencode({name.replace("_", "."): value for name, value in params.items()})
    search = Search(Request("GET", f"/api/v2/studies?{asked}"))
    return {content.nct_id: content for content in search.rows(day, 0)}


class Search:
    """A search, checked as the registry checks it. Raises Refused."""

    def __init__(self, request: Request) -> None:
        self._params = {name: value for name, value in request.params if value}
        check_names(request.params, KNOWN)
        self.fields = fields_of(self._params["fields"]) if "fields" in self._params else None
        self.sort = _sorting(_items(self._params.get("sort", "")))
        self.predicate = self._predicate()
        self.size = _size(self._params.get("pageSize", ""))
        self.digest = hashlib.sha256(
            repr(sorted(item for item in self._params.items() if item[0] not in _PAGING)).encode()
        ).digest()[:6]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Search) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def _predicate(self) -> Predicate:
        queries = {name: text for name, text in self._params.items() if name in QUERIES}
        only = [text for text in queries.values() if _ONLY_IDS.fullmatch(text)]
        found = [_by_ids(re.findall(r"NCT\d+", text.upper())) for text in only]
        found += [_essie(text, QUERIES[name], name) for name, text in queries.items() if text not in only]
        if not only:
            found += [
                _FILTER[name.partition(".")[2]](text, name) for name, text in self._params.items() if "ilter." in name
            ]
        return lambda content: all(one(content) for one in found)

    def rows(self, day: Day, call: int) -> list[Content]:
        """All studies found, in their order: that of this one call where no order was asked for."""
        found = [content for content in day.studies.values() if self.predicate(content)]
        if self.sort:
            return self.sort(found, day.timestamp)
        random.Random(f"{call} {day.timestamp}").shuffle(found)
        return found

    def page(self, rows: list[Content], day: Day) -> Page:
        """Cut one page out of the rows."""
        token = self._params.get("pageToken", "")
        start, remarks = self._start(token, day) if token else (0, ())
        end = start + self.size
        following = self.token(end, day) if end < len(rows) else None
        counted = not token and self._params.get("countTotal", "").lower() == "true"
        return Page(rows[start:end], len(rows), counted, following, remarks)

    def token(self, start: int, day: Day) -> str:
        """The token of the page that begins with a row."""
        stamp = hashlib.sha256(day.timestamp.encode()).digest()[:4]
        return base64.urlsafe_b64encode(self.digest + stamp + start.to_bytes(4, "big")).decode().rstrip("=")

    def _start(self, token: str, day: Day) -> tuple[int, tuple[str, ...]]:
        """Where a page begins. A token of other parameters or of another data set is taken all the same."""
        try:
            data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            data = b""
        if len(data) != 14:
            raise Refused("Parameter `pageToken` has incorrect format")
        start = int.from_bytes(data[10:], "big")
        ours = base64.urlsafe_b64decode(self.token(start, day) + "==")
        strange = [
            *(["pageToken of other parameters"] if ours[:6] != data[:6] else []),
            *(["pageToken of another data set"] if ours[6:10] != data[6:10] else []),
        ]
        return start, tuple(strange)


def check_names(params: Iterable[tuple[str, str]], known: Collection[str]) -> None:
    """Refuse parameters that the registry does not know, and those that are not imitated. Raises Refused."""
    for name, value in params:
        if name in UNSUPPORTED:
            raise NotImitated(f"{name} is not imitated")
        if name not in known:
            raise Refused(f"`{name}` is unknown parameter")
        if value not in ("", USUAL.get(name, value)):
            raise NotImitated(f"{name}: {USUAL[name]} alone is imitated")


def _items(text: str) -> list[str]:
    return [item.strip() for item in re.split(r"[|,]", text)] if text else []


def _size(text: str) -> int:
    if text and not text.isdigit():
        raise Refused("Parameter `pageSize` has incorrect format")
    return min(int(text or 0) or 10, LARGEST_PAGE)


def _essie(text: str, area: str, name: str) -> Predicate:
    where = "advanced filter" if name.endswith("advanced") else f"`{name}`"
    try:
        return compiled(text, area)
    except EssieError as error:
        raise Refused(f"Error parsing query in {where}: {error}") from None


def _by_ids(ids: Iterable[str]) -> Predicate:
    wanted = {nct_id(one) for one in ids}
    return lambda content: any(value in wanted for value in content.values(NCT_ID, ALIASES))


def _ids(text: str, name: str) -> Predicate:
    items = _items(text)
    for number, item in enumerate(items, 1):
        if nct_id(item) is None:
            raise Refused(f"Item {number} in parameter `{name}` has incorrect format")
    return _by_ids(items)


def _status(text: str, name: str) -> Predicate:
    items = _items(text)
    for number, item in enumerate(items, 1):
        if item not in STATUSES:
            raise Refused(f"Item {number} in parameter `{name}` has invalid value: {item}")
    return lambda content: content.status in items


_FILTER: dict[str, Callable[[str, str], Predicate]] = {
    "ids": _ids,
    "overallStatus": _status,
    "advanced": lambda text, name: _essie(text, "BasicSearch", name),
}

Sorting = Callable[[list[Content], str], list[Content]]


def _sorting(items: list[str]) -> Sorting | None:
    if len(items) > 2:
        raise Refused("Parameter `sort` has too many items")
    keys = [_sort_key(item) for item in items if item.partition(":")[0] != "@relevance"]

    def sort(found: list[Content], timestamp: str) -> list[Content]:
        """Equals stand in an order that is the data set's own; what lacks the field comes last."""
        found = sorted(found, key=lambda content: hashlib.sha256(f"{content.nct_id} {timestamp}".encode()).digest())
        for path, down in reversed(keys):
            having = [content for content in found if content.values(path)]
            lacking = [content for content in found if not content.values(path)]
            found = sorted(having, key=lambda content: content.values(path)[0], reverse=down) + lacking
        return found

    return sort if keys else None


def _sort_key(item: str) -> tuple[str, bool]:
    name, _, direction = item.partition(":")
    try:
        path, kind = paths_of(name)[0], kind_of(name)
    except KeyError:
        raise Refused(f"Parameter 'sort' contains invalid field name: '{name}'") from None
    if kind not in ("date", "number"):
        raise Refused(f"Unsupported sort field type: {kind}")
    if direction not in ("", "asc", "desc"):
        raise Refused("Parameter `sort` has incorrect format")
    return path, (direction or ("desc" if kind == "date" else "asc")) == "desc"


def fields_of(text: str) -> Projection:
    """The fields asked for. Raises Refused."""
    names = _items(text)
    paths: list[str] = []
    for name in names:
        try:
            paths += paths_of(name)
        except KeyError:
            raise Refused(f"Parameter 'fields' contains invalid field name: '{name}'") from None
    return projection(paths)
