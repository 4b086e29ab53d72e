"""Rows to Parquet: a file a table and part, whole or not there."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ctgov_ingest.convert.ledger import ALL, columns
from ctgov_ingest.convert.places import Output
from ctgov_ingest.tables import VERSION, Cell, Table

ROWS = 2_000
"""Rows of a table that are held as Python values; then they become columns."""
GROUP_BYTES = 8 * 1024 * 1024
"""Bytes of a table's columns that are held; then they are written as a row group."""

_TYPES: dict[Cell, pa.DataType] = {
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "int": pa.int64(),
    "number": pa.float64(),
    "bool": pa.bool_(),
    "day": pa.date32(),
}


def schema(table: Table) -> pa.Schema:
    """The columns of a table; the version of the definitions goes with them."""
    fields = [pa.field(column.name, _TYPES[column.cell]) for column in columns(table)]
    return pa.schema(fields, metadata={"ctgov-ingest": VERSION})


def file_of(table: str, part: int) -> str:
    """The name of the file that a part writes of a table."""
    return f"{table}/part-{part:06d}.parquet"


class Writer:
    """Takes the rows of one part. Nothing of it is seen before `close`; a context that fails leaves nothing behind."""

    def __init__(self, output: Output, part: int) -> None:
        self._files = {table.name: _File(output, table, file_of(table.name, part)) for table in ALL}

    def add(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows of a table."""
        self._files[table].add(rows)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None:
            for file in self._files.values():
                file.abandon()

    def close(self) -> dict[str, int]:
        """Put the files in their places; gives the number of rows of each table that has any."""
        return {name: rows for name, file in self._files.items() if (rows := file.close())}


class _File:
    """One file: rows, then columns, then row groups under a passing name, then the file itself."""

    def __init__(self, output: Output, table: Table, name: str) -> None:
        self._output = output
        self._name = name
        self._schema = schema(table)
        self._rows: list[tuple[Any, ...]] = []
        self._columns: list[pa.Table] = []
        self._count = 0
        self._passing = ""
        self._sink: Any = None
        self._writer: pq.ParquetWriter | None = None

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows += rows
        if len(self._rows) >= ROWS:
            self._to_columns()

    def _to_columns(self) -> None:
        if self._rows:
            self._count += len(self._rows)
            cells = zip(*self._rows, strict=True)
            arrays = [_array(values, field.type) for values, field in zip(cells, self._schema, strict=True)]
            self._columns.append(pa.Table.from_arrays(arrays, schema=self._schema))
            self._rows = []
        if sum(one.nbytes for one in self._columns) >= GROUP_BYTES:
            self._to_group()

    def _to_group(self) -> None:
        if self._writer is None:
            self._passing = self._output.passing(self._name)
            self._sink = self._output.write(self._passing)
            self._writer = pq.ParquetWriter(self._sink, self._schema, compression="zstd")
        if self._columns:
            whole = pa.concat_tables(self._columns)
            self._writer.write_table(whole, row_group_size=max(1, len(whole)))
            self._columns = []

    def close(self, *, even_empty: bool = False) -> int:
        self._to_columns()
        if self._count or even_empty:
            self._to_group()
            self._end()
            self._output.rename(self._passing, self._name)
        return self._count

    def _end(self) -> None:
        assert self._writer is not None  # noqa: S101  # for the types: a group was begun
        self._writer.close()
        self._sink.close()

    def abandon(self) -> None:
        if self._writer is not None:
            with suppress(OSError):
                self._end()
                self._output.remove(self._passing)


def write_empty(output: Output, table: Table, name: str) -> None:
    """Write a table without rows, so that readers find its columns."""
    _File(output, table, name).close(even_empty=True)


def _array(values: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    if kind == pa.date32():
        return pa.array(values, pa.string()).cast(kind)
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # half a surrogate pair, in a text that an issue quotes or in the name of a file
        return pa.array([value and value.encode("utf-8", "replace").decode() for value in values], kind)
