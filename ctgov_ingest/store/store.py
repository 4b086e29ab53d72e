"""The store as its users see it: captures in, one transaction each; studies, versions and changes out.

`versions`, `changes`, `issues` and `studies` follow from `captures`. A capture that comes after all others of its study
extends them; any other has them worked out anew, so that rows are the same whatever the order in which captures came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ctgov_ingest.compare import Verdict
from ctgov_ingest.errors import SourceError
from ctgov_ingest.store.absences import Absences
from ctgov_ingest.store.again import Again, Arrival, Last, Sightings
from ctgov_ingest.store.capture import Capture
from ctgov_ingest.store.captures import Captures, Entry, Kept, placed
from ctgov_ingest.store.compacting import Compacted, Compacting
from ctgov_ingest.store.database import BUSY_SECONDS, Connection
from ctgov_ingest.store.fetched import Fetched
from ctgov_ingest.store.history import History
from ctgov_ingest.store.lists import Lists, VersionList
from ctgov_ingest.store.news import NewsDesk
from ctgov_ingest.store.prepared import Prepared, prepare
from ctgov_ingest.store.runs import DONE, Ending, Runs
from ctgov_ingest.store.telling import Telling
from ctgov_ingest.store.verifying import Verified, Verifying
from ctgov_ingest.store.watches import Watches

if TYPE_CHECKING:
    from ctgov_ingest.store.derived import Derived
    from ctgov_ingest.store.full_text import Hit

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC)


class Outcome(StrEnum):
    """What a capture was to the store."""

    NEW = "new"  # a study not held before
    CHANGED = "changed"  # another version of a study that is held
    UNCHANGED = "unchanged"  # nothing that was not known


@dataclass(frozen=True, slots=True)
class Reparsed:
    """How a study was read again: whether the number of its versions changed, and what its readers refused."""

    changed: bool
    refused: tuple[tuple[Kept, SourceError], ...] = ()


class Store(Telling):
    """A store in a SQLite file. Use it as a context manager, or close it.

    `clock` gives the present moment with its zone; it dates what comes in without a day of its own. `wait` is how many
    seconds to wait for another program that writes. `watches`: what is followed; `absences`: what the registry does not
    show; `news`: what nobody was told of yet; `derived`: child tables and full-text index. Raises StoreError where the
    file cannot be used, or where there is none and `create` is False. A store opened `read_only` makes no file, writes
    nothing, and needs no right to write.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        clock: Clock = utc_now,
        create: bool = True,
        read_only: bool = False,
        wait: float = BUSY_SECONDS,
    ) -> None:
        self.path = Path(path)
        self._db = Connection(self.path, create=create, read_only=read_only, wait=wait)
        self._clock = clock
        self._sightings = Sightings(self._db)
        self._captures = Captures(self._db, self._sightings)
        self._history = History(self._db, self._captures, self._sightings, self._follow)
        self._lists = Lists(self._db)
        self._runs = Runs(self._db)
        self._fetched = Fetched(self._db)
        self._run: int | None = None
        self._schema: int | None = None
        self._has_derived = False
        self.watches = Watches(self._db, self._now)
        self.absences = Absences(self._db, lambda: self._run)
        self.news = NewsDesk(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def derived(self) -> Derived:
        """Child tables and full-text index: whether they are built, and what builds them."""
        from ctgov_ingest.store.child_tables import ChildTables  # what these need takes long to load
        from ctgov_ingest.store.derived import Derived
        from ctgov_ingest.store.full_text import FullText

        return Derived(self._db, (ChildTables(self._db), FullText(self._db)), self._now)

    def _follow(self) -> None:
        """Keep up what follows from current versions, where that is wanted. Else it costs a look at a number."""
        schema = self._db.all("PRAGMA schema_version")[0][0]
        if schema != self._schema:
            self._schema = schema
            self._has_derived = self._db.one("SELECT 1 FROM sqlite_master WHERE name = 'derived'") is not None
        if self._has_derived:
            self.derived.follow()

    def search(self, query: str, limit: int) -> list[Hit]:
        """The studies that a query of the full-text index finds, the best first. Raises NotHeld where there is none."""
        from ctgov_ingest.store.full_text import FullText, search  # as in `derived`

        self.derived.require(FullText.name)
        return search(self._db, query, limit)

    def add(self, capture: Capture | Prepared) -> Outcome:
        """Store a capture and what follows from it, whole or not at all. Bytes that are held say nothing new."""
        ready = prepare(capture) if isinstance(capture, Capture) else capture
        return self._db.write(lambda: self._add(ready))

    def _add(self, capture: Prepared) -> Outcome:
        now = self._now()
        last = self._history.latest(capture.nct_id)
        if last is not None and (self._is_again(capture, now) or self._captures.holds(capture)):
            return Outcome.UNCHANGED
        place = placed(capture, now[:10])
        verdict = Verdict.NEW if last is None else self._history.judge(last, place, capture.text)
        number = last.number + (verdict is Verdict.NEW) if last else 1
        version = None if verdict is Verdict.EARLIER else number
        entry = Entry(now, self._run, version, is_known=last is not None, begins=verdict is Verdict.NEW)
        sighting = placed(capture, now[:10], self._captures.insert(capture, place, entry))
        if last is None or verdict is Verdict.NEW:
            self._history.begin(capture, last, sighting)
            self._stand(capture, sighting.capture_id, now, is_known=last is not None)
            return Outcome.NEW if last is None else Outcome.CHANGED
        if verdict is Verdict.SAME and self._history.join(capture.nct_id, last, sighting):
            self._stand(capture, sighting.capture_id, now, is_known=True)
            return Outcome.UNCHANGED
        return Outcome.CHANGED if self._history.refold(capture.nct_id) else Outcome.UNCHANGED

    def _is_again(self, capture: Prepared, now: str) -> bool:
        """Whether a study stands by these very bytes but for the stamp; if so, that they were seen again is noted."""
        last = self._sightings.last([capture.nct_id]).get(capture.nct_id) if capture.fingerprint else None
        day = capture.seen or ""
        if last is None or last.fingerprint != capture.fingerprint or day < last.day:
            return False
        return not self._sightings.note([last.again(capture.nct_id, capture.source, day)], now, self._run)

    def _stand(self, capture: Prepared, number: int, now: str, *, is_known: bool) -> None:
        """Note that a study stands by the bytes of a capture that has just come in after all others."""
        if is_known:
            self._sightings.rest(capture.nct_id)
        if capture.fingerprint is not None:
            by = Arrival(capture.fingerprint, capture.source, capture.seen or "", now, self._run)
            self._sightings.begin(capture.nct_id, number, by)

    def last(self, nct_ids: Iterable[str]) -> dict[str, Last]:
        """By which bytes studies stand; those of which whatever comes in must be read are left out."""
        return self._sightings.last(nct_ids)

    def see(self, seen: Sequence[Again]) -> set[str]:
        """Note that bytes that are kept were seen again. Gives the studies of which something else came meanwhile.

        These must be read.
        """
        return self._db.write(lambda: self._sightings.note(seen, self._now(), self._run))

    def add_list(self, listed: VersionList) -> Outcome:
        """Store a list of a study's versions. They are known to exist then, whether they are held or not."""
        return self._db.write(lambda: self._add_list(listed))

    def _add_list(self, listed: VersionList) -> Outcome:
        is_new = self._lists.add(listed, self._now(), self._run)
        return Outcome.CHANGED if is_new else Outcome.UNCHANGED

    def batch(self) -> AbstractContextManager[None]:
        """Captures added in the block reach the file in batches; each is still whole or not there."""
        return self._db.batch()

    def reparse(
        self,
        nct_id: str,
        read: Callable[[Kept], Capture],
        readers: Mapping[str, str] | None = None,
        read_list: Callable[[Kept], VersionList] | None = None,
    ) -> Reparsed:
        """Read a study's kept bytes again and tell its history anew; its lists of versions where `read_list` is given.

        What `read` refuses with a SourceError keeps its old reading. Where `readers` names the reader of its
        presentation, that is noted, so that the bytes are stale again only when a later reader comes.
        """
        refused: list[tuple[Kept, SourceError]] = []
        with self._db.transaction():
            for kept in self._captures.kept(nct_id):
                try:
                    self._captures.update(kept, prepare(read(kept)))
                except SourceError as error:
                    reader = (readers or {}).get(kept.presentation, kept.reader)
                    self._captures.keep_reading(kept, reader, str(error))
                    refused.append((kept, error))
            if read_list is not None:
                refused += self._reparse_lists(nct_id, read_list, readers or {})
            return Reparsed(self._history.refold(nct_id), tuple(refused))

    def _reparse_lists(
        self, nct_id: str, read: Callable[[Kept], VersionList], readers: Mapping[str, str]
    ) -> list[tuple[Kept, SourceError]]:
        """The same for a study's lists of versions; gives what was refused."""
        found: list[tuple[Kept, VersionList]] = []
        refused: list[tuple[Kept, SourceError]] = []
        for kept in self._lists.kept(nct_id):
            try:
                found.append((kept, read(kept)))
            except SourceError as error:
                self._lists.keep_reading(kept, readers.get(kept.presentation, kept.reader), str(error))
                refused.append((kept, error))
        self._lists.read_again(found)
        return refused

    def stale(self, readers: Mapping[str, str]) -> list[str]:
        """Studies of which a capture or a list was read by another version of its reader."""
        if not readers:
            return []
        clause = "(presentation = ? AND reader < ?) OR (presentation = ? AND reader > ?)"
        where = " OR ".join(clause for _ in readers)
        values = [value for pair in readers.items() for value in (*pair, *pair)]
        sql = " UNION ".join(f"SELECT nct_id FROM {table} WHERE {where}" for table in ("captures", "lists"))  # noqa: S608
        rows = self._db.all(f"{sql} ORDER BY nct_id", [*values, *values])
        return [row["nct_id"] for row in rows]

    def add_fetched(self, url: str, nct_id: str, found: Iterable[Capture | VersionList], outcome: str) -> list[Outcome]:
        """Store what an address gave, and that it need not be asked again, whole or not at all."""
        with self._db.transaction():
            self._fetched.note(url, nct_id, outcome, self._now(), self._run)
            return [self._add(prepare(one)) if isinstance(one, Capture) else self._add_list(one) for one in found]

    def fetched(self, nct_id: str) -> frozenset[str]:
        """The addresses of a study that need not be asked again."""
        return self._fetched.urls(nct_id)

    def verify(self, advance: Callable[[], None] = lambda: None) -> Verified:
        """Read everything that is kept, and hold it against its hashes. `advance` is called once a study."""
        return Verifying(self._db, self._captures).run(advance)

    def compact(self, advance: Callable[[], None] = lambda: None) -> Compacted:
        """Pack everything that is kept anew, and make the file as small as it can be.

        Raises StoreError where bytes are not what came in; what was packed until then is kept.
        """
        return Compacting(self._db, self._now).run(advance)

    def begin_run(self, command: str) -> None:
        """Note that a run begins; captures that follow carry its number."""
        with self._db.transaction():
            self._run = self._runs.begin(command, self._now())

    def end_run(
        self, counts: Mapping[str, int], failures: Iterable[tuple[str, str, str]], ending: Ending = DONE
    ) -> None:
        """Note how the run went: its counts, and source, code and message of each record that failed."""
        if self._run is None:
            return
        with self._db.transaction():
            self._runs.end(self._run, self._now(), counts, failures, ending)
        self._run = None

    def runs(self, number: int = 20) -> list[dict[str, Any]]:
        """The last runs, the latest first, each with what it could not read."""
        return self._runs.latest(number)

    def changed_since(self, command: str) -> int:
        """How many changed studies the runs of a command have counted since one of them saw all of a data set."""
        return self._runs.changed_since(command)

    def open_run(self) -> dict[str, Any] | None:
        """The latest run that has not ended: it is still at work, or was killed."""
        return self._runs.open()

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")
