"""A study's outcomes as rows: what happened to each, how far the study was then, and whether it was reported.

When something happened is known as bounds: after the day on which the version before was last known to stand, and by
the day of the version with which it came. So it is before or after the study's start only where both bounds are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ctgov_ingest.compare.events_results import has_results
from ctgov_ingest.compare.events_status import STATUS
from ctgov_ingest.compare.outcome_lives import (
    KINDS,
    Document,
    Item,
    Life,
    Lists,
    Reported,
    Snapshot,
    Step,
    StepName,
    lives_of,
    paired,
)
from ctgov_ingest.compare.seen import at
from ctgov_ingest.compare.when import date_of, days_between, had_passed

EventName = Literal["kept", "reworded", "added", "removed", "promoted", "demoted", "not registered"]
When = Literal["before", "after", "unclear"]

TELLING: Final[tuple[StepName, ...]] = ("removed", "promoted", "demoted", "added", "reworded")
"""What is told of an outcome to which several things happened, the most telling first."""

_MEASURES: Final = "resultsSection.outcomeMeasuresModule.outcomeMeasures"
_TYPES: Final = {
    "PRIMARY": "primaryOutcomes",
    "SECONDARY": "secondaryOutcomes",
    "OTHER_PRE_SPECIFIED": "otherOutcomes",
    "POST_HOC": "postHoc",
}
_REPORTED_AS: Final = {**KINDS, "postHoc": "post-hoc"}


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A row of the table: an outcome, what happened to it, and when. docs/outcomes.md says what the fields are."""

    kind: str
    measure: str | None
    time_frame: str | None
    event: EventName
    date: str | None
    not_before: str | None
    version: int | None
    edited: tuple[str, ...]
    first_kind: str | None
    first_measure: str | None
    first_time_frame: str | None
    first_version: int | None
    first_date: str | None
    last_version: int | None
    last_date: str | None
    start: str | None
    from_start: When | None
    days_from_start: int | None
    primary_completion: str | None
    from_primary_completion: When | None
    days_from_primary_completion: int | None
    results_posted: str | None
    from_results: When | None
    days_from_results: int | None
    reported: Reported
    reported_as: str | None
    reported_title: str | None
    steps: tuple[dict[str, Any], ...]


def outcomes(versions: Sequence[Snapshot]) -> list[OutcomeRow]:
    """Tell of each outcome of a study, in the order in which they came; the versions in theirs, at least one."""
    lives = lives_of(versions)
    latest = versions[-1].document
    extra = _report(lives, latest)
    return [_row(life, latest) for life in lives] + [_unregistered(item, kind, latest) for kind, item in extra]


# Results


def _report(lives: Iterable[Life], latest: Document) -> list[tuple[str, Item]]:
    """Say of each outcome whether it was reported; gives what was reported and is no registered outcome."""
    living = [life for life in lives if not any(step.event == "removed" for step in life.steps)]
    if not has_results(latest):
        return []
    reported = _reported(latest)
    for life in lives:
        life.reported = "no" if reported else "unclear"
    registered = {name: [life for life in living if life.kind == kind] for name, kind in KINDS.items()}
    pairs = paired({name: [life.item for life in some] for name, some in registered.items()}, reported)
    for (name, place), (list_, at_) in pairs.items():
        life = registered[name][place]
        life.reported, life.reported_as = "yes", _REPORTED_AS[list_]
        life.reported_title = reported[list_][at_].get("measure")
    taken = set(pairs.values())
    return [
        (_REPORTED_AS[name], item)
        for name, items in reported.items()
        for place, item in enumerate(items)
        if (name, place) not in taken
    ]


def _reported(document: Document) -> Lists:
    """The outcomes in posted results, by the list in which their kind is registered; {} where none are shown."""
    found: Lists = {}
    items = at(document, _MEASURES)
    for one in items if isinstance(items, list) else ():
        if isinstance(one, dict) and one.get("type") in _TYPES:
            item = {"measure": one.get("title"), "timeFrame": one.get("timeFrame")}
            found.setdefault(_TYPES[one["type"]], []).append({key: text for key, text in item.items() if text})
    return found


# Rows


def _row(life: Life, latest: Document) -> OutcomeRow:
    step = _telling(life.steps)
    version = step.version if step else life.first
    return OutcomeRow(
        kind=life.kind,
        measure=life.item.get("measure"),
        time_frame=life.item.get("timeFrame"),
        event=step.event if step else "kept",
        date=version.date,
        not_before=version.not_before,
        version=version.number,
        edited=step.edited if step else (),
        first_kind=life.first_kind,
        first_measure=life.first_item.get("measure"),
        first_time_frame=life.first_item.get("timeFrame"),
        first_version=life.first.number,
        first_date=life.first.date,
        last_version=life.last.number,
        last_date=life.last.date,
        **_against(version.document, latest, version),
        reported=life.reported,
        reported_as=life.reported_as,
        reported_title=life.reported_title,
        steps=tuple(_as_json(step) for step in life.steps),
    )


def _telling(steps: Sequence[Step]) -> Step | None:
    """The last of the most telling steps."""
    ordered = (step for name in TELLING for step in reversed(steps) if step.event == name)
    return next(ordered, None)


def _as_json(step: Step) -> dict[str, Any]:
    when = {"version": step.version.number, "date": step.version.date, "not_before": step.version.not_before}
    return {"event": step.event, **when, "edited": list(step.edited)}


def _unregistered(item: Item, kind: str, latest: Document) -> OutcomeRow:
    """A row of what was reported and is no registered outcome."""
    none = dict.fromkeys(
        (
            *("date", "not_before", "version", "first_kind", "first_measure", "first_time_frame"),
            *("first_version", "first_date", "last_version", "last_date"),
        )
    )
    return OutcomeRow(
        kind=kind,
        measure=item.get("measure"),
        time_frame=item.get("timeFrame"),
        event="not registered",
        edited=(),
        **none,
        **_against(latest, latest, None),
        reported="yes",
        reported_as=kind,
        reported_title=item.get("measure"),
        steps=(),
    )


_DATES: Final = {
    "start": ("start", f"{STATUS}.startDateStruct.date"),
    "primary_completion": ("primary_completion", f"{STATUS}.primaryCompletionDateStruct.date"),
    "results_posted": ("results", f"{STATUS}.resultsFirstPostDateStruct.date"),
}


def _against(document: Document, latest: Document, version: Snapshot | None) -> dict[str, Any]:
    """A version's day against the study's dates: as that version has them, else the latest."""
    return {key: value for name in _DATES for key, value in _one_against(name, document, latest, version)}


def _one_against(
    name: str, document: Document, latest: Document, version: Snapshot | None
) -> Iterator[tuple[str, Any]]:
    short, path = _DATES[name]
    day = at(document, path) or at(latest, path)
    day = day if date_of(day) else None
    is_sure = version is not None and version.not_before == version.date
    yield name, day
    yield f"from_{short}", _when(day, version)
    yield f"days_from_{short}", days_between(day, version.date) if version and is_sure else None


def _when(day: Any, version: Snapshot | None) -> When | None:
    """Say whether what a version changed happened before a day of the study or after it; on the day itself: before."""
    if version is None or day is None:
        return None
    if had_passed(day, version.date) == "no":
        return "before"
    return "after" if version.not_before and had_passed(day, version.not_before) == "yes" else "unclear"
