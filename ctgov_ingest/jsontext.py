"""JSON to values and back, with a slower way for what the fast one refuses or bends and JSON allows.

orjson refuses half a surrogate pair (`\\ud83e` alone) and makes floats of integers over 64 bits; the standard library
keeps both as they are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import orjson

_DIGITS_TO_ZERO = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else ord(" ") for byte in range(256))
_LONG_NUMBER = b"0" * 19
"""Integers of fewer digits fit into 64 bits."""


class NotJson(ValueError):
    """Bytes that are no JSON; the message says what and where."""


def loads(data: bytes | str) -> Any:
    """Decode JSON. Raises NotJson, with line and column, when it is none; NaN and Infinity are none."""
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return _loads_slowly(data, _why(data, error))
    if _LONG_NUMBER in data.translate(_DIGITS_TO_ZERO):
        return _loads_slowly(data, "it holds a number that is too long")
    return value


def _loads_slowly(data: bytes, why: str) -> Any:
    try:
        return json.loads(data, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NotJson(why) from error


def dumps(value: Any, *, sort_keys: bool = False) -> bytes:
    """Encode compactly as UTF-8; what the fast way refuses is written in ASCII escapes."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except (orjson.JSONEncodeError, TypeError):
        return json.dumps(value, sort_keys=sort_keys, separators=(",", ":")).encode("ascii")


def value_at(node: Any, path: Sequence[str]) -> Any:
    """The value at a path of names in nested objects; None where there is no way on."""
    for name in path:
        if not isinstance(node, dict):
            return None
        node = node.get(name)
    return node


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is larger than any number that we can hold")
    return number


def _why(data: bytes, error: orjson.JSONDecodeError) -> str:
    text = data.decode("utf-8", "replace")
    what = "it is cut off" if error.pos >= len(text.rstrip()) else error.msg
    return f"{what} (line {error.lineno}, column {error.colno})"
