"""Phrases that hold several values in one text, split by their closed forms: masking, phases, ids, addresses, contacts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ctgov_ingest.study.vocabularies import InterventionType, Phase
from ctgov_ingest.values.labels import spellings

NCT_ID = re.compile(r"NCT\d{8}", re.ASCII)

_IN_PARENTHESES = re.compile(r"(?P<head>[^(]*)\((?P<inside>.*)\)\s*", re.DOTALL)


def split_masking(text: str) -> tuple[str, list[str]]:
    """`Double (Participant, Investigator)` to its level and who is masked; `None (Open Label)` masks nobody."""
    found = _IN_PARENTHESES.fullmatch(text.strip())
    if not found or found["inside"].casefold() == "open label":
        return text.strip(), []
    return found["head"].strip(), [who.strip() for who in found["inside"].split(",")]


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_PHASE = re.compile(rf"(?:{_alternatives(list(spellings(Phase)))})(?![\w/])", re.IGNORECASE)


def split_phases(text: str) -> list[str]:
    """`Phase 1 Phase 2`, `Phase 1/Phase 2`, `Phase 2, Phase 3` to single phases; what is none of these stays whole."""
    phases = [part for chunk in re.split(r"[/|,;]", _protect_na(text)) for part in _PHASE.findall(chunk)]
    left = _PHASE.sub("", re.sub(r"[/|,;]", " ", _protect_na(text))).strip()
    return phases if phases and not left else [text.strip()]


def _protect_na(text: str) -> str:
    return re.sub(r"\bN/A\b", "Not Applicable", text, flags=re.IGNORECASE)


_TYPE_LABELS = [member.label for member in InterventionType]
_INTERVENTION = re.compile(rf"(?:^|(?<=\s))(?=(?:{_alternatives(_TYPE_LABELS)}):\s)")
_TYPED = re.compile(rf"(?P<type>{_alternatives(_TYPE_LABELS)}):\s*(?P<name>.+)", re.DOTALL)


def split_interventions(text: str) -> list[str]:
    """`Drug: A Device: B` before each type of the closed list of types."""
    return [part.strip() for part in _INTERVENTION.split(text) if part.strip()]


def split_intervention(text: str) -> tuple[str | None, str]:
    """`Drug: aspirin` to its type and name; without a known type, None and the whole text."""
    found = _TYPED.fullmatch(text.strip())
    return (found["type"], found["name"].strip()) if found else (None, text.strip())


_TIME_FRAME = "[ Time Frame:"


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An outcome's line: measure, time frame, and what followed the bracket."""

    measure: str
    time_frame: str | None
    rest: str


def split_outcome(text: str) -> OutcomeLine:
    """`Survival [ Time Frame: 2 years ] rest`, by the last time frame: a measure may hold brackets of its own."""
    start = text.rfind(_TIME_FRAME)
    end = _closing(text, start)
    if start < 0 or end < 0:
        return OutcomeLine(text.strip(), None, "")
    frame = text[start + len(_TIME_FRAME) : end].strip()
    return OutcomeLine(text[:start].strip(), frame or None, text[end + 1 :].strip())


def _closing(text: str, start: int) -> int:
    depth = 0
    for at in range(max(start, 0), len(text)):
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return -1


_SECONDARY_ID = re.compile(
    r"(?P<id>.*?)\s*\(\s*(?P<type>[^():]+?)\s*(?::\s*(?P<domain>.*?))?\s*\)", re.DOTALL
)


def split_secondary_id(text: str) -> tuple[str, str | None, str | None]:
    """`62A15 ( Other Identifier: NCI )` to id, type label and domain."""
    found = _SECONDARY_ID.fullmatch(text.strip())
    return (found["id"], found["type"], found["domain"]) if found else (text.strip(), None, None)


_EMAIL = re.compile(r"\s*(?P<email>[^\s@]+@[^\s@]+\.[^\s@]+)\s*$")
_PHONE = re.compile(
    r"(?:^|\s)(?P<phone>\(?\+?\(?\d[\d\s().+/-]{4,}?)(?:\s*(?:ext\.?|x)\s*:?\s*(?P<ext>[\w-]+))?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact in one line; what is not there is None."""

    name: str | None
    phone: str | None
    extension: str | None
    email: str | None


def split_contact(text: str) -> ContactLine:
    """`Jane Roe, MD 555-0100 ext 12 jane@example.org` to its parts, read from the right."""
    email = _EMAIL.search(text)
    text = text[: email.start()] if email else text
    phone = _PHONE.search(text)
    text = text[: phone.start()] if phone else text
    return ContactLine(
        name=text.strip(" ,;") or None,
        phone=phone["phone"].strip() if phone else None,
        extension=phone["ext"] if phone else None,
        email=email["email"] if email else None,
    )


@dataclass(frozen=True, slots=True)
class Address:
    """Where a site is; what is not there is None."""

    city: str | None
    state: str | None
    zip: str | None
    country: str


def split_address(text: str, group: str) -> Address | None:
    """`Nanjing, Jiangsu, China, 210008` by its group heading `China, Jiangsu`; None when the two do not fit.

    Countries may hold commas (`Korea, Republic of`), so the heading's parts are tried as country and state until the
    address holds state and country side by side.
    """
    heads, parts = _parts(group), _parts(text)
    for cut in range(len(heads), 0, -1):
        run = heads[cut:] + heads[:cut]
        for at in range(len(parts) - len(run), -1, -1):
            if parts[at : at + len(run)] == run:
                return Address(
                    city=", ".join(parts[:at]) or None,
                    state=", ".join(heads[cut:]) or None,
                    zip=", ".join(parts[at + len(run) :]) or None,
                    country=", ".join(heads[:cut]),
                )
    return None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
