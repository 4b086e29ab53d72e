"""Files in, versions stored: reads what the paths hold and hands it to the store, one record at a time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from ctgov_ingest import files, jsontext, workers
from ctgov_ingest.compare import Carried
from ctgov_ingest.errors import Damaged, SourceError, StoreError
from ctgov_ingest.files import Blob, Packed, Piece
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources import API_V2, READERS, RICHNESS, Exact, Failure, Reading, Stubs, read_exact, scan
from ctgov_ingest.stamps import Stamped, stamped
from ctgov_ingest.store import (
    Again,
    Capture,
    Kept,
    Last,
    ListedVersion,
    Outcome,
    Prepared,
    Store,
    VersionList,
    prepare,
)

Advance = Callable[[], None]
Found = list[Capture | VersionList | Failure]
Ready = list[Prepared | VersionList | Failure]

Result = Again | Ready
"""What a piece holds, ready for the tables; or that it is kept but for the stamp."""
Look = Callable[[Iterable[str]], Mapping[str, Last]]
"""Gives by which bytes studies stand."""
P = TypeVar("P", bound=Piece)

PORTION_PIECES = 64
PORTION_BYTES = 1024 * 1024
"""What goes to another process at once. Measured: one by one costs two fifths more, four times as much no less."""


class Fault(SourceError):
    """A record at which this program itself failed: a mistake of ours, which must not keep the others out."""

    code = "fault"

    @classmethod
    def of(cls, error: Exception) -> Fault:
        """Tell it in words."""
        return cls(f"a fault of ctgov-ingest, please report it: {type(error).__name__}: {error}")


@dataclass(slots=True)
class Report:
    """How an ingest went: records read, what they were to the store, and what could not be read."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    lists: int = 0
    failures: list[Failure] = field(default_factory=list)

    def count(self, found: Capture | Prepared | VersionList, outcome: Outcome) -> None:
        """Count what was stored."""
        if isinstance(found, VersionList):
            self.lists += 1
            return
        self.read += 1
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)

    def counts(self) -> dict[str, int]:
        """The numbers, as `--json` gives them; lists of versions are told where there were any."""
        numbers = {
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "failed": len(self.failures),
        }
        return {**numbers, "lists": self.lists} if self.lists else numbers


def ingest(
    paths: Iterable[Path],
    store: Store,
    *,
    jobs: int = 1,
    advance: Advance = lambda: None,
    command: str = "ingest",
) -> Report:
    """Store every record of the paths. `advance` is called once a file or member; `jobs` processes read.

    What older readers read is first read again, so that old and new readings are never compared. A record that cannot
    be read is in the report's failures, and the others are stored all the same. Raises StoreError.
    """
    report = Report()
    store.begin_run(command)
    report.failures += read_anew(store)
    with store.batch(), calm_collector():
        take_in(files.pieces(paths), store, report, jobs=jobs, advance=advance)
    store.end_run(report.counts(), [(one.source, one.error.code, str(one.error)) for one in report.failures])
    return report


def take_in(
    pieces: Iterable[Piece], store: Store, report: Report, *, jobs: int = 1, advance: Advance = lambda: None
) -> None:
    """Store what the pieces hold, and count it. `advance` is called once a piece. Raises StoreError."""
    read = partial(_read, store.last) if jobs <= 1 else partial(_read_apart, store.path)
    for portion, results in read_all(pieces, jobs, read):
        for are_kept, some in groupby(zip(portion, results, strict=True), lambda pair: isinstance(pair[1], Again)):
            _keep_all(list(some), store, report, advance, are_kept=are_kept)


def _keep_all(
    some: Sequence[tuple[Piece, Result]], store: Store, report: Report, advance: Advance, *, are_kept: bool
) -> None:
    """Store what pieces hold, or note that they are kept; what a study no longer stands by is read after all."""
    missed = store.see([found for _, found in some if isinstance(found, Again)]) if are_kept else ()
    for piece, found in some:
        if not isinstance(found, Again):
            _keep_each(found, store, report)
        elif found.nct_id in missed:
            _keep_each([one for blob in files.unpacked([piece]) for one in captures(blob)], store, report)
        else:
            report.read += 1
            report.unchanged += 1
        advance()


def _keep_each(found: Found | Ready, store: Store, report: Report) -> None:
    for one in found:
        keep(one, store, report)


