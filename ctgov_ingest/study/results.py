"""The results section: what the study found.

Responsible for participant flow, adverse events and the notes that go with results; the tables of baseline
characteristics and outcomes stand in `measures`. Counts of adverse events are whole numbers, as in the API.
"""

from pydantic import StrictBool, StrictInt

from ctgov_ingest.study.base import Markup, Open, Record
from ctgov_ingest.study.measures import BaselineMeasure, Denom, Group, OutcomeMeasure
from ctgov_ingest.study.vocabularies import AgreementRestrictionType, EventAssessment


class FlowStats(Record):
    """One cell of the participant flow."""

    group_id: str | None = None
    """The group that the cell belongs to."""
    comment: Markup | None = None
    """A remark on the cell."""
    num_subjects: str | None = None
    """Number of participants, as text."""
    num_units: str | None = None
    """Number of units, where something other than people is assigned."""


class FlowMilestone(Record):
    """A row of the participant flow: a point that participants reached."""

    type: str | None = None
    """`STARTED`, `COMPLETED` or the sponsor's own name for the point."""
    comment: Markup | None = None
    """A remark on the row."""
    achievements: tuple[FlowStats, ...] | None = None
    """How many of each group reached it."""


class DropWithdraw(Record):
    """A row of the participant flow: a reason for not completing."""

    type: str | None = None
    """The reason."""
    comment: Markup | None = None
    """A remark on the row."""
    reasons: tuple[FlowStats, ...] | None = None
    """How many of each group left for it."""


class FlowPeriod(Record):
    """A stretch of the study."""

    title: str | None = None
    """Its name; `Overall Study` if there is but one."""
    milestones: tuple[FlowMilestone, ...] | None = None
    """Points that participants reached."""
    drop_withdraws: tuple[DropWithdraw, ...] | None = None
    """Why participants left."""


class ParticipantFlowModule(Record):
    """How participants went through the study."""

    pre_assignment_details: Markup | None = None
    """What happened between enrollment and assignment."""
    recruitment_details: Markup | None = None
    """How, where and when participants were recruited."""
    type_units_analyzed: str | None = None
    """What is assigned, where it is not people: eyes, teeth, clinics."""
    groups: tuple[Group, ...] | None = None
    """The columns."""
    periods: tuple[FlowPeriod, ...] | None = None
    """The stretches of the study, each a table."""


class BaselineCharacteristicsModule(Record):
    """Who the participants were at the start."""

    population_description: Markup | None = None
    """Who was analyzed."""
    type_units_analyzed: str | None = None
    """What is analyzed, where it is not people."""
    groups: tuple[Group, ...] | None = None
    """The columns, mostly with a total as the last."""
    denoms: tuple[Denom, ...] | None = None
    """How many were analyzed."""
    measures: tuple[BaselineMeasure, ...] | None = None
    """The traits, each a table."""


class OutcomeMeasuresModule(Record):
    """All reported outcomes."""

    outcome_measures: tuple[OutcomeMeasure, ...] | None = None
    """The outcomes, each a table."""


class EventGroup(Record):
    """A column of the tables of adverse events, with its totals."""

    id: str | None = None
    """Id within the module, such as `EG000`."""
    title: str | None = None
    """Heading of the column."""
    description: Markup | None = None
    """Who is in the group, and what they got."""
    deaths_num_affected: StrictInt | None = None
    """Deaths from any cause."""
    deaths_num_at_risk: StrictInt | None = None
    """Participants among whom deaths were counted."""
    serious_num_affected: StrictInt | None = None
    """Participants with at least one serious event."""
    serious_num_at_risk: StrictInt | None = None
    """Participants among whom serious events were counted."""
    other_num_affected: StrictInt | None = None
    """Participants with at least one other event above the threshold."""
    other_num_at_risk: StrictInt | None = None
    """Participants among whom other events were counted."""


class EventStats(Record):
    """One cell of a table of adverse events."""

    group_id: str | None = None
    """The group that the cell belongs to."""
    num_events: StrictInt | None = None
    """How often it happened."""
    num_affected: StrictInt | None = None
    """To how many participants it happened."""
    num_at_risk: StrictInt | None = None
    """Among how many it was counted."""


class AdverseEvent(Record):
    """A kind of adverse event."""

    term: str | None = None
    """Its name."""
    organ_system: str | None = None
    """The organ system under which it is filed."""
    source_vocabulary: str | None = None
    """Where the term is from, such as `MedDRA 23.0`."""
    assessment_type: Open[EventAssessment] | None = None
    """Whether it was asked for."""
    notes: Markup | None = None
    """More about it."""
    stats: tuple[EventStats, ...] | None = None
    """The numbers of each group."""


class AdverseEventsModule(Record):
    """Harm, and who suffered it."""

    frequency_threshold: str | None = None
    """Percent of a group that an event other than serious must reach to be listed, as text."""
    time_frame: str | None = None
    """Over how long events were collected."""
    description: Markup | None = None
    """How they were collected and defined."""
    all_cause_mortality_comment: Markup | None = None
    """A remark on the deaths."""
    event_groups: tuple[EventGroup, ...] | None = None
    """The columns."""
    serious_events: tuple[AdverseEvent, ...] | None = None
    """Serious events."""
    other_events: tuple[AdverseEvent, ...] | None = None
    """Events that are not serious and reach the threshold."""


class LimitationsAndCaveats(Record):
    """What weakens the results."""

    description: Markup | None = None
    """Early end, too few participants, technical problems and the like."""


class CertainAgreement(Record):
    """What investigators may publish."""

    pi_sponsor_employee: StrictBool | None = None
    """Whether all principal investigators work for the sponsor."""
    restriction_type: Open[AgreementRestrictionType] | None = None
    """How long the sponsor may hold a publication back."""
    restrictive_agreement: StrictBool | None = None
    """Whether an agreement restricts investigators."""
    other_details: Markup | None = None
    """A restriction of another kind, in words."""


class PointOfContact(Record):
    """Whom to ask about the results."""

    title: str | None = None
    """Name or position."""
    organization: str | None = None
    """Where the person works."""
    email: str | None = None
    """E-mail address."""
    phone: str | None = None
    """Telephone number as written."""
    phone_ext: str | None = None
    """Extension of the telephone number."""


class MoreInfoModule(Record):
    """What goes with the results."""

    limitations_and_caveats: LimitationsAndCaveats | None = None
    """What weakens them."""
    certain_agreement: CertainAgreement | None = None
    """What investigators may publish."""
    point_of_contact: PointOfContact | None = None
    """Whom to ask."""


class ResultsSection(Record):
    """All that the study found."""

    participant_flow_module: ParticipantFlowModule | None = None
    """How participants went through the study."""
    baseline_characteristics_module: BaselineCharacteristicsModule | None = None
    """Who they were."""
    outcome_measures_module: OutcomeMeasuresModule | None = None
    """What was measured."""
    adverse_events_module: AdverseEventsModule | None = None
    """Harm."""
    more_info_module: MoreInfoModule | None = None
    """Caveats, agreements, contact."""
