"""Headings in eligibility texts: which line opens an inclusion or an exclusion part, how far it goes.

Three sorts are known. A *title* names the part ("Key Exclusion Criteria:", "INCLUSION CRITERIA - DONOR:").
A *sentence* ends with a colon and says whether what follows makes eligible ("Patients are excluded if:").
A *topic* heads a part without saying which ("DISEASE CHARACTERISTICS:").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Literal

Kind = Literal["inclusion", "exclusion", "unspecified"]


_KINDS: tuple[Kind, ...] = ("inclusion", "exclusion")


class Sort(Enum):
    """How a heading speaks: by title, by a sentence, by a topic."""

    TITLE = "title"
    SENTENCE = "sentence"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the start of a line, and what stands behind it in the same line."""

    kind: Kind
    sort: Sort
    text: str
    rest: str = ""


_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FRAME = " \t#*_[]【】|—–-"
_COLON = re.compile(r"[:：]+(?!//)[\s.]*")
_DASH_END = re.compile(r"[a-zA-Z ]{0,60}clusion crit[a-z]{3,6}\s?[-–—]\s?(?![a-z]{2,12}\s(?!-)|$)", re.IGNORECASE)
_LONGEST_TITLE, _LONGEST_SENTENCE = 24, 40
_MOST_COLONS = 3


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TERM_STARTS = ("crit", "citer", "criter", "crtit", "requir", "condition", "characterist", "factor")
# Words of a sentence about criteria; no title has them.
_VERBS = _words(
    """
    must may will would should can cannot meet meets meeting met fulfil fulfill fulfilled fulfilling
    fulfills satisfy satisfies satisfied satisfying apply applies applied applicable see specified
    considered failure above below not being has have had does do did there if listed described whether
    who that according when per violate violates violation any all's unable refuse note observations
    """
)
# What may follow "inclusion criteria" in a title without a colon at its end.
_JOINTS = _words(
    """
    for in of at prior during by to before after only determined
    """
)
_COHORTS = _words(
    """
    stratum strata cohort cohorts arm arms group groups part parts phase phases stage step module
    substudy
    """
)
_QUALIFIERS = _words(
    """
    key main major primary secondary general specific additional other common further basic core
    abbreviated the study trial subject subjects patient patients participant participants donor donors
    recipient recipients partner partners control controls case cases group list of pre post non
    healthy volunteer volunteers
    """
)
# Whom a sentence about eligibility speaks of, or how it begins.
_SUBJECTS = _words(
    """
    patient patients subject subjects participant participants volunteer volunteers individual
    individuals candidate candidates woman women man men male female males females child children
    infants person persons people donor donors partner partners adults families couples controls you
    those all any excluded included exclusion inclusion ineligible eligible presence to exclusions
    following
    """
)
_TOPICS = frozenset(
    (
        "disease characteristics",
        "patient characteristics",
        "prior concurrent therapy",
        "prior or concurrent therapy",
        "protocol entry criteria",
        "eligibility criteria",
        "major eligibility criteria",
        "key eligibility criteria",
        "main eligibility criteria",
        "eligibility",
        "general eligibility criteria",
        "entry criteria",
        "selection criteria",
    )
)

_EXCLUDING = (
    "exclude ",
    "excluded",
    "exclusion ",
    "exclusion:",
    "ineligible",
    "not eligible",
    "not be eligible",
    "not be included",
    "not be enrolled",
    "not be considered eligible",
)
_INCLUDING = (
    "eligible",
    "be included",
    "are included",
    "were included",
    "inclusion criteria",
    "for inclusion",
)
_WEAKLY_EXCLUDING = (
    "must not meet",
    "may not meet",
    "must not have any",
    "may not have any",
    "not participate",
)
_WEAKLY_INCLUDING = (
    "must meet",
    "must fulfil",
    "must satisfy",
    "must have",
    "meet all",
    "meets all",
    "fulfil",
    "following criteria",
)
_LEADING = (
    "following",
    "must",
    "criteria",
    "criterion",
    "eligible",
    "clude",
    "participate",
    "enrolled",
    " if",
    "entry",
)


