"""Events of outcomes, arms, interventions, sites, documents and other lists. The table is `events_table.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.events_results import had_results, has_results
from ctgov_ingest.compare.events_status import STATUS
from ctgov_ingest.compare.moves import Move, list_of, moves
from ctgov_ingest.compare.seen import Data, Edit, Seen, Told, as_edit, at, fields_of, items_at
from ctgov_ingest.compare.when import had_passed

_PROTOCOL: Final = "protocolSection"
OUTCOMES: Final = f"{_PROTOCOL}.outcomesModule"
ARMS: Final = f"{_PROTOCOL}.armsInterventionsModule.armGroups"
INTERVENTIONS: Final = f"{_PROTOCOL}.armsInterventionsModule.interventions"
SITES: Final = f"{_PROTOCOL}.contactsLocationsModule.locations"

_OUTCOME: Final = ("measure", "timeFrame", "description")
_SITE: Final = ("facility", "city", "state", "country", "zip")
_RECRUITING: Final = frozenset({"RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
_RANKS: Final = {"primaryOutcomes": "primary", "secondaryOutcomes": "secondary", "otherOutcomes": "other"}

Keep = Callable[[Edit], bool]


# Outcomes


def outcomes(seen: Seen) -> Iterator[Told]:
    """What happened to each outcome, and how far the study was by then."""
    moved = moves(seen.under(OUTCOMES))
    taken = {change.path for move in moved for change in move}
    yield from (_promotion(seen, move) for move in moved)
    for name, rank in _RANKS.items():
        path = f"{OUTCOMES}.{name}"
        yield from (
            Told(told, {**data, **_progress(seen)}, changes)
            for told, data, changes in _items(f"{rank}_outcome", _OUTCOME, path, seen)
            if taken.isdisjoint(change.path for change in changes)
        )


def _promotion(seen: Seen, move: Move) -> Told:
    """An outcome that changed its rank: named by the higher of both."""
    was, now = (_RANKS[str(list_of(change.path))] for change in move)
    order = list(_RANKS.values())
    is_up = order.index(now) < order.index(was)
    edits = [as_edit(change.path, change) for change in move.edits]
    data = {"outcome": fields_of(move.gone.old, _OUTCOME), "from": was, "to": now, "edits": edits, **_progress(seen)}
    return Told(f"{now}_outcome_promoted" if is_up else f"{was}_outcome_demoted", data, move)


def _progress(seen: Seen) -> Data:
    """How far the study was on the day of the new version: its start, its primary completion, its results."""
    before = had_results(seen)
    return {
        "after_start": had_passed(_day(seen, "startDateStruct"), seen.on),
        "after_primary_completion": had_passed(_day(seen, "primaryCompletionDateStruct"), seen.on),
        "after_results": before,
        "with_results": before == "no" and has_results(seen.new),
    }


def _day(seen: Seen, struct: str) -> Any:
    """A date as the new version has it, else the old one."""
    path = f"{STATUS}.{struct}.date"
    return at(seen.new, path) or at(seen.old, path)


# Items of any list


def _items(prefix: str, fields: Sequence[str], path: str, seen: Seen, keep: Keep | None = None) -> Iterator[Told]:
    """What was added to a list, removed from it and changed in it, item by item. `keep`: the edits that count."""
    what = prefix.rpartition("_")[2]
    for change in seen.whole(path):
        if change.op == "changed":  # a plain value
            yield Told(f"{prefix}_changed", {what: change.old, "edits": [as_edit("", change)]}, [change])
        else:
            item = change.old if change.op == "removed" else change.new
            yield Told(f"{prefix}_{change.op}", {what: fields_of(item, fields) or item}, [change])
    was = items_at(seen.old, path) if seen.edits(path) else {}
    for edits in seen.edits(path).values():
        kept = [edit for edit in edits if keep is None or keep(edit)]
        if kept:
            data = {what: fields_of(was.get(edits[0].label), fields), "edits": _as_edits(kept)}
            yield Told(f"{prefix}_changed", data, [edit.change for edit in kept])


def _as_edits(edits: Iterable[Edit]) -> list[Data]:
    return [as_edit(edit.field, edit.change) for edit in edits]


# Arms and interventions


def arms(seen: Seen) -> Iterator[Told]:
    """What happened to arms and interventions. That one names the other anew after a change of name is no event."""
    names = _names(seen, ARMS, "label") | _names(seen, INTERVENTIONS, "name")

    def keep(edit: Edit) -> bool:
        """Whether an edit tells more than that an item which is told of itself has another name, or came, or went."""
        if edit.field.partition("[")[0] not in ("interventionNames", "armGroupLabels"):
            return True
        values = [value for value in (edit.change.old, edit.change.new) if isinstance(value, str)]
        return not all(value in names or value.partition(": ")[2] in names for value in values)

    yield from _items("arm", ("label", "type", "description"), ARMS, seen, keep)
    yield from _items("intervention", ("type", "name", "description"), INTERVENTIONS, seen, keep)


def _names(seen: Seen, path: str, field: str) -> set[Any]:
    """The names, old and new, of the items of a list that were added, removed or renamed."""
    items = [item for change in seen.whole(path) for item in (change.old, change.new) if isinstance(item, dict)]
    edits = [edit.change for edits in seen.edits(path).values() for edit in edits if edit.field == field]
    return {item.get(field) for item in items} | {name for change in edits for name in (change.old, change.new)}


# Sites: one event for all sites of a version to which the same happened, since 300 that close are one piece of news


def sites(seen: Seen) -> Iterator[Told]:
    """Sites that came, went, opened, closed or changed their status otherwise."""
    for op in ("added", "removed"):
        if changes := [change for change in seen.whole(SITES) if change.op == op]:
            items = [change.old or change.new for change in changes]
            yield _sites(f"site_{op}", [fields_of(item, (*_SITE, "status")) for item in items], changes)
    edits = [edit for edits in seen.edits(SITES).values() for edit in edits if edit.field == "status"]
    was = items_at(seen.old, SITES) if edits else {}
    for name, is_so in _TURNS:
        if told := [edit for edit in edits if is_so(edit.change)]:
            found = [
                {**fields_of(was.get(edit.label), _SITE), "from": edit.change.old, "to": edit.change.new}
                for edit in told
            ]
            yield _sites(name, found, [edit.change for edit in told])


def _sites(name: str, found: list[Data], changes: Sequence[Change]) -> Told:
    return Told(name, {"count": len(found), "sites": found}, changes)


def _turns(change: Change) -> bool:
    return not _opens(change) and not _closes(change)


def _opens(change: Change) -> bool:
    return change.new in _RECRUITING and change.old not in _RECRUITING


def _closes(change: Change) -> bool:
    return change.old in _RECRUITING and change.new not in _RECRUITING


_TURNS: Final = (("site_opened", _opens), ("site_closed", _closes), ("site_status_changed", _turns))

# Other lists

_DOCUMENT: Final = ("typeAbbrev", "label", "date", "uploadDate", "filename")

documents = partial(_items, "document", _DOCUMENT, "documentSection.largeDocumentModule.largeDocs")
"""Documents that were added, removed or replaced."""

collaborators = partial(
    _items, "collaborator", ("name", "class"), f"{_PROTOCOL}.sponsorCollaboratorsModule.collaborators"
)
"""Collaborators that came, went or changed."""

conditions = partial(_items, "condition", (), f"{_PROTOCOL}.conditionsModule.conditions")
"""Conditions that were added, removed or written in another way."""
