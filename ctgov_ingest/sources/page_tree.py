"""Saved pages: bytes decoded and parsed without network, and their elements as blocks of text, read once.

A `Block` is what a browser would break the line for; all that stands within a line (`span`, `a`, `b` …) is
dissolved into runs of text, so that words which a search hit splits (`<span class="hit_inf">`) stay words.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from lxml import etree

from ctgov_ingest.errors import Damaged, TooLarge
from ctgov_ingest.sources.content import Bullets, Content, Inset, Text, fold
from ctgov_ingest.sources.memory import Memory

MAX_BYTES = 16 * 1024 * 1024
"""The largest page that is read. The largest real one is under 2 MB."""
MAX_DEPTH = 100
"""The deepest nesting that is read. Real pages nest 15 deep."""

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details div dl dt fieldset figure footer form h1 h2 h3 h4
    h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul
"""
_SILENT_NAMES = """
    script style noscript template head title button select option input textarea img svg iframe
"""

BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Elements that break the line."""

SILENT = frozenset(_SILENT_NAMES.split())
"""Elements that say nothing."""

BREAKS, SAYS_NOTHING, BR, SPAN = "breaks the line", "says nothing", "br", "span"
KINDS = {**dict.fromkeys(BLOCKS, BREAKS), **dict.fromkeys(SILENT, SAYS_NOTHING), "br": BR, "span": SPAN}
"""What an element does. The others stand within the line, and so do spans that pages do not display as blocks."""

_TRANSPARENT = frozenset({"p", "tbody", "thead", "tr", "td", "th", "span", "center", "table"})
"""Blocks that do not indent what they hold."""

_CELLS = frozenset({"td", "th"})
_CELLS_AND_ITEMS = _CELLS | {"li"}
_IN_TAG = re.compile(r"\b[^<>]*")
_LISTS = frozenset({"ul", "ol"})
_MANY_LINES = _LISTS | {"table"}

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(data: bytes) -> tuple[str, str]:
    """Decode the bytes of a page, and name the encoding: UTF-8 where it fits, else what the page or its
    bytes say.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"expected a page of at most {MAX_BYTES:,} bytes, found {len(data):,}")
    try:
        return data.removeprefix(BOM_UTF8).decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_by_signs(data)


def _decode_by_signs(data: bytes) -> tuple[str, str]:
    from bs4.dammit import UnicodeDammit  # loaded only here: most pages are UTF-8

    declared = _META_CHARSET.search(data[:4096])
    known = [declared[1].decode("ascii")] if declared else []
    found = UnicodeDammit(data, known_definite_encodings=known, is_html=True)
    if found.unicode_markup is None or found.original_encoding is None:
        raise Damaged("expected text, found bytes in no encoding that fits")
    return _SURROGATE.sub("\ufffd", found.unicode_markup), found.original_encoding


