"""`events`: what happened over all studies, by name."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

from ctgov_ingest.cli.options import Day, NctId, db_option, json_option, open_store
from ctgov_ingest.cli.output import indented, message, print_json, show
from ctgov_ingest.compare.events_table import EVENTS
from ctgov_ingest.wording import one_line
from ctgov_ingest.wording.events import sentence


@click.command(
    epilog="\b\nExample:\n  ctgov-ingest events --event became_unknown --since 2026-03-01\n"
    "  ctgov-ingest events --nct NCT01364246\n  ctgov-ingest events --names"
)
@click.option("--event", "names", metavar="NAME", type=click.Choice(list(EVENTS)), multiple=True, help="Of this name.")
@click.option("--since", type=Day(), help="Seen on this day or later; of a month or year, from its start.")
@click.option("--nct", type=NctId(), help="Of this study.")
@click.option("--names", "as_table", is_flag=True, help="Say which events there are, when they fire, by which rule.")
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    db: str | None,
    names: tuple[str, ...],
    since: str | None,
    nct: str | None,
    as_table: bool,
    as_json: bool,
) -> None:
    """Show what happened over all studies, by name, in the order in which it was seen.

    `changes` tells what differs, field by field; this tells what it means: a study that was stopped and why, a primary
    outcome that was changed after the start, results that were posted. Changes of which no name says more than they do
    themselves are in no event.
    """
    if as_table:
        _print_table(as_json=as_json)
        return
    found = open_store(ctx, db).events(names, since, nct)
    if as_json:
        for event in found:
            print_json(event)
    elif not _print(found):
        message("no events")


def _print(found: Iterable[dict[str, Any]]) -> bool:
    """Print version by version, as they come; says whether there were any."""
    some = False
    for (seen, nct_id, version), events in groupby(found, key=itemgetter("seen_at", "nct_id", "version")):
        some = True
        head = f"{seen}  {nct_id}" + (f"  version {version}" if version else "")
        show(Text(head, style="bold"), *map(_line, events))
    return some


def _line(event: dict[str, Any]) -> RenderableType:
    after = "  by the registry" if event["by"] == "registry" else ""
    return indented(Text.assemble(one_line(sentence(event["event"], event["data"])), (after, "magenta")), 2)


def _print_table(*, as_json: bool) -> None:
    """Print the table of events."""
    for name, about in EVENTS.items():
        if as_json:
            print_json({"event": name, **about._asdict()})
        else:
            more = [f"data: {', '.join(about.data)}"] * bool(about.data) + [f"rule: {about.rule}"] * bool(about.rule)
            lines = [Text(about.when), *(Text(line, style="dim") for line in more)]
            show(Group(Text.assemble((name, "bold"), f"  {about.kind}"), *(indented(line, 2) for line in lines)))
