"""`reparse`: kept bytes read again with today's readers."""

from __future__ import annotations

import click

from ctgov_ingest.cli import RECORDS_FAILED
from ctgov_ingest.cli.options import NctId, db_option, json_option, open_store
from ctgov_ingest.cli.output import message, print_json, progress
from ctgov_ingest.ingest import reparse
from ctgov_ingest.sources import Failure


@click.command(epilog="\b\nExample:\n  ctgov-ingest reparse NCT01364246")
@click.argument("nct_ids", metavar="[NCT...]", nargs=-1, type=NctId())
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_ids: tuple[str, ...], as_json: bool) -> None:
    """Read all that is kept again, and work out versions and changes anew; by default for every study.

    Nothing that came in is changed: a better reading never looks like a change of the record. What is no longer read
    keeps the reading that it has, and is named.
    """
    store = open_store(ctx, db, to_write=True)
    counts = {"read": 0, "changed": 0, "failed": 0}
    names = [name for name in dict.fromkeys(nct_ids) if store.listed(name) or store.versions(name)] or store.known()
    failures: list[Failure] = []
    with progress("Reading again", lambda: len(names)) as advance:
        for name in names:
            changed, refused = reparse(name, store)
            counts["read"] += 1
            counts["changed"] += changed
            failures += refused
            advance()
    counts["failed"] = len(failures)
    for failure in failures:
        message(f"failed: {failure.source}: {failure.error}")
    if as_json:
        print_json(counts)
    else:
        click.echo(
            f"{counts['read']:,} stud{'y' if counts['read'] == 1 else 'ies'} read again: "
            f"{counts['changed']:,} with another number of versions, {counts['failed']:,} captures failed."
        )
    if counts["failed"]:
        ctx.exit(RECORDS_FAILED)
