"""The labels of Study Details pages, and the canonical path of each: what the site showed from 2017 to 2023.

`FIELDS` maps a label (folded, without its colon, in lower case) to a path, a markup path or a rule for a value that
holds several. `IGNORED` and `IGNORED_OPENINGS` name what is passed over, and why: that list is the scope decision.
Sources: the real pages of 2019 and the registry's label list; labels that no saved page shows are marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ctgov_ingest.sources.content import Content, line, lines, markdown
from ctgov_ingest.sources.record import Raw, RawRecord
from ctgov_ingest.values.ages import parse_age_limits
from ctgov_ingest.values.phrases import NCT_ID, split_masking, split_phases, split_secondary_id

PROTOCOL = "protocolSection"
IDENTIFICATION = f"{PROTOCOL}.identificationModule"
STATUS = f"{PROTOCOL}.statusModule"
SPONSORS = f"{PROTOCOL}.sponsorCollaboratorsModule"
OVERSIGHT = f"{PROTOCOL}.oversightModule"
DESIGN = f"{PROTOCOL}.designModule"
DESIGN_INFO = f"{DESIGN}.designInfo"
ARMS = f"{PROTOCOL}.armsInterventionsModule"
OUTCOMES = f"{PROTOCOL}.outcomesModule"
ELIGIBILITY = f"{PROTOCOL}.eligibilityModule"
CONTACTS = f"{PROTOCOL}.contactsLocationsModule"
REFERENCES = f"{PROTOCOL}.referencesModule"
IPD = f"{PROTOCOL}.ipdSharingStatementModule"
CONDITIONS = f"{PROTOCOL}.conditionsModule"


@dataclass(frozen=True, slots=True)
class Line:
    """The value is one line for this path."""

    path: str

    def __call__(self, record: RawRecord, value: Content, place: str) -> None:
        """Put the line, where there is one."""
        if text := line(value):
            record.put(self.path, text, place)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that this rule can fill."""
        return (self.path,)


@dataclass(frozen=True, slots=True)
class Long:
    """The value is long text for this path, kept as markup with its lists."""

    path: str

    def __call__(self, record: RawRecord, value: Content, place: str) -> None:
        """Put the text, where there is one."""
        if text := markdown(value):
            record.put(self.path, text, place)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that this rule can fill."""
        return (self.path,)


@dataclass(frozen=True, slots=True)
class Split:
    """The value holds several: `rule` puts them."""

    rule: Callable[[RawRecord, Content, str], None]
    paths: tuple[str, ...]

    def __call__(self, record: RawRecord, value: Content, place: str) -> None:
        """Put what the value holds, where it holds anything."""
        if line(value):
            self.rule(record, value, place)


Rule = Line | Long | Split


def _study_type(record: RawRecord, value: Content, place: str) -> None:
    text = line(value)
    base = re.sub(r"\s*\[Patient Registry\]\s*$", "", text, flags=re.IGNORECASE)
    record.put(f"{DESIGN}.studyType", base, place)
    if base != text:
        record.put(f"{DESIGN}.patientRegistry", "Yes", place)


def _masking(record: RawRecord, value: Content, place: str) -> None:
    level, who = split_masking(line(value))
    record.put(f"{DESIGN_INFO}.maskingInfo.masking", level, place)
    record.put_all(f"{DESIGN_INFO}.maskingInfo.whoMasked", [Raw(name, place) for name in who])


def phases(record: RawRecord, value: Content, place: str) -> None:
    """`Phase 1 Phase 2`, in one line or several, to the list of phases."""
    found = [Raw(phase, place) for text in lines(value) for phase in split_phases(text)]
    record.put_all(f"{DESIGN}.phases", found)


_ACCESS_TYPES = {
    "individual patients": "individual",
    "intermediate-size population": "intermediate",
    "treatment ind/protocol": "treatment",
}


def _access_types(record: RawRecord, value: Content, place: str) -> None:
    text = line(value).casefold()
    left = text
    for label, name in _ACCESS_TYPES.items():
        if label in text:
            record.put(f"{DESIGN}.expandedAccessTypes.{name}", "Yes", place)
            left = left.replace(label, "")
    if left.strip(" ,;|/"):
        record.leave(line(value), place, "Expanded Access Type")


def _ages(record: RawRecord, value: Content, place: str) -> None:
    text = line(value)
    try:
        limits = parse_age_limits(text)
    except ValueError as error:
        record.issue("unparsed", str(error), f"{ELIGIBILITY}.minimumAge", text, place)
        return
    if limits.minimum:
        record.put(f"{ELIGIBILITY}.minimumAge", limits.minimum, place)
    if limits.maximum:
        record.put(f"{ELIGIBILITY}.maximumAge", limits.maximum, place)
    record.put_all(f"{ELIGIBILITY}.stdAges", [Raw(group, place) for group in limits.groups])


def _nct_id(record: RawRecord, value: Content, place: str) -> None:
    ids = NCT_ID.findall(line(value))
    if ids:
        record.put(f"{IDENTIFICATION}.nctId", ids[0], place)
    record.put_all(
        f"{IDENTIFICATION}.nctIdAliases", [Raw(alias, place) for alias in ids[1:] if alias != ids[0]]
    )


def _study_ids(record: RawRecord, value: Content, place: str) -> None:
    first, *others = lines(value)
    record.put(f"{IDENTIFICATION}.orgStudyIdInfo.id", first, place)
    record.put_all(f"{IDENTIFICATION}.secondaryIdInfos", [_secondary_id(text, place) for text in others])


def _secondary_id(text: str, place: str) -> dict[str, Raw]:
    named = zip(("id", "type", "domain"), split_secondary_id(text), strict=True)
    return {name: Raw(part, place) for name, part in named if part}


def _info_types(record: RawRecord, value: Content, place: str) -> None:
    labels = [label for text in lines(value) for label in re.split(r",\s*|;\s*|(?<=\))\s+", text) if label]
    record.put_all(f"{IPD}.infoTypes", [Raw(label, place) for label in labels])


_POSTED = re.compile(
    r"(?P<date>.*?)\s*(?:\((?P<type>Actual|Estimated?)\))?\s*(?:Key Record Dates)?", re.DOTALL
)


def posted_date(struct: str) -> Split:
    """A posted date: a page may add `(Estimate)` and the link `Key Record Dates`."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        found = _POSTED.fullmatch(line(value))
        if found and found["date"]:
            record.put(f"{STATUS}.{struct}.date", found["date"], place)
        if found and found["type"]:
            record.put(f"{STATUS}.{struct}.type", found["type"], place)

    return Split(rule, (f"{STATUS}.{struct}.date",))


