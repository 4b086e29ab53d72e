"""The parts of a Study Details page, whoever cut it up: the page reader or the scanner of saved text."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ctgov_ingest.sources.content import Content


class Role(StrEnum):
    """What a piece is."""

    TITLE = "title"
    STATUS = "status"  # one cell: the lines of the recruitment status block
    FIELD = "field"  # one cell: the value of `label`
    SUMMARY = "summary"  # the table of condition, intervention, phase: headings in the first row
    INTERVENTIONS = "interventions"  # a row an intervention, with its description and other names
    GROUPS = "groups"  # a row an arm or group: its description, then `Intervention:` and the names of those it gets
    ARMS = "arms"  # the table of arms or groups: headings in the first row
    OUTCOMES = "outcomes"  # a row an outcome; `label` says which kind
    SITES = "sites"  # rows as on the page: group, facility and status, address, contacts
    CONTACTS = "contacts"  # a row a central contact
    OFFICIALS = "officials"  # role, name, affiliation
    REFERENCES = "references"  # a row a citation; `label` says which kind
    LINKS = "links"  # label and address
    TERMS = "terms"  # keywords or MeSH terms; `label` says which
    CYCLES = "cycles"  # a row a cycle of submitted results: number, submissions, return
    REST = "rest"  # text under no label that we know


KEYWORDS = "keywords"
MESH_TERMS = "mesh terms"
"""The labels of TERMS."""

Rows = Sequence[Sequence[Content]]


class Piece(NamedTuple):
    """One part of a page: `rows` of cells of content. `borders` is False where the borders of list items
    are lost.
    """

    role: Role
    label: str
    rows: Rows
    place: str
    borders: bool = True

    @property
    def cell(self) -> Content:
        """The first cell, empty where there is none."""
        return self.rows[0][0] if self.rows and self.rows[0] else ()
