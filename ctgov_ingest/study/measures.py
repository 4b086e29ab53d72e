"""Tables of results: groups as columns, measurements as cells, and the analyses that compare groups.

Responsible for baseline characteristics, outcome measures and what both have in common.
Measured values and numbers of participants stay the text that the registry sends (`<0.001`, `NA`, `12.50`):
it says more than a number would.
"""

from pydantic import StrictBool

from ctgov_ingest.study.base import Markup, Open, Record
from ctgov_ingest.study.dates import PartialDate
from ctgov_ingest.study.vocabularies import (
    AnalysisDispersionType,
    ConfidenceIntervalNumSides,
    MeasureDispersionType,
    MeasureParam,
    NonInferiorityType,
    OutcomeMeasureType,
    ReportingStatus,
)


class Group(Record):
    """A column of a results table."""

    id: str | None = None
    """Id within the table, such as `BG000`; rows refer to it."""
    title: str | None = None
    """Heading of the column."""
    description: Markup | None = None
    """Who is in the group, and what they got."""


class DenomCount(Record):
    """How many were analyzed in one group."""

    group_id: str | None = None
    """The group."""
    value: str | None = None
    """The number, as text."""


class Denom(Record):
    """How many were analyzed, in one unit."""

    units: str | None = None
    """`Participants`, or what else is counted."""
    counts: tuple[DenomCount, ...] | None = None
    """The number in each group."""


class Measurement(Record):
    """One cell of a results table."""

    group_id: str | None = None
    """The group that the cell belongs to."""
    value: str | None = None
    """The value as text; `NA` where there is none."""
    spread: str | None = None
    """Standard deviation or another single number of spread."""
    lower_limit: str | None = None
    """Lower end of the interval or range."""
    upper_limit: str | None = None
    """Upper end of the interval or range."""
    comment: Markup | None = None
    """A remark, such as why the value is `NA`."""


class MeasureCategory(Record):
    """A row of a results table."""

    title: str | None = None
    """Name of the row; absent if a class has but one."""
    measurements: tuple[Measurement, ...] | None = None
    """The cells."""


class MeasureClass(Record):
    """A block of rows of a results table."""

    title: str | None = None
    """Name of the block; absent if a table has but one."""
    denoms: tuple[Denom, ...] | None = None
    """How many were analyzed, where it differs from the table."""
    categories: tuple[MeasureCategory, ...] | None = None
    """The rows."""


class BaselineMeasure(Record):
    """A trait of the participants at the start."""

    title: str | None = None
    """The trait, such as `Age, Continuous`."""
    description: Markup | None = None
    """More about it."""
    population_description: Markup | None = None
    """Who was analyzed, where it differs from the module."""
    param_type: Open[MeasureParam] | None = None
    """What number is reported."""
    dispersion_type: Open[MeasureDispersionType] | None = None
    """What spread or interval goes with it."""
    unit_of_measure: str | None = None
    """Unit of the values."""
    calculate_pct: StrictBool | None = None
    """Whether percentages are to be worked out from the counts."""
    denom_units_selected: str | None = None
    """Which unit of `denoms` the values refer to."""
    denoms: tuple[Denom, ...] | None = None
    """How many were analyzed."""
    classes: tuple[MeasureClass, ...] | None = None
    """The rows in blocks."""


class MeasureAnalysis(Record):
    """A statistical comparison within an outcome."""

    param_type: str | None = None
    """What is estimated: a difference, a ratio, a hazard ratio."""
    param_value: str | None = None
    """The estimate, as text."""
    dispersion_type: Open[AnalysisDispersionType] | None = None
    """What spread goes with the estimate."""
    dispersion_value: str | None = None
    """That spread, as text."""
    statistical_method: str | None = None
    """The test or model."""
    statistical_comment: Markup | None = None
    """More about the method."""
    p_value: str | None = None
    """The p-value as text, often with a sign: `<0.001`."""
    p_value_comment: Markup | None = None
    """More about the p-value, such as adjustment and threshold."""
    ci_num_sides: Open[ConfidenceIntervalNumSides] | None = None
    """Whether the confidence interval has one side or two."""
    ci_pct_value: str | None = None
    """Level of the confidence interval in percent."""
    ci_lower_limit: str | None = None
    """Lower end of the confidence interval."""
    ci_upper_limit: str | None = None
    """Upper end of the confidence interval."""
    ci_lower_limit_comment: Markup | None = None
    """Why the lower end is missing."""
    ci_upper_limit_comment: Markup | None = None
    """Why the upper end is missing."""
    estimate_comment: Markup | None = None
    """More about the estimate, such as its direction."""
    tested_non_inferiority: StrictBool | None = None
    """Whether non-inferiority or equivalence was tested."""
    non_inferiority_type: Open[NonInferiorityType] | None = None
    """What the analysis sets out to show."""
    non_inferiority_comment: Markup | None = None
    """Margin and power of that test."""
    other_analysis_description: Markup | None = None
    """An analysis that fits none of the fields."""
    group_description: Markup | None = None
    """What is compared with what, and the hypothesis."""
    group_ids: tuple[str, ...] | None = None
    """The groups that are compared."""


class OutcomeMeasure(Record):
    """A reported outcome."""

    type: Open[OutcomeMeasureType] | None = None
    """Its rank."""
    title: str | None = None
    """What was measured."""
    description: Markup | None = None
    """How it was measured."""
    population_description: Markup | None = None
    """Who was analyzed."""
    reporting_status: Open[ReportingStatus] | None = None
    """Whether the data are there."""
    anticipated_posting_date: PartialDate | None = None
    """When missing data are to be expected; mostly a month."""
    param_type: Open[MeasureParam] | None = None
    """What number is reported."""
    dispersion_type: str | None = None
    """What spread or interval goes with it, in words: here the registry keeps no fixed list."""
    unit_of_measure: str | None = None
    """Unit of the values."""
    calculate_pct: StrictBool | None = None
    """Whether percentages are to be worked out from the counts."""
    time_frame: str | None = None
    """When, or over how long, it was measured."""
    type_units_analyzed: str | None = None
    """What was analyzed, where it is not people."""
    denom_units_selected: str | None = None
    """Which unit of `denoms` the values refer to."""
    groups: tuple[Group, ...] | None = None
    """The columns."""
    denoms: tuple[Denom, ...] | None = None
    """How many were analyzed."""
    classes: tuple[MeasureClass, ...] | None = None
    """The rows in blocks."""
    analyses: tuple[MeasureAnalysis, ...] | None = None
    """Statistical comparisons of the groups."""
