"""The study as a whole, and short ways to what everyday readers ask of it.

Responsible for the class `Study`. Its properties are views on the modules: they add nothing, and give `None`
or an empty tuple where a module is absent.
"""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import StrictBool

from ctgov_ingest.study.base import Record
from ctgov_ingest.study.contacts import (
    Contact,
    ContactsLocationsModule,
    Location,
    Official,
    Reference,
    ReferencesModule,
)
from ctgov_ingest.study.dates import PartialDate
from ctgov_ingest.study.design import (
    ArmGroup,
    ArmsInterventionsModule,
    DesignInfo,
    DesignModule,
    EligibilityModule,
    EnrollmentInfo,
    Intervention,
    MaskingBlock,
    Outcome,
    OutcomesModule,
)
from ctgov_ingest.study.durations import Duration
from ctgov_ingest.study.protocol import (
    ConditionsModule,
    DateStruct,
    DescriptionModule,
    IdentificationModule,
    OrgStudyIdInfo,
    ProtocolSection,
    ResponsibleParty,
    SecondaryIdInfo,
    Sponsor,
    SponsorCollaboratorsModule,
    StatusModule,
)
from ctgov_ingest.study.results import ResultsSection
from ctgov_ingest.study.sections import AnnotationSection, DerivedSection, DocumentSection, MiscInfoModule
from ctgov_ingest.study.vocabularies import (
    DesignAllocation,
    DesignMasking,
    DesignTimePerspective,
    InterventionalAssignment,
    ObservationalModel,
    Phase,
    PrimaryPurpose,
    Sex,
    Status,
    StudyType,
)

if TYPE_CHECKING:
    from ctgov_ingest.study.criteria import Criteria

R = TypeVar("R", bound=Record)


