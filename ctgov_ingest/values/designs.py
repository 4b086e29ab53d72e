"""The design of a study in one cell, as pages of before 2017 have it, to its parts."""

from __future__ import annotations

import re
from typing import NamedTuple

from ctgov_ingest.study import vocabularies as v
from ctgov_ingest.values.labels import spellings

DESIGN_LABELS: dict[str, str] = {
    "allocation": "allocation",
    "intervention model": "interventionModel",
    "masking": "masking",
    "primary purpose": "primaryPurpose",
    "observational model": "observationalModel",
    "time perspective": "timePerspective",
    "endpoint classification": "",
    "control": "",
    "duration": "",
    "additional descriptors": "",
}
"""Labels within the cell, and the name of each in today's model; empty: today's model has no field for it."""

_WORDS: tuple[tuple[str, type[v.Vocabulary]], ...] = (
    ("allocation", v.DesignAllocation),
    ("interventionModel", v.InterventionalAssignment),
    ("primaryPurpose", v.PrimaryPurpose),
    ("observationalModel", v.ObservationalModel),
    ("timePerspective", v.DesignTimePerspective),
    ("masking", v.DesignMasking),
)
"""Vocabularies, for the form of before 2009: words without labels. `Other` and `N/A` tell nothing alone."""

_NOTHING_ALONE = frozenset({"other", "n/a", "na", "not applicable", "none"})

OLD_WORDS = frozenset(
    {
        *("placebo control", "active control", "uncontrolled", "historical control", "dose comparison"),
        *("efficacy study", "safety study", "safety/efficacy study", "bio-availability study", "bio-equivalence study"),
        *("pharmacokinetics study", "pharmacodynamics study", "pharmacokinetics/dynamics study"),
        *("longitudinal", "convenience sample", "random sample"),
    }
)
"""Words of the form without labels that today's model has no field for."""

_LABELLED = re.compile(rf"(?:^|[,;])\s*(?=(?:{'|'.join(DESIGN_LABELS)})\s*:)", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;]\s*(?![^(]*\))")


class Design(NamedTuple):
    """The parts of a design by their names in today's model, and the words that nobody knows."""

    parts: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


def split_design(lines: list[str]) -> Design:
    """Lines of the cell to parts: `Allocation: Randomized`, several in a line, or words without labels."""
    parts: list[tuple[str, str]] = []
    unknown: list[str] = []
    for text in (part.strip() for line in lines for part in _LABELLED.split(line) if part.strip()):
        label, colon, value = text.partition(":")
        key = label.strip().casefold()
        if colon and key in DESIGN_LABELS:
            parts += [(DESIGN_LABELS[key], value.strip())] if DESIGN_LABELS[key] and value.strip() else []
        else:
            found, left = _words(text)
            parts += found
            unknown += left
    return Design(tuple(parts), tuple(unknown))


def _words(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Words without labels: each is told by the vocabulary that has it."""
    found: list[tuple[str, str]] = []
    unknown: list[str] = []
    for word in (part.strip() for part in _BETWEEN.split(text) if part.strip()):
        name = _name(word)
        if name:
            found.append((name, word.removesuffix(" Study") if name == "timePerspective" else word))
        elif word.casefold() not in OLD_WORDS:
            unknown.append(word)
    return found, unknown


def _name(word: str) -> str | None:
    key = word.partition("(")[0].strip().casefold()
    if key in _NOTHING_ALONE:
        return None
    bare = key.removesuffix(" study")
    return next((name for name, words in _WORDS if bare in spellings(words)), None)
