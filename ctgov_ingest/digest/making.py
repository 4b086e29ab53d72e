"""News and the report of a run to a digest. Pure: the moment is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from ctgov_ingest.digest.lines import lines_of
from ctgov_ingest.digest.model import Digest, Failed, Group, Line, RunReport, StudyNews
from ctgov_ingest.digest.topics import TOPICS
from ctgov_ingest.store.news import News
from ctgov_ingest.wording import one_line

Found = dict[str, list[StudyNews]]
"""Studies under their topic."""


def digest(news: News, run: RunReport, *, now: datetime) -> Digest:
    """What the news and the run come to, the most telling first; `now` has its zone."""
    found: Found = defaultdict(list)
    _changes(news.changes, found)
    _absences(news.absences, found)
    found["new"] = [_study(one, None, ()) for one in news.studies]
    unnamed = max(0, news.new - len(news.studies))
    return Digest(
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        since=min((row["seen_at"] for row in news.changes), default=None),
        counts=_counts(news, found, unnamed),
        groups=tuple(
            Group(key, topic.title, topic.kind, tuple(found[key]), unnamed if key == "new" else 0)
            for key, topic in TOPICS.items()
            if found[key]
        ),
        run=_plain_report(run),
    )


def _counts(news: News, found: Found, unnamed: int) -> dict[str, int]:
    changed = len({row["nct_id"] for row in news.changes})
    counted = {key: len(found[key]) for key in ("unknown", "new", "gone", "alias", "back")}
    counted["new"] += unnamed
    return {name: number for name, number in {"changed": changed, **counted}.items() if number}


def _changes(rows: Iterable[dict[str, Any]], found: Found) -> None:
    for _nct_id, of_study in groupby(rows, key=itemgetter("nct_id")):
        changes = list(of_study)
        topics: dict[str, list[Line]] = defaultdict(list)
        for _version, some in groupby(changes, key=itemgetter("version")):
            for topic, line in lines_of(some):
                topics[topic].append(line)
        last = changes[-1]
        for topic, lines in topics.items():
            found[topic].append(_study(last, last["seen_at"], tuple(lines)))


def _absences(rows: Iterable[dict[str, Any]], found: Found) -> None:
    """What the registry shows no longer, under another id, or again: of each study what holds now."""
    for _nct_id, of_study in groupby(rows, key=itemgetter("nct_id")):
        last = list(of_study)[-1]
        topic = "back" if last["until"] else last["kind"]
        found[topic].append(_study(last, last["until"] or last["since"], (_absence(topic, last),)))


def _absence(topic: str, row: dict[str, Any]) -> Line:
    told = {
        "gone": (f"since {row['since']}, the registry answers", row["words"]),
        "alias": (f"since {row['since']}, shown as", row["shown_as"]),
        "back": (f"not shown from {row['since']} to {row['until']}", ""),
    }
    op: Literal["added", "removed"] = "added" if topic == "back" else "removed"
    return Line(told[topic][0], op, "", one_line(told[topic][1]), None, "")


def _study(row: dict[str, Any], seen: str | None, lines: tuple[Line, ...]) -> StudyNews:
    title, status = (one_line(row.get(name) or "") for name in ("brief_title", "overall_status"))
    return StudyNews(row["nct_id"], title, status, seen, lines)


def _plain_report(run: RunReport) -> RunReport:
    failures = tuple(Failed(*map(one_line, one)) for one in run.failures)
    return replace(run, failures=failures, note=None if run.note is None else one_line(run.note))
