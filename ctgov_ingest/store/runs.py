"""The log of runs: each run of the program that wrote, how it went, what it cost, and what it could not read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.errors import SourceError
from ctgov_ingest.store.database import Connection


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended.

    `exit_code`: None where the run came to its end: then it is 0, or says that some records failed. `dataset`: the
    registry's data set that it has seen whole, where it has. `requests`: sent. `bytes`: received, as they came over the
    wire. `note`: why it ended before its end.
    """

    exit_code: int | None = None
    dataset: str | None = None
    requests: int | None = None
    bytes: int | None = None
    note: str | None = None


DONE = Ending()
"""It came to its end, and asked nothing of the registry."""


class Runs:
    """Runs in and out of their tables. All writing happens inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def begin(self, command: str, now: str) -> int:
        """Note that a run begins; gives its number."""
        return self._db.insert("runs", {"command": command, "started": now, "pid": os.getpid()})

    def end(
        self, run: int, now: str, counts: Mapping[str, int], failures: Iterable[tuple[str, str, str]], ending: Ending
    ) -> None:
        """Note how a run went: its counts, and source, code and message of each record that failed."""
        rows = [(run, *failure) for failure in failures]
        usual = SourceError.exit_code if rows else 0
        self._db.execute(
            "UPDATE runs SET ended = ?, counts = ?, exit_code = ?, dataset = ?, requests = ?, bytes = ?, note = ? "
            "WHERE id = ?",
            (
                now,
                jsontext.dumps(dict(counts)).decode(),
                usual if ending.exit_code is None else ending.exit_code,
                ending.dataset,
                ending.requests,
                ending.bytes,
                ending.note,
                run,
            ),
        )
        self._db.executemany(
            "INSERT INTO failures (run, source, code, message) VALUES (?, ?, ?, ?)",
            rows,
        )

    def latest(self, number: int) -> list[dict[str, Any]]:
        """The last runs, the latest first, each with what it could not read."""
        rows = self._db.all("SELECT * FROM run_log ORDER BY id DESC LIMIT ?", (number,))
        return [self._with_failures(dict(row)) for row in rows]

    def _with_failures(self, run: dict[str, Any]) -> dict[str, Any]:
        failures = self._db.all("SELECT source, code, message FROM failures WHERE run = ? ORDER BY id", (run["id"],))
        counts = None if run["counts"] is None else jsontext.loads(run["counts"])
        return {**run, "counts": counts, "failures": [dict(one) for one in failures]}

    def changed_since(self, command: str) -> int:
        """How many changed studies the runs of a command have counted since one of them saw all of a data set."""
        row = self._db.one(
            "SELECT sum(json_extract(counts, '$.changed')) AS n FROM runs WHERE command = ? AND id > "
            "(SELECT coalesce(max(id), 0) FROM runs WHERE command = ? AND dataset IS NOT NULL)",
            (command, command),
        )
        return row["n"] or 0 if row else 0

    def open(self) -> dict[str, Any] | None:
        """The latest run that has not ended: it is still at work, or was killed."""
        row = self._db.one("SELECT id, command, started, pid FROM runs WHERE ended IS NULL ORDER BY id DESC LIMIT 1")
        return None if row is None else dict(row)
