"""The full-text index: which studies have these words, the best first.

The index holds no texts, only where words stand; what is found is shown from the studies themselves. Its rows are
numbered by the digits of the studies' ids.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctgov_ingest.errors import StoreError, WrongSetting
from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.derived import Study
from ctgov_ingest.tables import TEXTS, plain, texts

_COLUMNS = ", ".join(column.name for column in TEXTS)
_MARKS = ", ".join("?" for _ in TEXTS)
_WEIGHTS = ", ".join(str(column.weight) for column in TEXTS)
_TOKENS = "tokenize = 'porter unicode61 remove_diacritics 2'"
"""Words by their stems (`tumor` finds `tumors`), without accents."""

_INSERTION = f"INSERT INTO full_text (rowid, {_COLUMNS}) VALUES (?, {_MARKS})"  # noqa: S608  # values bound
_DELETION = f"INSERT INTO full_text (full_text, rowid, {_COLUMNS}) VALUES ('delete', ?, {_MARKS})"  # noqa: S608

FOUND, FOUND_END = "\x02", "\x03"
"""What stands around a found word in an excerpt."""
_NOT_IN_TEXTS = {ord(FOUND): " ", ord(FOUND_END): " "}
_EXCERPT_WORDS = 24


@dataclass(frozen=True, slots=True)
class Hit:
    """A study that was found. `score`: higher is better; `column`, `excerpt`: where the words stand."""

    nct_id: str
    brief_title: str | None
    overall_status: str | None
    score: float
    column: str
    excerpt: str


class FullText:
    """The set of this index."""

    name = "text"
    definition = f"1 {_COLUMNS} {_TOKENS}"

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def create(self) -> None:
        """Make the index, empty."""
        self._db.execute(f"CREATE VIRTUAL TABLE full_text USING fts5 ({_COLUMNS}, content = '', {_TOKENS})")

    def drop(self) -> None:
        """Drop the index."""
        self._db.execute("DROP TABLE IF EXISTS full_text")

    def add(self, studies: Sequence[Study]) -> None:
        """Add the texts of studies."""
        self._db.fill(_INSERTION, [(_number(one.nct_id), *texts(one.content)) for one in studies])

    def add_apart(self, jobs: int, folder: Path) -> None:
        """It can be made in one process alone: what it held of a study that changes meanwhile must be known exactly."""

    def finish(self) -> None:
        """Nothing is left to do."""

    def counts(self) -> dict[str, int]:
        """How many studies it knows."""
        return {"full_text": self._db.all("SELECT count(*) FROM full_text")[0][0]}

    def replace(self, nct_id: str, old: Any, new: Any) -> None:
        """Put a study's texts in the place of those that it had: an index without texts must be told the old ones."""
        if old is not None:
            self._db.execute(_DELETION, (_number(nct_id), *texts(old)))
        if new is not None:
            self.add([Study(nct_id, new)])


def search(connection: Connection, query: str, limit: int) -> list[Hit]:
    """The studies that a query finds, the best first. Raises WrongSetting where the query cannot be understood."""
    try:
        found = connection.all(_SEARCH, (query, limit))
    except StoreError as error:
        if getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_ERROR":
            raise WrongSetting(f"the query {query!r} cannot be understood: {error.__cause__}") from error
        raise
    excerpts = _excerpts(query, {row["nct_id"]: texts(plain(row["study"])) for row in found})
    return [
        Hit(row["nct_id"], row["brief_title"], row["overall_status"], -row["rank"], *excerpts[row["nct_id"]])
        for row in found
    ]


def words(terms: Sequence[str]) -> str:
    """A query for all of the terms: each a word, or a phrase of several; `melan*` is any word that begins so."""
    return " ".join(map(_quoted, terms))


def within(query: str, columns: Sequence[str]) -> str:
    """The query for these columns alone; for all where there are none."""
    return f"{{{' '.join(columns)}}} : ({query})" if columns else query


def _quoted(term: str) -> str:
    """A term as text that has no meaning in the syntax of queries, but for a star at its end."""
    text = term.replace("\x00", "").rstrip("*")
    return '"' + text.replace('"', '""') + '"' + "*" * (term.endswith("*") and bool(text))


def _excerpts(query: str, studies: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    """Where the words stand in studies: the column, and a few words around them; told by an index of these alone."""
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(f"CREATE VIRTUAL TABLE full_text USING fts5 ({_COLUMNS}, {_TOKENS})")
        rows = [(_number(nct_id), *(text.translate(_NOT_IN_TEXTS) for text in own)) for nct_id, own in studies.items()]
        memory.executemany(_INSERTION, rows)
        found = memory.execute(_EXCERPTS, (query,))
        return {_nct_id(number): _telling(columns) for number, *columns in found}


def _telling(columns: Sequence[str]) -> tuple[str, str]:
    """The column with the most found words in its excerpt; the titles, which are told anyway, if there is no other."""
    titles, *others = zip((column.name for column in TEXTS), columns, strict=True)
    best = max(others, key=lambda other: other[1].count(FOUND))
    return best if FOUND in best[1] else titles


def _number(nct_id: str) -> int:
    return int(nct_id.removeprefix("NCT"))


def _nct_id(number: int) -> str:
    return f"NCT{number:08d}"


_SEARCH = f"""
SELECT s.nct_id, s.brief_title, s.overall_status, found.rank, CAST(s.study AS BLOB) AS study
FROM (SELECT rowid AS number, bm25(full_text, {_WEIGHTS}) AS rank FROM full_text WHERE full_text MATCH ?
      ORDER BY bm25(full_text, {_WEIGHTS}), rowid LIMIT ?) found
    JOIN study_rows s ON s.nct_id = printf('NCT%08d', found.number)
ORDER BY found.rank, s.nct_id
"""  # noqa: S608  # names and weights of our own
_SNIPPETS = ", ".join(
    f"snippet(full_text, {at}, '{FOUND}', '{FOUND_END}', '…', {_EXCERPT_WORDS})" for at in range(len(TEXTS))
)
_EXCERPTS = f"SELECT rowid, {_SNIPPETS} FROM full_text WHERE full_text MATCH ?"  # noqa: S608
