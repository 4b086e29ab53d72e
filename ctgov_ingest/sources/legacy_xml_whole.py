"""What is worked out once a legacy XML record is read: facts that today's records hold and the XML only implies."""

from __future__ import annotations

from typing import Any

from ctgov_ingest.sources.study_fields import ARMS, ELIGIBILITY
from ctgov_ingest.study.durations import Duration, Unit
from ctgov_ingest.study.vocabularies import InterventionType

Document = dict[str, Any]


FOLLOWING = (
    "hasResults",
    f"{ARMS}.armGroups.interventionNames",
    f"{ELIGIBILITY}.stdAges",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.reportingStatus",
    "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents.dateUnknown",
    *(
        f"resultsSection.adverseEventsModule.eventGroups.{kind}Num{what}"
        for kind in ("deaths", "serious", "other")
        for what in ("Affected", "AtRisk")
    ),
)
"""The paths that are filled by what follows, not by an element."""


def complete(document: Document) -> None:
    """Add what follows from the record."""
    protocol = document.get("protocolSection", {})
    _link_arms(protocol.get("armsInterventionsModule", {}))
    design = protocol.get("designModule", {})
    if design.get("studyType") != "INTERVENTIONAL":
        design.pop("phases", None)
    info = design.get("designInfo", {})
    if info.get("interventionModel") == "SINGLE_GROUP":
        info.setdefault("allocation", "NA")  # was left out before 2017
    if "eligibilityModule" in protocol:
        protocol["eligibilityModule"]["stdAges"] = _age_groups(protocol["eligibilityModule"])
    document["hasResults"] = "resultsSection" in document


def _link_arms(module: Document) -> None:
    """Put at each arm the interventions that say they belong to it."""
    arms = {arm.get("label"): arm for arm in module.get("armGroups", ())}
    for intervention in module.get("interventions", ()):
        kind, name = intervention.get("type"), intervention.get("name")
        shown = f"{InterventionType(kind).label}: {name}" if kind else str(name)
        for label in intervention.get("armGroupLabels", ()):
            if label in arms:
                arms[label].setdefault("interventionNames", []).append(shown)


_AGE_GROUPS = (("CHILD", 0, 18), ("ADULT", 18, 65), ("OLDER_ADULT", 65, 1000))
"""The registry's age groups: from so many years to less than so many."""
_YEAR = Duration.of(1, Unit.YEAR).days


def _age_groups(module: Document) -> list[str]:
    """The age groups that the limits reach into."""
    least = Duration.parse(module["minimumAge"]).days / _YEAR if "minimumAge" in module else 0
    most = Duration.parse(module["maximumAge"]).days / _YEAR if "maximumAge" in module else 999
    return [name for name, start, end in _AGE_GROUPS if least < end and most >= start]