def qualified(path: str, leaf: str, label: str) -> dict[str, Rule]:
    """`Actual X`, `Estimated X` and plain `X`: the qualifier is the type, and a label without one gives none."""

    def rule_for(qualifier: str | None) -> Split:
        def rule(record: RawRecord, value: Content, place: str) -> None:
            record.put(f"{path}.{leaf}", line(value), place)
            if qualifier:
                record.put(f"{path}.type", qualifier, place)

        return Split(rule, (f"{path}.{leaf}", f"{path}.type"))

    qualifiers = ("Actual", "Estimated", "Anticipated")
    return {label: rule_for(None)} | {f"{word.lower()} {label}": rule_for(word) for word in qualifiers}


FIELDS: dict[str, Rule] = {
    # Study Design
    "study type": Split(_study_type, (f"{DESIGN}.studyType", f"{DESIGN}.patientRegistry")),
    **qualified(f"{DESIGN}.enrollmentInfo", "count", "enrollment"),
    "allocation": Line(f"{DESIGN_INFO}.allocation"),
    "intervention model": Line(f"{DESIGN_INFO}.interventionModel"),
    "intervention model description": Long(f"{DESIGN_INFO}.interventionModelDescription"),
    "masking": Split(
        _masking, (f"{DESIGN_INFO}.maskingInfo.masking", f"{DESIGN_INFO}.maskingInfo.whoMasked")
    ),
    "masking description": Long(f"{DESIGN_INFO}.maskingInfo.maskingDescription"),
    "primary purpose": Line(f"{DESIGN_INFO}.primaryPurpose"),
    "observational model": Line(f"{DESIGN_INFO}.observationalModel"),
    "time perspective": Line(f"{DESIGN_INFO}.timePerspective"),
    "target follow-up duration": Line(f"{DESIGN}.targetDuration"),
    "expanded access type": Split(
        _access_types, tuple(f"{DESIGN}.expandedAccessTypes.{name}" for name in _ACCESS_TYPES.values())
    ),
    "official title": Line(f"{IDENTIFICATION}.officialTitle"),
    **qualified(f"{STATUS}.startDateStruct", "date", "study start date"),
    **qualified(f"{STATUS}.primaryCompletionDateStruct", "date", "primary completion date"),
    **qualified(f"{STATUS}.completionDateStruct", "date", "study completion date"),
    # Study Description
    "brief summary": Long(f"{PROTOCOL}.descriptionModule.briefSummary"),
    "detailed description": Long(f"{PROTOCOL}.descriptionModule.detailedDescription"),
    # Outcome Measures
    "biospecimen retention": Line(f"{DESIGN}.bioSpec.retention"),
    "biospecimen description": Long(f"{DESIGN}.bioSpec.description"),
    # Eligibility Criteria
    "ages eligible for study": Split(
        _ages, tuple(f"{ELIGIBILITY}.{name}" for name in ("minimumAge", "maximumAge", "stdAges"))
    ),
    "sexes eligible for study": Line(f"{ELIGIBILITY}.sex"),
    "genders eligible for study": Line(f"{ELIGIBILITY}.sex"),
    "gender based": Line(f"{ELIGIBILITY}.genderBased"),  # on no saved page
    "gender based eligibility": Line(f"{ELIGIBILITY}.genderBased"),  # on no saved page
    "gender eligibility description": Long(f"{ELIGIBILITY}.genderDescription"),  # on no saved page
    "accepts healthy volunteers": Line(f"{ELIGIBILITY}.healthyVolunteers"),
    "sampling method": Line(f"{ELIGIBILITY}.samplingMethod"),
    "study population": Long(f"{ELIGIBILITY}.studyPopulation"),
    "criteria": Long(f"{ELIGIBILITY}.eligibilityCriteria"),
    # More Information
    "clinicaltrials.gov identifier": Split(
        _nct_id, (f"{IDENTIFICATION}.nctId", f"{IDENTIFICATION}.nctIdAliases")
    ),
    "other study id numbers": Split(
        _study_ids,
        (
            f"{IDENTIFICATION}.orgStudyIdInfo.id",
            *(f"{IDENTIFICATION}.secondaryIdInfos.{name}" for name in ("id", "type", "domain")),
        ),
    ),
    "first posted": posted_date("studyFirstPostDateStruct"),
    "results first posted": posted_date("resultsFirstPostDateStruct"),
    "last update posted": posted_date("lastUpdatePostDateStruct"),
    "last verified": Line(f"{STATUS}.statusVerifiedDate"),
    "has data monitoring committee": Line(f"{OVERSIGHT}.oversightHasDmc"),  # on no saved page
    "studies a u.s. fda-regulated drug product": Line(f"{OVERSIGHT}.isFdaRegulatedDrug"),
    "studies a u.s. fda-regulated device product": Line(f"{OVERSIGHT}.isFdaRegulatedDevice"),
    "device product not approved or cleared by u.s. fda": Line(f"{OVERSIGHT}.isUnapprovedDevice"),
    "pediatric postmarket surveillance of a device product": Line(f"{OVERSIGHT}.isPpsd"),
    "product manufactured in and exported from the u.s.": Line(f"{OVERSIGHT}.isUsExport"),
    "plan to share ipd": Line(f"{IPD}.ipdSharing"),
    "plan description": Long(f"{IPD}.description"),
    "supporting materials": Split(_info_types, (f"{IPD}.infoTypes",)),
    "time frame": Long(f"{IPD}.timeFrame"),
    "access criteria": Long(f"{IPD}.accessCriteria"),
    "url": Line(f"{IPD}.url"),
    # the tab of results
    "has results": Line("hasResults"),
}

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

