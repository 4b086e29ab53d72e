"""Texts as words: what two texts have in common, and how much that says.

Short names of the registry (outcomes, arms, drugs, sites) are alike in ways that measures of letters do not see:
"systolic" and "diastolic" share most of their letters and name two outcomes; "QCT" and "quantitative computerized
tomography (QCT)" share few and name one. So texts are taken as sets of words. Words that stand in every second
name weigh little (`LIGHT`). Marks, which tell one of a series from the next (numbers and what has a digit, single
capitals, Roman numbers: Arm A, Part 2, CD4, hepatitis C), are kept apart, and so are times ("at 6 and 12 weeks"): a
time frame may move without the outcome becoming another one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple


def _stem(word: str) -> str:
    """Without the s of the plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


_LIGHT = """
    a an the of to in on at by for with and or from as is are was were be been per during between within
    until up than that this these those any all each via both their its other versus vs if who which when
    assess assessed assessment evaluate evaluated evaluation determine determined determination measure measured
    measurement define defined compare compared comparison comparing examine analyze analysis investigate estimate
    describe explore characterize achieve achieving develop experience experiencing report reported observe observed
    use used using based according
    change difference mean median average number percentage percent proportion rate incidence frequency occurrence
    time score scale total level value measures outcome endpoint primary secondary exploratory efficacy effect
    participant patient subject people individual study trial treatment therapy baseline end follow-up follow visit
    arm group cohort part stage phase stratum regimen sequence period comparator experimental active intervention
    control dose tablet capsule injection
    hospital university center centre clinic clinical medical institute institution research investigative
    investigational site facility department health
    """

LIGHT: Final[frozenset[str]] = frozenset(map(_stem, _LIGHT.split()))
"""Words that say little about which item is meant."""

LIGHTLY: Final = 0.25

TITLES: Final = frozenset(["dr", "md", "phd", "prof", "professor", "msc", "mph", "pharmd", "mr", "mrs", "ms"])
"""What stands before and behind the names of people, and says nothing at all."""

_NAMELESS = """
    a the arm group cohort part stage phase stratum sequence
    clinical research site local institution investigative investigational
"""

NAMELESS: Final = frozenset(_NAMELESS.split())
"""Words of which a name may be made that names nothing: Arm A, Research Site, Local Institution 0012."""

NEGATIONS: Final = frozenset({"not", "no", "non", "none", "without", "never"})
SHAMS: Final = frozenset({"placebo", "sham", "mock", "dummy", "vehicle"})

_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|wks?|months?|mos?|years?|yrs?|cycles?|visits?)"
_NUMBER = r"\d+(?:[.,]\d+)?"
_NUMBERS = rf"{_NUMBER}(?:(?:\s*[,&/–-]\s*|\s*,?\s+(?:and|or|to)\s+){_NUMBER})*"
_TIME = re.compile(rf"\b(?:{_NUMBERS}[\s-]*{_UNIT}|{_UNIT}\s+{_NUMBERS})\b", re.IGNORECASE)
_LIST_MARK = re.compile(r"^\s*(?:[-*+•]|\(?\d{1,2}[.)])\s+")
_LETTERS = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
_ROMAN = re.compile(r"[IVX]{2,5}")
_EITHER = re.compile(r"\b(\d+)/(\d+)([a-zA-Z]+)")


_JOINT = re.compile(r"\+|(?<=[^\W\d])/(?=[^\W\d])|\b(?:and|with|plus|then|followed)\b", re.IGNORECASE)


class Words(NamedTuple):
    """A text as words, marks of a series, and times; `order`: words and marks as they follow; `joints`: its "and"s."""

    words: frozenset[str]
    marks: frozenset[str]
    times: frozenset[str]
    order: tuple[str, ...]
    joints: int


@lru_cache(maxsize=512)
def words_of(text: str) -> Words:
    """Take a text apart. Escapes of markdown, list marks and the case of letters do not count."""
    text = _EITHER.sub(r"\1\3 \2\3", _LIST_MARK.sub("", text.replace("\\", "")))  # 2/3L is 2L and 3L
    times = frozenset(" ".join(found.casefold().split()) for found in _TIME.findall(text))
    words: set[str] = set()
    marks: set[str] = set()
    order: list[str] = []
    for place, word in enumerate(_tokens(_TIME.sub(" ", text))):
        order.append(_stem(word.casefold()))
        (marks if _is_mark(word, place) else words).add(order[-1])
    return Words(frozenset(words), frozenset(marks), times, tuple(dict.fromkeys(order)), len(_JOINT.findall(text)))


def _tokens(text: str) -> list[str]:
    """Words, with hyphens inside where there is a digit: IL-6 is one, beta-cell is two."""
    found: list[str] = []
    for token in _WORD.findall(text):
        if any(map(str.isdecimal, token)):
            found.append(token)
        else:
            found += re.split(r"[-.]", token)
    return found


def _is_mark(word: str, place: int) -> bool:
    if any(map(str.isdecimal, word)):
        return True
    is_letter = len(word) == 1 and word.isupper() and (place > 0 or word != "A")
    return is_letter or _ROMAN.fullmatch(word) is not None


def flat(text: str) -> str:
    """The letters and digits alone, for texts that differ in nothing but case, signs, spaces and list marks."""
    return "".join(_LETTERS.findall(_LIST_MARK.sub("", text.replace("\\", "")).casefold()))


def weight(word: str) -> float:
    """How much a word says by itself."""
    return 0.0 if word in TITLES else LIGHTLY if word in LIGHT else 1.0


def names(words: Words) -> bool:
    """Say whether a text names something: by a word, or by a code that is more than a number."""
    codes = (mark for mark in words.marks if len(mark) > 3 and mark[0].isalpha())
    return not words.words <= NAMELESS or any(codes)


def is_telling(word: str) -> bool:
    """Whether a word says by itself which item is meant."""
    return word not in LIGHT and word not in TITLES
