"""A search page by page, and the proof that all of it came: ids against the count, no page and no id twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ctgov_ingest.errors import Incomplete
from ctgov_ingest.fetch.client import Client
from ctgov_ingest.fetch.whole import Cut, json_value

LARGEST_PAGE = 1000
"""The registry silently takes more as this."""

SORT = "LastUpdatePostDate:asc|StudyFirstPostDate:asc"
"""Without an order pages overlap. In this one a study that is updated meanwhile comes again rather than not at all."""


class _Head(NamedTuple):
    """What a page tells about itself."""

    nct_ids: tuple[str, ...]
    aliases: dict[str, tuple[str, ...]]
    total: int | None
    token: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a search, as it was sent. `aliases` are by the id of the study that has them."""

    url: str
    body: bytes = field(repr=False)
    nct_ids: tuple[str, ...]
    aliases: dict[str, tuple[str, ...]]
    total: int | None
    """How many studies the search finds; the first page alone tells."""
    etag: str | None

    @property
    def studies(self) -> int:
        """How many studies the page holds."""
        return len(self.nct_ids)


def pages(
    client: Client, url: str, params: dict[str, str], fields: Sequence[str] | None, page_size: int
) -> Iterator[Page]:
    """The pages of one search. Raises Incomplete when they repeat themselves, or do not add up in the end."""
    asked = {**params, "format": "json", "sort": SORT, "countTotal": "true", "pageSize": str(page_size)}
    asked |= {"fields": "|".join(fields)} if fields else {}
    proof = _Proof()
    token: str | None = None
    while True:
        answer = client.get(url, asked | ({"pageToken": token} if token else {}), whole=_head)
        head = answer.content
        proof.take(head, answer.url)
        yield Page(answer.url, answer.body, head.nct_ids, head.aliases, head.total, answer.etag)
        token = head.token
        if token is None:
            return proof.close(answer.url)


class _Proof:
    """What came so far of one search."""

    def __init__(self) -> None:
        self._total: int | None = None
        self._ids: set[str] = set()
        self._tokens: set[str] = set()

    def take(self, head: _Head, url: str) -> None:
        if self._total is None:
            self._total = head.total
        twice = self._ids.intersection(head.nct_ids)
        if twice or len(set(head.nct_ids)) < len(head.nct_ids):
            words = f"the registry sent studies twice ({', '.join(sorted(twice)[:3]) or 'on one page'}): sync again"
            raise Incomplete(words, url=url, status=200, repeated=len(twice), received=len(self._ids))
        self._ids.update(head.nct_ids)
        if head.token in self._tokens:
            raise Incomplete("the registry sent the same page token twice: sync again", url=url, status=200)
        if head.token is not None:
            self._tokens.add(head.token)

    def close(self, url: str) -> None:
        if self._total != len(self._ids):
            words = f"the registry announced {self._total} studies and sent {len(self._ids)}: sync again"
            raise Incomplete(words, url=url, status=200, received=len(self._ids), announced=self._total or 0)


def _head(body: bytes) -> _Head:
    value = json_value(body)
    match value:
        case {"studies": list(studies)}:
            ids = [_identification(study) for study in studies]
        case _:
            raise Cut("expected an answer with studies, found none in it")
    aliases = {one["nctId"]: tuple(one["nctIdAliases"]) for one in ids if one.get("nctIdAliases")}
    token = value.get("nextPageToken")
    return _Head(tuple(one["nctId"] for one in ids), aliases, value.get("totalCount"), token or None)


def _identification(study: Any) -> dict[str, Any]:
    match study:
        case {"protocolSection": {"identificationModule": {"nctId": str()} as found}}:
            return dict(found)
    raise Cut("expected an NCT id with every study, found none with one")
