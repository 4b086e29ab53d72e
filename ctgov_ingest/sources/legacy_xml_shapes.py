"""Parts of the legacy XML whose nesting is not today's: what was held while reading is put in place.

Each function gets the fields of an element and those of the record around it, and gives what the element is.
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]


def pending_event(record: Document, around: Document) -> Document:
    """A step of results on their way; its day may be unknown."""
    return record or {"dateUnknown": True}


_TODAY = {"Gender": "Sex: Female, Male"}
_ONE_CLASS = {"Age, Categorical", "Sex: Female, Male", "Race (NIH/OMB)", "Ethnicity (NIH/OMB)"}
"""Measures with the registry's own categories: these are counts of participants in one class of categories."""
_AGE_GROUPS = {"<=18 years", "Between 18 and 65 years", ">=65 years"}
_COUNTED = "Number of Participants"


def baseline_measure(record: Document, around: Document) -> Document | None:
    """A measure of the baseline; before 2017 the first one was the number of participants."""
    rows = record.pop("rows", None)
    title = record.get("title")
    if rows is not None and title == _COUNTED and "denoms" not in around:
        around["denoms"] = [_denom("Participants", rows)]
        return None
    if title == "Age":
        groups = {row.get("title") for row in rows or _categories(record)}
        record["title"] = "Age, Categorical" if groups & _AGE_GROUPS else "Age, Continuous"
    elif title in _TODAY:
        record["title"] = _TODAY[title]
    if rows is not None:
        if record.get("title") in _ONE_CLASS and _counts_all(rows, around):
            record |= {"paramType": "COUNT_OF_PARTICIPANTS", "unitOfMeasure": "Participants"}
            record["classes"] = [{"categories": rows}]
        else:
            record["classes"] = _classes(rows, record.get("dispersionType"))
    return record


def _counts_all(rows: list[Document], around: Document) -> bool:
    """Whether the rows of each group add up to its participants: only then are they counts of participants today."""
    sums: dict[Any, int] = {}
    for row in rows:
        for measurement in row.get("measurements", ()):
            value = str(measurement.get("value", "0"))
            if not value.isdecimal():
                return False
            sums[measurement.get("groupId")] = sums.get(measurement.get("groupId"), 0) + int(value)
    counts = [count for denom in around.get("denoms", ())[:1] for count in denom.get("counts", ())]
    return all(str(sums.get(count.get("groupId"))) == count.get("value") for count in counts)


def _categories(record: Document) -> list[Document]:
    return [category for one in record.get("classes", ()) for category in one.get("categories", ())]


def _denom(units: str, rows: list[Document]) -> Document:
    """How many were looked at, from the measure that said so before 2017."""
    measurements = [measurement for row in rows for measurement in row.get("measurements", ())]
    counts = [{name: each[name] for name in ("groupId", "value") if name in each} for each in measurements]
    return {"units": units, "counts": counts}


_SPREADS = {
    "STANDARD_DEVIATION": ("spread",),
    "STANDARD_ERROR": ("spread",),
    "GEOMETRIC_COEFFICIENT": ("spread",),
    "Standard Deviation": ("spread",),
    "Standard Error": ("spread",),
    "Geometric Coefficient of Variation": ("spread",),
}
_LIMITS = ("lowerLimit", "upperLimit")


def _classes(rows: list[Document], dispersion: str | None) -> list[Document]:
    """Rows of before 2017: each is a class with one category that has no name.

    A spread or limit that could not be given was left out then, and is `NA` today.
    """
    if not any("value" in measurement for row in rows for measurement in row.get("measurements", ())):
        return []
    expected = _SPREADS.get(dispersion, _LIMITS) if dispersion else ()
    classes = []
    for row in rows:
        for measurement in row.get("measurements", ()):
            for name in expected if "spread" not in measurement else ():
                measurement.setdefault(name, "NA")
        title = row.pop("title", None)
        classes.append(({"title": title} if title else {}) | ({"categories": [row]} if row else {}))
    return classes


def outcome(record: Document, around: Document) -> Document:
    """An outcome with its measure, which stood beside it; before 2017 behind measures of how many were looked at."""
    for measure in record.pop("measured", ()):
        rows = measure.pop("rows", None)
        units = _analyzed(measure.get("title", ""))
        if rows is not None and units and measure.get("title") != record.get("title"):
            record.setdefault("denoms", []).append(_denom(units, rows))
            continue
        if rows is not None:
            measure["classes"] = _classes(rows, measure.get("dispersionType"))
        for name, value in measure.items():
            record.setdefault(name, value)
    record["reportingStatus"] = "NOT_POSTED" if "anticipatedPostingDate" in record else "POSTED"
    return record


def _analyzed(title: str) -> str | None:
    """What is counted by a measure such as `Number of Participants` or `Number of Eyes analyzed`."""
    if title == _COUNTED:
        return "Participants"
    if title.startswith("Number of ") and title.endswith(" analyzed"):
        return title.removeprefix("Number of ").removesuffix(" analyzed")
    return None


def serious_events(record: Document, around: Document) -> None:
    """Serious events as one list."""
    _events(record, around, "serious")


def other_events(record: Document, around: Document) -> None:
    """Other events as one list, with the threshold above which they are reported."""
    if threshold := record.get("frequencyThreshold"):
        around["frequencyThreshold"] = threshold
    _events(record, around, "other")


_DEATHS = "Total, all-cause mortality"


def _events(record: Document, around: Document, kind: str) -> None:
    """Events of all organ systems as one list; the `Total` rows are numbers of the groups."""
    defaults = {name: record[name] for name in ("sourceVocabulary", "assessmentType") if name in record}
    events = around.setdefault(f"{kind}Events", [])
    for category in record.get("categories", ()):
        system = category.get("organSystem")
        for event in category.get("events", ()):
            if system == "Total":
                _totals(event, around, kind)
            else:
                events.append(defaults | event | {"organSystem": system})
    if not events:
        del around[f"{kind}Events"]


def _totals(event: Document, around: Document, kind: str) -> None:
    groups = {group.get("id"): group for group in around.get("eventGroups", ())}
    name = "deaths" if event.get("term") == _DEATHS else kind
    for stats in event.get("stats", ()):
        group = groups.get(stats.get("groupId"))
        if group is not None:
            for field in ("numAffected", "numAtRisk"):
                if field in stats:
                    group[f"{name}N{field[1:]}"] = stats[field]
