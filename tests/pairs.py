"""A made-up study in two versions between which much happened, and the same with values that mean harm."""

from __future__ import annotations

import copy
import io
from typing import Any, Literal

from lxml import html
from rich.console import Console

from ctgov_ingest.cli.screen import Look, screen
from ctgov_ingest.compare import compare
from ctgov_ingest.showing import Diff, Side, diff_of

Json = dict[str, Any]

NCT = "NCT09900777"

_CRITERIA_OLD = """Inclusion Criteria:

* Adults aged 18 years or older
* Chronic insomnia for at least three months
* Able to keep a diary of sleep

Exclusion Criteria:

* Shift work
* Treated with hypnotics within 4 weeks of screening
* Pregnancy
"""

_CRITERIA_NEW = """Inclusion Criteria:

* Adults aged 21 years or older
* Chronic insomnia for at least three months
* Treated with hypnotics within 4 weeks of screening

Exclusion Criteria:

* Shift work
* Pregnancy
* Untreated sleep apnea
"""

_SITES = ("Ashford", "Birchwood", "Cedarville", "Dunmore", "Elmhurst")


def _site(city: str, status: str | None, **more: Any) -> Json:
    place = {"facility": f"{city} Sleep Clinic", "city": city, "country": "Ireland", **more}
    return {**place, "status": status} if status else place


def _outcome(measure: str, frame: str, description: str = "") -> Json:
    found = {"measure": measure, "timeFrame": frame}
    return {**found, "description": description} if description else found


