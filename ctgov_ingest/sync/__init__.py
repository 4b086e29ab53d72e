"""The registry into the store: what is followed is brought up to date, the past of a study is filled in.

`fetch` gets, `store` keeps; here it is decided what to get, and when a run has seen all of it.
"""

from ctgov_ingest.sync.backfill import backfill
from ctgov_ingest.sync.current import fetch, sync
from ctgov_ingest.sync.following import followed, search_of
from ctgov_ingest.sync.lock import Busy
from ctgov_ingest.sync.report import SyncReport
from ctgov_ingest.sync.stopping import Stopped

__all__ = ["Busy", "Stopped", "SyncReport", "backfill", "fetch", "followed", "search_of", "sync"]
