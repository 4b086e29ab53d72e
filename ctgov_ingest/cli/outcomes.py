"""`outcomes`: outcomes registered, changed and reported, over many studies."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TextIO, get_args

import click
from rich.console import Group
from rich.text import Text

from ctgov_ingest.cli.options import NctId, chosen, db_option, json_option, open_store
from ctgov_ingest.cli.output import indented, message, print_json, progress, show, table, width
from ctgov_ingest.compare.outcomes import EventName, OutcomeRow
from ctgov_ingest.wording import one_line, plain

if TYPE_CHECKING:
    from ctgov_ingest.store import Store

_COLUMNS: Final = ("nct_id", *(field.name for field in fields(OutcomeRow)))
_FORMULA: Final = ("=", "+", "-", "@")
"""What a text begins with that a spreadsheet would take as a formula."""
_HEADS: Final = ("study", "kind", "event", "date", "when", "reported", "outcome")
_TABLE: Final = 110
"""The width from which the table has room; narrower terminals get the outcome on lines of its own."""
_STYLES: Final = {"removed": "red", "promoted": "yellow", "demoted": "yellow", "added": "green", "reworded": "cyan"}


@click.command(
    epilog="\b\nExample:\n  ctgov-ingest outcomes NCT01364246\n  ctgov-ingest outcomes --watched --csv outcomes.csv\n"
    "  ctgov-ingest outcomes --all --event removed --event promoted --json"
)
@click.argument("nct_ids", metavar="[NCT]...", nargs=-1, type=NctId())
@click.option("--all", "everything", is_flag=True, help="Of all studies that are held.")
@click.option("--watched", is_flag=True, help="Of all studies that are followed.")
@click.option(
    "--event", "events", metavar="EVENT", type=click.Choice(get_args(EventName)), multiple=True, help="Only these."
)
@click.option(
    "--csv",
    "to_csv",
    metavar="FILE",
    type=click.File("w", encoding="utf-8", lazy=True),
    help="Write CSV; - is standard output.",
)
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    db: str | None,
    nct_ids: tuple[str, ...],
    everything: bool,
    watched: bool,
    events: tuple[str, ...],
    to_csv: TextIO | None,
    as_json: bool,
) -> None:
    """Show what became of the outcomes of studies: registered, changed, reported; a row each.

    Each outcome is followed from the first version that is held to the last, and into the posted results. An event is
    the most telling of what happened to it: kept, reworded, added, removed, promoted, demoted; or not registered, of
    what results report and no version has. When it happened is told against the start, the primary completion and the
    posting of results: before, after, or unclear where dates or gaps between versions leave it open.

    For the whole past of a study, `backfill` it first. docs/outcomes.md says what each column is.
    """
    if not (nct_ids or everything or watched):
        raise click.UsageError("say of which studies: NCT numbers, --watched, or --all")
    if to_csv is not None and as_json:
        raise click.UsageError("give --csv or --json, not both")
    store = open_store(ctx, db)
    rows = (
        row for row in _rows(store, _names(store, nct_ids, everything, watched)) if not events or row["event"] in events
    )
    if to_csv is not None:
        _write_csv(to_csv, rows)
    elif as_json:
        for row in rows:
            print_json(row)
    else:
        _print(rows)


def _names(store: Store, nct_ids: tuple[str, ...], everything: bool, watched: bool) -> list[str]:
    """The studies that were asked for; those that are followed and not held yet are left out."""
    wanted = None if everything else chosen(store, nct_ids, watched=watched)
    if wanted is None:
        return store.nct_ids()
    return sorted({*nct_ids, *store.held(wanted)})


def _rows(store: Store, nct_ids: list[str]) -> Iterator[dict[str, Any]]:
    with progress("Outcomes", lambda: len(nct_ids)) as advance:
        for nct_id in nct_ids:
            for row in store.outcomes(nct_id):
                yield {"nct_id": nct_id, **asdict(row)}
            advance()


def _write_csv(file: TextIO, rows: Iterable[dict[str, Any]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_as_cell(row[name]) for name in _COLUMNS] for row in rows)


def _as_cell(value: Any) -> Any:
    """A value in CSV: lists as text, texts without control characters, and none that a spreadsheet runs as a formula.

    Such a one gets an apostrophe before it, which spreadsheets take for "this is text".
    """
    if isinstance(value, tuple):
        value = "; ".join(_step(one) if isinstance(one, dict) else one for one in value)
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _step(step: dict[str, Any]) -> str:
    return f"{step['event']} {step['date']}" + (f" ({', '.join(step['edited'])})" if step["edited"] else "")


def _print(rows: Iterable[dict[str, Any]]) -> None:
    first = next(iter(rows := iter(rows)), None)
    if first is None:
        message("no outcomes")
        return
    if width() < _TABLE:
        show(*(Group(_head(row), indented(_outcome(row), 2)) for row in chain([first], rows)))
    else:
        show(table(_HEADS, [_cells(row) for row in chain([first], rows)]))


def _head(row: dict[str, Any]) -> Text:
    """All but the outcome itself, on a line."""
    nct_id, kind, event, date, when, reported = _cells(row)[:-1]
    told = [kind, event, *(words for words in (date, when) if words), f"reported: {reported}"]
    return Text("  ").join([Text(nct_id, "bold"), *(Text(one) if isinstance(one, str) else one for one in told)])


def _cells(row: dict[str, Any]) -> list[Any]:
    event = Text(row["event"], style=_STYLES.get(row["event"], ""))
    kinds = dict.fromkeys(kind for kind in (row["first_kind"], row["kind"]) if kind)
    reported = row["reported"] if row["reported_as"] in (None, row["kind"]) else f"as {row['reported_as']}"
    return [row["nct_id"], " → ".join(kinds), event, row["date"], _when(row), reported, _outcome(row)]


_STAGES: Final = (("from_results", "results"), ("from_primary_completion", "completion"), ("from_start", "start"))


def _when(row: dict[str, Any]) -> str:
    """The last stage of the study that was surely over, else whether it had begun."""
    if row["date"] is None:
        return ""
    passed = (f"after {stage}" for name, stage in _STAGES if row[name] == "after")
    return next(passed, "before start" if row["from_start"] == "before" else "unclear")


def _outcome(row: dict[str, Any]) -> Text:
    """What is measured; where it was reworded, the first wording before it."""
    now, was = _text(row, "measure", "time_frame"), _text(row, "first_measure", "first_time_frame")
    if row["first_version"] is None or was == now:
        return Text(now)
    return Text.assemble((was, "red"), " → ", (now, "green"))


def _text(row: dict[str, Any], measure: str, time_frame: str) -> str:
    frame = f" [{one_line(row[time_frame])}]" if row[time_frame] else ""
    return one_line(row[measure] or "without a title") + frame
