"""`diff`: what changed between two versions."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby

import click
from rich.console import Group, RenderableType
from rich.text import Text

from ctgov_ingest.cli.changed import old_and_new, short_path
from ctgov_ingest.cli.options import db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import indented, message, plain, print_json, show
from ctgov_ingest.compare import Change

_SHORT = 80


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
        message("nothing changed, or there is only one version")
    for (kind, by), changes in groupby(found, key=lambda change: (change.kind, change.by)):
        show(Text.assemble((kind, "bold"), f", by the {by}"), *(_line(change) for change in changes))


def _line(change: Change) -> RenderableType:
    where = Text(plain(short_path(change.path)), style="dim")
    what = old_and_new(change.op, change.old, change.new)
    if "\n" in what.plain or len(what) > _SHORT:
        return Group(indented(where, 2), indented(what, 4))
    return indented(Text.assemble(where, "  ", what), 2)
