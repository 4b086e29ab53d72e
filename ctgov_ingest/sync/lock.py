"""One run at a time: a lock beside the store. It falls with the process that holds it, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ctgov_ingest.errors import StoreError
from ctgov_ingest.store import Store


class Busy(StoreError):
    """Another run is at work on the store."""

    code = "busy"


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Work on a store while no other run does. Raises Busy, which says who does.

    Readers, and commands that only file what is at hand, go on beside it.
    """
    lock = FileLock(lock_file(store.path), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Busy(f"{store.path}: {_who(store)} is at work on it; this run did nothing") from None
    try:
        yield
    finally:
        lock.release()


def lock_file(path: Path) -> Path:
    """The file that is locked while a run is at work on the store at `path`."""
    return path.with_name(f"{path.name}.lock")


def _who(store: Store) -> str:
    run = store.open_run()
    return f"{run['command']} (since {run['started']}, process {run['pid']})" if run else "another run"
