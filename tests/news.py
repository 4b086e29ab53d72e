"""What the tests of digests share: stores that runs of sync have filled, and the news that are left to tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stores import Json, noon
from test_store import capture

from ctgov_ingest.compare import compare
from ctgov_ingest.digest import Digest, Failed, RunReport, digest
from ctgov_ingest.store import Absence, Store
from ctgov_ingest.store.news import News

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
QUIET = RunReport({})
EARLIER, TODAY = "2026-03-06", "2026-03-09"


def study(day: str, nct_id: str, title: str = "A study of sleep", *, updated: str = "2025-06-01", **parts: Any) -> Json:
    """A record as the data set of a day holds it; of `parts` those of the status module are named `status_…`."""
    status: Json = {"overallStatus": "RECRUITING", "statusVerifiedDate": updated[:7], "lastUpdateSubmitDate": updated}
    status["lastUpdatePostDateStruct"] = {"date": updated, "type": "ACTUAL"}
    status |= {name.removeprefix("status_"): parts.pop(name) for name in list(parts) if name.startswith("status_")}
    top: Json = {name: parts.pop(name) for name in ("hasResults", "resultsSection") if name in parts}
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct_id, "briefTitle": title},
            "statusModule": status,
            **parts,
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": day}},
        "hasResults": False,
        **top,
    }


def run(store: Store, *records: Json, work: Callable[[Store], object] = lambda _store: None) -> None:
    """A run of sync that brings some records, and does some other work."""
    store.begin_run("sync")
    for one in records:
        store.add(capture(one, nct_id=one["protocolSection"]["identificationModule"]["nctId"]))
    work(store)
    store.end_run({}, [])


def news_of(path: Path, before: Sequence[Json], after: Sequence[Json]) -> News:
    """The news of a run of sync over a store that holds what was before."""
    with Store(path, clock=noon) as store:
        run(store, *before)
        store.news.tell(store.news.untold())
        run(store, *after)
        return store.news.untold()


def changed(path: Path, before: Json, after: Json, report: RunReport = QUIET) -> Digest:
    """The digest of one study that is held and changed."""
    return digest(news_of(path, [before], [after]), report, now=NOW)


# --- a day on which much happened -----------------------------------------------------------------------------------


def _sites(status: str, *more: str) -> Json:
    first = [f"Clinic {letter}" for letter in "ABCDE"]
    sites = [
        {"facility": one, "status": status if one in first else "RECRUITING", "city": "Graz", "country": "Austria"}
        for one in [*first, *more]
    ]
    return {"locations": sites}


def _outcomes(*months: int) -> Json:
    names = ("Sleep quality", "Time asleep", "Naps", "Snoring", "Dreams")
    pairs = zip(names, months, strict=False)
    return {"secondaryOutcomes": [{"measure": name, "timeFrame": f"{number} months"} for name, number in pairs]}


_CRITERIA = "Inclusion Criteria:\n\n* Adults with {}\n* Able to consent\n\nExclusion Criteria:\n\n* {}"

_PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Sleep that nobody verified": ({}, {"status_overallStatus": "UNKNOWN", "status_lastKnownStatus": "RECRUITING"}),
    "Sleep that was given up": (
        {"designModule": {"enrollmentInfo": {"count": 120, "type": "ESTIMATED"}}},
        {
            "status_overallStatus": "TERMINATED",
            "status_whyStopped": "Too few took part",
            "designModule": {"enrollmentInfo": {"count": 7, "type": "ACTUAL"}},
        },
    ),
    "Sleep that begins": (
        {
            "status_overallStatus": "NOT_YET_RECRUITING",
            "status_startDateStruct": {"date": "2026-01", "type": "ESTIMATED"},
        },
        {"status_startDateStruct": {"date": "2026-02-11", "type": "ACTUAL"}},
    ),
    "Sleep with results": (
        {"status_overallStatus": "COMPLETED"},
        {
            "status_overallStatus": "COMPLETED",
            "status_resultsFirstPostDateStruct": {"date": "2026-03-09", "type": "ACTUAL"},
            "hasResults": True,
            "resultsSection": {"participantFlowModule": {"groups": [{"id": "FG000", "title": "All"}]}},
        },
    ),
    "Sleep that takes longer": (
        {
            "status_primaryCompletionDateStruct": {"date": "2026-05-01", "type": "ESTIMATED"},
            "status_completionDateStruct": {"date": "2026", "type": "ESTIMATED"},
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Somnus"}},
        },
        {
            "status_primaryCompletionDateStruct": {"date": "2026-08-01", "type": "ESTIMATED"},
            "status_completionDateStruct": {"date": "2027", "type": "ESTIMATED"},
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Hypnos"}},
        },
    ),
    "Sleep that is measured otherwise": (
        {"outcomesModule": _outcomes(6, 6, 6, 6, 6), "contactsLocationsModule": _sites("NOT_YET_RECRUITING")},
        {
            "outcomesModule": {
                "primaryOutcomes": [{"measure": "Rest", "timeFrame": "1 year"}],
                **_outcomes(9, 9, 9, 9),
            },
            "contactsLocationsModule": _sites("RECRUITING", "Clinic F", "Clinic G", "Clinic H", "Clinic I"),
        },
    ),
    "Sleep of others": (
        {"eligibilityModule": {"eligibilityCriteria": _CRITERIA.format("insomnia", "Shift work")}},
        {"eligibilityModule": {"eligibilityCriteria": _CRITERIA.format("chronic insomnia", "Shift work at night")}},
    ),
    "Sleep with another drug": (
        {"armsInterventionsModule": {"armGroups": [{"label": "Placebo", "type": "PLACEBO_COMPARATOR"}]}},
        {
            "armsInterventionsModule": {
                "armGroups": [{"label": "Placebo", "type": "PLACEBO_COMPARATOR"}, {"label": "High dose"}],
                "interventions": [{"type": "DRUG", "name": "Valerian", "armGroupLabels": ["High dose"]}],
            },
            "descriptionModule": {"briefSummary": "A word\x1b[31m in red."},
        },
    ),
    "Sleep as before": ({}, {}),
}
_BY_REGISTRY = {"Sleep that nobody verified"}


def _pair(number: int, title: str) -> tuple[Json, Json]:
    nct_id = f"NCT0990{number:04d}"
    before, after = _PAIRS[title]
    updated = "2025-06-01" if title in _BY_REGISTRY else "2026-03-05"
    return study(EARLIER, nct_id, title, **before), study(TODAY, nct_id, title, updated=updated, **after)


def a_day(path: Path) -> Digest:
    """The digest of a day on which much happened, some of it wrong."""
    pairs = [_pair(number, title) for number, title in enumerate(_PAIRS, start=1)]
    others = [study(EARLIER, f"NCT0990010{number}", f"Sleep lost and found {number}") for number in (1, 2, 3)]

    def before(store: Store) -> None:
        store.absences.note(Absence("NCT09900103", "gone", "2026-03-02", "NCT number NCT09900103 not found"))

    def after(store: Store) -> None:
        store.absences.note(Absence("NCT09900101", "gone", TODAY, "NCT number NCT09900101 not found"))
        store.absences.note(Absence("NCT09900102", "alias", TODAY, "301", "NCT09900001"))
        store.absences.end({"NCT09900103"}, TODAY)

    with Store(path, clock=noon) as store:
        run(store, *(one for one, _later in pairs), *others, work=before)
        store.news.tell(store.news.untold())
        run(store, *(one for _earlier, one in pairs), study(TODAY, "NCT09900200", "Sleep anew"), work=after)
        report = RunReport(
            {"read": 9},
            failures=(Failed("NCT09900300", "incomplete", "the answer ends after 12 of 34 bytes"),),
            dataset="2026-03-09T09:00:05",
            requests=57,
            bytes=1_234_567,
            exit_code=1,
        )
        return digest(store.news.untold(), report, now=NOW)


# --- hostile values ---------------------------------------------------------------------------------------------------

NCT = "NCT09900001"
HOSTILE = "\x1b]0;gone\x07<script>alert(1)</script> \u202etxt.exe\u202c \ufffe\ud800\r\nNCT"


def hostile_day() -> Digest:
    """A digest of what no source would let through."""
    key = "odd\x1b[2Jkey"
    before, after = study(EARLIER, NCT, HOSTILE), study(TODAY, NCT, HOSTILE * 2000, updated="2026-03-05")
    after["protocolSection"]["statusModule"]["overallStatus"] = HOSTILE
    after["protocolSection"]["statusModule"]["startDateStruct"] = {"date": HOSTILE, "type": HOSTILE}
    after["protocolSection"][key] = {HOSTILE: [{HOSTILE: HOSTILE}]}
    after["protocolSection"]["conditionsModule"] = {"conditions": ["x" * 5000, HOSTILE]}
    news = News(*_as_stored(before, after))
    return digest(news, RunReport({}, failures=(Failed(HOSTILE, "x", HOSTILE),), note=HOSTILE), now=NOW)


def _as_stored(before: Any, after: Any) -> tuple[Any, Any, Any, Any]:
    """News of records that no source would let through."""
    row = {"nct_id": NCT, "version": 2, "seen_at": TODAY, "brief_title": HOSTILE * 2000, "overall_status": HOSTILE}
    found = compare(before, after)
    changes = [
        {**row, **{name: getattr(one, name) for name in ("path", "op", "old", "new", "kind", "by")}} for one in found
    ]
    return [{**row, "nct_id": "NCT09900002"}], changes, [], []
