"""Contacts and addresses as pages write them in one line, to their parts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")
_PHONE = re.compile(
    r"(?:^|(?<=\s))(?P<phone>\(?\+?\(?\d[\d\s().+/-]{4,40}?)(?:\s?(?:ext\.?|x)\s?:?\s?(?P<ext>[\w-]{1,20}))?$",
    re.IGNORECASE,
)
_LONGEST_PHONE = 80
"""No telephone number with its extension is longer: only so much of a text's end is searched for one."""


class ContactLine(NamedTuple):
    """A contact in one line; what is not there is None."""

    name: str | None
    phone: str | None
    extension: str | None
    email: str | None


def split_contact(text: str) -> ContactLine:
    """`Jane Roe, MD 555-0100 ext 12 jane@example.org` to its parts, read from the right."""
    rest, email = _take_email(" ".join(text.split()))
    start = max(0, len(rest) - _LONGEST_PHONE)
    found = _PHONE.search(rest[start:])
    name = rest[: start + found.start()] if found else rest
    return ContactLine(
        name=name.strip(" ,;") or None,
        phone=found["phone"].strip() if found else None,
        extension=found["ext"] if found else None,
        email=email,
    )


def _take_email(text: str) -> tuple[str, str | None]:
    head, _space, last = text.rpartition(" ")
    return (head, last) if _EMAIL.fullmatch(last) else (text, None)


class Address(NamedTuple):
    """Where a site is; what is not there is None."""

    city: str | None
    state: str | None
    zip: str | None
    country: str


_MOST_PARTS = 12
"""No heading of country and state has more commas than this: what has more is no heading."""


@lru_cache(maxsize=1 << 10)
def split_address(text: str, group: str) -> Address | None:
    """`Nanjing, Jiangsu, China, 210008` by its group heading `China, Jiangsu`; None when the two do not fit.

    Countries may hold commas (`Korea, Republic of`), so the heading's parts are tried as country and state
    until the address holds state and country side by side. Remembered: rows are told apart by trying it.
    """
    heads, parts = _parts(group), _parts(text)
    if len(heads) > _MOST_PARTS:
        return None
    for cut in range(len(heads), 0, -1):
        run = heads[cut:] + heads[:cut]
        for at in range(len(parts) - len(run), -1, -1):
            if parts[at : at + len(run)] == run:
                return Address(
                    city=", ".join(parts[:at]) or None,
                    state=", ".join(heads[cut:]) or None,
                    zip=", ".join(parts[at + len(run) :]) or None,
                    country=", ".join(heads[:cut]),
                )
    return None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
