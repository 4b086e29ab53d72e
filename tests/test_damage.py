"""Whatever happens to a file, it is read or refused in words, in time, and no fact of it is told at another label.

Every fixture of every presentation is cut, loses and doubles tags, has bytes flipped and its sections shuffled.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import damage
import golden
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.errors import SourceError
from ctgov_ingest.sources import Failure, Reading, scan

FILES = [file for file in golden.inputs() if file.parent.name != golden.REFUSED]
PAGES = [file for file in FILES if file.suffix == ".html"]
REFUSED = [file for file in golden.inputs() if file.parent.name == golden.REFUSED]

IN_TIME = timedelta(seconds=20)
"""No file of these takes a tenth of a second: one that takes so long would never end."""

TAGS = 30
"""So many tags of a page are lost and doubled, one at a time."""


def accidents(*kinds: str) -> st.SearchStrategy[list[damage.Accident]]:
    """Several accidents of these kinds, each somewhere in the file."""
    one = st.tuples(st.sampled_from(kinds), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
    return st.lists(one, min_size=1, max_size=5)


@cache
def whole(file: Path) -> damage.Facts:
    return damage.facts_of(file.read_bytes())


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def outcomes_after(file: Path, happened: list[damage.Accident]) -> bytes:
    data = damage.apply(file.read_bytes(), happened)
    for outcome in scan(data):
        assert not isinstance(outcome, Failure) or isinstance(outcome.error, SourceError)
        assert not isinstance(outcome, Reading) or outcome.study.nct_id == outcome.nct_id
    return data


@settings(max_examples=400, deadline=IN_TIME)
@given(st.sampled_from(FILES), accidents("cut", "drop", "double", "flip"))
def test_after_accidents_no_fact_stands_at_another_label(file: Path, happened: list[damage.Accident]) -> None:
    data = outcomes_after(file, happened)
    astray = damage.moved if any(kind == "flip" for kind, *_ in happened) else damage.misplaced
    assert not astray(whole(file), damage.facts_of(data))


@settings(max_examples=200, deadline=IN_TIME)
@given(st.sampled_from(FILES + REFUSED), accidents("end", "cut", "drop", "double", "sign"))
def test_after_accidents_all_is_read_or_refused(file: Path, happened: list[damage.Accident]) -> None:
    outcomes_after(file, happened)


@pytest.mark.parametrize("file", PAGES, ids=name)
def test_a_lost_or_doubled_tag_puts_no_fact_at_another_label(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    tags = damage.tags(text)
    for tag in tags[:: max(1, len(tags) // TAGS)]:
        for data in (damage.without(text, tag), damage.doubled(text, tag)):
            assert not damage.misplaced(whole(file), damage.facts_of(data.encode())), tag


UNSHUFFLED = {
    "archive-page/changes-2005-new-side.html": "one document of the registry's own XML",
    "history-index/comparison-merged.html": "its versions stand in one table with the form",
    "page-text/headings-and-borders-lost.txt": "its headings are lost, so that order is all there is",
    "results-page/none-posted-2019.html": "one table",
    "results-page/submitted-three-cycles-2018.html": "two tables of which one heads the other",
    "legacy-xml/registry-2017-latin-1.xml": "not in UTF-8",
    "legacy-xml/interventional-2013-shown-by-a-browser.html": "the XML beside it is",
    "api-v1/two-studies-windows-1252-crlf.json": "not in UTF-8",
    "api-v2/three-records.jsonl": "lines",
    "api-v2/lone-surrogate.json": "says what only bytes can",
}
"""Fixtures whose sections are not put in another order, and why."""


@pytest.mark.parametrize("file", [file for file in FILES if name(file) not in UNSHUFFLED], ids=name)
def test_sections_in_another_order_say_the_same(file: Path) -> None:
    orders = {damage.shuffled(file, seed) for seed in range(12)} - {file.read_bytes()}
    for data in sorted(orders)[:3]:
        assert damage.facts_of(data) == whole(file)
    assert orders or file.name in ONE_SECTION


ONE_SECTION = {
    "status-approved-for-marketing-2018-unprefixed.html",
    "1-2019-07-02-page.html",
    "2-2020-04-20-page.html",
}
"""Pages of which at most one section holds all that it opens."""
