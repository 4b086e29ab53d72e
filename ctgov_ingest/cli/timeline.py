"""`timeline`: the statuses of a study in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.text import Text

from ctgov_ingest.cli.options import db_option, json_option, nct_argument, open_store
from ctgov_ingest.cli.output import cell, print_json, show, table, width
from ctgov_ingest.wording import one_line

if TYPE_CHECKING:
    from ctgov_ingest.compare.timeline import Spell

_BAR = 30
_BESIDE_BAR = 68
_WIDE = 110
"""The width from which there is room for the earliest day of each status."""

_NOTE = "≤ on this day or before: nothing is held from just before it"
_COARSE = "a date without a day means any day of its month or year"
_HEADS = ("status", "since", "until", "days", "by", "")


@click.command(epilog="\b\nExample:\n  ctgov-ingest timeline NCT01364246")
@nct_argument
@db_option
@json_option
@click.pass_context
def command(ctx: click.Context, db: str | None, nct_id: str, as_json: bool) -> None:
    """Show the statuses of a study in order, how long each lasted, who set it, and why the study stopped.

    A status that the sponsor set counts from the registry's date; one that the registry set itself (UNKNOWN, with no
    update of the record) from the day on which it was first seen so; on a page that does not tell its day, from the
    first on which it can have read so.

    Where versions may be missing before a status, it began on that day or before (≤), and its days are a range. A date
    that the registry gives by the month means any of its days. --json has the bounds of each beginning.
    """
    spells = open_store(ctx, db).timeline(nct_id)
    if as_json:
        for spell in spells:
            print_json(asdict(spell))
        return
    is_wide = width() >= _WIDE
    heads = ("status", "not before", *_HEADS[1:]) if is_wide else _HEADS
    show(table(heads, _rows(spells, is_wide=is_wide)), *_reasons(spells), *_notes(spells))


def _rows(spells: list[Spell], *, is_wide: bool) -> Iterator[list[object]]:
    longest = max((spell.days or 0 for spell in spells), default=0) or 1
    bar = max(1, min(_BAR, width() - _BESIDE_BAR))
    for spell, follower in zip(spells, [*spells[1:], None], strict=True):
        yield [
            spell.status,
            *([] if not is_wide else ["" if spell.is_sure else spell.since_earliest]),
            _since(spell),
            _since(follower) if follower else "now",
            _days(spell),
            spell.by,
            "█" * round((spell.days or 0) / longest * bar),
        ]


def _since(spell: Spell) -> Text:
    """The day since which a status stood; "≤" where it may have begun before."""
    mark = "" if spell.since is None or spell.is_sure or spell.since_precision in ("month", "year") else "≤"
    return Text(mark, "yellow") + cell(spell.since)


def _days(spell: Spell) -> str:
    """How long it stood: a number, or the bounds as far as they are known."""
    least, most = spell.days_at_least, spell.days_at_most
    if least is None or (most is None and spell.until is None and not least):
        return ""
    if most is None:
        return f"≥{least:,}"
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def _reasons(spells: Iterable[Spell]) -> Iterator[Text]:
    for spell in spells:
        if spell.why:
            yield Text.assemble(cell(spell.status), f" since {spell.since or '-'}: ", one_line(spell.why))


def _notes(spells: Iterable[Spell]) -> Iterator[Text]:
    if any("≤" in _since(spell).plain for spell in spells):
        yield Text(_NOTE, style="dim")
    if any(spell.since_precision in ("month", "year") for spell in spells):
        yield Text(_COARSE, style="dim")
