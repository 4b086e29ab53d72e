"""Two documents to a list of changes; changes to documents; captures to versions; the content hash.

    changes = compare(old, new)          what differs, item by item
    apply(old, changes)                  the new document again, as content
    as_json_patch(old, new)              what any library can apply, in the order of the new document
    moves(changes)                       what left one list and came into a kindred one

What loads the model stands apart, so that comparing stays quick to load:

    from ctgov_ingest.compare.events import events                    what happened, by name: the table of events
    from ctgov_ingest.compare.timeline import timeline                statuses, how long each stood, how sure that is
    from ctgov_ingest.compare.texts import text_changes               sentences and words of a long text
    from ctgov_ingest.compare.eligibility import criteria_changes     items of eligibility criteria

Pure: no clock, no database, no network.
"""

from ctgov_ingest.compare.across import RENDERED, REWRITTEN, Rule, across, explained, same_submission
from ctgov_ingest.compare.apply import apply
from ctgov_ingest.compare.carried import Carried, mask
from ctgov_ingest.compare.changes import Change, compare, same
from ctgov_ingest.compare.content import content, same_content
from ctgov_ingest.compare.fingerprint import STAMP, content_hash
from ctgov_ingest.compare.kinds import By, Kind, kind_of
from ctgov_ingest.compare.moves import Move, moves
from ctgov_ingest.compare.patch import as_json_patch
from ctgov_ingest.compare.paths import plain_path
from ctgov_ingest.compare.versions import Sighting, Verdict, Version, changes_between, differing, extend, fold

__all__ = [
    "RENDERED",
    "REWRITTEN",
    "STAMP",
    "By",
    "Carried",
    "Change",
    "Kind",
    "Move",
    "Rule",
    "Sighting",
    "Verdict",
    "Version",
    "across",
    "apply",
    "as_json_patch",
    "changes_between",
    "compare",
    "content",
    "content_hash",
    "differing",
    "explained",
    "extend",
    "fold",
    "kind_of",
    "mask",
    "moves",
    "plain_path",
    "same",
    "same_content",
    "same_submission",
]
