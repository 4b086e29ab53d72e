"""What changes in a record: by the sponsor, who moves the dates of the last update, and by the registry itself."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import orjson

from .content import COMPLETED, VERIFIED, Content, Json
from .studies import OPEN, month, site, template, unused

Edit = Callable[[Json, random.Random, dt.date], bool]
"""Changes a document, and says whether there was anything to change."""

NEXT = {
    "NOT_YET_RECRUITING": ("RECRUITING", "RECRUITING", "WITHDRAWN"),
    "RECRUITING": ("ACTIVE_NOT_RECRUITING", "COMPLETED", "TERMINATED", "SUSPENDED"),
    "ENROLLING_BY_INVITATION": ("ACTIVE_NOT_RECRUITING", "COMPLETED"),
    "ACTIVE_NOT_RECRUITING": ("COMPLETED", "TERMINATED"),
    "SUSPENDED": ("RECRUITING", "TERMINATED"),
}
"""Where a status can go from each, by the sponsor."""

CLOSED = ("COMPLETED", "TERMINATED", "WITHDRAWN")


def _status(document: Json, rng: random.Random, today: dt.date) -> bool:
    module = document["protocolSection"]["statusModule"]
    if module["overallStatus"] not in NEXT:
        return False
    new = rng.choice(NEXT[module["overallStatus"]])
    module["overallStatus"] = new
    if new in CLOSED:
        for name in ("primaryCompletionDateStruct", "completionDateStruct"):
            module[name] = {"date": str(today - dt.timedelta(days=rng.randint(10, 60))), "type": "ACTUAL"}
        document["protocolSection"]["designModule"]["enrollmentInfo"] |= {"type": "ACTUAL"}
    if new in ("SUSPENDED", "TERMINATED", "WITHDRAWN"):
        module["whyStopped"] = rng.choice(("Funding ended.", "Too few people came.", "The supply of capsules ran out."))
    else:
        module.pop("whyStopped", None)
    return True


def _completion(document: Json, rng: random.Random, today: dt.date) -> bool:
    module = document["protocolSection"]["statusModule"]
    if module["overallStatus"] not in OPEN:
        return False
    end = today + dt.timedelta(days=rng.randint(60, 900))
    for name in ("primaryCompletionDateStruct", "completionDateStruct"):
        module[name] = {"date": rng.choice((month(end), str(end))), "type": "ESTIMATED"}
    return True


def _enrollment(document: Json, rng: random.Random, today: dt.date) -> bool:
    enrollment = document["protocolSection"]["designModule"]["enrollmentInfo"]
    enrollment["count"] = max(0, enrollment["count"] + rng.choice((-7, 5, 12, 40)))
    return True


def _outcomes(document: Json, rng: random.Random, today: dt.date) -> bool:
    module = document["protocolSection"]["outcomesModule"]
    rng.choice(module["primaryOutcomes"])["timeFrame"] = f"{rng.randint(2, 60)} weeks"
    if rng.random() < 0.5:
        more = {"measure": f"Days in bed, seen {today}", "timeFrame": f"{rng.randint(2, 9)} months"}
        module.setdefault("secondaryOutcomes", []).append(more)
    return True


def _sites(document: Json, rng: random.Random, today: dt.date) -> bool:
    protocol = document["protocolSection"]
    sites = protocol["contactsLocationsModule"].setdefault("locations", [])
    free = unused(sites)
    if free and rng.random() < 0.6:
        sites.insert(rng.randint(0, len(sites)), site(rng.choice(free), protocol["statusModule"]["overallStatus"]))
    elif len(sites) > 1:
        sites.pop(rng.randrange(len(sites)))
    else:
        return False
    return True


def _criteria(document: Json, rng: random.Random, today: dt.date) -> bool:
    module = document["protocolSection"]["eligibilityModule"]
    module["eligibilityCriteria"] += f"\n* Another trial in the {rng.randint(2, 12)} weeks before"
    module["minimumAge"] = f"{rng.randint(12, 40)} Years"
    return True


def _contacts(document: Json, rng: random.Random, today: dt.date) -> bool:
    contacts = document["protocolSection"]["contactsLocationsModule"].get("centralContacts")
    if not contacts:
        return False
    contacts[0]["phone"] = f"612-555-{rng.randint(100, 199):04}"
    return True


def _title(document: Json, rng: random.Random, today: dt.date) -> bool:
    module = document["protocolSection"]["identificationModule"]
    module["officialTitle"] = f"{module['officialTitle'].partition(', Amended')[0]}, Amended {month(today)}"
    return True


def _description(document: Json, rng: random.Random, today: dt.date) -> bool:
    module = document["protocolSection"]["descriptionModule"]
    module["detailedDescription"] = (
        f"Rewritten on {today}: visits every {rng.randint(2, 9)} weeks; ferritin \\<30 µg/L."
    )
    return True


def _results(document: Json, rng: random.Random, today: dt.date) -> bool:
    module = document["protocolSection"]["statusModule"]
    if module["overallStatus"] not in CLOSED[:2] or document["hasResults"]:
        return False
    submitted = str(today - dt.timedelta(days=rng.randint(30, 90)))
    document["resultsSection"] = orjson.loads(template("NCT09900017"))["resultsSection"]
    document["hasResults"] = True
    module |= {
        "resultsFirstSubmitDate": submitted,
        "resultsFirstSubmitQcDate": submitted,
        "resultsFirstPostDateStruct": {"date": str(today), "type": "ACTUAL"},
    }
    return True


EDITS: dict[str, tuple[str, Edit, int]] = {
    "status": ("Study Status", _status, 5),
    "completion": ("Study Status", _completion, 5),
    "enrollment": ("Study Design", _enrollment, 4),
    "outcomes": ("Outcome Measures", _outcomes, 3),
    "sites": ("Contacts/Locations", _sites, 5),
    "criteria": ("Eligibility", _criteria, 2),
    "contacts": ("Contacts/Locations", _contacts, 2),
    "title": ("Study Identification", _title, 1),
    "description": ("Study Description", _description, 1),
    "results": ("Outcome Measures (Results)", _results, 2),
}
"""What a sponsor edits: the module's label in the record history, how, and how often beside the others."""


