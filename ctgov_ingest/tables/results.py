"""The tables of posted results, in the registry's words."""

from __future__ import annotations

from ctgov_ingest.tables.table import Marks, Part, Table, column, joined, table

_RESULTS = "resultsSection"
_FLOW = f"{_RESULTS}.participantFlowModule"
_BASELINE = f"{_RESULTS}.baselineCharacteristicsModule"
_MEASURE = f"{_BASELINE}.measures"
_OUTCOME = f"{_RESULTS}.outcomeMeasuresModule.outcomeMeasures"
_EVENTS = f"{_RESULTS}.adverseEventsModule"
_MORE = f"{_RESULTS}.moreInfoModule"

_GROUP = ("id", "title", "description")
_COUNT = ("groupId", "value")
_FLOW_STATS = ("groupId", "comment", "numSubjects", "numUnits")
_MEASUREMENT = ("groupId", "value", "spread", "lowerLimit", "upperLimit", "comment")
_EVENT_KINDS: dict[Marks, str] = {("SERIOUS",): f"{_EVENTS}.seriousEvents", ("OTHER",): f"{_EVENTS}.otherEvents"}

_OF_THE_RESULTS = {
    "recruitment_details": f"{_FLOW}.recruitmentDetails",
    "pre_assignment_details": f"{_FLOW}.preAssignmentDetails",
    "flow_type_units_analyzed": f"{_FLOW}.typeUnitsAnalyzed",
    "baseline_population_description": f"{_BASELINE}.populationDescription",
    "baseline_type_units_analyzed": f"{_BASELINE}.typeUnitsAnalyzed",
    "events_frequency_threshold": f"{_EVENTS}.frequencyThreshold",
    "events_time_frame": f"{_EVENTS}.timeFrame",
    "events_description": f"{_EVENTS}.description",
    "all_cause_mortality_comment": f"{_EVENTS}.allCauseMortalityComment",
    "limitations_and_caveats": f"{_MORE}.limitationsAndCaveats.description",
}

_ANALYSIS = (
    "groupIds",
    "groupDescription",
    "testedNonInferiority",
    "nonInferiorityType",
    "nonInferiorityComment",
    "statisticalMethod",
    "statisticalComment",
    "pValue",
    "pValueComment",
    "paramType",
    "paramValue",
    "dispersionType",
    "dispersionValue",
    "ciNumSides",
    "ciPctValue",
    "ciLowerLimit",
    "ciUpperLimit",
    "ciLowerLimitComment",
    "ciUpperLimitComment",
    "estimateComment",
    "otherAnalysisDescription",
)


def _denoms(name: str, about: str, path: str) -> Table:
    return table(name, about, f"{path}.denoms.counts", *_COUNT, above={"units": f"{path}.denoms.units"})


def _measurements(name: str, about: str, path: str) -> Table:
    above = {"class_title": f"{path}.classes.title", "category_title": f"{path}.classes.categories.title"}
    return table(name, about, f"{path}.classes.categories.measurements", *_MEASUREMENT, above=above)


RESULTS: tuple[Table, ...] = (
    Table(
        "results",
        "What is said of the results as a whole; a row where results are public.",
        (Part(_RESULTS),),
        (),
        tuple(column(name, path) for name, path in _OF_THE_RESULTS.items()),
    ),
    table("flow_groups", "Columns of the participant flow.", f"{_FLOW}.groups", *_GROUP),
    table("flow_periods", "Stretches of the study.", f"{_FLOW}.periods", "title"),
    table("flow_milestones", "Points that participants reached.", f"{_FLOW}.periods.milestones", "type", "comment"),
    table(
        "flow_milestone_counts",
        "How many of each group reached them.",
        f"{_FLOW}.periods.milestones.achievements",
        *_FLOW_STATS,
    ),
    table(
        "flow_drop_withdraws",
        "Reasons for not completing.",
        f"{_FLOW}.periods.dropWithdraws",
        "type",
        "comment",
    ),
    table(
        "flow_drop_withdraw_counts",
        "How many of each group left for them.",
        f"{_FLOW}.periods.dropWithdraws.reasons",
        *_FLOW_STATS,
    ),
    table("baseline_groups", "Columns of the baseline characteristics.", f"{_BASELINE}.groups", *_GROUP),
    _denoms("baseline_denoms", "How many were analyzed.", _BASELINE),
    table(
        "baseline_measures",
        "Traits of the participants.",
        _MEASURE,
        "title",
        "description",
        "populationDescription",
        "paramType",
        "dispersionType",
        "unitOfMeasure",
        "calculatePct",
        "denomUnitsSelected",
    ),
    _denoms("baseline_measure_denoms", "How many were analyzed for a trait.", _MEASURE),
    _denoms("baseline_class_denoms", "How many were analyzed for a class.", f"{_MEASURE}.classes"),
    _measurements("baseline_measurements", "Values of the traits.", _MEASURE),
    table(
        "outcome_measures",
        "Outcomes as reported.",
        _OUTCOME,
        "type",
        "title",
        "description",
        "timeFrame",
        "populationDescription",
        "reportingStatus",
        "anticipatedPostingDate",
        "paramType",
        "dispersionType",
        "unitOfMeasure",
        "calculatePct",
        "typeUnitsAnalyzed",
        "denomUnitsSelected",
    ),
    table("outcome_groups", "Columns of an outcome.", f"{_OUTCOME}.groups", *_GROUP),
    _denoms("outcome_denoms", "How many were analyzed for an outcome.", _OUTCOME),
    _denoms("outcome_class_denoms", "How many were analyzed for a class.", f"{_OUTCOME}.classes"),
    _measurements("outcome_measurements", "Values of the outcomes.", _OUTCOME),
    table("outcome_analyses", "Statistical analyses of an outcome.", f"{_OUTCOME}.analyses", *_ANALYSIS),
    table(
        "event_groups",
        "Columns of the adverse events, with their totals.",
        f"{_EVENTS}.eventGroups",
        *_GROUP,
        "deathsNumAffected",
        "deathsNumAtRisk",
        "seriousNumAffected",
        "seriousNumAtRisk",
        "otherNumAffected",
        "otherNumAtRisk",
    ),
    joined(
        "adverse_events",
        "Kinds of adverse events.",
        _EVENT_KINDS,
        "term",
        "organSystem",
        "sourceVocabulary",
        "assessmentType",
        "notes",
        marks=("type",),
    ),
    joined(
        "adverse_event_stats",
        "How often they happened in each group.",
        {kind: f"{path}.stats" for kind, path in _EVENT_KINDS.items()},
        "groupId",
        "numEvents",
        "numAffected",
        "numAtRisk",
        marks=("type",),
    ),
    table(
        "certain_agreements",
        "What investigators may publish.",
        f"{_MORE}.certainAgreement",
        "piSponsorEmployee",
        "restrictionType",
        "restrictiveAgreement",
        "otherDetails",
    ),
    table(
        "points_of_contact",
        "Whom to ask about the results.",
        f"{_MORE}.pointOfContact",
        "title",
        "organization",
        "email",
        "phone",
        "phoneExt",
    ),
)
