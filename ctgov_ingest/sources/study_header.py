"""The header of a Study Details page: title, recruitment status, sponsor, collaborators, responsible party."""

from __future__ import annotations

import re

from ctgov_ingest.sources.content import Content, Text, fold, line, lines
from ctgov_ingest.sources.pieces import Piece
from ctgov_ingest.sources.record import Raw, RawRecord, group
from ctgov_ingest.sources.study_fields import FIELDS, IDENTIFICATION, SPONSORS, STATUS, Rule, Split
from ctgov_ingest.sources.study_labels import SPONSOR_LIST, ignored, label_key
from ctgov_ingest.study.vocabularies import Status
from ctgov_ingest.values.labels import spellings
from ctgov_ingest.values.phrases import StatusLine, split_status
from ctgov_ingest.values.sentences import split_sentence

TITLE = f"{IDENTIFICATION}.briefTitle"
ACRONYM = f"{IDENTIFICATION}.acronym"
LEAD_SPONSOR = f"{SPONSORS}.leadSponsor.name"
COLLABORATORS = f"{SPONSORS}.collaborators"
PARTY = f"{SPONSORS}.responsibleParty"

SHOWN = (
    TITLE,
    f"{STATUS}.overallStatus",
    f"{STATUS}.whyStopped",
    f"{STATUS}.lastKnownStatus",
    LEAD_SPONSOR,
    f"{COLLABORATORS}.name",
)
"""The paths that this part fills for certain. Which kind of responsible party it is, no page says."""


def read_title(record: RawRecord, piece: Piece) -> None:
    """The brief title."""
    record.put(TITLE, line(piece.cell), piece.place)


# --- status -----

SENTENCE = "sentence"
"""The label of a status that a page says in a sentence."""

_STATUS_LABEL = re.compile(
    r"(?P<label>(?:Recruitment|Expanded Access) Status|Results First Posted|First Posted|Last Update Posted)\s*:",
    re.IGNORECASE,
)


def read_status(record: RawRecord, piece: Piece) -> None:
    """The status block: its first part is the status in one of its forms, then posted dates."""
    if piece.label == SENTENCE:
        _read_sentence(record, piece)
        return
    for label, text in _status_parts(record, piece):
        if label_key(label).endswith(" status"):
            put_status(record, text, piece.place)
        else:
            FIELDS[label_key(label)](record, (Text(text),), piece.place)


def _status_parts(record: RawRecord, piece: Piece) -> list[tuple[str, str]]:
    """Labels with what follows them, up to the next label at the start of a line."""
    parts: list[tuple[str, list[str]]] = []
    for text in lines(piece.cell):
        if ignored(text):
            continue
        if found := _STATUS_LABEL.match(text):
            parts.append((found["label"], [text[found.end() :]]))
        elif parts:
            parts[-1][1].append(text)
        else:
            record.leave(text, piece.place, label="Recruitment Status")
    return [(label, fold(" ".join(texts))) for label, texts in parts]


def _read_sentence(record: RawRecord, piece: Piece) -> None:
    """The status as a sentence, as before 2017."""
    if found := split_sentence(line(piece.cell)):
        status, rest = found
        _put_status_line(record, status, piece.place)
        if rest and not ignored(rest):
            record.leave(rest, piece.place, label="Recruitment Status")


def put_status(record: RawRecord, text: str, place: str) -> None:
    """A status in words, with what may stand behind it."""
    _put_status_line(record, split_status(text), place)


def _put_status_line(record: RawRecord, found: StatusLine, place: str) -> None:
    if not _same_status(record.text(f"{STATUS}.overallStatus"), found.status):
        record.put(f"{STATUS}.overallStatus", found.status, place)
    if found.reason:
        record.put(f"{STATUS}.whyStopped", found.reason, place)
    if found.verified:
        record.put(f"{STATUS}.statusVerifiedDate", found.verified, place)
    if found.last_known:
        record.put(f"{STATUS}.lastKnownStatus", found.last_known, place)
    if found.verified_by:
        record.asides["verified by"] = Raw(found.verified_by, place)


def _same_status(one: str | None, other: str) -> bool:
    """Whether two labels name one status: `Unknown` and `Unknown status`."""
    known = spellings(Status)
    return one is not None and known.get(one.casefold(), one) == known.get(other.casefold(), other)


# --- sponsors -----


