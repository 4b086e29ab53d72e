"""`show`: one version of a study."""

from __future__ import annotations

from typing import get_args

import click

from ctgov_ingest import jsontext
from ctgov_ingest.cli.card import print_card, print_notes
from ctgov_ingest.cli.options import Day, db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import print_json
from ctgov_ingest.sources import Issue, Unread, read
from ctgov_ingest.store import Axis


@click.command(
    epilog="\b\nExample:\n  ctgov-ingest show NCT01364246 --as-of 2013-01-01\n"
    "  ctgov-ingest show NCT01364246 --as-of 2023-03-01 --axis seen"
)
@nct_argument
@click.option("--version", "number", type=click.IntRange(1), help="The version of this number.")
@click.option("--as-of", type=Day(), help="The version that stood on this day; of a month or year, at its end.")
@click.option(
    "--axis",
    type=click.Choice(get_args(Axis)),
    default="registry",
    show_default=True,
    help="With --as-of: what the registry said on that day, or what we had seen of it by that day.",
)
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    db: str | None,
    nct_id: str,
    number: int | None,
    as_of: str | None,
    axis: Axis,
    as_json: bool,
) -> None:
    """Show one version of a study: the latest, or by number or day.

    On the registry's axis a version stands from its update date on; one that the registry made without an update (a
    turn to UNKNOWN) from the day on which it was seen so. On the axis of what was seen, a version counts from the first
    day on which a capture showed it: a page of 2014 that came in without a day of its own counts from that day on.
    """
    if number is not None and as_of is not None:
        raise click.UsageError("give --version or --as-of, not both")
    store = open_store(ctx, db)
    version = store.version(nct_id, number, as_of, axis)
    document = store.document(version)
    issues = store.issues(version)
    if as_json:
        shown = {name: value for name, value in version.items() if name not in ("capture", "stood_from")}
        print_json({"nct_id": nct_id, **shown, "source": store.source(version), "study": document, "issues": issues})
        return
    study = read(jsontext.dumps(document))[0].study
    origin = f"version {version['version']} of {version['registry_date'] or '-'}, {version['presentation']}"
    print_card(study, f"{origin}, from {store.source(version)}")
    unread = [Unread(one["raw"], one["place"]) for one in issues if one["code"] == "unread"]
    print_notes([Issue(**one) for one in issues if one["code"] != "unread"], unread)
