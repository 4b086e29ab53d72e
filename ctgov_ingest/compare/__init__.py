"""Two documents to a list of changes; captures to versions; the content hash.

Pure: no clock, no database, no network.
"""

from ctgov_ingest.compare.across import RENDERED, REWRITTEN, Rule, across, explained, same_submission
from ctgov_ingest.compare.apply import apply
from ctgov_ingest.compare.carried import Carried, mask
from ctgov_ingest.compare.changes import Change, compare, same
from ctgov_ingest.compare.content import content, same_content
from ctgov_ingest.compare.fingerprint import STAMP, content_hash
from ctgov_ingest.compare.kinds import By, Kind, kind_of
from ctgov_ingest.compare.patch import as_json_patch
from ctgov_ingest.compare.paths import plain_path
from ctgov_ingest.compare.timeline import Spell, Standing, timeline
from ctgov_ingest.compare.versions import Sighting, Verdict, Version, changes_between, extend, fold

__all__ = [
    "RENDERED",
    "REWRITTEN",
    "STAMP",
    "By",
    "Carried",
    "Change",
    "Kind",
    "Rule",
    "Sighting",
    "Spell",
    "Standing",
    "Verdict",
    "Version",
    "across",
    "apply",
    "as_json_patch",
    "changes_between",
    "compare",
    "content",
    "content_hash",
    "explained",
    "extend",
    "fold",
    "kind_of",
    "mask",
    "plain_path",
    "same",
    "same_content",
    "same_submission",
    "timeline",
]
