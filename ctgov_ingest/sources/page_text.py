"""A Study Details page after somebody's extraction to text or markdown: a scanner of lines that gives the
page's pieces.

What the extraction lost is not invented. Lists whose borders are gone stay whole; headings that are gone
are inferred only where the order of the page leaves no other reading, and an issue says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator

from ctgov_ingest.sources.content import Content, Inset, Text, fold
from ctgov_ingest.sources.page_lines import (
    bare,
    cell_content,
    cells,
    is_item,
    is_official,
    is_outcome,
    is_rule,
    item_text,
    one_list,
    outcome_items,
    paragraphs,
    table_head,
)
from ctgov_ingest.sources.pieces import KEYWORDS, MESH_TERMS, Piece, Role, Rows
from ctgov_ingest.sources.study_fields import FIELDS
from ctgov_ingest.sources.study_labels import (
    IGNORED,
    LINK_LABELS,
    OUTCOME_LABELS,
    PROSE_LABELS,
    REFERENCE_LABELS,
    RESULTS_TABS,
    SECTIONS,
    SPONSOR_LABELS,
    SPONSOR_LIST,
    ignored,
    label_key,
    opens_box,
)
from ctgov_ingest.values.phrases import NCT_ID, split_interventions

_CONTACTS_SECTION = "contacts and locations"
_HEADER_LABELS = SPONSOR_LABELS | {"clinicaltrials.gov identifier"}
"""Labels of the header, which leave the section as it is."""

_STATUS = re.compile(r"(?:Recruitment|Expanded Access) Status\s*:")
_CRITERIA = re.compile(r"\W*(?:\w+\s+){0,3}(?:inclusion|exclusion|eligibility)\b.{0,60}", re.IGNORECASE)
_CONTACT = re.compile(r"Contact(?:\s*\(backup\))?\s*:", re.IGNORECASE)
_LABEL_KEYS = set(FIELDS) | {"responsible party"} | SPONSOR_LABELS
_LOOSE = frozenset({"time frame", "url", "masking", "allocation", "criteria"})
"""Labels too common in running text to be one there without a cell border."""


_HEADINGS = SECTIONS | LINK_LABELS | PROSE_LABELS | set(OUTCOME_LABELS) | set(REFERENCE_LABELS) | {SPONSOR_LIST}


def recognises(text: str) -> bool:
    """Whether a text that is no markup has the marks of a Study Details page: an identifier, and rows of
    its tables.
    """
    return "ClinicalTrials.gov Identifier" in text and "Study Type" in text and bool(NCT_ID.search(text))


def cut(text: str) -> Iterator[Piece]:
    """The pieces of the text, in its order."""
    return _Scanner(text).pieces()


def _terms_label(line: str) -> str | None:
    """Which terms a heading announces, if any."""
    key = label_key(bare(line))
    if key.startswith("keywords provided by "):
        return KEYWORDS
    return MESH_TERMS if key == "additional relevant mesh terms" else None


class _Scanner:
    """Lines with a place to read on from, and the section that the last mark was of."""

    def __init__(self, text: str) -> None:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.at = 0
        self.began = 0
        self.section = "header"
        self.names: list[str] = []
        self.has_outcomes = False
        self.has_borders = sum("|" in line for line in self.lines) > 3
        heads = [at for at, line in enumerate(self.lines) if table_head(line) is Role.SUMMARY]
        self.summary_at = heads[-1] if heads else -1

    # --- walking -----

    def pieces(self) -> Iterator[Piece]:
        """All pieces: each rule that knows the line at hand takes it, and the lines that belong to it."""
        yield from self.title()
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            self.began = self.at
            rule = next((rule for knows, rule in _RULES if knows(self, line)), _Scanner.rest)
            yield from rule(self, line)
            if self.at == self.began:
                yield from self.rest(line)

    def take(self) -> str:
        """The line at hand, and on to the next."""
        line = self.lines[self.at].strip()
        self.at += 1
        return line

    def take_while(self, wanted: Callable[[str], bool]) -> list[str]:
        """Lines as long as they are wanted, with their indent."""
        start = self.at
        while self.at < len(self.lines) and wanted(self.lines[self.at]):
            self.at += 1
        return self.lines[start : self.at]

    def take_body(self) -> list[str]:
        """Lines up to the next mark."""
        return self.take_while(lambda text: not self.is_mark(text))

    def piece(self, role: Role, label: str, rows: Rows, *, borders: bool = True) -> Piece:
        """A piece, placed by the line at which its rule began."""
        return Piece(role, label, rows, f"line {self.began + 1}", borders)

    # --- what a line is -----

    def label_of(self, line: str) -> str | None:
        """The label that a line begins with, where it is one of the page's."""
        head, border, _rest = line.partition("|")
        label, colon, _value = head.partition(":")
        key = label_key(label)
        if not colon or key not in _LABEL_KEYS:
            return None
        return key if border or not self.has_borders or key in _HEADER_LABELS or key in PROSE_LABELS else None

    def is_mark(self, line: str) -> bool:
        """Whether a line begins something new, so that running text ends before it."""
        text = bare(line.strip())
        key = label_key(text)
        if not text:
            return False
        label = self.label_of(line.strip())
        return (
            key in _HEADINGS
            or (label is not None and (label not in _LOOSE or "|" in line))
            or (ignored(text) and not is_item(line.strip()))
            or is_rule(text)
            or _terms_label(text) is not None
            or table_head(line) is not None
            or _STATUS.match(text) is not None
        )

    # --- rules -----

    def title(self) -> Iterator[Piece]:
        """The first line that says something."""
        while self.at < len(self.lines) and ignored(bare(self.lines[self.at])):
            self.at += 1
        self.began = self.at
        if self.at < len(self.lines):
            yield self.piece(Role.TITLE, "title", [[(Text(bare(self.take())),)]])

    def skip(self, _line: str) -> Iterator[Piece]:
        """A line that says nothing of the study."""
        self.at += 1
        return iter(())

    def heading(self, line: str) -> Iterator[Piece]:
        """A section heading."""
        self.section = label_key(bare(line))
        return self.skip(line)

    def status(self, line: str) -> Iterator[Piece]:
        """The status block: to the border of its cell, an empty line, a list or a label."""
        texts = [self.take()]
        while not texts[-1].endswith("|") and self.at < len(self.lines):
            after = self.lines[self.at].strip()
            if not after or is_item(after) or label_key(after.partition(":")[0]) in SPONSOR_LABELS:
                break
            texts.append(self.take())
        yield self.piece(Role.STATUS, "status", [[_texts(texts)]])

    def box(self, _line: str) -> Iterator[Piece]:
        """A box of the site's own: to an empty line or the next mark."""
        self.at += 1
        self.take_while(lambda text: bool(text.strip()) and not self.is_mark(text))
        return iter(())

    def contacts_begin(self, line: str) -> Iterator[Piece]:
        """The sentence that stands above contacts and locations."""
        self.section = _CONTACTS_SECTION
        return self.skip(line)

    def tab(self, line: str) -> Iterator[Piece]:
        """A tab of the page; one says whether results are posted."""
        key = label_key(bare(item_text(line)))
        self.at += 1
        if key in RESULTS_TABS:
            yield self.piece(Role.FIELD, "has results", [[(Text(RESULTS_TABS[key]),)]])

    def table(self, line: str) -> Iterator[Piece]:
        """A table with headings: rows of as many cells, each to its border, over lines."""
        role = table_head(line) or Role.REST
        heads = cells(line)
        self.at += 1
        rows: list[list[Content]] = [[(Text(head),) for head in heads]]
        self.take_while(is_rule)
        while (row := self.row(len(heads), closed=line.endswith("|"))) is not None:
            rows.append([cell_content(self.apart(cell)) for cell in row])
            if role is Role.SUMMARY:
                self.names = split_interventions(fold(row[1])) if len(row) > 1 else []
                break
        several = all(len(cell) > 1 for row in rows[1:] for cell in row[:1])
        yield self.piece(role, role.value, rows, borders=role is not Role.SUMMARY or several)

    def row(self, width: int, *, closed: bool) -> list[str] | None:
        """The next row: lines up to as many borders as columns (one less where the last cell has none).

        None where no row begins. A row that a mark cuts short stands with the cells that it has.
        """
        while self.at < len(self.lines) and not self.lines[self.at].strip():
            self.at += 1
        end, borders = self.at, 0
        while end < len(self.lines) and borders < width:
            line = self.lines[end]
            if self.is_mark(line) or is_outcome(line) or (not closed and not line.strip()):
                break
            borders += line.count("|")
            end += 1
        text = "\n".join(self.lines[self.at : end])
        if not text.strip(" |\n") or borders < width - 1:
            return None
        self.at = end
        return [cell.strip() for cell in text.split("|")[:width]]

    def apart(self, cell: str) -> str:
        """A cell in which each intervention named by the table above begins a line, also where it was glued
        on.
        """
        for name in self.names:
            cell = cell.replace(name, f"\n{name}")
        return cell

    def field(self, line: str) -> Iterator[Piece]:
        """A label with its value beside it, or below it to the border of the cell."""
        label = self.label_of(line) or ""
        self.at += 1
        value = line.partition(":")[2].strip().removeprefix("|").strip()
        texts = [value]
        if not value.endswith("|") or not value.strip(" |"):
            texts += self.value_below(bordered="|" in line, empty=not value.strip(" |"))
        if label not in _HEADER_LABELS:
            self.section = "fields"
        yield self.piece(Role.FIELD, label, [[_texts(texts)]])

    def value_below(self, *, bordered: bool, empty: bool) -> list[str]:
        """Lines of a value below its label: to the border of its cell, to an empty line, or to the next mark."""
        if not bordered and not empty:
            return []
        taken: list[str] = []
        while self.at < len(self.lines):
            after = self.lines[self.at].strip()
            if self.is_mark(after) or (not after and (taken or not empty)):
                break
            self.at += 1
            taken += [after] if after else []
            if after.endswith("|"):
                break
        return taken

    def prose(self, line: str) -> Iterator[Piece]:
        """Long text under its label, to the next mark."""
        label, _colon, value = bare(line).partition(":")
        self.at += 1
        lines = ([value] if value.strip() else []) + self.take_body()
        yield self.piece(Role.FIELD, label, [[paragraphs(lines)]])

    def outcomes(self, line: str) -> Iterator[Piece]:
        """A list of outcomes, under its label or, where no list has one, with the label lost."""
        label = bare(line) if label_key(bare(line)) in OUTCOME_LABELS else ""
        if label:
            self.at += 1
            self.has_outcomes = True
        start, lines = self.at, one_list(self.take_body())
        self.at = start + len(lines)
        items = outcome_items(lines)
        yield self.piece(Role.OUTCOMES, label, [[item] for item in items])

    def references(self, line: str) -> Iterator[Piece]:
        """Citations, a line or an item each."""
        self.at += 1
        role = Role.LINKS if label_key(bare(line)) in LINK_LABELS else Role.REFERENCES
        lines = self.take_while(lambda text: not self.is_mark(text) and "|" not in text and not _is_heading(text))
        items: list[list[Text | Inset]] = []
        for text in (fold(item_text(text)) for text in lines if text.strip()):
            if text.startswith("Retraction in:") and items:
                items[-1].append(Inset((Text(text),)))
            else:
                items.append([Text(text)])
        yield self.piece(role, bare(line), [[tuple(item), ()] for item in items])

    def sponsors(self, _line: str) -> Iterator[Piece]:
        """The list of sponsor and collaborators under Contacts and Locations."""
        self.at += 1
        names = self.take_while(lambda text: not self.is_mark(text) and not is_official(text))
        yield self.piece(Role.FIELD, SPONSOR_LIST, [[_texts(item_text(name) for name in names)]])

    def contact_rows(self, _line: str) -> Iterator[Piece]:
        """Central contacts: rows before the first site."""
        lines = self.take_while(lambda text: bool(_CONTACT.match(text.strip())))
        yield self.piece(Role.CONTACTS, "contacts", _rows(lines))
        self.section = _CONTACTS_SECTION

    def officials(self, _line: str) -> Iterator[Piece]:
        """Investigators: role, name, affiliation."""
        yield self.piece(Role.OFFICIALS, "officials", _rows(self.take_while(is_official)))

    def sites(self, _line: str) -> Iterator[Piece]:
        """Rows of sites: all that follows the contacts up to the next mark."""
        lines = self.take_while(lambda text: not self.is_mark(text) and not is_official(text))
        yield self.piece(Role.SITES, "sites", _rows(lines))

    def criteria(self, _line: str) -> Iterator[Piece]:
        """Text after the rows of eligibility: the criteria, before them the study population where there is one."""
        lines = self.take_body()
        start = next((at for at, text in enumerate(lines) if _CRITERIA.fullmatch(text.strip())), 0)
        if population := paragraphs(lines[:start]):
            yield self.piece(Role.FIELD, "study population", [[population]])
        yield self.piece(Role.FIELD, "criteria", [[paragraphs(lines[start:])]])

    def summary(self, _line: str) -> Iterator[Piece]:
        """Text between the tabs and the first table, its headings lost: all of it stands as brief summary."""
        text = paragraphs(self.take_body())
        yield self.piece(Role.FIELD, "brief summary", [[text]], borders=False)

    def terms(self, line: str) -> Iterator[Piece]:
        """Keywords or MeSH terms under their heading."""
        self.at += 1
        lines = self.take_while(lambda text: not self.is_mark(text) and not _is_heading(text))
        terms = [item_text(cell) for text in lines for cell in cells(text) if cell]
        borders = not any("|" in text for text in lines)
        yield self.piece(Role.TERMS, _terms_label(line) or "", [[_texts(terms)]], borders=borders)

    def bare_terms(self, _line: str) -> Iterator[Piece]:
        """Keywords and MeSH terms with their headings lost: told apart where their number leaves no doubt."""
        found = [cell for text in self.take_body() for cell in cells(text) if cell]
        if len(found) not in (3, 4):
            yield self.piece(Role.REST, "", [[_texts(found)]])
            return
        for label, part in ((KEYWORDS, found[:-2]), (MESH_TERMS, found[-2:])):
            yield self.piece(Role.TERMS, label, [[_texts(part)]], borders=False)

    def rest(self, line: str) -> Iterator[Piece]:
        """Text that no rule knows."""
        self.at += 1
        yield self.piece(Role.REST, "", [[(Text(fold(bare(line))),)]])


