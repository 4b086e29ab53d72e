"""Files in, versions stored: reads what the paths hold and hands it to the store, one record at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ctgov_ingest import files
from ctgov_ingest.errors import SourceError
from ctgov_ingest.files import Blob
from ctgov_ingest.sources import READERS, RICHNESS, Failure, Reading, scan
from ctgov_ingest.store import Capture, IssueRow, Kept, Store

Advance = Callable[[], None]


@dataclass(slots=True)
class Report:
    """How an ingest went: records read, what they were to the store, and what could not be read."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failures: list[Failure] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers, as `--json` gives them."""
        numbers = {name: value for name, value in asdict(self).items() if name != "failures"}
        return {**numbers, "failed": len(self.failures)}


def capture_of(reading: Reading) -> Capture:
    """A reading as the store takes it."""
    unread = [IssueRow("unread", "no rule knows this text", None, one.text, one.place) for one in reading.unread]
    issues = [IssueRow(one.code, one.message, one.path, one.raw, one.place) for one in reading.issues]
    return Capture(
        nct_id=reading.nct_id,
        presentation=reading.presentation,
        reader=reading.reader,
        source=reading.source,
        raw=reading.raw,
        document=reading.document(),
        raw_is_document=reading.raw_is_document,
        carried=reading.carried,
        rank=RICHNESS.index(reading.presentation),
        retrieved=reading.retrieved,
        issues=(*issues, *unread),
    )


def ingest(
    paths: Iterable[Path],
    store: Store,
    *,
    jobs: int = 1,
    advance: Advance = lambda: None,
    command: str = "ingest",
) -> Report:
    """Store every record of the paths. `advance` is called once a file or member; `jobs` processes read.

    A record that cannot be read is in the report's failures, and the others are stored all the same. Raises StoreError.
    """
    report = Report()
    store.begin_run(command)
    for name in store.stale(READERS):
        store.reparse(name, reread)
    outcomes = _read_here(paths) if jobs <= 1 else _read_beside(paths, jobs)
    try:
        for found in outcomes:
            for one in found:
                _store(one, store, report)
            advance()
    finally:
        store.end_run(report.counts(), [(one.source, one.error.code, str(one.error)) for one in report.failures])
    return report


def _store(found: Capture | Failure, store: Store, report: Report) -> None:
    if isinstance(found, Failure):
        report.failures.append(found)
        return
    report.read += 1
    outcome = store.add(found)
    setattr(report, outcome.value, getattr(report, outcome.value) + 1)


def reread(kept: Kept) -> Capture:
    """Read kept bytes again with today's readers. Raises SourceError when they are no longer read."""
    for found in scan(kept.raw, kept.source):
        if isinstance(found, Failure):
            raise found.error
        return capture_of(found)
    raise SourceError(f"kept bytes of {kept.nct_id} hold no record", place=kept.source)


def _captures(blob: Blob | Failure) -> list[Capture | Failure]:
    if isinstance(blob, Failure):
        return [blob]
    return [one if isinstance(one, Failure) else capture_of(one) for one in scan(blob.data, blob.source)]


def _read_here(paths: Iterable[Path]) -> Iterator[list[Capture | Failure]]:
    return map(_captures, files.blobs(paths))


def _read_beside(paths: Iterable[Path], jobs: int) -> Iterator[list[Capture | Failure]]:
    """Read in other processes, in order, with a bounded number of blobs under way."""
    with ProcessPoolExecutor(jobs) as pool:
        under_way: deque[Future[list[Capture | Failure]]] = deque()
        for blob in files.blobs(paths):
            under_way.append(pool.submit(_captures, blob))
            if len(under_way) >= 8 * jobs:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
