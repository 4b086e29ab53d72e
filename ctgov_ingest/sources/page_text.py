"""A Study Details page after somebody's extraction to text or markdown: a scanner of lines that gives the page's pieces.

What the extraction lost is not invented. Lists whose borders are gone stay whole; headings that are gone are inferred
only where the order of the page leaves no other reading, and an issue says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ctgov_ingest.sources.content import Bullets, Content, Inset, Text, fold
from ctgov_ingest.sources.pieces import Piece, Role
from ctgov_ingest.sources.study_fields import (
    BOX_OPENINGS,
    FIELDS,
    IGNORED,
    LINK_LABELS,
    OUTCOME_LABELS,
    PROSE_LABELS,
    REFERENCE_LABELS,
    SECTIONS,
    ignored,
    label_key,
)
from ctgov_ingest.values.phrases import NCT_ID, split_intervention, split_interventions

RESULTS_TABS = {
    "study results": "Yes",
    "has results": "Yes",
    "no results posted": "No",
    "results submitted": "No",
}
"""Tabs of a study's page that say whether results are posted."""

SPONSOR_LABELS = frozenset(
    {
        "sponsor",
        "collaborator",
        "collaborators",
        "information provided by (responsible party)",
        "information provided by",
    }
)
"""Labels of the header whose values stand after them."""

CONTACTS_SECTION = "contacts and locations"
HEADER_LABELS = SPONSOR_LABELS | {"clinicaltrials.gov identifier"}
"""Labels of the header, which leave the section as it is."""

_BULLET = re.compile(r"(?P<indent>\s*)(?:[-*+•]|(?P<number>\d{1,3})[.)])\s+(?P<text>\S.*)")
_RULE = re.compile(r"[\s|:=-]*[-=]{3,}[\s|:=-]*")
_STATUS = re.compile(r"(?:Recruitment|Expanded Access) Status\s*:")
_CRITERIA = re.compile(r"\W*(?:\w+\s+){0,3}(?:inclusion|exclusion|eligibility)\b.{0,60}", re.IGNORECASE)
_ROLE_ROW = re.compile(
    r"(?:Principal Investigator|Study Chair|Study Director|Sub-Investigator)\s*:?\s*\|\s*[^|\s]",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"Contact(?:\s*\(backup\))?\s*:", re.IGNORECASE)
_KEYWORDS = re.compile(r"keywords provided by .*", re.IGNORECASE)
_MESH = re.compile(r"additional relevant mesh terms\s*:?", re.IGNORECASE)
_LABEL_KEYS = set(FIELDS) | {"responsible party"} | SPONSOR_LABELS
_LOOSE = frozenset({"time frame", "url", "masking", "allocation", "criteria"})
"""Labels too common in running text to be one there without a cell border."""


def recognises(text: str) -> bool:
    """Whether a text that is no markup has the marks of a Study Details page: an identifier, and rows of its tables."""
    return bool(NCT_ID.search(text)) and "ClinicalTrials.gov Identifier" in text and "Study Type" in text


def cut(text: str) -> Iterator[Piece]:
    """The pieces of the text, in its order."""
    return _Scanner(text).pieces()


def _bare(line: str) -> str:
    """A line without the marks of a heading, of bold, or of a cell's end."""
    return re.sub(r"^#{1,6}\s+|\*\*|__|\s*\|\s*$", "", line).strip()


def _cells(line: str) -> list[str]:
    """The cells of a line, without the empty ones at its end."""
    cells = [cell.strip() for cell in line.split("|")]
    while cells and not cells[-1]:
        cells.pop()
    return cells


