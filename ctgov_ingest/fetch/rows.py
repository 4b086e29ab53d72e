"""The light sweep: a search for a few fields of each study, which tell whether it moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ctgov_ingest.fetch.whole import json_value

_ID = "protocolSection.identificationModule"
_STATUS = "protocolSection.statusModule"

_COLUMNS: dict[str, tuple[str, str]] = {
    "nct_id": ("NCTId", f"{_ID}.nctId"),
    "aliases": ("NCTIdAlias", f"{_ID}.nctIdAliases"),
    "overall_status": ("OverallStatus", f"{_STATUS}.overallStatus"),
    "last_known_status": ("LastKnownStatus", f"{_STATUS}.lastKnownStatus"),
    "status_verified": ("StatusVerifiedDate", f"{_STATUS}.statusVerifiedDate"),
    "last_update_submitted": ("LastUpdateSubmitDate", f"{_STATUS}.lastUpdateSubmitDate"),
    "last_update_posted": ("LastUpdatePostDate", f"{_STATUS}.lastUpdatePostDateStruct.date"),
    "results_first_submitted": ("ResultsFirstSubmitDate", f"{_STATUS}.resultsFirstSubmitDate"),
    "results_first_posted": ("ResultsFirstPostDate", f"{_STATUS}.resultsFirstPostDateStruct.date"),
    "has_results": ("HasResults", "hasResults"),
}
"""The fields of a row: the registry's name to ask with, and where the answer has it."""

FIELDS = tuple(piece for piece, _ in _COLUMNS.values())


@dataclass(frozen=True, slots=True)
class Row:
    """What the sweep tells of a study. Dates are as the registry writes them; None where it has none."""

    nct_id: str
    aliases: tuple[str, ...]
    overall_status: str | None
    last_known_status: str | None
    status_verified: str | None
    last_update_submitted: str | None
    last_update_posted: str | None
    results_first_submitted: str | None
    results_first_posted: str | None
    has_results: bool


_PATHS = {name: path.split(".") for name, (_, path) in _COLUMNS.items()}


def rows(body: bytes) -> Iterator[Row]:
    """The rows of a page that was asked for `FIELDS`."""
    for study in json_value(body)["studies"]:
        values = {name: _at(study, path) for name, path in _PATHS.items()}
        yield Row(**values | {"aliases": tuple(values["aliases"] or ()), "has_results": bool(values["has_results"])})


def _at(node: Any, path: list[str]) -> Any:
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return node
