"""`report`: the story of one study on a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ctgov_ingest.cli.comparing import between
from ctgov_ingest.cli.options import db_option, nct_argument, open_store, page_option
from ctgov_ingest.cli.output import write_page
from ctgov_ingest.compare.finding import NoSuchPath
from ctgov_ingest.store import Store

if TYPE_CHECKING:
    from ctgov_ingest.compare.life import Stage


@click.command(epilog="\b\nExample:\n  ctgov-ingest report NCT01364246 --html report.html")
@nct_argument
@page_option
@db_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_id: str, page: Path | None) -> None:
    """Write the story of a study on one page: what it is, its statuses in time, what happened, every version.

    The page needs no script and nothing from elsewhere, and can be printed. FILE may be -, for standard output.
    """
    if page is None:
        raise click.UsageError("name the page to write with --html FILE")
    store = open_store(ctx, db)
    versions = store.versions(nct_id)

    from ctgov_ingest.showing.html import report_page
    from ctgov_ingest.showing.report import PLANS, report_of

    diffs = [between(store, nct_id, earlier, later).diff() for earlier, later in pairwise(versions)]
    latest, lives = store.document(versions[-1]), dict(_lives(store, nct_id, PLANS))
    spells, captures = store.timeline(nct_id), store.captures(nct_id)
    write_page(page, report_page(report_of(nct_id, latest, versions, spells, lives, diffs, captures)))


def _lives(store: Store, nct_id: str, paths: dict[str, str]) -> Iterator[tuple[str, list[Stage]]]:
    """How the fields at some paths developed; those that no version has are left out."""
    for label, path in paths.items():
        with suppress(NoSuchPath):
            yield label, store.life(nct_id, path)[1]
