"""The legacy XML's results: each element and attribute, before and after January 2017, and the path that it fills.

What is nested otherwise than in today's model is held while it is read and put in place by `legacy_xml_shapes`.
"""

from __future__ import annotations

from ctgov_ingest.sources.legacy_xml_compile import Entries, Held, Ignored, Item, Split, Value, Within
from ctgov_ingest.sources.legacy_xml_rules import (
    agreement,
    drop_reason,
    group_id,
    month_of_posting,
    non_inferiority,
    pi_employee,
    unknown_day,
)
from ctgov_ingest.sources.legacy_xml_shapes import (
    baseline_measure,
    other_events,
    outcome,
    pending_event,
    serious_events,
)

_SECTION = "resultsSection"
_MORE = f"{_SECTION}.moreInfoModule"
_UNPOSTED = "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents"

_GROUP: Entries = {
    "@group_id": Value("id", group_id),
    "title": Value("title"),
    "description": Value("description"),
}
_GROUPS = Within({"group": Item("groups", _GROUP)})

_MEASUREMENT = Item(
    "measurements",
    {
        "@group_id": Value("groupId", group_id),
        "@value": Value("value"),
        "@spread": Value("spread"),
        "@lower_limit": Value("lowerLimit"),
        "@upper_limit": Value("upperLimit"),
        ".": Value("comment"),
    },
)
_MEASUREMENTS = Within({"measurement": _MEASUREMENT})

_ANALYZED = Within(
    {
        "analyzed": Item(
            "denoms",
            {
                "units": Value("units"),
                "scope": Ignored("where it stands says so"),
                "count_list": Within(
                    {"count": Item("counts", {"@group_id": Value("groupId", group_id), "@value": Value("value")})}
                ),
            },
        )
    }
)

_CLASS: Entries = {
    "title": Value("title"),
    "analyzed_list": _ANALYZED,
    "category_list": Within(
        {"category": Item("categories", {"title": Value("title"), "measurement_list": _MEASUREMENTS})}
    ),
}

_MEASURE: Entries = {
    "title": Value("title"),
    "description": Value("description"),
    "population": Value("populationDescription"),
    "units": Value("unitOfMeasure"),
    "param": Value("paramType"),
    "dispersion": Value("dispersionType"),
    "units_analyzed": Value("denomUnitsSelected"),
    "analyzed_list": _ANALYZED,
    "class_list": Within({"class": Item("classes", _CLASS)}),
    # before 2017: rows without classes
    "category_list": Within(
        {
            "category": Held(
                "rows", {"sub_title": Value("title"), "measurement_list": _MEASUREMENTS}, of="classes.categories"
            )
        }
    ),
}

_PARTICIPANTS: Entries = {
    "@group_id": Value("groupId", group_id),
    "@count": Value("numSubjects"),
    ".": Value("comment"),
}

_PERIOD: Entries = {
    "title": Value("title"),
    "milestone_list": Within(
        {
            "milestone": Item(
                "milestones",
                {
                    "title": Value("type"),
                    "participants_list": Within({"participants": Item("achievements", _PARTICIPANTS)}),
                },
            )
        }
    ),
    "drop_withdraw_reason_list": Within(
        {
            "drop_withdraw_reason": Item(
                "dropWithdraws",
                {
                    "title": Value("type", drop_reason),
                    "participants_list": Within({"participants": Item("reasons", _PARTICIPANTS)}),
                },
            )
        }
    ),
}

_FLOW: Entries = {
    "recruitment_details": Value("recruitmentDetails"),
    "pre_assignment_details": Value("preAssignmentDetails"),
    "group_list": _GROUPS,
    "period_list": Within({"period": Item("periods", _PERIOD)}),
}

_BASELINE: Entries = {
    "population": Value("populationDescription"),
    "group_list": _GROUPS,
    "analyzed_list": _ANALYZED,
    "measure_list": Within({"measure": Item("measures", _MEASURE, finish=baseline_measure)}),
}

