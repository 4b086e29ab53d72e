"""From the pieces of a Study Details page to raw values: shared by the page reader and the scanner of saved text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ctgov_ingest.sources.content import Bullets, Content, Inset, Text, fold, line, lines, markdown
from ctgov_ingest.sources.pieces import Piece, Role
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree
from ctgov_ingest.sources.study_fields import (
    ARMS,
    CONDITIONS,
    CONTACTS,
    FIELDS,
    IDENTIFICATION,
    OUTCOME_LABELS,
    OUTCOMES,
    REFERENCE_LABELS,
    REFERENCES,
    SPONSORS,
    STATUS,
    Rule,
    ignored,
    label_key,
    phases,
)
from ctgov_ingest.values.phrases import (
    split_address,
    split_contact,
    split_intervention,
    split_interventions,
    split_outcome,
)

MESH = "derivedSection.conditionBrowseModule.meshes"

_Rows = Sequence[Sequence[Content]]


def read_pieces(pieces: Iterable[Piece]) -> RawRecord:
    """Read each piece by its role; what no rule knows becomes `unread`."""
    record = RawRecord()
    for piece in pieces:
        _READERS[piece.role](record, piece)
    finish_sponsors(record)
    return record


def _read_title(record: RawRecord, piece: Piece) -> None:
    record.put(f"{IDENTIFICATION}.briefTitle", line(piece.cell), piece.place)


def _read_field(record: RawRecord, piece: Piece) -> None:
    key = label_key(piece.label)
    if rule := _FIELD_RULES.get(key):
        rule(record, piece.cell, piece.place)
        if not piece.borders:
            message = "headings are lost: all text before the first table stands here, a detailed description with it"
            record.issue("headings-lost", message, rule.paths[0], None, piece.place)
    elif not (ignored(piece.label) and (not line(piece.cell) or ignored(line(piece.cell)))):
        record.leave(line(piece.cell), piece.place, label=piece.label)


_DOCUMENT = re.compile(r"(?P<label>.+?)\s*\[PDF\]\s*(?P<date>[A-Z][a-z]+ \d{1,2}, \d{4})?")

DOCUMENTS = "documentSection.largeDocumentModule.largeDocs"


def _read_rest(record: RawRecord, piece: Piece) -> None:
    text = line(piece.cell)
    if found := _DOCUMENT.fullmatch(text):
        named = {name: Raw(value, piece.place) for name, value in found.groupdict().items() if value}
        before = [item for item in record.items(DOCUMENTS) if isinstance(item, dict)]
        record.put_all(DOCUMENTS, [*before, named])
    elif not ignored(text):
        record.leave(text, piece.place)


# --- the header: status, sponsor, responsible party ---------------------------------------------------------------

_VERIFIED = re.compile(
    r"(?P<status>.*?)\s*Verified\s+(?P<verified>\w+\s+\d{4})\s+by\s+(?P<by>.*?)"
    r"\s*Recruitment status was\s*:\s*(?P<last>.*)",
    re.DOTALL | re.IGNORECASE,
)
_REASON = re.compile(r"(?P<status>[^(]*?)\s*\((?P<reason>.*)\)\s*", re.DOTALL)
_STATUS_LABEL = re.compile(
    r"(?P<label>(?:Recruitment|Expanded Access) Status|Results First Posted|First Posted|Last Update Posted)\s*:"
)


def _read_status(record: RawRecord, piece: Piece) -> None:
    """The status block: its first part is the status in one of its forms, then posted dates."""
    for label, text in _status_parts(lines(piece.cell)):
        if label_key(label).endswith(" status"):
            _put_status(record, text, piece.place)
        else:
            FIELDS[label_key(label)](record, (Text(text),), piece.place)


def _status_parts(texts: list[str]) -> list[tuple[str, str]]:
    """Labels with what follows them, up to the next label at the start of a line."""
    parts: list[tuple[str, str]] = []
    for text in texts:
        if ignored(text):
            continue
        found = _STATUS_LABEL.match(text)
        if found:
            parts.append((found["label"], text[found.end() :].strip()))
        elif parts:
            label, before = parts[-1]
            parts[-1] = (label, f"{before} {text}".strip())
    return parts


def _put_status(record: RawRecord, text: str, place: str) -> None:
    if found := _VERIFIED.fullmatch(text):
        record.put(f"{STATUS}.overallStatus", found["status"], place)
        record.put(f"{STATUS}.statusVerifiedDate", found["verified"], place)
        record.put(f"{STATUS}.lastKnownStatus", found["last"].strip(), place)
        record.put(f"{SPONSORS}.verifiedBy", re.sub(r"\.$", "", found["by"].strip()), place)
    elif found := _REASON.fullmatch(text):
        record.put(f"{STATUS}.overallStatus", found["status"], place)
        record.put(f"{STATUS}.whyStopped", found["reason"].strip(), place)
    else:
        record.put(f"{STATUS}.overallStatus", text, place)


def _sponsor(record: RawRecord, value: Content, place: str) -> None:
    record.put(f"{SPONSORS}.leadSponsor.name", line(value), place)


def _collaborators(record: RawRecord, value: Content, place: str) -> None:
    if not record.items(f"{SPONSORS}.collaborators"):
        items: list[RawTree] = [{"name": Raw(name, place)} for name in lines(value)]
        record.put_all(f"{SPONSORS}.collaborators", items)


def _sponsors_and_collaborators(record: RawRecord, value: Content, place: str) -> None:
    """The list under Contacts and Locations repeats the header: it serves where the header is missing."""
    names = lines(value)
    if names and record.text(f"{SPONSORS}.leadSponsor.name") is None:
        record.put(f"{SPONSORS}.leadSponsor.name", names[0], place)
        _collaborators(record, tuple(Text(name) for name in names[1:]), place)


def _provided_by(record: RawRecord, value: Content, place: str) -> None:
    record.put(f"{SPONSORS}.providedBy", line(value), place)


def _responsible_party(record: RawRecord, value: Content, place: str) -> None:
    record.put(f"{SPONSORS}.responsiblePartyLine", line(value), place)


def finish_sponsors(record: RawRecord) -> None:
    """Tell the responsible party apart once the whole page is read, and drop the helping texts.

    Pages name it in the header as `Name, Affiliation` and under More Information as `Name, Title, Affiliation`, or as
    the sponsor; which kind of investigator it is, no page says for certain.
    """
    sponsors = record.tree.get("protocolSection", {})
    module = sponsors.get("sponsorCollaboratorsModule", {}) if isinstance(sponsors, dict) else {}
    if not isinstance(module, dict) or not module:
        return
    header, full, verifier = (
        module.pop(name, None) for name in ("providedBy", "responsiblePartyLine", "verifiedBy")
    )
    party = full if isinstance(full, Raw) else header if isinstance(header, Raw) else None
    if isinstance(verifier, Raw) and party and verifier.text == party.text and "leadSponsor" not in module:
        record.put(f"{SPONSORS}.leadSponsor.name", party.text, party.place)
        record.issue(
            "inferred",
            "the sponsor's own line is lost: taken from the responsible party, who also verified the record",
            f"{SPONSORS}.leadSponsor.name",
            party.text,
            party.place,
        )
    if party:
        _put_party(record, party, header if isinstance(header, Raw) else None)


def _put_party(record: RawRecord, party: Raw, header: Raw | None) -> None:
    base = f"{SPONSORS}.responsibleParty"
    lead = record.text(f"{SPONSORS}.leadSponsor.name")
    if lead is not None and fold(party.text).casefold() == fold(lead).casefold():
        record.put(f"{base}.type", "Sponsor", party.place)
        return
    split = _split_party(party.text, header.text if header else party.text, lead)
    if split is None:
        record.put(f"{base}.oldOrganization", party.text, party.place)
        return
    name, title, affiliation = split
    record.put(f"{base}.investigatorFullName", name, party.place)
    if title:
        record.put(f"{base}.investigatorTitle", title, party.place)
    record.put(f"{base}.investigatorAffiliation", affiliation, party.place)
    record.put(
        f"{base}.type", "Sponsor-Investigator" if name == lead else "Principal Investigator", party.place
    )
    record.issue(
        "inferred",
        "the page names an investigator as responsible party, not which kind: a sponsor-investigator where the name "
        "is the sponsor's, else a principal investigator",
        f"{base}.type",
        party.text,
        party.place,
    )


def _split_party(full: str, header: str, lead: str | None) -> tuple[str, str | None, str] | None:
    """`Name, Title, Affiliation` and `Name, Affiliation` to name, title, affiliation; None without a comma."""
    commas = [found.start() for found in re.finditer(", ", header)]
    if lead and header.endswith(f", {lead}"):
        commas = [len(header) - len(lead) - 2, *commas]
    for at in commas:
        name, affiliation = header[:at], header[at + 2 :]
        if full == header and at == commas[0]:
            return name, None, affiliation
        middle = full[len(name) + 2 : len(full) - len(affiliation) - 2]
        if full == f"{name}, {middle}, {affiliation}" and middle:
            return name, middle, affiliation
    return None


# --- conditions, interventions, arms ------------------------------------------------------------------------------


def _columns(piece: Piece) -> dict[str, list[Content]]:
    """The cells of a table by the folded heading of their column."""
    heads, *rows = piece.rows
    return {
        label_key(line(head)): [row[at] for row in rows if at < len(row)]
        for at, head in enumerate(heads)
        if line(head)
    }


def _read_summary(record: RawRecord, piece: Piece) -> None:
    for head, cells in _columns(piece).items():
        rule = _SUMMARY_RULES.get(head)
        for cell in cells:
            if rule:
                rule(record, cell, piece)
            elif line(cell):
                record.leave(line(cell), piece.place, label=head)


def _summary_conditions(record: RawRecord, cell: Content, piece: Piece) -> None:
    _put_terms(record, f"{CONDITIONS}.conditions", lines(cell), piece)


def _summary_interventions(record: RawRecord, cell: Content, piece: Piece) -> None:
    texts = [
        part for text in lines(cell) for part in (split_interventions(text) if not piece.borders else [text])
    ]
    for text in texts:
        _intervention(record, text, piece.place)


def _put_terms(record: RawRecord, path: str, terms: list[str], piece: Piece) -> None:
    if terms and not piece.borders:
        record.issue(
            "borders-lost",
            "the text no longer shows where one item ends: kept whole",
            path,
            None,
            piece.place,
        )
    before = [item for item in record.items(path) if isinstance(item, Raw)]
    record.put_all(path, before + [Raw(term, piece.place) for term in terms])


def _intervention(record: RawRecord, text: str, place: str) -> RawTree:
    """The intervention of this type and name without a description yet, or a new one."""
    kind, name = split_intervention(text)
    for item in record.items(f"{ARMS}.interventions"):
        if isinstance(item, dict) and _named(item) == (kind, name) and "armGroupLabels" not in item:
            return item
    item = {"type": Raw(kind, place)} if kind else {}
    item["name"] = Raw(name, place)
    if kind is None:
        record.issue("unparsed", "expected 'Type: name'", f"{ARMS}.interventions.type", text, place)
    record.put_all(f"{ARMS}.interventions", [*record.items(f"{ARMS}.interventions"), item])  # type: ignore[list-item]
    return item


def _named(item: RawTree) -> tuple[str | None, str | None]:
    kind, name = item.get("type"), item.get("name")
    return (kind.text if isinstance(kind, Raw) else None, name.text if isinstance(name, Raw) else None)


def _read_arms(record: RawRecord, piece: Piece) -> None:
    """A row an arm: its type and label, then its description; beside it the interventions that it gets."""
    _heads, *rows = piece.rows
    arms: list[RawTree] = []
    for row in rows:
        if not row or not line(row[0]):
            continue
        arm = _arm(row[0], piece.place)
        given = [text for block in _by_intervention(row[1] if len(row) > 1 else ()) for text in [block]]
        names = [_give(record, block, arm, piece.place) for block in given]
        if names:
            arm["interventionNames"] = [Raw(name, piece.place) for name in names]
        arms.append(arm)
    record.put_all(f"{ARMS}.armGroups", arms)


_ARM_TYPE = re.compile(
    r"(?P<type>Experimental|Active Comparator|Placebo Comparator|Sham Comparator|No Intervention|Other)\s*:\s*(?P<label>.*)",
    re.DOTALL,
)


def _arm(cell: Content, place: str) -> RawTree:
    head, rest = _head(cell)
    found = _ARM_TYPE.fullmatch(head)
    arm: RawTree = {"label": Raw(found["label"] if found else head, place)}
    if found:
        arm["type"] = Raw(found["type"], place)
    if text := markdown(rest):
        arm["description"] = Raw(text, place)
    return arm


def _head(cell: Content) -> tuple[str, Content]:
    """The text before the first block of a cell, and the blocks."""
    texts = []
    for at, block in enumerate(cell):
        if not isinstance(block, Text):
            return fold(" ".join(texts)), cell[at:]
        texts.append(block.text)
    return fold(" ".join(texts)), ()


def _by_intervention(cell: Content) -> list[Content]:
    """The cell cut before each name: a text that follows a block, or starts the cell."""
    parts: list[list[Text | Bullets | Inset]] = []
    for block in cell:
        if isinstance(block, Text) and (split_intervention(block.text)[0] or not parts):
            parts.append([block])
        elif parts:
            parts[-1].append(block)
    return [tuple(part) for part in parts]


_OTHER_NAMES = re.compile(r"Other Names?\(?s?\)?\s*:\s*(?P<names>.*)", re.DOTALL)


def _give(record: RawRecord, block: Content, arm: RawTree, place: str) -> str:
    """Note that the arm gets this intervention; gives the name as `Type: name`, the way the registry links them."""
    head, rest = _head(block)
    description, others = _other_names(rest)
    kind, name = split_intervention(head)
    item = _same_intervention(record, head, markdown(description), others, place)
    label = arm["label"]
    assert isinstance(label, Raw)  # _arm always sets it  # noqa: S101
    labels = item.setdefault("armGroupLabels", [])
    if isinstance(labels, list) and label not in labels:
        labels.append(label)
    return f"{kind}: {name}" if kind else name


def _same_intervention(
    record: RawRecord, head: str, description: str, others: list[str], place: str
) -> RawTree:
    """The intervention that these words were said of before, else the one of that name not yet described."""
    named = split_intervention(head)
    for item in record.items(f"{ARMS}.interventions"):
        if isinstance(item, dict) and _named(item) == named and "armGroupLabels" in item:
            said = item.get("description")
            if (said.text if isinstance(said, Raw) else "") == description:
                return item
    item = _intervention(record, head, place)
    if description:
        item["description"] = Raw(description, place)
    if others:
        item["otherNames"] = [Raw(other, place) for other in others]
    return item


def _other_names(rest: Content) -> tuple[Content, list[str]]:
    """The blocks without the list of other names, and these."""
    kept: list[Text | Bullets | Inset] = []
    names: list[str] = []
    waiting = False
    for block in rest:
        if isinstance(block, Inset):
            inner, inner_names = _other_names(block.content)
            names += inner_names
            kept += [Inset(inner)] if inner else []
        elif isinstance(block, Text) and (found := _OTHER_NAMES.fullmatch(block.text)):
            names += [found["names"]] if found["names"] else []
            waiting = not found["names"]
        elif waiting and isinstance(block, Bullets):
            names += [line(item) for item in block.items]
            waiting = False
        else:
            kept.append(block)
    return tuple(kept), names


# --- outcomes -----------------------------------------------------------------------------------------------------


def _read_outcomes(record: RawRecord, piece: Piece) -> None:
    name = OUTCOME_LABELS.get(label_key(piece.label))
    if not name:
        name = "primaryOutcomes"
        record.issue(
            "inferred",
            "the heading of this list of outcomes is lost: taken as primary, the kind that comes first",
            f"{OUTCOMES}.{name}",
            piece.label or None,
            piece.place,
        )
    before = [item for item in record.items(f"{OUTCOMES}.{name}") if isinstance(item, dict)]
    record.put_all(f"{OUTCOMES}.{name}", before + [_outcome(row[0], piece.place) for row in piece.rows])


def _outcome(cell: Content, place: str) -> RawTree:
    head, rest = _head(cell)
    parts = split_outcome(head)
    outcome: RawTree = {"measure": Raw(parts.measure, place)}
    description = markdown(((Text(parts.rest),) if parts.rest else ()) + rest)
    if description:
        outcome["description"] = Raw(description, place)
    if parts.time_frame:
        outcome["timeFrame"] = Raw(parts.time_frame, place)
    return outcome


# --- contacts and locations ---------------------------------------------------------------------------------------

_ROLE = re.compile(
    r"(?P<role>Contact|Principal Investigator|Sub-Investigator|Study Chair|Study Director)(?:\s*\(backup\))?\s*:\s*"
    r"(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)


def _read_contacts(record: RawRecord, piece: Piece) -> None:
    items: list[RawTree] = []
    for row in piece.rows:
        text = fold(" ".join(line(cell) for cell in row))
        if contact := _contact(text, piece.place):
            items.append(contact)
        elif not ignored(text):
            record.leave(text, piece.place, label="Contacts")
    before = [item for item in record.items(f"{CONTACTS}.centralContacts") if isinstance(item, dict)]
    record.put_all(f"{CONTACTS}.centralContacts", before + items)


def _contact(text: str, place: str) -> RawTree | None:
    """`Contact: name phone email` to a contact; None when the text names no role."""
    found = _ROLE.fullmatch(text)
    if not found:
        return None
    parts = split_contact(found["rest"])
    values = {
        "name": parts.name,
        "role": found["role"],
        "phone": parts.phone,
        "phoneExt": parts.extension,
        "email": parts.email,
    }
    return {name: Raw(value, place) for name, value in values.items() if value}


def _read_officials(record: RawRecord, piece: Piece) -> None:
    items: list[RawTree] = []
    for row in piece.rows:
        role, name, affiliation, *more = [*(line(cell) for cell in row), "", "", ""]
        if not role and not name:
            continue
        values = {"name": name, "affiliation": affiliation, "role": role.rstrip(" :")}
        items.append({key: Raw(value, piece.place) for key, value in values.items() if value})
        for text in filter(None, more):
            record.leave(text, piece.place, label="Investigators")
    record.put_all(f"{CONTACTS}.overallOfficials", items)


def _read_sites(record: RawRecord, piece: Piece) -> None:
    """Rows in the page's order: group heading, facility with status, address, contacts of the site."""
    sites: list[RawTree] = []
    group = ""
    for kind, row in _site_rows(piece.rows):
        text = fold(" ".join(line(cell) for cell in row))
        if kind == "group":
            group = text
        elif kind == "facility":
            sites.append(_facility(row, piece.place))
        elif not sites or not _add_to_site(record, sites[-1], kind, text, group, piece.place):
            record.leave(text, piece.place, label="Locations")
    before = [item for item in record.items(f"{CONTACTS}.locations") if isinstance(item, dict)]
    record.put_all(f"{CONTACTS}.locations", before + sites)


