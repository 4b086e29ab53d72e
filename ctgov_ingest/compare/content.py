"""What two values have in common when the order of lists means nothing: the content.

Two values have the same content if they differ only in the order of lists and in what stands for nothing: an absent
member, null, `{}` and `[]` are the same, and so is a null in a list. Numbers are compared as Python compares them.
"""

from __future__ import annotations

from typing import Any

from ctgov_ingest.compare.fingerprint import canonical


def content(value: Any) -> bytes:
    """Write `value` so that values of the same content come out equal, and others do not."""
    return canonical(_settled(value))


def same_content(one: Any, other: Any) -> bool:
    """Say whether both have the same content."""
    return bool(one == other) or content(one) == content(other)


def is_nothing(value: Any) -> bool:
    """Say whether a value stands for nothing."""
    if isinstance(value, dict):
        return all(map(is_nothing, value.values()))
    if isinstance(value, list):
        return all(item is None for item in value)
    return value is None


def something(value: Any) -> Any:
    """Give a value, None for one that stands for nothing."""
    return None if is_nothing(value) else value


def _settled(value: Any) -> Any:
    """Leave out what is nothing, and put every list within `value` in the order of its items' content."""
    if isinstance(value, dict):
        return {key: _settled(item) for key, item in value.items() if not is_nothing(item)}
    if isinstance(value, list):
        return sorted((_settled(item) for item in value if item is not None), key=canonical)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
