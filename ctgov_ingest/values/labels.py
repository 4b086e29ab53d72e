"""Labels of the registry's vocabularies, today's and former spellings, to members."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeVar

from ctgov_ingest.study import vocabularies as v

V = TypeVar("V", bound=v.Vocabulary)

FORMER_SPELLINGS: dict[type[v.Vocabulary], dict[str, v.Vocabulary]] = {
    v.Status: {
        "Unknown": v.Status.UNKNOWN,
        "Active, not recruiting participants": v.Status.ACTIVE_NOT_RECRUITING,
        "No longer recruiting": v.Status.ACTIVE_NOT_RECRUITING,
        "Available for expanded access": v.Status.AVAILABLE,
        "No longer available for expanded access": v.Status.NO_LONGER_AVAILABLE,
        "Temporarily not available for expanded access": v.Status.TEMPORARILY_NOT_AVAILABLE,
    },
    v.AgencyClass: {"U.S. Fed": v.AgencyClass.FED},
    v.ObservationalModel: {"Case Control": v.ObservationalModel.CASE_CONTROL},
    v.RecruitmentStatus: {"No longer recruiting": v.RecruitmentStatus.ACTIVE_NOT_RECRUITING},
    v.DateType: {"Anticipated": v.DateType.ESTIMATED, "Estimate": v.DateType.ESTIMATED},
    v.EnrollmentType: {"Anticipated": v.EnrollmentType.ESTIMATED},
    v.StudyType: {"Interventional (Clinical Trial)": v.StudyType.INTERVENTIONAL},
    v.Phase: {
        "N/A": v.Phase.NA,
        "Phase 0": v.Phase.EARLY_PHASE1,
        "I": v.Phase.PHASE1,
        "II": v.Phase.PHASE2,
        "III": v.Phase.PHASE3,
        "IV": v.Phase.PHASE4,
    },
    v.DesignAllocation: {"Not Applicable": v.DesignAllocation.NA},
    v.DesignMasking: {
        "None": v.DesignMasking.NONE,
        "Open Label": v.DesignMasking.NONE,
        "No masking": v.DesignMasking.NONE,
        "Single Blind": v.DesignMasking.SINGLE,
        "Double Blind": v.DesignMasking.DOUBLE,
        "Double-Blind": v.DesignMasking.DOUBLE,
    },
    v.WhoMasked: {"Subject": v.WhoMasked.PARTICIPANT, "Caregiver": v.WhoMasked.CARE_PROVIDER},
    v.InterventionType: {
        "Behavior": v.InterventionType.BEHAVIORAL,
        "Compound Product": v.InterventionType.COMBINATION_PRODUCT,
        "Biological/Vaccine": v.InterventionType.BIOLOGICAL,
        "Procedure/Surgery": v.InterventionType.PROCEDURE,
    },
    v.SecondaryIdType: {"US NIH Grant Number": v.SecondaryIdType.NIH},
    v.Sex: {"Both": v.Sex.ALL},
    v.StandardAge: {"Senior": v.StandardAge.OLDER_ADULT},
}
"""Spellings that a vocabulary's own labels no longer have (registry's XSD change notes; pages of 2017 to
2023).
"""

_GAPS = re.compile(r"[\s\u00a0]+")


def _key(text: str) -> str:
    return _GAPS.sub(" ", text).strip().casefold()


@cache
def spellings(vocabulary: type[V]) -> dict[str, V]:
    """All spellings of a vocabulary in folded form: its values, its labels, its former spellings."""
    table = {_key(member.value): member for member in vocabulary}
    table |= {_key(member.label): member for member in vocabulary}
    former = FORMER_SPELLINGS.get(vocabulary, {})
    return table | {_key(text): vocabulary(member.value) for text, member in former.items()}


def parse_label(vocabulary: type[V], text: str) -> V:
    """The member that a label, a value or a former spelling names; case and white space do not matter.

    Raises ValueError with the labels that exist.
    """
    table: dict[str, V] = spellings(vocabulary)
    try:
        return table[_key(text)]
    except KeyError:
        known = ", ".join(repr(member.label) for member in vocabulary)
        raise ValueError(f"expected one of {known}, found {text[:80]!r}") from None
