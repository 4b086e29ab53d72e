"""The registry's fixed vocabularies, each value with the label that the registry's pages print for it.

Responsible for the values themselves. A value that a record carries and this module lacks stays plain text
(see `base.Open`).
"""

from enum import StrEnum
from typing import Self


class Vocabulary(StrEnum):
    """A set of values of the API. A member is equal to its text; `label` is how people read it."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """A member is written as its value and its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class OrgStudyIdType(Vocabulary):
    """Which U.S. agency's grant or contract number the organization's own id is."""

    NIH = "NIH", "U.S. NIH Grant/Contract"
    FDA = "FDA", "U.S. FDA Grant/Contract"
    VA = "VA", "U.S. VA Grant/Contract"
    CDC = "CDC", "U.S. CDC Grant/Contract"
    AHRQ = "AHRQ", "U.S. AHRQ Grant/Contract"
    SAMHSA = "SAMHSA", "U.S. SAMHSA Grant/Contract"


class SecondaryIdType(Vocabulary):
    """What kind of number a further id of the study is."""

    NIH = "NIH", "U.S. NIH Grant/Contract"
    FDA = "FDA", "U.S. FDA Grant/Contract"
    VA = "VA", "U.S. VA Grant/Contract"
    CDC = "CDC", "U.S. CDC Grant/Contract"
    AHRQ = "AHRQ", "U.S. AHRQ Grant/Contract"
    SAMHSA = "SAMHSA", "U.S. SAMHSA Grant/Contract"
    OTHER_GRANT = "OTHER_GRANT", "Other Grant/Funding Number"
    EUDRACT_NUMBER = "EUDRACT_NUMBER", "EudraCT Number"
    CTIS = "CTIS", "EU Trial (CTIS) Number"
    REGISTRY = "REGISTRY", "Registry Identifier"
    OTHER = "OTHER", "Other Identifier"


class AgencyClass(Vocabulary):
    """What sort of body a sponsor, collaborator or organization is."""

    NIH = "NIH", "NIH"
    FED = "FED", "FED"
    OTHER_GOV = "OTHER_GOV", "OTHER_GOV"
    INDIV = "INDIV", "INDIV"
    INDUSTRY = "INDUSTRY", "INDUSTRY"
    NETWORK = "NETWORK", "NETWORK"
    AMBIG = "AMBIG", "AMBIG"
    OTHER = "OTHER", "OTHER"
    UNKNOWN = "UNKNOWN", "UNKNOWN"


class Status(Vocabulary):
    """Where the study as a whole stands, expanded access included."""

    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING", "Active, not recruiting"
    COMPLETED = "COMPLETED", "Completed"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION", "Enrolling by invitation"
    NOT_YET_RECRUITING = "NOT_YET_RECRUITING", "Not yet recruiting"
    RECRUITING = "RECRUITING", "Recruiting"
    SUSPENDED = "SUSPENDED", "Suspended"
    TERMINATED = "TERMINATED", "Terminated"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    AVAILABLE = "AVAILABLE", "Available"
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE", "No longer available"
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE", "Temporarily not available"
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING", "Approved for marketing"
    WITHHELD = "WITHHELD", "Withheld"
    UNKNOWN = "UNKNOWN", "Unknown status"


class ExpandedAccessStatus(Vocabulary):
    """Whether a drug or device is to be had outside a trial."""

    AVAILABLE = "AVAILABLE", "Available"
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE", "No longer available"
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE", "Temporarily not available"
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING", "Approved for marketing"


class DateType(Vocabulary):
    """Whether a date has come true or is still a plan."""

    ACTUAL = "ACTUAL", "Actual"
    ESTIMATED = "ESTIMATED", "Estimated"


class ResponsiblePartyType(Vocabulary):
    """Who answers for the record."""

    SPONSOR = "SPONSOR", "Sponsor"
    PRINCIPAL_INVESTIGATOR = "PRINCIPAL_INVESTIGATOR", "Principal Investigator"
    SPONSOR_INVESTIGATOR = "SPONSOR_INVESTIGATOR", "Sponsor-Investigator"


