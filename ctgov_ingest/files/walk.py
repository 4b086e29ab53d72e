"""Folders: which files there are, in the order of names, each once and none that would make anyone wait."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from ctgov_ingest.errors import EmptyInput
from ctgov_ingest.files.blob import Unreachable
from ctgov_ingest.sources import Failure


def files(paths: Iterable[Path]) -> Iterator[Path | Failure]:
    """The files of the paths, those of folders in the order of names; what is hidden (`.name`) is left out of folders.

    A folder that is linked to is walked too, each once. A folder that holds no file, or cannot be listed, is a Failure.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        empty = True
        for found in _walk(path):
            empty = False
            yield found
        if empty:
            yield Failure(str(path), EmptyInput("expected a folder with files, found none in it"))


def _walk(top: Path) -> Iterator[Path | Failure]:
    refused: list[OSError] = []
    walked: set[tuple[int, int]] = set()
    _is_new(top, walked)
    for folder, below, names in os.walk(top, onerror=refused.append, followlinks=True):
        yield from map(unreachable, refused)
        refused.clear()
        below[:] = [name for name in _seen(below) if _is_new(Path(folder, name), walked)]
        yield from (_regular(Path(folder, name)) for name in _seen(names))
    yield from map(unreachable, refused)


def _seen(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith("."))


def _is_new(folder: Path, walked: set[tuple[int, int]]) -> bool:
    """Whether a folder was not yet walked, under whatever name: links may go round in circles."""
    try:
        about = folder.stat()
    except OSError:
        return True  # os.walk tells why
    place = (about.st_dev, about.st_ino)
    if place in walked:
        return False
    walked.add(place)
    return True


def _regular(path: Path) -> Path | Failure:
    """A file of a folder; pipes and devices among them would wait for ever."""
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except OSError:
        return path  # opening it tells why
    return path if kind == stat.S_IFREG else Failure(str(path), Unreachable("expected a file, found a pipe or device"))


def unreachable(error: OSError, path: str | Path | None = None) -> Failure:
    """What cannot be opened, in words."""
    why = f"cannot be opened: {error.strerror or error}"
    return Failure(str(path or error.filename), Unreachable(why))
