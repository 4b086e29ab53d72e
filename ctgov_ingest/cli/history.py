"""`history`: the versions of a study."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Group
from rich.text import Text

from ctgov_ingest.cli.options import db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import cell, indented, print_json, show, table, width

_DATES = ("version", "registry_date", "first_seen", "last_seen")
_COLUMNS = (*_DATES, "presentation", "overall_status", "kinds", "captures", "presentations")
_TABLE = 110
"""The width from which the table has room; narrower terminals get two lines a version."""


@click.command(
    epilog="\b\nExample:\n  ctgov-ingest history NCT01364246\n"
    "  ctgov-ingest history NCT01364246 --field primaryCompletionDate\n"
    "  ctgov-ingest history NCT01364246 --field 'primaryOutcomes[Pain | Day 1]'"
)
@nct_argument
@db_option
@click.option("--not-held", "listed", is_flag=True, help="Versions that lists tell of and that are not held, as JSON.")
@click.option("--field", metavar="PATH", help="The life of one field: its values, from when until when, by whom.")
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_id: str, listed: bool, field: str | None, as_json: bool) -> None:
    """List the versions of a study, earliest first; or the values of one field of it.

    The registry's date is the record's last update; first and last seen are the days on which it was seen to say so.

    A field is named by its path in the registry's data model, by an ending of it that no other path has
    (primaryCompletionDate), or, an item of a list, as `changes` names it. Its days are those on which the registry
    told it.
    """
    store = open_store(ctx, db)
    if field is not None:
        from ctgov_ingest.cli.field import show_field

        show_field(store, nct_id, field, as_json=as_json)
        return
    missing = [one for one in store.listed(nct_id) if not one["held"]]
    if listed:
        for one in missing:
            print_json({name: value for name, value in one.items() if name != "held"})
        return
    versions = store.versions(nct_id)
    if as_json:
        for version in versions:
            print_json({name: version[name] for name in _COLUMNS})
        return
    if width() < _TABLE:
        show(*(Group(_head(version), indented(_rest(version), 2)) for version in versions), *_missing(missing))
        return
    rows = [_row(version) for version in versions]
    heads = ("version", "registry date", "first seen", "last seen", "read from", "status", "what changed")
    show(table(heads, rows), *_missing(missing))


def _row(version: dict[str, Any]) -> list[Any]:
    return [*(version[name] for name in _DATES), _sources(version), version["overall_status"], _changed(version)]


def _sources(version: dict[str, Any]) -> str:
    """Where a version was read from, the richest first."""
    return ", ".join(version["presentations"])


def _missing(listed: list[dict[str, Any]]) -> list[Text]:
    if not listed:
        return []
    days = sorted(one["date"] for one in listed)
    words = f"{len(listed)} more versions are listed from {days[0]} to {days[-1]}, and not held (--not-held tells them)"
    return [Text(words, style="dim")]


def _changed(version: dict[str, Any]) -> str:
    return "the first held" if version["version"] == 1 else ", ".join(version["kinds"])


def _head(version: dict[str, Any]) -> Text:
    words = f"version {version['version']}  {version['registry_date'] or 'no date'}  "
    return Text.assemble((words, "bold"), cell(version["overall_status"]))


def _rest(version: dict[str, Any]) -> Text:
    first, last = version["first_seen"], version["last_seen"]
    seen = first if first == last else f"{first} to {last}"
    return Text(f"{_changed(version)}; seen {seen}, {_sources(version)}", style="dim")
