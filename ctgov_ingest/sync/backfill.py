"""The past of a study: every version of the registry's record history, and pages that the Internet Archive saved.

What was got once is not asked for again, so that a backfill which was ended goes on where it stopped. The list of
versions is read anew on each run, and again after its versions: it may have grown meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ctgov_ingest.errors import NoSuchVersion, Refused, UnknownPresentation
from ctgov_ingest.fetch import Client, RecordHistory, Snapshot, Wayback
from ctgov_ingest.files import Blob
from ctgov_ingest.ingest import captures, keep
from ctgov_ingest.sources import Failure
from ctgov_ingest.store import Capture, Store, VersionList
from ctgov_ingest.sync.report import SyncReport
from ctgov_ingest.sync.rounds import Advance, quietly
from ctgov_ingest.sync.run import logged

STORED = "stored"


def backfill(
    nct_ids: Sequence[str],
    store: Store,
    client: Client,
    *,
    saved: bool = False,
    advance: Advance = quietly,
) -> SyncReport:
    """Get the past of some studies: the registry's record history, or with `saved` pages that the archive saved.

    Raises FetchError, and Busy where another run is at work.
    """
    report, history, wayback = SyncReport(), RecordHistory(client), Wayback(client)
    with logged("backfill", store, client, report):
        for done, nct_id in enumerate(nct_ids, 1):
            if saved:
                _saved(nct_id, wayback, store, report)
            else:
                _history(nct_id, history, store, report)
            advance(done, len(nct_ids))
    return report


def _history(nct_id: str, history: RecordHistory, store: Store, report: SyncReport) -> None:
    """Get the versions of a study that are not held yet."""
    asked: set[int] = set()
    while missing := [one for one in _listed(nct_id, history, store, report) if one not in asked]:
        for number in missing:
            asked.add(number)
            _get_version(nct_id, number, history, store, report)


def _listed(nct_id: str, history: RecordHistory, store: Store, report: SyncReport) -> list[int]:
    """Store the list as it is now; gives the numbers of those of its versions that were not got yet."""
    got = store.fetched(nct_id)
    numbers: set[int] = set()
    for found in captures(Blob(history.address(nct_id), history.versions(nct_id))):
        keep(found, store, report)
        if isinstance(found, VersionList):
            numbers.update(row.number for row in found.rows if row.number is not None)
    return [number for number in sorted(numbers) if history.address(nct_id, number) not in got]


def _get_version(nct_id: str, number: int, history: RecordHistory, store: Store, report: SyncReport) -> None:
    url = history.address(nct_id, number)
    try:
        body = history.version(nct_id, number)
    except NoSuchVersion:
        return  # the list was replaced by a shorter one meanwhile; it is read again
    _keep(url, nct_id, captures(Blob(url, body)), store, report)


def _saved(nct_id: str, wayback: Wayback, store: Store, report: SyncReport) -> None:
    """Get the pages of a study that the archive saved and that are not held yet.

    A page that holds no record (an error page, a page that a browser has to build) is noted with the reason, and is no
    failure: the archive saved whatever the site showed.
    """
    got = store.fetched(nct_id)
    missing = [one for one in wayback.captures(nct_id) if wayback.address(one) not in got]
    for snapshot in missing:
        _get_saved(nct_id, snapshot, wayback, store, report)


_NO_RECORD = (Refused, UnknownPresentation)


def _get_saved(nct_id: str, snapshot: Snapshot, wayback: Wayback, store: Store, report: SyncReport) -> None:
    url, day = wayback.address(snapshot), snapshot.captured.date().isoformat()
    found = [_saved_on(day, one) for one in captures(Blob(url, wayback.page(snapshot)))]
    refused = [str(one.error) for one in found if isinstance(one, Failure) and isinstance(one.error, _NO_RECORD)]
    if refused:
        report.refused[url] = refused[0]
        store.add_fetched(url, nct_id, [], refused[0])
        return
    _keep(url, nct_id, found, store, report)


def _saved_on(day: str, found: Capture | VersionList | Failure) -> Capture | VersionList | Failure:
    """A page was shown on the day on which the archive saved it, where it does not say so itself."""
    return replace(found, retrieved=day) if isinstance(found, Capture) and found.retrieved is None else found


def _keep(
    url: str, nct_id: str, found: Iterable[Capture | VersionList | Failure], store: Store, report: SyncReport
) -> None:
    """Store what an address gave with the note that it was got; not where our readers failed: a better one may come."""
    found = list(found)
    failures = [one for one in found if isinstance(one, Failure)]
    report.failures += failures
    if failures:
        return
    kept = [one for one in found if not isinstance(one, Failure)]
    for one, outcome in zip(kept, store.add_fetched(url, nct_id, kept, STORED), strict=True):
        report.count(one, outcome)
