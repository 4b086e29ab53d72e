"""The text of docs/tables.md: every table and column, made from the definitions."""

from __future__ import annotations

from collections.abc import Iterator

from ctgov_ingest.convert import columns
from ctgov_ingest.convert.ledger import LEDGER
from ctgov_ingest.store.child_tables import name_of
from ctgov_ingest.tables import STUDIES, TABLES, TEXTS, Column, Table
from ctgov_ingest.tables.protocol import PROTOCOL
from ctgov_ingest.tables.results import RESULTS

_HEAD = f"""# Tables

<!-- Made from ctgov_ingest/tables by `make golden`; a test holds it to them. -->

Studies as tables, for SQL, pandas, R and DuckDB. `ctgov-ingest tables build` makes them in the store, of the current
version of each study; `ctgov-ingest convert` makes a Parquet data set of files, a folder a table. Both have the same
tables and columns. A store has a table `studies` of its own (with fewer columns, called the same): there `studies` is
called `{name_of(STUDIES)}`.

* Names are the registry's, in snake_case. Each column shows the path beside it.
* Rows are named by `nct_id` and ordinals: the place of an item in its list, counted from 1, and the places of what it
  lies in. Tables of what a study has once have no ordinals.
* A value that is absent is empty (NULL), and so is one of another type than its column's: the record keeps it.
* Dates are text, as precise as they were given (`2012`, `2012-11`, `2012-11-28`). Where often no more than the month is
  given, two columns go with it: its precision, and the first day that it may mean.
* What lies above a list and is repeated in its rows (`class_title`) has a row also where the list is empty.

| holds | SQLite | Parquet |
|---|---|---|
| text | TEXT | string |
| texts | TEXT, a JSON list | list of string |
| int | INTEGER | int64 |
| number | REAL | double |
| bool | INTEGER, 0 or 1 | bool |
| day | TEXT | date32 |

"""

_SEARCH = """
## The full-text index

`ctgov-ingest tables build` also makes `full_text` (SQLite's FTS5), which `ctgov-ingest search` asks. Its rows are
numbered by the digits of the studies' ids, and it holds no texts:

```sql
SELECT s.nct_id, s.brief_title
FROM full_text f JOIN studies s ON s.nct_id = printf('NCT%08d', f.rowid)
WHERE full_text MATCH 'melanoma AND outcomes : survival' ORDER BY bm25(full_text) LIMIT 10;
```

| column | weight in `search` | shows |
|---|---|---|
"""

_DATA_SET = """
## Beside the studies, in a Parquet data set

Files are called `part-000000.parquet` by the part of the inputs that they were made of, and each comes into its folder
whole. `_manifest.json` is written last: where it is missing, the data set is not finished.

Of several records of a study (in other files, of other days, as a page and from the API) the latest has rows: by the
registry's date of the record, then the day on which it stood so, then how much its presentation can say, as the store
orders captures; of equal ones that which comes last in the inputs. `records` names the others too. (Of captures that
say the same, a store shows the richest; here the latest is shown, whatever its presentation.)

"""


def text() -> str:
    """The whole page."""
    groups = (("## The study", (STUDIES, *PROTOCOL)), ("## Posted results", RESULTS))
    assert sum(len(tables) for _, tables in groups) == len(TABLES)
    body = "\n".join(f"{head}\n\n{_tables(tables)}" for head, tables in groups)
    search = _SEARCH + "\n".join(f"| `{one.name}` | {one.weight:g} | {_paths(one.paths)} |" for one in TEXTS) + "\n"
    return _HEAD + body + search + _DATA_SET + _tables(LEDGER)


def _tables(tables: tuple[Table, ...]) -> str:
    return "\n".join("\n".join(_table(table)) + "\n" for table in tables)


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.name}\n\n{table.about}\n\n| column | holds | shows |\n|---|---|---|"
    for column in columns(table):
        yield f"| `{column.name}` | {column.cell} | {_shows(table, column)} |"


def _shows(table: Table, column: Column) -> str:
    if not column.path:
        return column.about
    told = f"{column.about} (`{column.path}`)" if column.about else f"`{column.path}`"
    others = [part.path for part in table.parts[1:] if column.path.startswith(table.parts[0].path)]
    return f"{told}; alike in {_paths(tuple(others))}" if others and column == table.columns[0] else told


def _paths(paths: tuple[str, ...]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
