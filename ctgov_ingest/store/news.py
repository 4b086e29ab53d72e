"""What runs of `sync` brought that nobody was told of yet: new studies, and changes of those that were held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.history import change_of

MOST_NEW = 1_000
"""Of so many new studies there is something to read; the first run over the whole registry brings 600,000."""

# The studies of which nothing was held before.
_NEW = (
    "SELECT u.nct_id FROM untold_versions u GROUP BY u.nct_id "
    "HAVING count(*) = (SELECT count(*) FROM versions v WHERE v.nct_id = u.nct_id)"
)
_NAMED = (
    "SELECT s.nct_id, s.brief_title, s.overall_status, s.last_update_posted AS registry_date "  # noqa: S608  # our own
    f"FROM ({_NEW}) JOIN studies s USING (nct_id) ORDER BY s.nct_id LIMIT {MOST_NEW}"
)
_COUNT = f"SELECT count(*) AS n FROM ({_NEW})"  # noqa: S608  # our own
_CHANGES = (
    "SELECT l.* FROM untold_versions JOIN change_log l USING (nct_id, version) "  # noqa: S608  # our own
    f"WHERE nct_id NOT IN ({_NEW}) ORDER BY nct_id, version"
)


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell.

    `studies`: new ones, each with `nct_id`, `brief_title`, `overall_status`, `registry_date`, MOST_NEW at most; `new`:
    how many there are. `changes`: as in the view `change_log`, in the order of studies, versions and kinds. `absences`:
    studies that the registry no longer shows (`until` None) or shows again, as in the table `absences`, with
    `brief_title`. `runs`: the runs that brought it.
    """

    studies: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    absences: list[dict[str, Any]]
    runs: list[int]
    new: int = 0

    def __bool__(self) -> bool:
        return bool(self.studies or self.changes or self.absences)


class NewsDesk:
    """News out of the tables, and the note that they were told."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def untold(self) -> News:
        """What the runs brought that are in no digest yet."""
        (new,) = self._db.all(_COUNT)
        absences = self._db.all(
            "SELECT a.nct_id, s.brief_title, a.kind, a.shown_as, a.since, a.until, a.words FROM absences a "
            "LEFT JOIN studies s USING (nct_id) WHERE a.run IN untold_runs OR a.ended_run IN untold_runs "
            "ORDER BY a.nct_id, a.id"
        )
        return News(
            list(map(dict, self._db.all(_NAMED))),
            list(map(change_of, self._db.all(_CHANGES))),
            list(map(dict, absences)),
            [row["id"] for row in self._db.all("SELECT id FROM untold_runs")],
            new["n"],
        )

    def tell(self, news: News) -> None:
        """Note that news are told."""
        with self._db.transaction():
            self._db.executemany("UPDATE runs SET told = 1 WHERE id = ?", [(run,) for run in news.runs])
