"""Counts, numbers and yes or no, as the registry's pages write them."""

from __future__ import annotations

import re

_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\s+(?:participants?|patients?|subjects?|units?))?", re.ASCII)
_ANSWERS = {"yes": True, "no": False, "true": True, "false": False, "y": True, "n": False}


def parse_count(text: str) -> int:
    """Read `20 participants`, `1,234`, `20`. Raises ValueError otherwise."""
    found = _COUNT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"expected a count such as '20 participants', found {text!r}")
    return int(found[1].replace(",", ""))


def parse_yes_no(text: str) -> bool:
    """Read `Yes` or `No`. Raises ValueError otherwise."""
    answer = _ANSWERS.get(text.strip().casefold())
    if answer is None:
        raise ValueError(f"expected Yes or No, found {text!r}")
    return answer