class StudyType(Vocabulary):
    """The three kinds of study that the registry knows."""

    EXPANDED_ACCESS = "EXPANDED_ACCESS", "Expanded Access"
    INTERVENTIONAL = "INTERVENTIONAL", "Interventional"
    OBSERVATIONAL = "OBSERVATIONAL", "Observational"


class Phase(Vocabulary):
    """Phases of development; a study between two phases lists both."""

    NA = "NA", "Not Applicable"
    EARLY_PHASE1 = "EARLY_PHASE1", "Early Phase 1"
    PHASE1 = "PHASE1", "Phase 1"
    PHASE2 = "PHASE2", "Phase 2"
    PHASE3 = "PHASE3", "Phase 3"
    PHASE4 = "PHASE4", "Phase 4"


class DesignAllocation(Vocabulary):
    """How participants come into their arms."""

    RANDOMIZED = "RANDOMIZED", "Randomized"
    NON_RANDOMIZED = "NON_RANDOMIZED", "Non-Randomized"
    NA = "NA", "N/A"


class InterventionalAssignment(Vocabulary):
    """How arms and interventions relate over time in a trial."""

    SINGLE_GROUP = "SINGLE_GROUP", "Single Group Assignment"
    PARALLEL = "PARALLEL", "Parallel Assignment"
    CROSSOVER = "CROSSOVER", "Crossover Assignment"
    FACTORIAL = "FACTORIAL", "Factorial Assignment"
    SEQUENTIAL = "SEQUENTIAL", "Sequential Assignment"


class PrimaryPurpose(Vocabulary):
    """What the intervention is chiefly tried for."""

    TREATMENT = "TREATMENT", "Treatment"
    PREVENTION = "PREVENTION", "Prevention"
    DIAGNOSTIC = "DIAGNOSTIC", "Diagnostic"
    ECT = "ECT", "Educational/Counseling/Training"
    SUPPORTIVE_CARE = "SUPPORTIVE_CARE", "Supportive Care"
    SCREENING = "SCREENING", "Screening"
    HEALTH_SERVICES_RESEARCH = "HEALTH_SERVICES_RESEARCH", "Health Services Research"
    BASIC_SCIENCE = "BASIC_SCIENCE", "Basic Science"
    DEVICE_FEASIBILITY = "DEVICE_FEASIBILITY", "Device Feasibility"
    OTHER = "OTHER", "Other"


class ObservationalModel(Vocabulary):
    """How participants of an observational study are picked and followed."""

    COHORT = "COHORT", "Cohort"
    CASE_CONTROL = "CASE_CONTROL", "Case-Control"
    CASE_ONLY = "CASE_ONLY", "Case-Only"
    CASE_CROSSOVER = "CASE_CROSSOVER", "Case-Crossover"
    ECOLOGIC_OR_COMMUNITY = "ECOLOGIC_OR_COMMUNITY", "Ecologic or Community"
    FAMILY_BASED = "FAMILY_BASED", "Family-Based"
    DEFINED_POPULATION = "DEFINED_POPULATION", "Defined Population"
    NATURAL_HISTORY = "NATURAL_HISTORY", "Natural History"
    OTHER = "OTHER", "Other"


class DesignTimePerspective(Vocabulary):
    """Whether an observational study looks back, ahead or at one moment."""

    RETROSPECTIVE = "RETROSPECTIVE", "Retrospective"
    PROSPECTIVE = "PROSPECTIVE", "Prospective"
    CROSS_SECTIONAL = "CROSS_SECTIONAL", "Cross-Sectional"
    OTHER = "OTHER", "Other"


class DesignMasking(Vocabulary):
    """How many parties do not know who gets what."""

    NONE = "NONE", "None (Open Label)"
    SINGLE = "SINGLE", "Single"
    DOUBLE = "DOUBLE", "Double"
    TRIPLE = "TRIPLE", "Triple"
    QUADRUPLE = "QUADRUPLE", "Quadruple"


