"""What of a study is searched: the columns of the full-text index, each with the paths whose texts it holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from ctgov_ingest.tables.table import shapes

_PROTOCOL = "protocolSection"
_ID = f"{_PROTOCOL}.identificationModule"
_SPONSORS = f"{_PROTOCOL}.sponsorCollaboratorsModule"
_ARMS = f"{_PROTOCOL}.armsInterventionsModule"
_OUTCOMES = tuple(
    f"{_PROTOCOL}.outcomesModule.{name}" for name in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")
)


class Text(NamedTuple):
    """A column of the index. `weight`: how much a word found there counts in the order of what is found."""

    name: str
    weight: float
    paths: tuple[str, ...]


TEXTS = (
    Text("titles", 10.0, (f"{_ID}.briefTitle", f"{_ID}.officialTitle", f"{_ID}.acronym")),
    Text("conditions", 8.0, (f"{_PROTOCOL}.conditionsModule.conditions",)),
    Text(
        "interventions",
        6.0,
        (f"{_ARMS}.interventions.name", f"{_ARMS}.interventions.otherNames", f"{_ARMS}.interventions.description"),
    ),
    Text("keywords", 5.0, (f"{_PROTOCOL}.conditionsModule.keywords",)),
    Text(
        "sponsors",
        4.0,
        (f"{_SPONSORS}.leadSponsor.name", f"{_SPONSORS}.collaborators.name", f"{_ID}.organization.fullName"),
    ),
    Text(
        "summary",
        3.0,
        tuple(f"{_PROTOCOL}.descriptionModule.{name}" for name in ("briefSummary", "detailedDescription")),
    ),
    Text("outcomes", 2.0, tuple(f"{path}.{name}" for path in _OUTCOMES for name in ("measure", "description"))),
    Text("criteria", 1.0, (f"{_PROTOCOL}.eligibilityModule.eligibilityCriteria",)),
)


def texts(study: Any) -> tuple[str, ...]:
    """What each column holds of a plain study: its texts, a paragraph each."""
    return tuple(
        "\n".join(filter(None, (text for gather in column for text in gather(study)))) for column in _columns()
    )


@cache
def _columns() -> list[list[Callable[[Any], list[str | None]]]]:
    return [[_gatherer(path) for path in column.paths] for column in TEXTS]


def _gatherer(path: str) -> Callable[[Any], list[str | None]]:
    """What gives all texts at a path, through the lists on it."""
    steps = list(_steps(path))

    def gather(study: Any) -> list[str | None]:
        found = [study]
        for take, many in steps:
            found = [one for item in found for one in take(item)] if many else list(map(take, found))
        return found

    return gather


def _steps(path: str) -> list[tuple[Callable[[Any], Any], bool]]:
    """The way to a path in steps, each but the last to a list."""
    names = path.split(".")
    steps: list[tuple[Callable[[Any], Any], bool]] = []
    attributes = []
    for end in range(1, len(names) + 1):
        shape = shapes()[".".join(names[:end])]
        attributes.append(shape.name)
        if shape.many or end == len(names):
            steps.append((attrgetter(".".join(attributes)), shape.many))
            attributes = []
    return steps