def submit(document: Json, rng: random.Random, today: dt.date) -> list[str]:
    """Let the sponsor hand in an update that is posted on `today`. Gives the labels of the modules that changed.

    One in ten is posted with a date some days back: whoever asks for the last day alone misses it.
    """
    module = document["protocolSection"]["statusModule"]
    labels = ["Study Status"]
    if module["overallStatus"] == "UNKNOWN":
        module["overallStatus"] = module.pop("lastKnownStatus", "RECRUITING")
    weights = [weight for _, _, weight in EDITS.values()]
    for label, edit, _ in rng.choices(list(EDITS.values()), weights, k=rng.randint(0, 3)):
        if edit(document, rng, today):
            labels.append(label)
    _move_dates(module, rng, today)
    return list(dict.fromkeys(labels))


def _move_dates(module: Json, rng: random.Random, today: dt.date) -> None:
    before = dt.date.fromisoformat(module["lastUpdatePostDateStruct"]["date"])
    posted = today - dt.timedelta(days=rng.choice((0,) * 9 + (3,)))
    posted = posted if posted > before else today
    submitted_before = dt.date.fromisoformat(module["lastUpdateSubmitDate"])
    submitted = max(posted - dt.timedelta(days=rng.randint(1, 4)), submitted_before + dt.timedelta(days=1))
    module["statusVerifiedDate"] = month(submitted)
    module["lastUpdateSubmitDate"] = str(min(submitted, posted))
    module["lastUpdatePostDateStruct"] = {"date": str(posted), "type": "ACTUAL"}


# --- the registry's own hand -----


def may_flip(content: Content, today: dt.date) -> bool:
    """Say whether the registry may turn a study UNKNOWN: open, past its end, not verified for two years."""
    end, verified = content.first(COMPLETED) or "", content.first(VERIFIED) or "9999"
    return content.status in OPEN and end < str(today) and verified < month(today - dt.timedelta(days=762))


def flip(document: Json) -> None:
    """Turn a study UNKNOWN. No date moves."""
    module = document["protocolSection"]["statusModule"]
    flipped = {"overallStatus": "UNKNOWN", "lastKnownStatus": module["overallStatus"]}
    document["protocolSection"]["statusModule"] = {
        key: value
        for name, old in module.items()
        for key, value in (flipped.items() if name == "overallStatus" else [(name, old)])
    }


def _link(document: Json, rng: random.Random, today: dt.date) -> bool:
    """A publication that names the study is linked."""
    references = document["protocolSection"].setdefault("referencesModule", {}).setdefault("references", [])
    pmid = str(rng.randint(90_100_000, 90_999_999))
    citation = f"Vuori M, Lund T. A trial, told. Nord J Nutr. {today.year}; {pmid}."
    references.append({"pmid": pmid, "type": "DERIVED", "citation": citation})
    return True


def _move_place(document: Json, rng: random.Random, today: dt.date) -> bool:
    """A site is found elsewhere on the map."""
    sites = document["protocolSection"]["contactsLocationsModule"].get("locations", [])
    if not sites:
        return False
    place = rng.choice(sites)["geoPoint"]
    place["lat"] = round(place["lat"] + rng.choice((-0.01, 0.01, 0.02)), 5)
    return True


def _relate(document: Json, rng: random.Random, today: dt.date) -> bool:
    """The tree of terms grew."""
    module = document["derivedSection"].setdefault("conditionBrowseModule", {})
    number = rng.randint(100_000, 999_999)
    module.setdefault("ancestors", []).append({"id": f"D{number:09}", "term": f"Diseases of Kind {number}"})
    return True


TOUCHES: tuple[Edit, ...] = (_link, _move_place, _relate)
"""What the registry changes of its own beside the flip; 5 of 55 real changes between days were of this kind."""


def touch(document: Json, rng: random.Random, today: dt.date) -> None:
    """Let the registry change something of its own. No date moves."""
    edits = list(TOUCHES)
    rng.shuffle(edits)
    if not any(edit(document, rng, today) for edit in edits):
        raise AssertionError("each study can be linked")