class WhoMasked(Vocabulary):
    """The parties who do not know who gets what."""

    PARTICIPANT = "PARTICIPANT", "Participant"
    CARE_PROVIDER = "CARE_PROVIDER", "Care Provider"
    INVESTIGATOR = "INVESTIGATOR", "Investigator"
    OUTCOMES_ASSESSOR = "OUTCOMES_ASSESSOR", "Outcomes Assessor"


class BioSpecRetention(Vocabulary):
    """Whether samples are kept, and whether DNA can be got from them."""

    NONE_RETAINED = "NONE_RETAINED", "None Retained"
    SAMPLES_WITH_DNA = "SAMPLES_WITH_DNA", "Samples With DNA"
    SAMPLES_WITHOUT_DNA = "SAMPLES_WITHOUT_DNA", "Samples Without DNA"


class EnrollmentType(Vocabulary):
    """Whether the number of participants was reached or is planned."""

    ACTUAL = "ACTUAL", "Actual"
    ESTIMATED = "ESTIMATED", "Estimated"


class ArmGroupType(Vocabulary):
    """The part that an arm plays in the comparison."""

    EXPERIMENTAL = "EXPERIMENTAL", "Experimental"
    ACTIVE_COMPARATOR = "ACTIVE_COMPARATOR", "Active Comparator"
    PLACEBO_COMPARATOR = "PLACEBO_COMPARATOR", "Placebo Comparator"
    SHAM_COMPARATOR = "SHAM_COMPARATOR", "Sham Comparator"
    NO_INTERVENTION = "NO_INTERVENTION", "No Intervention"
    OTHER = "OTHER", "Other"


class InterventionType(Vocabulary):
    """What kind of thing an intervention is."""

    BEHAVIORAL = "BEHAVIORAL", "Behavioral"
    BIOLOGICAL = "BIOLOGICAL", "Biological"
    COMBINATION_PRODUCT = "COMBINATION_PRODUCT", "Combination Product"
    DEVICE = "DEVICE", "Device"
    DIAGNOSTIC_TEST = "DIAGNOSTIC_TEST", "Diagnostic Test"
    DIETARY_SUPPLEMENT = "DIETARY_SUPPLEMENT", "Dietary Supplement"
    DRUG = "DRUG", "Drug"
    GENETIC = "GENETIC", "Genetic"
    PROCEDURE = "PROCEDURE", "Procedure"
    RADIATION = "RADIATION", "Radiation"
    OTHER = "OTHER", "Other"


class Sex(Vocabulary):
    """Which sex may take part."""

    FEMALE = "FEMALE", "Female"
    MALE = "MALE", "Male"
    ALL = "ALL", "All"


class StandardAge(Vocabulary):
    """Age groups as the registry derives them: up to 17, 18 to 64, from 65 years on."""

    CHILD = "CHILD", "Child"
    ADULT = "ADULT", "Adult"
    OLDER_ADULT = "OLDER_ADULT", "Older Adult"


class SamplingMethod(Vocabulary):
    """How an observational study samples its population."""

    PROBABILITY_SAMPLE = "PROBABILITY_SAMPLE", "Probability Sample"
    NON_PROBABILITY_SAMPLE = "NON_PROBABILITY_SAMPLE", "Non-Probability Sample"


class ContactRole(Vocabulary):
    """The part of a contact person."""

    STUDY_CHAIR = "STUDY_CHAIR", "Study Chair"
    STUDY_DIRECTOR = "STUDY_DIRECTOR", "Study Director"
    PRINCIPAL_INVESTIGATOR = "PRINCIPAL_INVESTIGATOR", "Principal Investigator"
    SUB_INVESTIGATOR = "SUB_INVESTIGATOR", "Sub-Investigator"
    CONTACT = "CONTACT", "Contact"


