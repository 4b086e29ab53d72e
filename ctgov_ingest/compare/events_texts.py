"""Events of titles, sponsor, design, descriptions and eligibility. The table is `events_table.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Final

from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.eligibility import criteria_changes
from ctgov_ingest.compare.seen import Data, Seen, Told, as_edit
from ctgov_ingest.compare.texts import text_changes

_PROTOCOL: Final = "protocolSection"
_IDENTIFICATION: Final = f"{_PROTOCOL}.identificationModule"
_SPONSORS: Final = f"{_PROTOCOL}.sponsorCollaboratorsModule"
_DESIGN: Final = f"{_PROTOCOL}.designModule"
_ELIGIBILITY: Final = f"{_PROTOCOL}.eligibilityModule"

FIELDS: Final = {
    "title_changed": tuple(f"{_IDENTIFICATION}.{name}" for name in ("briefTitle", "officialTitle", "acronym")),
    "sponsor_changed": (f"{_SPONSORS}.leadSponsor", f"{_IDENTIFICATION}.organization"),
    "responsible_party_changed": (f"{_SPONSORS}.responsibleParty",),
    "design_changed": tuple(
        f"{_DESIGN}.{name}" for name in ("studyType", "phases", "designInfo", "patientRegistry", "targetDuration")
    ),
    "data_sharing_changed": (f"{_PROTOCOL}.ipdSharingStatementModule",),
}
"""Events that tell of some fields, each with its edits."""


def fields(seen: Seen) -> Iterator[Told]:
    """One event for each group of `FIELDS` in which something changed."""
    for name, paths in FIELDS.items():
        if changes := seen.under(*paths):
            yield Told(name, {"edits": _edits(changes)}, changes)


def descriptions(seen: Seen) -> Iterator[Told]:
    """What was edited in summary and description, sentence by sentence."""
    if changes := seen.under(f"{_PROTOCOL}.descriptionModule"):
        data = {
            _name(change): [
                {"op": one.op, "old": one.old, "new": one.new}
                for one in text_changes(change.old or "", change.new or "")
            ]
            for change in changes
            if all(isinstance(text, str | None) for text in (change.old, change.new))
        }
        yield Told("description_changed", {"sentences": data}, changes)


def eligibility(seen: Seen) -> Iterator[Told]:
    """What was edited in who may take part, the criteria item by item."""
    changes = seen.under(_ELIGIBILITY)
    if not changes:
        return
    texts = [change for change in changes if _name(change) == "eligibilityCriteria"]
    criteria = [
        asdict(one)
        for change in texts
        if all(isinstance(text, str | None) for text in (change.old, change.new))
        for one in criteria_changes(change.old or "", change.new or "")
    ]
    others = [change for change in changes if change not in texts]
    data = {"edits": _edits(others), "criteria": criteria, "layout_only": bool(texts) and not (criteria or others)}
    yield Told("eligibility_changed", data, changes)


def _edits(changes: Iterable[Change]) -> list[Data]:
    return [as_edit(change.path.split(".", 2)[2], change) for change in changes]


def _name(change: Change) -> str:
    return change.path.rpartition(".")[2]