REFERENCE_LABELS = {
    "publications of results": "RESULT",
    "publications": "BACKGROUND",
    "other publications": "BACKGROUND",
    "publications automatically indexed to this study by clinicaltrials.gov identifier (nct number)": "DERIVED",
    "additional publications automatically indexed to this study by clinicaltrials.gov identifier (nct number)": (
        "DERIVED"
    ),
}

LINK_LABELS = frozenset({"additional information"})

SECTIONS = frozenset(
    {
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
    "resource links provided by": "the library's links by topic",
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
    "choosing to participate in a study": "the library's advice to readers",
    "to learn more about this study": "the library's advice to readers",
    "for general information": "the library's advice to readers",
    "please refer to this study by its clinicaltrials.gov identifier": "repeats the identifier",
    "no publications provided": "says that there are none",
    "layout table for": "a caption for screen readers",
    "contact information is only displayed": "says that there is none",
    "clinicaltrials.gov processed this": "the day of retrieval, read apart",
}
"""How texts begin that say nothing of the study, and why."""


def label_key(text: str) -> str:
    """A label as the tables hold it: white space folded, colon off, lower case."""
    return re.sub(r"\s*:\s*$", "", line_of(text)).casefold()


def line_of(text: str) -> str:
    """White space folded."""
    return " ".join(text.replace("\u00a0", " ").split())


def ignored(text: str) -> bool:
    """Whether a text is one of those that say nothing of the study."""
    key = label_key(text)
    return not key or key in IGNORED or key.startswith(tuple(IGNORED_OPENINGS))
