"""A study's versions as its outcomes are told from them: when each can have come, what it shows of outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ctgov_ingest.compare import Version
from ctgov_ingest.compare.events_lists import OUTCOMES
from ctgov_ingest.compare.outcome_lives import Snapshot
from ctgov_ingest.compare.standing import stands_since
from ctgov_ingest.compare.timeline import Standing, after
from ctgov_ingest.store.captures import Captures
from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.history import History
from ctgov_ingest.store.statuses import Statuses

_SHOWN = f"{OUTCOMES}.primaryOutcomes.measure"


def snapshots(
    connection: Connection, captures: Captures, history: History, nct_id: str, versions: list[dict[str, Any]]
) -> Iterator[Snapshot]:
    """The versions of a study in their order."""
    statuses = Statuses(connection, captures)
    standings = statuses.standings(nct_id, versions)
    earliest = [statuses.first_posted(nct_id), *(_earliest(*pair) for pair in pairwise(standings))]
    dates = [None, *(one.registry_date for one in standings)]
    for standing, not_before, date_before in zip(standings, earliest, dates, strict=False):
        version = history.version(nct_id, standing.number)
        if version is not None:
            date = stands_since(standing.registry_date, date_before, standing.stood_from)
            bound = min(not_before, date) if not_before else None
            yield _snapshot(captures, version, date, date if standing.follows else bound)


def _earliest(before: Standing, now: Standing) -> str | None:
    day = after(before, now)
    return day.isoformat() if day else None


def _snapshot(captures: Captures, version: Version, date: str, not_before: str | None) -> Snapshot:
    """A version by the richest of its captures that can show outcomes, else by the richest."""
    fit = (one for one in version.witnesses if one.carried.covers(_SHOWN))
    shown = next(fit, version.witnesses[0])
    return Snapshot(version.number, date, not_before, captures.document(shown.capture_id), shown.carried)
