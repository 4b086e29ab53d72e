"""`diff`: what changed between two versions."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby

import click
from rich.text import Text

from ctgov_ingest.cli.changed import Shown, change_lines
from ctgov_ingest.cli.options import db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import message, print_json, show


@click.command(epilog="\b\nExample:\n  ctgov-ingest diff NCT01364246 1 3")
@nct_argument
@click.argument("old", type=click.IntRange(1), required=False)
@click.argument("new", type=click.IntRange(1), required=False)
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_id: str, old: int | None, new: int | None, as_json: bool) -> None:
    """Show what changed between two versions, by default the last two.

    Versions that were read from different presentations are compared on what both can show.
    """
    if old is not None and new is None:
        raise click.UsageError("give both versions, OLD and NEW, or none")
    store = open_store(ctx, db)
    found = store.diff(nct_id, old, new)
    if as_json:
        for change in found:
            print_json(asdict(change))
        return
    if not found:
        message("nothing changed" if store.version(nct_id, new)["version"] > 1 else "there is only one version")
    for (kind, by), changes in groupby(found, key=lambda change: (change.kind, change.by)):
        shown = (Shown(change.path, change.op, change.old, change.new) for change in changes)
        show(Text.assemble((kind, "bold"), f", by the {by}"), *(change_lines(one, 2) for one in shown))
