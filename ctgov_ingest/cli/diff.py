"""`diff`: what changed between two versions."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby

import click
from rich.padding import Padding
from rich.text import Text

from ctgov_ingest.cli.changed import old_and_new, short_path
from ctgov_ingest.cli.options import json_option, nct_argument, open_store
from ctgov_ingest.cli.output import console, message, plain, print_json


@click.command(epilog="Example: ctgov-ingest diff NCT01364246 1 3")
@nct_argument
@click.argument("old", type=click.IntRange(1), required=False)
@click.argument("new", type=click.IntRange(1), required=False)
@json_option
@click.pass_context
def command(ctx: click.Context, nct_id: str, old: int | None, new: int | None, as_json: bool) -> None:
    """Show what changed between two versions, by default the last two.

    Versions that were read from different presentations are compared on what both can show.
    """
    if old is not None and new is None:
        raise click.UsageError("give both versions, OLD and NEW, or none")
    store = open_store(ctx)
    found = store.diff(nct_id, old, new)
    if as_json:
        for change in found:
            print_json(asdict(change))
        return
    if not found:
        message("nothing changed, or there is only one version")
    out = console()
    for (kind, by), changes in groupby(found, key=lambda change: (change.kind, change.by)):
        out.print(Text.assemble((kind, "bold"), f", by the {by}"))
        for change in changes:
            out.print(Padding(Text(plain(short_path(change.path)), style="dim"), (0, 0, 0, 2)))
            out.print(Padding(old_and_new(change.op, change.old, change.new), (0, 0, 0, 4)))