class Block:
    """A block of a page.

    `nodes`: the runs of text and the blocks that it holds, in order; `anchors`: how many links there are below it;
    `holds_table`: whether a table is among what it holds.
    """

    has_button = False
    holds_table = False
    anchors = 0
    _own_anchors: Sequence[etree._Element] = ()
    _text: str | None = None
    _mark: str | None = ""

    def __init__(self, element: etree._Element, tag: str) -> None:
        self.tag = tag
        self.nodes: list[Node] = []
        self._element = element

    @property
    def id(self) -> str | None:
        """Its `id`."""
        return self._element.get("id")

    @property
    def mark(self) -> str | None:
        """The `headers` of a cell; looked up once."""
        if self._mark == "":
            self._mark = self._element.get("headers") or None if self.tag in _CELLS else None
        return self._mark

    @property
    def inset(self) -> bool:
        """Whether it indents what it holds."""
        return self.tag not in _TRANSPARENT and not displayed_as_block(self._element)

    def blocks(self) -> list[Block]:
        """The blocks that it holds directly."""
        return [node for node in self.nodes if not isinstance(node, str)]

    def all(self, tag: str) -> list[Block]:
        """The blocks of this name below it, in order; those inside of one found are not looked for."""
        found: list[Block] = []
        for node in self.nodes:
            if isinstance(node, str):
                continue
            if node.tag == tag:
                found.append(node)
            elif node.nodes:
                found += node.all(tag)
        return found

    def find(self, name: str) -> Block | None:
        """The first block of this id, itself included."""
        if self.id == name:
            return self
        for node in self.nodes:
            if not isinstance(node, str) and (found := node.find(name)):
                return found
        return None

    @property
    def line(self) -> str | None:
        """Its text where that is one line, empty where there is none; None for a table, a list, several lines."""
        node: Node = self
        while not isinstance(node, str):
            if len(node.nodes) > 1 or node.tag in _MANY_LINES:
                return None
            if not node.nodes:
                return ""
            node = node.nodes[0]
        return node

    @property
    def text(self) -> str:
        """All its text in one line; worked out once."""
        if self._text is None:
            nodes = self.nodes
            if len(nodes) == 1:
                self._text = nodes[0] if isinstance(nodes[0], str) else nodes[0].text
            else:
                runs: list[str] = []
                _add_runs(nodes, runs)
                self._text = " ".join(runs)
        return self._text

    @property
    def opening(self) -> str:
        """The first run of text in it."""
        for node in self.nodes:
            if text := node if isinstance(node, str) else node.opening:
                return text
        return ""

    def links(self) -> Iterator[tuple[str, str]]:
        """The links in it that have a text: text and address; those of a block before those of the blocks in it."""
        for anchor in self._own_anchors:
            if text := _all_text(anchor):
                yield text, anchor.get("href") or ""
        if self.anchors > len(self._own_anchors):
            for block in self.blocks():
                yield from block.links()

    def keep_anchor(self, anchor: etree._Element) -> None:
        """Keep a link that stands in its text."""
        self._own_anchors = [*self._own_anchors, anchor]
        self.anchors += 1


Node = str | Block
"""A run of text between blocks, or a block."""


def _add_runs(nodes: Sequence[Node], runs: list[str]) -> None:
    """Add all runs of text in these nodes."""
    for node in nodes:
        if isinstance(node, str):
            runs.append(node)
        elif node.nodes:
            _add_runs(node.nodes, runs)


def parse(text: str) -> Block:
    """Parse a page: gives the block of its main content, or of the whole where none is marked."""
    start = _main_content(text)
    root = parse_elements(without_menus(text[start or 0 :]))
    marked: Any = [] if start is None else _MAIN_CONTENT(root)
    shown: etree._Element = marked[0] if marked else root
    return _block(shown, shown.tag, 0)


