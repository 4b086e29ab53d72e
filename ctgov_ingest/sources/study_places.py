"""Contacts and Locations: contacts of the study, sites with their contacts, investigators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ctgov_ingest.sources.content import Content, fold, line
from ctgov_ingest.sources.pieces import Piece
from ctgov_ingest.sources.record import RawRecord, RawTree, group
from ctgov_ingest.sources.study_fields import CONTACTS
from ctgov_ingest.sources.study_labels import ignored
from ctgov_ingest.values.people import split_address, split_contact

SITES = f"{CONTACTS}.locations"
CENTRAL_CONTACTS = f"{CONTACTS}.centralContacts"
OFFICIALS = f"{CONTACTS}.overallOfficials"

_CONTACT = ("name", "role", "phone", "phoneExt", "email")

SHOWN = (
    *(f"{CENTRAL_CONTACTS}.{name}" for name in _CONTACT),
    *(f"{OFFICIALS}.{name}" for name in ("name", "affiliation", "role")),
    *(f"{SITES}.{name}" for name in ("facility", "status", "city", "state", "zip", "country")),
    *(f"{SITES}.contacts.{name}" for name in _CONTACT),
)
"""The paths that this part fills."""

_ROLE = re.compile(
    r"(?P<role>Contact|Principal Investigator|Sub-Investigator|Study Chair|Study Director)(?:\s*\(backup\))?\s*:"
    r"(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)

_EMAIL = re.compile(r"\S@\S+\.\w")
"""A row with an address for mail is of a contact, also where nobody can tell its role."""


def _text(row: Sequence[Content]) -> str:
    return line(row[0]) if len(row) == 1 else fold(" ".join([line(cell) for cell in row]))


def read_contacts(record: RawRecord, piece: Piece) -> None:
    """A row a contact of the study."""
    for row in piece.rows:
        text = _text(row)
        if contact := _contact(text, piece.place):
            record.put_all(CENTRAL_CONTACTS, [contact])
        elif not ignored(text):
            record.leave(text, piece.place, label="Contacts")


def _contact(text: str, place: str) -> RawTree | None:
    """`Contact: name phone email` to a contact; None when the text names no role."""
    found = _ROLE.fullmatch(text)
    if not found:
        return None
    parts = split_contact(found["rest"])
    values = (parts.name, found["role"], parts.phone, parts.extension, parts.email)
    return group(dict(zip(_CONTACT, values, strict=True)), place)


def read_officials(record: RawRecord, piece: Piece) -> None:
    """A row an investigator: role, name, affiliation."""
    for row in piece.rows:
        role, name, affiliation, *more = [*(line(cell) for cell in row), "", "", ""]
        if role or name:
            values = {"name": name, "affiliation": affiliation, "role": role.rstrip(" :")}
            record.put_all(OFFICIALS, [group(values, piece.place)])
        for text in filter(None, more if role or name else [affiliation, *more]):
            record.leave(text, piece.place, label="Investigators")


# --- sites -----


class _Row(NamedTuple):
    """A row of the table of sites that holds anything, and its text in one line."""

    cells: Sequence[Content]
    text: str


def read_sites(record: RawRecord, piece: Piece) -> None:
    """Rows in the page's order: group heading, facility with status, address, contacts of the site."""
    sites: list[RawTree] = []
    heading = ""
    before = ""
    rows = [_Row(cells, text) for cells in piece.rows if (text := _text(cells))]
    for kind, row in zip(_kinds(rows), rows, strict=True):
        if kind == "address" and before != "facility":  # a site without a name
            sites.append({})
        before = kind
        if kind == "group":
            heading = row.text
        elif kind == "facility":
            sites.append(_facility(row.cells, piece.place))
        elif not sites or not _add_to_site(record, sites[-1], kind, row.text, heading, piece.place):
            record.leave(row.text, piece.place, label="Locations")
    record.put_all(SITES, sites)


def _facility(row: Sequence[Content], place: str) -> RawTree:
    status = line(row[1]).strip("()") if len(row) > 1 else ""
    return group({"facility": line(row[0]), "status": status}, place)


def _add_to_site(record: RawRecord, site: RawTree, kind: str, text: str, heading: str, place: str) -> bool:
    if kind == "address":
        _add_address(record, site, text, heading, place)
        return True
    contact = _contact(text, place)
    contacts = site.setdefault("contacts", [])
    if contact and isinstance(contacts, list):
        contacts.append(contact)
    return contact is not None


def _add_address(record: RawRecord, site: RawTree, text: str, heading: str, place: str) -> None:
    address = split_address(text, heading)
    if address is None:
        record.issue("unparsed", f"expected an address in {heading!r}", SITES, text, place)
        return
    values = {"city": address.city, "state": address.state, "zip": address.zip, "country": address.country}
    site |= group(values, place)


def _kinds(rows: Sequence[_Row]) -> list[str]:
    """What each row is, told by its neighbours: an address follows its facility, or its group heading."""
    kinds: list[str] = []
    heading = before = ""
    # names of sites in two columns, also where the status is empty: then a row of one is no name
    columns = any(len(row.cells) > 1 and not line(row.cells[1]) for row in rows)
    statuses = any(len(row.cells) > 1 for row in rows)
    for at, row in enumerate(rows):
        before = _kind(rows, at, before, heading, columns=columns)
        if before == "facility" and statuses and len(row.cells) == 1 and not _is_address(rows, at + 1, heading):
            before = ""  # a name with neither status nor address, among names that have them
        if before == "group":
            heading = row.text
        kinds.append(before)
    return kinds


def _is_address(rows: Sequence[_Row], at: int, heading: str) -> bool:
    """Whether a row is an address under a heading of country and state: a city stands before these, a number behind."""
    if at >= len(rows) or len(rows[at].cells) > 1:
        return False
    address = split_address(rows[at].text, heading)
    return (
        address is not None and address.city is not None and (address.zip is None or any(map(str.isdigit, address.zip)))
    )


def _kind(rows: Sequence[_Row], at: int, before: str, heading: str, *, columns: bool) -> str:
    text = rows[at].text
    if _ROLE.fullmatch(text) or _EMAIL.search(text):
        return "contact"
    if before == "facility":
        return "address"
    if before and _is_address(rows, at, heading) and (columns or not _is_address(rows, at + 1, heading)):
        return "address"
    if len(rows[at].cells) > 1:  # name and status: headings and addresses span both columns
        return "facility"
    if at + 1 < len(rows) and len(rows[at + 1].cells) > 1:
        return "group"
    if before != "group" and _is_address(rows, at + 1, text):
        return "group"
    address = line(rows[at + 2].cells[0]) if at + 2 < len(rows) else ""
    return "group" if address and split_address(address, text) else "facility"
