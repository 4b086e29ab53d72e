"""The rest of a results page: the table at its top, cycles of submission, limitations, agreements, point of contact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ctgov_ingest.sources.content import Content, Text, line, lines
from ctgov_ingest.sources.page_tree import Block, content
from ctgov_ingest.sources.pieces import Piece, Role
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.results_parts import Section, is_damaged, key
from ctgov_ingest.sources.study_eras import RECEIVED_FIELDS
from ctgov_ingest.sources.study_fields import FIELDS, Line, Rule, Split
from ctgov_ingest.sources.study_labels import IGNORED_FIELDS
from ctgov_ingest.sources.study_page import Cutter

CYCLES = Role.CYCLES
SUBMISSIONS = "derivedSection.miscInfoModule.submissionTracking"
INFOS = f"{SUBMISSIONS}.submissionInfos"
MORE = "resultsSection.moreInfoModule"
LIMITATIONS = f"{MORE}.limitationsAndCaveats"
CONTACT = f"{MORE}.pointOfContact"
AGREEMENT = f"{MORE}.certainAgreement"

SHOWN = (
    *(f"{INFOS}.{name}" for name in ("releaseDate", "unreleaseDate", "unreleaseDateUnknown", "resetDate")),
    f"{LIMITATIONS}.description",
    *(f"{CONTACT}.{name}" for name in ("title", "organization", "phone", "email")),
    *(
        f"{AGREEMENT}.{name}"
        for name in ("piSponsorEmployee", "restrictiveAgreement", "restrictionType", "otherDetails")
    ),
)
"""The paths that this part fills."""

# --- tables of labels and values -----

_LABELS = frozenset(
    {
        *("study type", "study design", "condition", "study phase", "recruitment status", "expanded access status"),
        *(label for label in FIELDS if label.endswith(("completion date", "enrollment", " posted", " verified"))),
        *("responsible party", "clinicaltrials.gov identifier", "other study id numbers"),
        *RECEIVED_FIELDS,
        *IGNORED_FIELDS,
    }
)
"""Labels of the tables at the top and at the end; the sections between have words of the same kind of their own."""

_INTERVENTIONS = frozenset({"intervention", "interventions"})
_ROWS = {"conditions": "condition", "phase": "study phase", "interventions": "intervention"}
"""Labels of the table at the top that have another name elsewhere."""


def own(cutter: Cutter, block: Block) -> Iterator[Piece] | None:
    """The pieces of a table that results pages alone have; None for any other block."""
    if block.tag != "table" or is_damaged(block):
        return None
    rows = [row.blocks() for row in block.all("tr")]
    first = key(rows[0][0].text) if rows and rows[0] else ""
    if first == "submission cycle":
        return _cycles(cutter, rows[1:])
    if first in _LABELS | _INTERVENTIONS | _ROWS.keys() and all(cell.mark is None for row in rows for cell in row):
        return _labelled(cutter, rows)
    return None


def _labelled(cutter: Cutter, rows: Sequence[Sequence[Block]]) -> Iterator[Piece]:
    """A row a field: label and value."""
    for row in rows:
        if len(row) != 2:
            for cell in row:
                yield from cutter.walk(cell.nodes)
            continue
        label = key(row[0].text)
        label = _ROWS.get(label, label)
        if label not in _LABELS | _INTERVENTIONS:
            yield cutter.piece(Role.REST, "", [[(Text(f"{row[0].text} {row[1].text}"),)]])
        elif label in _INTERVENTIONS:
            texts = lines(content(row[1]))
            yield cutter.piece(Role.INTERVENTIONS, "", [[(Text(text),)] for text in texts])
        else:
            yield cutter.piece(Role.FIELD, label, [[_value(row)]])


def _value(row: Sequence[Block]) -> Content:
    """The content of the second cell, without the links behind an identifier."""
    found = content(row[1])
    match found:
        case (Text(text),) if text.endswith("History of Changes"):
            return (Text(text.removesuffix("History of Changes").strip()),)
    return found


# --- cycles of submission -----


def _cycles(cutter: Cutter, rows: Sequence[Sequence[Block]]) -> Iterator[Piece]:
    cells = [[content(cell) for cell in row] for row in rows if row]
    yield cutter.piece(CYCLES, "submission cycle", cells)


_CANCELED = re.compile(r"\(\s*Cancell?ed\s*(?:on (?P<date>[^()]{3,40})|-\s*Date Unknown)\s*\)", re.IGNORECASE)


_CYCLE = 3
"""The cells of a cycle."""


def read_cycles(record: RawRecord, piece: Piece) -> None:
    """A row a cycle: each submission with its cancellation; a return belongs to the last submission of its cycle."""
    for row in piece.rows:
        if len(row) != _CYCLE or not line(row[0]).isdigit():  # nobody can tell what was submitted, what returned
            record.leave(" ".join(line(cell) for cell in row), piece.place, label="Submission Cycle")
            continue
        _number, submitted, returned = row
        infos: list[RawTree] = []
        for text in lines(submitted):
            found = _CANCELED.fullmatch(text)
            if not found:
                infos.append(group({"releaseDate": text}, piece.place))
            elif infos and found["date"]:
                infos[-1] |= group({"unreleaseDate": found["date"].strip()}, piece.place)
            elif infos:
                infos[-1] |= group({"unreleaseDateUnknown": "Yes"}, piece.place)
            else:
                record.leave(text, piece.place)
        if line(returned):
            infos = infos or [{}]
            infos[-1] |= group({"resetDate": line(returned)}, piece.place)
        record.put_all(INFOS, infos)


# --- limitations -----


def read_limitations(record: RawRecord, section: Section) -> None:
    """The text of the one table."""
    for part in section.parts:
        for text in part.captions:
            record.leave(text, section.name)
        if text := part.text:
            record.put(f"{LIMITATIONS}.description", text, section.name)


# --- agreements and point of contact -----

_OPENINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), label)
    for pattern, label in (
        (r"(?:All )?Principal Investigators (?:are|ARE) (?P<value>NOT )?employed by .*", "pi employee"),
        (r"There is (?P<value>NOT )?an? agreement between .*", "agreement"),
        (r"There IS an? agreement between (?P<value>.*)", "agreement"),
        (r"The agreement is:?", ""),
        (r"(?P<value>The only disclosure restriction on the PI is .*)", "restriction"),
        (r"(?P<value>Other disclosure agreement that restricts .*)", "restriction"),
        (r"Restriction Description:\s*(?P<value>.+)", "restriction details"),
        (r"Name\s?/\s?(?:Official )?Title:\s*(?P<value>.+)", "contact title"),
        (r"Organization:\s*(?P<value>.+)", "contact organization"),
        (r"phone:\s*(?P<value>.+)", "contact phone"),
        (r"e-?mail:\s*(?P<value>.+)", "contact email"),
        (r"Certain Agreements:?|Results Point of Contact:?|(?:Hide|Show) More Information", ""),
        (r"About (?:Clinical )?Study Results Reporting on ClinicalTrials\.gov", ""),
        (r"No Study Results Posted on ClinicalTrials\.gov for this Study", ""),
        (r"Results Submitted - Not Posted on ClinicalTrials\.gov", ""),
        (r"Results information has been submitted to ClinicalTrials\.gov by .*", ""),
    )
)
"""How lines under More Information read, and the field of each; an empty one says nothing of the study."""


def named(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Lines under no label to fields, where their words tell which."""
    for piece in pieces:
        text = line(piece.cell) if piece.role is Role.REST else ""
        match = next(((found, label) for form, label in _OPENINGS if text and (found := form.fullmatch(text))), None)
        if match is None:
            yield piece
        elif match[1]:
            value = match[0]["value"] if "value" in match[0].groupdict() else None
            yield Piece(Role.FIELD, match[1], [[(Text((value or "is so").strip()),)]], piece.place)


