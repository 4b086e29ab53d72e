"""What the items of a list are called in paths: by their identity, no two alike.

An item is called as the old version has it, and one that is only in the new version as the new one has it. The name
depends on the list alone and not on its order, so that it can be found again in the old version (`apply`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from ctgov_ingest.compare.content import content
from ctgov_ingest.compare.identity import own_fields

LONGEST = 60
"""So many characters of one field stand in a label, of a longer one its head and its tail."""

TAIL = 20
"""The tail's share: long names of a kind (arms, measures) begin alike and end apart."""


def labels(
    name: str, items: Sequence[Any], taken: Collection[str] = (), fate: Callable[[int], bytes] = lambda _place: b""
) -> list[str]:
    """Name the items of the list `name`; the second of a name, and one that is taken, gets "#2" and so on.

    Items of one name are numbered by their content, and where that is the same too, by their `fate`: what becomes of
    the item at a place, if anything does.
    """
    plain = [_label(name, one) for one in items]
    if len(set(plain)) == len(plain) and not (taken and set(plain).intersection(taken)):
        return plain
    places: dict[str, list[int]] = {}
    for place, label in enumerate(plain):
        places.setdefault(label, []).append(place)
    used = {*taken, *places}
    for label, alike in sorted(places.items()):
        free = _free(label, used, is_taken=label in taken)
        order = sorted((content(items[place]), fate(place), place) for place in alike) if len(alike) > 1 else [alike]
        for *_, place in order:
            plain[place] = next(free)
    return plain


def _free(label: str, used: set[str], *, is_taken: bool) -> Iterator[str]:
    """The label, if it is not taken, and then numbered ones that nothing else is called."""
    if not is_taken:
        yield label
    for number in count(2):
        numbered = f"{label} #{number}"
        if numbered not in used:
            yield numbered


def _label(name: str, one: Any) -> str:
    if not isinstance(one, dict):
        return _text(one)
    fields = own_fields(name, one) or tuple(key for key, value in one.items() if not isinstance(value, dict | list))
    return " | ".join(_text(one[field]) for field in fields if one.get(field) is not None) or "-"


def _text(value: Any) -> str:
    """Write a value for a label."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = ", ".join(sorted(value))
    return _short(value if isinstance(value, str) else content(value).decode())


@lru_cache(maxsize=1 << 12)
def _short(text: str) -> str:
    """One line, no brackets of ours, not too long."""
    text = " ".join(text.replace("[", "(").replace("]", ")").split())
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - TAIL - 1].rstrip()}…{text[-TAIL:].lstrip()}"
