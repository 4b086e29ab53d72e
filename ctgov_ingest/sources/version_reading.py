"""The last step that all pages of one version share: a record with its id to a reading."""

from __future__ import annotations

from functools import lru_cache

from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.sources.normalize import normalize
from ctgov_ingest.sources.pages import check_id, title_issue, title_may_hold_acronym
from ctgov_ingest.sources.reading import Reading
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.sources.study_header import ACRONYM, TITLE
from ctgov_ingest.sources.study_pieces import without


def reading(
    presentation: str,
    reader: str,
    record: RawRecord,
    carried: frozenset[str],
    page: tuple[bytes, str, str],
    *,
    version: int | None = None,
    registry_date: str | None = None,
    acronym_in_title: bool = False,
) -> Reading:
    """Build the reading of a page, which is its bytes, its encoding and its source."""
    data, encoding, source = page
    check_id(record)
    if encoding != "utf-8":
        record.issue("encoding", f"not UTF-8: read as {encoding}", place="the whole page")
    document, unparsed = normalize(record)
    issues = [*record.issues, *unparsed]
    title = record.text(TITLE)
    if acronym_in_title and title_may_hold_acronym(title):
        record.hide(TITLE, ACRONYM)
        issues.append(title_issue(title))
    return Reading(
        presentation,
        reader,
        source,
        data,
        document,
        _carried(carried, frozenset(record.hidden)),
        tuple(record.unread),
        tuple(issues),
        version=version,
        registry_date=registry_date,
    )


@lru_cache(maxsize=64)
def _carried(paths: frozenset[str], hidden: frozenset[str]) -> Carried:
    """What pages of a kind show, less what this one hides: few combinations, met again and again."""
    return Carried.of(without(paths, hidden))
