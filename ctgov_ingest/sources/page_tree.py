"""Trees of saved pages: bytes decoded and parsed without network, and the content of their elements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from ctgov_ingest.errors import Damaged, TooLarge
from ctgov_ingest.sources.content import Bullets, Content, Inset, Text, fold

Element = html.HtmlElement

MAX_BYTES = 64 * 1024 * 1024
"""The largest page that is read. The largest real one is under 2 MB."""
MAX_DEPTH = 255
"""The deepest nesting that libxml2 builds without its unsafe option."""

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
SILENT = frozenset(
    "script style noscript template head title button select option input textarea img svg iframe".split()
)

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


def decode(data: bytes) -> tuple[str, str]:
    """Decode the bytes of a page, and name the encoding: UTF-8 where it fits, else what the page or its bytes say."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"expected a page of at most {MAX_BYTES} bytes, found {len(data)}")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return _decode_by_signs(data)


def _decode_by_signs(data: bytes) -> tuple[str, str]:
    from bs4.dammit import UnicodeDammit  # loaded only here: most pages are UTF-8

    declared = _META_CHARSET.search(data[:4096])
    known = [declared[1].decode("ascii")] if declared else []
    found = UnicodeDammit(data, known_definite_encodings=known, is_html=True)
    if found.unicode_markup is None or found.original_encoding is None:
        raise Damaged("expected text, found bytes in no encoding that fits")
    return found.unicode_markup, found.original_encoding


def parse(text: str) -> Element:
    """Parse a page into a tree. Comments stay out, nothing is fetched, entities beyond HTML's own do not exist."""
    parser = html.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, encoding="utf-8"
    )
    try:
        tree = html.document_fromstring(text.encode("utf-8", "surrogatepass"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(f"expected a page in HTML, found none ({error})") from error
    return tree


def by_id(tree: Element, name: str) -> Element | None:
    """The first element of this id."""
    found = tree.xpath("//*[@id=$name]", name=name)
    return found[0] if found else None


def is_block(element: Element) -> bool:
    """Whether an element breaks the line: a block by its name or style, or one that holds a block."""
    if element.tag in BLOCKS:
        return True
    return "display:block" in (element.get("style") or "").replace(" ", "") or any(
        child.tag in BLOCKS for child in element.iterdescendants()
    )


Node = str | Element
"""A run of text between blocks, or a block."""


def nodes(element: Element) -> Iterator[Node]:
    """The children of an element as runs of text and blocks; a line break ends a run."""
    run = [element.text or ""]
    for child in element:
        if child.tag == "br":
            yield from _flush(run)
        elif child.tag in SILENT or not isinstance(child.tag, str):
            pass
        elif is_block(child):
            yield from _flush(run)
            yield child
        else:
            yield from _inline(child, run)
        run.append(child.tail or "")
    yield from _flush(run)


def _inline(element: Element, run: list[str]) -> Iterator[Node]:
    """The text of an element within a line; breaks inside it end runs too."""
    run.append(element.text or "")
    for child in element:
        if child.tag == "br":
            yield from _flush(run)
        elif child.tag not in SILENT and isinstance(child.tag, str):
            yield from _inline(child, run)
        run.append(child.tail or "")


def _flush(run: list[str]) -> Iterator[str]:
    text = fold("".join(run))
    run.clear()
    if text:
        yield text


def text_of(element: Element) -> str:
    """All text of an element in one line."""
    return fold(" ".join(_texts(element)))


def _texts(element: Element) -> Iterator[str]:
    for node in nodes(element):
        if isinstance(node, str):
            yield node
        else:
            yield from _texts(node)


def content(element: Element) -> Content:
    """What an element holds, with its lists and indented blocks."""
    blocks: list[Text | Bullets | Inset] = []
    for node in nodes(element):
        if isinstance(node, str):
            blocks.append(Text(node))
        elif node.tag in ("ul", "ol"):
            _append_list(blocks, node)
        elif inner := content(node):
            blocks += inner if node.tag in _TRANSPARENT or "display:block" in _style(node) else [Inset(inner)]
    return tuple(blocks)


_TRANSPARENT = frozenset("p tbody thead tr td th span a b i strong em font u center table".split())


def _style(element: Element) -> str:
    return (element.get("style") or "").replace(" ", "")


def _append_list(blocks: list[Text | Bullets | Inset], element: Element) -> None:
    """Add a list; one that stands between the items of another belongs to the item before it."""
    items: list[list[Text | Bullets | Inset]] = []
    for node in nodes(element):
        if isinstance(node, str):
            items.append([Text(node)])
        elif node.tag in ("ul", "ol") and items:
            _append_list(items[-1], node)
        elif inner := content(node):
            items.append(list(inner))
    if items:
        blocks.append(Bullets(tuple(tuple(item) for item in items), ordered=element.tag == "ol"))
