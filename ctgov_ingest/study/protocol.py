"""The protocol section: what the sponsor says about the study before there are results.

Responsible for the section itself and its modules on identity, status, sponsors, oversight and description;
design and people stand in `design` and `contacts`.
"""

from pydantic import Field, StrictBool

from ctgov_ingest.study.base import Markup, Open, Record
from ctgov_ingest.study.contacts import ContactsLocationsModule, IpdSharingStatementModule, ReferencesModule
from ctgov_ingest.study.dates import PartialDate
from ctgov_ingest.study.design import (
    ArmsInterventionsModule,
    DesignModule,
    EligibilityModule,
    OutcomesModule,
)
from ctgov_ingest.study.vocabularies import (
    AgencyClass,
    DateType,
    ExpandedAccessStatus,
    OrgStudyIdType,
    ResponsiblePartyType,
    SecondaryIdType,
    Status,
)


class OrgStudyIdInfo(Record):
    """The id under which the responsible organization itself knows the study."""

    id: str | None = None
    """The organization's own protocol number, unique among its studies."""
    type: Open[OrgStudyIdType] | None = None
    """Which agency's grant number it is, where it is one."""
    link: str | None = None
    """Address of a page about the grant."""


class SecondaryIdInfo(Record):
    """A further id of the study: a grant, another registry's number, a sponsor's code."""

    id: str | None = None
    """The number or code."""
    type: Open[SecondaryIdType] | None = None
    """What kind of id it is."""
    domain: str | None = None
    """Who issued it: the registry, the agency or a description."""
    link: str | None = None
    """Address of a page about the grant or the entry."""


class Organization(Record):
    """The organization that keeps the record."""

    full_name: str | None = None
    """Its name."""
    class_: Open[AgencyClass] | None = Field(default=None, alias="class")
    """What sort of body it is."""


class IdentificationModule(Record):
    """What the study is called and numbered."""

    nct_id: str | None = None
    """The registry's id: `NCT` and eight digits."""
    nct_id_aliases: tuple[str, ...] | None = None
    """Obsolete ids that lead to this study."""
    org_study_id_info: OrgStudyIdInfo | None = None
    """The organization's own id."""
    secondary_id_infos: tuple[SecondaryIdInfo, ...] | None = None
    """All further ids."""
    brief_title: str | None = None
    """Short title in plain language."""
    official_title: str | None = None
    """Title as on the protocol."""
    acronym: str | None = None
    """Short name, often of capital letters."""
    organization: Organization | None = None
    """Who keeps the record."""


class DateStruct(Record):
    """A date that may still be a plan."""

    date: PartialDate | None = None
    """The date, as precise as it was given."""
    type: Open[DateType] | None = None
    """Whether it came true or is planned; old records may lack this."""


class ExpandedAccessInfo(Record):
    """Whether the product can be had outside the trial."""

    has_expanded_access: StrictBool | None = None
    """Whether there is such access."""
    nct_id: str | None = None
    """NCT id of the record about that access."""
    status_for_nct_id: Open[ExpandedAccessStatus] | None = None
    """Where that access stands."""


class StatusModule(Record):
    """Where the study stands, and the dates of the study and of its record."""

    status_verified_date: PartialDate | None = None
    """When the sponsor last confirmed the record; mostly a month."""
    overall_status: Open[Status] | None = None
    """Where the study stands; `UNKNOWN` is set by the registry when a record goes stale."""
    last_known_status: Open[Status] | None = None
    """The status before the registry set `UNKNOWN`."""
    delayed_posting: StrictBool | None = None
    """Whether a device record was held back until clearance or approval."""
    why_stopped: Markup | None = None
    """The reason for a suspended, terminated or withdrawn study."""
    expanded_access_info: ExpandedAccessInfo | None = None
    """Access to the product outside the trial."""
    start_date_struct: DateStruct | None = None
    """When the first participant was or will be enrolled."""
    primary_completion_date_struct: DateStruct | None = None
    """When the last data of the primary outcomes were or will be collected."""
    completion_date_struct: DateStruct | None = None
    """When the last data of all were or will be collected."""
    study_first_submit_date: PartialDate | None = None
    """Day on which the record was first sent in."""
    study_first_submit_qc_date: PartialDate | None = None
    """Day of the first submission that passed the registry's quality check."""
    study_first_post_date_struct: DateStruct | None = None
    """Day on which the record was first public; the type says if it was estimated."""
    results_waived: StrictBool | None = None
    """Whether the duty to report results was waived."""
    results_first_submit_date: PartialDate | None = None
    """Day on which results were first sent in."""
    results_first_submit_qc_date: PartialDate | None = None
    """Day of the first results that passed the quality check."""
    results_first_post_date_struct: DateStruct | None = None
    """Day on which results were first public."""
    disp_first_submit_date: PartialDate | None = None
    """Day on which a certification to delay results was first sent in."""
    disp_first_submit_qc_date: PartialDate | None = None
    """Day of the first such certification that passed the quality check."""
    disp_first_post_date_struct: DateStruct | None = None
    """Day on which such a certification was first public."""
    last_update_submit_date: PartialDate | None = None
    """Day on which the latest update was sent in."""
    last_update_post_date_struct: DateStruct | None = None
    """Day on which the latest update was public."""


