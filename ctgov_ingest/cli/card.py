"""One study on a screen: what a reader asks first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ctgov_ingest.cli.output import cell, indented, show
from ctgov_ingest.sources import Issue, Unread
from ctgov_ingest.study import DateStruct, Study
from ctgov_ingest.study.criteria import Criterion
from ctgov_ingest.wording import one_line, plain

_ITEMS_SHOWN = 12


def print_card(study: Study, origin: str) -> None:
    """Print the facts of a study, then its arms, outcomes, criteria and sites."""
    show(Text(plain(f"{study.nct_id}  {study.title or ''}"), style="bold"), Text(plain(origin), style="dim"))
    facts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for label, value in _facts(study):
        if value:
            facts.add_row(label, value if isinstance(value, Text) else cell(value))
    show(Text(""), facts, Text(""))
    for title, lines in _lists(study):
        _print_list(title, lines)


def _facts(study: Study) -> Iterable[tuple[str, object]]:
    enrollment = study.enrollment
    yield "status", _status(study)
    yield "type", " · ".join(str(word) for word in (study.study_type, *study.phases) if word)
    yield (
        "enrollment",
        f"{enrollment.count:,} {(enrollment.type or '').lower()}"
        if enrollment and enrollment.count is not None
        else None,
    )
    yield "sponsor", study.sponsor.name if study.sponsor else None
    yield "conditions", "; ".join(study.conditions)
    yield "start", _date(study.start)
    yield "primary completion", _date(study.primary_completion)
    yield "completion", _date(study.completion)
    yield "ages", _ages(study)
    yield "first posted", study.first_posted
    yield "last update posted", study.last_update_posted
    yield (
        "results",
        {True: "posted", False: "none posted"}.get(study.has_results) if study.has_results is not None else None,
    )


def _status(study: Study) -> Text:
    text = cell(study.status or "-")
    for words in (
        f"last known {study.last_known_status}" if study.last_known_status else "",
        f"verified {study.verified}" if study.verified else "",
        f"because: {study.why_stopped}" if study.why_stopped else "",
    ):
        if words:
            text.append(f"  {plain(words)}", style="dim")
    return text


def _date(struct: DateStruct | None) -> str | None:
    if struct is None or struct.date is None:
        return None
    return f"{struct.date} {(struct.type or '').lower()}".strip()


def _ages(study: Study) -> str:
    low, high, sex = study.minimum_age, study.maximum_age, study.sex
    ages = f"{low or 'no minimum'} to {high or 'no maximum'}" if low or high else ""
    return ", ".join(part for part in (ages, f"sex {str(sex).lower()}" if sex else "") if part)


def _lists(study: Study) -> Iterable[tuple[str, list[str]]]:
    yield "Arms", [_joined(arm.type, arm.label) for arm in study.arms]
    yield "Interventions", [_joined(one.type, one.name) for one in study.interventions]
    for title, outcomes in (
        ("Primary outcomes", study.primary_outcomes),
        ("Secondary outcomes", study.secondary_outcomes),
        ("Other outcomes", study.other_outcomes),
    ):
        yield title, [f"{one.measure}  [{one.time_frame or 'no time frame'}]" for one in outcomes]
    if study.criteria:
        yield "Inclusion criteria", _criteria(study.criteria.inclusion)
        yield "Exclusion criteria", _criteria(study.criteria.exclusion)
        yield "Criteria", _criteria(study.criteria.unspecified)
    if len(study.locations) > _ITEMS_SHOWN:
        countries = Counter(one.country or "no country" for one in study.locations)
        yield f"Sites ({len(study.locations):,}) by country", [f"{name}: {n:,}" for name, n in countries.most_common()]
    else:
        yield "Sites", [", ".join(filter(None, (s.facility, s.city, s.country, s.status))) for s in study.locations]


def _joined(kind: object, name: str | None) -> str:
    return f"{kind}: {name}" if kind else str(name)


def _criteria(items: Sequence[Criterion]) -> list[str]:
    return ["  " * depth + one.text for item in items for depth, one in item.walk()]


def _print_list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    show(Text(f"{title} ({len(lines)})", style="bold"), *map(_item, lines[:_ITEMS_SHOWN]), *_more(lines))


def _item(line: str) -> RenderableType:
    """An item with a dot; its further lines stand under its first."""
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_row(Text("·"), Text(one_line(line.strip())))
    return indented(row, 2 + len(line) - len(line.lstrip()))


def _more(lines: Sequence[object]) -> list[Text]:
    more = len(lines) - _ITEMS_SHOWN
    return [Text(f"  … and {more:,} more; --json has all", style="dim")] if more > 0 else []


def print_notes(issues: Sequence[Issue], unread: Sequence[Unread]) -> None:
    """Print what users should know of how a record was read."""
    notes = [f"note [{one.code}]{f' {one.path}' if one.path else ''}: {one.message}" for one in issues]
    texts = [f"unread ({one.place}): {one.text}" for one in unread]
    lines = [*notes, *texts]
    if lines:
        show(Text(""), *(Text(one_line(line), style="dim") for line in lines[:_ITEMS_SHOWN]), *_more(lines))