OLD: Json = {
    "protocolSection": {
        "identificationModule": {
            "nctId": NCT,
            "orgStudyIdInfo": {"id": "SLEEP-1"},
            "briefTitle": "Warm Baths Before Bed in Chronic Insomnia",
        },
        "statusModule": {
            "statusVerifiedDate": "2024-01",
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2024-02", "type": "ESTIMATED"},
            "primaryCompletionDateStruct": {"date": "2024-12-31", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2025-02", "type": "ESTIMATED"},
            "lastUpdateSubmitDate": "2024-01-10",
            "lastUpdatePostDateStruct": {"date": "2024-01-15", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Institute of Rest", "class": "OTHER"},
            "collaborators": [{"name": "Bath Makers", "class": "INDUSTRY"}],
        },
        "descriptionModule": {
            "briefSummary": "This study asks whether a warm bath an hour before bed makes people with insomnia fall "
            "asleep sooner. Participants take a bath of twenty minutes in water of forty degrees on every evening for "
            "six weeks. They wear a sensor on the wrist which measures when they fall asleep, how often they wake up, "
            "and when they rise in the morning, on all days of the study and during one week before it."
        },
        "conditionsModule": {"conditions": ["Insomnia"], "keywords": ["bath", "sleep", "heat"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2"],
            "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "NONE"}},
            "enrollmentInfo": {"count": 1200, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Bath", "type": "EXPERIMENTAL", "description": "A bath of 40 degrees for 20 minutes"},
                {"label": "Usual evening", "type": "NO_INTERVENTION"},
            ],
            "interventions": [{"type": "BEHAVIORAL", "name": "Warm bath", "description": "At home"}],
        },
        "outcomesModule": {
            "primaryOutcomes": [_outcome("Sleep onset latency by actigraphy", "6 weeks")],
            "secondaryOutcomes": [
                _outcome("Total sleep time by actigraphy", "6 weeks"),
                _outcome("Insomnia Severity Index", "6 weeks", "A questionnaire of seven questions"),
                _outcome("Number of awakenings", "6 weeks"),
            ],
        },
        "eligibilityModule": {
            "eligibilityCriteria": _CRITERIA_OLD,
            "sex": "ALL",
            "minimumAge": "18 Years",
            "stdAges": ["ADULT", "OLDER_ADULT"],
        },
        "contactsLocationsModule": {
            "centralContacts": [{"name": "Nora Quill", "role": "CONTACT", "phone": "555-0100"}],
            "locations": [
                _site(_SITES[0], "NOT_YET_RECRUITING", contacts=[{"name": "Ada Byrne", "phone": "555-0101"}]),
                *(_site(city, "NOT_YET_RECRUITING") for city in _SITES[1:]),
            ],
        },
    },
    "derivedSection": {
        "miscInfoModule": {"versionHolder": "2024-02-01"},
        "conditionBrowseModule": {"meshes": [{"id": "D007319", "term": "Sleep Initiation and Maintenance Disorders"}]},
    },
    "hasResults": False,
}


def _changed() -> Json:
    new = copy.deepcopy(OLD)
    protocol = new["protocolSection"]
    protocol["statusModule"] |= {
        "statusVerifiedDate": "2025-03",
        "overallStatus": "TERMINATED",
        "whyStopped": "Slow recruitment",
        "startDateStruct": {"date": "2024-03-04", "type": "ACTUAL"},
        "primaryCompletionDateStruct": {"date": "2025-02-28", "type": "ACTUAL"},
        "completionDateStruct": {"date": "2025-02", "type": "ACTUAL"},
        "lastUpdateSubmitDate": "2025-03-18",
        "lastUpdatePostDateStruct": {"date": "2025-03-21", "type": "ACTUAL"},
    }
    protocol["identificationModule"]["acronym"] = "BATHE"
    protocol["sponsorCollaboratorsModule"]["collaborators"] = []
    summary = protocol["descriptionModule"]["briefSummary"]
    protocol["descriptionModule"]["briefSummary"] = summary.replace("six weeks", "twelve weeks").replace(
        "twenty", "thirty"
    )
    protocol["conditionsModule"]["keywords"] = ["bath", "sleep"]
    protocol["designModule"]["phases"] = ["PHASE2", "PHASE3"]
    protocol["designModule"]["enrollmentInfo"] = {"count": 87, "type": "ACTUAL"}
    arms = protocol["armsInterventionsModule"]
    arms["armGroups"][0]["description"] = "A bath of 39 degrees for 20 minutes"
    arms["armGroups"].append({"label": "Warm feet", "type": "ACTIVE_COMPARATOR", "description": "Warm socks"})
    outcomes = protocol["outcomesModule"]
    onset, (total, index, _) = outcomes["primaryOutcomes"][0], outcomes["secondaryOutcomes"]
    outcomes["primaryOutcomes"] = [{**onset, "timeFrame": "12 weeks"}, total]
    outcomes["secondaryOutcomes"] = [
        {**index, "measure": "Insomnia Severity Index (ISI)", "timeFrame": "12 weeks"},
        _outcome("Skin temperature at the wrist", "12 weeks", "Mean of the hour before sleep"),
    ]
    eligibility = protocol["eligibilityModule"]
    eligibility |= {"eligibilityCriteria": _CRITERIA_NEW, "minimumAge": "21 Years"}
    places = protocol["contactsLocationsModule"]
    places["centralContacts"][0]["phone"] = "555-0199"
    contacts = [{"name": "Ada Byrne", "phone": "555-0102"}]
    places["locations"] = [_site(_SITES[0], "TERMINATED", contacts=contacts)]
    places["locations"] += [_site(city, "TERMINATED") for city in _SITES[1:3]] + [_site("Fernley", None, zip="F12")]
    new["derivedSection"]["miscInfoModule"]["versionHolder"] = "2025-04-01"
    new["derivedSection"]["conditionBrowseModule"]["ancestors"] = [{"id": "D012893", "term": "Sleep Wake Disorders"}]
    return new


NEW = _changed()

SIDES = (Side("version 1", "2024-01-15"), Side("version 2", "2025-03-21"))

HOSTILE = (
    "<script>alert(1)</script> \x1b[31mred\x07 \u202ereversed [red]x[/red] **bold** | `code` @somebody #1 "
    "[link](javascript:alert(1)) <img src=x onerror=alert(1)> &lt; \ud83e end"
)


def _poisoned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: value[key] if key in _KEPT else _poisoned(value[key]) for key in value} | {HOSTILE: HOSTILE}
    if isinstance(value, list):
        return [_poisoned(item) for item in value]
    return f"{value} {HOSTILE}" if isinstance(value, str) else value


_KEPT = frozenset({"nctId", "lastUpdatePostDateStruct", "startDateStruct", "versionHolder"})


def hostile() -> tuple[Json, Json]:
    """Both versions with harm in every text and every record."""
    return _poisoned(OLD), _poisoned(NEW)


def diff(old: Json = OLD, new: Json = NEW, sides: tuple[Side, Side] = SIDES) -> Diff:
    """The model of what differs."""
    return diff_of(old, new, compare(old, new), sides=sides)


def on_screen(found: Diff, width: int, *, colours: bool = False, everything: bool = False) -> str:
    """A diff as a terminal gets it."""
    out = io.StringIO()
    system: Literal["standard"] | None = "standard" if colours else None
    console = Console(
        file=out, width=width, color_system=system, force_terminal=colours, highlight=False, markup=False, emoji=False
    )
    console.print(*screen(found, Look(width, colours, everything)), sep="\n")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def parsed(page: str) -> Any:
    """A page as a tree."""
    return html.document_fromstring(page)
