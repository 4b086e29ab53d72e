"""The record history: what the sponsor handed in, version by version, as the registry's internal API shows it."""

from __future__ import annotations

import datetime as dt
import html
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .content import Content, Json
from .studies import month, without_results


@dataclass(frozen=True, slots=True)
class HistoryVersion:
    """A version that was handed in. `since`: the index of the day from which the list has it."""

    number: int
    date: str
    status: str
    labels: tuple[str, ...]
    content: Content
    since: int = 0

    def row(self) -> Json:
        """The version as the list of versions has it."""
        study_type = self.content.first("protocolSection.designModule.studyType")
        return {
            "version": self.number,
            "date": self.date,
            "status": self.status,
            "moduleLabels": list(self.labels),
            "studyType": study_type,
            "lastUpdateSubmitQcDate": self.date,
        }

    def answer(self) -> Json:
        """The version itself, with its texts escaped as the API does it: those of the first version twice."""
        document = self.content.document()
        shown = [name for name in ("protocolSection", "resultsSection", "hasResults") if name in document]
        study = {name: _escaped(document[name], twice=self.number == 0) for name in shown}
        return {"studyVersion": self.number, "study": study}


class Histories:
    """The record history of every study. What came before the first day is worked out when it is asked for."""

    def __init__(self, seed: int, first: Mapping[str, Content]) -> None:
        self._seed = seed
        self._first = dict(first)
        self._earlier: dict[str, list[HistoryVersion]] = {}
        self._later: dict[str, list[HistoryVersion]] = defaultdict(list)

    def add(self, content: Content, labels: tuple[str, ...], since: int) -> None:
        """Note what a sponsor handed in."""
        version = HistoryVersion(-1, str(content.last_update[0]), str(content.status), labels, content, since)
        self._later[content.nct_id].append(version)

    def of(self, nct_id: str, day: int) -> list[HistoryVersion]:
        """The versions that the list has on a day, oldest first, counted from 0."""
        later = [version for version in self._later.get(nct_id, ()) if version.since <= day]
        versions = [*self._before(nct_id), *later]
        return [replace(version, number=number) for number, version in enumerate(versions)]

    def _before(self, nct_id: str) -> list[HistoryVersion]:
        if nct_id not in self._first:
            return []
        if nct_id not in self._earlier:
            self._earlier[nct_id] = _earlier(self._first[nct_id], random.Random(f"{self._seed} {nct_id}"))
        return self._earlier[nct_id]


def listed(versions: list[HistoryVersion]) -> Json:
    """The list of versions."""
    outcomes = [version.number for version in versions if "Outcome Measures" in version.labels]
    return {
        "changes": [version.row() for version in versions],
        "originalData": {"secondaryOutcomesSame": not outcomes, "leadSponsorSame": True},
        "lastUpdateVersions": {"outcomes": outcomes[-1]} if outcomes else {},
        "outcomesUpdateCount": len(outcomes),
    }


def _earlier(content: Content, rng: random.Random) -> list[HistoryVersion]:
    """The versions of a study up to a content of the first day, which becomes the last of them.

    What the registry did by itself is no version: a study that is UNKNOWN was last handed in with another status.
    """
    document = content.document()
    module = document["protocolSection"]["statusModule"]
    if module["overallStatus"] == "UNKNOWN":
        module["overallStatus"] = module.pop("lastKnownStatus")
    first, last = (dt.date.fromisoformat(module[name]) for name in ("studyFirstSubmitDate", "lastUpdateSubmitDate"))
    days = (last - first).days
    between = {first + dt.timedelta(days=rng.randrange(1, days)) for _ in range(rng.randint(0, 3)) if days > 1}
    dates = sorted({first, *between} - {last})
    older = [_older(content, number, len(dates), date) for number, date in enumerate(dates)]
    labels = ("Study Status", "Contacts/Locations") if older else ()
    return [*older, HistoryVersion(len(older), str(last), module["overallStatus"], labels, Content(document))]


def _older(content: Content, number: int, count: int, date: dt.date) -> HistoryVersion:
    """An earlier state: fewer sites, another number of people, no results, the dates of its day."""
    document = content.document()
    without_results(document)
    protocol = document["protocolSection"]
    module = protocol["statusModule"]
    for name in ("lastKnownStatus", "whyStopped"):
        module.pop(name, None)
    module |= {
        "statusVerifiedDate": month(date),
        "overallStatus": "RECRUITING" if number else "NOT_YET_RECRUITING",
        "lastUpdateSubmitDate": str(date),
        "lastUpdatePostDateStruct": {"date": str(date + dt.timedelta(days=2)), "type": "ESTIMATED"},
    }
    protocol["designModule"]["enrollmentInfo"] = {"count": 100 + 10 * number, "type": "ESTIMATED"}
    sites = protocol["contactsLocationsModule"].get("locations", [])
    protocol["contactsLocationsModule"]["locations"] = sites[: max(1, len(sites) - count + number)]
    labels = ("Study Status", "Study Design") if number else ()
    return HistoryVersion(number, str(date), module["overallStatus"], labels, Content(document))


def _escaped(value: Any, *, twice: bool) -> Any:
    if isinstance(value, dict):
        return {name: _escaped(below, twice=twice) for name, below in value.items()}
    if isinstance(value, list):
        return [_escaped(item, twice=twice) for item in value]
    if not isinstance(value, str):
        return value
    text = html.escape(value).replace("/", "&#x2F;")
    return html.escape(text) if twice else text
