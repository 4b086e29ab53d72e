"""The smaller sections: annotations by the registry, documents, and what the registry derives.

Responsible for `annotationSection`, `documentSection` and `derivedSection`.
Of these, sponsors write the documents only.
"""

from pydantic import StrictBool, StrictFloat, StrictInt

from ctgov_ingest.study.base import Open, Record
from ctgov_ingest.study.dates import PartialDate
from ctgov_ingest.study.protocol import DateStruct
from ctgov_ingest.study.vocabularies import BrowseLeafRelevance, UnpostedEventType, ViolationEventType


class UnpostedEvent(Record):
    """A step of results on their way through the quality check."""

    type: Open[UnpostedEventType] | None = None
    """Sent in, taken back or returned."""
    date: PartialDate | None = None
    """The day."""
    date_unknown: StrictBool | None = None
    """Whether the day is not known."""


class UnpostedAnnotation(Record):
    """Results that were sent in but are not public."""

    unposted_responsible_party: str | None = None
    """Who answers for them."""
    unposted_events: tuple[UnpostedEvent, ...] | None = None
    """The steps so far."""


class ViolationEvent(Record):
    """A step of the FDA about a duty not met."""

    type: Open[ViolationEventType] | None = None
    """What the FDA found or did."""
    description: str | None = None
    """In words."""
    creation_date: PartialDate | None = None
    """Day on which the entry was made."""
    issued_date: PartialDate | None = None
    """Day on which the FDA issued the notice."""
    release_date: PartialDate | None = None
    """Day on which the entry was released."""
    posted_date: PartialDate | None = None
    """Day on which the entry was public."""


class ViolationAnnotation(Record):
    """What the FDA found about duties not met."""

    violation_events: tuple[ViolationEvent, ...] | None = None
    """The steps so far."""


class AnnotationModule(Record):
    """Notes on a record by the registry."""

    unposted_annotation: UnpostedAnnotation | None = None
    """Results that are not public yet."""
    violation_annotation: ViolationAnnotation | None = None
    """Duties not met."""


class AnnotationSection(Record):
    """What the registry notes about the record."""

    annotation_module: AnnotationModule | None = None
    """The notes."""


class LargeDoc(Record):
    """A document of the study as a file."""

    type_abbrev: str | None = None
    """What is in it, abbreviated: `Prot`, `SAP`, `ICF` or joined, as `Prot_SAP`."""
    has_protocol: StrictBool | None = None
    """Whether it holds the protocol."""
    has_sap: StrictBool | None = None
    """Whether it holds the statistical analysis plan."""
    has_icf: StrictBool | None = None
    """Whether it holds the informed consent form."""
    label: str | None = None
    """What it is called."""
    date: PartialDate | None = None
    """Day of the document itself."""
    upload_date: PartialDate | None = None
    """When it was uploaded, to the minute."""
    filename: str | None = None
    """Name of the file, the last part of its address."""
    size: StrictInt | None = None
    """Size of the file in bytes."""


class LargeDocumentModule(Record):
    """Documents of the study as files."""

    no_sap: StrictBool | None = None
    """Whether there is no statistical analysis plan."""
    large_docs: tuple[LargeDoc, ...] | None = None
    """The files."""


class DocumentSection(Record):
    """Protocol, analysis plan and consent form as files."""

    large_document_module: LargeDocumentModule | None = None
    """The documents."""


class FirstMcpInfo(Record):
    """The first time that results were public with comments of the quality check."""

    post_date_struct: DateStruct | None = None
    """The day."""


class SubmissionInfo(Record):
    """One round of results through the quality check."""

    release_date: PartialDate | None = None
    """Day on which results were sent in."""
    unrelease_date: PartialDate | None = None
    """Day on which they were taken back."""
    unrelease_date_unknown: StrictBool | None = None
    """Whether that day is not known."""
    reset_date: PartialDate | None = None
    """Day on which they were returned with comments."""
    mcp_release_n: StrictInt | None = None
    """Number of the public release with comments that the round led to."""


class SubmissionTracking(Record):
    """Results on their way through the quality check."""

    estimated_results_first_submit_date: PartialDate | None = None
    """Day on which results were sent in, before they are public."""
    first_mcp_info: FirstMcpInfo | None = None
    """The first release with comments."""
    submission_infos: tuple[SubmissionInfo, ...] | None = None
    """The rounds."""


class BmiLimits(Record):
    """Limits of the body mass index that a program read out of the criteria."""

    min_bmi: StrictFloat | None = None
    """Least index, in kg/m²."""
    max_bmi: StrictFloat | None = None
    """Greatest index, in kg/m²."""


class ModelPredictions(Record):
    """What a program read out of the text; some records carry it, the registry does not describe it."""

    bmi_limits: BmiLimits | None = None
    """Limits of the body mass index."""


class MiscInfoModule(Record):
    """Housekeeping of the registry."""

    version_holder: PartialDate | None = None
    """Day of the data set: it moves on every record with every release and says nothing about the study."""
    removed_countries: tuple[str, ...] | None = None
    """Countries that had sites once and have none now."""
    submission_tracking: SubmissionTracking | None = None
    """Results on their way."""
    model_predictions: ModelPredictions | None = None
    """What a program read out of the text."""


class Mesh(Record):
    """A heading of the MeSH thesaurus."""

    id: str | None = None
    """Its id, such as `D009369`."""
    term: str | None = None
    """Its name."""


class BrowseLeaf(Record):
    """A term of the registry's browse tree."""

    id: str | None = None
    """Its id, such as `M12345`."""
    name: str | None = None
    """Its name."""
    as_found: str | None = None
    """The words of the study that led to it."""
    relevance: Open[BrowseLeafRelevance] | None = None
    """How close it is to the study."""


class BrowseBranch(Record):
    """A branch of the registry's browse tree."""

    abbrev: str | None = None
    """Its short name, such as `BC04`."""
    name: str | None = None
    """Its name."""


class BrowseModule(Record):
    """Conditions or interventions as terms that the registry derives."""

    meshes: tuple[Mesh, ...] | None = None
    """Headings that fit the study."""
    ancestors: tuple[Mesh, ...] | None = None
    """Broader headings above them."""
    browse_leaves: tuple[BrowseLeaf, ...] | None = None
    """Terms of the browse tree."""
    browse_branches: tuple[BrowseBranch, ...] | None = None
    """Branches on which they sit."""


class DerivedSection(Record):
    """What the registry works out from the record or keeps about it."""

    misc_info_module: MiscInfoModule | None = None
    """Housekeeping."""
    condition_browse_module: BrowseModule | None = None
    """Conditions as derived terms."""
    intervention_browse_module: BrowseModule | None = None
    """Interventions as derived terms."""
