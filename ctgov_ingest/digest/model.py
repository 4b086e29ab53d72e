"""What a digest is: groups of studies, the most telling first, with their changes in words; and how the run went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ctgov_ingest.compare.changes import Op
from ctgov_ingest.compare.kinds import By, Kind

STUDY_URL = "https://clinicaltrials.gov/study/"
"""A study's page is here, under its id."""


class Failed(NamedTuple):
    """What could not be read or fetched, with a stable word for the reason, and the reason in words."""

    source: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """How the run went that made the digest.

    `counts` as the log of runs gives them; `dataset`: the registry's data set that was seen whole, if one was;
    `requests` sent, `bytes` received; `note`: why the run ended before its end.
    """

    counts: Mapping[str, int]
    failures: tuple[Failed, ...] = ()
    dataset: str | None = None
    requests: int | None = None
    bytes: int | None = None
    exit_code: int = 0
    note: str | None = None

    @classmethod
    def of_log(cls, run: Mapping[str, Any]) -> RunReport:
        """The report of an ended run, as `Store.runs` gives it."""
        failures = tuple(Failed(one["source"], one["code"], one["message"]) for one in run["failures"])
        costs = {name: run[name] for name in ("dataset", "requests", "bytes", "note")}
        return cls(counts=run["counts"] or {}, failures=failures, exit_code=run["exit_code"] or 0, **costs)

    @property
    def went_wrong(self) -> bool:
        """Whether there is something to tell even where nothing changed."""
        return bool(self.failures or self.exit_code or self.note)


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words, or `count` changes that are alike.

    `what` is empty where the values speak for themselves (a status). `old` and `new` are single lines, cut where they
    are long; "" is nothing there, or too many to name. `path` is the change's, and that of the list's field where there
    are several. `by` is None of what is no change of a record (a study that is gone).
    """

    what: str
    op: Op
    old: str
    new: str
    by: By | None
    path: str
    note: str = ""
    count: int = 1

    @property
    def values(self) -> str:
        """`old → new`, or what is there of it."""
        return f"{self.old} → {self.new}" if self.old and self.new else self.new or self.old

    @property
    def after(self) -> str:
        """What follows the values: the note, and who did it where it was not the sponsor."""
        return "".join(f", {one}" for one in (self.note, "by the registry" if self.by == "registry" else "") if one)

    def __str__(self) -> str:
        return (f"{self.what}: {self.values}" if self.what and self.values else self.what or self.values) + self.after


@dataclass(frozen=True, slots=True)
class StudyNews:
    """A study in a group. `seen`: the day on which the latest of it was seen; None for a study that is new."""

    nct_id: str
    title: str
    status: str
    seen: str | None
    lines: tuple[Line, ...]

    @property
    def url(self) -> str:
        """Its page at the registry."""
        return STUDY_URL + self.nct_id


@dataclass(frozen=True, slots=True)
class Group:
    """Studies of which the same is to be told. `kind` is what `changes --kind` calls it, where it does.

    `unnamed`: how many there are beside those that are named.
    """

    key: str
    title: str
    kind: Kind | None
    studies: tuple[StudyNews, ...]
    unnamed: int = 0

    def __len__(self) -> int:
        return len(self.studies) + self.unnamed


@dataclass(frozen=True, slots=True)
class Digest:
    """What changed, and how the run went. False where there is nothing to tell: nothing changed and nothing failed.

    `made_at`: when it was made (ISO, UTC). `since`: the earliest day on which one of its changes was seen. `counts`:
    of studies, `changed`, `unknown` (turned UNKNOWN), `new`, `gone`, `alias` (shown under another id), `back`; those
    that are none are left out.
    """

    made_at: str
    since: str | None
    counts: Mapping[str, int]
    groups: tuple[Group, ...]
    run: RunReport

    def __bool__(self) -> bool:
        return bool(self.groups) or self.run.went_wrong

    @property
    def headline(self) -> str:
        """The counts in a line, fit for the subject of a mail."""
        parts = [_COUNTED[name](self.counts[name]) for name in _COUNTED if self.counts.get(name)]
        if not parts:
            parts = ["nothing changed"]
        if self.run.failures:
            parts.append(f"{len(self.run.failures):,} failed")
        elif self.run.went_wrong:
            parts.append("the run did not end well")
        return ", ".join(parts)

    def rest(self, group: Group) -> str:
        """How to see all of a group."""
        if group.kind is None:
            return "all are in the store" if group.key == "new" else "all are in --json"
        return f"ctgov-ingest changes --since {self.since} --kind {group.kind}"

    def rest_of(self, study: StudyNews) -> str:
        """How to see all that changed of a study."""
        return f"ctgov-ingest changes --since {self.since} --nct {study.nct_id}"


def _studies(number: int) -> str:
    return f"{number:,} {'study' if number == 1 else 'studies'}"


_COUNTED = {
    "unknown": lambda number: f"{_studies(number)} turned UNKNOWN",
    "changed": lambda number: f"{_studies(number)} changed",
    "new": lambda number: f"{number:,} new",
    "gone": lambda number: f"{number:,} gone",
    "alias": lambda number: f"{number:,} under another id",
    "back": lambda number: f"{number:,} back",
}
