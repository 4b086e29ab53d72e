"""The story of one study: what it is, its statuses in time, what happened when, its versions and how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

from ctgov_ingest.compare.life import Stage
from ctgov_ingest.compare.seen import Document, at
from ctgov_ingest.compare.standing import stands_since
from ctgov_ingest.compare.timeline import Spell
from ctgov_ingest.showing.chart import Chart, Told, chart_of
from ctgov_ingest.showing.items import title_of
from ctgov_ingest.showing.model import Diff, Happening
from ctgov_ingest.showing.words import distance, in_line, in_lines, main_of, typed
from ctgov_ingest.wording import counted, plain

Row = Mapping[str, Any]

_PROTOCOL: Final = "protocolSection"
_STATUS: Final = f"{_PROTOCOL}.statusModule"
_OVERALL: Final = f"{_STATUS}.overallStatus"

FACTS: Final = {
    "Status": _OVERALL,
    "Last known status": f"{_STATUS}.lastKnownStatus",
    "Why stopped": f"{_STATUS}.whyStopped",
    "Verified": f"{_STATUS}.statusVerifiedDate",
    "Type": f"{_PROTOCOL}.designModule.studyType",
    "Phase": f"{_PROTOCOL}.designModule.phases",
    "Conditions": f"{_PROTOCOL}.conditionsModule.conditions",
    "Interventions": f"{_PROTOCOL}.armsInterventionsModule.interventions",
    "Sponsor": f"{_PROTOCOL}.sponsorCollaboratorsModule.leadSponsor.name",
    "Collaborators": f"{_PROTOCOL}.sponsorCollaboratorsModule.collaborators",
    "Sex": f"{_PROTOCOL}.eligibilityModule.sex",
    "Minimum age": f"{_PROTOCOL}.eligibilityModule.minimumAge",
    "Maximum age": f"{_PROTOCOL}.eligibilityModule.maximumAge",
    "First posted": f"{_STATUS}.studyFirstPostDateStruct.date",
    "Last update posted": f"{_STATUS}.lastUpdatePostDateStruct.date",
    "Results first posted": f"{_STATUS}.resultsFirstPostDateStruct.date",
}
"""What is told of the study before all else, as its latest version has it."""

OUTCOMES: Final = {
    "Primary outcomes": f"{_PROTOCOL}.outcomesModule.primaryOutcomes",
    "Secondary outcomes": f"{_PROTOCOL}.outcomesModule.secondaryOutcomes",
    "Other outcomes": f"{_PROTOCOL}.outcomesModule.otherOutcomes",
}

PLANS: Final = {
    "Start": f"{_STATUS}.startDateStruct",
    "Primary completion": f"{_STATUS}.primaryCompletionDateStruct",
    "Completion": f"{_STATUS}.completionDateStruct",
    "Enrollment": f"{_PROTOCOL}.designModule.enrollmentInfo",
}
"""What is planned first and comes true later."""


class Plan(NamedTuple):
    """What was first told, in which version, what is told now, how far that is, and how often it changed."""

    label: str
    first: str
    version: str
    now: str
    moved: str
    times: int


class Happened(NamedTuple):
    """What happened with a version; `day`: its date, or where the registry moved none the day on which it was seen."""

    day: str
    version: int
    happenings: tuple[Happening, ...]


class Standing(NamedTuple):
    """A status in the table of statuses; `bounds`: the days between which it began, where that is not sure."""

    status: str
    label: str
    since: str
    bounds: str
    until: str
    days: str
    by: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page shows. `seen`: the day on which the study was last seen; texts are as they are to be read."""

    nct_id: str
    title: str
    summary: str
    seen: str
    facts: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, tuple[str, ...]], ...]
    standings: tuple[Standing, ...]
    chart: Chart | None
    plans: tuple[Plan, ...]
    happened: tuple[Happened, ...]
    versions: tuple[Row, ...]
    diffs: tuple[tuple[int, Diff], ...]
    captures: tuple[Row, ...]

    @property
    def url(self) -> str:
        """The study's page at the registry."""
        return f"https://clinicaltrials.gov/study/{self.nct_id}"


