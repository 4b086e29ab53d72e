"""The registry's record history (`/api/int`): the list of a study's versions, and single ones.

It is undocumented, and has two traps: it has been seen to refuse Python where it answers curl, and it answers 403 for a
version that there is not. So a 403 is asked about: at the list, and over curl.
"""

from __future__ import annotations

from typing import Any

from ctgov_ingest.errors import Forbidden, NoSuchVersion, Unexpected, WrongSetting
from ctgov_ingest.fetch.client import Answer, Client
from ctgov_ingest.fetch.curl import CurlTransport
from ctgov_ingest.fetch.transport import Transport
from ctgov_ingest.fetch.whole import Cut, json_value

_OPEN = frozenset({200, 403})


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
        return f"{self._base}/{nct_id}" + ("?history=true" if number is None else f"/history/{number}")

    def versions(self, nct_id: str) -> bytes:
        """The list of versions with the study as it is, as the registry sends them. Raises Forbidden, FetchError."""
        return self._list(nct_id).body

    def version(self, nct_id: str, number: int) -> bytes:
        """One version, as the registry sends it. Raises NoSuchVersion where the list has none of it, Forbidden."""
        answer = self._ask(self.address(nct_id, number))
        if answer.status == 403:
            last = len(_changes(self._list(nct_id).content)) - 1
            if number > last:
                words = f"{nct_id} has no version {number}: its last is {last}"
                raise NoSuchVersion(words, url=answer.url, status=403, last=last)
            raise _forbidden(answer)
        told = answer.content.get("studyVersion", number)
        if told != number:
            words = f"asked for version {number} of {nct_id}, was given {told}"
            raise Unexpected(words, url=answer.url, status=200)
        return answer.body

    def _list(self, nct_id: str) -> Answer[Any]:
        answer = self._ask(self.address(nct_id), whole=_listed)
        if answer.status == 403:
            raise _forbidden(answer)
        return answer

    def _ask(self, url: str, whole: Any = None) -> Answer[Any]:
        """Ask; when refused for the first time, over curl too, and from then on if that is answered."""
        answer = self._client.get(url, whole=whole or _object, expect=_OPEN, transport=self._curl)
        if answer.status == 403 and self._may_change and self._curl is None:
            try:
                curl = CurlTransport(self._client.settings)
            except WrongSetting:
                return answer
            second = self._client.get(url, whole=whole or _object, expect=_OPEN, transport=curl)
            if second.status == 200:
                self._curl = curl
                return second
        return answer


def _forbidden(answer: Answer[Any]) -> Forbidden:
    words = (
        "the record history is refused (403): wait some hours, ask more slowly (CTGOV_RATE), "
        "or install curl, which is answered where Python is not"
    )
    return Forbidden(words, url=answer.url, status=403)


def _object(body: bytes) -> dict[str, Any]:
    value = json_value(body)
    if not isinstance(value, dict):
        raise Cut("expected a JSON object, found none")
    return value


def _listed(body: bytes) -> dict[str, Any]:
    value = _object(body)
    if not _changes(value):
        raise Cut("expected a list of versions, found none")
    return value


def _changes(value: Any) -> list[Any]:
    match value:
        case {"history": {"changes": list(found)}}:
            return found
    return []
