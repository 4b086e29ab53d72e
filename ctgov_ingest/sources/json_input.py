"""JSON from outside: decoded within a limit of depth, and described in words where it is not what was expected."""

from __future__ import annotations

import json
import re
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.errors import Damaged, TooLarge

MAX_DEPTH = 100
"""The deepest nesting that is read. The model nests 12 deep."""


def decode(data: bytes) -> Any:
    """Decode JSON. Raises Damaged where it is none or ends early, TooLarge where it is nested too deep."""
    document = loads(data)
    require_shallow(document)
    return document


def loads(data: bytes) -> Any:
    """The same without a limit of depth, for what is known not to be deep."""
    try:
        return jsontext.loads(data)
    except jsontext.NotJson as error:
        raise _deep() if _nests_deep(data) else Damaged(f"expected JSON to its end: {error}") from error


def require_shallow(document: Any) -> None:
    """Raises TooLarge where a value is nested too deep."""
    if not _fits(document):
        raise _deep()


def _deep() -> TooLarge:
    return TooLarge(f"expected JSON nested at most {MAX_DEPTH} deep, found it deeper")


def _fits(document: Any) -> bool:
    """Whether a document is nested no deeper than the limit; no recursion."""
    level = [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                below += node.values()
            elif isinstance(node, list):
                below += node
        level = [node for node in below if isinstance(node, dict | list)]
        if not level:
            return True
    return False


def _nests_deep(data: bytes) -> bool:
    """Whether more brackets open than close somewhere by over the limit: why a decoder gave up."""
    depth = 0
    for bracket in re.findall(rb"[\[\]{}]", re.sub(rb'"(?:[^"\\]|\\.)*"', b"", data)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


_KINDS: dict[type, str] = {
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def shape(document: Any) -> str:
    """What a JSON value is, in words."""
    if isinstance(document, dict):
        keys = ", ".join(short(key, 40) for key in sorted(document)[:8])
        return f"an object with the keys {keys}" if keys else "an empty object"
    return _KINDS[type(document)]


def short(value: Any, limit: int = 300) -> str:
    """A value as text of a bearable length, in characters that UTF-8 has."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text[:limit].encode("utf-8", "backslashreplace").decode("utf-8") if text else text
    return text if len(text) < limit else text[: limit - 1] + "…"
