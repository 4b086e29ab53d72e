"""Values of the registry's pages of one version (2017 to 2024) that hold several: ids, people, outcomes, documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctgov_ingest.sources.content import Bullets, Content, Inset, Text, line, lines, markdown
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.study_fields import IDENTIFICATION, OUTCOMES, REFERENCES, STATUS, Split
from ctgov_ingest.sources.study_header import PARTY
from ctgov_ingest.sources.study_more import DOCUMENTS
from ctgov_ingest.sources.study_places import CENTRAL_CONTACTS, OFFICIALS
from ctgov_ingest.study import vocabularies as v
from ctgov_ingest.values.dates import parse_date
from ctgov_ingest.values.labels import spellings


def names(path: str, field: str | None = None) -> Split:
    """The value is a list, a line an item: of texts, or of things with this field."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        texts = lines(value)
        record.put_all(path, [group({field: text}, place) if field else Raw(text, place) for text in texts])

    return Split(rule, (f"{path}.{field}" if field else path,))


# --- ids and status -----

_BRACKETED = re.compile(r"(?P<text>.*?\S)\s*\[(?P<inside>.*)\]", re.DOTALL)
_SECONDARY = f"{IDENTIFICATION}.secondaryIdInfos"


def _secondary_ids(record: RawRecord, value: Content, place: str) -> None:
    record.put_all(_SECONDARY, [_secondary_id(text, place) for text in lines(value)])


def _secondary_id(text: str, place: str) -> RawTree:
    """`62A15 [Other Grant/Funding Number: NCI]`: an id with its type and who gave it, or one of the two."""
    found = _BRACKETED.fullmatch(text)
    if not found:
        return group({"id": text}, place)
    kind, _colon, domain = found["inside"].partition(":")
    if kind.strip().casefold() not in spellings(v.SecondaryIdType):
        kind, domain = "", found["inside"]
    return group({"id": found["text"], "type": kind.strip(), "domain": domain.strip()}, place)


secondary_ids = Split(_secondary_ids, tuple(f"{_SECONDARY}.{name}" for name in ("id", "type", "domain")))

_PREVIOUSLY = re.compile(r"Previously:\s*(?P<status>.+)", re.IGNORECASE)


def _overall_status(record: RawRecord, value: Content, place: str) -> None:
    """`Terminated [slow accrual]`, `Unknown status [Previously: Recruiting]`."""
    text = line(value)
    found = _BRACKETED.fullmatch(text)
    record.put(f"{STATUS}.overallStatus", found["text"] if found else text, place)
    inside = found["inside"].strip() if found else ""
    if before := _PREVIOUSLY.fullmatch(inside):
        record.put(f"{STATUS}.lastKnownStatus", before["status"], place)
    elif inside:
        record.put(f"{STATUS}.whyStopped", inside, place)


overall_status = Split(
    _overall_status, tuple(f"{STATUS}.{name}" for name in ("overallStatus", "whyStopped", "lastKnownStatus"))
)


# --- people -----

_PARTY_LINES = {
    "investigator": "investigatorFullName",
    "official title": "investigatorTitle",
    "affiliation": "investigatorAffiliation",
}


def _responsible_party(record: RawRecord, value: Content, place: str) -> None:
    """The kind of party; an investigator's name, title and affiliation stand in lines of their own below."""
    kind, *more = lines(value)
    record.put(f"{PARTY}.type", kind, place)
    for text in more:
        label, _colon, rest = text.partition(":")
        if name := _PARTY_LINES.get(label.strip().casefold()):
            record.put(f"{PARTY}.{name}", re.sub(r"\s*\[[^\[\]]*\]$", "", rest.strip()), place)
        else:
            record.leave(text, place, "Responsible Party")


responsible_party = Split(_responsible_party, tuple(f"{PARTY}.{name}" for name in ("type", *_PARTY_LINES.values())))

_CONTACT_LINE = re.compile(
    r"(?P<label>Telephone|Email):\s*(?P<text>.*?)(?:\s+(?:Ext\.?:?)\s*(?P<extension>[\w-]{1,20}))?", re.IGNORECASE
)
_CONTACT = ("name", "role", "phone", "phoneExt", "email")


def _contact(role: str) -> Split:
    """A contact: the name, then `Telephone: …` and `Email: …`."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        name, *more = lines(value)
        values: dict[str, str | None] = {"name": name, "role": role}
        for text in more:
            found = _CONTACT_LINE.fullmatch(text)
            if not found:
                record.leave(text, place, "Central Contact")
            elif found["label"].casefold() == "email":
                values["email"] = text.partition(":")[2].strip()
            else:
                values |= {"phone": found["text"], "phoneExt": found["extension"]}
        record.put_all(CENTRAL_CONTACTS, [group(values, place)])

    return Split(rule, tuple(f"{CENTRAL_CONTACTS}.{name}" for name in _CONTACT))


central_contact = _contact("Contact")
backup_contact = _contact("Contact")


def _officials(record: RawRecord, value: Content, place: str) -> None:
    """Name, role, affiliation, a line each; the role's line tells where one official ends."""
    texts = lines(value)
    roles = [at for at, text in enumerate(texts) if at and text.casefold() in spellings(v.OfficialRole)]
    if not roles or roles[0] != 1:
        record.leave(" | ".join(texts), place, "Study Officials")
        return
    for at, end in zip(roles, [*(at - 1 for at in roles[1:]), len(texts)], strict=True):
        values = {"name": texts[at - 1], "affiliation": ", ".join(texts[at + 1 : end]), "role": texts[at]}
        record.put_all(OFFICIALS, [group(values, place)])