def _facility(row: Sequence[Content], place: str) -> RawTree:
    name, status = line(row[0]), line(row[1]).strip("()") if len(row) > 1 else ""
    site: RawTree = {"facility": Raw(name, place)} if name else {}
    if status:
        site["status"] = Raw(status, place)
    return site


def _add_to_site(record: RawRecord, site: RawTree, kind: str, text: str, group: str, place: str) -> bool:
    if kind == "contact":
        contact = _contact(text, place)
        contacts = site.setdefault("contacts", [])
        if contact and isinstance(contacts, list):
            contacts.append(contact)
        return contact is not None
    address = split_address(text, group)
    if address is None:
        record.issue("unparsed", f"expected an address in {group!r}", f"{CONTACTS}.locations", text, place)
        return True
    for name in ("city", "state", "zip", "country"):
        if value := getattr(address, name):
            site[name] = Raw(value, place)
    return True


def _site_rows(rows: _Rows) -> list[tuple[str, Sequence[Content]]]:
    """Each row with what it is, told by its neighbours: an address follows its facility and ends the heading's country."""
    kinds: list[tuple[str, Sequence[Content]]] = []
    filled = [row for row in rows if any(line(cell) for cell in row)]
    for at, row in enumerate(filled):
        before = kinds[-1][0] if kinds else ""
        kinds.append((_site_row(filled, at, before), row))
    return kinds


