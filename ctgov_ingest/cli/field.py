"""One field's life on the screen: what `history --field` shows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

from ctgov_ingest.cli.output import indented, print_json, show, table, width
from ctgov_ingest.compare.finding import NoSuchPath
from ctgov_ingest.compare.labels import labels
from ctgov_ingest.compare.matching import match
from ctgov_ingest.wording import in_words, one_line, plain

if TYPE_CHECKING:
    from ctgov_ingest.compare.life import Stage
    from ctgov_ingest.store import Store

_WIDE = 110
"""The width from which a long value has room in the table."""
_LONGEST = 300
_SHORT = 60
_NARROW = 26
"""So long a value has room beside the days on 80 columns."""
_MOST = 12
"""So many items of a list are shown."""


def show_field(store: Store, nct_id: str, field: str, *, as_json: bool) -> None:
    """Show the values of a field, from when until when, and by whom. Wrong usage where none is meant."""
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
    show(Text(one_line(path), style="bold"), *(_stages(rows) if rows else [Text("no presentation held shows it")]))
    if len(stages) > 1 and _is_short(stages[-1].first) and _is_short(stages[-1].value):
        show(_from_first(path, stages))


def _stages(rows: list[list[Any]]) -> list[RenderableType]:
    """A table; on a narrow terminal long values on lines of their own."""
    if width() < _WIDE and any(len(row[-1]) > _NARROW for row in rows):
        return [Group(_stage_head(row), indented(row[-1], 2)) for row in rows]
    return [table(("version", "from", "until", "what", "by", "value"), rows)]


def _stage_head(row: list[Any]) -> Text:
    number, since, until, what, by, _ = row
    return Text(one_line(f"version {number}  {since} to {until}  {what}{f' by the {by}' if by else ''}"), style="bold")


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
        names = labels(path.rpartition(".")[2], value)
        more = [f"… and {len(names) - _MOST} more; --json has all"] if len(names) > _MOST else []
        return Text("\n".join([*map(plain, names[:_MOST]), *more]))
    words = in_words(value)
    cut = f"{words[:_LONGEST]} … ({len(words):,} characters; --json has all)"
    return Text(words if len(words) <= _LONGEST else cut)


def _list_changes(path: str, was: list[Any], now: list[Any]) -> Text:
    """What came into a list, went from it, and was edited in it, by the names of the items."""
    name = path.rpartition(".")[2]
    old, new, pairs = labels(name, was), labels(name, now), match(name, was, now)
    lines = [
        *((f"- {old[gone]}", "red") for gone, come in pairs if gone is not None and come is None),
        *((f"~ {old[gone]}", "yellow") for gone, come in pairs if gone is not None and come is not None),
        *((f"+ {new[come]}", "green") for gone, come in pairs if gone is None and come is not None),
    ]
    return Text("\n").join(Text(plain(line), style) for line, style in lines)


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
