"""`timeline`: the statuses of a study in order."""

from __future__ import annotations

from dataclasses import asdict

import click

from ctgov_ingest.cli.options import db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import print_json, show, table, width

_BAR = 30
_BESIDE_BAR = 63


@click.command(epilog="\b\nExample:\n  ctgov-ingest timeline NCT01364246")
@nct_argument
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_id: str, as_json: bool) -> None:
    """Show the statuses of a study in order, how long each lasted, and who set it.

    A status that the sponsor set counts from the registry's date; one that the registry set itself (UNKNOWN, with no
    update of the record) from the day on which it was first seen so; on a page that does not tell its day, from the
    first on which it can have read so.
    """
    spells = open_store(ctx, db).timeline(nct_id)
    if as_json:
        for spell in spells:
            print_json(asdict(spell))
        return
    longest = max((spell.days or 0 for spell in spells), default=0) or 1
    bar = max(1, min(_BAR, width() - _BESIDE_BAR))
    rows = [
        (
            spell.status,
            spell.since,
            spell.until or "now",
            "" if spell.days is None else f"{spell.days:,}",
            spell.by,
            "█" * round((spell.days or 0) / longest * bar),
        )
        for spell in spells
    ]
    show(table(("status", "since", "until", "days", "by", ""), rows))