class Study(Record):
    """One record of the registry, field by field as in API v2, with short ways to the commonest fields.

    `Study.model_validate_json(raw)` reads the API's bytes; `document` gives plain dicts and lists back.
    """

    protocol_section: ProtocolSection | None = None
    """What the sponsor registered."""
    results_section: ResultsSection | None = None
    """What the study found."""
    annotation_section: AnnotationSection | None = None
    """What the registry notes about the record."""
    document_section: DocumentSection | None = None
    """Documents as files."""
    derived_section: DerivedSection | None = None
    """What the registry works out."""
    has_results: StrictBool | None = None
    """Whether results are public."""

    def document(self) -> dict[str, Any]:
        """The study as plain dicts and lists under the API's names; what is absent is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @property
    def nct_id(self) -> str | None:
        """The registry's id: `NCT` and eight digits."""
        return self._identification.nct_id

    @property
    def org_study_id(self) -> OrgStudyIdInfo | None:
        """The organization's own id of the study."""
        return self._identification.org_study_id_info

    @property
    def secondary_ids(self) -> tuple[SecondaryIdInfo, ...]:
        """All further ids."""
        return self._identification.secondary_id_infos or ()

    @property
    def title(self) -> str | None:
        """The brief title, or the official one where there is no brief one."""
        return self._identification.brief_title or self._identification.official_title

    @property
    def official_title(self) -> str | None:
        """Title as on the protocol."""
        return self._identification.official_title

    @property
    def acronym(self) -> str | None:
        """Short name."""
        return self._identification.acronym

    @property
    def status(self) -> Status | str | None:
        """Where the study stands."""
        return self._status.overall_status

    @property
    def last_known_status(self) -> Status | str | None:
        """The status before the registry set `UNKNOWN`."""
        return self._status.last_known_status

    @property
    def why_stopped(self) -> str | None:
        """The reason for a suspended, terminated or withdrawn study."""
        return self._status.why_stopped

    @property
    def verified(self) -> PartialDate | None:
        """When the sponsor last confirmed the record."""
        return self._status.status_verified_date

    @property
    def start(self) -> DateStruct | None:
        """When the first participant was or will be enrolled."""
        return self._status.start_date_struct

    @property
    def primary_completion(self) -> DateStruct | None:
        """When the last data of the primary outcomes were or will be collected."""
        return self._status.primary_completion_date_struct

    @property
    def completion(self) -> DateStruct | None:
        """When the last data of all were or will be collected."""
        return self._status.completion_date_struct

    @property
    def first_submitted(self) -> PartialDate | None:
        """Day on which the record was first sent in."""
        return self._status.study_first_submit_date

    @property
    def first_posted(self) -> PartialDate | None:
        """Day on which the record was first public."""
        return _date(self._status.study_first_post_date_struct)

    @property
    def results_first_posted(self) -> PartialDate | None:
        """Day on which results were first public."""
        return _date(self._status.results_first_post_date_struct)

    @property
    def last_update_submitted(self) -> PartialDate | None:
        """Day on which the latest update was sent in."""
        return self._status.last_update_submit_date

    @property
    def last_update_posted(self) -> PartialDate | None:
        """Day on which the latest update was public."""
        return _date(self._status.last_update_post_date_struct)

    @property
    def version_holder(self) -> PartialDate | None:
        """Day of the data set that the record was taken from."""
        derived = _there(self.derived_section, DerivedSection)
        return _there(derived.misc_info_module, MiscInfoModule).version_holder

    @property
    def sponsor(self) -> Sponsor | None:
        """Who leads the study."""
        return self._sponsors.lead_sponsor

    @property
    def collaborators(self) -> tuple[Sponsor, ...]:
        """Who else supports it."""
        return self._sponsors.collaborators or ()

    @property
    def responsible_party(self) -> ResponsibleParty | None:
        """Who answers for the record."""
        return self._sponsors.responsible_party

    @property
    def brief_summary(self) -> str | None:
        """Short account for lay readers, in markdown."""
        return _there(self._protocol.description_module, DescriptionModule).brief_summary

    @property
    def detailed_description(self) -> str | None:
        """Longer, technical account, in markdown."""
        return _there(self._protocol.description_module, DescriptionModule).detailed_description

    @property
    def conditions(self) -> tuple[str, ...]:
        """Diseases or topics, in the sponsor's words."""
        return _there(self._protocol.conditions_module, ConditionsModule).conditions or ()

    @property
    def keywords(self) -> tuple[str, ...]:
        """Words to find the study by."""
        return _there(self._protocol.conditions_module, ConditionsModule).keywords or ()

    @property
    def study_type(self) -> StudyType | str | None:
        """Trial, observational study or expanded access."""
        return self._design.study_type

    @property
    def phases(self) -> tuple[Phase | str, ...]:
        """One phase, or the two between which the trial stands."""
        return self._design.phases or ()

    @property
    def enrollment(self) -> EnrollmentInfo | None:
        """How many take part, reached or planned."""
        return self._design.enrollment_info

    @property
    def allocation(self) -> DesignAllocation | str | None:
        """How participants come into arms."""
        return self._design_info.allocation

    @property
    def intervention_model(self) -> InterventionalAssignment | str | None:
        """How arms run beside or after each other."""
        return self._design_info.intervention_model

    @property
    def primary_purpose(self) -> PrimaryPurpose | str | None:
        """The main aim of the intervention."""
        return self._design_info.primary_purpose

    @property
    def masking(self) -> DesignMasking | str | None:
        """How many parties do not know who gets what."""
        return _there(self._design_info.masking_info, MaskingBlock).masking

    @property
    def observational_model(self) -> ObservationalModel | str | None:
        """How participants of an observational study are picked and followed."""
        return self._design_info.observational_model

    @property
    def time_perspective(self) -> DesignTimePerspective | str | None:
        """Whether an observational study looks back, ahead or at one moment."""
        return self._design_info.time_perspective

    @property
    def arms(self) -> tuple[ArmGroup, ...]:
        """Arms of a trial, or groups of an observational study."""
        return self._arms.arm_groups or ()

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """What is tried or watched."""
        return self._arms.interventions or ()

    @property
    def primary_outcomes(self) -> tuple[Outcome, ...]:
        """What the study is chiefly judged by."""
        return self._outcomes.primary_outcomes or ()

    @property
    def secondary_outcomes(self) -> tuple[Outcome, ...]:
        """What matters next."""
        return self._outcomes.secondary_outcomes or ()

    @property
    def other_outcomes(self) -> tuple[Outcome, ...]:
        """What is measured besides."""
        return self._outcomes.other_outcomes or ()

    @property
    def eligibility(self) -> EligibilityModule | None:
        """Who may take part, as the registry sends it."""
        return self._protocol.eligibility_module

    @cached_property
    def criteria(self) -> "Criteria | None":
        """Inclusion and exclusion criteria as structure; worked out once, when first asked for."""
        from ctgov_ingest.study.criteria import parse_criteria

        text = self._eligibility.eligibility_criteria
        return None if text is None else parse_criteria(text)

    @property
    def minimum_age(self) -> Duration | str | None:
        """Youngest age; `None` if there is no limit."""
        return self._eligibility.minimum_age

    @property
    def maximum_age(self) -> Duration | str | None:
        """Oldest age; `None` if there is no limit."""
        return self._eligibility.maximum_age

    @property
    def sex(self) -> Sex | str | None:
        """Which sex may take part."""
        return self._eligibility.sex

    @property
    def healthy_volunteers(self) -> bool | None:
        """Whether people without the condition may take part."""
        return self._eligibility.healthy_volunteers

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Whom to ask about the study as a whole."""
        return self._places.central_contacts or ()

    @property
    def officials(self) -> tuple[Official, ...]:
        """Who answers for the science."""
        return self._places.overall_officials or ()

    @property
    def locations(self) -> tuple[Location, ...]:
        """The sites."""
        return self._places.locations or ()

    @property
    def references(self) -> tuple[Reference, ...]:
        """Publications, those linked by the registry included."""
        return _there(self._protocol.references_module, ReferencesModule).references or ()

    @property
    def _protocol(self) -> ProtocolSection:
        return _there(self.protocol_section, ProtocolSection)

    @property
    def _identification(self) -> IdentificationModule:
        return _there(self._protocol.identification_module, IdentificationModule)

    @property
    def _status(self) -> StatusModule:
        return _there(self._protocol.status_module, StatusModule)

    @property
    def _sponsors(self) -> SponsorCollaboratorsModule:
        return _there(self._protocol.sponsor_collaborators_module, SponsorCollaboratorsModule)

    @property
    def _design(self) -> DesignModule:
        return _there(self._protocol.design_module, DesignModule)

    @property
    def _design_info(self) -> DesignInfo:
        return _there(self._design.design_info, DesignInfo)

    @property
    def _arms(self) -> ArmsInterventionsModule:
        return _there(self._protocol.arms_interventions_module, ArmsInterventionsModule)

    @property
    def _outcomes(self) -> OutcomesModule:
        return _there(self._protocol.outcomes_module, OutcomesModule)

    @property
    def _eligibility(self) -> EligibilityModule:
        return _there(self._protocol.eligibility_module, EligibilityModule)

    @property
    def _places(self) -> ContactsLocationsModule:
        return _there(self._protocol.contacts_locations_module, ContactsLocationsModule)


def _there(record: R | None, cls: type[R]) -> R:
    """The record, or an empty one, so that a way through absent modules ends in `None`."""
    return _empty(cls) if record is None else record


@cache
def _empty(cls: type[R]) -> R:
    return cls()


def _date(struct: DateStruct | None) -> PartialDate | None:
    return None if struct is None else struct.date