class _Scanner:
    """Lines with a place to read on from, and the section that the last mark was of."""

    def __init__(self, text: str) -> None:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.at = 0
        self.section = "header"
        self.names: list[str] = []
        self.has_borders = sum("|" in line for line in self.lines) > 3

    # --- walking ------------------------------------------------------------------------------------------------

    def pieces(self) -> Iterator[Piece]:
        """All pieces: each rule that knows the line at hand takes it, and the lines that belong to it."""
        yield from self.title()
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            rule = next((rule for knows, rule in _RULES if knows(self, line)), _Scanner.rest)
            yield from rule(self, line)

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

    def piece(self, role: Role, label: str, rows: list[list[Content]], *, borders: bool = True) -> Piece:
        """A piece, placed by its line."""
        place = f"line {self.at}"
        return Piece(role, label, tuple(tuple(row) for row in rows), place, borders)

    # --- what a line is -----------------------------------------------------------------------------------------

    def label_of(self, line: str) -> str | None:
        """The label that a line begins with, where it is one of the page's."""
        head, border, _rest = line.partition("|")
        label, colon, _value = head.partition(":")
        key = label_key(label)
        if not colon or key not in _LABEL_KEYS:
            return None
        return key if border or not self.has_borders or key in HEADER_LABELS or key in PROSE_LABELS else None

    def is_mark(self, line: str) -> bool:
        """Whether a line begins something new, so that running text ends before it."""
        text = _bare(line.strip())
        key = label_key(text)
        if not text:
            return False
        label = self.label_of(line.strip())
        return (
            key in SECTIONS
            or key == "sponsors and collaborators"
            or key in LINK_LABELS
            or key in OUTCOME_LABELS
            or key in REFERENCE_LABELS
            or key in PROSE_LABELS
            or (label is not None and (label not in _LOOSE or "|" in line))
            or (ignored(text) and not _BULLET.fullmatch(line.strip()))
            or bool(_RULE.fullmatch(text) or _KEYWORDS.fullmatch(text) or _MESH.fullmatch(text))
            or _table_head(line) is not None
            or _STATUS.match(text) is not None
        )

    # --- rules --------------------------------------------------------------------------------------------------

    def title(self) -> Iterator[Piece]:
        """The first line that says something."""
        while self.at < len(self.lines) and ignored(_bare(self.lines[self.at])):
            self.at += 1
        if self.at < len(self.lines):
            yield self.piece(Role.TITLE, "title", [[(Text(_bare(self.take())),)]])

    def skip(self, _line: str) -> Iterator[Piece]:
        """A line that says nothing of the study."""
        self.at += 1
        return iter(())

    def heading(self, line: str) -> Iterator[Piece]:
        """A section heading."""
        self.section = label_key(_bare(line))
        return self.skip(line)

    def status(self, line: str) -> Iterator[Piece]:
        """The status block: to the border of its cell, an empty line, a list or a label."""
        texts = [self.take()]
        if not line.endswith("|"):
            while self.at < len(self.lines):
                after = self.lines[self.at].strip()
                if (
                    not after
                    or _BULLET.fullmatch(after)
                    or label_key(after.partition(":")[0]) in SPONSOR_LABELS
                ):
                    break
                self.at += 1
                texts.append(after)
                if after.endswith("|"):
                    break
        yield self.piece(Role.STATUS, "status", [[tuple(Text(_bare(text)) for text in texts if _bare(text))]])

    def box(self, _line: str) -> Iterator[Piece]:
        """A box of the site's own: to an empty line or the next mark."""
        self.at += 1
        self.take_while(lambda text: bool(text.strip()) and not self.is_mark(text))
        return iter(())

    def contacts_begin(self, line: str) -> Iterator[Piece]:
        """The sentence that stands above contacts and locations."""
        self.section = CONTACTS_SECTION
        return self.skip(line)

    def tab(self, line: str) -> Iterator[Piece]:
        """A tab of the page; one says whether results are posted."""
        key = label_key(_bare(_item(line)))
        self.at += 1
        if key in RESULTS_TABS:
            yield self.piece(Role.FIELD, "has results", [[(Text(RESULTS_TABS[key]),)]])

    def table(self, line: str) -> Iterator[Piece]:
        """A table with headings: rows of as many cells, each to its border, over lines."""
        role = _table_head(line)
        assert role is not None  # noqa: S101  # the rule's own condition
        heads = _cells(line)
        self.at += 1
        rows: list[list[Content]] = [[(Text(head),) for head in heads]]
        self.take_while(lambda text: bool(_RULE.fullmatch(text.strip() or " ")))
        while (row := self.row(len(heads), closed=line.endswith("|"))) is not None:
            rows.append([_cell(self.apart(cell)) for cell in row])
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
        taken: list[str] = []
        for line in self.lines[self.at :]:
            borders = "\n".join(taken).count("|")
            if (
                self.is_mark(line)
                or _is_outcome(line)
                or borders >= width
                or (not closed and not line.strip())
            ):
                break
            taken.append(line)
        text = "\n".join(taken)
        if not text.strip(" |\n") or text.count("|") < width - 1:
            return None
        self.at += len(taken)
        return [cell.strip() for cell in text.split("|")[:width]]

    def apart(self, cell: str) -> str:
        """A cell in which each intervention named by the table above begins a line, also where it was glued on."""
        for name in self.names:
            cell = re.sub(rf"(?<=[^\s])(?={re.escape(name)})", "\n", cell)
        return cell

    def field(self, line: str) -> Iterator[Piece]:
        """A label with its value beside it, or below it to the border of the cell."""
        label = self.label_of(line) or ""
        self.at += 1
        value = line.partition(":")[2].strip().removeprefix("|").strip()
        texts = [value]
        if not value.endswith("|") or not value.strip(" |"):
            texts += self.value_below(bordered="|" in line, empty=not value.strip(" |"))
        content = tuple(Text(fold(_bare(text))) for text in texts if _bare(text).strip(" |"))
        if label not in HEADER_LABELS:
            self.section = "fields"
        yield self.piece(Role.FIELD, label, [[content]])

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
        label, _colon, value = _bare(line).partition(":")
        self.at += 1
        lines = ([value] if value.strip() else []) + self.take_while(lambda text: not self.is_mark(text))
        yield self.piece(Role.FIELD, label, [[_paragraphs(lines)]])

    def outcomes(self, line: str) -> Iterator[Piece]:
        """A list of outcomes, under its label or with the label lost."""
        label = _bare(line) if label_key(_bare(line)) in OUTCOME_LABELS else ""
        if label:
            self.at += 1
        items = _outcome_items(self.take_while(lambda text: not self.is_mark(text)))
        yield self.piece(Role.OUTCOMES, label, [[item] for item in items])

    def references(self, line: str) -> Iterator[Piece]:
        """Citations, a line or an item each."""
        self.at += 1
        role = Role.LINKS if label_key(_bare(line)) in LINK_LABELS else Role.REFERENCES
        lines = self.take_while(lambda text: not self.is_mark(text) and "|" not in text)
        cells: list[list[Text | Inset]] = []
        for text in (fold(_item(text)) for text in lines if text.strip()):
            if text.startswith("Retraction in:") and cells:
                cells[-1].append(Inset((Text(text),)))
            else:
                cells.append([Text(text)])
        yield self.piece(role, _bare(line), [[tuple(cell), ()] for cell in cells])

    def sponsors(self, _line: str) -> Iterator[Piece]:
        """The list of sponsor and collaborators under Contacts and Locations."""
        self.at += 1
        names = self.take_while(lambda text: not self.is_mark(text) and not _is_official(text))
        yield self.piece(
            Role.FIELD,
            "sponsors and collaborators",
            [[tuple(Text(fold(_item(_bare(name)))) for name in names if _bare(name))]],
        )

    def contact_rows(self, _line: str) -> Iterator[Piece]:
        """Central contacts: rows before the first site."""
        rows = [_cells(line) for line in self.take_while(lambda text: bool(_CONTACT.match(text.strip())))]
        yield self.piece(Role.CONTACTS, "contacts", [[(Text(fold(cell)),) for cell in row] for row in rows])
        self.section = CONTACTS_SECTION

    def officials(self, _line: str) -> Iterator[Piece]:
        """Investigators: role, name, affiliation."""
        rows = [_cells(line) for line in self.take_while(lambda text: _is_official(text))]
        yield self.piece(Role.OFFICIALS, "officials", [[(Text(fold(cell)),) for cell in row] for row in rows])

    def sites(self, _line: str) -> Iterator[Piece]:
        """Rows of sites: all that follows the contacts up to the next mark."""
        lines = self.take_while(lambda text: not self.is_mark(text) and not _is_official(text))
        rows = [_cells(line) for line in lines if _cells(line)]
        yield self.piece(Role.SITES, "sites", [[(Text(fold(cell)),) for cell in row] for row in rows])

    def criteria(self, _line: str) -> Iterator[Piece]:
        """Text after the rows of eligibility: the criteria, with the study population before them where there is one."""
        lines = self.take_while(lambda text: not self.is_mark(text))
        start = next((at for at, text in enumerate(lines) if _CRITERIA.fullmatch(text.strip())), 0)
        if population := _paragraphs(lines[:start]):
            yield self.piece(Role.FIELD, "study population", [[population]])
        yield self.piece(Role.FIELD, "criteria", [[_paragraphs(lines[start:])]])

    def summary(self, _line: str) -> Iterator[Piece]:
        """Text between the tabs and the first table, its headings lost: all of it stands as brief summary."""
        text = _paragraphs(self.take_while(lambda text: not self.is_mark(text)))
        yield self.piece(Role.FIELD, "brief summary", [[text]], borders=False)

    def terms(self, line: str) -> Iterator[Piece]:
        """Keywords or MeSH terms under their heading."""
        label = "keywords" if _KEYWORDS.fullmatch(_bare(line)) else "mesh terms"
        self.at += 1
        lines = [text for text in self.take_while(lambda text: not self.is_mark(text)) if text.strip(" |")]
        cells = [_item(cell) for text in lines for cell in _cells(text) if cell]
        yield self.piece(
            Role.TERMS,
            label,
            [[(Text(fold(cell)),)] for cell in cells],
            borders=not any("|" in text for text in lines),
        )

    def bare_terms(self, _line: str) -> Iterator[Piece]:
        """Keywords and MeSH terms with their headings lost: told apart where their number leaves no doubt."""
        lines = [text for text in self.take_while(lambda text: not self.is_mark(text)) if text.strip(" |")]
        cells = [cell for text in lines for cell in _cells(text) if cell]
        if len(cells) not in (3, 4):
            yield self.piece(Role.REST, "", [[tuple(Text(fold(cell)) for cell in cells)]])
            return
        cut = len(cells) - 2
        for label, part in (("keywords", cells[:cut]), ("mesh terms", cells[cut:])):
            rows: list[list[Content]] = [[(Text(fold(cell)),)] for cell in part]
            yield self.piece(Role.TERMS, label, rows, borders=False)

    def rest(self, line: str) -> Iterator[Piece]:
        """Text that no rule knows."""
        self.at += 1
        yield self.piece(Role.REST, "", [[(Text(fold(_bare(line))),)]])


