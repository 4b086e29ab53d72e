"""Changes of a record to the model of what a reader is shown of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ctgov_ingest.compare.changes import Change
from ctgov_ingest.compare.events import events
from ctgov_ingest.compare.kinds import STAMPS
from ctgov_ingest.compare.seen import at
from ctgov_ingest.showing.items import Both
from ctgov_ingest.showing.model import Diff, Entry, Happening, Section, Side
from ctgov_ingest.showing.rounds import ROUNDS, module_of
from ctgov_ingest.showing.words import in_line
from ctgov_ingest.wording import one_line
from ctgov_ingest.wording.events import sentences
from ctgov_ingest.wording.labels import MODULES, module_label

Document = dict[str, Any]


def diff_of(
    old: Document,
    new: Document,
    changes: Iterable[Change],
    *,
    sides: tuple[Side, Side] = (Side("old"), Side("new")),
    on: str | None = None,
    note: str = "",
) -> Diff:
    """Make the model of what changed from one document to another; `on` as in `compare.events.events`."""
    told = list(changes)
    happenings = [Happening(*one) for one in sentences(events(old, new, told, on))]
    known = new if at(new, _NCT_ID) else old
    return Diff(
        nct_id=in_line(_NCT_ID, at(known, _NCT_ID)),
        title=in_line(_TITLE, at(known, _TITLE) or at(known, _OFFICIAL_TITLE)),
        old=_plain(sides[0]),
        new=_plain(sides[1]),
        happenings=tuple(happenings),
        sections=tuple(_sections(Both(old, new), told)),
        note=one_line(note),
    )


def _plain(side: Side) -> Side:
    return side._replace(**{name: one_line(text) for name, text in side._asdict().items() if text is not None})


_IDENTIFICATION: Final = "protocolSection.identificationModule"
_NCT_ID: Final = f"{_IDENTIFICATION}.nctId"
_TITLE: Final = f"{_IDENTIFICATION}.briefTitle"
_OFFICIAL_TITLE: Final = f"{_IDENTIFICATION}.officialTitle"


def _sections(both: Both, changes: Sequence[Change]) -> Iterator[Section]:
    """The changes by module, in the order of the registry's modules; those that it does not have come last."""
    modules: dict[str, list[Change]] = {}
    for change in changes:
        modules.setdefault(module_of(change.path), []).append(change)
    order = {name: place for place, name in enumerate(MODULES)}
    for module in sorted(modules, key=lambda name: order.get(name, len(order))):
        yield Section(module_label(module), tuple(_entries(both, modules[module])))


def _entries(both: Both, changes: list[Change]) -> list[Entry]:
    """The entries of a module in the order of its changes; what every update moves comes last."""
    places = {id(change): (change.path in STAMPS, place) for place, change in enumerate(changes)}
    found: list[tuple[tuple[bool, int], Entry]] = []
    for round_ in ROUNDS:
        gone: set[int] = set()
        for taken, entry in round_(both, changes):
            found.append((min(places[id(change)] for change in taken), entry))
            gone.update(map(id, taken))
        changes = [change for change in changes if id(change) not in gone]
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]