def read_anew(store: Store) -> list[Failure]:
    """Read again what older readers read, so that old and new readings are never compared. Gives what was refused."""
    return [failure for name in store.stale(READERS) for failure in reparse(name, store)[1]]


@contextmanager
def calm_collector() -> Iterator[None]:
    """Look for cyclic garbage more rarely: models are trees of thousands of objects that hold none.

    Looking took a third of the time of validating them.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def reparse(nct_id: str, store: Store) -> tuple[bool, list[Failure]]:
    """Read again what is kept of a study. Gives whether it has another number of versions now, and what was refused."""
    outcome = store.reparse(nct_id, reread, READERS, reread_list)
    return outcome.changed, [Failure(kept.source, error) for kept, error in outcome.refused]


def reread(kept: Kept) -> Capture:
    """Read kept bytes again with today's readers. Raises SourceError when they are no longer read."""
    for found in _found_again(kept):
        if not isinstance(found, Capture):
            continue
        if found.nct_id != kept.nct_id:
            raise Damaged(f"expected a record of {kept.nct_id}, found one of {found.nct_id}")
        return found
    raise Damaged(f"expected a record of {kept.nct_id}, found none")


def reread_list(kept: Kept) -> VersionList:
    """Read the kept bytes of a list again with today's readers. Raises SourceError when they are no longer read."""
    for found in _found_again(kept):
        if isinstance(found, VersionList) and found.nct_id == kept.nct_id:
            return found
    raise Damaged(f"expected a list of versions of {kept.nct_id}, found none")


def _found_again(kept: Kept) -> Iterator[Capture | VersionList]:
    for found in captures(Blob(kept.source, kept.raw)):
        if isinstance(found, Failure):
            raise found.error
        yield found


def readings(blob: Blob | Failure) -> Iterator[Reading | Stubs | Failure]:
    """The records and lists of a blob. A fault of a reader is a Failure too: one strange file keeps no other out."""
    if isinstance(blob, Failure):
        yield blob
        return
    try:
        yield from scan(blob.data, blob.source)
    except Exception as error:  # noqa: BLE001  # see above
        yield Failure(blob.source, Fault.of(error))


def captures(blob: Blob | Failure) -> Found:
    """The records and lists of a blob as the store takes them; one with nothing to remark goes without a `Study`."""
    if isinstance(blob, Blob) and (record := read_exact(blob.data)):
        return [_capture_of_exact(record, blob)]
    return [one if isinstance(one, Failure) else _storable(one) for one in readings(blob)]


def _storable(reading: Reading | Stubs) -> Capture | VersionList | Failure:
    try:
        return capture_of(reading) if isinstance(reading, Reading) else list_of(reading)
    except jsontext.NotJson as error:
        return Failure(reading.source, Damaged(f"expected JSON: {error}"))
    except Exception as error:  # noqa: BLE001  # as in `readings`
        return Failure(reading.source, Fault.of(error))


def _issues(reading: Reading | Stubs) -> tuple[Issue, ...]:
    """The issues of a reading, and its unread texts among them."""
    unread = (Issue("unread", "no rule knows this text", None, one.text, one.place) for one in reading.unread)
    return (*reading.issues, *unread)


def list_of(stubs: Stubs) -> VersionList:
    """A list of versions as the store takes it."""
    rows = tuple(ListedVersion(row.number, str(row.date), row.status, row.modules, row.raw) for row in stubs.rows)
    return VersionList(stubs.nct_id, stubs.presentation, stubs.reader, stubs.source, stubs.raw, rows, _issues(stubs))


def capture_of(reading: Reading) -> Capture:
    """A reading as the store takes it."""
    return Capture(
        nct_id=reading.nct_id,
        presentation=reading.presentation,
        reader=reading.reader,
        source=reading.source,
        raw=reading.raw,
        document=reading.document(),
        raw_is_document=reading.raw_is_document,
        carried=reading.carried,
        rank=RICHNESS[reading.presentation],
        retrieved=_day(reading.retrieved),
        registry_date=reading.registry_date,
        issues=_issues(reading),
    )


def _capture_of_exact(record: Exact, blob: Blob) -> Capture:
    return Capture(
        nct_id=record.nct_id,
        presentation=API_V2,
        reader=READERS[API_V2],
        source=blob.source,
        raw=blob.data,
        document=record.document,
        raw_is_document=True,
        carried=Carried.ALL,
        rank=RICHNESS[API_V2],
        retrieved=_day(record.retrieved),
    )