class OfficialRole(Vocabulary):
    """The part of a person who answers for the science of the study."""

    STUDY_CHAIR = "STUDY_CHAIR", "Study Chair"
    STUDY_DIRECTOR = "STUDY_DIRECTOR", "Study Director"
    PRINCIPAL_INVESTIGATOR = "PRINCIPAL_INVESTIGATOR", "Principal Investigator"
    SUB_INVESTIGATOR = "SUB_INVESTIGATOR", "Sub-Investigator"


class RecruitmentStatus(Vocabulary):
    """Where one site stands; fewer values than for the whole study."""

    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING", "Active, not recruiting"
    COMPLETED = "COMPLETED", "Completed"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION", "Enrolling by invitation"
    NOT_YET_RECRUITING = "NOT_YET_RECRUITING", "Not yet recruiting"
    RECRUITING = "RECRUITING", "Recruiting"
    SUSPENDED = "SUSPENDED", "Suspended"
    TERMINATED = "TERMINATED", "Terminated"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    AVAILABLE = "AVAILABLE", "Available"


class ReferenceType(Vocabulary):
    """How a publication relates to the study; `DERIVED` ones are linked by the registry itself."""

    BACKGROUND = "BACKGROUND", "background"
    RESULT = "RESULT", "result"
    DERIVED = "DERIVED", "derived"


class IpdSharing(Vocabulary):
    """Whether data of individual participants will be shared."""

    YES = "YES", "Yes"
    NO = "NO", "No"
    UNDECIDED = "UNDECIDED", "Undecided"


class IpdSharingInfoType(Vocabulary):
    """What is shared along with data of individual participants."""

    STUDY_PROTOCOL = "STUDY_PROTOCOL", "Study Protocol"
    SAP = "SAP", "Statistical Analysis Plan (SAP)"
    ICF = "ICF", "Informed Consent Form (ICF)"
    CSR = "CSR", "Clinical Study Report (CSR)"
    ANALYTIC_CODE = "ANALYTIC_CODE", "Analytic Code"


class MeasureParam(Vocabulary):
    """What number a row of results reports."""

    GEOMETRIC_MEAN = "GEOMETRIC_MEAN", "Geometric Mean"
    GEOMETRIC_LEAST_SQUARES_MEAN = "GEOMETRIC_LEAST_SQUARES_MEAN", "Geometric Least Squares Mean"
    LEAST_SQUARES_MEAN = "LEAST_SQUARES_MEAN", "Least Squares Mean"
    LOG_MEAN = "LOG_MEAN", "Log Mean"
    MEAN = "MEAN", "Mean"
    MEDIAN = "MEDIAN", "Median"
    NUMBER = "NUMBER", "Number"
    COUNT_OF_PARTICIPANTS = "COUNT_OF_PARTICIPANTS", "Count of Participants"
    COUNT_OF_UNITS = "COUNT_OF_UNITS", "Count of Units"


class MeasureDispersionType(Vocabulary):
    """What spread or interval goes with a number of the results."""

    NA = "NA", "Not Applicable"
    STANDARD_DEVIATION = "STANDARD_DEVIATION", "Standard Deviation"
    STANDARD_ERROR = "STANDARD_ERROR", "Standard Error"
    INTER_QUARTILE_RANGE = "INTER_QUARTILE_RANGE", "Inter-Quartile Range"
    FULL_RANGE = "FULL_RANGE", "Full Range"
    CONFIDENCE_80 = "CONFIDENCE_80", "80% Confidence Interval"
    CONFIDENCE_90 = "CONFIDENCE_90", "90% Confidence Interval"
    CONFIDENCE_95 = "CONFIDENCE_95", "95% Confidence Interval"
    CONFIDENCE_975 = "CONFIDENCE_975", "97.5% Confidence Interval"
    CONFIDENCE_99 = "CONFIDENCE_99", "99% Confidence Interval"
    CONFIDENCE_OTHER = "CONFIDENCE_OTHER", "Other Confidence Interval Level"
    GEOMETRIC_COEFFICIENT = "GEOMETRIC_COEFFICIENT", "Geometric Coefficient of Variation"


