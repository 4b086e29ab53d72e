"""What the registry shows today, into the store: of all that is followed (`sync`), or of some studies now (`fetch`)."""

from __future__ import annotations

from collections.abc import Sequence

from ctgov_ingest.errors import WrongSetting
from ctgov_ingest.fetch import Client, Registry
from ctgov_ingest.store import Store
from ctgov_ingest.sync.following import Following
from ctgov_ingest.sync.keep import keep_answer
from ctgov_ingest.sync.plan import REFRESH_DAYS
from ctgov_ingest.sync.report import SyncReport
from ctgov_ingest.sync.rounds import Advance, Job, quietly, rounds
from ctgov_ingest.sync.run import logged
from ctgov_ingest.sync.whole import Whole


def sync(
    store: Store,
    client: Client,
    *,
    accept: bool = False,
    refresh: int = REFRESH_DAYS,
    advance: Advance = quietly,
) -> SyncReport:
    """Bring all that is followed up to date.

    `accept` goes on where what the registry shows is hard to believe. Studies that were not got for `refresh` days are
    got again, whether the sweep shows a change or not; with 0 all are.

    Raises FetchError where the registry could not be seen whole: what was got until then is held, and nothing is marked
    as seen. Raises Busy where another run is at work, WrongSetting where nothing is followed.
    """
    watches = store.watches.all()
    if not watches:
        raise WrongSetting("nothing is followed yet: say what with ctgov-ingest watch add")
    report = SyncReport()
    with logged("sync", store, client, report):
        kind = Whole if any(watch.kind == "all" for watch in watches) else Following
        rounds(Job(store, Registry(client), report, accept, refresh, advance), watches, kind)
    return report


def fetch(nct_ids: Sequence[str], store: Store, client: Client, *, advance: Advance = quietly) -> SyncReport:
    """Get some studies now, whether they are followed or not. Raises FetchError and Busy."""
    report, registry = SyncReport(), Registry(client)
    with logged("fetch", store, client, report):
        day = registry.dataset().timestamp[:10]
        for done, nct_id in enumerate(nct_ids, 1):
            _fetch(nct_id, registry, day, store, report)
            advance(done, len(nct_ids))
    return report


def _fetch(nct_id: str, registry: Registry, day: str, store: Store, report: SyncReport) -> None:
    absence = keep_answer(nct_id, registry.study(nct_id), day, store, report)
    if absence is None:
        report.back += store.absences.end([nct_id], day)
    else:
        store.absences.note(absence)
        report.absences.append(absence)
