"""JSON to values and back, with a slower way for what the fast one refuses and JSON allows.

orjson refuses half a surrogate pair (`\\ud83e` alone) and integers over 64 bits; the standard library takes both. Which
way was gone is told, so that it can be noted.
"""

from __future__ import annotations

import json
from typing import Any

import orjson


class NotJson(ValueError):
    """Bytes that are no JSON; the message says what and where."""


def loads(data: bytes | str) -> Any:
    """Decode JSON. Raises NotJson, with line and column, when it is none; NaN and Infinity are none."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(data, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise NotJson(_why(data, error)) from error


def dumps(value: Any, *, sort_keys: bool = False) -> bytes:
    """Encode compactly as UTF-8; what the fast way refuses is written in ASCII escapes."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except (orjson.JSONEncodeError, TypeError):
        return json.dumps(value, sort_keys=sort_keys, separators=(",", ":")).encode("ascii")


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _why(data: bytes | str, error: orjson.JSONDecodeError) -> str:
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    what = "it is cut off" if error.pos >= len(text.rstrip()) else error.msg
    return f"{what} (line {error.lineno}, column {error.colno})"