def heading_of(text: str, marked: bool) -> Heading | None:
    """The heading that a line is or begins with. A list item is a heading only by a clear title."""
    if "clusion" in text.lower():
        for heading in _titles(text, marked):
            return heading
    return _topic(text) or (None if marked else _sentence(text))


def leads(text: str) -> bool:
    """Whether a line leads in what follows it: a sentence of eligibility that ends with a colon."""
    lower = text.lower()
    return text.endswith((":", "：")) and any(cue in lower for cue in _LEADING)


def _titles(text: str, marked: bool) -> Iterator[Heading]:
    yield from _cut_titles(text, marked)
    if kind := _title_kind(text, marked, closed=False):
        yield Heading(kind, Sort.TITLE, text)
    elif found := _RUN_ON.match(text):
        yield from _cut(text, found.end(), False)


_RUN_ON = re.compile(
    r"(?:Inclusion|Exclusion|INCLUSION|EXCLUSION) (?:Criteria|CRITERIA)(?=\s+(?:[A-Z][a-z]|[•\d(]|-\s))"
)


def _cut_titles(text: str, marked: bool) -> Iterator[Heading]:
    """The titles that end at one of the first colons, or at a dash."""
    ends = [found.end() for _, found in zip(range(_MOST_COLONS), _COLON.finditer(text), strict=False)]
    for end in ends:
        yield from _cut(text, end, marked)
    if found := _DASH_END.match(text[:120]):
        yield from _cut(text, found.end(), marked)


def _cut(text: str, end: int, marked: bool) -> Iterator[Heading]:
    head, rest = text[:end].strip(), text[end:].strip(" \t\xa0*_")
    kind = _title_kind(head, marked, closed=True)
    if kind and _names_cohort(rest):
        yield Heading(kind, Sort.TITLE, text)
    elif kind:
        yield Heading(kind, Sort.TITLE, head, rest)


def _names_cohort(rest: str) -> bool:
    words = [word.lower() for word in _WORD.findall(rest[:80])]
    return 0 < len(words) <= 6 and words[0] in _COHORTS and not rest.endswith(":")


def _title_kind(text: str, marked: bool, closed: bool) -> Kind | None:
    """The kind of a line that is a title from end to end; `closed` when a colon or dash ends it."""
    if len(text) > 250:
        return None
    words = [word.lower() for word in _WORD.findall(text)]
    at = next((n for n, word in enumerate(words) if word.endswith(("clusion", "clusions"))), None)
    if at is None or len(words) > _LONGEST_TITLE or not _VERBS.isdisjoint(words):
        return None
    before, after = words[:at], words[at + 1 :]
    while after and after[0] in ("exclusion", "inclusion", "and", "or"):
        after = after[1:]
    term = bool(after) and after[0].startswith(_TERM_STARTS)
    title = _Title(text, before, after[1:] if term else after, term, closed, marked)
    return _kind_of(words, at) if title.holds() else None


def _kind_of(words: list[str], at: int) -> Kind | None:
    """What a title's words say. "Non-inclusion" excludes; "no exclusion criteria" is not a title at all."""
    said = {kind for word in words for kind in _KINDS if word.endswith((kind, kind + "s"))}
    if words[at].startswith("non") or (at and words[at - 1] in ("no", "non")):
        return "exclusion" if words[at].endswith("inclusion") else None
    return said.pop() if len(said) == 1 else "unspecified"


