"""The tree of pages loses no text: a second opinion (html5lib, as browsers build trees) says the same of every page."""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import bs4
import pytest
from bs4.element import NavigableString

from ctgov_ingest.sources import page_tree
from ctgov_ingest.sources.page_tree import SILENT, Block, decode

CELLS = ("td", "th", "li")
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"

Told = list[tuple[str, str]]
"""The text of the whole page, then of each cell and item, with all white space out."""


def ours(page: str) -> Told:
    root = page_tree.parse(page)
    return [("page", _bare(_text(root))), *((block.tag, _bare(_text(block))) for block in _cells(root))]


def _text(block: Block) -> str:
    return "".join(node if isinstance(node, str) else _text(node) for node in block.nodes)


def _cells(block: Block) -> Iterator[Block]:
    for inner in block.blocks():
        if inner.tag in CELLS:
            yield inner
        yield from _cells(inner)


def theirs(page: str) -> Told:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", bs4.XMLParsedAsHTMLWarning)
        soup = bs4.BeautifulSoup(page, "html5lib")
    root = soup.find(id="main-content") or soup
    assert isinstance(root, bs4.Tag)
    cells = [tag for tag in root.find_all(CELLS) if not any(above.name in SILENT for above in tag.parents)]
    return [("page", _bare(_seen(root))), *((tag.name, _bare(_seen(tag))) for tag in cells)]


def _seen(tag: bs4.Tag) -> str:
    parts = []
    for child in tag.children:
        if isinstance(child, bs4.Tag):
            parts.append("" if child.name in SILENT else _seen(child))
        elif type(child) is NavigableString:
            parts.append(str(child))
    return "".join(parts)


def _bare(text: str) -> str:
    return re.sub(r"[\s\ufeff]+", "", text)


def test_no_text_of_any_real_page_is_lost_or_moved(corpus: Path) -> None:
    pages = sorted((corpus / "html").rglob("*.html"))
    assert len(pages) > 300
    lost = [page.name for page in pages if ours(decode(page.read_bytes())[0]) != theirs(decode(page.read_bytes())[0])]
    assert lost == []


def _fixtures() -> list[Path]:
    folders = ("study-page", "archive-page", "archive-index", "history-page", "history-index", "demo")
    return [page for folder in folders for page in sorted((FIXTURES / folder).glob("*.html"))]


@pytest.mark.parametrize("page", _fixtures(), ids=lambda page: str(Path(page).relative_to(FIXTURES)))
def test_no_text_of_a_fixture_is_lost_or_moved(page: Path) -> None:
    text = decode(page.read_bytes())[0]
    assert ours(text) == theirs(text)


@pytest.mark.parametrize(
    "page",
    [
        '<table><tr><th>Sites</th><td class="x"/>Not Provided</td></tr><tr><td>b</td></tr></table>',
        '<table><tr><td class="x" /><td>y</td></tr><tr><td>z</td></tr></table>',
        "<table><tr><td>1</td><td>first<tr>\n<td>2</td><td>second</td></tr></table>",
        "<table><tr><td>a</td>\n<tr><td>b</td></tr><td></td></tr></table>c",
        "<ul><li/>x<li>y</ul>",
        "<table><tr><th>x</th><td><p>a<p>b</td></tr></table>",
        "<div class='n' /><div>x</div><h1>a</h1>",
        "a < b <p>x<3 y &lt;b &amp; &nosuch; &#x96;</p>",
    ],
)
def test_broken_markup_keeps_its_text_where_browsers_show_it(page: str) -> None:
    assert ours(page) == theirs(page)
