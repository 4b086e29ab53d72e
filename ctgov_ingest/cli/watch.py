"""`watch`: what `sync` follows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ctgov_ingest import jsontext
from ctgov_ingest.cli.options import NCT_ID, NctId, db_option, json_option, open_store
from ctgov_ingest.cli.output import message, print_json, show, table
from ctgov_ingest.fetch import Search
from ctgov_ingest.store import Watch
from ctgov_ingest.store.watches import WatchKind
from ctgov_ingest.sync import search_of

Asked = list[tuple[WatchKind, str]]


@click.group(
    epilog="\b\nExample:\n  ctgov-ingest watch add NCT01364246\n"
    '  ctgov-ingest watch add --cond "lung cancer" --status RECRUITING\n  ctgov-ingest watch list'
)
def command() -> None:
    """Say what sync follows: studies by their number, searches, or the whole registry.

    A study that a search has matched is followed on when it no longer matches.
    """


def _what(function: Any) -> Any:
    """The options that name what is followed."""
    for option in reversed(
        (
            click.argument("nct_ids", metavar="[NCT...]", nargs=-1, type=NctId()),
            click.option(
                "--file", "file", type=click.Path(path_type=Path), help="A file of NCT numbers, any text around."
            ),
            click.option("--query", "--term", "term", help="A search for any words (the registry's query.term)."),
            click.option("--cond", help="A search for a condition or disease."),
            click.option("--intr", help="A search for an intervention or treatment."),
            click.option("--spons", help="A search for a sponsor or collaborator."),
            click.option("--locn", help="A search for a place."),
            click.option(
                "--status", "statuses", multiple=True, help="Only studies of this status; may be given again."
            ),
            click.option("--advanced", help="An Essie expression, such as AREA[Phase]PHASE3."),
            click.option("--all", "whole", is_flag=True, help="The whole registry, by its daily bulk file."),
            db_option,
        )
    ):
        function = option(function)
    return function


@command.command(epilog='\b\nExample:\n  ctgov-ingest watch add --cond "asthma" --status RECRUITING')
@_what
@click.pass_context
def add(ctx: click.Context, /, db: str | None, **what: Any) -> None:
    """Follow studies, a search, or the whole registry."""
    asked = _asked(**what)
    store = open_store(ctx, db, create=True)
    for kind, value in asked:
        known = "" if store.watches.add(kind, value) else " (was followed before)"
        message(f"followed: {_words(kind, value)}{known}")


@command.command(epilog='\b\nExample:\n  ctgov-ingest watch remove --cond "asthma" --status RECRUITING')
@_what
@click.pass_context
def remove(ctx: click.Context, /, db: str | None, **what: Any) -> None:
    """Follow something no longer. What is held of it stays."""
    asked = _asked(**what)
    store = open_store(ctx, db, to_write=True)
    missing = [_words(kind, value) for kind, value in asked if not store.watches.remove(kind, value)]
    if missing:
        raise click.UsageError(f"not followed: {', '.join(missing)} (see ctgov-ingest watch list)")


@command.command("list", epilog="\b\nExample:\n  ctgov-ingest watch list --json")
@db_option
@json_option
@click.pass_context
def listing(ctx: click.Context, db: str | None, as_json: bool) -> None:
    """List what is followed, and with which data set of the registry all of it was last held."""
    watches = open_store(ctx, db).watches.all()
    if as_json:
        for watch in watches:
            search = search_of(watch).as_json() if watch.kind == "search" else None
            print_json(asdict(watch) | {"search": search})
    elif watches:
        rows = [(f"{one.studies:,}", one.dataset or "never", one.added[:10], _named(one)) for one in watches]
        show(table(("studies", "held as of", "since", "what"), rows))
    else:
        message("nothing is followed yet: say what with ctgov-ingest watch add")


def _named(watch: Watch) -> str:
    return _words(watch.kind, watch.what)


def _words(kind: WatchKind, what: str) -> str:
    names = {"study": what, "all": "the whole registry"}
    return names.get(kind) or f"search: {Search.from_json(jsontext.loads(what))}"


def _asked(
    nct_ids: tuple[str, ...],
    file: Path | None,
    whole: bool,
    statuses: tuple[str, ...],
    **query: Any,
) -> Asked:
    """What the options name. Raises UsageError where they name nothing."""
    names = [*nct_ids, *(_in_file(file) if file else ())]
    search = Search(statuses=tuple(one.upper() for one in statuses), **query)
    asked: Asked = [("study", name) for name in dict.fromkeys(names)]
    if search != Search():
        asked.append(("search", jsontext.dumps(search.as_json(), sort_keys=True).decode()))
    if whole:
        asked.append(("all", ""))
    if not asked:
        raise click.UsageError("say what: NCT numbers, --file, a search (--cond, --query, --status …), or --all")
    return asked


def _in_file(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from error
    found = [name.upper() for name in NCT_ID.findall(text)]
    if not found:
        raise click.UsageError(f"expected NCT numbers in {path}, found none")
    return found
