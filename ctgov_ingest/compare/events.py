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

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from ctgov_ingest.compare import events_lists, events_results, events_status, events_texts
from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.events_table import EVENTS
from ctgov_ingest.compare.kinds import By
from ctgov_ingest.compare.seen import Event, Seen, Told, at
from ctgov_ingest.compare.standing import registry_date

__all__ = ["EVENTS", "Event", "events"]

Rule = Callable[[Seen], Iterator[Told]]

RULES: Final[tuple[Rule, ...]] = (
    events_status.status,
    events_status.dates,
    events_status.enrollment,
    events_lists.outcomes,
    events_lists.arms,
    events_texts.eligibility,
    events_lists.sites,
    events_texts.fields,
    events_lists.collaborators,
    events_lists.conditions,
    events_texts.descriptions,
    events_results.submissions,
    events_results.delayed,
    events_results.posted,
    events_results.notices,
    events_lists.documents,
)


def events(
    old: dict[str, Any] | None, new: dict[str, Any] | None, changes: Iterable[Change], on: str | None = None
) -> list[Event]:
    """Tell what happened between two versions, in the order of the table.

    `changes` are what `compare` found between both. None stands for a record that the registry does not show: a record
    that is gone, or was. `on` is the day of the new version where it is not the record's own.
    """
    if old is None or new is None:
        return list(_presence(old, new))
    seen = Seen(old, new, changes, on or registry_date(new))
    statuses = [at(document, events_status.OVERALL) for document in (old, new)]
    if "WITHHELD" in statuses and statuses[0] != statuses[1]:
        return [_event(told._replace(changes=seen.under())) for told in events_status.status(seen)]
    return [_event(told) for rule in RULES for told in rule(seen)]


def _presence(old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[Event]:
    if new is not None:
        yield Event("record_returned", "status", "registry", {"from": None, "to": at(new, events_status.OVERALL)}, ())
    elif old is not None:
        yield Event("record_delisted", "status", "registry", {}, ())


def _event(told: Told) -> Event:
    by: By = "sponsor" if any(change.by == "sponsor" for change in told.changes) else "registry"
    return Event(told.name, EVENTS[told.name].kind, by, told.data, tuple(change.path for change in told.changes))
