"""The registry's record history (`/api/int`): the list of a study's versions, and single ones.

It is undocumented, and has two traps: it has been seen to refuse Python where it answers curl, and it answers 403 for a
version that there is not. So a 403 is asked about: over curl, and at the list.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import Field
from pydantic.dataclasses import dataclass

from ctgov_ingest.errors import Forbidden, NoSuchVersion, Unexpected, WrongSetting
from ctgov_ingest.fetch.client import Answer, Client
from ctgov_ingest.fetch.curl import CurlTransport
from ctgov_ingest.fetch.search import nct_id_of
from ctgov_ingest.fetch.stream import Transport
from ctgov_ingest.fetch.whole import Whole, anything, exactly, json_of


@dataclass(frozen=True)
class _Change:
    version: int


@dataclass(frozen=True)
class _Changes:
    changes: list[_Change] = Field(min_length=1)


@dataclass(frozen=True)
class _List:
    history: _Changes

    @property
    def last(self) -> int:
        """The highest number of a version."""
        return max(change.version for change in self.history.changes)


@dataclass(frozen=True)
class _Version:
    study: dict[str, Any]
    number: int = Field(alias="studyVersion")


_LIST = json_of(_List)
_VERSION = json_of(_Version)


class RecordHistory:
    """The record history, over one client. Versions are numbered from 0, the oldest first."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._base = f"{client.settings.base_url}/api/int/studies"
        wanted = client.settings.history_transport
        self._curl: Transport | None = CurlTransport(client.settings) if wanted == "curl" else None
        self._may_change = wanted == "auto"

    def address(self, nct_id: str, number: int | None = None) -> str:
        """Where the list of versions is, or one of them."""
        return f"{self._base}/{nct_id_of(nct_id)}" + ("?history=true" if number is None else f"/history/{number}")

    def versions(self, nct_id: str) -> bytes:
        """The list of versions, with the study as it is, as the registry sends them.

        Raises NoSuchVersion where the registry has no such study, Forbidden, FetchError.
        """
        return self._list(nct_id).body

    def version(self, nct_id: str, number: int) -> bytes:
        """One version, as the registry sends it. Raises NoSuchVersion when the list has none of it, Forbidden."""
        answer = self._ask(nct_id, number, _VERSION)
        if answer.status == 403:
            last = self._list(nct_id).content.last
            if number <= last:
                raise _forbidden(answer)
            words = f"{nct_id} has no version {number}: its last is {last}"
            raise NoSuchVersion(words, url=answer.url, status=403, last=last)
        if answer.content.number != number:
            words = f"asked for version {number} of {nct_id}, was given {answer.content.number}"
            raise Unexpected(words, url=answer.url, status=200)
        return answer.body

    def _list(self, nct_id: str) -> Answer[Any]:
        answer = self._ask(nct_id, None, _LIST)
        if answer.status == 403:
            raise _forbidden(answer)
        return answer

    def _ask(self, nct_id: str, number: int | None, whole: Whole[Any]) -> Answer[Any]:
        """Ask; a 403 is an answer, a 404 is none."""
        not_found = f"NCT number {nct_id_of(nct_id)} not found"
        readers: dict[int, Whole[Any]] = {403: anything, 404: exactly(not_found)}
        ask = partial(self._client.get, self.address(nct_id, number), whole=whole, also=readers)
        answer = self._by_who_is_answered(ask)
        if answer.status == 404:
            raise NoSuchVersion(f"there is no record history: {not_found}", url=answer.url, status=404)
        return answer

    def _by_who_is_answered(self, ask: Callable[..., Answer[Any]]) -> Answer[Any]:
        """Ask; while Python is refused, ask over curl too, and stay with it once it is answered."""
        answer = ask(transport=self._curl)
        if answer.status != 403 or self._curl or not self._may_change:
            return answer
        try:
            curl = CurlTransport(self._client.settings)
        except WrongSetting:  # no curl here
            return answer
        again = ask(transport=curl)
        self._curl = curl if again.status == 200 else None
        return again


def _forbidden(answer: Answer[Any]) -> Forbidden:
    words = (
        "the record history is refused (403): wait some hours, ask more slowly (CTGOV_RATE), "
        "or install curl, which has been seen to be answered where Python is not"
    )
    return Forbidden(words, url=answer.url, status=403)
