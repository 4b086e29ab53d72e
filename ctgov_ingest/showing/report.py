"""The story of one study: what it is, its statuses in time, what happened when, its versions and how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

from ctgov_ingest.compare.seen import Document, at
from ctgov_ingest.compare.timeline import Spell
from ctgov_ingest.compare.when import days_between, months_between
from ctgov_ingest.showing.chart import Chart, Told, chart_of
from ctgov_ingest.showing.items import title_of
from ctgov_ingest.showing.model import Diff, Happening
from ctgov_ingest.showing.words import in_line, in_lines
from ctgov_ingest.wording import apart, counted, plain

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
    "Start": (f"{_STATUS}.startDateStruct", "date"),
    "Primary completion": (f"{_STATUS}.primaryCompletionDateStruct", "date"),
    "Completion": (f"{_STATUS}.completionDateStruct", "date"),
    "Enrollment": (f"{_PROTOCOL}.designModule.enrollmentInfo", "count"),
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
    versions: Sequence[Row],
    documents: Sequence[Document],
    spells: Sequence[Spell],
    diffs: Sequence[Diff],
    captures: Sequence[Row],
) -> Report:
    """Make the report of a study: its versions as rows, the document of each, what differs in each after the first."""
    latest, seen = documents[-1], max(version["last_seen"] for version in versions)[:10]
    standings = [_standing(spell) for spell in spells]
    dates = [_told(label, documents) for label in PLANS if label != "Enrollment"]
    plans = [plan for label in PLANS if (plan := _plan(label, versions, documents))]
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
        plans=tuple(plans),
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


def _plan(label: str, versions: Sequence[Row], documents: Sequence[Document]) -> Plan | None:
    path, leaf = PLANS[label]
    structs = [at(document, path) or {} for document in documents]
    told = [(version, one) for version, one in zip(versions, structs, strict=True) if one.get(leaf) is not None]
    if not told:
        return None
    (version, first), now = told[0], told[-1][1]
    values = [one[leaf] for _, one in told]
    times = sum(old != new for old, new in pairwise(values))
    since = f"version {version['version']} of {version['registry_date'] or 'no date'}"
    return Plan(
        label, _struct(path, leaf, first), since, _struct(path, leaf, now), _moved(values[0], values[-1]), times
    )


def _struct(path: str, leaf: str, struct: Document) -> str:
    value, kind = struct.get(leaf), struct.get("type")
    words = f"{value:,}" if isinstance(value, int) else in_line(f"{path}.{leaf}", value)
    return f"{words} ({in_line(f'{path}.type', kind)})" if kind else words


def _moved(first: Any, now: Any) -> str:
    if isinstance(first, int) and isinstance(now, int):
        return f"{abs(now - first):,} {'more' if now > first else 'fewer'}" if now != first else ""
    return apart(days_between(first, now), months_between(first, now))


def _told(label: str, documents: Sequence[Document]) -> Told:
    path, leaf = PLANS[label]
    structs = [struct for document in documents if (struct := at(document, path)) and struct.get(leaf)]
    if not structs:
        return Told(label, None, None, "not told")
    first, now = structs[0], structs[-1]
    words = dict.fromkeys(in_line(path, struct[leaf]) for struct in (first, now))
    return Told(label, first[leaf], now[leaf], " → ".join(words))


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
    is_own = diff.old.date == diff.new.date
    return str(version["stood_from"] if is_own or not version["registry_date"] else version["registry_date"])


def _plain(row: Row) -> Row:
    """A row of the store with texts that a page can show."""
    texts = {name: plain(value) if isinstance(value, str) else value for name, value in row.items()}
    return {**texts, "label": in_line(_OVERALL, row["overall_status"])} if "overall_status" in row else texts
