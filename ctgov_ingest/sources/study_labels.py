"""The words of study pages that are no fields: headings, tabs, labels of lists, and what is passed
over.

`IGNORED`, `BOX_OPENINGS` and `IGNORED_OPENINGS` name what is passed over, and why: they are the scope
decision.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ctgov_ingest.sources.content import fold

PROSE_LABELS = frozenset(
    {"brief summary", "detailed description", "study population", "criteria", "biospecimen retention"}
)
"""Labels that stand as a line of their own with their content after them."""

OUTCOME_LABELS = {
    "primary outcome measures": "primaryOutcomes",
    "secondary outcome measures": "secondaryOutcomes",
    "other outcome measures": "otherOutcomes",
    "other pre-specified outcome measures": "otherOutcomes",
}
"""Headings of lists of outcomes, and the list."""

_INDEXED = "publications automatically indexed to this study by clinicaltrials.gov identifier (nct number)"

REFERENCE_LABELS = {
    "publications of results": "RESULT",
    "publications": "BACKGROUND",
    "other publications": "BACKGROUND",
    _INDEXED: "DERIVED",
    "publications automatically indexed to this study": "DERIVED",
    f"additional {_INDEXED}": "DERIVED",
}
"""Headings of lists of publications, and the type of each."""

LINK_LABELS = frozenset({"additional information"})
"""Headings of lists of links."""

SPONSOR_LABELS = frozenset(
    {
        "sponsor",
        "collaborator",
        "collaborators",
        "information provided by (responsible party)",
        "information provided by",
    }
)
"""Labels of the header whose values stand after them."""

SPONSOR_LIST = "sponsors and collaborators"
"""The heading of the list under Contacts and Locations."""

PURPOSE = "purpose"
"""The section that opens with the brief summary, which has no label of its own before 2017."""

NEXT_LABELS = frozenset({"clinicaltrials.gov identifier"})
"""Labels of the header before 2017 whose value stands in the block after them."""

BOX_LABELS: dict[str, str] = {"resource links provided by nlm": "the library's links by topic"}
"""Headings of boxes whose content, passed over, stands in the block after them; and why."""

IGNORED_FIELDS: dict[str, str] = {
    "health authority": "today's model has no field for it",
    "change history": "a link",
}
"""Labels whose values are passed over, and why."""

INTERVENTION_LABELS = frozenset({"intervention details"})
"""Headings of the list of interventions that records without arms have."""

SUMMARY_HEADING = "condition or disease"
"""The first heading of the table of condition, intervention and phase."""

SUMMARY_HEADINGS = frozenset({SUMMARY_HEADING, "condition"})
"""The same, with its name of before 2017."""

ARM_HEADINGS = frozenset({"arm", "arms", "group/cohort", "groups/cohorts"})
"""The first heading of the table of arms or groups."""

RESULTS_TABS = {
    "study results": "Yes",
    "has results": "Yes",
    "no results posted": "No",
    "no study results posted": "No",
    "results submitted": "No",
}
"""Tabs that say whether results are posted."""

SECTIONS = frozenset(
    {
        PURPOSE,
        "eligibility",
        "study description",
        "study design",
        "arms and interventions",
        "groups and cohorts",
        "outcome measures",
        "eligibility criteria",
        "contacts and locations",
        "study documents (full-text)",
        "more information",
        "expanded access",
    }
)
"""Section headings: they place a piece, and carry no value."""

IGNORED: dict[str, str] = {
    "go to": "the menu of sections",
    "top of page": "the menu of sections",
    "to top": "a link to the top of the page",
    "study details": "a tab",
    "full text view": "a tab",
    "tabular view": "a tab",
    "disclaimer": "a tab",
    "how to read a study record": "a tab",
    "what is expanded access?": "a link",
    "history of changes": "a link",
    "key record dates": "a link",
    "individual participant data (ipd) sharing statement": "the heading of the rows below it",
    "locations": "a heading; its table is read",
    "contacts": "a heading; its table is read",
    "investigators": "a heading; its table is read",
    "see contacts and locations": "a link in the status block",
    "no contacts or locations provided": "says that there are none",
    "previous study": "a link through search results",
    "return to list": "a link through search results",
    "next study": "a link through search results",
    "![]()": "a picture without text",
}
"""Texts that say nothing of the study, and why."""

BOX_OPENINGS: dict[str, str] = {
    "the safety and scientific validity of this study": "the site's disclaimer",
    "resource links provided by the": "the library's links by topic",
    "information from the national library of medicine": "the library's advice to readers",
}
"""How boxes begin that are passed over whole, and why."""

IGNORED_OPENINGS: dict[str, str] = BOX_OPENINGS | {
    "read our disclaimer": "the site's disclaimer",
    "keywords provided by": "a heading; its table is read",
    "additional relevant mesh terms": "a heading; its table is read",
    "documents provided by": "a heading; the documents below it are read",
    "medlineplus": "the library's links by topic",
    "u.s. fda resources": "the library's links by topic",
    "genetics home reference": "the library's links by topic",
    "trial record": "the place in a list of search results",
    "previous study |": "links through search results",
    "return to list |": "links through search results",
    "choosing to participate in a study": "the library's advice to readers",
    "to learn more about this study": "the library's advice to readers",
    "for general information": "the library's advice to readers",
    "please refer to this study by its clinicaltrials.gov identifier": "repeats the identifier",
    "no publications provided": "says that there are none",
    "further study details as provided by": "a heading; what is below it is read",
    "layout table for": "a caption for screen readers",
    "contact information is only displayed": "says that there is none",
    "* includes publications given by": "a footnote of the Tabular View",
    "icmje data element required by": "a footnote of the Tabular View",
    "\u2020 study has passed its completion date": "a footnote of the Tabular View",
    "\u2021 study has passed its completion date": "a footnote of the Tabular View",
    "clinicaltrials.gov processed this": "the day of retrieval, read apart",
}
"""How texts begin that say nothing of the study, and why."""

COLLAPSED: tuple[tuple[re.Pattern[str], str, str, str], ...] = (
    (
        re.compile(r"(?:show|hide|show/hide)(?: all)?(?: \d{1,5})?(?: study)? locations?", re.IGNORECASE),
        "protocolSection.contactsLocationsModule.locations",
        "sites-not-on-page",
        "the list of sites is folded away: the page has only its number",
    ),
    (
        re.compile(r"(?:show|hide|show/hide) detailed description", re.IGNORECASE),
        "protocolSection.descriptionModule.detailedDescription",
        "collapsed-section",
        "the detailed description is folded away: it is not on the page",
    ),
)
"""Links that fold a part away: how they read, the path of the part, and the issue where the page lacks it."""

LONGEST_LABEL = 200
"""No label is longer: what is longer is not looked at to its end."""

_BOXES = tuple(BOX_OPENINGS)
_OPENINGS = tuple(IGNORED_OPENINGS)


def label_key(text: str) -> str:
    """A label as the tables hold it: white space folded, colon off, lower case; a long text's beginning."""
    return _label_key(text[:LONGEST_LABEL])


@lru_cache(maxsize=1 << 12)
def _label_key(text: str) -> str:
    """The same labels stand on page after page, and a label is looked at more than once."""
    return fold(text).removesuffix(":").rstrip().casefold()


def opens_box(key: str) -> bool:
    """Whether a text, by its key, is the first of a box that is passed over whole."""
    return key.startswith(_BOXES)


def ignored(text: str) -> bool:
    """Whether a text is one of those that say nothing of the study."""
    key = label_key(text)
    return not key or key in IGNORED or key.startswith(_OPENINGS)
