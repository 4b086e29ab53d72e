"""What the tests of the store share: records of our own making, a clock that stands, and the rows of a store."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
NCT = "NCT09900001"

Json = dict[str, Any]


def noon() -> datetime:
    """A clock that stands."""
    return datetime(2026, 5, 1, 12, tzinfo=UTC)


class Days:
    """A clock that is a day later each time that it is set on."""

    def __init__(self) -> None:
        self.now = noon()

    def __call__(self) -> datetime:
        return self.now

    def next(self) -> None:
        """Set it on by a day."""
        self.now += timedelta(days=1)


def record(
    day: str | None = "2026-02-02",
    *,
    nct_id: str = NCT,
    status: str = "RECRUITING",
    updated: str | None = "2025-06-01",
    title: str = "A study of sleep",
    **more: Any,
) -> Json:
    """A record of API v2, as the data set of a day holds it."""
    dates = {"lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"}} if updated else {}
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct_id, "briefTitle": title},
            "statusModule": {"overallStatus": status, **dates},
            **more,
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": day}} if day else {},
        "hasResults": False,
    }


def write(folder: Path, name: str, *records: Json | str) -> Path:
    """A file of one record, or of several as JSON Lines."""
    path = folder / name
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in records), encoding="utf-8")
    return path


def demo() -> list[Path]:
    """The life of one study in five files."""
    found = sorted(path for path in (FIXTURES / "demo").iterdir() if not path.name.endswith(".expected.json"))
    assert len(found) == 5
    return found


_SAME_IN_ANY_ORDER = {
    "versions": "nct_id, version, registry_date, stood_from, first_seen, last_seen, presentation, content_hash, "
    "overall_status, kinds",
    "changes": "nct_id, version, registry_date, seen_at, path, op, old, new, kind, by",
    "studies": "*",
}


def history(store: Path) -> dict[str, list[Any]]:
    """The rows that must not depend on the order in which captures came."""
    with closing(sqlite3.connect(store)) as db:
        return {
            table: sorted(db.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
            for table, columns in _SAME_IN_ANY_ORDER.items()
        }


def everything(store: Path) -> dict[str, list[Any]]:
    """All rows of a store but those of its runs; rows that are written anew may have other numbers."""
    unnumbered = ("changes", "issues")
    with closing(sqlite3.connect(store)) as db:
        found = {}
        for table in ("captures", "versions", "studies", "carried", "sightings", "deliveries", *unnumbered):
            rows = db.execute(f"SELECT * FROM {table}").fetchall()
            found[table] = sorted((row[1:] if table in unnumbered else row for row in rows), key=repr)
        return found


def ask(store: Path, sql: str, *values: Any) -> list[Any]:
    """The answer of a store to a question in SQL, as any program gets it."""
    with closing(sqlite3.connect(store)) as db:
        return db.execute(sql, values).fetchall()


def tell(store: Path, sql: str, *values: Any) -> None:
    """Change a store behind its back."""
    with closing(sqlite3.connect(store)) as db, db:
        db.execute(sql, values)