officials = Split(_officials, tuple(f"{OFFICIALS}.{name}" for name in ("name", "affiliation", "role")))


# --- outcomes -----

_TIME_FRAME = re.compile(r"\[\s*Time Frame:\s*(?P<text>.*?)\s*\]", re.DOTALL)


def outcomes(kind: str) -> Split:
    """The value is an outcome: the measure, `[ Time Frame: … ]` in a line of its own, the description."""
    path = f"{OUTCOMES}.{kind}"

    def rule(record: RawRecord, value: Content, place: str) -> None:
        frames = [_TIME_FRAME.fullmatch(block) if isinstance(block, Text) else None for block in value]
        at = next((at for at, found in enumerate(frames) if found), None)
        found = frames[at] if at is not None else None
        measure, rest = (value[:at], value[at + 1 :]) if at is not None else (value[:1], value[1:])
        values = {
            "measure": line(measure),
            "timeFrame": found["text"] if found else None,
            "description": markdown(rest),
        }
        record.put_all(path, [group(values, place)])

    return Split(rule, tuple(f"{path}.{name}" for name in ("measure", "timeFrame", "description")))


# --- references and documents -----

_RESULTS = re.compile(r"\[Study Results\]\s*", re.IGNORECASE)


def _citations(record: RawRecord, value: Content, place: str) -> None:
    """A line a publication; one of results says so in front."""
    for text in lines(value):
        citation = _RESULTS.sub("", text)
        kind = "BACKGROUND" if citation == text else "RESULT"
        record.put_all(f"{REFERENCES}.references", [group({"type": kind, "citation": citation}, place)])


citations = Split(_citations, tuple(f"{REFERENCES}.references.{name}" for name in ("type", "citation")))


def _links(record: RawRecord, value: Content, place: str) -> None:
    """`URL: …` and `Description: …` in lines of their own."""
    found = dict(_labelled(value))
    if set(found) - {"url", "description"}:
        record.leave(line(value), place, "Links")
        return
    one = group({"label": found.get("description"), "url": found.get("url")}, place)
    record.put_all(f"{REFERENCES}.seeAlsoLinks", [one])


def _labelled(value: Content) -> Iterator[tuple[str, str]]:
    for text in lines(value):
        label, _colon, rest = text.partition(":")
        yield label.strip().casefold(), rest.strip()


links = Split(_links, tuple(f"{REFERENCES}.seeAlsoLinks.{name}" for name in ("label", "url")))

_UPLOADED = re.compile(r"(\d{2})/(\d{2})/(\d{4}) (\d{2}:\d{2})", re.ASCII)


def _document(record: RawRecord, value: Content, place: str) -> None:
    """A document's name, then `Document Date: …`, `Uploaded: …` and `File Name: …`."""
    label, *more = lines(value)
    values: dict[str, str | None] = {"label": label}
    for name, text in _labelled(tuple(Text(text) for text in more)):
        if name == "document date":
            values["date"] = text
        elif name == "uploaded" and (found := _UPLOADED.fullmatch(text)):
            values["uploadDate"] = f"{found[3]}-{found[1]}-{found[2]}T{found[4]}"
        elif name == "file name":
            values["filename"] = text
        else:
            record.leave(f"{name}: {text}", place, label)
    record.put_all(DOCUMENTS, [group(values, place)])


document = Split(_document, tuple(f"{DOCUMENTS}.{name}" for name in ("label", "date", "uploadDate", "filename")))


# --- the header, and cells of arms -----

_SUBMITTED = re.compile(r"Submitted Date:\s*(?P<day>[A-Z][a-z]{2,8} \d{1,2}, \d{4})\s*\(v(?P<number>\d{1,6})\)")


def submitted(text: str) -> list[tuple[str, int]]:
    """The days of the versions that a header, in one line, names, each with its number, counted from 0."""
    found = _SUBMITTED.finditer(text)
    return [(str(parse_date(one["day"])), int(one["number"]) - 1) for one in found]


def titled(cell: Content) -> Content:
    """A cell whose first line, or whose lines that name an intervention's type, stand indented: as plain lines."""
    return tuple(part for at, block in enumerate(cell) for part in _titled(block, first=at == 0))


def _titled(block: Text | Bullets | Inset, *, first: bool) -> Content:
    if isinstance(block, Inset) and (first or _names_type(line(block.content))):
        return block.content
    return (block,)


def _names_type(text: str) -> bool:
    kind, colon, _name = text.partition(":")
    return bool(colon) and kind.casefold() in spellings(v.InterventionType)