class OutcomeMeasureType(Vocabulary):
    """Where a reported outcome stands in the plan of the study."""

    PRIMARY = "PRIMARY", "Primary"
    SECONDARY = "SECONDARY", "Secondary"
    OTHER_PRE_SPECIFIED = "OTHER_PRE_SPECIFIED", "Other Pre-specified"
    POST_HOC = "POST_HOC", "Post-Hoc"


class ReportingStatus(Vocabulary):
    """Whether the data of an outcome are there yet."""

    NOT_POSTED = "NOT_POSTED", "Not Posted"
    POSTED = "POSTED", "Posted"


class AnalysisDispersionType(Vocabulary):
    """What spread goes with the estimate of a statistical analysis."""

    STANDARD_DEVIATION = "STANDARD_DEVIATION", "Standard Deviation"
    STANDARD_ERROR_OF_MEAN = "STANDARD_ERROR_OF_MEAN", "Standard Error of the Mean"


class ConfidenceIntervalNumSides(Vocabulary):
    """Whether a confidence interval is bounded on one side or on both."""

    ONE_SIDED = "ONE_SIDED", "1-Sided"
    TWO_SIDED = "TWO_SIDED", "2-Sided"


class NonInferiorityType(Vocabulary):
    """What a statistical analysis sets out to show; the last four are older forms of words."""

    SUPERIORITY = "SUPERIORITY", "Superiority"
    NON_INFERIORITY = "NON_INFERIORITY", "Non-Inferiority"
    EQUIVALENCE = "EQUIVALENCE", "Equivalence"
    OTHER = "OTHER", "Other"
    NON_INFERIORITY_OR_EQUIVALENCE = "NON_INFERIORITY_OR_EQUIVALENCE", "Non-Inferiority or Equivalence"
    SUPERIORITY_OR_OTHER = "SUPERIORITY_OR_OTHER", "Superiority or Other"
    NON_INFERIORITY_OR_EQUIVALENCE_LEGACY = (
        "NON_INFERIORITY_OR_EQUIVALENCE_LEGACY",
        "Non-Inferiority or Equivalence (legacy)",
    )
    SUPERIORITY_OR_OTHER_LEGACY = "SUPERIORITY_OR_OTHER_LEGACY", "Superiority or Other (legacy)"


class EventAssessment(Vocabulary):
    """Whether adverse events were asked for or only taken down when told."""

    NON_SYSTEMATIC_ASSESSMENT = "NON_SYSTEMATIC_ASSESSMENT", "Non-systematic Assessment"
    SYSTEMATIC_ASSESSMENT = "SYSTEMATIC_ASSESSMENT", "Systematic Assessment"


class AgreementRestrictionType(Vocabulary):
    """How long the sponsor may hold an investigator's publication back, in days."""

    LTE60 = "LTE60", "LTE60"
    GT60 = "GT60", "GT60"
    OTHER = "OTHER", "OTHER"


class UnpostedEventType(Vocabulary):
    """What happened to results that were sent in but are not public."""

    RESET = "RESET", "Reset"
    RELEASE = "RELEASE", "Release"
    UNRELEASE = "UNRELEASE", "Unrelease"


class ViolationEventType(Vocabulary):
    """What the FDA found or did about a duty not met."""

    VIOLATION_IDENTIFIED = "VIOLATION_IDENTIFIED", "Violation Identified by FDA"
    CORRECTION_CONFIRMED = "CORRECTION_CONFIRMED", "Correction Confirmed by FDA"
    PENALTY_IMPOSED = "PENALTY_IMPOSED", "Penalty Imposed by FDA"
    ISSUES_IN_LETTER_ADDRESSED_CONFIRMED = (
        "ISSUES_IN_LETTER_ADDRESSED_CONFIRMED",
        "Issues in letter addressed; confirmed by FDA.",
    )


class BrowseLeafRelevance(Vocabulary):
    """How close a term of the browse tree is to the study."""

    LOW = "LOW", "low"
    HIGH = "HIGH", "high"
