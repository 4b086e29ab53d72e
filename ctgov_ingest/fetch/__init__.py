"""Everything that speaks HTTP: a polite client, and on it the registry's API, its record history, the Internet Archive.

An answer is whole, or an error that says what to do. Nothing here knows of a store.
"""

from __future__ import annotations

from ctgov_ingest.fetch.client import Answer, Client, Traffic
from ctgov_ingest.fetch.clock import Clock
from ctgov_ingest.fetch.download import Download
from ctgov_ingest.fetch.pages import Page
from ctgov_ingest.fetch.record_history import RecordHistory
from ctgov_ingest.fetch.registry import Dataset, Found, Gone, Moved, Registry
from ctgov_ingest.fetch.search import Search
from ctgov_ingest.fetch.settings import Settings
from ctgov_ingest.fetch.wayback import Snapshot, Wayback

__all__ = [
    "Answer",
    "Client",
    "Clock",
    "Dataset",
    "Download",
    "Found",
    "Gone",
    "Moved",
    "Page",
    "RecordHistory",
    "Registry",
    "Search",
    "Settings",
    "Snapshot",
    "Traffic",
    "Wayback",
]
