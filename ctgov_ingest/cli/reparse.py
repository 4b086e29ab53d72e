"""`reparse`: kept bytes read again with today's readers."""

from __future__ import annotations

import click

from ctgov_ingest.cli import RECORDS_FAILED
from ctgov_ingest.cli.options import NctId, db_option, json_option, open_store
from ctgov_ingest.cli.output import message, print_json, progress
from ctgov_ingest.errors import SourceError
from ctgov_ingest.ingest import reread


@click.command(epilog="\b\nExample:\n  ctgov-ingest reparse NCT01364246")
@click.argument("nct_ids", metavar="[NCT...]", nargs=-1, type=NctId())
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_ids: tuple[str, ...], as_json: bool) -> None:
    """Read all that is kept again, and work out versions and changes anew; by default for every study.

    Nothing that came in is changed: a better reading never looks like a change of the record.
    """
    store = open_store(ctx, db)
    counts = {"read": 0, "changed": 0, "failed": 0}
    names = nct_ids or store.nct_ids()
    with progress("Reading again", len(names)) as advance:
        for name in names:
            try:
                counts["changed"] += store.reparse(name, reread)
                counts["read"] += 1
            except SourceError as error:
                counts["failed"] += 1
                message(f"failed: {name}: {error}")
            advance()
    if as_json:
        print_json(counts)
    else:
        click.echo(
            f"{counts['read']:,} studies read again: {counts['changed']:,} with another number of versions, "
            f"{counts['failed']:,} failed."
        )
    if counts["failed"]:
        ctx.exit(RECORDS_FAILED)
