"""Of what a digest tells, in which order, and under which heading: the most telling first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from ctgov_ingest.compare import Kind, plain_path
from ctgov_ingest.compare.kinds import STAMPS

STATUS: Final = "protocolSection.statusModule.overallStatus"


class Topic(NamedTuple):
    """A group's heading, and what `changes --kind` calls what is in it."""

    title: str
    kind: Kind | None


TOPICS: Final[dict[str, Topic]] = {
    "unknown": Topic("Turned UNKNOWN", "status"),
    "stopped": Topic("Stopped", "status"),
    "status": Topic("Status", "status"),
    "gone": Topic("No longer shown by the registry", None),
    "alias": Topic("Shown under another id", None),
    "back": Topic("Shown again", None),
    "results": Topic("Results", "results"),
    "new": Topic("New", None),
    "dates": Topic("Start and completion dates", "dates"),
    "enrollment": Topic("Enrollment", "enrollment"),
    "outcomes": Topic("Outcomes", "outcomes"),
    "eligibility": Topic("Eligibility", "eligibility"),
    "arms": Topic("Arms and interventions", "arms"),
    "sites": Topic("Sites", "sites"),
    "sponsor": Topic("Sponsor and collaborators", "sponsor"),
    "contacts": Topic("Contacts", "contacts"),
    "other": Topic("Titles, texts, design and other", "other"),
    "references": Topic("References", "references"),
    "derived": Topic("Worked out by the registry", "derived"),
    "stamps": Topic("Updated, with nothing else changed", "dates"),
}
"""In the order of the digest. Every kind of change has a topic of its name."""

_TURNS: Final = {"UNKNOWN": "unknown", "TERMINATED": "stopped", "WITHDRAWN": "stopped", "SUSPENDED": "stopped"}


def status_topic(rows: Iterable[dict[str, Any]]) -> str:
    """The topic of what a version changed of the status: its reason and its last known status go with it."""
    return next((_TURNS.get(str(row["new"]), "status") for row in rows if row["path"] == STATUS), "status")


def topic_of(row: dict[str, Any], of_status: str) -> str:
    """The topic of a change; `of_status` is that of its version's status."""
    if plain_path(row["path"]) in STAMPS:
        return "stamps"
    return of_status if row["kind"] == "status" else str(row["kind"])