# --- content of lines ---------------------------------------------------------------------------------------------


def _is_official(line: str) -> bool:
    """Whether a line is a row of investigators: a role in a cell of its own, and a name beside it."""
    return _ROLE_ROW.match(line.strip()) is not None


def _is_outcome(line: str) -> bool:
    """Whether a line is an item with a time frame."""
    return _BULLET.fullmatch(line) is not None and "[ Time Frame:" in fold(line)


def _item(line: str) -> str:
    """The text of a list item without its marker; any other line as it is."""
    found = _BULLET.fullmatch(line)
    return found["text"] if found else line.strip()


def _table_head(line: str) -> Role | None:
    """What table a line of headings begins."""
    cells = _cells(line)
    first = label_key(cells[0]) if "|" in line and cells else ""
    return {"condition or disease": Role.SUMMARY, "arm": Role.ARMS, "group/cohort": Role.ARMS}.get(first)


def _cell(text: str) -> Content:
    """A cell over lines: a name, and what stands below it; a new name begins with a type of intervention."""
    blocks: list[Text | Inset] = []
    below: list[str] = []
    for line in [line for line in text.split("\n") if line.strip()]:
        if not blocks or split_intervention(_bare(line))[0]:
            blocks += [Inset(_paragraphs(below))] if below else []
            below = []
            blocks.append(Text(fold(line)))
        else:
            below.append(line)
    return (*blocks, *([Inset(_paragraphs(below))] if below else []))


