"""Outcome measures: each with its time frame and description."""

from __future__ import annotations

from ctgov_ingest.sources.content import Content, Text, markdown
from ctgov_ingest.sources.pieces import Piece
from ctgov_ingest.sources.record import RawRecord, RawTree, group
from ctgov_ingest.sources.study_arms import head
from ctgov_ingest.sources.study_fields import OUTCOMES
from ctgov_ingest.sources.study_labels import OUTCOME_LABELS, label_key
from ctgov_ingest.values.phrases import split_outcome

SHOWN = tuple(
    f"{OUTCOMES}.{name}.{field}"
    for name in dict.fromkeys(OUTCOME_LABELS.values())
    for field in ("measure", "description", "timeFrame")
)
"""The paths that this part fills."""


def read_outcomes(record: RawRecord, piece: Piece) -> None:
    """A row an outcome; under a heading that is lost they are taken as primary, and an issue says so."""
    name = OUTCOME_LABELS.get(label_key(piece.label), "primaryOutcomes")
    path = f"{OUTCOMES}.{name}"
    if label_key(piece.label) not in OUTCOME_LABELS:
        message = "the heading of this list of outcomes is lost: taken as primary, the kind that comes first"
        record.issue("inferred", message, path, piece.label or None, piece.place)
    record.put_all(path, [_outcome(row[0], piece.place) for row in piece.rows])


_SAFETY_ISSUE = "[ Designated as safety issue:"


def without_safety_issue(text: str) -> str:
    """An outcome without `[ Designated as safety issue: No ]` at its end, which today's model has no field for."""
    at = text.rfind(_SAFETY_ISSUE)
    return text[:at].rstrip() if at >= 0 and text.find("]", at) == len(text) - 1 else text


def _outcome(cell: Content, place: str) -> RawTree:
    text, rest = head(cell)
    parts = split_outcome(without_safety_issue(text))
    more = (Text(parts.rest),) if parts.rest else ()
    return group(
        {
            "measure": parts.measure,
            "description": markdown((*more, *rest)),
            "timeFrame": parts.time_frame,
        },
        place,
    )
