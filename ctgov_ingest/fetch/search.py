"""What to ask the registry for: ids, queries, statuses; as parameters, as JSON for a store, in words for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from ctgov_ingest.errors import WrongSetting

IDS_AT_ONCE = 400
"""So many ids go into one address: it stays under 8,000 characters, which servers and proxies take."""

_ID = r"[Nn][Cc][Tt]0*[1-9][0-9]{0,7}"
_ONLY_IDS = re.compile(rf"[\s,]*{_ID}(?:[\s,]+{_ID})*[\s,]*")

_QUERIES = ("cond", "term", "locn", "titles", "intr", "outc", "spons", "lead", "id", "patient")


def nct_id_of(text: str) -> str:
    """An NCT id in the registry's form. Raises WrongSetting for what is none."""
    if not re.fullmatch(_ID, text.strip()):
        raise WrongSetting(f"expected an NCT id such as NCT01364246, found {text!r}")
    return f"NCT{int(text.strip()[3:]):08d}"


@dataclass(frozen=True, slots=True)
class Search:
    """All fields are optional; none set means the whole registry. Queries are Essie expressions.

    Raises WrongSetting where the registry would silently answer something else.
    """

    ids: tuple[str, ...] = ()
    cond: str | None = None
    """Condition or disease."""
    term: str | None = None
    """Other terms."""
    locn: str | None = None
    """Location."""
    titles: str | None = None
    """Title or acronym."""
    intr: str | None = None
    """Intervention or treatment."""
    outc: str | None = None
    """Outcome measure."""
    spons: str | None = None
    """Sponsor or collaborator."""
    lead: str | None = None
    """Lead sponsor."""
    id: str | None = None
    """Study ids of any kind."""
    patient: str | None = None
    """What concerns a patient."""
    statuses: tuple[str, ...] = ()
    """Overall statuses, such as RECRUITING."""
    advanced: str | None = None
    """An Essie expression that filters, such as AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", tuple(dict.fromkeys(map(nct_id_of, self.ids))))
        for one in self.statuses:
            if not re.fullmatch(r"[A-Z_]+", one):
                raise WrongSetting(f"expected a status such as RECRUITING, found {one!r}")
        for name in (*_QUERIES, "advanced"):
            if (text := getattr(self, name)) is not None and not text.strip():
                raise WrongSetting(f"expected an expression to search for in {name}, found none")
        if (self.ids or self.statuses or self.advanced) and (query := self._query_of_ids()):
            raise WrongSetting(
                f"expected no filter beside a query of NCT ids alone ({query}): the registry would ignore the filter; "
                "give the ids as ids"
            )

    def _query_of_ids(self) -> str | None:
        return next((name for name in _QUERIES if _ONLY_IDS.fullmatch(getattr(self, name) or "")), None)

    def params(self) -> dict[str, str]:
        """The parameters of API v2."""
        queries = {f"query.{name}": getattr(self, name) for name in _QUERIES}
        filters = {
            "filter.ids": "|".join(self.ids),
            "filter.overallStatus": "|".join(self.statuses),
            "filter.advanced": self.advanced,
        }
        return {name: text for name, text in (queries | filters).items() if text}

    def parts(self) -> Iterator[Search]:
        """The searches that together ask for the same, each with no more ids than go into one address."""
        if not self.ids:
            yield self
        for start in range(0, len(self.ids), IDS_AT_ONCE):
            yield replace(self, ids=self.ids[start : start + IDS_AT_ONCE])

    def as_json(self) -> dict[str, Any]:
        """What is set, by name."""
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The search that `as_json` told. Raises WrongSetting for names that are none."""
        if strange := sorted(set(data) - {one.name for one in fields(cls)}):
            raise WrongSetting(f"expected the fields of a search, found {', '.join(strange)}")
        lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
        values: dict[str, Any] = {**data, **lists}
        return cls(**values)

    def __str__(self) -> str:
        said = [f"{name} {value}" for name, value in self.as_json().items() if isinstance(value, str)]
        lists = [_several(what, values) for what, values in (("ids", self.ids), ("status", self.statuses)) if values]
        return "; ".join([*lists, *said]) or "the whole registry"


def _several(what: str, values: tuple[str, ...]) -> str:
    more = f" and {len(values) - 3:,} more" if len(values) > 3 else ""
    return f"{what} {', '.join(values[:3])}{more}"