def report_of(
    nct_id: str,
    latest: Document,
    versions: Sequence[Row],
    spells: Sequence[Spell],
    lives: Mapping[str, Sequence[Stage]],
    diffs: Sequence[Diff],
    captures: Sequence[Row],
) -> Report:
    """Make the report of a study.

    `latest`: its latest document. `versions`: as rows, and `diffs`: what differs in each after the first. `lives`: of
    what is planned, under the names of `PLANS`.
    """
    seen = max(version["last_seen"] for version in versions)[:10]
    standings = [_standing(spell) for spell in spells]
    stages = {label: lives.get(label, ()) for label in PLANS}
    dates = [_told(label, some) for label, some in stages.items() if label != "Enrollment"]
    told = list(zip(versions[1:], diffs, strict=True))
    return Report(
        nct_id=nct_id,
        title=in_line(_TITLE, at(latest, _TITLE)) or in_line(_OFFICIAL, at(latest, _OFFICIAL)),
        summary=in_lines(_SUMMARY, at(latest, _SUMMARY)),
        seen=seen,
        facts=tuple(_facts(latest)),
        outcomes=tuple(_outcomes(latest)),
        standings=tuple(standings),
        chart=chart_of(spells, list(map(_in_chart, standings)), dates, seen),
        plans=tuple(plan for label, some in stages.items() if (plan := _plan(label, some))),
        happened=tuple(Happened(_day(row, diff), row["version"], diff.happenings) for row, diff in told),
        versions=tuple(_plain(row) for row in versions),
        diffs=tuple((row["version"], diff) for row, diff in told),
        captures=tuple(_plain(row) for row in captures),
    )


_TITLE: Final = f"{_PROTOCOL}.identificationModule.briefTitle"
_OFFICIAL: Final = f"{_PROTOCOL}.identificationModule.officialTitle"
_SUMMARY: Final = f"{_PROTOCOL}.descriptionModule.briefSummary"
_SITES: Final = f"{_PROTOCOL}.contactsLocationsModule.locations"


def _facts(latest: Document) -> Iterator[tuple[str, str]]:
    for label, path in FACTS.items():
        if words := _words(path, at(latest, path)):
            yield label, words
    if sites := at(latest, _SITES):
        countries = {site.get("country") for site in sites if isinstance(site, dict)}
        among = f" in {len(countries)} countries" if len(countries) > 1 else ""
        yield "Sites", f"{len(sites):,}{among}"


def _words(path: str, value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(title_of(path.rpartition(".")[2], path, one) for one in value if one is not None)
    return in_line(path, value)


def _outcomes(latest: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    for label, path in OUTCOMES.items():
        items = [one for one in at(latest, path) or [] if isinstance(one, dict)]
        told = [(in_line(path, one.get("measure")), in_line(path, one.get("timeFrame"))) for one in items]
        if told:
            yield label, tuple(f"{measure} [{frame}]" if frame else measure for measure, frame in told)


def _plan(label: str, stages: Sequence[Stage]) -> Plan | None:
    """What was planned of a date or number, beside what is told now; None where it was never told."""
    path = PLANS[label]
    first = next((stage for stage in stages if stage.value is not None and stage.value == stage.first), None)
    if first is None:
        return None
    last = stages[-1]
    values = [main_of(stage.value) for stage in stages]
    times = sum(old != new for old, new in pairwise(value for value in values if value is not None))
    moved = distance(main_of(first.value), values[-1])
    return Plan(
        label=label,
        first=typed(path, first.value),
        version=f"version {first.version} of {first.since}",
        now=typed(path, last.value) or "no longer told",
        moved=moved,
        times=times,
    )


def _told(label: str, stages: Sequence[Stage]) -> Told:
    values = [str(main_of(stage.value)) for stage in stages if main_of(stage.value)]
    first = next((str(main_of(stage.first)) for stage in stages if main_of(stage.first)), None)
    words = dict.fromkeys(in_line(PLANS[label], value) for value in (first, *values[-1:]) if value)
    return Told(label, first, values[-1] if values else None, " → ".join(words) or "not told")


def _standing(spell: Spell) -> Standing:
    label = in_line(_OVERALL, spell.status)
    known = {"not before {}": spell.since_earliest, "not after {}": spell.since_latest}
    bounds = [form.format(day) for form, day in known.items() if day and not spell.is_sure]
    days = (spell.since or "unknown", ", ".join(bounds), spell.until or "now", _how_long(spell))
    return Standing(plain(spell.status), label, *days, spell.by)


def _how_long(spell: Spell) -> str:
    """The days of a status, between the bounds that are known."""
    least, most = spell.days_at_least, spell.days_at_most
    if not least or most is None:
        return f"at least {counted(least, 'day')}" if least else ""
    return counted(least, "day") if least == most else f"{least:,} to {counted(most, 'day')}"


def _in_chart(one: Standing) -> str:
    return ", ".join(filter(None, (one.label, one.days, "by the registry" if one.by == "registry" else "")))


def _day(version: Row, diff: Diff) -> str:
    return stands_since(version["registry_date"], diff.old.date, version["stood_from"])


def _plain(row: Row) -> Row:
    """A row of the store with texts that a page can show."""
    texts = {name: plain(value) if isinstance(value, str) else value for name, value in row.items()}
    return {**texts, "label": in_line(_OVERALL, row["overall_status"])} if "overall_status" in row else texts
