"""The design of a study as it was written before 2017: masking, and the whole design in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctgov_ingest.sources.study_fields import DESIGN_INFO
from ctgov_ingest.study.vocabularies import WhoMasked
from ctgov_ingest.values.labels import spellings
from ctgov_ingest.values.phrases import split_masking

Parts = Iterator[tuple[str, str]]
"""Texts with the paths that they stand for."""


def masking(text: str) -> Parts:
    """`Double (Participant, Investigator)`; some files say only who is masked."""
    level, who = split_masking(text)
    names = [name.strip() for name in level.split(",")]
    if all(name.casefold() in spellings(WhoMasked) for name in names):
        who = names
    if who:  # today the level is how many are masked; `Double Blind` was said of any number until 2017
        level = _LEVELS[min(len(who), len(_LEVELS)) - 1]
    yield f"{DESIGN_INFO}.maskingInfo.masking", level
    for name in who:
        yield f"{DESIGN_INFO}.maskingInfo.whoMasked", name


_LEVELS = ("Single", "Double", "Triple", "Quadruple")

_DESIGN_PART = re.compile(r"(?:^|,)\s*(?=[A-Z][\w ]{3,30}:)")
_DESIGN_PARTS = {
    "allocation": "allocation",
    "intervention model": "interventionModel",
    "primary purpose": "primaryPurpose",
    "observational model": "observationalModel",
    "time perspective": "timePerspective",
}
_RETIRED_PARTS = {"endpoint classification"}
"""Asked for until 2017; today's model has no field for it."""


def study_design(text: str) -> Parts:
    """The design in one line, as before 2017: `Allocation: Randomized, Masking: Open Label, …`, or `N/A`."""
    if text.strip().upper() == "N/A":
        return
    for part in _DESIGN_PART.split(text):
        name, _colon, value = part.partition(":")
        key = name.strip().casefold()
        if key == "masking":
            yield from masking(value)
        elif key in _DESIGN_PARTS:
            yield f"{DESIGN_INFO}.{_DESIGN_PARTS[key]}", value
        elif part.strip() and key not in _RETIRED_PARTS:
            raise ValueError(f"expected parts such as 'Allocation: Randomized', found {part[:80]!r}")
