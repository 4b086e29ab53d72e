"""What happened to a record between two versions, in named events.

Which events there are, when they fire and what they tell is said in one table, `events_table.EVENTS`. The rules that
find them lie in `events_status.py`, `events_lists.py`, `events_results.py` and `events_texts.py`.

Every change belongs to one event at most, and to none where no name says more than the change itself (contacts,
references, derived terms, the dates of the update). Only a round of submission that comes whole tells of several steps.
Where a record is withheld, or comes back from that, all that changes is part of this one event.

Days are the registry's own: the day of the new version is its last update posted unless the caller knows better. The
registry's own changes move no date; there it is the day on which they were seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple, get_args

from ctgov_ingest.compare import events_lists, events_results, events_status, events_texts
from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.events_table import EVENTS
from ctgov_ingest.compare.kinds import By, Kind
from ctgov_ingest.compare.seen import Event, Seen, Told, at
from ctgov_ingest.compare.standing import registry_date

__all__ = ["EVENTS", "Event", "events", "kinds_of"]

Rule = Callable[[Seen], Iterator[Told]]


class Finder(NamedTuple):
    """A rule, and the kinds of change that it looks at: without any of them there is nothing for it to tell."""

    rule: Rule
    kinds: frozenset[str]


RULES: Final = tuple(
    Finder(rule, frozenset(kinds.split()))
    for rule, kinds in (
        (events_status.status, "status"),
        (events_status.dates, "dates"),
        (events_status.enrollment, "enrollment"),
        (events_lists.outcomes, "outcomes"),
        (events_lists.arms, "arms"),
        (events_texts.eligibility, "eligibility"),
        (events_lists.sites, "sites"),
        (events_texts.fields, "sponsor other"),
        (events_lists.collaborators, "sponsor"),
        (events_lists.conditions, "other"),
        (events_texts.descriptions, "other"),
        (events_results.submissions, "results derived"),  # told in two places, one of them derived by the registry
        (events_results.delayed, "results"),
        (events_results.posted, "results"),
        (events_results.notices, "other"),
        (events_lists.documents, "other"),
    )
)


def events(
    old: dict[str, Any] | None,
    new: dict[str, Any] | None,
    changes: Iterable[Change],
    on: str | None = None,
    kinds: Collection[str] = get_args(Kind),
) -> list[Event]:
    """Tell what happened between two versions, in the order of the table.

    `changes` are what `compare` found between both; no event is told without one. None stands for a record that the
    registry does not show: a record that is gone, or was. `on` is the day of the new version where it is not the
    record's own. `kinds`: only rules that look at changes of these kinds are asked.
    """
    if old is None or new is None:
        return list(_presence(old, new))
    seen = Seen(old, new, changes, on or registry_date(new))
    statuses = [at(document, events_status.OVERALL) for document in (old, new)]
    if "WITHHELD" in statuses and statuses[0] != statuses[1]:
        return [_event(told._replace(changes=seen.under())) for told in events_status.status(seen)]
    asked = seen.kinds.intersection(kinds)
    rules = [one.rule for one in RULES if not one.kinds.isdisjoint(asked)]
    return [_event(told) for rule in rules for told in rule(seen) if told.changes]


def kinds_of(names: Collection[str] = ()) -> set[str]:
    """The kinds of change that events of these names, or of any, are told from: where there is none, there is no event.

    Steps of a submission are told in two places, of which one is derived by the registry.
    """
    wanted = names or EVENTS
    derived = {"derived"} if any(name in events_results.SUBMISSION for name in wanted) else set()
    return {str(EVENTS[name].kind) for name in wanted} | derived


def _presence(old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[Event]:
    if new is not None:
        yield Event("record_returned", "status", "registry", {"from": None, "to": at(new, events_status.OVERALL)}, ())
    elif old is not None:
        yield Event("record_delisted", "status", "registry", {}, ())


def _event(told: Told) -> Event:
    by: By = "sponsor" if any(change.by == "sponsor" for change in told.changes) else "registry"
    return Event(told.name, EVENTS[told.name].kind, by, told.data, tuple(change.path for change in told.changes))