def _paragraphs(lines: list[str]) -> Content:
    """Lines to paragraphs and lists; a deeper indent is a list in the item above it."""
    blocks: list[Text | Bullets] = []
    items: list[tuple[int, bool, str]] = []
    for line in lines:
        found = _BULLET.fullmatch(line)
        if found:
            items.append((len(found["indent"].expandtabs(4)), found["number"] is not None, found["text"]))
        elif items and line.strip() and line[:1].isspace():
            indent, ordered, text = items[-1]
            items[-1] = (indent, ordered, f"{text} {line.strip()}")
        elif line.strip():
            blocks += [*_lists(items), Text(fold(_bare(line)))]
            items = []
    return (*blocks, *_lists(items))


def _lists(items: list[tuple[int, bool, str]]) -> list[Bullets]:
    """Items with their indents to lists; each run of deeper items belongs to the item before it."""
    if not items:
        return []
    level, ordered, _text = items[0]
    entries: list[tuple[str, list[tuple[int, bool, str]]]] = []
    for item in items:
        if item[0] > level and entries:
            entries[-1][1].append(item)
        else:
            entries.append((item[2], []))
    return [Bullets(tuple((Text(fold(text)), *_lists(inner)) for text, inner in entries), ordered)]


def _outcome_items(lines: list[str]) -> list[Content]:
    """A list item an outcome; what follows is its description, lists too where outcomes have time frames."""
    framed = any(_is_outcome(line) for line in lines)
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        found = _BULLET.fullmatch(line)
        if found and (not items or (_is_outcome(line) if framed else not found["indent"])):
            items.append((found["text"], []))
        elif line.strip() and items:
            items[-1][1].append(line)
        elif line.strip():
            items.append((line.strip(), []))
    return [(Text(fold(text)), *((Inset(_paragraphs(below)),) if below else ())) for text, below in items]


