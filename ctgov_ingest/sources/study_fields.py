"""The labels of Study Details pages, and the canonical path of each: what the site showed from 2017 to 2023.

`FIELDS` maps a label (folded, without its colon, in lower case) to a path, a markup path or a rule for a
value that holds several. Sources: the real pages of 2019 and the registry's label list; labels that no
saved page shows are marked as such. The words that are no fields stand in `study_labels`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ctgov_ingest.sources.content import Content, line, lines, markdown
from ctgov_ingest.sources.record import Raw, RawRecord, group
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
NCT_ID_PATH = f"{IDENTIFICATION}.nctId"
NCT_ID_ALIASES = f"{IDENTIFICATION}.nctIdAliases"


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
        if any(lines(value)):
            self.rule(record, value, place)


Rule = Line | Long | Split
"""What to do with the value of a label."""


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
        record.put(NCT_ID_PATH, ids[0], place)
    if len(ids) < 2:
        return
    known = {item.text for item in record.items(NCT_ID_ALIASES) if isinstance(item, Raw)}
    aliases = [alias for alias in dict.fromkeys(ids[1:]) if alias not in {ids[0], *known}]
    record.put_all(NCT_ID_ALIASES, [Raw(alias, place) for alias in aliases])


def _study_ids(record: RawRecord, value: Content, place: str) -> None:
    first, *others = lines(value)
    record.put(f"{IDENTIFICATION}.orgStudyIdInfo.id", first, place)
    split = [dict(zip(("id", "type", "domain"), split_secondary_id(text), strict=True)) for text in others]
    record.put_all(f"{IDENTIFICATION}.secondaryIdInfos", [group(parts, place) for parts in split])


def _info_types(record: RawRecord, value: Content, place: str) -> None:
    labels = [label for text in lines(value) for label in re.split(r",\s*|;\s*|(?<=\))\s+", text) if label]
    record.put_all(f"{IPD}.infoTypes", [Raw(label, place) for label in labels])


_POSTED = re.compile(r"(?P<date>[^(]{3,30}?) ?(?:\((?P<type>Actual|Estimated?)\))? ?(?:Key Record Dates)?")


def _posted_date(struct: str) -> Split:
    """A posted date: a page may add `(Estimate)` and the link `Key Record Dates`."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        text = line(value)
        found = _POSTED.fullmatch(text)
        record.put(f"{STATUS}.{struct}.date", found["date"] if found else text, place)
        if found and found["type"]:
            record.put(f"{STATUS}.{struct}.type", found["type"], place)

    return Split(rule, (f"{STATUS}.{struct}.date",))


_FINAL_DATA = re.compile(r"\s*\(final data collection date[^()]{0,60}\)\s*$", re.IGNORECASE)
"""What pages explain behind the primary completion date."""


def _qualified(path: str, leaf: str, label: str) -> dict[str, Rule]:
    """`Actual X`, `Estimated X` and plain `X`: the qualifier is the type, and a label without one gives none."""

    def rule_for(qualifier: str | None) -> Rule:
        def rule(record: RawRecord, value: Content, place: str) -> None:
            record.put(f"{path}.{leaf}", _FINAL_DATA.sub("", line(value)), place)
            if qualifier:
                record.put(f"{path}.type", qualifier, place)

        return Split(rule, (f"{path}.{leaf}", f"{path}.type"))

    qualifiers = ("Actual", "Estimated", "Anticipated")
    return {label: rule_for(None)} | {f"{word.lower()} {label}": rule_for(word) for word in qualifiers}


FIELDS: dict[str, Rule] = {
    # Study Design
    "study type": Split(_study_type, (f"{DESIGN}.studyType", f"{DESIGN}.patientRegistry")),
    **_qualified(f"{DESIGN}.enrollmentInfo", "count", "enrollment"),
    "allocation": Line(f"{DESIGN_INFO}.allocation"),
    "intervention model": Line(f"{DESIGN_INFO}.interventionModel"),
    "intervention model description": Long(f"{DESIGN_INFO}.interventionModelDescription"),
    "masking": Split(_masking, (f"{DESIGN_INFO}.maskingInfo.masking", f"{DESIGN_INFO}.maskingInfo.whoMasked")),
    "masking description": Long(f"{DESIGN_INFO}.maskingInfo.maskingDescription"),
    "primary purpose": Line(f"{DESIGN_INFO}.primaryPurpose"),
    "observational model": Line(f"{DESIGN_INFO}.observationalModel"),
    "time perspective": Line(f"{DESIGN_INFO}.timePerspective"),
    "target follow-up duration": Line(f"{DESIGN}.targetDuration"),
    "expanded access type": Split(
        _access_types, tuple(f"{DESIGN}.expandedAccessTypes.{name}" for name in _ACCESS_TYPES.values())
    ),
    "official title": Line(f"{IDENTIFICATION}.officialTitle"),
    **_qualified(f"{STATUS}.startDateStruct", "date", "study start date"),
    **_qualified(f"{STATUS}.primaryCompletionDateStruct", "date", "primary completion date"),
    **_qualified(f"{STATUS}.completionDateStruct", "date", "study completion date"),
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
    "clinicaltrials.gov identifier": Split(_nct_id, (NCT_ID_PATH, NCT_ID_ALIASES)),
    "other study id numbers": Split(
        _study_ids,
        (
            f"{IDENTIFICATION}.orgStudyIdInfo.id",
            *(f"{IDENTIFICATION}.secondaryIdInfos.{name}" for name in ("id", "type", "domain")),
        ),
    ),
    "first posted": _posted_date("studyFirstPostDateStruct"),
    "results first posted": _posted_date("resultsFirstPostDateStruct"),
    "last update posted": _posted_date("lastUpdatePostDateStruct"),
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
