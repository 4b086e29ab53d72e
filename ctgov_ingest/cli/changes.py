"""`changes`: the change log over all studies."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any, get_args

import click
from rich.console import RenderableType
from rich.text import Text

from ctgov_ingest.cli.changed import Shown, change_lines
from ctgov_ingest.cli.options import Day, NctId, db_option, json_option, open_store
from ctgov_ingest.cli.output import message, print_json, show
from ctgov_ingest.compare import Kind


@click.command(epilog="\b\nExample:\n  ctgov-ingest changes --kind status --since 2026-03-01")
@click.option("--since", type=Day(), help="Changes seen on this day or later; of a month or year, from its start.")
@click.option(
    "--kind", metavar="KIND", type=click.Choice(get_args(Kind)), help=f"Changes of a kind: {', '.join(get_args(Kind))}."
)
@click.option("--nct", type=NctId(), help="Changes of this study.")
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, db: str | None, since: str | None, kind: str | None, nct: str | None, as_json: bool
) -> None:
    """Show the change log over all studies, in the order in which changes were seen.

    Each version stands under the day on which it was first seen. What is marked as the registry's is no doing of the
    sponsor: a turn to UNKNOWN, terms and links that the registry adds.
    """
    found = open_store(ctx, db).changes(since, kind, nct)
    if as_json:
        for change in found:
            print_json(change)
    elif not _print(found):
        message("no changes")


def _print(found: Iterable[dict[str, Any]]) -> bool:
    """Print version by version, as they come; says whether there were any."""
    some = False
    for (seen, nct_id, version), changes in groupby(found, key=itemgetter("seen_at", "nct_id", "version")):
        some = True
        show(
            Text(f"{seen}  {nct_id}  version {version}", style="bold"),
            *map(_lines, changes),
        )
    return some


def _lines(change: dict[str, Any]) -> RenderableType:
    shown = Shown(change["path"], change["op"], change["old"], change["new"])
    after = "  by the registry" if change["by"] == "registry" else ""
    return change_lines(shown, 2, f"{change['kind']:<11} ", after)
