"""API v2 of the registry: the data set's stamp, searches page by page with proof, single studies, the bulk file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass as plain
from dataclasses import field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import Field
from pydantic.dataclasses import dataclass

from ctgov_ingest.errors import Unexpected
from ctgov_ingest.fetch.client import Answer, Client
from ctgov_ingest.fetch.download import Advance, Download, download
from ctgov_ingest.fetch.pages import LARGEST_PAGE, Named, Page, pages
from ctgov_ingest.fetch.search import Search, nct_id_of
from ctgov_ingest.fetch.whole import Strange, Whole, anything, exactly, json_of

_NCT_AT_END = re.compile(r"/studies/(NCT[0-9]{8})$", re.IGNORECASE)


@plain(frozen=True, slots=True)
class Dataset:
    """The state of the registry's data: `timestamp` is UTC as the registry writes it (`2026-08-14T09:00:05`)."""

    api_version: str
    timestamp: str
    etag: str | None


@plain(frozen=True, slots=True)
class Found:
    """A study: the bytes of its record, and the ids that lead to it too."""

    nct_id: str
    body: bytes = field(repr=False)
    aliases: tuple[str, ...]
    url: str


@plain(frozen=True, slots=True)
class Gone:
    """An id that the registry says it does not have, in its own words."""

    nct_id: str
    words: str
    url: str


@plain(frozen=True, slots=True)
class Moved:
    """An obsolete or duplicate id, and the study that it leads to."""

    nct_id: str
    to: Found


@dataclass(frozen=True)
class _Version:
    api_version: str = Field(alias="apiVersion")
    timestamp: str = Field(alias="dataTimestamp")


@dataclass(frozen=True)
class _Count:
    total: int = Field(alias="totalCount")


_VERSION = json_of(_Version)
_COUNT = json_of(_Count)
_STUDY = json_of(Named)


class Registry:
    """What API v2 offers, over one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._base = f"{client.settings.base_url}/api/v2"

    def address(self, nct_id: str) -> str:
        """Where the record of a study is."""
        return f"{self._base}/studies/{nct_id}"

    def dataset(self) -> Dataset:
        """The state of the data."""
        answer = self._client.get(f"{self._base}/version", whole=_VERSION)
        return Dataset(answer.content.api_version, answer.content.timestamp, answer.etag)

    def pages(self, search: Search, *, fields: Sequence[str] = (), page_size: int = LARGEST_PAGE) -> Iterator[Page]:
        """All studies of a search, page by page. Raises Incomplete, at its end at the latest, where they do not add up.

        A search for many ids is made in parts: a study whose aliases are asked for as well can then come twice.
        """
        for part in search.parts():
            yield from pages(self._client, f"{self._base}/studies", part.params(), fields, page_size)

    def count(self, search: Search = Search()) -> int:  # noqa: B008  # frozen
        """How many studies a search finds now."""
        asked = {"format": "json", "fields": "NCTId", "countTotal": "true", "pageSize": "1"}
        answers = (
            self._client.get(f"{self._base}/studies", {**part.params(), **asked}, whole=_COUNT)
            for part in search.parts()
        )
        return sum(answer.content.total for answer in answers)

    def study(self, nct_id: str) -> Found | Moved | Gone:
        """The record of one study; an alias leads to the study that it stands for.

        Gone is only what the registry itself calls not found; any other answer that is no record raises FetchError.
        """
        nct_id = nct_id_of(nct_id)
        answer = self._ask(nct_id)
        if answer.status == 404:
            return Gone(nct_id, answer.text, answer.url)
        if answer.status == 301:
            canonical = _led_to(nct_id, answer)
            answer = self._ask(canonical)  # once more: the redirect drops the parameters
            if answer.status != 200:
                words = f"{nct_id} leads to {canonical}, which is not there"
                raise Unexpected(words, url=answer.url, status=answer.status)
        return _found(nct_id, answer)

    def _ask(self, nct_id: str) -> Answer[Any]:
        readers: dict[int, Whole[Any]] = {301: anything, 404: exactly(f"NCT number {nct_id} not found")}
        return self._client.get(self.address(nct_id), {"format": "json"}, whole=_study(nct_id), also=readers)

    def download(self, path: Path, *, advance: Advance | None = None, etag: str | None = None) -> Download | None:
        """All studies as one zip, into a file; see `download`. None when it is still the one of the `etag`."""
        params = {"format": "json.zip"}
        return download(self._client, f"{self._base}/studies/download", params, path, advance=advance, etag=etag)


def _study(nct_id: str) -> Whole[Named]:
    """A reader of the study of that id, or of one that has it among its aliases."""

    def read(body: bytes) -> Named:
        study = _STUDY(body)
        if nct_id not in (study.nct_id, *study.aliases):
            raise Strange(f"asked for {nct_id}, was given {study.nct_id}")
        return study

    return read


def _found(nct_id: str, answer: Answer[Any]) -> Found | Moved:
    study: Named = answer.content
    found = Found(study.nct_id, answer.body, study.aliases, answer.url)
    if nct_id == study.nct_id:
        return found
    if nct_id not in study.aliases:
        words = f"{nct_id} leads to {study.nct_id}, which does not name it among its aliases"
        raise Unexpected(words, url=answer.url, status=answer.status)
    return Moved(nct_id, found)


def _led_to(nct_id: str, answer: Answer[Any]) -> str:
    target = urljoin(answer.url, answer.headers.get("location", ""))
    found = _NCT_AT_END.search(urlsplit(target).path)
    if not found or found[1].upper() == nct_id or urlsplit(target).netloc != urlsplit(answer.url).netloc:
        raise Unexpected(f"sent elsewhere (301), to {target}", url=answer.url, status=301)
    return found[1].upper()
