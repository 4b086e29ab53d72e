"""`history`: the versions of a study."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group
from rich.text import Text

from ctgov_ingest.cli.options import db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import cell, indented, print_json, show, table, width
from ctgov_ingest.compare.labels import labels
from ctgov_ingest.compare.matching import match
from ctgov_ingest.wording import in_words, one_line, plain

if TYPE_CHECKING:
    from ctgov_ingest.compare.life import Stage
    from ctgov_ingest.store import Store

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
        _show_field(store, nct_id, field, as_json=as_json)
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


def _show_field(store: Store, nct_id: str, field: str, *, as_json: bool) -> None:
    from ctgov_ingest.compare.finding import NoSuchPath

    try:
        path, stages = store.life(nct_id, field)
    except NoSuchPath as error:
        raise click.BadParameter(str(error), param_hint="--field") from error
    if as_json:
        for stage in stages:
            print_json({"nct_id": nct_id, "path": path, **_as_row(stage)})
        return
    before = [None, *(stage.value for stage in stages)]
    rows = [_stage_row(path, stage, was) for stage, was in zip(stages, before, strict=False)]
    heads = ("version", "from", "until", "what", "by", "value")
    show(
        Text(one_line(path), style="bold"), *([table(heads, rows)] if rows else [Text("no presentation held shows it")])
    )
    if len(stages) > 1 and _is_short(stages[-1].first) and _is_short(stages[-1].value):
        show(_from_first(path, stages))


def _as_row(stage: Stage) -> dict[str, Any]:
    row = asdict(stage)
    return {"value": row.pop("value"), "from": row.pop("since"), **row}


def _stage_row(path: str, stage: Stage, was: Any) -> list[Any]:
    what = stage.op or "first held"
    is_list = isinstance(was, list) and isinstance(stage.value, list)
    value = _list_changes(path, was, stage.value) if is_list else _value(path, stage.value)
    return [stage.version, stage.since, stage.until or "now", what, stage.by, value]


def _value(path: str, value: Any) -> Text:
    """A value in a cell: a date or number with its type, a list by the names of its items, a long text by its head."""
    if value is None:
        return Text("-", style="dim")
    if isinstance(value, dict) and value.keys() <= {"date", "count", "type"}:
        value = ", ".join(str(part) for part in value.values())
    elif isinstance(value, list):
        value = "\n".join(labels(path.rpartition(".")[2], value))
    words = in_words(value)
    more = len(words) - _LONGEST
    return Text(words if more <= 0 else f"{words[:_LONGEST]} … ({len(words):,} characters; --json has all)")


def _list_changes(path: str, was: list[Any], now: list[Any]) -> Text:
    """What came into a list, went from it, and was edited in it, by the names of the items."""
    name = path.rpartition(".")[2]
    old, new = labels(name, was), labels(name, now)
    lines = [
        (f"+ {new[come]}\n", "green")
        if gone is None and come is not None
        else (f"- {old[gone or 0]}\n", "red")
        if come is None
        else (f"~ {old[gone or 0]}\n", "yellow")
        for gone, come in match(name, was, now)
    ]
    text = Text.assemble(*((plain(line), style) for line, style in lines))
    text.rstrip()
    return text


def _is_short(value: Any) -> bool:
    return not isinstance(value, list) and len(in_words(value)) <= _SHORT


def _from_first(path: str, stages: list[Stage]) -> Text:
    """The first value, planned where it has a type, beside today's."""
    last = stages[-1]
    far = [(last.days_from_first, "day"), (last.months_from_first, "month")]
    words = [f"{abs(n):,} {unit}{'' if abs(n) == 1 else 's'} {'later' if n > 0 else 'earlier'}" for n, unit in far if n]
    is_planned = isinstance(last.first, dict) and last.first.get("type") == "ESTIMATED"
    first = "first planned" if is_planned else "first"
    return Text.assemble(
        (f"{first}: ", "dim"),
        _value(path, last.first),
        ("; now: ", "dim"),
        _value(path, last.value),
        *(f"; {one}" for one in words),
    )


_LONGEST = 300
_SHORT = 60
