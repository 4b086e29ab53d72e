"""One part of the pile: its records read, their rows written. A function of the part alone, to be done anywhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.convert.ledger import FAILURES, ISSUES, LISTED_VERSIONS, RECORDS, UNREAD
from ctgov_ingest.convert.parts import Part
from ctgov_ingest.convert.places import Output
from ctgov_ingest.convert.writing import Writer
from ctgov_ingest.ingest import Fault, calm_collector, captures
from ctgov_ingest.sources import Failure
from ctgov_ingest.store import Capture, VersionList
from ctgov_ingest.tables import TABLES, Row, plain, projection

Order = tuple[str, str, int]
"""The place of a record among those of its study: the registry's date, the day on which it stood so, its richness."""


@dataclass(slots=True)
class Done:
    """What became of a part: rows of each table; the records with their order; what could not be read."""

    number: int
    rows: dict[str, int] = field(default_factory=dict)
    records: list[tuple[str, Order]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def convert_part(part: Part, output: str, superseded: Collection[int] = frozenset()) -> Done:
    """Read a part and write its files. `superseded`: the places of records that are not the latest of their study.

    Raises OSError where the output cannot be written.
    """
    done = Done(part.number)
    with calm_collector(), Writer(Output(output), part.number) as writer:
        for blob in part.blobs():
            for found in captures(blob):
                if isinstance(found, Capture):
                    _add(found, writer, done, is_latest=len(done.records) not in superseded)
                elif isinstance(found, VersionList):
                    writer.add(LISTED_VERSIONS.name, _listed(found))
                else:
                    done.failures.append(found)
        writer.add(FAILURES.name, [(one.source, one.error.code, str(one.error)) for one in done.failures])
        done.rows = writer.close()
    return done


def _add(found: Capture, writer: Writer, done: Done, *, is_latest: bool) -> None:
    """Add what is told of a record, and its rows; a fault of ours at one record keeps no other out."""
    try:
        rows = _rows(found) if is_latest else []
    except Exception as error:  # noqa: BLE001  # see above
        done.failures.append(Failure(found.source, Fault.of(error)))
        return
    date, stood_on = found.dated, found.stood_on
    done.records.append((found.nct_id, _order(found.rank, date, stood_on)))
    writer.add(RECORDS.name, [(found.nct_id, found.source, found.presentation, date, stood_on, is_latest)])
    for issue in found.issues:
        _add_issue(found, issue, writer)
    for table, own in rows:
        writer.add(table, own)


def _rows(found: Capture) -> list[tuple[str, list[Row]]]:
    study = plain(jsontext.dumps(found.document))
    return [(table.name, projection(table)(study, found.nct_id)) for table in TABLES]


def _add_issue(found: Capture, issue: Any, writer: Writer) -> None:
    if issue.code == "unread":
        writer.add(UNREAD.name, [(found.nct_id, found.source, issue.raw, issue.place)])
    else:
        row = (found.nct_id, found.source, issue.code, issue.message, issue.path, issue.raw, issue.place)
        writer.add(ISSUES.name, [row])


def _order(rank: int, date: str | None, stood_on: str | None) -> Order:
    """As the store orders captures (`compare.Sighting.order`)."""
    return (date or stood_on or "", stood_on or "", rank)


def _listed(found: VersionList) -> list[tuple[Any, ...]]:
    return [
        (found.nct_id, found.source, found.presentation, place, row.number, row.date, row.status, row.modules, row.raw)
        for place, row in enumerate(found.rows, 1)
    ]
