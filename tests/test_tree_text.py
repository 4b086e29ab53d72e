"""The tree of pages loses no text: a second opinion (html5lib, as browsers build trees) says the same of every page.

Menus of sections are left out before a page is parsed; what is left out is looked at apart.
"""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import bs4
import pytest
from bs4.element import NavigableString

from ctgov_ingest.sources import page_tree
from ctgov_ingest.sources.page_tree import SILENT, Block, decode
from ctgov_ingest.sources.study_labels import SECTIONS, label_key

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
    soup = _soup(page_tree.without_menus(page))
    root = soup.find(id="main-content") or soup
    assert isinstance(root, bs4.Tag)
    cells = [tag for tag in root.find_all(CELLS) if not any(above.name in SILENT for above in tag.parents)]
    return [("page", _bare(_seen(root))), *((tag.name, _bare(_seen(tag))) for tag in cells)]


def _soup(page: str) -> bs4.BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", bs4.XMLParsedAsHTMLWarning)
        return bs4.BeautifulSoup(page, "html5lib")


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


MENU = SECTIONS | {"top of page", "study documents"}
"""What menus of sections say."""


def left_out(page: str) -> list[str]:
    """The lines of text, folded, that a page has more often than it has them without its menus."""
    lines = Counter(_lines(page))
    lines.subtract(_lines(page_tree.without_menus(page)))
    return sorted(lines.elements())


def _lines(page: str) -> Iterator[str]:
    return (label_key(text) for text in _soup(page).stripped_strings)


def test_what_is_left_out_of_real_pages_is_the_menus_of_sections(corpus: Path) -> None:
    pages = [decode(page.read_bytes())[0] for page in sorted((corpus / "html" / "classic2017").glob("*.html"))]
    for page in pages:
        assert set(left_out(page)) <= MENU
        assert left_out(page).count("more information") == page.count("More Information</a>") > 3


@pytest.mark.parametrize("page", _fixtures(), ids=lambda page: str(Path(page).relative_to(FIXTURES)))
def test_what_is_left_out_of_a_fixture_is_the_menus_of_sections(page: Path) -> None:
    assert set(left_out(decode(page.read_bytes())[0])) <= MENU


DROPPED = '<div class="x">\n <a href="#a">Outcome Measures</a> <!-- b -->\n<a href="#b">Eligibility</a>\n</div>'


def test_links_that_a_button_drops_down_are_left_out() -> None:
    page = f"<div>Go to <button><img></button>\n{DROPPED}</div><p>text</p>"
    assert page_tree.without_menus(page) == "<div>Go to <button><img></button></div><p>text</p>"


@pytest.mark.parametrize(
    "page",
    [
        DROPPED,
        f"<button>x</button> and {DROPPED}",
        f"<button>x</button>{DROPPED.replace('</div>', 'and more</div>')}",
        f"<button>x</button>{DROPPED.replace('</div>', '<p>more</p></div>')}",
        f"<button>x</button>{DROPPED.removesuffix('</div>')}",
        "<button>x</button><div></div>",
        "<button>x</button><div><table><tr><td>1</td></tr></table></div>",
        "<button>x</button>",
    ],
)
def test_anything_else_behind_a_button_stays(page: str) -> None:
    assert page_tree.without_menus(page) == page