def _site_row(rows: _Rows, at: int, before: str) -> str:
    row = rows[at]
    text = fold(" ".join(line(cell) for cell in row))
    if before == "facility":
        return "address"
    if _ROLE.fullmatch(text):
        return "contact"
    if len(row) > 1:  # name and status: headings and addresses span both columns
        return "facility"
    after = line(rows[at + 2][0]) if at + 2 < len(rows) else ""
    return "group" if after and split_address(after, text) else "facility"


# --- references, terms --------------------------------------------------------------------------------------------


def _read_references(record: RawRecord, piece: Piece) -> None:
    kind = REFERENCE_LABELS[label_key(piece.label)]
    items: list[RawTree] = []
    for cell, *more in piece.rows:
        head, rest = _head(cell)
        item: RawTree = {"type": Raw(kind, piece.place), "citation": Raw(head, piece.place)}
        if more and line(more[0]):
            item["pmid"] = Raw(line(more[0]), piece.place)
        sources = [re.sub(r"^Retraction in:\s*", "", text) for text in lines(rest)]
        sources = [source for source in sources if source]
        if sources:
            item["retractions"] = [{"source": Raw(source, piece.place)} for source in sources]
        items.append(item)
    before = [item for item in record.items(f"{REFERENCES}.references") if isinstance(item, dict)]
    record.put_all(f"{REFERENCES}.references", before + items)


