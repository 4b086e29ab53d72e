"""Rounds: what every run over the registry does, whether it looks at all of it or at what is followed.

A run looks at one data set of the registry. Where that is replaced while the run goes on, or an answer turns out not to
be whole, the run goes over it again: what it got is held already, and is passed over. Only a round that saw all of one
data set concludes: it alone marks what is followed as seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ctgov_ingest.errors import Incomplete, Suspicious, Unexpected
from ctgov_ingest.fetch import Found, Gone, Moved, Registry
from ctgov_ingest.sources import Failure
from ctgov_ingest.store import Absence, Store, Watch
from ctgov_ingest.sync.keep import alias, keep_answer
from ctgov_ingest.sync.plan import REFRESH_DAYS, suspicion
from ctgov_ingest.sync.report import SyncReport

ROUNDS = 3
"""How often a run goes over a registry that moves under it before it gives up."""

Advance = Callable[[int, int | None], None]
"""Called with how many studies (or bytes) are done, and of how many, where that is known."""


def quietly(done: int, total: int | None) -> None:
    """Tell nobody how far a run is."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run works with.

    `accept`: a person says that what is hard to believe is so. `refresh`: studies that were not got for so many days
    are got again.
    """

    store: Store
    registry: Registry
    report: SyncReport
    accept: bool = False
    refresh: int = REFRESH_DAYS
    advance: Advance = quietly


class Round:
    """One pass against one data set: a kind of round looks (`look`), the rest is the same for all."""

    def __init__(self, job: Job, watches: list[Watch], dataset: str) -> None:
        self.job, self.watches, self.dataset = job, watches, dataset
        self.shown: set[str] = set()
        self.aliases: dict[str, str] = {}
        self.matched: dict[int, frozenset[str]] = {}
        self.absent = job.store.absences.now()
        self._absences: list[Absence] = []

    def go(self) -> None:
        """Look at all of it, ask for what is missing, and conclude. Raises FetchError."""
        followed = self.look()
        self._ask(sorted(self.missing(followed)))
        self._conclude(followed)

    def look(self) -> set[str]:
        """Get what is new; gives the studies that are followed. Fills `shown`, `aliases` and `matched`."""
        raise NotImplementedError

    def missing(self, followed: Iterable[str]) -> set[str]:
        """The studies that should be shown and are not, and of which that is not known."""
        return set(followed) - self.shown - self.aliases.keys() - self.absent.keys()

    def require_belief(self, held: set[str], moved: int = 0) -> None:
        """Raise Suspicious where too much is gone or has changed at once, unless a person says that it is so.

        `held`: those of the studies that are followed or shown that the store holds.
        """
        self.believe(len(self.missing(held)), moved, len(held))

    def believe(self, gone: int, moved: int, held: int) -> None:
        """The same of numbers."""
        words = suspicion(gone, moved, held)
        if words and not self.job.accept:
            raise Suspicious(f"{words}. Nothing was marked. Look at the registry, then say --accept to go on")

    def studies_watched(self) -> set[str]:
        """The studies that are followed by their id."""
        return {watch.what for watch in self.watches if watch.kind == "study"}

    def _ask(self, missing: list[str]) -> None:
        """Ask for each study that was not shown: only the registry's own word makes it gone.

        An answer that means nothing is a failure of that study alone. It is asked for again in the next run.
        """
        for name in missing:
            try:
                self._take_answer(name, self.job.registry.study(name))
            except Unexpected as error:
                self.job.report.failures.append(Failure(name, error))

    def _take_answer(self, name: str, answer: Found | Moved | Gone) -> None:
        absence = keep_answer(name, answer, self.dataset[:10], self.job.store, self.job.report)
        if absence is None:
            self.shown.add(name)
        elif absence.shown_as is None:
            self._absences.append(absence)
        else:
            self.aliases[name] = absence.shown_as
            self.shown.add(absence.shown_as)

    def _conclude(self, followed: set[str]) -> None:
        """Mark all as seen, if it was one data set from start to end."""
        store, report, day = self.job.store, self.job.report, self.dataset[:10]
        if self.job.registry.dataset().timestamp != self.dataset:
            raise Incomplete(f"the registry's data set of {self.dataset} was replaced while the run went on")
        absences = [alias(name, self.aliases[name], day) for name in sorted(self.aliases.keys() & followed)]
        report.absences += filter(store.absences.note, absences + self._absences)
        report.back += store.absences.end(self.shown, day)
        store.watches.conclude(self.concluded(), self.matched, self.dataset)
        report.dataset, report.followed = self.dataset, len(followed | self.shown)

    def concluded(self) -> list[Watch]:
        """What was seen whole."""
        return self.watches


def rounds(job: Job, watches: list[Watch], kind: type[Round]) -> None:
    """Go over what is followed until all of one data set was seen.

    Raises FetchError; what was got until then is held.
    """
    for left in reversed(range(ROUNDS)):
        dataset = job.registry.dataset().timestamp
        if all(watch.dataset == dataset for watch in watches):
            job.report.dataset = dataset
            return
        try:
            kind(job, watches, dataset).go()
            return
        except Suspicious:
            raise
        except Incomplete:
            if not left:
                raise
