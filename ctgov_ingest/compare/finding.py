"""Which path of the data model is meant by what somebody typed.

A whole path (`protocolSection.statusModule.overallStatus`), an ending of one (`overallStatus`, `enrollmentInfo.count`),
or an ending without dots and without the words that say nothing (`primaryCompletionDate`, `leadSponsorName`: so the
registry names the pieces of its search). Capitals do not count. Items of lists stand in brackets, as changes name them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from ctgov_ingest.compare.paths import below, plain_path, steps
from ctgov_ingest.study.shape import paths

_EMPTY = re.compile(r"(Struct|Info)$")
_NEAR = 8
_ALIKE = 0.6


class NoSuchPath(ValueError):
    """No path is meant, or several: says which are near, or which they are."""


def find(asked: str, known: Collection[str]) -> str:
    """The one of the known paths that is meant, with the names of items that stood in what was asked.

    `known`: paths without brackets. Raises NoSuchPath.
    """
    plain = plain_path(asked)
    if plain in known:
        return asked
    found = [path for path in known if f".{path}".lower().endswith(f".{plain.lower()}")]
    found = found or [path for path in known if _squashed(plain) in set(_endings(path))]
    if len(found) != 1:
        raise NoSuchPath(_several(asked, found) if found else _unknown(asked, plain, known))
    return _with_labels(found[0], asked)


def _with_labels(path: str, asked: str) -> str:
    """A path with the names of items that stood behind the last of its steps in what was asked."""
    whole, given = steps(path), steps(asked)
    labels = [step for step in given if step.startswith("[")]
    if not labels:
        return path
    ending = "".join(step if step.startswith("[") else f".{step}" for step in _merged(whole, given))
    return ending.lstrip(".")


def _merged(whole: list[str], given: list[str]) -> Iterator[str]:
    names = sum(not step.startswith("[") for step in given)
    yield from whole[: len(whole) - names]
    rest = iter(whole[len(whole) - names :])
    yield from (step if step.startswith("[") else next(rest) for step in given)


def _endings(path: str) -> Iterator[str]:
    names = steps(path)
    return (_squashed(".".join(names[at:])) for at in range(len(names)))


def _squashed(path: str) -> str:
    return "".join(_EMPTY.sub("", name) for name in path.split(".")).lower()


def _several(asked: str, found: Iterable[str]) -> str:
    return f"{asked!r} may be one of several; give more of the path: {', '.join(sorted(found))}"


def _unknown(asked: str, plain: str, known: Iterable[str]) -> str:
    by_ending: dict[str, str] = {}
    for path in known:
        for ending in _endings(path):
            by_ending.setdefault(ending, path)
    near = get_close_matches(_squashed(plain), by_ending, _NEAR, _ALIKE)
    words = f"; near are {', '.join(dict.fromkeys(by_ending[one] for one in near))}" if near else ""
    return f"no field is called {asked!r}{words}"


def known_paths(documents: Iterable[dict[str, Any]]) -> set[str]:
    """The paths of the data model, and those that documents have beyond them."""
    return {*paths(), *(path for document in documents for path in _paths_of(document))}


def _paths_of(value: Any, prefix: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            path = below(prefix, name)
            yield path
            yield from _paths_of(inner, path)
    elif isinstance(value, list):
        for item in value:
            yield from _paths_of(item, prefix)
