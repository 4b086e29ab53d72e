"""SQLite: the only part that speaks SQL."""

from ctgov_ingest.store.absences import Absence
from ctgov_ingest.store.again import Again, Last
from ctgov_ingest.store.candidates import Candidate
from ctgov_ingest.store.capture import Capture
from ctgov_ingest.store.captures import Kept
from ctgov_ingest.store.lists import ListedVersion, VersionList
from ctgov_ingest.store.news import News
from ctgov_ingest.store.prepared import Prepared, prepare
from ctgov_ingest.store.runs import Ending
from ctgov_ingest.store.store import Outcome, Reparsed, Store
from ctgov_ingest.store.telling import Axis
from ctgov_ingest.store.watches import Watch

__all__ = [
    "Absence",
    "Again",
    "Axis",
    "Candidate",
    "Capture",
    "Ending",
    "Kept",
    "Last",
    "ListedVersion",
    "News",
    "Outcome",
    "Prepared",
    "Reparsed",
    "Store",
    "VersionList",
    "Watch",
    "prepare",
]
