"""`due`: what is about to happen to studies, or should have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple, get_args

import click
from rich.text import Text

from ctgov_ingest.cli.options import NctId, chosen, db_option, json_option, open_store
from ctgov_ingest.cli.output import cell, message, print_json, show, table, width
from ctgov_ingest.due import RULES, Due, State, due
from ctgov_ingest.store import Candidate, Store
from ctgov_ingest.wording import one_line

_WIDE = 140
_TITLE = 44
_STYLES: Final = {"late": "red", "now": "yellow", "soon": ""}


class _Row(NamedTuple):
    """What is due of a study, and the study as it is held."""

    due: Due
    study: Candidate


@click.command(
    epilog="\b\nExample:\n  ctgov-ingest due --kind unknown --within 60\n"
    "  ctgov-ingest due --kind results --state late --json\n  ctgov-ingest due --watched --on 2026-03-01"
)
@click.option("--within", metavar="DAYS", type=click.IntRange(0, 36_500), default=30, show_default=True)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day to tell it for.  [default: today]"
)
@click.option(
    "--kind", "kinds", metavar="KIND", type=click.Choice(list(RULES)), multiple=True, help=f"Of {', '.join(RULES)}."
)
@click.option(
    "--state", "states", metavar="STATE", type=click.Choice(get_args(State)), multiple=True, help="soon, now or late."
)
@click.option("--nct", "nct_ids", type=NctId(), multiple=True, help="Of this study.")
@click.option("--watched", is_flag=True, help="Of all studies that are followed.")
@db_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    db: str | None,
    within: int,
    on: datetime | None,
    kinds: tuple[str, ...],
    states: tuple[State, ...],
    nct_ids: tuple[str, ...],
    watched: bool,
    as_json: bool,
) -> None:
    """Show what is due of studies on a day, or may be within so many days after it.

    \b
    unknown     open studies that the registry is about to turn UNKNOWN
    results     results that are due in the United States, and not shown
    completion  studies past their planned completion, with no update since

    Days are bounds where the dates that they follow from tell no day. soon: they are ahead; now: within or on them;
    late: past them. It is told from the latest version that is held of each study: sync first. docs/due.md has the
    rules.
    """
    store = open_store(ctx, db)
    day = on.date() if on else datetime.now(UTC).date()
    wanted = chosen(store, nct_ids, watched=watched)
    some = 0
    for kind in kinds or tuple(RULES):
        rows = [row for row in _due(store, kind, day, within, wanted) if not states or row.due.state in states]
        some += len(rows)
        (_print_json if as_json else _print)(kind, rows)
    if not some and not as_json:
        message("nothing is due")


def _due(store: Store, kind: str, on: date, within: int, nct_ids: frozenset[str] | None) -> list[_Row]:
    """What is due of one kind, the earliest first."""
    found = store.due_candidates(kind, on, within, nct_ids)
    rows = [_Row(one, study) for study in found for one in due(study.document, on, within, [kind])]
    return sorted(rows, key=lambda row: (row.due.earliest, row.due.latest, row.due.nct_id))


def _print_json(kind: str, rows: list[_Row]) -> None:
    rule = RULES[kind]
    for one, study in rows:
        more = {"brief_title": study.brief_title, "last_seen": study.last_seen}
        print_json({**asdict(one), **more, "rule": rule.source, "caveats": rule.caveats})


def _print(kind: str, rows: list[_Row]) -> None:
    if not rows:
        return
    rule, is_wide = RULES[kind], width() >= _WIDE
    heads = ["study", "days left", "between", *(["title"] if is_wide else []), "because"]
    show(
        Text(f"{len(rows):,} {'study' if len(rows) == 1 else 'studies'}: {rule.what}", style="bold"),
        table(heads, [list(_cells(row, is_wide=is_wide)) for row in rows]),
        *(Text(line, style="dim") for line in _notes(kind, rows)),
        Text(),
    )


def _cells(row: _Row, *, is_wide: bool) -> Iterator[Any]:
    one, study = row
    yield one.nct_id
    yield Text(f"{one.days_left:,}", style=_STYLES[one.state])
    yield one.latest if one.earliest == one.latest else f"{one.earliest} to {one.latest}"
    if is_wide:
        title = one_line(study.brief_title or "")
        yield title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    yield cell(_BECAUSE[one.kind](one.data))


def _notes(kind: str, rows: list[_Row]) -> Iterator[str]:
    """The rule and its caveats, and how old the news are that it is told from."""
    rule = RULES[kind]
    yield f"rule: {rule.source}"
    yield from rule.caveats
    seen = min(row.study.last_seen[:10] for row in rows), max(row.study.last_seen[:10] for row in rows)
    yield f"these studies were last seen {' to '.join(dict.fromkeys(seen))}; what came since is not known"


def _unknown(data: dict[str, Any]) -> str:
    return f"verified {data['verified']}, completion {data['completion'] or 'not told'}"


def _results(data: dict[str, Any]) -> str:
    certificate = f", more time asked for {data['certificate']}" if data["certificate"] else ""
    basis = {"act": "applicable", "pact": "probably applicable"}[data["basis"]]
    return f"{data['tracker']}: {basis}, completion {data['completion']}{certificate}"


def _completion(data: dict[str, Any]) -> str:
    which = data["which"].replace("_", " ")
    updated = data["updated"] or "not told"
    return f"{which} planned for {data['date']}, last update {updated}"


_BECAUSE: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "unknown": _unknown,
    "results": _results,
    "completion": _completion,
}
