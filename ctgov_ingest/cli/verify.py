"""`verify`: whether everything that is kept can be read, and is what came in."""

from __future__ import annotations

import click

from ctgov_ingest.cli import RECORDS_FAILED
from ctgov_ingest.cli.options import db_option, json_option, open_store
from ctgov_ingest.cli.output import message, print_json, progress


@click.command(epilog="\b\nExample:\n  ctgov-ingest verify && echo all is well")
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, as_json: bool) -> None:
    """Read every capture, version and list that is kept, and hold it against the hash with which it came in.

    Names what is wrong, and ends with 1 then. Nothing is written.
    """
    store = open_store(ctx, db)
    with progress("Verifying", lambda: len(store.nct_ids())) as advance:
        found = store.verify(advance)
    for problem in found.problems:
        message(f"wrong: {problem}")
    counts = found.counts()
    if as_json:
        print_json({**counts, "problems": [problem.as_json() for problem in found.problems]})
    else:
        click.echo(
            f"{counts['captures']:,} captures, {counts['versions']:,} versions and {counts['lists']:,} lists read: "
            f"{counts['problems']:,} problems."
        )
        if found.inexact:
            click.echo(f"Of {found.inexact:,} captures an older program kept the content, and not the very bytes.")
    if found.problems:
        ctx.exit(RECORDS_FAILED)
