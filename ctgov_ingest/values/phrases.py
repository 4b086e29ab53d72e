"""Phrases that hold several values in one text, split by their closed forms: masking, phases, names,
outcomes, ids.

All of it is linear in the length of the text, whatever stands there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ctgov_ingest.study.vocabularies import ArmGroupType, InterventionType, Phase, SecondaryIdType
from ctgov_ingest.values.labels import spellings

NCT_ID = re.compile(r"NCT[0-9]{8}")


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def split_masking(text: str) -> tuple[str, list[str]]:
    """`Double (Participant, Investigator)` to its level and who is masked; `None (Open Label)` masks nobody."""
    text = text.strip()
    level, opening, inside = text.partition("(")
    if not opening or not text.endswith(")") or inside[:-1].strip().casefold() == "open label":
        return text, []
    return level.strip(), [who.strip() for who in inside[:-1].split(",") if who.strip()]


_PHASE = re.compile(rf"(?:{_alternatives(list(spellings(Phase)))})(?![\w/])", re.IGNORECASE)
_NOT_APPLICABLE = re.compile(r"\bN/A\b", re.IGNORECASE)
_BETWEEN_PHASES = re.compile(r"[/|,;]")


def split_phases(text: str) -> list[str]:
    """`Phase 1 Phase 2`, `Phase 1/Phase 2`, `Phase 2, Phase 3` to single phases; what is none stays whole."""
    plain = _BETWEEN_PHASES.sub(" ", _NOT_APPLICABLE.sub("Not Applicable", text))
    found = _PHASE.findall(plain)
    return found if found and not _PHASE.sub("", plain).strip() else [text.strip()]


_INTERVENTION_TYPES = _alternatives([member.label for member in InterventionType])
_NEXT_INTERVENTION = re.compile(rf"(?:^|(?<=\s))(?=(?:{_INTERVENTION_TYPES}):\s)")
_INTERVENTION = re.compile(rf"(?P<type>{_INTERVENTION_TYPES}):\s*(?P<name>\S.*)", re.DOTALL)


def split_interventions(text: str) -> list[str]:
    """`Drug: A Device: B` before each type of the closed list of types."""
    return [part.strip() for part in _NEXT_INTERVENTION.split(text) if part.strip()]


def split_intervention(text: str) -> tuple[str | None, str]:
    """`Drug: aspirin` to its type and name; without a known type, None and the whole text."""
    found = _INTERVENTION.fullmatch(text.strip())
    return (found["type"], found["name"]) if found else (None, text.strip())


_ARM = re.compile(rf"(?P<type>{_alternatives([member.label for member in ArmGroupType])})\s*:(?P<label>.*)", re.DOTALL)


def split_arm(text: str) -> tuple[str | None, str]:
    """`Experimental: High dose` to its type and label; without a known type, None and the whole text."""
    found = _ARM.fullmatch(text.strip())
    return (found["type"], found["label"].strip()) if found else (None, text.strip())


_TIME_FRAME = "[ Time Frame:"


class OutcomeLine(NamedTuple):
    """An outcome's line: measure, time frame, and what followed the bracket."""

    measure: str
    time_frame: str | None
    rest: str


def split_outcome(text: str) -> OutcomeLine:
    """`Survival [ Time Frame: 2 years ] rest`, by the last time frame: a measure may hold one itself."""
    start = text.rfind(_TIME_FRAME)
    end = _closing(text, start) if start >= 0 else -1
    if end < 0:
        return OutcomeLine(text.strip(), None, "")
    frame = text[start + len(_TIME_FRAME) : end].strip()
    return OutcomeLine(text[:start].strip(), frame or None, text[end + 1 :].strip())


_BRACKET = re.compile(r"[\[\]]")


def _closing(text: str, start: int) -> int:
    """Where the bracket that opens at `start` closes, or -1."""
    depth = 0
    for found in _BRACKET.finditer(text, start):
        depth += 1 if found[0] == "[" else -1
        if depth == 0:
            return found.start()
    return -1


_ID_TYPE = re.compile(
    rf"\(\s?(?P<type>{_alternatives([member.label for member in SecondaryIdType])})\s?(?=[:)])", re.IGNORECASE
)


def split_secondary_id(text: str) -> tuple[str, str | None, str | None]:
    """`62A15 ( Other Identifier: NCI )` to id, type label and domain.

    Told by the closed list of types, so that an id may hold parentheses; else by the site's own spacing.
    """
    text = text.strip()
    if not text.endswith(")"):
        return text, None, None
    if found := _ID_TYPE.search(text):
        domain = text[found.end() : -1].removeprefix(":").strip()
        return text[: found.start()].strip(), found["type"], domain or None
    number, opening, inside = text.rpartition(" ( ")
    if not opening:
        return text, None, None
    kind, _colon, domain = inside[:-1].partition(":")
    return number.strip(), kind.strip() or None, domain.strip() or None


class StatusLine(NamedTuple):
    """A recruitment status with what a page says beside it; what is not there is None."""

    status: str
    reason: str | None = None
    verified: str | None = None
    verified_by: str | None = None
    last_known: str | None = None


_VERIFIED = re.compile(r"(?:^|(?<=\s))Verified\s(?P<date>\w{3,9}\s\d{4})\sby\s", re.IGNORECASE)
_LAST_KNOWN = re.compile(r"Recruitment status was\s?:", re.IGNORECASE)


def split_status(text: str) -> StatusLine:
    """A status in one of its forms: `Completed`, `Terminated (slow accrual)`, or `Unknown` with what it was last.

    The last is `Unknown Verified November 2012 by Somebody. Recruitment status was: Recruiting`.
    """
    now, *was = _LAST_KNOWN.split(" ".join(text.split()), maxsplit=1)
    found = _VERIFIED.search(now)
    if found and now.count("(", 0, found.start()) != now.count(")", 0, found.start()):
        found = None  # within the parentheses of a reason
    status, opening, reason = (now[: found.start()] if found else now).strip().partition("(")
    whole = not opening or not reason.endswith(")")
    return StatusLine(
        f"{status}{opening}{reason}".strip() if whole else status.strip(),
        reason=None if whole else reason[:-1].strip() or None,
        verified=found["date"] if found else None,
        verified_by=now[found.end() :].strip().removesuffix(".") or None if found else None,
        last_known=was[0].strip() or None if was else None,
    )
