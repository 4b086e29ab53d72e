"""Differences and the story of a study laid out for people: one model of each, and what renders it.

    diff = diff_of(old, new, changes)      the model: what happened, sections, entries, rows of words
    as_markdown(diff), as_html(diff)       renderings; that for terminals is the command line's own

Pure: no clock, no database.
"""

from ctgov_ingest.showing.making import diff_of
from ctgov_ingest.showing.model import Diff, Entry, Happening, Piece, Row, Section, Side

__all__ = ["Diff", "Entry", "Happening", "Piece", "Row", "Section", "Side", "diff_of"]
