"""Read ClinicalTrials.gov records in any form, keep every version in SQLite, say what changed.

    from pathlib import Path
    from ctgov_ingest import Store, compare, read

    for reading in read(Path("NCT01364246.html").read_bytes()):
        print(reading.nct_id, reading.study.status, reading.unread, reading.issues)

`read` gives readings of bytes, `Study` is the model, `Store` keeps versions, `compare` lists changes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ctgov_ingest.compare import compare  # at once: the package of that name would else stand in its place

if TYPE_CHECKING:
    from ctgov_ingest.sources import read
    from ctgov_ingest.store import Store
    from ctgov_ingest.study import Study

__version__ = "0.1.0"

_HOMES = {
    "Store": "ctgov_ingest.store",
    "Study": "ctgov_ingest.study",
    "read": "ctgov_ingest.sources",
}
"""Where each public name lives: loaded when it is first asked for, since the model takes its time."""

__all__ = ["Store", "Study", "__version__", "compare", "read"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'ctgov_ingest' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
