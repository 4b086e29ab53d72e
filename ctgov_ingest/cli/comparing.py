"""What `diff` and `report` compare: two versions of the store, or two files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from ctgov_ingest import files
from ctgov_ingest.compare import Carried, Change, differing, mask
from ctgov_ingest.compare.changes import stands
from ctgov_ingest.compare.standing import registry_date
from ctgov_ingest.ingest import readings
from ctgov_ingest.showing.model import Diff, Side
from ctgov_ingest.sources import Failure, Reading
from ctgov_ingest.store import Store

Document = dict[str, Any]


class Compared(NamedTuple):
    """Two documents, what differs between them, and which they are; `both`: what both can show."""

    old: Document
    new: Document
    changes: Sequence[Change]
    sides: tuple[Side, Side]
    both: Carried
    on: str | None = None
    note: str = ""

    def diff(self) -> Diff:
        """The model of it for people."""
        from ctgov_ingest.showing import diff_of

        old, new = (mask(document, self.both) for document in (self.old, self.new))
        return diff_of(old, new, self.changes, sides=self.sides, on=self.on, note=self.note)


def of_versions(store: Store, nct_id: str, old: int | None, new: int | None) -> Compared | None:
    """Two versions of a study; None where there is no version before. Raises NotHeld."""
    earlier, later = store.pair(nct_id, old, new)
    if earlier is None:
        return None
    return between(store, nct_id, earlier, later)


def between(store: Store, nct_id: str, earlier: dict[str, Any], later: dict[str, Any]) -> Compared:
    """Two versions of a study, given as rows."""
    changes = store.diff(nct_id, earlier["version"], later["version"])
    is_own = earlier["registry_date"] == later["registry_date"]
    old, new = (_side(one, tells_day=is_own) for one in (earlier, later))
    note = "" if old.source == new.source else f"{old.source} and {new.source} are compared on what both can show"
    on = later["stood_from"] if is_own else None
    both = store.carried(earlier) & store.carried(later)
    return Compared(store.document(earlier), store.document(later), changes, (old, new), both, on, note)


def _side(version: dict[str, Any], *, tells_day: bool) -> Side:
    seen = version["first_seen"][:10] if tells_day else None
    return Side(f"version {version['version']}", version["registry_date"], seen, version["presentation"])


def of_files(old: Path, new: Path) -> Compared:
    """Two files with a record each. Raises a SourceError, or wrong usage."""
    was, now = _reading(old), _reading(new)
    if was.nct_id != now.nct_id:
        raise click.UsageError(f"{old} is a record of {was.nct_id}, {new} one of {now.nct_id}")
    documents = was.document(), now.document()
    days = [one.registry_date or registry_date(document) for one, document in zip((was, now), documents, strict=True)]
    is_one = stands(*documents) or (days[0] is not None and days[0] == days[1])
    changes = differing(*documents, was, now, is_one_submission=is_one)
    note = ""
    if was.presentation != now.presentation:
        note = f"{was.presentation} and {now.presentation} are compared on what both can show"
        note += "; what the registry rewrites by itself within one update is set aside" if is_one else ""
    sides = [Side(one.source, day, None, one.presentation) for one, day in zip((was, now), days, strict=True)]
    return Compared(*documents, changes, (sides[0], sides[1]), was.carried & now.carried, None, note)


def _reading(path: Path) -> Reading:
    """The one record of a file."""
    found = [one for blob in files.blobs([path]) for one in readings(blob)]
    for one in found:
        if isinstance(one, Failure):
            raise one.error
    records = [one for one in found if isinstance(one, Reading)]
    if len(records) != 1:
        raise click.UsageError(f"expected a file with one record, found {len(records)} in {path}")
    return records[0]
