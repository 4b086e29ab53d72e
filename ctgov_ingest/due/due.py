"""A document and a day to what is due by then."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from ctgov_ingest.compare.seen import at
from ctgov_ingest.due.model import Document
from ctgov_ingest.due.rules import RULES

State = Literal["soon", "now", "late"]


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due of a study.

    `earliest`, `latest`: the days between which it is; one day where it is known. `days_left`: from the asked day to
    `latest`, negative where that has passed. `state`: soon, now (between both days, or on them), late.
    """

    nct_id: str
    kind: str
    earliest: str
    latest: str
    days_left: int
    state: State
    data: dict[str, Any]


def due(document: Document, on: date, within: int = 0, kinds: Collection[str] = tuple(RULES)) -> list[Due]:
    """Tell what is due of a study on a day, or may be within so many days after it."""
    nct_id = str(at(document, "protocolSection.identificationModule.nctId"))
    found = ((kind, RULES[kind].find(document, on)) for kind in RULES if kind in kinds)
    until = on + timedelta(days=within)
    return [
        Due(
            nct_id,
            kind,
            one.earliest.isoformat(),
            one.latest.isoformat(),
            (one.latest - on).days,
            "soon" if on < one.earliest else "now" if on <= one.latest else "late",
            one.data,
        )
        for kind, one in found
        if one is not None and one.earliest <= until
    ]
