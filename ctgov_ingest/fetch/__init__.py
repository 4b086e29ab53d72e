"""Everything that speaks HTTP: a polite client, and on it the registry's API, its record history, the Internet Archive.

    from ctgov_ingest.fetch import Client, Registry, Search, Settings

    with Client(Settings.from_environ(os.environ)) as client:
        for page in Registry(client).pages(Search(cond="heart failure", statuses=("RECRUITING",))):
            print(page.nct_ids)

An answer is whole, or a FetchError that says what to do. Nothing here knows of a store.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctgov_ingest.fetch.client import Answer, Client, Traffic
    from ctgov_ingest.fetch.clock import Clock
    from ctgov_ingest.fetch.download import Download
    from ctgov_ingest.fetch.pages import Page
    from ctgov_ingest.fetch.record_history import RecordHistory
    from ctgov_ingest.fetch.registry import Dataset, Found, Gone, Moved, Registry
    from ctgov_ingest.fetch.search import Search
    from ctgov_ingest.fetch.settings import Settings
    from ctgov_ingest.fetch.wayback import Snapshot, Wayback

_HOMES = {
    "client": ("Answer", "Client", "Traffic"),
    "clock": ("Clock",),
    "download": ("Download",),
    "pages": ("Page",),
    "record_history": ("RecordHistory",),
    "registry": ("Dataset", "Found", "Gone", "Moved", "Registry"),
    "search": ("Search",),
    "settings": ("Settings",),
    "wayback": ("Snapshot", "Wayback"),
}
"""Where each name lives: loaded when it is first asked for, since requests takes its time and a Search needs none."""

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


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'ctgov_ingest.fetch' has no attribute {name!r}")
    return getattr(import_module(f"ctgov_ingest.fetch.{home}"), name)