def _is_heading(line: str) -> bool:
    """Whether a line has a heading's form: one that nobody knows ends a list all the same."""
    return line.rstrip().endswith(":") and not is_item(line.strip())


def _texts(texts: Iterable[str]) -> Content:
    """Lines to a cell of texts, without those that say nothing."""
    return tuple(Text(fold(bare(text))) for text in texts if bare(text).strip(" |"))


def _rows(lines: Iterable[str]) -> Rows:
    """Lines of a table to rows of cells."""
    rows = [[(Text(fold(cell)),) for cell in cells(line)] for line in lines]
    return [row for row in rows if row]


# --- the rules, first match wins -----

_Knows = Callable[[_Scanner, str], bool]
_Rule = Callable[[_Scanner, str], Iterator[Piece]]

_ELIGIBILITY_ROWS = frozenset(
    {"ages eligible for study", "sexes eligible for study", "accepts healthy volunteers", "sampling method"}
)
_LAST_ROWS = frozenset(
    key for key in FIELDS if key.startswith(("last verified", "studies a", "product", "plan", "url"))
) | {"supporting materials", "access criteria", "time frame"}


def _follows(scanner: _Scanner, keys: frozenset[str]) -> bool:
    """Whether the last line that says something has one of these labels."""
    before = scanner.at - 1
    while before >= 0 and not scanner.lines[before].strip(" |"):
        before -= 1
    line = scanner.lines[before] if before >= 0 else ""
    return label_key(line.partition("|")[0].partition(":")[0]) in keys


