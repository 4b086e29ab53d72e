"""Where inputs lie and the data set goes: local paths, and the addresses that fsspec knows.

`s3://`, `gs://`, `abfs://` and the like need a driver of their own, which whoever uses them installs.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, cast
from uuid import uuid4

from ctgov_ingest import files
from ctgov_ingest.errors import EmptyInput, WrongSetting
from ctgov_ingest.sources import Failure

INSTALL = "pip install 'ctgov-ingest[parquet]'"


def is_address(name: str) -> bool:
    """Whether a name is an address for fsspec, and no local path."""
    return "://" in name


def is_of_one_process(name: str) -> bool:
    """Whether other processes do not see what lies there."""
    return name.startswith("memory://")


@dataclass(frozen=True, slots=True)
class Input:
    """A file that is there to be read: its path or address, and its size in bytes."""

    name: str
    size: int

    def open(self) -> BufferedReader:
        """Open it. Raises OSError."""
        if not is_address(self.name):
            return Path(self.name).open("rb")
        system, path = _system(self.name)
        file = system.open(path, "rb")
        return file if isinstance(file, BufferedReader) else BufferedReader(cast(io.RawIOBase, file))


def inputs(names: Iterable[str]) -> Iterator[Input | Failure]:
    """The files that paths and addresses name, those of folders in the order of names; hidden ones are left out."""
    for name in names:
        yield from _remote(name) if is_address(name) else map(_local, files.files([Path(name)]))


def _local(path: Path | Failure) -> Input | Failure:
    if isinstance(path, Failure):
        return path
    try:
        return Input(str(path), path.stat().st_size)
    except OSError as error:
        return files.unreachable(error, path)


def _remote(name: str) -> Iterator[Input | Failure]:
    system, top = _system(name)
    try:
        found = system.find(top, detail=True)  # of a file: that file
    except OSError as error:
        yield files.unreachable(error, name)
        return
    shown = {path: about for path, about in sorted(found.items()) if not _is_hidden(path.removeprefix(top))}
    if not shown:
        is_there = system.exists(top)
        why = EmptyInput("expected a folder with files, found none in it")
        yield Failure(name, why if is_there else files.Unreachable("cannot be opened: nothing is there"))
    for path, about in shown.items():
        yield Input(system.unstrip_protocol(path), int(about["size"] or 0))


def _is_hidden(below: str) -> bool:
    return any(part.startswith(".") for part in below.split("/"))


def _system(name: str) -> tuple[Any, str]:
    """The file system of a path or an address, and the path in it. Raises WrongSetting."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise WrongSetting(f"fsspec is not installed, which {name} needs: {INSTALL}") from error
    try:
        system, path = url_to_fs(name)
    except (ImportError, ValueError) as error:
        raise WrongSetting(f"{name} cannot be reached: {error}") from error
    return system, path


class Output:
    """The folder of a data set, here or elsewhere. Files come into it whole: under another name, then renamed."""

    def __init__(self, name: str) -> None:
        self._system, self._top = _system(name)
        self.name = name

    def write(self, name: str) -> IO[bytes]:
        """A file to write to, under a passing name."""
        self._system.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)
        return cast(IO[bytes], self._system.open(self._path(name), "wb"))

    def passing(self, name: str) -> str:
        """A name for what is not whole yet, which no other process takes: hidden from those who read the data set."""
        folder, _, own = name.rpartition("/")
        return f"{folder}/.{own}.{uuid4().hex}"

    def rename(self, old: str, new: str) -> None:
        """Put a file in the place of another, or where none is."""
        self._system.mv(self._path(old), self._path(new))

    def remove(self, name: str) -> None:
        """Remove a file, where it is there."""
        if self._system.exists(self._path(name)):
            self._system.rm_file(self._path(name))

    def names(self) -> list[str]:
        """All files, hidden ones too, with the folders below this one."""
        if not self._system.exists(self._top):
            return []
        return [path[len(self._top) :].strip("/") for path in self._system.find(self._top)]

    def _path(self, name: str) -> str:
        return f"{self._top.rstrip('/')}/{name}"
