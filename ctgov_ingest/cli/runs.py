"""`runs`: how the runs of the program went."""

from __future__ import annotations

from typing import Any

import click
from rich.text import Text

from ctgov_ingest.cli.options import db_option, json_option, open_store
from ctgov_ingest.cli.output import indented, message, print_json, show, table

_SHOWN = ("new", "changed", "unchanged", "gone", "failed")


@click.command(epilog="\b\nExample:\n  ctgov-ingest runs --last 5")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="So many runs.")
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, last: int, as_json: bool) -> None:
    """List the last runs that wrote to the store, the latest first: what they brought, cost, and could not read.

    A run that has not ended is at work, or was killed: what it had stored until then is held.
    """
    runs = open_store(ctx, db).runs(last)
    if as_json:
        for run in runs:
            print_json(run)
        return
    if not runs:
        message("no run yet")
        return
    show(table(("run", "command", "started", "ended with", "data set", "requests", "what"), map(_row, runs)))
    for run in runs:
        for failure in run["failures"]:
            show(indented(Text(f"run {run['id']}: {failure['source']}: {failure['message']}", style="dim"), 2))


def _row(run: dict[str, Any]) -> tuple[object, ...]:
    requests = None if run["requests"] is None else f"{run['requests']:,}"
    return (run["id"], run["command"], run["started"], _ending(run), run["dataset"], requests, _what(run))


def _ending(run: dict[str, Any]) -> str:
    if run["ended"] is None:
        return "not ended"
    return "-" if run["exit_code"] is None else f"exit {run['exit_code']}"


def _what(run: dict[str, Any]) -> str:
    counts = run["counts"] or {}
    words = ", ".join(f"{counts[name]:,} {name}" for name in _SHOWN if counts.get(name))
    return "; ".join(filter(None, (words, run["note"]))) or "nothing new"
