"""SQLite: the only part that speaks SQL."""

from ctgov_ingest.store.capture import Capture, IssueRow
from ctgov_ingest.store.captures import Kept
from ctgov_ingest.store.lists import ListedVersion, VersionList
from ctgov_ingest.store.store import Outcome, Reparsed, Store

__all__ = ["Capture", "IssueRow", "Kept", "ListedVersion", "Outcome", "Reparsed", "Store", "VersionList"]
