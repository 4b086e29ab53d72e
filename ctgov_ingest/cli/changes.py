"""`changes`: the change log over all studies."""

from __future__ import annotations

from typing import get_args

import click

from ctgov_ingest.cli.changed import old_and_new, short_path
from ctgov_ingest.cli.options import Day, NctId, db_option, json_option, open_store
from ctgov_ingest.cli.output import message, print_json, show, table
from ctgov_ingest.compare import Kind


@click.command(epilog="\b\nExample:\n  ctgov-ingest changes --kind status --since 2026-03-01")
@click.option("--since", type=Day(), help="Changes seen on this day or later.")
@click.option("--kind", type=click.Choice(get_args(Kind)), help="Changes of this kind.")
@click.option("--nct", type=NctId(), help="Changes of this study.")
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, db: str | None, since: str | None, kind: str | None, nct: str | None, as_json: bool
) -> None:
    """Show the change log over all studies, in the order in which changes were seen."""
    found = open_store(ctx, db).changes(since, kind, nct)
    if as_json:
        for change in found:
            print_json(change)
        return
    rows = [
        (
            change["seen_at"],
            change["nct_id"],
            change["kind"],
            change["by"],
            short_path(change["path"]),
            old_and_new(change["op"], change["old"], change["new"]),
        )
        for change in found
    ]
    if not rows:
        message("no changes")
        return
    show(table(("seen", "NCT", "kind", "by", "where", "what"), rows))
