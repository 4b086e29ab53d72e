"""Answers of the registry into the store."""

from __future__ import annotations

from dataclasses import replace

from ctgov_ingest.fetch import Page, Registry
from ctgov_ingest.files import Blob
from ctgov_ingest.ingest import captures, keep
from ctgov_ingest.sources import Failure
from ctgov_ingest.store import Capture, Store, VersionList
from ctgov_ingest.sync.report import SyncReport


def keep_page(page: Page, registry: Registry, store: Store, report: SyncReport) -> None:
    """Store the studies of a page of a search, each under its own address."""
    with store.batch():
        for found in captures(Blob(page.url, page.body)):
            keep(addressed(found, registry), store, report)


def addressed(found: Capture | VersionList | Failure, registry: Registry) -> Capture | VersionList | Failure:
    """What came with others, under the address that it has alone."""
    return replace(found, source=registry.address(found.nct_id)) if isinstance(found, Capture) else found


def keep_answer(url: str, body: bytes, store: Store, report: SyncReport) -> None:
    """Store what an address gave."""
    for found in captures(Blob(url, body)):
        keep(found, store, report)
