"""The paths of changes: names joined by dots, items of lists named in brackets.

`protocolSection.outcomesModule.primaryOutcomes[Overall survival | 2 years].description`. Names of the registry are
plain words. A name with a sign of ours in it (a key that nobody knows yet) is written with percent signs, so that
every path can be read back.
"""

from __future__ import annotations

import re

_OURS = re.compile(r"[.\[\]%]")
_ITEM = re.compile(r"\[[^\]]*\]")
_STEP = re.compile(r"\[[^\]]*\]|[^.\[\]]+")
_WRITTEN = re.compile(r"%([0-9A-F]{2})")
_NAMELESS = "%"


def below(path: str, name: str) -> str:
    """The path of the member `name` of what is at `path`."""
    if not name or _OURS.search(name):
        name = _OURS.sub(lambda sign: f"%{ord(sign[0]):02X}", name) or _NAMELESS
    return f"{path}.{name}" if path else name


def item(path: str, label: str) -> str:
    """The path of the item called `label` of the list at `path`."""
    return f"{path}[{label}]"


def steps(path: str) -> list[str]:
    """The steps of a path: names as they are written in it, labels of items with their brackets."""
    return _STEP.findall(path)


def name_of(step: str) -> str:
    """The name that a step stands for."""
    return "" if step == _NAMELESS else _WRITTEN.sub(lambda sign: chr(int(sign[1], 16)), step)


def plain_path(path: str) -> str:
    """Strip the names of the items from a path: `a.b[x].c` is `a.b.c`."""
    return _ITEM.sub("", path)
