"""A search page by page, and the proof that all of it came: ids against the count, no page and no id twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass as plain
from dataclasses import field

import msgspec
from pydantic import AliasPath, Field
from pydantic.dataclasses import dataclass

from ctgov_ingest.errors import Incomplete
from ctgov_ingest.fetch.client import Answer, Client
from ctgov_ingest.fetch.whole import Cut, Whole, json_of

LARGEST_PAGE = 1000
"""The registry silently takes more as this."""

SORT = "LastUpdatePostDate:asc|StudyFirstPostDate:asc"
"""Without an order pages overlap. In this one a study that is updated meanwhile comes again rather than not at all."""

_IDENTIFICATION = ("protocolSection", "identificationModule")


@dataclass(frozen=True, slots=True)
class Named:
    """What is read of a study in an answer: which one it is, and the other ids that lead to it."""

    nct_id: str = Field(validation_alias=AliasPath(*_IDENTIFICATION, "nctId"), pattern="^NCT[0-9]{8}$")
    aliases: tuple[str, ...] = Field(validation_alias=AliasPath(*_IDENTIFICATION, "nctIdAliases"), default=())


@dataclass(frozen=True)
class _Head:
    """What is read of a page."""

    studies: list[Named]
    total: int | None = Field(alias="totalCount", default=None)
    token: str | None = Field(alias="nextPageToken", default=None)


_HEAD = json_of(_Head)


@plain(frozen=True, slots=True)
class Page:
    """One answer of a search, as it was sent. `aliases` are by the id of the study that has them."""

    url: str
    body: bytes = field(repr=False)
    nct_ids: tuple[str, ...]
    aliases: dict[str, tuple[str, ...]]
    total: int | None
    """How many studies the search finds; the first page alone tells."""

    def records(self) -> Iterator[tuple[str, bytes]]:
        """The studies of the page one by one: id, and bytes as they were sent."""
        for nct_id, record in zip(self.nct_ids, _SPLIT.decode(self.body).studies, strict=True):
            yield nct_id, bytes(record)


class _Split(msgspec.Struct):
    """A page in which the studies are not looked into."""

    studies: list[msgspec.Raw]


_SPLIT = msgspec.json.Decoder(_Split)


def pages(client: Client, url: str, params: Mapping[str, str], fields: Sequence[str], page_size: int) -> Iterator[Page]:
    """The pages of one search. Raises Incomplete when they repeat themselves, or do not add up in the end."""
    asked = {**params, "format": "json", "sort": SORT, "countTotal": "true", "pageSize": str(page_size)}
    asked |= {"fields": "|".join(fields)} if fields else {}
    proof = _Proof()
    while True:
        answer = client.get(url, asked, whole=_leading_on(asked.get("pageToken")))
        proof.take(answer)
        yield _page(answer)
        if not answer.content.token:
            return proof.close(answer.url)
        asked["pageToken"] = answer.content.token


def _page(answer: Answer[_Head]) -> Page:
    head = answer.content
    ids = tuple(study.nct_id for study in head.studies)
    aliases = {study.nct_id: study.aliases for study in head.studies if study.aliases}
    return Page(answer.url, answer.body, ids, aliases, head.total)


def _leading_on(token: str | None) -> Whole[_Head]:
    """A reader of a page, which may be empty, but then has to lead to another than itself."""

    def read(body: bytes) -> _Head:
        head = _HEAD(body)
        if token and head.token == token and not head.studies:
            raise Cut("an empty page leads to itself")
        return head

    return read


class _Proof:
    """What came so far of one search."""

    def __init__(self) -> None:
        self._total: int | None = None
        self._ids: set[str] = set()
        self._tokens: set[str] = set()

    def take(self, answer: Answer[_Head]) -> None:
        """Count a page. Raises Incomplete when something in it came before."""
        page = answer.content
        self._total = page.total if self._total is None else self._total
        before = len(self._ids)
        self._ids.update(study.nct_id for study in page.studies)
        if repeated := before + len(page.studies) - len(self._ids):
            words = f"the registry sent {repeated:,} studies twice, as its data moved or a page came again: sync again"
            raise Incomplete(words, url=answer.url, status=200, repeated=repeated, received=len(self._ids))
        if page.token in self._tokens:
            raise Incomplete("the registry sent the same page token twice: sync again", url=answer.url, status=200)
        if page.token:
            self._tokens.add(page.token)

    def close(self, url: str) -> None:
        """Raises Incomplete when there are more or fewer studies than announced."""
        received = len(self._ids)
        if self._total is None:
            raise Incomplete("the registry did not say how many studies there are", url=url, status=200)
        if self._total != received:
            words = f"the registry announced {self._total:,} studies and sent {received:,}: sync again"
            raise Incomplete(words, url=url, status=200, received=received, announced=self._total)
