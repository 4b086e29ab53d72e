"""`convert`: files into a Parquet data set."""

from __future__ import annotations

from contextlib import nullcontext

import click

from ctgov_ingest.cli import RECORDS_FAILED
from ctgov_ingest.cli.options import json_option
from ctgov_ingest.cli.output import message, print_json, show, steps, table


@click.command(
    epilog="\b\nExample:\n  ctgov-ingest convert ctg-studies.json.zip saved-pages/ trials/\n"
    "  duckdb -c \"SELECT name, count(*) FROM 'trials/conditions/*.parquet'\n"
    '             GROUP BY 1 ORDER BY 2 DESC LIMIT 10"'
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.argument("output")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read.")
@click.option("--scheduler", metavar="ADDRESS", help="Do it on the Dask cluster of this scheduler.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, inputs: tuple[str, ...], output: str, jobs: int, scheduler: str | None, as_json: bool
) -> None:
    """Read files, folders or zips of any presentation and write tables as Parquet into the folder OUTPUT.

    Inputs and OUTPUT are paths, or addresses that fsspec knows (s3://...). Each table is a folder of files;
    docs/tables.md describes them. Of several records of a study the latest has rows. What cannot be read is in the
    table failures. Touches no store.
    """
    from ctgov_ingest.convert import convert, in_processes, on_cluster

    if scheduler and jobs > 1:
        raise click.UsageError("--jobs and --scheduler exclude each other")
    way = on_cluster(scheduler) if scheduler else nullcontext(in_processes(jobs) if jobs > 1 else None)
    done = 0
    with steps("Converting") as bar, way as map_:

        def advance() -> None:
            nonlocal done
            done += 1
            bar(done, None)

        converted = convert(inputs, output, map_=map_, advance=advance)
    for failure in converted.failures:
        message(f"failed: {failure.source}: {failure.error}")
    studies, superseded, failed = converted.rows["studies"], converted.superseded, len(converted.failures)
    if as_json:
        print_json({"studies": studies, "superseded": superseded, "failed": failed, "rows": converted.rows})
    else:
        show(table(("table", "rows"), ((name, f"{rows:,}") for name, rows in converted.rows.items() if rows)))
        message(f"{studies:,} studies, {superseded:,} records that are not their latest, {failed:,} failed.")
    if converted.failures:
        ctx.exit(RECORDS_FAILED)