# --- the rules, first match wins ----------------------------------------------------------------------------------

_Knows = Callable[[_Scanner, str], bool]
_Rule = Callable[[_Scanner, str], Iterator[Piece]]

_ELIGIBILITY_ROWS = frozenset(
    {"ages eligible for study", "sexes eligible for study", "accepts healthy volunteers", "sampling method"}
)


def _follows(scanner: _Scanner, keys: frozenset[str]) -> bool:
    """Whether the last line that says something has one of these labels."""
    before = next((line for line in reversed(scanner.lines[: scanner.at]) if line.strip(" |")), "")
    return label_key(before.partition("|")[0].partition(":")[0]) in keys


def _in_terms(scanner: _Scanner, line: str) -> bool:
    ends = frozenset(
        key for key in FIELDS if key.startswith(("last verified", "studies a", "product", "plan", "url"))
    )
    return line.endswith("|") and _follows(
        scanner, ends | {"supporting materials", "access criteria", "time frame"}
    )


def _before_tables(scanner: _Scanner, _line: str) -> bool:
    after = (_table_head(line) for line in scanner.lines[scanner.at :])
    return scanner.section == "header" and Role.SUMMARY in after


_RULES: tuple[tuple[_Knows, _Rule], ...] = (
    (lambda _s, line: not line.strip(" |") or bool(_RULE.fullmatch(line)), _Scanner.skip),
    (lambda _s, line: bool(_STATUS.match(_bare(line))), _Scanner.status),
    (lambda _s, line: label_key(_bare(line)) in SECTIONS, _Scanner.heading),
    (lambda _s, line: label_key(_bare(_item(line))) in RESULTS_TABS, _Scanner.tab),
    (lambda _s, line: label_key(_bare(_item(line))) in IGNORED, _Scanner.skip),
    (lambda _s, line: label_key(_bare(line)) == "sponsors and collaborators", _Scanner.sponsors),
    (lambda _s, line: bool(_KEYWORDS.fullmatch(_bare(line)) or _MESH.fullmatch(_bare(line))), _Scanner.terms),
    (lambda _s, line: label_key(_bare(line)) in OUTCOME_LABELS, _Scanner.outcomes),
    (
        lambda _s, line: label_key(_bare(line)) in REFERENCE_LABELS | dict.fromkeys(LINK_LABELS),
        _Scanner.references,
    ),
    (lambda _s, line: _table_head(line) is not None, _Scanner.table),
    (lambda _s, line: label_key(_bare(line)) in PROSE_LABELS, _Scanner.prose),
    (lambda s, line: s.label_of(line) is not None, _Scanner.field),
    (lambda _s, line: bool(_CONTACT.match(line)), _Scanner.contact_rows),
    (lambda _s, line: bool(_ROLE_ROW.match(line)), _Scanner.officials),
    (lambda _s, line: label_key(line).startswith("please refer to this study"), _Scanner.contacts_begin),
    (lambda _s, line: label_key(line).startswith(tuple(BOX_OPENINGS)), _Scanner.box),
    (lambda _s, line: ignored(_bare(line)), _Scanner.skip),
    (lambda _s, line: _is_outcome(line), _Scanner.outcomes),
    (
        lambda s, _line: _follows(s, _ELIGIBILITY_ROWS) or s.section == "eligibility criteria",
        _Scanner.criteria,
    ),
    (_in_terms, _Scanner.bare_terms),
    (lambda s, _line: s.section == CONTACTS_SECTION, _Scanner.sites),
    (_before_tables, _Scanner.summary),
)