@dataclass(frozen=True, slots=True)
class _Title:
    """A line taken apart around "inclusion" or "exclusion" and the "criteria" behind it."""

    text: str
    before: list[str]
    after: list[str]
    term: bool
    closed: bool
    marked: bool

    def holds(self) -> bool:
        if self.marked and not self._plain():
            return False
        return self._with_term() if self.term else self._bare()

    def _plain(self) -> bool:
        """In a list a title has plain words: "Key exclusion criteria", "INCLUSION CRITERIA - DONOR:"."""
        known = self.text.isupper() or (_QUALIFIERS | _COHORTS).issuperset(self.before)
        whole = not self.after and self.text[0].isalpha() and self.text.strip(_FRAME)[-1:] not in ".,;"
        return known and (self.closed or whole)

    def _with_term(self) -> bool:
        if self.closed:
            return len(self.before) <= 10 and not self.text.rstrip(" :-").endswith((".", ";"))
        return len(self.before) <= 6 and len(self.after) <= 12 and self._open_end()

    def _open_end(self) -> bool:
        """A title without a colon: nothing more, or the cohort it is for."""
        if not self.after:
            return not self.text.endswith((",", ";"))
        return self._joint() and not self.text.endswith((",", ";"))

    def _joint(self) -> bool:
        behind = self.text[self.text.lower().rfind("clusion") :].partition(" ")[2]
        opened = any(sign in behind[:16] for sign in ("(", "[", " - ", ":"))
        return opened or self.after[0] in _JOINTS or self.text.isupper()

    def _bare(self) -> bool:
        """A short title without "criteria": "Exclusion:", "Other exclusions", "Exclusion - men:"."""
        if not self.after:
            return len(self.before) <= 5 and (self.closed or _QUALIFIERS.issuperset(self.before)) and self._clean()
        joined = self.after[0] == "for" or _BARE_DASH.match(self.text)
        return self.closed and not self.before and len(self.after) <= 6 and bool(joined)

    def _clean(self) -> bool:
        return self.text[-1:] not in ".,;"


_BARE_DASH = re.compile(r"(?:in|ex)clusions?\s?[-–—(]", re.IGNORECASE)


def _topic(text: str) -> Heading | None:
    found = _COLON.search(text[:60])
    end = found.end() if found else len(text)
    head, rest = text[:end], text[end:]
    if len(head) > 60 or " ".join(_WORD.findall(head)).lower() not in _TOPICS:
        return None
    return Heading("unspecified", Sort.TOPIC, head.strip(), rest.strip())


def _sentence(text: str) -> Heading | None:
    if not text.endswith((":", "：")):
        return None
    words = [word.lower() for word in _WORD.findall(text[:800])]
    if len(words) > _LONGEST_SENTENCE or _SUBJECTS.isdisjoint(words[:4]):
        return None
    kind = _said(text.lower())
    return Heading(kind, Sort.SENTENCE, text) if kind else None


def _said(lower: str) -> Kind | None:
    for cues, kind in _CUES:
        if any(cue in lower for cue in cues):
            return kind
    return None


_CUES: tuple[tuple[tuple[str, ...], Kind], ...] = (
    (_EXCLUDING + _WEAKLY_EXCLUDING, "exclusion"),
    (_INCLUDING + _WEAKLY_INCLUDING, "inclusion"),
)


def switches(heading: Heading) -> bool:
    """Whether a sentence is strong enough to end a part of the other kind."""
    cues = {"exclusion": _EXCLUDING, "inclusion": _INCLUDING}[heading.kind]
    return any(cue in heading.text.lower() for cue in cues)


_INNER = re.compile(
    r"(?<=[^\s:])\s*(?<!\w)(?:(?:Key|Main|Major|KEY|MAIN|Partner) )?"
    r"(?:Inclusion|Exclusion|INCLUSION|EXCLUSION) [Cc](?:riteria|RITERIA)(?:\s?[:：]| for [a-z]+ ?:)"
)
_OPEN_ENDS = _words(
    """
    the of see in to per and or meet meets with other all any following for a an this these from non
    """
)


def parts(text: str, marked: bool) -> list[str]:
    """A line cut before each title that stands inside it ("… for the whole study Exclusion Criteria: …")."""
    cuts = [0]
    for found in _INNER.finditer(text):
        if _ended(text[max(cuts[-1], found.start() - 200) : found.start()], marked):
            cuts.append(found.start())
    return [text[begin:end].strip() for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _ended(before: str, marked: bool) -> bool:
    """Whether something of its own ended here, and not the first words of the title itself."""
    words = before.split()
    if len(before) < 5 or before[-1] in "-/(\"'" or words[-1].lower() in _OPEN_ENDS:
        return False
    qualifies = len(words) <= (3 if marked else 8) and _VERBS.isdisjoint(word.lower() for word in words)
    return not qualifies or any(sign in before for sign in ":.;,")
