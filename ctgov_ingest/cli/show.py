"""`show`: one version of a study."""

from __future__ import annotations

import click

from ctgov_ingest import jsontext
from ctgov_ingest.cli.card import print_card, print_notes
from ctgov_ingest.cli.options import Day, db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import print_json
from ctgov_ingest.sources import Issue, Unread, read


@click.command(epilog="\b\nExample:\n  ctgov-ingest show NCT01364246 --as-of 2013-01-01")
@nct_argument
@click.option("--version", "number", type=click.IntRange(1), help="The version of this number.")
@click.option("--as-of", type=Day(), help="The version that stood on this day; of a month or year, at its end.")
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, db: str | None, nct_id: str, number: int | None, as_of: str | None, as_json: bool
) -> None:
    """Show one version of a study: the latest, or by number or day.

    A version stands from its update date on; one that the registry made without an update (a turn to UNKNOWN) from the
    day on which it was seen so.
    """
    if number is not None and as_of is not None:
        raise click.UsageError("give --version or --as-of, not both")
    store = open_store(ctx, db)
    version = store.version(nct_id, number, as_of)
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
