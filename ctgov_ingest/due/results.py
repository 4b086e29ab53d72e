"""Results that are due in the United States: 42 CFR 11, as TrialsTracker computes it from what the registry shows.

The rules were taken from its sources (ebmdatalab/clinicaltrials-act-tracker: view.sql, trial_computer.py):

* An **applicable** trial (`act`) is interventional, of a drug or device that the FDA regulates, in a phase from 1/2 on
  or without phases ("NA"), of a purpose that is told and is not device feasibility, started on 2017-01-18 or later, and
  was not withdrawn.
* A **probably applicable** one (`pact`) started before that day and was completed on it or later; one of both flags is
  yes, or both are absent; it has an intervention of one of seven types and a site in the United States or a territory;
  and the rest as above.
* The **completion** is the primary completion date, else the completion date. A month means its last day; for the range
  that is told here, its first day is the other end.
* Results are **due** a year (365 days) after it, or three years with a certificate or a request for more time. They are
  **overdue** when 30 days more than a year (or three) have passed.
* Results that were handed in count as reported while the review lasts, unless every submission was cancelled.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from ctgov_ingest.compare.events_results import TRACKED, has_results
from ctgov_ingest.compare.events_status import STATUS
from ctgov_ingest.compare.seen import at
from ctgov_ingest.compare.when import date_of
from ctgov_ingest.due.model import PROTOCOL, Document, Found, date_at, later, status_of
from ctgov_ingest.study.dates import PartialDate

RULE_BEGAN: Final = date(2017, 1, 18)
YEAR: Final = timedelta(days=365)
GRACE: Final = timedelta(days=30)

_DESIGN: Final = f"{PROTOCOL}.designModule"
_FLAGS: Final = tuple(f"{PROTOCOL}.oversightModule.isFdaRegulated{what}" for what in ("Drug", "Device"))
_CERTIFICATE: Final = f"{STATUS}.dispFirstSubmitDate"

PHASES: Final = (["PHASE1", "PHASE2"], ["PHASE2"], ["PHASE2", "PHASE3"], ["PHASE3"], ["PHASE4"], ["NA"])
INTERVENTIONS: Final = frozenset(
    {"BIOLOGICAL", "COMBINATION_PRODUCT", "DEVICE", "DIAGNOSTIC_TEST", "DRUG", "GENETIC", "RADIATION"}
)
TERRITORY: Final = frozenset(
    {
        "United States",
        "American Samoa",
        "Guam",
        "Northern Mariana Islands",
        "Puerto Rico",
        "U.S. Virgin Islands",
        "Virgin Islands (U.S.)",
    }
)


def results(document: Document, on: date) -> Found | None:
    """Tell by when results of a trial that owes them and shows none are due; None for any other.

    `tracker`: what TrialsTracker calls it on the day: ongoing, overdue, or overdue-cancelled.
    """
    basis, completion, handed_in = applies(document), completed(document), in_review(document)
    if basis is None or completion is None or has_results(document) or handed_in == "submitted":
        return None
    certificate = at(document, _CERTIFICATE)
    years = 3 if certificate else 1
    overdue = overdue_from(completion.latest, years)
    late = "overdue-cancelled" if handed_in == "cancelled" else "overdue"
    data = {
        "basis": basis,
        "completion": str(completion),
        "certificate": certificate,
        "tracker": late if on >= overdue else "ongoing",
        "overdue_from": overdue.isoformat(),
    }
    return Found(later(completion.earliest, years * YEAR), later(completion.latest, years * YEAR), data)


def overdue_from(completion: date, years: int) -> date:
    """The first day on which TrialsTracker calls results overdue: both its ways to count 30 days are over."""
    by_calendar = later(_years_after(completion, years), GRACE)
    by_days = later(completion, years * YEAR + GRACE)
    return later(max(by_calendar, by_days), timedelta(days=1))


def _years_after(day: date, years: int) -> date:
    """The same day one or three years later; of 29 February the 28th."""
    if day.year + years > date.max.year:
        return date.max
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day else day.day)


def completed(document: Document) -> PartialDate | None:
    """The completion that the rules go by: the primary one, else the other."""
    return date_of(date_at(document, "primaryCompletionDateStruct")) or date_of(
        date_at(document, "completionDateStruct")
    )


def applies(document: Document) -> str | None:
    """Say whether a trial is an applicable one, `act`, or probably one, `pact`; None for any other."""
    start, completion = date_of(date_at(document, "startDateStruct")), completed(document)
    if start is None or completion is None or not all(is_so(document) for is_so in _BOTH):
        return None
    flags = [at(document, flag) for flag in _FLAGS]
    if start.latest >= RULE_BEGAN:
        return "act" if True in flags else None
    is_probable = completion.latest >= RULE_BEGAN and (True in flags or flags == [None, None])
    return "pact" if is_probable and _acts_on(document) and _is_domestic(document) else None


def _is_of_a_purpose(document: Document) -> bool:
    return at(document, f"{_DESIGN}.designInfo.primaryPurpose") not in (None, "DEVICE_FEASIBILITY")


_BOTH: Final[tuple[Callable[[Document], bool], ...]] = (
    lambda document: at(document, f"{_DESIGN}.studyType") == "INTERVENTIONAL",
    lambda document: at(document, f"{_DESIGN}.phases") in PHASES,
    lambda document: status_of(document) != "WITHDRAWN",
    _is_of_a_purpose,
)
"""What an applicable trial and a probable one have in common."""


def _acts_on(document: Document) -> bool:
    return not INTERVENTIONS.isdisjoint(_each(document, f"{PROTOCOL}.armsInterventionsModule.interventions", "type"))


def _is_domestic(document: Document) -> bool:
    return not TERRITORY.isdisjoint(_each(document, f"{PROTOCOL}.contactsLocationsModule.locations", "country"))


def _each(document: Document, path: str, field: str) -> set[Any]:
    """A field of all items of a list, where it is a text."""
    items = at(document, path)
    found = (item.get(field) for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
    return {value for value in found if isinstance(value, str)}


def in_review(document: Document) -> str:
    """Say whether results were handed in: `submitted`, `cancelled` where all were taken back, `none`."""
    items = at(document, TRACKED)
    rounds = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    handed_in = [one for one in rounds if one.get("releaseDate")]
    if not handed_in:
        return "none"
    taken_back = (one.get("unreleaseDate") or one.get("unreleaseDateUnknown") for one in handed_in)
    return "cancelled" if all(taken_back) else "submitted"
