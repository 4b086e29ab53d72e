"""Studies of our own making: the fixtures' records, each time with another life.

Ids begin at NCT09910001, where the registry has none. Everything follows from the random generator that is passed in.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from .content import Content, Json

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FIRST = 9910001

TEMPLATES = {
    "NCT09900017": FIXTURES / "api-v2" / "interventional.json",
    "NCT03986528": FIXTURES / "api-v2" / "unknown-status-compact.json",
}
"""The records that studies are made from, by id."""

OPEN = ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "ENROLLING_BY_INVITATION")
STOPPED = ("SUSPENDED", "TERMINATED", "WITHDRAWN")

SHARES = {
    "COMPLETED": 40,
    "RECRUITING": 18,
    "UNKNOWN": 14,
    "NOT_YET_RECRUITING": 9,
    "TERMINATED": 6,
    "ACTIVE_NOT_RECRUITING": 7,
    "WITHDRAWN": 3,
    "ENROLLING_BY_INVITATION": 2,
    "SUSPENDED": 1,
}
"""How often each status stands on the first day: more of the open ones than the registry has, since they move."""


@cache
def vocabulary() -> dict[str, list[Any]]:
    """Conditions, interventions, sponsors and places that studies are made with."""
    found: dict[str, list[Any]] = orjson.loads((Path(__file__).parent / "vocabulary.json").read_bytes())
    return found


@cache
def template(nct_id: str) -> bytes:
    """The bytes of a record that studies are made from."""
    return orjson.dumps(orjson.loads(TEMPLATES[nct_id].read_bytes()))


def natural() -> list[Content]:
    """The fixtures' records as they are: the studies whose old pages are saved, too."""
    return [Content(orjson.loads(template(nct_id))) for nct_id in TEMPLATES]


def template_of(number: int) -> str:
    """Which record the study of a number is made from."""
    return "NCT09900017" if number % 3 == 0 else "NCT03986528"


def origin(nct_id: str) -> str | None:
    """Which record the study of an id is, or is made from; None for any that is not of our making."""
    number = int(nct_id[3:]) - FIRST
    return nct_id if nct_id in TEMPLATES else template_of(number) if number >= 0 else None


def nct_id_of(number: int) -> str:
    """The id of the study of a number."""
    return f"NCT{FIRST + number:08}"


def month(day: dt.date) -> str:
    """A date with the precision of a month."""
    return day.strftime("%Y-%m")


def made(number: int, rng: random.Random, today: dt.date) -> Json:
    """Make the study of a number as it stands on a day: an old one, whose last update is some days ago at least."""
    document: Json = orjson.loads(template(template_of(number)))
    _identify(document, number, rng)
    status = rng.choices(list(SHARES), list(SHARES.values()))[0]
    _date(document, status, rng, today)
    _size(document, status, rng)
    document["protocolSection"]["contactsLocationsModule"]["locations"] = [
        site(place, status) for place in rng.sample(vocabulary()["places"], rng.randint(1, 5))
    ]
    if not (status in ("COMPLETED", "TERMINATED") and number % 3 == 0):
        without_results(document)
    return document


def newly_made(number: int, rng: random.Random, today: dt.date) -> Json:
    """Make the study of a number as it is when it is first posted, on a day."""
    document = made(number, rng, today)
    without_results(document)
    status = document["protocolSection"]["statusModule"]
    submitted = str(today - dt.timedelta(days=rng.randint(3, 9)))
    for name in ("lastKnownStatus", "whyStopped"):
        status.pop(name, None)
    start = today + dt.timedelta(days=rng.randint(-20, 90))
    status |= {
        "statusVerifiedDate": month(today),
        "overallStatus": "RECRUITING" if start < today else "NOT_YET_RECRUITING",
        "startDateStruct": {"date": str(start), "type": "ACTUAL" if start < today else "ESTIMATED"},
        "primaryCompletionDateStruct": {"date": month(start + dt.timedelta(days=500)), "type": "ESTIMATED"},
        "completionDateStruct": {"date": month(start + dt.timedelta(days=700)), "type": "ESTIMATED"},
        "studyFirstSubmitDate": submitted,
        "studyFirstSubmitQcDate": submitted,
        "studyFirstPostDateStruct": {"date": str(today), "type": "ACTUAL"},
        "lastUpdateSubmitDate": submitted,
        "lastUpdatePostDateStruct": {"date": str(today), "type": "ACTUAL"},
    }
    return document


