"""Pages of the old site in the Internet Archive: which captures there are of a study, and each as it was saved."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ctgov_ingest.errors import NoSuchCapture
from ctgov_ingest.fetch.client import Client
from ctgov_ingest.fetch.search import nct_id_of
from ctgov_ingest.fetch.whole import Cut, anything, json_of, page

_PLACES = (
    "clinicaltrials.gov/ct2/show/{}",
    "clinicaltrials.gov/ct2/show/study/{}",
    "clinicaltrials.gov/ct2/show/record/{}",
    "clinicaltrials.gov/ct2/show/results/{}",
    "clinicaltrials.gov/ct2/history/{}",
    "clinicaltrials.gov/show/{}",
    "clinicaltrials.gov/ct/show/{}",
    "clinicaltrials.gov/archive/{}",
)
"""Where the old site had pages of a study. The archive looks up one beginning of addresses at a time."""

_NOT_SHOWN = (301, 302, 303, 307, 308, 403, 404, 451)
"""Statuses with which the archive says that it does not show a capture: it leads to another one, or is blocked."""

_MOMENT = "%Y%m%d%H%M%S"
_FIELDS = ("timestamp", "original", "mimetype", "digest")
_TABLE = json_of(list[tuple[str, str, str, str]])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One capture: `timestamp` is the archive's (14 digits, UTC), `digest` the SHA-1 of what was saved."""

    timestamp: str
    original: str
    mimetype: str
    digest: str

    @property
    def captured(self) -> datetime:
        """When the archive saved it."""
        return datetime.strptime(self.timestamp, _MOMENT).replace(tzinfo=UTC)


class Wayback:
    """The archive, over one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._base = client.settings.wayback_url

    def captures(self, nct_id: str) -> list[Snapshot]:
        """All captures of pages of a study, the oldest first, each content once."""
        nct_id = nct_id_of(nct_id)
        found: dict[str, Snapshot] = {}
        for place in _PLACES:
            for one in self._captures(place.format(nct_id), nct_id):
                kept = found.setdefault(one.digest, one)
                found[one.digest] = min(kept, one, key=lambda snapshot: snapshot.timestamp)
        return sorted(found.values(), key=lambda one: (one.timestamp, one.original))

    def _captures(self, prefix: str, nct_id: str) -> list[Snapshot]:
        params = {
            "url": prefix,
            "matchType": "prefix",
            "output": "json",
            "fl": ",".join(_FIELDS),
            "filter": "statuscode:200",
            "collapse": "digest",
        }
        rows = self._client.get(f"{self._base}/cdx/search/cdx", params, whole=_listed).content
        of_study = re.compile(re.escape(nct_id) + r"(?![0-9])", re.IGNORECASE)
        return [row for row in rows if of_study.search(row.original)]

    def address(self, snapshot: Snapshot) -> str:
        """Where a capture is, as it was saved."""
        return f"{self._base}/web/{snapshot.timestamp}id_/{snapshot.original}"

    def page(self, snapshot: Snapshot) -> bytes:
        """A capture as it was saved.

        Raises NoSuchCapture when the archive does not show it, Incomplete when what it shows is neither what was saved
        nor a whole page. Both are about this capture alone; another FetchError is about the archive.
        """
        answer = self._client.get(
            self.address(snapshot), whole=_saved(snapshot), also=dict.fromkeys(_NOT_SHOWN, anything)
        )
        if answer.status != 200:
            words = f"the archive does not show its capture of {snapshot.timestamp} ({answer.status})"
            raise NoSuchCapture(words, url=answer.url, status=answer.status)
        return answer.body


def _saved(snapshot: Snapshot) -> Callable[[bytes], bytes]:
    """Reads what was saved: it has the digest of the list, or at least an end."""

    def read(body: bytes) -> bytes:
        if base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode() == snapshot.digest:
            return body
        return page(body)

    return read


def _listed(body: bytes) -> list[Snapshot]:
    """A list of captures, whose first row has the names of the fields; nothing at all where there are none."""
    head, *rows = (_TABLE(body) if body.strip() else []) or [_FIELDS]
    if head != _FIELDS:
        raise Cut(f"expected captures with {', '.join(_FIELDS)}, found {', '.join(head)}")
    if strange := next((row[0] for row in rows if not _is_moment(row[0])), None):
        raise Cut(f"expected moments of 14 digits, found {strange!r}")
    return [Snapshot(*row) for row in rows]


def _is_moment(text: str) -> bool:
    try:
        return text.isascii() and len(text) == 14 and bool(datetime.strptime(text, _MOMENT).replace(tzinfo=UTC))
    except ValueError:
        return False
