"""What a study does: design, arms and interventions, planned outcomes, eligibility.

Responsible for these four modules of the protocol section.
"""

from pydantic import StrictBool, StrictInt

from ctgov_ingest.study.base import Markup, Open, Record
from ctgov_ingest.study.durations import Duration
from ctgov_ingest.study.vocabularies import (
    ArmGroupType,
    BioSpecRetention,
    DesignAllocation,
    DesignMasking,
    DesignTimePerspective,
    EnrollmentType,
    InterventionalAssignment,
    InterventionType,
    ObservationalModel,
    Phase,
    PrimaryPurpose,
    SamplingMethod,
    Sex,
    StandardAge,
    StudyType,
    WhoMasked,
)


class ExpandedAccessTypes(Record):
    """For which groups of patients expanded access is open."""

    individual: StrictBool | None = None
    """Single patients, emergencies included."""
    intermediate: StrictBool | None = None
    """Groups smaller than under a treatment protocol."""
    treatment: StrictBool | None = None
    """Wide use under a treatment IND or protocol."""


class MaskingBlock(Record):
    """Who does not know which participant gets what."""

    masking: Open[DesignMasking] | None = None
    """How many parties are masked."""
    masking_description: Markup | None = None
    """How masking is done."""
    who_masked: tuple[Open[WhoMasked], ...] | None = None
    """The masked parties."""


class DesignInfo(Record):
    """The plan of the study; trials and observational studies use different fields."""

    allocation: Open[DesignAllocation] | None = None
    """Trials: how participants come into arms."""
    intervention_model: Open[InterventionalAssignment] | None = None
    """Trials: how arms run beside or after each other."""
    intervention_model_description: Markup | None = None
    """Trials: more about that model."""
    primary_purpose: Open[PrimaryPurpose] | None = None
    """Trials: the main aim of the intervention."""
    observational_model: Open[ObservationalModel] | None = None
    """Observational studies: how participants are picked and followed."""
    time_perspective: Open[DesignTimePerspective] | None = None
    """Observational studies: looking back, ahead, or at one moment."""
    masking_info: MaskingBlock | None = None
    """Trials: who is masked."""


class BioSpec(Record):
    """Samples that an observational study keeps."""

    retention: Open[BioSpecRetention] | None = None
    """Whether samples are kept, and with DNA or without."""
    description: Markup | None = None
    """Which samples."""


class EnrollmentInfo(Record):
    """How many take part."""

    count: StrictInt | None = None
    """Number of participants; 99999999 has been seen where nobody knew."""
    type: Open[EnrollmentType] | None = None
    """Reached or planned."""


class DesignModule(Record):
    """What kind of study it is, and how large."""

    study_type: Open[StudyType] | None = None
    """Trial, observational study or expanded access."""
    n_ptrs_to_this_exp_acc_nct_id: StrictInt | None = None
    """Expanded access: how many studies point to this record."""
    expanded_access_types: ExpandedAccessTypes | None = None
    """Expanded access: for whom."""
    patient_registry: StrictBool | None = None
    """Observational studies: whether it is a registry of patients."""
    target_duration: Open[Duration] | None = None
    """Patient registries: how long each participant is followed."""
    phases: tuple[Open[Phase], ...] | None = None
    """Trials: one phase, or the two between which it stands."""
    design_info: DesignInfo | None = None
    """The plan."""
    bio_spec: BioSpec | None = None
    """Samples that are kept."""
    enrollment_info: EnrollmentInfo | None = None
    """Number of participants."""


class ArmGroup(Record):
    """An arm of a trial, or a group of an observational study."""

    label: str | None = None
    """Its name, unique within the study."""
    type: Open[ArmGroupType] | None = None
    """The part that it plays; trials only."""
    description: Markup | None = None
    """More about it."""
    intervention_names: tuple[str, ...] | None = None
    """What it gets, each as the kind's label, a colon and the name: `Drug: Aspirin`."""


class Intervention(Record):
    """A drug, device, procedure or anything else that is tried or watched."""

    type: Open[InterventionType] | None = None
    """What kind of thing it is."""
    name: str | None = None
    """Its name, unique within the study."""
    description: Markup | None = None
    """Dose, schedule and the like."""
    arm_group_labels: tuple[str, ...] | None = None
    """Labels of the arms that get it."""
    other_names: tuple[str, ...] | None = None
    """Brand names, codes and other names."""


class ArmsInterventionsModule(Record):
    """Arms or groups, and interventions; each names the other."""

    arm_groups: tuple[ArmGroup, ...] | None = None
    """Arms or groups."""
    interventions: tuple[Intervention, ...] | None = None
    """Interventions or exposures."""


class Outcome(Record):
    """Something that the study plans to measure."""

    measure: str | None = None
    """What is measured."""
    description: Markup | None = None
    """How it is measured."""
    time_frame: str | None = None
    """When, or over how long, in free text."""


class OutcomesModule(Record):
    """The planned outcomes in their three ranks."""

    primary_outcomes: tuple[Outcome, ...] | None = None
    """What the study is chiefly judged by."""
    secondary_outcomes: tuple[Outcome, ...] | None = None
    """What matters next."""
    other_outcomes: tuple[Outcome, ...] | None = None
    """What is measured besides."""


class EligibilityModule(Record):
    """Who may take part."""

    eligibility_criteria: Markup | None = None
    """Inclusion and exclusion criteria, mostly as lists under two headings."""
    healthy_volunteers: StrictBool | None = None
    """Whether people without the condition may take part."""
    sex: Open[Sex] | None = None
    """Which sex may take part."""
    gender_based: StrictBool | None = None
    """Whether eligibility rests on gender as participants see it themselves."""
    gender_description: Markup | None = None
    """How gender decides."""
    minimum_age: Open[Duration] | None = None
    """Youngest age; absent if there is no limit."""
    maximum_age: Open[Duration] | None = None
    """Oldest age; absent if there is no limit."""
    std_ages: tuple[Open[StandardAge], ...] | None = None
    """Age groups that the limits touch, as the registry derives them."""
    study_population: Markup | None = None
    """Observational studies: from whom participants are drawn."""
    sampling_method: Open[SamplingMethod] | None = None
    """Observational studies: how they are drawn."""