def parse_elements(text: str) -> etree._Element:
    """Parse a page: comments stay out, nothing is fetched, entities beyond HTML's own do not exist."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(_open_cells(text).encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(f"expected a page in HTML, found none ({error})") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log.filter_from_fatals()):
        raise too_deep()
    if root is None:
        raise Damaged("expected a page in HTML, found no element")
    return root


_MAIN = "main-content"
_MAIN_CONTENT = etree.XPath(f"id('{_MAIN}')")


_BUTTON_END = "</button>"
_DROPPED_DOWN = re.compile(
    r"\s*+<div\b[^<>]*+>(?:\s*+(?:<a\b[^<>]*+>[^<]*+</a\s*+>|<!--[^<>]*+(?<=--)>))++\s*+</div\s*+>", re.IGNORECASE
)


def without_menus(text: str) -> str:
    """A page without what its buttons drop down, where that is links and nothing else.

    Every section of a study page has such a menu, and together they are a fifth of its elements.
    """
    kept: list[str] = []
    start = 0
    while (at := text.find(_BUTTON_END, start)) >= 0:
        at += len(_BUTTON_END)
        kept.append(text[start:at])
        menu = _DROPPED_DOWN.match(text, at)
        start = menu.end() if menu else at
    return "".join([*kept, text[start:]]) if kept else text


def _open_cells(text: str) -> str:
    """Take the slash out of cells and items that close themselves: in HTML what follows them is in them."""
    *parts, last = text.rsplit("/>")  # from behind: a slash is rarer than the end of a tag
    if not parts:
        return text
    ends = [">" if _opens_cell(part, part.rfind("<")) else "/>" for part in parts]
    return "".join([*chain.from_iterable(zip(parts, ends, strict=True)), last])


def _opens_cell(text: str, at: int) -> bool:
    """Whether the tag that begins there, and goes to the end of the text, is that of a cell or an item."""
    return text[at + 1 : at + 3].lower() in _CELLS_AND_ITEMS and _IN_TAG.fullmatch(text, at + 3) is not None


def _main_content(text: str) -> int | None:
    """Where the main content begins, None where none is marked: menus and scripts before it are not even parsed."""
    at = text.find(_MAIN)
    while at >= 0:
        if text[at - 6 : at].replace(" ", "").rstrip("\"'").endswith("id="):
            return max(text.rfind("<", 0, at), 0)
        at = text.find(_MAIN, at + 1)
    return None


def too_deep() -> TooLarge:
    """What is raised where elements nest deeper than is read."""
    return TooLarge(f"expected a page whose elements nest at most {MAX_DEPTH} deep, found deeper ones")


def _block(element: etree._Element, tag: str, depth: int) -> Block:
    """An element as a block, with all that it holds."""
    block = Block(element, tag)
    text = element.text
    children: list[etree._Element] = element[:]  # type: ignore[index, assignment]
    if children:
        run = [text] if text and not text.isspace() else []
        _fill(block, children, run, depth)
        if run:
            _flush(block, run)
    elif text and (text := _FOLDED[text]):
        block.nodes.append(text)
    return block


def _fill(block: Block, children: list[etree._Element], run: list[str], depth: int) -> None:
    """Put what children hold into the block and the run of text at hand; blanks that part blocks stay out.

    Children are had by a slice: the iterator of an element costs more than all else that is done with it.
    """
    if depth >= MAX_DEPTH:
        raise too_deep()
    nodes = block.nodes
    for child in children:
        tag = child.tag
        kind = KINDS.get(tag)
        if kind is BREAKS or (kind is SPAN and displayed_as_block(child)):
            if run:
                _flush(block, run)
            inner = _block(child, tag, depth + 1)
            nodes.append(inner)
            if inner.anchors:
                block.anchors += inner.anchors
            if tag == "table" or inner.holds_table:
                block.holds_table = True
        elif kind is BR:
            if run:
                _flush(block, run)
        elif kind is SAYS_NOTHING:
            block.has_button = block.has_button or tag == "button"
        else:
            if tag == "a":
                block.keep_anchor(child)
            if (text := child.text) and (run or not text.isspace()):
                run.append(text)
            if below := child[:]:  # type: ignore[index]
                _fill(block, below, run, depth + 1)  # type: ignore[arg-type]
        if (text := child.tail) and (run or not text.isspace()):
            run.append(text)


def _flush(block: Block, run: list[str]) -> None:
    """End the run of text."""
    if text := _FOLDED[run[0] if len(run) == 1 else "".join(run)]:
        block.nodes.append(text)
    run.clear()


_FOLDED = Memory(fold, 1 << 12)
"""Runs of text, folded: labels stand on page after page, and most of a text in version after version."""


def _all_text(element: etree._Element) -> str:
    return fold("".join(map(str, element.itertext())) if len(element) else element.text or "")


def displayed_as_block(element: etree._Element) -> bool:
    """Whether the page displays what stands within a line as a block."""
    style = element.get("style")
    return style is not None and "display:block" in style.replace(" ", "")


def content(block: Block) -> Content:
    """What a block holds, with its lists and indented blocks."""
    nodes = block.nodes
    if len(nodes) == 1 and isinstance(nodes[0], str):
        return (nodes[0],)
    return tuple(_content(block))


def _content(block: Block) -> list[Text | Bullets | Inset]:
    blocks: list[Text | Bullets | Inset] = []
    for node in block.nodes:
        if isinstance(node, str):
            blocks.append(Text(node))
        elif node.tag in _LISTS:
            _append_list(blocks, node)
        elif inner := _content(node):
            blocks += [Inset(tuple(inner))] if node.inset else inner
    return blocks


def _append_list(blocks: list[Text | Bullets | Inset], block: Block) -> None:
    """Add a list; one that stands between the items of another belongs to the item before it."""
    items: list[list[Text | Bullets | Inset]] = []
    for node in block.nodes:
        if isinstance(node, str):
            items.append([Text(node)])
        elif node.tag in _LISTS and items:
            _append_list(items[-1], node)
        elif inner := _content(node):
            items.append(inner)
    if items:
        blocks.append(Bullets(tuple([tuple(item) for item in items]), block.tag == "ol"))