def _read_links(record: RawRecord, piece: Piece) -> None:
    items: list[RawTree] = []
    for label, url in piece.rows:
        values = {
            "label": line(label),
            "url": "" if "/ct2/bye/" in line(url) else line(url),
        }  # a blind redirect
        items.append({name: Raw(value, piece.place) for name, value in values.items() if value})
    record.put_all(f"{REFERENCES}.seeAlsoLinks", items)


def _read_terms(record: RawRecord, piece: Piece) -> None:
    terms = [text for row in piece.rows for cell in row for text in lines(cell)]
    if piece.label == "keywords":
        _put_terms(record, f"{CONDITIONS}.keywords", terms, piece)
        return
    before = [item for item in record.items(MESH) if isinstance(item, dict)]
    record.put_all(MESH, before + [{"term": Raw(term, piece.place)} for term in terms])
    if terms:
        record.issue(
            "mixed-terms",
            "pages mix the MeSH terms of conditions and interventions, and their ancestors: all are kept here",
            MESH,
            place=piece.place,
        )
        if not piece.borders:
            record.issue(
                "borders-lost",
                "the text no longer shows where one item ends: kept whole",
                MESH,
                None,
                piece.place,
            )


_SummaryRule = Callable[[RawRecord, Content, Piece], None]

_SUMMARY_RULES: dict[str, _SummaryRule] = {
    "condition or disease": _summary_conditions,
    "condition": _summary_conditions,
    "intervention/treatment": _summary_interventions,
    "intervention": _summary_interventions,
    "phase": lambda record, cell, piece: phases(record, cell, piece.place),
}

