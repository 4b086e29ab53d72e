"""A folder of Parquet: begun, filled part by part, and finished by its manifest, which is written last."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ctgov_ingest import __version__
from ctgov_ingest.convert.ledger import ALL, columns
from ctgov_ingest.convert.part import Done
from ctgov_ingest.convert.places import Output
from ctgov_ingest.convert.writing import file_of, write_empty
from ctgov_ingest.errors import WrongSetting
from ctgov_ingest.tables import VERSION

MANIFEST = "_manifest.json"
"""What the data set holds: it is there when all of it is."""
UNFINISHED = "_unfinished.json"
"""Says that a conversion is under way, or was stopped."""


def begin(output: Output) -> None:
    """Take the folder: an empty one, or that of an earlier conversion. Raises WrongSetting where it is another's."""
    names = output.names()
    if names and not {MANIFEST, UNFINISHED} & set(names):
        raise WrongSetting(f"{output.name} is not empty, and no data set of ours: name a new folder")
    _write(output, UNFINISHED, {"ctgov-ingest": __version__})
    output.remove(MANIFEST)


def finish(output: Output, parts: Iterable[Done]) -> dict[str, int]:
    """Remove what earlier conversions left, and write the manifest; gives the number of rows of each table."""
    files: dict[str, dict[str, int]] = {table.name: {} for table in ALL}
    for part in sorted(parts, key=lambda part: part.number):
        for name, rows in part.rows.items():
            files[name][file_of(name, part.number)] = rows
    for table in ALL:
        if not files[table.name]:
            empty = f"{table.name}/empty.parquet"
            write_empty(output, table, empty)
            files[table.name][empty] = 0
    ours = {name for of_table in files.values() for name in of_table}
    for name in output.names():
        if name not in ours and name != UNFINISHED:
            output.remove(name)
    _write(output, MANIFEST, _manifest(files))
    output.remove(UNFINISHED)
    return {name: sum(of_table.values()) for name, of_table in files.items()}


def _manifest(files: dict[str, dict[str, int]]) -> dict[str, Any]:
    tables = {
        table.name: {
            "rows": sum(files[table.name].values()),
            "columns": {column.name: column.cell for column in columns(table)},
            "files": files[table.name],
        }
        for table in ALL
    }
    return {"ctgov-ingest": __version__, "definitions": VERSION, "tables": tables}


def _write(output: Output, name: str, value: Any) -> None:
    passing = output.passing(name)
    with output.write(passing) as file:
        file.write(json.dumps(value, indent=1).encode() + b"\n")
    output.rename(passing, name)
