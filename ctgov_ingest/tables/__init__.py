"""Studies as tables: one definition of the normalized tables, for SQLite and for Parquet; pure, a study in, rows out.

`TABLES` says which there are; `plain` reads a study's JSON, `projection` gives what makes rows of it.
"""

from __future__ import annotations

from ctgov_ingest.tables.plain import has_results, plain
from ctgov_ingest.tables.projection import Row, projection
from ctgov_ingest.tables.protocol import PROTOCOL, STUDIES
from ctgov_ingest.tables.results import RESULTS
from ctgov_ingest.tables.table import NCT_ID, Cell, Column, Table
from ctgov_ingest.tables.table import version as _version
from ctgov_ingest.tables.texts import TEXTS, Text, texts

TABLES: tuple[Table, ...] = (STUDIES, *PROTOCOL, *RESULTS)
VERSION = _version(TABLES)
"""Changes with any table, column or path."""

__all__ = [
    "NCT_ID",
    "RESULTS",
    "STUDIES",
    "TABLES",
    "TEXTS",
    "VERSION",
    "Cell",
    "Column",
    "Row",
    "Table",
    "Text",
    "has_results",
    "plain",
    "projection",
    "texts",
]
