"""`fetch`: some studies, now."""

from __future__ import annotations

import click

from ctgov_ingest.cli import RECORDS_FAILED
from ctgov_ingest.cli.options import NctId, db_option, json_option, open_store
from ctgov_ingest.cli.output import message
from ctgov_ingest.cli.registry import asking, conclude, open_client
from ctgov_ingest.sync import fetch


@click.command(epilog="\b\nExample:\n  ctgov-ingest fetch NCT01364246")
@click.argument("nct_ids", metavar="NCT...", nargs=-1, required=True, type=NctId())
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_ids: tuple[str, ...], as_json: bool) -> None:
    """Get studies from the registry now and store them, whether they are followed or not."""
    store, client = open_store(ctx, db, create=True), open_client(ctx)
    with asking(as_json) as advance:
        report = fetch(tuple(dict.fromkeys(nct_ids)), store, client, advance=advance)
    for absence in report.absences:
        message(f"{absence.nct_id}: {absence.words}")
    conclude(ctx, report, client, as_json=as_json)
    if any(absence.kind == "gone" for absence in report.absences):
        ctx.exit(RECORDS_FAILED)
