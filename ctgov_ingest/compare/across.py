"""Two presentations of one study: what they may tell otherwise without a change of the record, by name and with why.

`RENDERED` is one fact in two renderings: an answer that one of them gives in other words, fills in, or leaves out. That
is never a change. `REWRITTEN` is what the registry rewrites in all its records by itself, so that two presentations of
one submission differ when years lie between them. That is a change, the registry's own; it makes no second version of
what the sponsor handed in once.

Each rule names its paths and recognises the very difference that it is about; any other difference there stays one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.compare.changes import Change, Difference, Document, differences, stands

_PROTOCOL = "protocolSection"
_SITES = f"{_PROTOCOL}.contactsLocationsModule.locations"
_SPONSORS = f"{_PROTOCOL}.sponsorCollaboratorsModule"
_REFERENCES = f"{_PROTOCOL}.referencesModule.references"
_LINKS = f"{_PROTOCOL}.referencesModule.seeAlsoLinks"
_MEASURES = "resultsSection.outcomeMeasuresModule.outcomeMeasures"
_ANALYSES = f"{_MEASURES}.analyses"
_BASELINE = "resultsSection.baselineCharacteristicsModule.measures"


class Both(NamedTuple):
    """The two documents that are compared."""

    old: Document
    new: Document


@dataclass(frozen=True, slots=True)
class Rule:
    """A difference that is none. `paths` are without the names of items.

    `one` judges a single difference. `twins` judges an item that only the old list has and one that only the new list
    has: whether they are one item.
    """

    name: str
    paths: tuple[str, ...]
    why: str
    one: Callable[[Difference, Both], bool] | None = None
    twins: Callable[[Document, Document], bool] | None = None


class Explained(NamedTuple):
    """A difference and the rule that explains it; None where it is a change."""

    change: Change
    rule: Rule | None


def across(
    old: Document, new: Document, *, carried: Carried, words: bool = True, is_one_submission: bool = False
) -> list[Change]:
    """List what changed between documents of two presentations, as `compare` does for two of one.

    `words` as in `compare`. `is_one_submission`: do not list what the registry rewrote by itself either.
    """
    told = explained(old, new, carried=carried, words=words, is_one_submission=is_one_submission)
    return [one.change for one in told if one.rule is None]


def same_submission(
    old: Document, new: Document, *, carried: Carried, words: bool = True, is_known: bool = False
) -> bool:
    """Say whether documents of two presentations tell the same, but for what is none of the sponsor's.

    `is_known`: it is known otherwise than from the documents that no submission lies between them.
    """
    return not across(old, new, carried=carried, words=words, is_one_submission=is_known or stands(old, new))


def explained(
    old: Document, new: Document, *, carried: Carried, words: bool, is_one_submission: bool
) -> list[Explained]:
    """Give every difference with the rule that explains it."""
    found = differences(old, new, carried=carried, words=words)
    if not found:
        return []
    rules = (*RENDERED, *REWRITTEN) if is_one_submission else RENDERED
    reasons: dict[int, Rule] = {}
    for rule in rules:
        left = [(at, one) for at, one in enumerate(found) if at not in reasons]
        reasons |= dict.fromkeys(_judged(rule, left, Both(old, new)), rule)
    return [Explained(one.change, reasons.get(at)) for at, one in enumerate(found)]


def _judged(rule: Rule, found: list[tuple[int, Difference]], both: Both) -> Iterator[int]:
    """The places of the differences that a rule explains."""
    there = [(at, one) for at, one in found if one.plain in rule.paths]
    if rule.one is not None:
        yield from (at for at, one in there if rule.one(one, both))
    if rule.twins is not None:
        inside = ((at, one) for at, one in found if one.plain.rpartition(".")[0] in rule.paths)
        yield from (at for at, one in inside if rule.twins(one.old, one.new))  # of items that were matched by likeness
        come = [(at, one.change) for at, one in there if one.change.op == "added"]
        for at, one in there:
            twin = next((pair for pair in come if _are_twins(rule.twins, one.change, pair[1])), None)
            if twin is not None:
                come.remove(twin)
                yield from (at, twin[0])


def _are_twins(judge: Callable[[Document, Document], bool], gone: Change, come: Change) -> bool:
    """Whether an item that went and one that came, of one list, are one."""
    if gone.op != "removed" or gone.path.rpartition("[")[0] != come.path.rpartition("[")[0]:
        return False
    return isinstance(gone.old, dict) and isinstance(come.new, dict) and judge(gone.old, come.new)


def _same_but(old: Document, new: Document, *names: str) -> bool:
    """Whether two records have the same words in all but some fields."""
    was, now = ({name: value for name, value in one.items() if name not in names} for one in (old, new))
    return not differences(was, now, carried=Carried.ALL, words=True)


def _always(found: Difference, both: Both) -> bool:
    return True


def _item(change: Change) -> Document:
    """The item that only one side has, else nothing."""
    item = change.old if change.new is None else change.new if change.old is None else None
    return item if isinstance(item, dict) else {}


def _values(found: Difference) -> set[Any]:
    """Both values of a difference, if they can be counted."""
    return {value if isinstance(value, str | bool | None) else "…" for value in (found.change.old, found.change.new)}


def _at(document: Document, path: str) -> Any:
    """The value at a path without lists; None where there is none."""
    value: Any = document
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


# One fact in two renderings


def _is_derived(found: Difference, both: Both) -> bool:
    return _item(found.change).get("type") == "DERIVED"


def _is_of_one_article(found: Difference, both: Both) -> bool:
    pmid = found.old.get("pmid")
    return pmid is not None and pmid == found.new.get("pmid")


_OTHER_CLASSES = {"OTHER", "OTHER_GOV", "INDIV", "NETWORK", "AMBIG", "UNKNOWN"}


def _is_other(found: Difference, both: Both) -> bool:
    values = _values(found)
    return "OTHER" in values and values <= _OTHER_CLASSES


def _is_the_sponsor(found: Difference, both: Both) -> bool:
    """Whether a collaborator that only one side has is its lead sponsor."""
    side = both.old if found.change.op == "removed" else both.new
    name = _item(found.change).get("name")
    return name is not None and name == _at(side, f"{_SPONSORS}.leadSponsor.name")


def _is_default_label(found: Difference, both: Both) -> bool:
    return _values(found) == {None, "Related Info"}


def _is_unsaid(found: Difference, both: Both) -> bool:
    return None in _values(found)


def _is_no(found: Difference, both: Both) -> bool:
    return _values(found) == {None, False}


_COARSE = {
    "SUPERIORITY_OR_OTHER": {"SUPERIORITY", "OTHER"},
    "NON_INFERIORITY_OR_EQUIVALENCE": {"NON_INFERIORITY", "EQUIVALENCE"},
}


def _is_coarse(found: Difference, both: Both) -> bool:
    """Whether one of two answers is one of the two of before 2017, and the other within it."""
    return any(
        _values(found) <= {coarse, f"{coarse}_LEGACY", fine} for coarse, within in _COARSE.items() for fine in within
    )


_LIMITS = ("ciLowerLimit", "ciUpperLimit")


def _has_no_limits(found: Difference, both: Both) -> bool:
    """Whether an interval without limits has its default width or sides on one side only."""
    limits = any(name in one for name in _LIMITS for one in (found.old, found.new))
    return not limits and _values(found) <= {None, "95", "TWO_SIDED"}


def _is_employed(found: Difference, both: Both) -> bool:
    employed = found.old.get("piSponsorEmployee") is True and found.new.get("piSponsorEmployee") is True
    return employed and _is_no(found, both)


def _is_posted(found: Difference, both: Both) -> bool:
    return found.old.get("reportingStatus") == found.new.get("reportingStatus") == "POSTED" and _is_unsaid(found, both)


_AGE_TITLES = {"Age, Continuous", "Age Continuous"}


def _are_ages(old: Document, new: Document) -> bool:
    return {old.get("title"), new.get("title")} == _AGE_TITLES and _same_but(old, new, "title")


RENDERED: tuple[Rule, ...] = (
    Rule(
        "derived-references",
        (_REFERENCES,),
        "articles that the registry links by itself are shown in today's API and on pages, but not in the XML",
        _is_derived,
    ),
    Rule(
        "citations",
        (f"{_REFERENCES}.citation",),
        "the citation of an article with a PubMed number is PubMed's, taken anew each time (accents, DOI, errata)",
        _is_of_one_article,
    ),
    Rule(
        "other-class",
        (f"{_SPONSORS}.leadSponsor.class", f"{_SPONSORS}.collaborators.class"),
        "`Other` of the XML stands for six classes of today",
        _is_other,
    ),
    Rule(
        "sponsor-as-collaborator",
        (f"{_SPONSORS}.collaborators",),
        "a collaborator that is the lead sponsor too is shown in the archive alone",
        _is_the_sponsor,
    ),
    Rule(
        "link-label",
        (f"{_LINKS}.label",),
        "today's API shows a link without a label as `Related Info`",
        _is_default_label,
    ),
    Rule(
        "patient-registry",
        (f"{_PROTOCOL}.designModule.patientRegistry",),
        "`Observational` of the XML stands both for no registry and for nothing said",
        _is_no,
    ),
    Rule(
        "age-title",
        (_BASELINE,),
        "`Age` of the XML is `Age, Continuous` today, or `Age Continuous` in records not touched since April 2013",
        twins=_are_ages,
    ),
    Rule(
        "non-inferiority-question",
        (f"{_ANALYSES}.testedNonInferiority",),
        "a question of before 2017, which the XML leaves out since, and the API in some records",
        _is_unsaid,
    ),
    Rule(
        "non-inferiority-type",
        (f"{_ANALYSES}.nonInferiorityType",),
        "before 2017 a question with two answers, of which each stands for two of today",
        _is_coarse,
    ),
    Rule(
        "interval-defaults",
        (f"{_ANALYSES}.ciPctValue", f"{_ANALYSES}.ciNumSides"),
        "the API fills in 95 and both sides for an interval whose limits are not given, and the XML leaves it out",
        _has_no_limits,
    ),
    Rule(
        "employed-investigators",
        ("resultsSection.moreInfoModule.certainAgreement.restrictiveAgreement",),
        "the XML prints that there is no agreement wherever the investigators are the sponsor's employees",
        _is_employed,
    ),
    Rule(
        "posting-date",
        (f"{_MEASURES}.anticipatedPostingDate",),
        "the day on which an outcome was to be posted stands in the API once it is posted, but not in the XML",
        _is_posted,
    ),
)
"""One fact in two renderings, whatever lies between them."""


# What the registry rewrites by itself


def _are_of_one_place(old: Document, new: Document) -> bool:
    return _same_but(old, new, "city", "state", "country", "geoPoint")


_NUMBER = re.compile(r"(?<![\d-])\d+")
"""A number of a citation, but not the last page of an article, which some give in full (625-635, 625-35)."""


def _are_one_article(old: Document, new: Document) -> bool:
    """Whether the numbers of one citation (year, volume, first page) are all in the other, and no other PMID is."""
    if None not in (old.get("pmid"), new.get("pmid")) and old["pmid"] != new["pmid"]:
        return False
    was, now = (set(_NUMBER.findall(str(one.get("citation")))) for one in (old, new))
    fewer, more = sorted((was, now), key=len)
    return len(fewer) > 1 and fewer <= more and _same_but(old, new, "citation", "pmid")


def _are_one_organization(old: Document, new: Document) -> bool:
    return _same_but(old, new, "name")


def _is_text(found: Difference, both: Both) -> bool:
    """Whether a text changed, or one that was left out was filled in; not a whole item that came or went."""
    return not _item(found.change)


_NAMES = (f"{_PROTOCOL}.identificationModule.organization.fullName", f"{_SPONSORS}.leadSponsor.name")


def _follows_the_sponsor(found: Difference, both: Both) -> bool:
    """Whether a text is the sponsor's name on both sides, each time as it stands there."""
    change = found.change
    return any((change.old, change.new) == (_at(both.old, path), _at(both.new, path)) for path in _NAMES)


