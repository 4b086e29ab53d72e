"""The record history: what the sponsor handed in, version by version, as the registry's internal API shows it."""

from __future__ import annotations

import datetime as dt
import html
import random
from dataclasses import dataclass
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
        document = self.content.document()
        return {
            "version": self.number,
            "date": self.date,
            "status": self.status,
            "moduleLabels": list(self.labels),
            "studyType": document["protocolSection"].get("designModule", {}).get("studyType"),
            "lastUpdateSubmitQcDate": self.date,
        }

    def answer(self) -> Json:
        """The version itself, with its texts escaped as the API does it: early versions twice."""
        document = self.content.document()
        study = {
            name: document[name] for name in ("protocolSection", "resultsSection", "hasResults") if name in document
        }
        escaped = _escaped(study, twice=self.number == 0)
        return {"studyVersion": self.number, "study": escaped}


def version_of(content: Content, number: int, labels: tuple[str, ...], since: int) -> HistoryVersion:
    """The version that a sponsor's update makes."""
    return HistoryVersion(number, str(content.last_update[0]), str(content.status), labels, content, since)


def earlier(content: Content, rng: random.Random) -> list[HistoryVersion]:
    """The versions of a study up to a content of the first day, which becomes the last of them.

    What the registry did by itself is no version: a study that is UNKNOWN was last handed in with another status.
    """
    document = content.document()
    module = document["protocolSection"]["statusModule"]
    if module["overallStatus"] == "UNKNOWN":
        module["overallStatus"] = module.pop("lastKnownStatus")
    first, last = (dt.date.fromisoformat(module[name]) for name in ("studyFirstSubmitDate", "lastUpdateSubmitDate"))
    between = min(rng.randint(0, 3), max(0, (last - first).days - 1))
    dates = sorted({first, *(first + dt.timedelta(days=rng.randint(1, (last - first).days)) for _ in range(between))})
    dates = [date for date in dates if date < last]
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
        "overallStatus": "NOT_YET_RECRUITING" if number == 0 else "RECRUITING",
        "lastUpdateSubmitDate": str(date),
        "lastUpdatePostDateStruct": {"date": str(date + dt.timedelta(days=2)), "type": "ESTIMATED"},
    }
    protocol["designModule"]["enrollmentInfo"] = {"count": 100 + 10 * number, "type": "ESTIMATED"}
    sites = protocol["contactsLocationsModule"].get("locations", [])
    protocol["contactsLocationsModule"]["locations"] = sites[: max(1, len(sites) - count + number)]
    labels = ("Study Status", "Study Design") if number else ()
    return HistoryVersion(number, str(date), module["overallStatus"], labels, Content(document))


def listed(versions: list[HistoryVersion]) -> Json:
    """The list of versions."""
    outcomes = [version.number for version in versions if "Outcome Measures" in version.labels]
    return {
        "changes": [version.row() for version in versions],
        "originalData": {"secondaryOutcomesSame": not outcomes, "leadSponsorSame": True},
        "lastUpdateVersions": {"outcomes": outcomes[-1]} if outcomes else {},
        "outcomesUpdateCount": len(outcomes),
    }


def _escaped(value: Any, *, twice: bool) -> Any:
    if isinstance(value, dict):
        return {name: _escaped(below, twice=twice) for name, below in value.items()}
    if isinstance(value, list):
        return [_escaped(item, twice=twice) for item in value]
    if not isinstance(value, str):
        return value
    text = html.escape(value).replace("/", "&#x2F;")
    return html.escape(text) if twice and "&" in text else text
