"""Pages of the old site in the Internet Archive: which captures there are of a study, and each as it was saved."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ctgov_ingest.fetch.client import Client
from ctgov_ingest.fetch.whole import Cut, anything, html_page, json_value

_PAGES = (
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

_FIELDS = ("timestamp", "original", "mimetype", "digest", "length")


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
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


class Wayback:
    """The archive, over one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._base = client.settings.wayback_url

    def captures(self, nct_id: str) -> list[Snapshot]:
        """All captures of pages of a study, the oldest first, each content once."""
        found: dict[str, Snapshot] = {}
        for page in _PAGES:
            for one in self._captures(page.format(nct_id), nct_id):
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
        of_study = re.compile(re.escape(nct_id) + r"(?!\d)", re.IGNORECASE)
        return [row for row in rows if of_study.search(row.original)]

    def address(self, snapshot: Snapshot) -> str:
        """Where a capture is, as it was saved."""
        return f"{self._base}/web/{snapshot.timestamp}id_/{snapshot.original}"

    def page(self, snapshot: Snapshot) -> bytes:
        """A capture as it was saved. Raises Incomplete when it is neither what was saved nor a whole page."""
        return self._client.get(self.address(snapshot), whole=_saved(snapshot)).body


def _saved(snapshot: Snapshot) -> Callable[[bytes], bytes]:
    """Reads what was saved: it has the digest of the list, or at least an end."""

    def read(body: bytes) -> bytes:
        if base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode() == snapshot.digest:
            return body
        return html_page(body) if "html" in snapshot.mimetype else anything(body)

    return read


def _listed(body: bytes) -> list[Snapshot]:
    if not body.strip():
        return []
    value: Any = json_value(body)
    match value:
        case []:
            return []
        case [list(names), *rows] if set(_FIELDS) <= set(names):
            return [_snapshot(dict(zip(names, row, strict=True))) for row in rows]
    raise Cut("expected a list of captures, found none")


def _snapshot(row: dict[str, str]) -> Snapshot:
    if not re.fullmatch(r"\d{14}", row["timestamp"]):
        raise Cut(f"expected a time of 14 digits, found {row['timestamp']!r}")
    return Snapshot(row["timestamp"], row["original"], row["mimetype"], row["digest"])
