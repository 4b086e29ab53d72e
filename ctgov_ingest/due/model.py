"""What a rule finds in a document: the days on which something is due, and what they follow from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from ctgov_ingest.compare.events_status import STATUS
from ctgov_ingest.compare.seen import at

Document = dict[str, Any]

PROTOCOL: Final = "protocolSection"


class Found(NamedTuple):
    """The days between which something is due, both included, and what they follow from, as JSON values.

    Both days are one where the dates that they follow from are exact to the day.
    """

    earliest: date
    latest: date
    data: dict[str, Any]


def later(day: date, by: timedelta) -> date:
    """A day so much later; the last day that there is where that is none."""
    return day + by if date.max - day > by else date.max


def date_at(document: Document, struct: str) -> Any:
    """The date of a struct of the status module, as it is written; None where there is none."""
    return at(document, f"{STATUS}.{struct}.date")


def status_of(document: Document) -> Any:
    """The overall status."""
    return at(document, f"{STATUS}.overallStatus")
