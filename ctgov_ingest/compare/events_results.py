"""Events of results: handed in, returned, cancelled, posted, updated, delayed. The table is `events_table.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.events_status import STATUS
from ctgov_ingest.compare.paths import plain_path
from ctgov_ingest.compare.seen import Data, Seen, Told, at, fields_of
from ctgov_ingest.compare.when import Answer, days_between

_SECTION: Final = "resultsSection"
_POSTED: Final = f"{STATUS}.resultsFirstPostDateStruct"
_SHOWN: Final = (_SECTION, "hasResults", _POSTED)
_DELAYED: Final = (f"{STATUS}.dispFirstSubmitDate", f"{STATUS}.dispFirstPostDateStruct")
TRACKED: Final = "derivedSection.miscInfoModule.submissionTracking.submissionInfos"
_NOTED: Final = "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents"
_VIOLATIONS: Final = "annotationSection.annotationModule.violationAnnotation.violationEvents"

SUBMISSION: Final = {
    "results_submitted": ("releaseDate", "", "RELEASE"),
    "results_returned": ("resetDate", "", "RESET"),
    "results_cancelled": ("unreleaseDate", "unreleaseDateUnknown", "UNRELEASE"),
}
"""Each event's field in the tracking of submissions, the field that says that its date is unknown, its type in the
annotation: the registry tells the same in two places."""


def posted(seen: Seen) -> Iterator[Told]:
    """Results that came, went or changed."""
    had, has = has_results(seen.old), has_results(seen.new)
    changes = seen.under(*_SHOWN)
    if has and not had:
        yield Told("results_posted", _posting(seen), changes)
    elif had and not has:
        yield Told("results_removed", {}, changes)
    elif inside := seen.under(_SECTION):
        modules = Counter(plain_path(change.path).split(".")[1] for change in inside)
        yield Told("results_updated", {"modules": dict(sorted(modules.items()))}, inside)


def has_results(document: dict[str, Any]) -> bool:
    """Say whether a record shows results. A page that cannot show them tells the day on which they were posted."""
    return bool(document.get("hasResults") or document.get(_SECTION) or at(document, f"{_POSTED}.date"))


def had_results(seen: Seen) -> Answer:
    """Say whether results were shown before; unclear where the new version has them and the old page could not."""
    if has_results(seen.old):
        return "yes"
    return "no" if not has_results(seen.new) or seen.under(*_SHOWN) else "unclear"


def _posting(seen: Seen) -> Data:
    submitted, completion = at(seen.new, f"{STATUS}.resultsFirstSubmitDate"), _completion(seen)
    return {
        "submitted": submitted,
        "posted": at(seen.new, f"{_POSTED}.date"),
        "primary_completion": completion,
        "days_to_submission": days_between(completion, submitted),
    }


def _completion(seen: Seen) -> Any:
    primary = at(seen.new, f"{STATUS}.primaryCompletionDateStruct.date")
    return primary or at(seen.new, f"{STATUS}.completionDateStruct.date")


def submissions(seen: Seen) -> Iterator[Told]:
    """What happened to results before they were posted; each step once, though the registry tells it in two places."""
    steps: dict[tuple[str, str], list[Change]] = {}
    for name, date, change in chain(_tracked(seen), _noted(seen)):
        steps.setdefault((date or "", name), []).append(change)
    for (date, name), changes in sorted(steps.items(), key=lambda step: (step[0][0], _ORDER[step[0][1]])):
        yield Told(name, {"date": date or None}, changes)


_ORDER: Final = {name: place for place, name in enumerate(SUBMISSION)}
_Step = tuple[str, str | None, Change]


def _tracked(seen: Seen) -> Iterator[_Step]:
    """The steps that the tracking of submissions tells of: in a round that is new, and in one that went on."""
    for name, (field, unknown, _) in SUBMISSION.items():
        for change in seen.whole(TRACKED):
            if change.op == "added" and (change.new.get(field) or change.new.get(unknown)):
                yield name, change.new.get(field), change
        for edit in (edit for edits in seen.edits(TRACKED).values() for edit in edits):
            if edit.field in (field, unknown) and edit.change.op == "added":
                yield name, edit.change.new if edit.field == field else None, edit.change


def _noted(seen: Seen) -> Iterator[_Step]:
    """The steps that the annotation tells of."""
    names = {type_: name for name, (_, _, type_) in SUBMISSION.items()}
    for change in seen.whole(_NOTED):
        if change.op == "added" and change.new.get("type") in names:
            yield names[change.new["type"]], change.new.get("date"), change


def delayed(seen: Seen) -> Iterator[Told]:
    """A certification, or a request for more time."""
    changes = [change for change in seen.under(*_DELAYED) if change.old is None]
    if changes:
        yield Told("results_delayed", {"submitted": at(seen.new, _DELAYED[0])}, changes)


def notices(seen: Seen) -> Iterator[Told]:
    """What the FDA says of the duty to report."""
    for change in seen.whole(_VIOLATIONS):
        if change.op == "added":
            fields = ("type", "description", "creationDate", "issuedDate", "releaseDate", "postedDate")
            yield Told("violation_noted", {"notice": fields_of(change.new, fields)}, [change])
