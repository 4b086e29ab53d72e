"""Studies whose planned completion has passed, and of which no update came since.

The primary completion is to be told within 30 days after it was reached, other dates once a year: 42 CFR 11.64(a). A
date that is still planned, of a study that still goes on, has passed, and the record was last updated before it: so
either it was reached and not told, or it was not reached and not put off. Studies that the registry turned UNKNOWN are
left out, since it says so of them itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from ctgov_ingest.compare.events_status import OPEN, STATUS
from ctgov_ingest.compare.seen import at
from ctgov_ingest.compare.standing import registry_date
from ctgov_ingest.compare.when import date_of, had_passed
from ctgov_ingest.due.model import Document, Found, date_at, later, status_of
from ctgov_ingest.study.dates import PartialDate

GRACE: Final = timedelta(days=30)
"""Within which a primary completion is to be told."""

_GOES_ON: Final = OPEN | {"SUSPENDED"}
_DATES: Final = {"primary_completion": "primaryCompletionDateStruct", "completion": "completionDateStruct"}


def completion(document: Document, _on: date) -> Found | None:
    """Tell by when the first of both completions that is still planned is to be told; None where it was updated since.

    `updated_before` is unclear where the update lies in the month that the date names.
    """
    if status_of(document) not in _GOES_ON:
        return None
    updated = registry_date(document)
    for day, which in sorted(_planned(document), key=lambda one: one[0].latest):
        before = had_passed(updated, day)
        if before != "no":
            data = {"status": status_of(document), "which": which, "date": str(day)}
            data |= {"updated": updated, "updated_before": before}
            return Found(later(day.earliest, GRACE), later(day.latest, GRACE), data)
    return None


def _planned(document: Document) -> Iterator[tuple[PartialDate, str]]:
    """The completions that are not yet told as reached."""
    for which, struct in _DATES.items():
        day = date_of(date_at(document, struct))
        if day is not None and at(document, f"{STATUS}.{struct}.type") != "ACTUAL":
            yield day, which
