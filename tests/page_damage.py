"""Pages as accidents leave them: a tag lost or doubled, bytes flipped, a page cut off; and what they still say."""

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

_TAG = re.compile(r"<[^<>!]{1,400}>")


def tags(text: str) -> list[re.Match[str]]:
    """The tags of the page's content."""
    return list(_TAG.finditer(text, text.index("main-content")))


def without(text: str, tag: re.Match[str]) -> str:
    """The page with a tag lost."""
    return text[: tag.start()] + text[tag.end() :]


def doubled(text: str, tag: re.Match[str]) -> str:
    """The page with a tag twice."""
    return text[: tag.end()] + tag[0] + text[tag.end() :]


def facts(document: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What a document says: paths without positions, each with a value."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from facts(value, f"{path}.{name}".lstrip("."))
    elif isinstance(document, list):
        for value in document:
            yield from facts(value, path)
    else:
        yield path, str(document)


def misplaced(whole: set[tuple[str, str]], damaged: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Facts of a damaged page that the whole page says at another path, or closed values that it never says."""
    values = {value for _path, value in whole}
    closed = re.compile(r"[A-Z][A-Z_0-9]+|True|False|[\d-]+")
    return {(path, value) for path, value in damaged - whole if value in values or closed.fullmatch(value)}


damage = st.lists(
    st.tuples(
        st.sampled_from(["cut", "flip", "drop", "double"]), st.floats(0, 1, exclude_max=True), st.integers(1, 255)
    ),
    min_size=1,
    max_size=6,
)
"""Several accidents, each somewhere on the page."""


def apply(data: bytes, accidents: list[tuple[str, float, int]]) -> bytes:
    """The bytes after the accidents."""
    for kind, where, number in accidents:
        at = int(where * len(data))
        if kind == "cut":
            data = data[:at] + b"</html>" if number % 2 else data[:at]
        elif kind == "flip" and data:
            data = data[:at] + bytes([data[at] ^ number]) + data[at + 1 :]
        else:
            tag = re.compile(rb"<[^<>]{1,400}>").search(data, at)
            if tag:
                again = tag[0] * 2 if kind == "double" else b""
                data = data[: tag.start()] + again + data[tag.end() :]
    return data
