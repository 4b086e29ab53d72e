"""A round over what is followed by id and by search: a light sweep, then what moved, whole."""

from __future__ import annotations

from ctgov_ingest import jsontext
from ctgov_ingest.errors import Incomplete, Rejected
from ctgov_ingest.fetch import Search
from ctgov_ingest.store import Store, Watch
from ctgov_ingest.sync.keep import keep_page
from ctgov_ingest.sync.plan import LIGHT_FIELDS, Days, Plan, plan
from ctgov_ingest.sync.rounds import Job, Round

MOST = 0.5
"""Where more of a search than this is wanted, its pages are got whole instead of its studies by id."""


class Following(Round):
    """Searches, the studies that they have ever matched, and studies by id."""

    def __init__(self, job: Job, watches: list[Watch], dataset: str) -> None:
        super().__init__(job, watches, dataset)
        seen = [watch.dataset for watch in watches if watch.dataset is not None]
        self._days = Days.of(dataset, min(seen, default=None), job.refresh)
        self._plan = Plan()
        self._searches = {watch.id: search_of(watch) for watch in watches if watch.kind == "search"}
        self._refused: dict[int, Rejected] = {}

    def go(self) -> None:
        """As every round; at the end raises Rejected where the registry cannot do one of the searches."""
        super().go()
        for error in self._refused.values():
            raise error

    def look(self) -> set[str]:
        """Sweep the searches, then by id what they do not match, and get what is wanted of all."""
        for number, search in self._searches.items():
            self._match(number, search)
        known = set(followed(self.job.store))
        if left := known - self.shown:
            self._sweep(Search(ids=tuple(sorted(left))))
        self.require_belief(self.job.store.held(known | self.shown), len(self._plan.moved))
        self._get()
        return known

    def _match(self, number: int, search: Search) -> None:
        """Sweep a search. One that the registry cannot do keeps nothing from the others."""
        try:
            self.matched[number] = self._sweep(search)
        except Rejected as error:
            error.message = f"the search for {search}: {error.message}"
            self._refused[number] = error

    def _sweep(self, search: Search) -> frozenset[str]:
        """Look at all studies of a search, and plan which to get. Gives their ids."""
        names: set[str] = set()
        for page in self.job.registry.pages(search, fields=LIGHT_FIELDS):
            studies = dict(zip(page.nct_ids, jsontext.loads(page.body)["studies"], strict=True))
            self._plan |= plan(studies, self.job.store.latest(studies), self._days)
            self.aliases |= {alias: name for name, aliases in page.aliases.items() for alias in aliases}
            names |= studies.keys()
        self.shown |= names
        return frozenset(names)

    def _get(self) -> None:
        """Get what is wanted whole: where that is most of a search its pages, the rest by id."""
        wanted = self._plan.wanted
        left = set(wanted)
        for number, matched in self.matched.items():
            if len(left & matched) > MOST * len(matched):
                left -= self._take(self._searches[number], wanted, left)
        if left:
            left -= self._take(Search(ids=tuple(sorted(left))), wanted, left)
        if left:
            raise Incomplete(f"{len(left):,} studies that the registry had shown were not there when asked for")

    def _take(self, search: Search, wanted: frozenset[str], left: set[str]) -> set[str]:
        """Store all studies of a search; gives their ids."""
        got: set[str] = set()
        for page in self.job.registry.pages(search):
            keep_page(page, self.job.registry, self.job.store, self.job.report)
            got.update(page.nct_ids)
            self.job.advance(len(wanted) - len(left - got), len(wanted))
        return got

    def concluded(self) -> list[Watch]:
        """All but the searches that the registry cannot do."""
        return [watch for watch in self.watches if watch.id not in self._refused]


def followed(store: Store) -> list[str]:
    """The studies that are followed by id or by a search."""
    watches = store.watches.all()
    members = (store.watches.members(watch.id) for watch in watches if watch.kind == "search")
    return sorted({watch.what for watch in watches if watch.kind == "study"}.union(*members))


def search_of(watch: Watch) -> Search:
    """The search that a watch stands for."""
    return Search.from_json(jsontext.loads(watch.what))
