"""Open studies that the registry is about to turn UNKNOWN. The rule, and how it behaves, are in compare/stale.py."""

from __future__ import annotations

from datetime import date

from ctgov_ingest.compare.events_status import OPEN, STATUS
from ctgov_ingest.compare.seen import at
from ctgov_ingest.compare.stale import completion_of, turns_unknown
from ctgov_ingest.due.model import Document, Found, status_of


def unknown(document: Document, _on: date) -> Found | None:
    """Tell between which days an open study is turned UNKNOWN if nobody verifies it."""
    status = at(document, STATUS)
    if status_of(document) not in OPEN:
        return None
    verified, completion = status.get("statusVerifiedDate"), completion_of(status)
    window = turns_unknown(verified, completion)
    if window is None:
        return None
    return Found(*window, {"status": status_of(document), "verified": verified, "completion": completion})
