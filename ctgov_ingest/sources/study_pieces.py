"""From the pieces of a Study Details page to raw values: shared by the page reader and the scanner of saved
text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ctgov_ingest.sources import study_arms, study_header, study_more, study_outcomes, study_places
from ctgov_ingest.sources.content import line
from ctgov_ingest.sources.pieces import Piece, Role
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.sources.study_eras import DETAILS, ERAS, Era, hide_dates_not_shown
from ctgov_ingest.sources.study_fields import FIELDS, OVERSIGHT, REFERENCES, Rule
from ctgov_ingest.sources.study_labels import IGNORED_FIELDS, ignored, label_key

RULES: dict[str, dict[str, Rule]] = {era.tab: {**FIELDS, **study_header.SPONSOR_FIELDS, **era.fields} for era in ERAS}
"""What to do with the value of a label, in each era."""


_Reader = Callable[[RawRecord, Piece], None]


def read_pieces(
    pieces: Iterable[Piece],
    rules: Mapping[str, Rule] = RULES[DETAILS.tab],
    readers: Mapping[Role, _Reader] | None = None,
) -> RawRecord:
    """Read each piece by its role; what no rule knows becomes `unread`. `readers`: of roles of one kind of page."""
    record = RawRecord()
    readers = {**_READERS, **(readers or {})}
    for piece in pieces:
        if piece.role is Role.FIELD:
            _read_field(record, piece, rules)
        else:
            readers[piece.role](record, piece)
    study_header.finish(record)
    study_more.finish(record)
    hide_dates_not_shown(record)
    return record


def _read_field(record: RawRecord, piece: Piece, rules: Mapping[str, Rule]) -> None:
    key = label_key(piece.label)
    if rule := rules.get(key):
        rule(record, piece.cell, piece.place)
        if not piece.borders:
            message = "headings are lost: all text before the first table stands here, a detailed description with it"
            record.issue("headings-lost", message, rule.paths[0], None, piece.place)
    elif key not in IGNORED_FIELDS and not (ignored(piece.label) and ignored(line(piece.cell))):
        record.leave(line(piece.cell), piece.place, label=piece.label)


_READERS: dict[Role, _Reader] = {
    Role.TITLE: study_header.read_title,
    Role.STATUS: study_header.read_status,
    Role.SUMMARY: study_arms.read_summary,
    Role.ARMS: study_arms.read_arms,
    Role.GROUPS: study_arms.read_groups,
    Role.INTERVENTIONS: study_arms.read_interventions,
    Role.OUTCOMES: study_outcomes.read_outcomes,
    Role.SITES: study_places.read_sites,
    Role.CONTACTS: study_places.read_contacts,
    Role.OFFICIALS: study_places.read_officials,
    Role.REFERENCES: study_more.read_references,
    Role.LINKS: study_more.read_links,
    Role.TERMS: study_more.read_terms,
    Role.REST: study_more.read_rest,
}

NOT_CARRIED = {
    f"{OVERSIGHT}.oversightHasDmc": "only the Tabular View shows it; some copies have the row all the same",
    f"{study_more.MESH}.term": "pages mix the terms of conditions and interventions, and their ancestors",
    f"{REFERENCES}.references.pmid": "stands only in the address of some links",
    f"{REFERENCES}.references.retractions.source": "stands only at some citations",
    f"{REFERENCES}.seeAlsoLinks.url": "most links lead to a redirect of the site's own",
}
"""Paths that are read where they stand, but never missed, and why."""

_PARTS = (study_arms, study_header, study_more, study_outcomes, study_places)


def carried(era: Era) -> frozenset[str]:
    """The paths that a study page of this era can show."""
    rules = {**FIELDS, **era.fields}
    shown = {path for rule in rules.values() for path in rule.paths} | {path for part in _PARTS for path in part.SHOWN}
    return without(shown - NOT_CARRIED.keys(), era.lacks)


def without(paths: Iterable[str], hidden: Iterable[str]) -> frozenset[str]:
    """Paths less those that are hidden, each with all below it."""
    hidden = tuple(hidden)
    below = tuple(f"{path}." for path in hidden)
    return frozenset(path for path in paths if path not in hidden and not path.startswith(below))


CARRIED = carried(DETAILS)
"""The paths that a Study Details page can show."""
