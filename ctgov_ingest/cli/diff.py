"""`diff`: what changed between two versions, or two files, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ctgov_ingest.cli.comparing import Compared, of_files, of_versions
from ctgov_ingest.cli.options import NctId, VersionNumber, db_option, json_option, open_store, page_option
from ctgov_ingest.cli.output import has_colours, message, print_json, show, width, write_page
from ctgov_ingest.compare import as_json_patch
from ctgov_ingest.showing.model import Diff

_WIDEST = 160
"""Lines are no longer than this, however wide the terminal is."""

_PIPED = 100
"""Off a terminal they are this long, old above new, unless COLUMNS says otherwise."""


@click.command(
    epilog="\b\nExample:\n  ctgov-ingest diff NCT01364246\n  ctgov-ingest diff NCT01364246 1 3 --html diff.html\n"
    "  ctgov-ingest diff --files saved-page.html record.json"
)
@click.argument("nct_id", metavar="NCT", type=NctId(), required=False)
@click.argument("old", type=VersionNumber(), required=False)
@click.argument("new", type=VersionNumber(), required=False)
@click.option(
    "--files", "paths", nargs=2, type=click.Path(path_type=Path), metavar="OLD NEW", help="Compare two files; no store."
)
@db_option
@json_option
@click.option("--markdown", is_flag=True, help="Print markdown, as GitHub reads it.")
@page_option
@click.option("--json-patch", "as_patch", is_flag=True, help="Print a JSON Patch (RFC 6902) from OLD to NEW.")
@click.option("--all", "everything", is_flag=True, help="Leave nothing out on the screen, however long it is.")
@click.pass_context
def command(
    ctx: click.Context,
    db: str | None,
    nct_id: str | None,
    old: int | None,
    new: int | None,
    paths: tuple[Path, Path] | None,
    as_json: bool,
    markdown: bool,
    page: Path | None,
    as_patch: bool,
    everything: bool,
) -> None:
    """Show what changed between two versions, by default the last two.

    On the screen: what happened, then what differs, by module; side by side where there are 110 columns. What was read
    from different presentations is compared on what both can show. With --json a line each change.
    """
    if bool(nct_id) == bool(paths):
        raise click.UsageError("give the number of a study, or two files with --files")
    if old is not None and new is None:
        raise click.UsageError("give both versions, OLD and NEW, or none")
    if sum(map(bool, (as_json, markdown, page, as_patch))) > 1:
        raise click.UsageError("give one of --json, --markdown, --html and --json-patch")
    found = of_files(*paths) if paths else of_versions(open_store(ctx, db), str(nct_id), old, new)
    if found is None:
        message("there is only one version")
        return
    if as_json:
        for change in found.changes:
            print_json(asdict(change))
    elif as_patch:
        print_json(as_json_patch(found.old, found.new))
    else:
        _show(found, markdown=markdown, page=page, everything=everything)


def _show(found: Compared, *, markdown: bool, page: Path | None, everything: bool) -> None:
    """For people: as markdown, as a page, on the screen."""
    diff = found.diff()
    if page:
        from ctgov_ingest.showing.html import diff_page

        write_page(page, diff_page(diff))
    elif markdown:
        from ctgov_ingest.showing.markdown import as_markdown

        click.echo(as_markdown(diff), nl=False)
    elif diff:
        _on_screen(diff, everything=everything)
    else:
        message("nothing changed")


def _on_screen(diff: Diff, *, everything: bool) -> None:
    from ctgov_ingest.cli.screen import Look, screen

    columns = min(width(piped=_PIPED), _WIDEST)
    show(*screen(diff, Look(columns, has_colours(), everything)), columns=columns)
