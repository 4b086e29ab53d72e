"""`search`: the studies that have words in their texts."""

from __future__ import annotations

from dataclasses import asdict

import click
from rich.text import Text

from ctgov_ingest.cli.options import db_option, json_option, open_store
from ctgov_ingest.cli.output import cell, indented, message, print_json, show
from ctgov_ingest.store.full_text import FOUND, FOUND_END, Hit, within, words
from ctgov_ingest.tables import TEXTS
from ctgov_ingest.wording import one_line


@click.command(
    epilog='\b\nExample:\n  ctgov-ingest search melanoma "progression free" --in outcomes\n'
    "  ctgov-ingest search --syntax 'tumor AND (liver OR hepat*) NOT child*'"
)
@click.argument("terms", metavar="TERMS...", nargs=-1, required=True)
@click.option(
    "--in",
    "columns",
    metavar="TEXTS",
    multiple=True,
    type=click.Choice([column.name for column in TEXTS]),
    help=f"Only in these: {', '.join(column.name for column in TEXTS)}; may be given again.",
)
@click.option("--syntax", is_flag=True, help="TERMS are a query in the syntax of SQLite's FTS5.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="So many studies.")
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    db: str | None,
    terms: tuple[str, ...],
    columns: tuple[str, ...],
    syntax: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Find studies by words in their titles, texts, conditions, interventions, sponsors, criteria and outcomes.

    All of the terms must be there; a term of several words is a phrase, `melan*` any word that begins so. Words are
    found in all their forms. The best come first. The index is made by `tables build`.
    """
    store = open_store(ctx, db)
    hits = store.search(within(" ".join(terms) if syntax else words(terms), columns), limit)
    for state in store.derived.states():
        if state.name == "text" and state.behind:
            message(f"{state.behind:,} studies changed since: ctgov-ingest tables refresh takes them in")
    if as_json:
        for hit in hits:
            print_json(_json(hit))
        return
    if not hits:
        message("nothing found")
        return
    for hit in hits:
        show(_headline(hit), indented(_excerpt(hit), 4))


def _json(hit: Hit) -> dict[str, object]:
    excerpt = hit.excerpt.replace(FOUND, "[").replace(FOUND_END, "]")
    return {**asdict(hit), "score": round(hit.score, 4), "excerpt": excerpt}


def _headline(hit: Hit) -> Text:
    return Text("  ").join(
        (Text(hit.nct_id, style="bold"), cell(hit.overall_status), Text(one_line(hit.brief_title or "")))
    )


def _excerpt(hit: Hit) -> Text:
    """A few words around what was found, which stands in brackets."""
    shown = Text(f"{hit.column}: ", style="dim")
    for at, piece in enumerate(hit.excerpt.replace(FOUND_END, FOUND).split(FOUND)):
        shown.append(f"[{one_line(piece)}]" if at % 2 else one_line(piece), style="bold" if at % 2 else "")
    return shown
