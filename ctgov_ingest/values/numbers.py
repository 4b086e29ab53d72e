"""Counts, numbers and yes or no, as the registry's pages and files write them."""

from __future__ import annotations

import re

_COUNT = re.compile(r"(\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\s+(?:participants?|patients?|subjects?|units?))?", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d{1,18}(?:\.\d{1,18})?", re.ASCII)
_ANSWERS = {
    "yes": True,
    "no": False,
    "true": True,
    "false": False,
    "y": True,
    "n": False,
    "accepts healthy volunteers": True,  # the classic API, legacy XML
}


def parse_count(text: str) -> int:
    """Read `20 participants`, `1,234`, `20`. Raises ValueError otherwise."""
    found = _COUNT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"expected a count such as '20 participants', found {text[:80]!r}")
    return int(found[1].replace(",", ""))


def parse_number(text: str) -> float:
    """Read `3`, `-3.25`. Raises ValueError otherwise."""
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"expected a number such as 3.25, found {text[:80]!r}")
    return float(text)


def parse_yes_no(text: str) -> bool:
    """Read `Yes` or `No`. Raises ValueError otherwise."""
    answer = _ANSWERS.get(text.strip().casefold())
    if answer is None:
        raise ValueError(f"expected Yes or No, found {text[:80]!r}")
    return answer
