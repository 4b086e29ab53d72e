"""The statuses that a study's versions show, with what is known of when each stood."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

from ctgov_ingest.compare.events_status import OVERALL, STATUS, STOPPED
from ctgov_ingest.compare.kinds import By
from ctgov_ingest.compare.seen import at
from ctgov_ingest.compare.stale import completion_of, turns_unknown
from ctgov_ingest.compare.timeline import Standing
from ctgov_ingest.store.again import number_of
from ctgov_ingest.store.captures import Captures
from ctgov_ingest.store.database import Connection

_DAYS = (
    "SELECT version, registry_date, submitted, stood_on FROM captures WHERE nct_id = ? AND version IS NOT NULL "
    "UNION ALL SELECT c.version, c.registry_date, c.submitted, d.day FROM sightings g "
    "JOIN captures c ON c.id = g.capture JOIN deliveries d ON d.id = g.delivery "
    "WHERE g.study = ? AND c.version IS NOT NULL"
)
_MAKERS = "SELECT version, by FROM changes WHERE nct_id = ? AND path = ?"
_LISTED = "SELECT presentation, date FROM listed_versions WHERE nct_id = ? ORDER BY presentation, place"


class Statuses:
    """Statuses out of versions, captures, the change log and lists of versions."""

    def __init__(self, connection: Connection, captures: Captures) -> None:
        self._db = connection
        self._captures = captures

    def standings(self, nct_id: str, versions: list[dict[str, Any]]) -> list[Standing]:
        """The status of each version."""
        days = self._days(nct_id)
        makers = {row["version"]: row["by"] for row in self._db.all(_MAKERS, (nct_id, OVERALL))}
        following = self._following(nct_id, days)
        return [
            Standing(
                number=one["version"],
                registry_date=one["registry_date"],
                stood_from=one["stood_from"],
                stood_to=max(days[one["version"]]["stood_on"]),
                first_seen=one["first_seen"],
                last_seen=one["last_seen"],
                status=one["overall_status"],
                by=makers.get(one["version"], _maker(one["overall_status"])),
                follows=one["version"] in following,
                **self._more(one),
            )
            for one in versions
        ]

    def first_posted(self, nct_id: str) -> str | None:
        """The day on which a study was first posted, if its latest version tells it."""
        row = self._db.one("SELECT first_posted FROM studies WHERE nct_id = ?", (nct_id,))
        return row["first_posted"] if row else None

    def _days(self, nct_id: str) -> dict[int, dict[str, set[str]]]:
        """By version the days that its captures have: on which they stood so, and of the update that they show."""
        found: dict[int, dict[str, set[str]]] = {}
        for row in self._db.all(_DAYS, (nct_id, number_of(nct_id))):
            one = found.setdefault(row["version"], {"stood_on": set(), "updates": set()})
            one["stood_on"].add(row["stood_on"])
            one["updates"] |= {day for day in (row["registry_date"], row["submitted"]) if day}
        return found

    def _following(self, nct_id: str, days: dict[int, dict[str, set[str]]]) -> set[int]:
        """The versions of which a list of the registry tells that they come right after the one before."""
        rows = self._db.all(_LISTED, (nct_id,))
        listed = {
            (one["date"], next_["date"])
            for one, next_ in pairwise(rows)
            if one["presentation"] == next_["presentation"]
        }
        return {
            number
            for number in days
            if number - 1 in days
            and not listed.isdisjoint(product(days[number - 1]["updates"], days[number]["updates"]))
        }

    def _more(self, version: dict[str, Any]) -> dict[str, str | None]:
        """Why a study stopped, and when at the earliest the registry turned it UNKNOWN, as a version tells it."""
        if version["overall_status"] not in STOPPED | {"UNKNOWN"}:
            return {}
        status = at(self._captures.document(version["capture"]), STATUS) or {}
        if version["overall_status"] == "UNKNOWN":
            window = turns_unknown(status.get("statusVerifiedDate"), completion_of(status))
            return {"not_before": window.earliest.isoformat() if window else None}
        why = status.get("whyStopped")
        return {"why": why if isinstance(why, str) else None}


def _maker(status: str | None) -> By:
    """Who made a status of which what stood before is not held. UNKNOWN is the registry's."""
    return "registry" if status == "UNKNOWN" else "sponsor"
