"""`backfill`: the past of studies."""

from __future__ import annotations

import click

from ctgov_ingest.cli.options import NctId, db_option, json_option, open_store
from ctgov_ingest.cli.output import message
from ctgov_ingest.cli.registry import asking, conclude, open_client
from ctgov_ingest.sync import backfill, followed


@click.command(epilog="\b\nExample:\n  ctgov-ingest backfill NCT01364246\n  ctgov-ingest backfill --watched --wayback")
@click.argument("nct_ids", metavar="[NCT...]", nargs=-1, type=NctId())
@click.option("--watched", is_flag=True, help="Of all studies that are followed.")
@click.option("--wayback", is_flag=True, help="Pages that the Internet Archive saved, instead of the record history.")
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, db: str | None, nct_ids: tuple[str, ...], watched: bool, wayback: bool, as_json: bool
) -> None:
    """Get the past of studies: every version of the registry's record history that is not held yet.

    What was got once is not asked for again: a backfill that was ended goes on where it stopped. The record history is
    for the registry's own pages, and not documented; versions are asked for one by one, at the pace of the settings.
    """
    store, client = open_store(ctx, db, create=True), open_client(ctx)
    names = list(dict.fromkeys([*nct_ids, *(followed(store) if watched else ())]))
    if not names:
        raise click.UsageError("say of which studies: NCT numbers, or --watched with something followed")
    with asking(as_json) as advance:
        report = backfill(names, store, client, saved=wayback, advance=advance)
    for url, why in report.refused.items():
        message(f"no record: {url}: {why}")
    conclude(ctx, report, client, as_json=as_json)