def _identify(document: Json, number: int, rng: random.Random) -> None:
    protocol = document["protocolSection"]
    conditions = rng.choice(vocabulary()["conditions"])
    intervention = rng.choice(vocabulary()["interventions"])
    sponsor = rng.choice(vocabulary()["sponsors"])
    protocol["identificationModule"] |= {
        "nctId": nct_id_of(number),
        "orgStudyIdInfo": {"id": f"LOOP-{number:05}"},
        "organization": {"fullName": sponsor["name"], "class": sponsor["class"]},
        "briefTitle": f"{intervention} for {conditions[0]}, Trial {number}",
        "officialTitle": f"A Trial of {intervention} in People With {' and '.join(conditions)} (Number {number})",
    }
    protocol["identificationModule"].pop("acronym", None)
    protocol["sponsorCollaboratorsModule"]["leadSponsor"] = sponsor
    protocol["conditionsModule"]["conditions"] = conditions


def _date(document: Json, status: str, rng: random.Random, today: dt.date) -> None:
    """Dates that fit together. A third of the open studies was not verified for two years: the registry's to turn."""
    stale = status == "UNKNOWN" or (status in OPEN and rng.random() < 0.33)
    updated = today - dt.timedelta(days=rng.randint(790, 1500) if stale else rng.randint(6, 600))
    first = updated - dt.timedelta(days=rng.randint(0, 4000))
    start = first + dt.timedelta(days=rng.randint(-60, 120))
    ended = status not in OPEN
    end = updated - dt.timedelta(days=20) if ended else updated + dt.timedelta(days=rng.randint(200, 700))
    if stale:
        end = today - dt.timedelta(days=rng.randint(40, 400))
    kind = "ACTUAL" if ended and status != "UNKNOWN" else "ESTIMATED"
    known = {"lastKnownStatus": rng.choice(OPEN[:3])} if status == "UNKNOWN" else {}
    why = {"whyStopped": "Too few people came."} if status in STOPPED else {}
    document["protocolSection"]["statusModule"] = {
        "statusVerifiedDate": month(updated),
        "overallStatus": status,
        **known,
        **why,
        "expandedAccessInfo": {"hasExpandedAccess": False},
        "startDateStruct": {"date": str(start), "type": "ACTUAL"},
        "primaryCompletionDateStruct": {"date": month(end), "type": kind},
        "completionDateStruct": {"date": month(end), "type": kind},
        "studyFirstSubmitDate": str(first - dt.timedelta(days=4)),
        "studyFirstSubmitQcDate": str(first - dt.timedelta(days=1)),
        "studyFirstPostDateStruct": {"date": str(first), "type": "ACTUAL"},
        **_results_dates(end, updated),
        "lastUpdateSubmitDate": str(updated - dt.timedelta(days=2 if updated > first else 4)),
        "lastUpdatePostDateStruct": {"date": str(updated), "type": "ACTUAL"},
    }


def _results_dates(end: dt.date, updated: dt.date) -> Json:
    return {
        "resultsFirstSubmitDate": str(end + dt.timedelta(days=8)),
        "resultsFirstSubmitQcDate": str(end + dt.timedelta(days=10)),
        "resultsFirstPostDateStruct": {"date": str(updated), "type": "ACTUAL"},
    }


def _size(document: Json, status: str, rng: random.Random) -> None:
    ended = status in ("COMPLETED", "TERMINATED", "WITHDRAWN")
    count = 0 if status == "WITHDRAWN" else rng.choice((12, 24, 40, 60, 96, 150, 334, 1200))
    enrollment = {"count": count, "type": "ACTUAL" if ended else "ESTIMATED"}
    document["protocolSection"]["designModule"]["enrollmentInfo"] = enrollment


def without_results(document: Json) -> None:
    """Take away posted results, with all that goes with them."""
    for name in ("resultsSection", "documentSection"):
        document.pop(name, None)
    for name in ("resultsFirstSubmitDate", "resultsFirstSubmitQcDate", "resultsFirstPostDateStruct"):
        document["protocolSection"]["statusModule"].pop(name, None)
    document["hasResults"] = False


def site(place: Json, status: str | None) -> Json:
    """A site; sites have a status of their own only while the study is open."""
    own = {"status": status} if status in ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION") else {}
    found: Json = {name: place[name] for name in ("city", "state", "zip", "country") if name in place}
    return {"facility": place["facility"], **own, **found, "geoPoint": {"lat": place["lat"], "lon": place["lon"]}}


def unused(sites: Sequence[Json]) -> list[Json]:
    """The places where a study has no site yet."""
    used = {one.get("facility") for one in sites}
    return [place for place in vocabulary()["places"] if place["facility"] not in used]
