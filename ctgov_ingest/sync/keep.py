"""Answers of the registry into the store: whole records only."""

from __future__ import annotations

from dataclasses import replace

from ctgov_ingest.errors import Incomplete
from ctgov_ingest.fetch import Page, Registry
from ctgov_ingest.files import Blob
from ctgov_ingest.ingest import captures, keep
from ctgov_ingest.sources import Failure
from ctgov_ingest.store import Capture, Store, VersionList
from ctgov_ingest.sync.report import SyncReport


def keep_page(page: Page, registry: Registry, store: Store, report: SyncReport) -> None:
    """Store the studies of a page of a search, each under its own address. Raises Incomplete where one is not whole."""
    with store.batch():
        for found in captures(Blob(page.url, page.body)):
            keep(addressed(_whole(found, page.url), registry), store, report)


def keep_answer(url: str, body: bytes, store: Store, report: SyncReport) -> None:
    """Store the study that an address gave. Raises Incomplete where it is not whole."""
    for found in captures(Blob(url, body)):
        keep(_whole(found, url), store, report)


def addressed(found: Capture | VersionList | Failure, registry: Registry) -> Capture | VersionList | Failure:
    """What came with others, under the address that it has alone."""
    return replace(found, source=registry.address(found.nct_id)) if isinstance(found, Capture) else found


def _whole(found: Capture | VersionList | Failure, url: str) -> Capture | VersionList | Failure:
    if isinstance(found, Capture) and found.carried.paths is not None:
        words = f"asked for whole records, was sent {len(found.carried.paths)} fields of {found.nct_id}"
        raise Incomplete(words, url=url, status=200)
    return found
