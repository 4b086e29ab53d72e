"""The elements of the XML in which sponsors hand records in, as the archive shows it, and the path of each.

Such XML stands on the archive's side-by-side pages only. All saved ones are of 2005 and 2006; elements that came later
are `unread`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ctgov_ingest.sources.archive_fields import FIELDS as ARCHIVE
from ctgov_ingest.sources.archive_shapes import CITATIONS, LINKS, SECONDARY_IDS
from ctgov_ingest.sources.study_arms import INTERVENTIONS
from ctgov_ingest.sources.study_fields import CONDITIONS, DESIGN, NCT_ID_PATH, OUTCOMES, STATUS, Line, Rule
from ctgov_ingest.sources.study_places import CENTRAL_CONTACTS, OFFICIALS, SITES
from ctgov_ingest.sources.version_rows import item, paths_of

_OUTCOMES = ("primaryOutcomes", "secondaryOutcomes")

FIELDS: dict[str, Rule] = {
    "study_id/org_full_name": ARCHIVE["organization name"],
    "study_id/org_study_id": ARCHIVE["organization study id"],
    "study_id/secondary_id": ARCHIVE["secondary id"],
    "study_id/nct_id": Line(NCT_ID_PATH),
    "brief_title/textblock": ARCHIVE["brief title"],
    "official_title/textblock": ARCHIVE["official title"],
    "study_sponsor/lead_sponsor/agency": ARCHIVE["sponsor"],
    "study_sponsor/sponsor/agency": ARCHIVE["collaborator"],
    "brief_summary/textblock": ARCHIVE["brief summary"],
    "detailed_descr/textblock": ARCHIVE["detailed description"],
    "status_block/status": ARCHIVE["status"],
    "status_block/date": Line(f"{STATUS}.statusVerifiedDate"),
    "start_date/date": ARCHIVE["start date"],
    "end_date/date": ARCHIVE["end date"],
    "last_follow_up_date/date": ARCHIVE["last follow-up date"],
    "phase_block/phase": ARCHIVE["phase"],
    "study_type": ARCHIVE["study type"],
    "design": ARCHIVE["study design"],
    "primary_outcome": ARCHIVE["primary outcome"],
    "secondary_outcome": ARCHIVE["secondary outcome"],
    "condition": ARCHIVE["condition"],
    "keyword": item(f"{CONDITIONS}.keywords"),
    "eligibility/criteria/textblock": ARCHIVE["criteria"],
    "eligibility/healthy_volunteers": ARCHIVE["healthy volunteers"],
    "eligibility/expected_enrollment": ARCHIVE["expected enrollment"],
    "eligibility/gender": ARCHIVE["gender"],
    "eligibility/minimum_age": ARCHIVE["minimum age"],
    "eligibility/maximum_age": ARCHIVE["maximum age"],
    "initial_release_date": Line(f"{STATUS}.studyFirstSubmitDate"),
    "last_release_date": Line(f"{STATUS}.lastUpdateSubmitDate"),
}
"""Elements with text, by their way from the root."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An element that is one item of the list at `path`: its fields by their way from the element."""

    path: str
    names: dict[str, str]
    role: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it fills."""
        return (*self.names.values(), *(["role"] if self.role else []))


_CONTACT = {"name": "name", "phone": "phone", "phone_ext": "phoneExt", "email": "email"}

LISTED: dict[str, Listed] = {
    "intervention": Listed(INTERVENTIONS, {"intervent_type": "type", "primary_name": "name"}),
    "see_also": Listed(LINKS, {"annotation/textblock": "label", "url": "url"}),
    "background/reference": Listed(CITATIONS, {"citation": "citation", "medline_ui": "pmid"}),
    "investigator": Listed(OFFICIALS, {"role": "role", "name": "name", "affiliation/agency": "affiliation"}),
    "contact": Listed(CENTRAL_CONTACTS, _CONTACT, role="Contact"),
    "location": Listed(
        SITES,
        {
            "facility/name": "facility",
            "facility/address/city": "city",
            "facility/address/state": "state",
            "facility/address/zip": "zip",
            "facility/address/country": "country",
            "status": "status",
        },
    ),
    "location/contact": Listed("contacts", _CONTACT, role="Contact"),
}
"""Elements that stand once an item."""

IGNORED: dict[str, str] = {
    "study_id/org_name": "the organization's short name: today's model has no field for it",
    "oversight_info/regulatory_authority": "today's model has no field for it",
    "last_data_entry_date/date": "the closing of data entry, asked for until 2007: today's model has no field for it",
    "eligibility/patients": "whether patients may take part: today's model has no field for it",
}
"""Elements that are passed over, and why."""

_NOT_SHOWN = frozenset(
    {
        f"{CITATIONS}.pmid",
        f"{DESIGN}.enrollmentInfo.type",
        f"{DESIGN}.patientRegistry",
        f"{STATUS}.startDateStruct.type",
        f"{STATUS}.completionDateStruct.type",
        *(f"{SECONDARY_IDS}.{name}" for name in ("type", "domain")),
        *(f"{OUTCOMES}.{kind}.{name}" for kind in _OUTCOMES for name in ("timeFrame", "description")),
    }
)
"""Paths of rules that serve pages too, and that such XML says nothing of."""

CARRIED = (
    paths_of(FIELDS)
    | {f"{one.path}.{name}" for one in LISTED.values() if one.path != "contacts" for name in one.fields}
    | {f"{SITES}.contacts.{name}" for name in LISTED["location/contact"].fields}
) - _NOT_SHOWN
"""The paths that such XML can show."""
