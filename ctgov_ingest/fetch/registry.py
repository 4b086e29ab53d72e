"""API v2 of the registry: the data set's stamp, searches page by page with proof, single studies, the bulk file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from ctgov_ingest import jsontext
from ctgov_ingest.errors import FetchError, Unexpected
from ctgov_ingest.fetch.client import Answer, Client
from ctgov_ingest.fetch.download import Download, download
from ctgov_ingest.fetch.pages import LARGEST_PAGE, Page, pages
from ctgov_ingest.fetch.search import Search
from ctgov_ingest.fetch.whole import Cut, json_value

_STUDY = frozenset({200, 301, 404})
_NCT_AT_END = re.compile(r"/studies/(NCT\d{8})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The state of the registry's data: `timestamp` is UTC as the registry writes it (`2026-08-14T09:00:05`)."""

    api_version: str
    timestamp: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A study: the bytes of its record."""

    nct_id: str
    body: bytes = field(repr=False)
    url: str


@dataclass(frozen=True, slots=True)
class Gone:
    """An id that the registry says it does not have, in its own words."""

    nct_id: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Moved:
    """An obsolete or duplicate id, and what stands under the id that it leads to."""

    nct_id: str
    to: Found


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
        answer = self._client.get(f"{self._base}/version", whole=_version)
        version, timestamp = answer.content
        return Dataset(version, timestamp, answer.etag)

    def pages(
        self, search: Search, *, fields: Sequence[str] | None = None, page_size: int = LARGEST_PAGE
    ) -> Iterator[Page]:
        """All studies of a search, page by page. Raises Incomplete at its end where they do not add up."""
        for part in search.parts():
            yield from pages(self._client, f"{self._base}/studies", part.params(), fields, page_size)

    def count(self, search: Search = Search()) -> int:  # noqa: B008  # frozen
        """How many studies a search finds now."""
        found = 0
        for part in search.parts():
            params = {**part.params(), "fields": "NCTId", "countTotal": "true", "pageSize": "1"}
            found += self._client.get(f"{self._base}/studies", params, whole=_total).content
        return found

    def study(self, nct_id: str) -> Found | Moved | Gone:
        """The record of one study; an alias leads to the study that it stands for.

        Gone is only what the registry itself calls not found; any other answer that is no record raises FetchError.
        """
        answer = self._ask(nct_id)
        if answer.status == 301:
            return self._moved(nct_id, answer)
        if answer.status == 404:
            return _gone(nct_id, answer)
        return _found(nct_id, answer)

    def _ask(self, nct_id: str) -> Answer[Any]:
        return self._client.get(self.address(nct_id), {"format": "json"}, whole=json_value, expect=_STUDY)

    def _moved(self, nct_id: str, answer: Answer[Any]) -> Moved:
        canonical = _led_to(answer)
        second = self._ask(canonical)  # the redirect drops the parameters
        if second.status != 200:
            raise Unexpected(f"{nct_id} leads to {canonical}, which is not there", url=second.url, status=second.status)
        if nct_id.upper() not in _identification(second.content).get("nctIdAliases", []):
            words = f"{nct_id} leads to {canonical}, which does not name it among its aliases"
            raise Unexpected(words, url=second.url, status=second.status)
        return Moved(nct_id, _found(canonical, second))

    def download(
        self, path: Path, *, advance: Callable[[int, int | None], None] | None = None, etag: str | None = None
    ) -> Download | None:
        """All studies as one zip, into a file; see `download`. None when it is still the one of the `etag`."""
        url = f"{self._base}/studies/download"
        return download(self._client, url, {"format": "json.zip"}, path, advance=advance, etag=etag)


def _version(body: bytes) -> tuple[str, str]:
    value = json_value(body)
    match value:
        case {"apiVersion": str(version), "dataTimestamp": str(timestamp)}:
            return version, timestamp
    raise Cut(f"expected apiVersion and dataTimestamp, found {jsontext.dumps(value)[:200].decode()}")


def _total(body: bytes) -> int:
    match json_value(body):
        case {"totalCount": int(total)}:
            return total
    raise Cut("expected a totalCount, found none")


def _identification(document: Any) -> dict[str, Any]:
    match document:
        case {"protocolSection": {"identificationModule": dict(found)}}:
            return found
    return {}


def _found(nct_id: str, answer: Answer[Any]) -> Found:
    told = _identification(answer.content).get("nctId")
    if told != nct_id.upper():
        raise Unexpected(f"asked for {nct_id}, was given {told or 'no study'}", url=answer.url, status=answer.status)
    return Found(told, answer.body, answer.url)


def _gone(nct_id: str, answer: Answer[Any]) -> Gone:
    if answer.text != f"NCT number {nct_id} not found":
        words = "nothing is there (404), and not in the registry's words: check the base address, or try later"
        raise Unexpected(words, url=answer.url, status=answer.status)
    return Gone(nct_id, answer.text, answer.url)


def _led_to(answer: Answer[Any]) -> str:
    target = urljoin(answer.url, answer.headers.get("location", ""))
    found = _NCT_AT_END.search(urlsplit(target).path)
    if not found or urlsplit(target).netloc != urlsplit(answer.url).netloc:
        raise _elsewhere(answer, target)
    return found[1].upper()


def _elsewhere(answer: Answer[Any], target: str) -> FetchError:
    return Unexpected(f"sent elsewhere ({answer.status}), to {target}", url=answer.url, status=answer.status)
