"""A run from its start to its end: the lock, the log, what ends it early, and what it says in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ctgov_ingest.errors import CtgovError
from ctgov_ingest.fetch import Client
from ctgov_ingest.ingest import calm_collector, read_anew
from ctgov_ingest.store import Ending, Store
from ctgov_ingest.sync.lock import alone
from ctgov_ingest.sync.report import SyncReport
from ctgov_ingest.sync.stopping import Stopped, stoppable

FAULT = 70
"""The exit code of a mistake of ours (EX_SOFTWARE)."""


@contextmanager
def logged(command: str, store: Store, client: Client, report: SyncReport) -> Iterator[None]:
    """Do a run's work in the block: alone on the store, logged whatever ends it, and stoppable.

    What older readers read is first read again, so that old and new readings are never compared. Raises Busy, and what
    the block raises.
    """
    with alone(store), stoppable():
        store.begin_run(command)
        try:
            report.failures += read_anew(store)
            with calm_collector():
                yield
        except BaseException as error:
            _end(store, client, report, _exit_code(error), _words(error))
            raise
        _end(store, client, report)


def _end(
    store: Store, client: Client, report: SyncReport, exit_code: int | None = None, note: str | None = None
) -> None:
    failures = [(one.source, one.error.code, str(one.error)) for one in report.failures]
    ending = Ending(exit_code, report.dataset, client.traffic.requests, client.traffic.bytes_received, note)
    store.end_run(report.counts(), failures, ending)


def _exit_code(error: BaseException) -> int:
    return error.exit_code if isinstance(error, CtgovError | Stopped) else FAULT


def _words(error: BaseException) -> str:
    if isinstance(error, Stopped):
        return f"asked to end ({error})"
    return str(error) if isinstance(error, CtgovError) else f"{type(error).__name__}: {error}"
