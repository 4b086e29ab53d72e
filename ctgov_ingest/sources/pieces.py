"""The parts of a Study Details page, whoever cut it up: the page reader or the scanner of saved text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctgov_ingest.sources.content import Content


class Role(StrEnum):
    """What a piece is."""

    TITLE = "title"
    STATUS = "status"  # rows of one cell: the lines of the recruitment status block
    FIELD = "field"  # one cell: the value of `label`
    SUMMARY = "summary"  # the table of condition, intervention, phase: headings in the first row
    ARMS = "arms"  # the table of arms or groups: headings in the first row
    OUTCOMES = "outcomes"  # a row an outcome; `label` says which kind
    SITES = "sites"  # rows as on the page: group, facility and status, address, contacts
    CONTACTS = "contacts"  # a row a central contact
    OFFICIALS = "officials"  # role, name, affiliation
    REFERENCES = "references"  # a row a citation; `label` says which kind
    LINKS = "links"  # label and address
    TERMS = "terms"  # keywords or MeSH terms; `label` says which
    REST = "rest"  # text under no label that we know


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a page: `rows` of cells of content. `borders` is False where the borders of list items are lost."""

    role: Role
    label: str
    rows: tuple[tuple[Content, ...], ...]
    place: str
    borders: bool = True

    @property
    def cell(self) -> Content:
        """The first cell, empty where there is none."""
        return self.rows[0][0] if self.rows and self.rows[0] else ()
