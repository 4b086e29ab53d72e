"""Searches: the parameters that they become, the JSON that keeps them, the words that tell them."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest import jsontext
from ctgov_ingest.errors import WrongSetting
from ctgov_ingest.fetch import Search
from ctgov_ingest.fetch.client import with_params
from ctgov_ingest.fetch.search import IDS_AT_ONCE, nct_id_of

FULL = Search(
    ids=("NCT00000102", "NCT01364246"),
    cond="heart OR lung",
    term="AREA[StudyType]INTERVENTIONAL",
    locn="Kiel",
    titles="aspirin",
    intr="aspirin",
    outc="survival",
    spons="NIH",
    lead="NIH",
    id="EUCTR",
    patient="pain",
    statuses=("RECRUITING", "UNKNOWN"),
    advanced="AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]",
)

PARAMS = [
    (Search(), {}),
    (Search(cond="heart"), {"query.cond": "heart"}),
    (Search(statuses=("RECRUITING", "UNKNOWN")), {"filter.overallStatus": "RECRUITING|UNKNOWN"}),
    (Search(ids=("nct102", "NCT00000102")), {"filter.ids": "NCT00000102"}),
    (
        FULL,
        {
            "query.cond": "heart OR lung",
            "query.term": "AREA[StudyType]INTERVENTIONAL",
            "query.locn": "Kiel",
            "query.titles": "aspirin",
            "query.intr": "aspirin",
            "query.outc": "survival",
            "query.spons": "NIH",
            "query.lead": "NIH",
            "query.id": "EUCTR",
            "query.patient": "pain",
            "filter.ids": "NCT00000102|NCT01364246",
            "filter.overallStatus": "RECRUITING|UNKNOWN",
            "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]",
        },
    ),
]

WORDS = [
    (Search(), "the whole registry"),
    (Search(cond="heart", statuses=("RECRUITING",)), "status RECRUITING; cond heart"),
    (
        Search(ids=tuple(f"NCT{n:08d}" for n in range(1, 1201))),
        "ids NCT00000001, NCT00000002, NCT00000003 and 1,197 more",
    ),
]

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ids": ("12345678",)}, "expected an NCT id such as NCT01364246, found '12345678'"),
    ({"ids": ("NCT00000000",)}, "expected an NCT id"),
    ({"ids": ("NCT123456789",)}, "expected an NCT id"),
    ({"ids": ("NCT0136424٦",)}, "expected an NCT id"),
    ({"statuses": ("Recruiting",)}, "expected a status such as RECRUITING, found 'Recruiting'"),
    ({"cond": " "}, "expected an expression to search for in cond, found none"),
    ({"advanced": ""}, "expected an expression to search for in advanced, found none"),
    ({"term": "NCT01364246", "statuses": ("RECRUITING",)}, r"of NCT ids alone \(term\).*give the ids as ids"),
    ({"cond": "nct01364246, NCT00000102", "advanced": "AREA[Phase]PHASE1"}, r"of NCT ids alone \(cond\)"),
]


@pytest.mark.parametrize(("search", "params"), PARAMS)
def test_a_search_as_parameters(search: Search, params: dict[str, str]) -> None:
    assert search.params() == params


@pytest.mark.parametrize(("search", "words"), WORDS)
def test_a_search_in_words(search: Search, words: str) -> None:
    assert str(search) == words


@pytest.mark.parametrize(("fields", "words"), WRONG)
def test_what_the_registry_would_refuse_or_misread_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongSetting, match=words):
        Search(**fields)


def test_a_query_of_ids_alone_needs_no_filter() -> None:
    assert Search(term="NCT01364246 NCT00000102").params() == {"query.term": "NCT01364246 NCT00000102"}


def test_a_name_that_no_search_has_is_refused() -> None:
    with pytest.raises(WrongSetting, match="found colour, shape"):
        Search.from_json({"cond": "heart", "shape": "round", "colour": "red"})


@pytest.mark.parametrize("text", ["NCT01364246", "nct01364246", " NCT1364246\n"])
def test_an_id_is_brought_into_the_registrys_form(text: str) -> None:
    assert nct_id_of(text) == "NCT01364246"


texts = st.none() | st.text(string.ascii_letters, min_size=1).map(lambda text: f"x {text}")
searches = st.builds(
    Search,
    ids=st.lists(st.integers(1, 99999999).map(lambda number: f"NCT{number:08d}"), max_size=5).map(tuple),
    cond=texts,
    term=texts,
    advanced=texts,
    statuses=st.lists(st.sampled_from(["RECRUITING", "UNKNOWN", "A_NEW_ONE"])).map(tuple),
)


@given(searches)
def test_what_json_keeps_comes_back_equal(search: Search) -> None:
    assert Search.from_json(jsontext.loads(jsontext.dumps(search.as_json()))) == search


@given(st.integers(0, 3 * IDS_AT_ONCE))
def test_parts_hold_all_ids_in_their_order_and_fit_into_an_address(count: int) -> None:
    search = Search(ids=tuple(f"NCT{number:08d}" for number in range(1, count + 1)), cond="heart")
    parts = list(search.parts())
    assert tuple(one for part in parts for one in part.ids) == search.ids
    assert {part.cond for part in parts} == {"heart"}
    assert all(len(with_params("https://clinicaltrials.gov/api/v2/studies", part.params())) < 8000 for part in parts)
