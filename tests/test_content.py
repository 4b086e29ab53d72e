"""What stands in a cell: white space folded, and content as a line, as lines, as markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest.sources.content import Bullets, Content, Inset, fold, line, lines, markdown

WHITE = " \n\r\t\x0b\x0c\x1c\x85\u00a0\u2007\u2028\u3000\ufeff"
texts = st.text(st.one_of(st.sampled_from(WHITE), st.characters(codec="utf-8")))


@given(texts)
def test_folding_gives_words_with_one_space_between_them(text: str) -> None:
    assert fold(text) == " ".join(text.replace("\ufeff", " ").split())


@given(texts)
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


NESTED: Content = (
    "Either:",
    Bullets((("one", Bullets((("inner",),), ordered=True)), ("two", Inset(("more", "again"))))),
    Inset(("indented",)),
)


@pytest.mark.parametrize(
    ("content", "as_line"),
    [((), ""), (("text",), "text"), (("a", "b"), "a b"), (NESTED, "Either: one inner two more again indented")],
)
def test_content_as_a_line(content: Content, as_line: str) -> None:
    assert line(content) == as_line


def test_content_as_lines_goes_into_lists_and_insets() -> None:
    assert lines(NESTED) == ["Either:", "one", "inner", "two", "more", "again", "indented"]


def test_content_as_markdown_indents_what_items_hold() -> None:
    assert markdown(NESTED) == "Either:\n\n* one\n\n  1. inner\n* two\n\n  more\n\n  again\n\nindented"
