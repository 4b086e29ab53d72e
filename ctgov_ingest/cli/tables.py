"""`tables`: the child tables and the full-text index, built on demand."""

from __future__ import annotations

from typing import Any

import click

from ctgov_ingest.cli.options import db_option, json_option, open_store
from ctgov_ingest.cli.output import message, print_json, show, steps, table
from ctgov_ingest.ingest import calm_collector
from ctgov_ingest.store import Store
from ctgov_ingest.store.derived import State

_SETS = ("tables", "text")
_SET_WORDS = {"tables": "child tables", "text": "full-text index"}


@click.group(
    epilog="\b\nExample:\n  ctgov-ingest tables build --keep\n"
    "  sqlite3 ctgov.db 'SELECT name, count(*) FROM conditions GROUP BY 1'"
)
def command() -> None:
    """Build tables of conditions, arms, outcomes, sites, results and more, and a full-text index, in the store.

    They show the current version of each study, and cost loads nothing while they are not there. docs/tables.md
    describes them.
    """


def _sets(function: Any) -> Any:
    """Which of the two: the argument."""
    return click.argument("sets", metavar="[tables|text]...", nargs=-1, type=click.Choice(_SETS))(function)


@command.command(epilog="\b\nExample:\n  ctgov-ingest tables build --keep")
@_sets
@click.option("--keep/--no-keep", default=False, help="Keep them up with each change from then on.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that make tables.")
@db_option
@json_option
@click.pass_context
def build(ctx: click.Context, db: str | None, sets: tuple[str, ...], keep: bool, jobs: int, as_json: bool) -> None:
    """Build them anew from the current versions; by default both."""
    store = open_store(ctx, db, to_write=True)
    done, total = 0, len(store.nct_ids())
    with steps("Building") as advance:

        def add(count: int) -> None:
            nonlocal done
            done = done % total + count
            advance(done, total)

        with calm_collector():
            store.derived.build(sets or _SETS, keep=keep, jobs=jobs, advance=add)
    _tell(store, as_json)


@command.command(epilog="\b\nExample:\n  ctgov-ingest tables refresh")
@db_option
@json_option
@click.pass_context
def refresh(ctx: click.Context, db: str | None, as_json: bool) -> None:
    """Bring what is built up to date with the studies that changed since."""
    store = open_store(ctx, db, to_write=True)
    store.derived.refresh()
    _tell(store, as_json)


@command.command(epilog="\b\nExample:\n  ctgov-ingest tables keep\n  ctgov-ingest tables keep --off")
@click.option("--off", is_flag=True, help="No longer; what changes is noted for `refresh`.")
@db_option
@json_option
@click.pass_context
def keep(ctx: click.Context, db: str | None, off: bool, as_json: bool) -> None:
    """Keep what is built up with each change, in the transaction that stores it."""
    store = open_store(ctx, db, to_write=True)
    store.derived.keep(not off)
    _tell(store, as_json)


@command.command(epilog="\b\nExample:\n  ctgov-ingest tables drop text")
@_sets
@db_option
@json_option
@click.pass_context
def drop(ctx: click.Context, db: str | None, sets: tuple[str, ...], as_json: bool) -> None:
    """Drop them; by default both. They can be built again at any time."""
    store = open_store(ctx, db, to_write=True)
    store.derived.drop(sets or _SETS)
    _tell(store, as_json)


@command.command("list", epilog="\b\nExample:\n  ctgov-ingest tables list")
@db_option
@json_option
@click.pass_context
def list_(ctx: click.Context, db: str | None, as_json: bool) -> None:
    """Show whether they are built, how far behind the studies they are, and how many rows each table has."""
    _tell(open_store(ctx, db), as_json, with_rows=True)


def _tell(store: Store, as_json: bool, *, with_rows: bool = False) -> None:
    states = store.derived.states()
    usable = [state.name for state in states if with_rows and state.is_built and state.is_current]
    counts = {name: store.derived.counts(name) for name in usable}
    if as_json:
        for state in states:
            rows = {"rows": counts[state.name]} if state.name in counts else {}
            print_json({**state._asdict(), **rows})
        return
    for state in states:
        message(f"{_SET_WORDS[state.name]}: {_words(state)}")
    if counts:
        every = [(name, f"{count:,}") for of_set in counts.values() for name, count in of_set.items()]
        show(table(("table", "rows"), every))


def _words(state: State) -> str:
    if not state.is_built:
        return "not built"
    if not state.is_current:
        return "of an older program: run ctgov-ingest tables build"
    kept = "kept up with each change" if state.is_kept else "not kept up"
    behind = f", {state.behind:,} studies changed since: run ctgov-ingest tables refresh" if state.behind else ""
    return f"built {state.built_at}, {kept}{behind}"
