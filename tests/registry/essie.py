"""A part of the registry's search language, Essie: `AREA[x]`, `RANGE[a,b]`, `MISSING`, AND, OR, NOT, phrases, words.

Operators are upper case: a lower-case `and` is a word like any other. Words side by side must all be there. What this
part of the language does not cover is refused, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .content import Content
from .pieces import paths_of

Predicate = Callable[[Content], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<area>AREA\[(?P<name>[^\]]*)\])|(?P<range>RANGE\[(?P<low>[^,\]]*),(?P<high>[^\]]*)\])"
    r"|(?P<other>(?:SEARCH|COVERAGE|COVER|DISTANCE|EXPANSION|TILT|CONCEPT)\b)"
    r"|(?P<phrase>\"[^\"]*\")|(?P<mark>[()])|(?P<word>(?:\\.|[^\s()\"])+))"
)
_OPERATORS = {"AND", "OR", "NOT", "MISSING"}


class EssieError(ValueError):
    """An expression that cannot be parsed; the text is what the registry's answer ends with."""


def compiled(text: str, area: str) -> Predicate:
    """Make an expression a predicate over contents; words outside of AREA[…] are looked for in `area`."""
    parser = _Parser(text, area)
    found = parser.either()
    if parser.rest:
        raise EssieError(f"Unexpected token: '{parser.rest[0].group().strip()}'")
    return found


class _Parser:
    """Recursive descent: OR binds weakest, then AND (also where nothing stands between), then NOT."""

    def __init__(self, text: str, area: str) -> None:
        self.rest = _tokens(text)
        self.area = area

    def either(self) -> Predicate:
        found = [self.both()]
        while self._taken("OR"):
            found.append(self.both())
        return found[0] if len(found) == 1 else lambda content: any(one(content) for one in found)

    def both(self) -> Predicate:
        found = [self.one()]
        while self._taken("AND") or (self.rest and self._next() not in ("OR", ")")):
            found.append(self.one())
        return found[0] if len(found) == 1 else lambda content: all(one(content) for one in found)

    def one(self) -> Predicate:
        if not self.rest:
            raise EssieError("Unexpected end of expression")
        if self._taken("NOT"):
            inner = self.one()
            return lambda content: not inner(content)
        if self._taken("("):
            return self._closed()
        token = self.rest.pop(0)
        if token["area"] is not None:
            return self._within(token["name"].strip())
        if token["other"] or token["word"] in _OPERATORS - {"MISSING"} or token["mark"]:
            raise EssieError(f"Unexpected token: '{token.group().strip()}'")
        return self._term(token)

    def _closed(self) -> Predicate:
        found = self.either()
        if not self._taken(")"):
            raise EssieError("Missing closing parenthesis")
        return found

    def _within(self, name: str) -> Predicate:
        """What follows AREA[…] is one term, or an expression in parentheses."""
        _paths(name)
        outer, self.area = self.area, name
        found = self.one()
        self.area = outer
        return found

    def _term(self, token: re.Match[str]) -> Predicate:
        paths = _paths(self.area)
        if token["range"] is not None:
            return _between(paths, token["low"].strip(), token["high"].strip())
        if token["word"] == "MISSING":
            return lambda content: not content.values(*paths)
        return _holds(paths, re.sub(r"\\(.)", r"\1", token.group().strip().strip('"')))

    def _next(self) -> str:
        return self.rest[0].group().strip()

    def _taken(self, text: str) -> bool:
        found = bool(self.rest) and self._next() == text
        if found:
            self.rest.pop(0)
        return found


def _tokens(text: str) -> list[re.Match[str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise EssieError(f"Unexpected token: '{text[at:].strip()}'")
        found.append(token)
        at = token.end()
    return found


def _paths(name: str) -> tuple[str, ...]:
    try:
        return paths_of(name)
    except KeyError:
        raise EssieError(f"Unknown area name: '{name}'") from None


def _between(paths: tuple[str, ...], low: str, high: str) -> Predicate:
    """Dates (as texts, which sort as they should), or numbers."""

    def within(value: object) -> bool:
        if isinstance(value, int | float):
            return (low == "MIN" or value >= float(low)) and (high == "MAX" or value <= float(high))
        return (low == "MIN" or str(value) >= low) and (high == "MAX" or str(value)[: len(high)] <= high)

    return lambda content: any(within(value) for value in content.values(*paths))


def _holds(paths: tuple[str, ...], text: str) -> Predicate:
    """The words side by side in one value; of a date its beginning."""
    words = r"\W+".join(re.escape(word) for word in re.findall(r"\w+", text))
    wanted = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    return lambda content: any(wanted.search(str(value)) for value in content.values(*paths))
