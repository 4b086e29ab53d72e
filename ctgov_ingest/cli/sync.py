"""`sync`: all that is followed, brought up to date, and what is new of it told."""

from __future__ import annotations

from pathlib import Path

import click

from ctgov_ingest.cli.options import db_option, json_option, open_store
from ctgov_ingest.cli.output import message, print_json
from ctgov_ingest.cli.registry import asking, end, in_full, open_client, sentence
from ctgov_ingest.cli.telling import Teller
from ctgov_ingest.digest import as_json as digest_as_json
from ctgov_ingest.errors import FetchError, NotTold
from ctgov_ingest.store import Store
from ctgov_ingest.sync import sync
from ctgov_ingest.sync.plan import REFRESH_DAYS


@click.command(
    epilog="\b\nExample:\n  ctgov-ingest sync --quiet\n\n"
    "\b\nIn a crontab:\n  15 10 * * 1-5  ctgov-ingest --db /data/ctgov.db sync --quiet"
)
@click.option("--quiet", is_flag=True, help="Say nothing where nothing changed and nothing failed.")
@click.option("--feed", type=click.Path(path_type=Path), metavar="FILE", help="Add the news to an Atom feed.")
@click.option(
    "--notify", "services", multiple=True, metavar="URL", help="Send the news (mailto://…, slack://…, json://…)."
)
@click.option("--accept", is_flag=True, help="Go on although very many studies are gone or have changed at once.")
@click.option(
    "--refresh-days",
    "refresh",
    type=click.IntRange(0),
    default=REFRESH_DAYS,
    show_default=True,
    help="Get studies again that were not got for so many days; 0: all of them, each time.",
)
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    db: str | None,
    quiet: bool,
    feed: Path | None,
    services: tuple[str, ...],
    accept: bool,
    refresh: int,
    as_json: bool,
) -> None:
    """Bring all that is followed (see watch) up to date, and tell what is new.

    A light sweep shows the status and the dates of every study that is followed, also of those whose update date did
    not move: so a study that the registry turned UNKNOWN is seen on the next run. What moved is got whole.

    Exit code 4: the registry could not be reached, or did not answer whole. What was got until then is held, nothing is
    marked as seen, and the next run goes on.
    """
    teller = Teller(feed, services, on_screen=not as_json)
    store, client = open_store(ctx, db, create=True), open_client(ctx)
    try:
        with asking(as_json) as advance:
            report = sync(store, client, accept=accept, refresh=refresh, advance=advance)
    except FetchError:
        _tell_of_failure(teller, store)
        raise
    digest = teller.tell(store)
    if as_json:
        print_json({**in_full(report, client), "digest": digest_as_json(digest)})
    elif not (quiet or digest):
        click.echo(sentence(report.counts()))
    end(ctx, report)


def _tell_of_failure(teller: Teller, store: Store) -> None:
    """Tell what there is to tell of a run that failed; where nobody takes it, its own failure is still what counts."""
    try:
        teller.tell(store)
    except NotTold as error:
        message(str(error))
