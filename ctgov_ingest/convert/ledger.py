"""The tables of a data set beside those of the studies: which records came from where, and what they left open."""

from __future__ import annotations

from ctgov_ingest.tables import NCT_ID, TABLES, Cell, Column, Table

_Told = tuple[str, Cell, str]
"""A column: its name, what it holds, what it tells."""


def _table(name: str, about: str, *columns: _Told) -> Table:
    return Table(name, about, (), (), tuple(Column(name, cell, about=told) for name, cell, told in columns))


_SOURCE: _Told = ("source", "text", "path or address, with `::member` inside an archive and `#n` inside a list")
_STUDY: _Told = (NCT_ID, "text", "the study")

RECORDS = _table(
    "records",
    "Every record that was read; of those of one study one alone has rows in the tables.",
    _STUDY,
    _SOURCE,
    ("presentation", "text", "what form it had"),
    ("registry_date", "text", "the registry's date of the record: its last update posted"),
    ("stood_on", "text", "the day on which it stood so, or the earliest on which it can have"),
    ("is_latest", "bool", "whether it is the one that has rows"),
)
UNREAD = _table(
    "unread",
    "Texts of records that no rule knows.",
    _STUDY,
    _SOURCE,
    ("text", "text", "the text"),
    ("place", "text", "where it stands"),
)
ISSUES = _table(
    "issues",
    "What users should know of how records were read.",
    _STUDY,
    _SOURCE,
    ("code", "text", "a stable word"),
    ("message", "text", "in words"),
    ("path", "text", "the field"),
    ("raw", "text", "the text as it stood"),
    ("place", "text", "where it stands"),
)
LISTED_VERSIONS = _table(
    "listed_versions",
    "Versions that lists of the registry or its archive tell of.",
    _STUDY,
    _SOURCE,
    ("presentation", "text", "of the list"),
    ("place", "int", "in the list, from 1"),
    ("number", "int", "as the registry counts, from 0"),
    ("date", "text", "the day of the version"),
    ("status", "text", "the status, where the list has it"),
    ("modules", "texts", "what changed, in the list's words"),
    ("raw", "text", "the row as it stood"),
)
FAILURES = _table(
    "failures",
    "What could not be read.",
    _SOURCE,
    ("code", "text", "a stable word"),
    ("message", "text", "what was expected, and what was found"),
)

LEDGER = (RECORDS, UNREAD, ISSUES, LISTED_VERSIONS, FAILURES)
ALL = (*TABLES, *LEDGER)
"""All tables of a data set."""


def columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table, the key first where it has one."""
    return table.all_columns if table.parts else table.columns