class ResponsibleParty(Record):
    """Who answers for the record. The two `old_` fields stem from records before 2011."""

    type: Open[ResponsiblePartyType] | None = None
    """Sponsor or investigator."""
    investigator_full_name: str | None = None
    """The investigator's name."""
    investigator_title: str | None = None
    """The investigator's title or position."""
    investigator_affiliation: str | None = None
    """Where the investigator works."""
    old_name_title: str | None = None
    """Name and title in one text."""
    old_organization: str | None = None
    """Organization in free text."""


class Sponsor(Record):
    """A sponsor or collaborator."""

    name: str | None = None
    """Its name."""
    class_: Open[AgencyClass] | None = Field(default=None, alias="class")
    """What sort of body it is."""


class SponsorCollaboratorsModule(Record):
    """Who leads, supports and answers for the study."""

    responsible_party: ResponsibleParty | None = None
    """Who answers for the record."""
    lead_sponsor: Sponsor | None = None
    """Who leads the study."""
    collaborators: tuple[Sponsor, ...] | None = None
    """Others who support it."""


class OversightModule(Record):
    """Who watches over the study, and under which rules of the FDA."""

    oversight_has_dmc: StrictBool | None = None
    """Whether a data monitoring committee was set up."""
    is_fda_regulated_drug: StrictBool | None = None
    """Whether a drug or biologic under FDA rules is studied."""
    is_fda_regulated_device: StrictBool | None = None
    """Whether a device under FDA rules is studied."""
    is_unapproved_device: StrictBool | None = None
    """Whether a device is studied that the FDA has not yet approved or cleared."""
    is_ppsd: StrictBool | None = None
    """Whether the FDA ordered this study of a marketed device in children."""
    is_us_export: StrictBool | None = None
    """Whether the product is made in the U.S. and exported for the study."""
    fdaaa801_violation: StrictBool | None = None
    """Whether the FDA found a breach of the reporting law (FDAAA 801)."""


class DescriptionModule(Record):
    """The study in words."""

    brief_summary: Markup | None = None
    """Short account for lay readers."""
    detailed_description: Markup | None = None
    """Longer, technical account."""


class ConditionsModule(Record):
    """What the study is about."""

    conditions: tuple[str, ...] | None = None
    """Diseases or topics, in the sponsor's words."""
    keywords: tuple[str, ...] | None = None
    """Words to find the study by."""


class ProtocolSection(Record):
    """All that the sponsor registers about the study."""

    identification_module: IdentificationModule | None = None
    """Titles and ids."""
    status_module: StatusModule | None = None
    """Status and dates."""
    sponsor_collaborators_module: SponsorCollaboratorsModule | None = None
    """Sponsor, collaborators, responsible party."""
    oversight_module: OversightModule | None = None
    """Monitoring and FDA regulation."""
    description_module: DescriptionModule | None = None
    """Summary and description."""
    conditions_module: ConditionsModule | None = None
    """Conditions and keywords."""
    design_module: DesignModule | None = None
    """Type, phases, design, enrollment."""
    arms_interventions_module: ArmsInterventionsModule | None = None
    """Arms or groups, and what they get."""
    outcomes_module: OutcomesModule | None = None
    """What is measured, and when."""
    eligibility_module: EligibilityModule | None = None
    """Who may take part."""
    contacts_locations_module: ContactsLocationsModule | None = None
    """People and sites."""
    references_module: ReferencesModule | None = None
    """Publications, links, available data."""
    ipd_sharing_statement_module: IpdSharingStatementModule | None = None
    """Plan to share data of individual participants."""
