"""What runs of `sync` brought that nobody was told of yet: new studies, and changes of those that were held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.history import change_of


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell.

    `studies`: new ones, each with `nct_id`, `brief_title`, `overall_status`, `registry_date`. `changes`: as in the view
    `change_log`, in the order of studies, versions and kinds. `absences`: studies that the registry no longer shows
    (`until` None) or shows again, as in the table `absences`, with `brief_title`. `runs`: the runs that brought it.
    """

    studies: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    absences: list[dict[str, Any]]
    runs: list[int]

    def __bool__(self) -> bool:
        return bool(self.studies or self.changes or self.absences)


class NewsDesk:
    """News out of the tables, and the note that they were told."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def untold(self) -> News:
        """What the runs brought that are in no digest yet."""
        studies = self._db.all(
            "SELECT s.nct_id, s.brief_title, s.overall_status, s.last_update_posted AS registry_date "
            "FROM untold_versions JOIN studies s USING (nct_id) GROUP BY s.nct_id "
            "HAVING count(*) = (SELECT count(*) FROM versions v WHERE v.nct_id = s.nct_id) ORDER BY s.nct_id"
        )
        new = {row["nct_id"] for row in studies}
        changes = self._db.all(
            "SELECT l.* FROM untold_versions JOIN change_log l USING (nct_id, version) ORDER BY nct_id, version"
        )
        absences = self._db.all(
            "SELECT a.nct_id, s.brief_title, a.kind, a.shown_as, a.since, a.until, a.words FROM absences a "
            "LEFT JOIN studies s USING (nct_id) WHERE a.run IN untold_runs OR a.ended_run IN untold_runs "
            "ORDER BY a.nct_id, a.id"
        )
        return News(
            list(map(dict, studies)),
            [change_of(row) for row in changes if row["nct_id"] not in new],
            list(map(dict, absences)),
            [row["id"] for row in self._db.all("SELECT id FROM untold_runs")],
        )

    def tell(self, news: News) -> None:
        """Note that news are told."""
        with self._db.transaction():
            self._db.executemany("UPDATE runs SET told = 1 WHERE id = ?", [(run,) for run in news.runs])
