"""Events of a record's presence, its status, its dates and its enrollment. The table is `events_table.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.seen import Data, Seen, Told, at
from ctgov_ingest.compare.when import days_between, direction, had_passed, months_between

STATUS: Final = "protocolSection.statusModule"
ENROLLMENT: Final = "protocolSection.designModule.enrollmentInfo"

OPEN: Final = frozenset({"RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "ENROLLING_BY_INVITATION"})
STOPPED: Final = frozenset({"SUSPENDED", "TERMINATED", "WITHDRAWN"})

OVERALL: Final = f"{STATUS}.overallStatus"
_WHY: Final = f"{STATUS}.whyStopped"

DATES: Final = {
    "start_moved": "startDateStruct",
    "primary_completion_moved": "primaryCompletionDateStruct",
    "completion_moved": "completionDateStruct",
}


def status(seen: Seen) -> Iterator[Told]:
    """One event for a change of the overall status, the one that says most; and one for another reason to stop."""
    overall = seen.under(OVERALL)
    why = seen.under(_WHY)
    if overall:
        told = [*overall, *why, *seen.under(f"{STATUS}.lastKnownStatus")]
        was, now = overall[0].old, overall[0].new
        yield Told(_status_name(was, now), {"from": was, "to": now, **_more(seen, now)}, told)
    elif why:
        yield Told("stop_reason_changed", {"status": at(seen.new, OVERALL), **_from_to(why[0])}, why)


def _status_name(was: Any, now: Any) -> str:
    names = (
        (now == "WITHHELD", "record_withheld"),
        (was == "WITHHELD", "record_returned"),
        (now == "UNKNOWN", "became_unknown"),
        (now in STOPPED, "stopped"),
        (was == "UNKNOWN" and now in OPEN, "revived"),
    )
    return next((name for is_so, name in names if is_so), "status_changed")


def _more(seen: Seen, now: Any) -> Data:
    """What stands beside a status: the reason to stop, or why it is unknown."""
    if now in STOPPED:
        return {"why": at(seen.new, _WHY)}
    if now == "UNKNOWN":
        completion = at(seen.new, f"{STATUS}.completionDateStruct.date")
        return {
            "last_known": at(seen.new, f"{STATUS}.lastKnownStatus"),
            "verified": at(seen.new, f"{STATUS}.statusVerifiedDate"),
            "completion": completion or at(seen.new, f"{STATUS}.primaryCompletionDateStruct.date"),
        }
    return {}


def dates(seen: Seen) -> Iterator[Told]:
    """One event for each of the study's dates that moved, came, went, or turned from planned to actual."""
    for name, struct in DATES.items():
        path = f"{STATUS}.{struct}"
        if changes := seen.under(path):
            yield Told(name, moved(at(seen.old, path), at(seen.new, path), seen.on), changes)


def moved(was: Any, now: Any, on: str | None) -> Data:
    """What a date did, from its old struct to its new one."""
    old, new = (struct.get("date") if isinstance(struct, dict) else None for struct in (was, now))
    return {
        "from": old,
        "to": new,
        "direction": direction(old, new),
        "days": days_between(old, new),
        "months": months_between(old, new),
        **_types(was, now),
        "had_passed": had_passed(old, on),
    }


def enrollment(seen: Seen) -> Iterator[Told]:
    """One event for the number of participants, its type or both."""
    if changes := seen.under(ENROLLMENT):
        was, now = at(seen.old, ENROLLMENT), at(seen.new, ENROLLMENT)
        old, new = (info.get("count") if isinstance(info, dict) else None for info in (was, now))
        difference = new - old if isinstance(old, int) and isinstance(new, int) else None
        data = {"from": old, "to": new, "difference": difference, **_types(was, now)}
        yield Told("enrollment_changed", data, changes)


def _types(was: Any, now: Any) -> Data:
    old, new = (struct.get("type") if isinstance(struct, dict) else None for struct in (was, now))
    return {"from_type": old, "to_type": new, "became_actual": new == "ACTUAL" and old != "ACTUAL"}


def _from_to(change: Change) -> Data:
    return {"from": change.old, "to": change.new}
