"""Answers of the registry into the store: whole records only, each under the address that it has alone."""

from __future__ import annotations

from collections.abc import Iterable

from ctgov_ingest.errors import Incomplete
from ctgov_ingest.fetch import Found, Gone, Moved, Page, Registry
from ctgov_ingest.files import Blob
from ctgov_ingest.ingest import captures, keep, unknown
from ctgov_ingest.sources import Failure
from ctgov_ingest.store import Absence, Capture, Store, VersionList
from ctgov_ingest.sync.report import SyncReport


def keep_page(page: Page, registry: Registry, store: Store, report: SyncReport) -> None:
    """Store the studies of a page of a search. Raises Incomplete where one is not whole."""
    with store.batch():
        _keep((Blob(registry.address(nct_id), record) for nct_id, record in page.records()), store, report)


def keep_answer(name: str, answer: Found | Moved | Gone, day: str, store: Store, report: SyncReport) -> Absence | None:
    """Store what the registry showed when it was asked for a study; gives the absence of it that the answer tells of.

    `day`: of the data set. Raises Incomplete where the record is not whole.
    """
    match answer:
        case Gone(words=words):
            return Absence(name, "gone", day, words)
        case Moved(to=found):
            _keep([Blob(found.url, found.body)], store, report)
            return alias(name, found.nct_id, day)
        case Found(url=url, body=body):
            _keep([Blob(url, body)], store, report)
            return None


def alias(name: str, shown_as: str, day: str) -> Absence:
    """The absence of a study that is shown under another id."""
    return Absence(name, "alias", day, f"shown as {shown_as}", shown_as)


def _keep(blobs: Iterable[Blob], store: Store, report: SyncReport) -> None:
    for blob in unknown(blobs, store, report):
        for found in captures(blob):
            keep(_whole(found), store, report)


def _whole(found: Capture | VersionList | Failure) -> Capture | VersionList | Failure:
    if isinstance(found, Capture) and found.carried.paths is not None:
        words = f"asked for a whole record, was sent {len(found.carried.paths)} fields of {found.nct_id}"
        raise Incomplete(words, url=found.source, status=200)
    return found
