"""More Information: publications, links, documents, keywords and MeSH terms."""

from __future__ import annotations

import re

from ctgov_ingest.sources.content import Content, line, lines
from ctgov_ingest.sources.pieces import KEYWORDS, Piece
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.study_arms import borders_lost, head, put_terms
from ctgov_ingest.sources.study_fields import CONDITIONS, REFERENCES
from ctgov_ingest.sources.study_labels import COLLAPSED, REFERENCE_LABELS, ignored, label_key

MESH = "derivedSection.conditionBrowseModule.meshes"
DOCUMENTS = "documentSection.largeDocumentModule.largeDocs"

SHOWN = (
    f"{CONDITIONS}.keywords",
    f"{REFERENCES}.references.type",
    f"{REFERENCES}.references.citation",
    f"{REFERENCES}.seeAlsoLinks.label",
    f"{DOCUMENTS}.label",
    f"{DOCUMENTS}.date",
)
"""The paths that this part fills for certain. MeSH terms are put, but pages mix those of two modules."""

_REDIRECT = "/ct2/bye/"
"""In the address of a link: the site's own redirect, which no longer leads anywhere."""


def read_references(record: RawRecord, piece: Piece) -> None:
    """A row a citation; a second cell holds its number in PubMed, insets the places of its retractions."""
    kind = REFERENCE_LABELS.get(label_key(piece.label), "")
    record.put_all(f"{REFERENCES}.references", [_reference(kind, *row, place=piece.place) for row in piece.rows])
    for text in (text for row in piece.rows for text in lines(head(row[0])[1])):
        if not text.startswith(_RETRACTION):
            record.leave(text, piece.place, label=piece.label)


_RETRACTION = "Retraction in:"


def _reference(kind: str, cell: Content, *more: Content, place: str) -> RawTree:
    citation, rest = head(cell)
    values = {"pmid": line(more[0]) if more else "", "type": kind, "citation": citation}
    item = group(values, place)
    sources = [text.removeprefix(_RETRACTION).strip() for text in lines(rest) if text.startswith(_RETRACTION)]
    if retractions := [group({"source": source}, place) for source in sources if source]:
        item["retractions"] = [*retractions]
    return item


def read_links(record: RawRecord, piece: Piece) -> None:
    """A row a link: label and address."""
    for label, url in piece.rows:
        values = {"label": line(label), "url": "" if _REDIRECT in line(url) else line(url)}
        record.put_all(f"{REFERENCES}.seeAlsoLinks", [group(values, piece.place)])


def read_terms(record: RawRecord, piece: Piece) -> None:
    """Keywords or MeSH terms."""
    terms = [text for row in piece.rows for cell in row for text in lines(cell)]
    if piece.label == KEYWORDS:
        put_terms(record, f"{CONDITIONS}.keywords", terms, piece)
        return
    record.put_all(MESH, [group({"term": term}, piece.place) for term in terms])
    if terms:
        message = "pages mix the MeSH terms of conditions and interventions, and their ancestors: all stand here"
        record.issue("mixed-terms", message, MESH, None, piece.place)
        if not piece.borders:
            borders_lost(record, MESH, piece)


_PDF = "[PDF]"
_DOCUMENT = re.compile(r"(?P<label>[^\[]{1,300}?) ?\[PDF\](?: (?P<date>[A-Z][a-z]{2,8} \d{1,2}, \d{4}))?")


def read_rest(record: RawRecord, piece: Piece) -> None:
    """Text under no label: a document's line, a text that says nothing of the study, or unread."""
    text = line(piece.cell)
    folded = _folded(text)
    if _PDF in text and (found := _DOCUMENT.fullmatch(text)):
        record.put_all(DOCUMENTS, [group(found.groupdict(), piece.place)])
    elif folded:
        record.asides.setdefault(folded, Raw(text, piece.place))
    elif not ignored(text):
        record.leave(text, piece.place)


def _folded(text: str) -> str | None:
    """The path of the part that a link folds away; None for another text."""
    if text[:4].casefold() not in _FOLDING:
        return None
    return next((path for form, path, _code, _message in COLLAPSED if form.fullmatch(text)), None)


_FOLDING = frozenset({"show", "hide"})
"""How links that fold a part away begin."""


def finish(record: RawRecord) -> None:
    """Say which parts are folded away, once the whole page is read: a link alone may stand beside its open part."""
    for _form, path, code, message in COLLAPSED:
        link = record.asides.get(path)
        if link and record.text(path) is None and not record.items(path):
            record.issue(code, message, path, link.text, link.place)
            record.hide(path)
