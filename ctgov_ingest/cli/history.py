"""`history`: the versions of a study."""

from __future__ import annotations

import click

from ctgov_ingest.cli.options import db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import print_json, show, table

_COLUMNS = ("version", "registry_date", "first_seen", "last_seen", "presentation", "overall_status", "kinds")


@click.command(epilog="\b\nExample:\n  ctgov-ingest history NCT01364246")
@nct_argument
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_id: str, as_json: bool) -> None:
    """List the versions of a study, earliest first.

    The registry's date is the record's last update; first and last seen are the days on which it was seen to say so.
    """
    versions = open_store(ctx, db).versions(nct_id)
    if as_json:
        for version in versions:
            print_json({name: version[name] for name in _COLUMNS})
        return
    rows = [
        [*(version[name] for name in _COLUMNS[:-1]), ", ".join(version["kinds"]) or "first"] for version in versions
    ]
    heads = ("version", "registry date", "first seen", "last seen", "read from", "status", "what changed")
    show(table(heads, rows))
