"""One field of a study through all versions that are held of it."""

from __future__ import annotations

from ctgov_ingest.compare import Carried, Version
from ctgov_ingest.compare.finding import find, known_paths
from ctgov_ingest.compare.life import Held, Stage, life
from ctgov_ingest.compare.paths import plain_path
from ctgov_ingest.store.captures import Captures, Document
from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.history import History, changes_of


class Fields:
    """Fields out of versions, captures and the change log."""

    def __init__(self, connection: Connection, captures: Captures, history: History) -> None:
        self._db = connection
        self._captures = captures
        self._history = history

    def life(self, nct_id: str, asked: str, starts: dict[int, str]) -> tuple[str, list[Stage]]:
        """The path that was meant, and the values that stood there; `starts`: since when each version stood.

        Raises NoSuchPath.
        """
        versions = [one for number in starts if (one := self._history.version(nct_id, number)) is not None]
        path = find(asked, known_paths(self._captures.document(one.capture_id) for one in versions))
        plain = plain_path(path)
        held = [
            Held(one.number, starts[one.number], self._showing(one, plain), changes_of(self._db, nct_id, one.number))
            for one in versions
        ]
        return path, life(path, held)

    def _showing(self, version: Version, path: str) -> Document | None:
        """The document of the richest capture of a version that can show a field."""
        fit = (one for one in version.witnesses if _shows(one.carried, path))
        return next((self._captures.document(one.capture_id) for one in fit), None)


def _shows(carried: Carried, path: str) -> bool:
    """Whether a presentation can show a field, or some of what is below it."""
    return carried.covers(path) or any(one.startswith(f"{path}.") for one in carried.paths or ())
