"""The registry's own labels: of the modules of a record, and of values of its vocabularies.

Loads the model, so that it stands apart from the rest of this part.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from ctgov_ingest.study.shape import paths
from ctgov_ingest.study.vocabularies import Vocabulary
from ctgov_ingest.wording.naming import field_name
from ctgov_ingest.wording.values import in_words

MODULES: Final = {
    "protocolSection.statusModule": "Study Status",
    "protocolSection.identificationModule": "Study Identification",
    "protocolSection.sponsorCollaboratorsModule": "Sponsor/Collaborators",
    "protocolSection.oversightModule": "Oversight",
    "protocolSection.descriptionModule": "Study Description",
    "protocolSection.conditionsModule": "Conditions and Keywords",
    "protocolSection.designModule": "Study Design",
    "protocolSection.armsInterventionsModule": "Arms, Groups, and Interventions",
    "protocolSection.outcomesModule": "Outcome Measures",
    "protocolSection.eligibilityModule": "Eligibility",
    "protocolSection.contactsLocationsModule": "Contacts, Locations, and Investigator Information",
    "protocolSection.referencesModule": "References",
    "protocolSection.ipdSharingStatementModule": "IPD Sharing Statement",
    "hasResults": "Study Results",
    "resultsSection.participantFlowModule": "Results: Participant Flow",
    "resultsSection.baselineCharacteristicsModule": "Results: Baseline Characteristics",
    "resultsSection.outcomeMeasuresModule": "Results: Outcome Measures",
    "resultsSection.adverseEventsModule": "Results: Adverse Events",
    "resultsSection.moreInfoModule": "Results: More Information",
    "annotationSection.annotationModule": "Annotations by the Registry",
    "documentSection.largeDocumentModule": "Study Documents",
    "derivedSection.miscInfoModule": "Derived: Tracking and Other",
    "derivedSection.conditionBrowseModule": "Derived: Terms of the Conditions",
    "derivedSection.interventionBrowseModule": "Derived: Terms of the Interventions",
}
"""Modules in the order in which they are told, the status first. The names are those of the registry's data element
definitions, where these have one; the results section has its name before, since it has an "Outcome Measures" too."""


def module_label(module: str) -> str:
    """What a module is called; one that is not in the table by its name."""
    return MODULES.get(module) or field_name(module).capitalize()


@cache
def _vocabularies() -> dict[str, type[Vocabulary]]:
    return {
        path: shape.of for path, shape in paths().items() if shape.of is not None and issubclass(shape.of, Vocabulary)
    }


def value_label(path: str, value: Any) -> str:
    """A value in words, by the registry's label where the field at a path without brackets has a vocabulary."""
    vocabulary = _vocabularies().get(path)
    if vocabulary is not None and isinstance(value, list):
        return ", ".join(label(vocabulary, one) for one in value)
    return in_words(value) if vocabulary is None else label(vocabulary, value)


def label(vocabulary: type[Vocabulary], value: Any) -> str:
    """The label of a value of a vocabulary; what it does not know stays as it is."""
    try:
        return vocabulary(value).label
    except ValueError:
        return in_words(value)
