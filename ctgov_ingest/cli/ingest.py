"""`ingest`: files in, versions stored."""

from __future__ import annotations

from pathlib import Path

import click

from ctgov_ingest import files
from ctgov_ingest.cli import RECORDS_FAILED
from ctgov_ingest.cli.options import db_option, json_option, open_store, paths_argument
from ctgov_ingest.cli.output import message, print_json, progress
from ctgov_ingest.ingest import Report, ingest


@click.command(epilog="\b\nExample:\n  ctgov-ingest ingest ctg-studies.json.zip saved-pages/")
@paths_argument
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read.")
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, paths: tuple[Path, ...], jobs: int, as_json: bool) -> None:
    """Read files, folders or zips of any presentation and store every version.

    Says what was new, changed, unchanged and failed. What cannot be read is named, and the rest goes on.
    """
    store = open_store(ctx, db, create=True)
    with progress("Ingesting", lambda: files.count(paths)) as advance:
        report = ingest(paths, store, jobs=jobs, advance=advance)
    for failure in report.failures:
        message(f"failed: {failure.source}: {failure.error}")
    if as_json:
        print_json(report.counts())
    else:
        click.echo(_sentence(report))
    if report.failures:
        ctx.exit(RECORDS_FAILED)


def _sentence(report: Report) -> str:
    counts = report.counts()
    read, lists = counts.pop("read"), counts.pop("lists", 0)
    words = ", ".join(f"{count:,} {word}" for word, count in counts.items())
    more = f" {lists:,} list{'' if lists == 1 else 's'} of versions." if lists else ""
    return f"{read:,} record{'' if read == 1 else 's'} read: {words}.{more}"
