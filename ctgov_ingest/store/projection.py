"""The columns of the table `studies`, taken from a document."""

from __future__ import annotations

from typing import Any

from ctgov_ingest import jsontext

COLUMNS: dict[str, str] = {
    "brief_title": "protocolSection.identificationModule.briefTitle",
    "overall_status": "protocolSection.statusModule.overallStatus",
    "last_known_status": "protocolSection.statusModule.lastKnownStatus",
    "why_stopped": "protocolSection.statusModule.whyStopped",
    "study_type": "protocolSection.designModule.studyType",
    "phases": "protocolSection.designModule.phases",
    "conditions": "protocolSection.conditionsModule.conditions",
    "enrollment": "protocolSection.designModule.enrollmentInfo.count",
    "enrollment_type": "protocolSection.designModule.enrollmentInfo.type",
    "lead_sponsor": "protocolSection.sponsorCollaboratorsModule.leadSponsor.name",
    "start_date": "protocolSection.statusModule.startDateStruct.date",
    "primary_completion_date": "protocolSection.statusModule.primaryCompletionDateStruct.date",
    "completion_date": "protocolSection.statusModule.completionDateStruct.date",
    "first_posted": "protocolSection.statusModule.studyFirstPostDateStruct.date",
    "last_update_posted": "protocolSection.statusModule.lastUpdatePostDateStruct.date",
    "status_verified": "protocolSection.statusModule.statusVerifiedDate",
    "has_results": "hasResults",
}
"""Column of `studies` to the path that it shows."""

_PATHS = tuple(path.split(".") for path in COLUMNS.values())
_INTEGERS = frozenset({"enrollment", "has_results"})
_LARGEST = 2**63 - 1

Cell = str | int | None


def project(document: dict[str, Any]) -> list[Cell]:
    """The values of `COLUMNS`, in their order; a value of another type than its column's is left out of the table."""
    return [_cell(name, jsontext.value_at(document, path)) for name, path in zip(COLUMNS, _PATHS, strict=True)]


def _cell(name: str, value: Any) -> Cell:
    if name in _INTEGERS:
        return int(value) if isinstance(value, int) and abs(value) <= _LARGEST else None
    if isinstance(value, list):
        return jsontext.dumps(value).decode()
    return value if isinstance(value, str) else None
