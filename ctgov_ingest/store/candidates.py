"""The studies of which something may be due by a day, told by columns, so that few documents need be read.

Each clause lets through all that the rules of `due` may name, and more: they decide. Texts of dates are compared as
texts; a month sorts before its days. What no column tells is looked for in the JSON, as it is written there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from ctgov_ingest import jsontext
from ctgov_ingest.store.database import Connection

_OPEN: Final = "'RECRUITING', 'NOT_YET_RECRUITING', 'ACTIVE_NOT_RECRUITING', 'ENROLLING_BY_INVITATION'"

_CLAUSES: Final = {
    "unknown": f"""overall_status IN ({_OPEN}) AND substr(status_verified, 1, 7) <= ?1
        AND coalesce(completion_date, primary_completion_date, '') <= ?4""",
    "results": """study_type = 'INTERVENTIONAL' AND overall_status <> 'WITHDRAWN' AND coalesce(has_results, 0) = 0
        AND coalesce(primary_completion_date, completion_date) BETWEEN '2017' AND ?2
        AND (instr(study, '"isFdaRegulatedDrug":true') OR instr(study, '"isFdaRegulatedDevice":true')
             OR start_date < '2017-01-18' AND NOT instr(study, '"isFdaRegulated'))""",
    "completion": f"""overall_status IN ({_OPEN}, 'SUSPENDED')
        AND (primary_completion_date <= ?3
             AND coalesce(last_update_posted, '') <= primary_completion_date || '-99'
          OR completion_date <= ?3 AND coalesce(last_update_posted, '') <= completion_date || '-99')""",
}
"""By kind; ?1 is the month two years before the day, ?2 a year before it, ?3 thirty days, ?4 the day itself. `-99`
behind a month stands after all its days."""

_SQL: Final = """
    SELECT nct_id, brief_title, last_seen, study FROM studies WHERE ({clause})
    AND (?5 IS NULL OR nct_id IN (SELECT value FROM json_each(?5)))
    AND NOT EXISTS (SELECT 1 FROM absences a WHERE a.nct_id = studies.nct_id AND a.until IS NULL)
    ORDER BY nct_id
"""


class Candidate(NamedTuple):
    """A study: its title, the day on which it was last seen, and the document of its latest version."""

    nct_id: str
    brief_title: str | None
    last_seen: str
    document: dict[str, Any]


def candidates(
    connection: Connection, kind: str, until: date, nct_ids: frozenset[str] | None = None
) -> Iterator[Candidate]:
    """The studies of which something of a kind may be due until a day, of all or of some; none that are not shown."""
    days = (
        f"{until.year - 2:04d}-{until.month:02d}",
        (until - timedelta(days=365)).isoformat(),
        (until - timedelta(days=30)).isoformat(),
        until.isoformat(),
    )
    asked = None if nct_ids is None else jsontext.dumps(sorted(nct_ids)).decode()
    for row in connection.rows(_SQL.format(clause=_CLAUSES[kind]), (*days, asked)):
        yield Candidate(row["nct_id"], row["brief_title"], row["last_seen"], jsontext.loads(row["study"]))
