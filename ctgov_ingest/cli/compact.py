"""`compact`: everything that is kept packed anew, and the file without its gaps."""

from __future__ import annotations

import click

from ctgov_ingest.cli.options import db_option, json_option, open_store
from ctgov_ingest.cli.output import print_json, progress


@click.command(epilog="\b\nExample:\n  ctgov-ingest compact --db ctgov.db")
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, as_json: bool) -> None:
    """Pack everything that is kept anew: with dictionaries learnt from it, versions beside their neighbours.

    Nothing that came in is changed; everything is read back before it counts. The file then loses its gaps, for which
    the disk must have room for another of its size. It may be stopped at any moment.
    """
    from rich.filesize import decimal

    from ctgov_ingest.sync.lock import alone

    store = open_store(ctx, db, to_write=True)
    with alone(store), progress("Packing", lambda: len(store.nct_ids())) as advance:
        counts = store.compact(advance).counts()
    if as_json:
        print_json(counts)
    else:
        click.echo(
            f"{counts['studies']:,} studies packed anew: the file had {decimal(counts['before'])}, and has "
            f"{decimal(counts['after'])}; former versions and pages in it had {decimal(counts['packed_before'])}, and "
            f"have {decimal(counts['packed_after'])}."
        )