_ANALYSIS: Entries = {
    "group_id_list": Within({"group_id": Value("groupIds", group_id)}),
    "groups_desc": Value("groupDescription"),
    "non_inferiority": Split(non_inferiority, ("testedNonInferiority", "nonInferiorityType")),
    "non_inferiority_type": Value("nonInferiorityType"),
    "non_inferiority_desc": Value("nonInferiorityComment"),
    "p_value": Value("pValue"),
    "p_value_desc": Value("pValueComment"),
    "method": Value("statisticalMethod"),
    "method_desc": Value("statisticalComment"),
    "param_type": Value("paramType"),
    "param_value": Value("paramValue"),
    "dispersion_type": Value("dispersionType"),
    "dispersion_value": Value("dispersionValue"),
    "ci_percent": Value("ciPctValue"),
    "ci_n_sides": Value("ciNumSides"),
    "ci_lower_limit": Value("ciLowerLimit"),
    "ci_upper_limit": Value("ciUpperLimit"),
    "ci_lower_limit_na_comment": Value("ciLowerLimitComment"),
    "ci_upper_limit_na_comment": Value("ciUpperLimitComment"),
    "estimate_desc": Value("estimateComment"),
    "other_analysis_desc": Value("otherAnalysisDescription"),
}

_OUTCOME: Entries = {
    "type": Value("type"),
    "title": Value("title"),
    "description": Value("description"),
    "time_frame": Value("timeFrame"),
    "safety_issue": Ignored("asked for until 2017; today's model has no field for it"),
    "posting_date": Value("anticipatedPostingDate", month_of_posting),
    "population": Value("populationDescription"),
    "group_list": _GROUPS,
    "measure_list": Within({"measure": Held("measured", _MEASURE)}),  # before 2017
    "measure": Held("measured", _MEASURE),
    "analysis_list": Within({"analysis": Item("analyses", _ANALYSIS)}),
}

_EVENT: Entries = {
    "sub_title": Within({".": Value("term"), "@vocab": Value("sourceVocabulary")}),
    "assessment": Value("assessmentType"),
    "description": Value("notes"),
    "counts": Item(
        "stats",
        {
            "@group_id": Value("groupId", group_id),
            "@events": Value("numEvents"),
            "@subjects_affected": Value("numAffected"),
            "@subjects_at_risk": Value("numAtRisk"),
        },
    ),
}


def _events() -> Entries:
    category = Held(
        "categories",
        {"title": Value("organSystem"), "event_list": Within({"event": Held("events", _EVENT)})},
    )
    return {
        "frequency_threshold": Value("frequencyThreshold"),
        "default_vocab": Value("sourceVocabulary"),
        "default_assessment": Value("assessmentType"),
        "category_list": Within({"category": category}),
    }


_EVENTS: Entries = {
    "time_frame": Value("timeFrame"),
    "desc": Value("description"),
    "group_list": Within({"group": Item("eventGroups", _GROUP)}),
    "serious_events": Item("seriousEvents", _events(), finish=serious_events),
    "other_events": Item("otherEvents", _events(), finish=other_events),
}

_AGREEMENT = f"{_MORE}.certainAgreement"

RESULTS: Entries = {
    "participant_flow": Item(f"{_SECTION}.participantFlowModule", _FLOW),
    "baseline": Item(f"{_SECTION}.baselineCharacteristicsModule", _BASELINE),
    "outcome_list": Within(
        {"outcome": Item(f"{_SECTION}.outcomeMeasuresModule.outcomeMeasures", _OUTCOME, finish=outcome)}
    ),
    "reported_events": Item(f"{_SECTION}.adverseEventsModule", _EVENTS),
    "certain_agreements": Within(
        {
            "pi_employee": Value(f"{_AGREEMENT}.piSponsorEmployee", pi_employee),
            "restrictive_agreement": Split(
                agreement,
                tuple(f"{_AGREEMENT}.{name}" for name in ("restrictiveAgreement", "restrictionType", "otherDetails")),
            ),
        }
    ),
    "limitations_and_caveats": Value(f"{_MORE}.limitationsAndCaveats.description"),
    "point_of_contact": Item(
        f"{_MORE}.pointOfContact",
        {
            "name_or_title": Value("title"),
            "organization": Value("organization"),
            "phone": Value("phone"),
            "phone_ext": Value("phoneExt"),
            "email": Value("email"),
        },
    ),
}
"""What `clinical_results` holds."""


def _pending(kind: str) -> Item:
    entries: Entries = {".": Value("date", unknown_day), "@type": Ignored("always the actual day")}
    return Item(_UNPOSTED, entries, {"type": kind}, pending_event)


PENDING: Entries = {
    "submitted": _pending("RELEASE"),
    "returned": _pending("RESET"),
    "submission_canceled": _pending("UNRELEASE"),
}
"""What `pending_results` holds: results on their way through the registry's check."""
