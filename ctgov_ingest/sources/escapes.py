"""HTML escapes and tags in texts that should have none, as the registry's history API gives them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.json_input import short
from ctgov_ingest.study.shape import Shape

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_PARAGRAPH = re.compile(r"(?<!\\)</?p\s*/?>", re.IGNORECASE)
_BREAK = re.compile(r"(?<!\\)<br\s*/?>", re.IGNORECASE)
_GAP = re.compile(r"\n{3,}")
_MOST_TIMES = 2


def unescape(text: str) -> tuple[str, int]:
    """A text without its HTML escapes, and how many times over it was escaped; at most twice.

    An escape ends with a semicolon: an address may well hold `&copy=1`.
    """
    for times in range(_MOST_TIMES):
        plain = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if plain == text:
            return text, times
        text = plain
    return text, _MOST_TIMES


def without_tags(text: str) -> str:
    """A long text with paragraphs where it has `<p>`, and lines where it has `<br>`."""
    plain = _BREAK.sub("\n", _PARAGRAPH.sub("\n\n", text))
    return text if plain == text else _GAP.sub("\n\n", plain).strip()


_CODES = {
    "escaped": "texts came with HTML escapes: shown as characters",
    "escaped-twice": "texts came with HTML escapes twice over: shown as characters; a text may have meant an escape",
    "html-markup": "long texts came with HTML tags: shown as paragraphs and lines",
}


@dataclass(slots=True)
class Unescaper:
    """Takes the escapes out of all texts of a document, and remembers what it found."""

    shapes: Mapping[str, Shape]
    found: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def document(self, node: Any, path: str = "") -> Any:
        """A copy without escapes; the keys stay as they are."""
        if isinstance(node, dict):
            return {key: self.document(value, f"{path}.{key}".lstrip(".")) for key, value in node.items()}
        if isinstance(node, list):
            return [self.document(item, path) for item in node]
        return self._text(node, path) if isinstance(node, str) else node

    def _text(self, text: str, path: str) -> str:
        plain, times = unescape(text)
        if times:
            self._note("escaped" if times == 1 else "escaped-twice", path, text)
        shape = self.shapes.get(path)
        if shape and shape.kind == "markup" and (clean := without_tags(plain)) != plain:
            self._note("html-markup", path, text)
            return clean
        return plain

    def _note(self, code: str, path: str, text: str) -> None:
        self.found.setdefault(code, []).append((path, text))

    def issues(self) -> list[Issue]:
        """One issue for each kind of finding, with its count and its first place and text."""
        return [
            Issue(code, f"{_CODES[code]} ({len(found)})", short(found[0][0]), short(found[0][1]))
            for code, found in sorted(self.found.items())
        ]