def _has_key(keys: Container[str]) -> _Knows:
    """A line that is one of these words and nothing else."""
    return lambda _scanner, line: label_key(bare(line)) in keys


def _has_item(keys: Container[str]) -> _Knows:
    """A line, or list item, that is one of these words and nothing else."""
    return lambda _scanner, line: label_key(bare(item_text(line))) in keys


def _opens(opening: str) -> _Knows:
    return lambda _scanner, line: label_key(line).startswith(opening)


_RULES: tuple[tuple[_Knows, _Rule], ...] = (
    (lambda _s, line: not line.strip(" |") or is_rule(line), _Scanner.skip),
    (lambda _s, line: bool(_STATUS.match(bare(line))), _Scanner.status),
    (_has_key(SECTIONS), _Scanner.heading),
    (_has_item(RESULTS_TABS), _Scanner.tab),
    (_has_item(IGNORED), _Scanner.skip),
    (_has_key({SPONSOR_LIST}), _Scanner.sponsors),
    (lambda _s, line: _terms_label(line) is not None, _Scanner.terms),
    (_has_key(OUTCOME_LABELS), _Scanner.outcomes),
    (_has_key(LINK_LABELS | set(REFERENCE_LABELS)), _Scanner.references),
    (lambda _s, line: table_head(line) is not None, _Scanner.table),
    (_has_key(PROSE_LABELS), _Scanner.prose),
    (lambda s, line: s.label_of(line) is not None, _Scanner.field),
    (lambda _s, line: bool(_CONTACT.match(line)), _Scanner.contact_rows),
    (lambda _s, line: is_official(line), _Scanner.officials),
    (_opens("please refer to this study"), _Scanner.contacts_begin),
    (lambda _s, line: opens_box(label_key(line)), _Scanner.box),
    (lambda _s, line: ignored(bare(line)), _Scanner.skip),
    (lambda s, line: is_outcome(line) and not s.has_outcomes, _Scanner.outcomes),
    (
        lambda s, _line: _follows(s, _ELIGIBILITY_ROWS) or s.section == "eligibility criteria",
        _Scanner.criteria,
    ),
    (lambda s, line: line.endswith("|") and _follows(s, _LAST_ROWS), _Scanner.bare_terms),
    (lambda s, _line: s.section == _CONTACTS_SECTION, _Scanner.sites),
    (lambda s, _line: s.section == "header" and s.at < s.summary_at, _Scanner.summary),
)