def _sponsor(record: RawRecord, value: Content, place: str) -> None:
    record.put(LEAD_SPONSOR, line(value), place)


def _collaborators(record: RawRecord, value: Content, place: str) -> None:
    if not record.items(COLLABORATORS):
        record.put_all(COLLABORATORS, [group({"name": name}, place) for name in lines(value)])


def _sponsors_and_collaborators(record: RawRecord, value: Content, place: str) -> None:
    """The list under Contacts and Locations repeats the header: it serves where the header is missing."""
    names = lines(value)
    if record.text(LEAD_SPONSOR) is None:
        record.put(LEAD_SPONSOR, names[0], place)
        _collaborators(record, tuple(Text(name) for name in names[1:]), place)


def _aside(name: str) -> Split:
    def rule(record: RawRecord, value: Content, place: str) -> None:
        record.asides.setdefault(name, Raw(line(value), place))

    return Split(rule, ())


SPONSOR_FIELDS: dict[str, Rule] = {
    "sponsor": Split(_sponsor, (LEAD_SPONSOR,)),
    "collaborator": Split(_collaborators, (f"{COLLABORATORS}.name",)),
    "collaborators": Split(_collaborators, (f"{COLLABORATORS}.name",)),
    SPONSOR_LIST: Split(_sponsors_and_collaborators, (LEAD_SPONSOR, f"{COLLABORATORS}.name")),
    "information provided by (responsible party)": _aside("provided by"),
    "information provided by": _aside("provided by"),
    "responsible party": _aside("responsible party"),
}
"""Labels of sponsors and the responsible party; what takes the whole page to tell is put aside for `finish`."""


def finish(record: RawRecord) -> None:
    """Tell the responsible party apart once the whole page is read.

    Pages name it in the header as `Name, Affiliation` and under More Information as `Name, Title, Affiliation`, or as
    the sponsor; which kind of investigator it is, no page says for certain.
    """
    header = record.asides.get("provided by")
    party = record.asides.get("responsible party", header)
    if party is None:
        return
    verifier = record.asides.get("verified by")
    if verifier and verifier.text == party.text and record.text(LEAD_SPONSOR) is None:
        record.put(LEAD_SPONSOR, party.text, party.place)
        message = "the sponsor's own line is lost: taken from the responsible party, who also verified the record"
        record.issue("inferred", message, LEAD_SPONSOR, party.text, party.place)
    _put_party(record, party, header or party)


def _put_party(record: RawRecord, party: Raw, header: Raw) -> None:
    lead = record.text(LEAD_SPONSOR)
    if lead is None:  # nobody can tell an investigator's name from the sponsor's own, which may hold a comma
        record.issue("unparsed", "expected a sponsor on the page to tell the party by", PARTY, party.text, party.place)
        return
    if party.text.casefold() == lead.casefold():
        record.put(f"{PARTY}.type", "Sponsor", party.place)
        return
    split = _split_party(party.text, header.text, lead)
    if split is None:
        record.put(f"{PARTY}.oldOrganization", party.text, party.place)
        return
    name, title, affiliation = split
    record.put(f"{PARTY}.investigatorFullName", name, party.place)
    if title:
        record.put(f"{PARTY}.investigatorTitle", title, party.place)
    record.put(f"{PARTY}.investigatorAffiliation", affiliation, party.place)
    kind = "Sponsor-Investigator" if name == lead else "Principal Investigator"
    record.put(f"{PARTY}.type", kind, party.place)
    message = (
        "the page names an investigator as responsible party, not which kind: a sponsor-investigator where the name "
        "is the sponsor's, else a principal investigator"
    )
    record.issue("inferred", message, f"{PARTY}.type", party.text, party.place)


def _split_party(full: str, header: str, lead: str | None) -> tuple[str, str | None, str] | None:
    """`Name, Title, Affiliation` and `Name, Affiliation` to name, title, affiliation; None without a comma."""
    commas = [found.start() for found in re.finditer(", ", header)][:_MOST_COMMAS]
    if lead and header.endswith(f", {lead}"):
        commas = [len(header) - len(lead) - 2, *commas]
    for at in commas:
        name, affiliation = header[:at], header[at + 2 :]
        if full == header and at == commas[0]:
            return name, None, affiliation
        middle = full[len(name) + 2 : len(full) - len(affiliation) - 2]
        if middle and full == f"{name}, {middle}, {affiliation}":
            return name, middle, affiliation
    return None


_MOST_COMMAS = 20
