"""Age limits in one phrase: `18 Years to 60 Years (Adult)`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_AGE = r"\d+\s+(?:Year|Month|Week|Day|Hour|Minute)s?"
_LIMITS = re.compile(
    rf"(?:(?P<min>{_AGE})\s+(?:and|or)\s+older"
    rf"|up\s+to\s+(?P<max>{_AGE})"
    rf"|(?P<from>{_AGE})\s+to\s+(?P<to>{_AGE}))?"
    r"\s*(?P<groups>\(?(?:Child|Adult|Older Adult|Senior)(?:,\s*(?:Child|Adult|Older Adult|Senior))*\)?)?",
    re.IGNORECASE | re.ASCII,
)


class AgeLimits(NamedTuple):
    """Age limits as texts; None is no limit. `groups` are labels of the registry's standard age groups."""

    minimum: str | None
    maximum: str | None
    groups: tuple[str, ...]


@lru_cache(maxsize=1 << 10)
def parse_age_limits(text: str) -> AgeLimits:
    """Read `18 Years to 60 Years (Adult)`, `18 Years and older`, `up to 17 Years`, `Child, Adult, Older
    Adult`.

    Raises ValueError otherwise.
    """
    found = _LIMITS.fullmatch(text.strip())
    if not found or not text.strip():
        raise ValueError(f"expected ages such as '18 Years to 60 Years (Adult)', found {text[:80]!r}")
    groups = re.split(r",\s*", found["groups"].strip("()")) if found["groups"] else []
    return AgeLimits(found["min"] or found["from"], found["max"] or found["to"], tuple(groups))