REWRITTEN: tuple[Rule, ...] = (
    Rule(
        "place-names",
        (_SITES, f"{_SITES}.city", f"{_SITES}.state", f"{_SITES}.country"),
        "the registry spelled the places of all sites anew in 2025 (`Koeln` is `Cologne` now), and filled in states",
        _is_text,
        _are_of_one_place,
    ),
    Rule(
        "organization-names",
        (*_NAMES, f"{_SPONSORS}.collaborators"),
        "an organization that is renamed has its new name in all its records (`VIVUS, Inc.`, `VIVUS LLC`)",
        _is_text,
        _are_one_organization,
    ),
    Rule(
        "affiliations",
        (
            f"{_PROTOCOL}.contactsLocationsModule.overallOfficials.affiliation",
            f"{_SPONSORS}.responsibleParty.investigatorAffiliation",
        ),
        "an affiliation that is the sponsor's name follows it",
        _follows_the_sponsor,
    ),
    Rule(
        "completed-citations",
        (_REFERENCES,),
        "the registry looked articles up in PubMed, and put PubMed's citation in the place of the sponsor's",
        twins=_are_one_article,
    ),
    Rule(
        "links",
        (_LINKS,),
        "the registry took links of some sponsors out of all their records, and hid others for a time",
        _always,
    ),
    Rule(
        "mesh-terms",
        tuple(
            f"derivedSection.{kind}BrowseModule.meshes{field}"
            for kind in ("condition", "intervention")
            for field in ("", ".term")
        ),
        "the registry derives them anew with each year's thesaurus",
        _always,
    ),
)
"""What the registry rewrites in all records by itself: no second version where no submission lies between."""
