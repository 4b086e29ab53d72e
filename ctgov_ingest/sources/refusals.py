"""Pages that are no record: recognised and named, so that none becomes an empty study."""

from __future__ import annotations

import re

from ctgov_ingest.errors import Refused

_REFUSALS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"Invalid URL Path|An Error Has Occurred", re.IGNORECASE),
        "an error page of the registry, not a study",
    ),
    (
        re.compile(r"<ctg-root|<ctg-study-details|<app-root|ctg-layout", re.IGNORECASE),
        "a page of the site of 2023 and later, whose content is built in the browser: save the record from the API",
    ),
    (
        re.compile(r"down for maintenance|scheduled maintenance|temporarily unavailable", re.IGNORECASE),
        "a maintenance notice, not a study",
    ),
    (
        re.compile(
            r"captcha|challenge-platform|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|"
            r"access denied|unusual traffic",
            re.IGNORECASE,
        ),
        "a challenge to robots, not a study",
    ),
    (
        re.compile(r"type=[\"']password[\"']|<form[^>]{0,300}login", re.IGNORECASE),
        "a login page, not a study",
    ),
)


def refusal(text: str) -> Refused | None:
    """The refusal that a page is by its marks, or None. Asked only where no source recognises a page."""
    for mark, what in _REFUSALS:
        if found := mark.search(text):
            return Refused(f"expected a study, found {what}", place=f"character {found.start()}")
    return None