def _yes_unless_not(path: str) -> Rule:
    def rule(record: RawRecord, value: Content, place: str) -> None:
        record.put(path, "No" if line(value) == "NOT" else "Yes", place)

    return Split(rule, (path,))


def _restriction(record: RawRecord, value: Content, place: str) -> None:
    """Pages may list all kinds of restriction and mark one by a picture: with more than one, none is told."""
    known = record.asides.get("restriction")
    record.asides["restriction"] = Raw(f"{known.text}\n{line(value)}" if known else line(value), place)


RULES: dict[str, Rule] = {
    "pi employee": _yes_unless_not(f"{AGREEMENT}.piSponsorEmployee"),
    "agreement": _yes_unless_not(f"{AGREEMENT}.restrictiveAgreement"),
    "restriction": Split(_restriction, ()),
    "restriction details": Line(f"{AGREEMENT}.otherDetails"),
    "contact title": Line(f"{CONTACT}.title"),
    "contact organization": Line(f"{CONTACT}.organization"),
    "contact phone": Line(f"{CONTACT}.phone"),
    "contact email": Line(f"{CONTACT}.email"),
}
"""Fields of More Information."""

_RESTRICTIONS = (
    ("less than or equal to 60 days", "LTE60"),
    ("more than 60 days", "GT60"),
    ("other disclosure agreement", "OTHER"),
)


def finish(record: RawRecord) -> None:
    """Tell the kind of restriction, where the page names but one."""
    raw = record.asides.get("restriction")
    if raw is None:
        return
    path = f"{AGREEMENT}.restrictionType"
    kinds = [kind for words, kind in _RESTRICTIONS if words in raw.text.casefold()]
    if len(kinds) == 1:
        record.put(path, kinds[0], raw.place)
    else:
        message = "the page names several kinds of restriction, and marks one by a picture: not told"
        record.issue("unparsed", message, path, raw.text, raw.place)
        record.hide(path)