def _day(retrieved: str | None) -> str | None:
    """The day of a moment; what is less exact tells no day."""
    return str(retrieved)[:10] if retrieved and len(retrieved) >= 10 else None


def keep(found: Capture | Prepared | VersionList | Failure, store: Store, report: Report) -> None:
    """Store what was found, and count it. Raises StoreError; a fault of ours at one record is a failure like others."""
    if isinstance(found, Failure):
        report.failures.append(found)
        return
    try:
        outcome = store.add_list(found) if isinstance(found, VersionList) else store.add(found)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001  # a fault at one record, of which nothing is stored
        report.failures.append(Failure(found.source, Fault.of(error)))
        return
    report.count(found, outcome)


def unknown(blobs: Iterable[Blob | Failure], store: Store, report: Report) -> Iterator[Blob | Failure]:
    """The blobs that must be read. Of those that are kept but for the stamp it is noted that they were seen again."""
    for portion in _portions(blobs):
        known = seen_again(portion, stamps(portion), store.last)
        missed = store.see([one for one in known if one])
        for blob, again in zip(portion, known, strict=True):
            if again is None or again.nct_id in missed:
                yield blob
            else:
                report.read += 1
                report.unchanged += 1


def stamps(blobs: Iterable[Blob | Failure]) -> list[Stamped | None]:
    """The stamp in the bytes of each blob."""
    return [stamped(one.data) if isinstance(one, Blob) else None for one in blobs]


def seen_again(blobs: Sequence[Blob | Failure], found: Sequence[Stamped | None], last: Look) -> list[Again | None]:
    """For each blob, of which the stamp was found, whether its bytes are kept but for that, and nothing came since."""
    known = last([one.nct_id for one in found if one])
    return [_again(blob.source, one, known) for blob, one in zip(blobs, found, strict=True)]


def _again(source: str, found: Stamped | None, known: Mapping[str, Last]) -> Again | None:
    last = known.get(found.nct_id) if found else None
    if found is None or last is None or found.day < last.day:
        return None
    is_kept = found.fingerprint(READERS[API_V2]) == last.fingerprint
    return last.again(found.nct_id, source, found.day) if is_kept else None


def read_all(
    pieces: Iterable[P], jobs: int, read: Callable[[list[P]], list[Result]]
) -> Iterator[tuple[list[P], list[Result]]]:
    """The pieces in portions, each with what it holds, in order, read here or in `jobs` other processes."""
    if jobs <= 1:
        yield from ((portion, read(portion)) for portion in _portions(pieces))
        return
    for portion, found in workers.run(read, _portions(pieces), jobs):
        yield portion, _one_by_one(read, portion) if isinstance(found, workers.Ended) else found


def _portions(pieces: Iterable[P]) -> Iterator[list[P]]:
    """The pieces in portions that are worth the way to another process."""
    portion: list[P] = []
    size = 0
    for piece in pieces:
        portion.append(piece)
        size += piece.size if isinstance(piece, Packed | Blob) else 0
        if size >= PORTION_BYTES or len(portion) >= PORTION_PIECES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _read_apart(store: Path, portion: Sequence[Piece]) -> list[Result]:
    """Read a portion in a process of its own, which looks into the store by itself."""
    return _read(_opened(store).last, portion)


@lru_cache(maxsize=1)
def _opened(store: Path) -> Store:
    return Store(store, read_only=True)


def _read(last: Look, portion: Sequence[Piece]) -> list[Result]:
    """What each piece holds, made ready for the tables; where it is kept but for the stamp, that alone."""
    blobs = list(files.unpacked(portion))
    found = stamps(blobs)
    return [
        again or [_prepared(one, stamp) for one in captures(blob)]
        for blob, stamp, again in zip(blobs, found, seen_again(blobs, found, last), strict=True)
    ]


def _prepared(one: Capture | VersionList | Failure, stamp: Stamped | None) -> Prepared | VersionList | Failure:
    try:
        return prepare(one, stamp) if isinstance(one, Capture) else one
    except Exception as error:  # noqa: BLE001  # as in `readings`
        return Failure(one.source, Fault.of(error))


def _one_by_one(read: Callable[[list[P]], list[Result]], portion: list[P]) -> list[Result]:
    """Read the pieces of a portion that took its process down, so that the one that does it is known."""
    found: list[Result] = []
    for (piece,), result in workers.run(read, ([one] for one in portion), 1):
        found += [[Failure(piece.source, Fault(str(result)))]] if isinstance(result, workers.Ended) else result
    return found