_FIELD_RULES: dict[str, Rule | Callable[[RawRecord, Content, str], None]] = {
    **FIELDS,
    "sponsor": _sponsor,
    "collaborator": _collaborators,
    "collaborators": _collaborators,
    "sponsors and collaborators": _sponsors_and_collaborators,
    "information provided by (responsible party)": _provided_by,
    "information provided by": _provided_by,
    "responsible party": _responsible_party,
}

_READERS: dict[Role, Callable[[RawRecord, Piece], None]] = {
    Role.TITLE: _read_title,
    Role.STATUS: _read_status,
    Role.FIELD: _read_field,
    Role.SUMMARY: _read_summary,
    Role.ARMS: _read_arms,
    Role.OUTCOMES: _read_outcomes,
    Role.SITES: _read_sites,
    Role.CONTACTS: _read_contacts,
    Role.OFFICIALS: _read_officials,
    Role.REFERENCES: _read_references,
    Role.LINKS: _read_links,
    Role.TERMS: _read_terms,
    Role.REST: _read_rest,
}


NCT_ID_PATH = f"{IDENTIFICATION}.nctId"
TITLE_PATHS = (f"{IDENTIFICATION}.briefTitle", f"{IDENTIFICATION}.acronym")

_SHAPES: dict[str, tuple[str, ...]] = {
    IDENTIFICATION: ("briefTitle",),
    STATUS: ("overallStatus", "whyStopped", "lastKnownStatus"),
    SPONSORS: ("leadSponsor.name", "collaborators.name"),
    CONDITIONS: ("conditions", "keywords"),
    "protocolSection.designModule": ("phases",),
    f"{ARMS}.armGroups": ("label", "type", "description", "interventionNames"),
    f"{ARMS}.interventions": ("type", "name", "description", "armGroupLabels", "otherNames"),
    f"{OUTCOMES}.primaryOutcomes": ("measure", "description", "timeFrame"),
    f"{OUTCOMES}.secondaryOutcomes": ("measure", "description", "timeFrame"),
    f"{OUTCOMES}.otherOutcomes": ("measure", "description", "timeFrame"),
    f"{CONTACTS}.centralContacts": ("name", "role", "phone", "phoneExt", "email"),
    f"{CONTACTS}.overallOfficials": ("name", "affiliation", "role"),
    f"{CONTACTS}.locations": ("facility", "status", "city", "state", "zip", "country"),
    f"{CONTACTS}.locations.contacts": ("name", "role", "phone", "phoneExt", "email"),
    f"{REFERENCES}.references": ("type", "citation"),
    f"{REFERENCES}.seeAlsoLinks": ("label",),
    DOCUMENTS: ("label", "date"),
}
"""What the shapes of this module fill, beside the labelled fields."""

CARRIED = frozenset(
    {f"{base}.{name}" for base, names in _SHAPES.items() for name in names}
    | {path for rule in FIELDS.values() for path in rule.paths}
)
"""The paths that a Study Details page can show."""
