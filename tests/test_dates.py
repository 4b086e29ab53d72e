"""PartialDate: the forms it takes, the precision it keeps, the days it may mean."""

import copy
import datetime
import pickle

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ctgov_ingest.study import PartialDate, Precision

GOOD = {
    "2012": (Precision.YEAR, 2012, None, None, "2012-01-01", "2012-12-31"),
    "2012-11": (Precision.MONTH, 2012, 11, None, "2012-11-01", "2012-11-30"),
    "2012-02": (Precision.MONTH, 2012, 2, None, "2012-02-01", "2012-02-29"),
    "1900-01": (Precision.MONTH, 1900, 1, None, "1900-01-01", "1900-01-31"),
    "2012-11-28": (Precision.DAY, 2012, 11, 28, "2012-11-28", "2012-11-28"),
    "2020-02-29": (Precision.DAY, 2020, 2, 29, "2020-02-29", "2020-02-29"),
    "2099-12-31": (Precision.DAY, 2099, 12, 31, "2099-12-31", "2099-12-31"),
    "2012-11-28T09:30": (Precision.MINUTE, 2012, 11, 28, "2012-11-28", "2012-11-28"),
    "2012-11-28T00:00": (Precision.MINUTE, 2012, 11, 28, "2012-11-28", "2012-11-28"),
}

BAD = [
    "",
    " 2012",
    "2012 ",
    "2012\n",
    "2012-",
    "2012-1",
    "2012-13",
    "2012-00",
    "2012-1-1",
    "2012-02-30",
    "2011-02-29",
    "2012-11-00",
    "2012-11-31",
    "2012-11-28T",
    "2012-11-28T09",
    "2012-11-28T24:00",
    "2012-11-28T09:60",
    "2012-11-28T09:30:00",
    "2012-11-28T09:30Z",
    "2012-11-28 09:30",
    "2012-11-28 (estimated)",
    "12-2012",
    "28-11-2012",
    "11/28/2012",
    "20121128",
    "0000",
    "0000-01",
    "-2012",
    "12",
    "12012",
    "November 2012",
    "November 28, 2012",
    "unknown",
    "٢٠١٢",
    "２０１２-11",
]


@pytest.mark.parametrize("text", GOOD)
def test_keeps_its_text(text: str) -> None:
    assert PartialDate(text) == text


@pytest.mark.parametrize(("text", "expected"), GOOD.items())
def test_knows_its_parts_and_days(text: str, expected: tuple[object, ...]) -> None:
    date = PartialDate.parse(text)
    parts = (date.precision, date.year, date.month, date.day, str(date.earliest), str(date.latest))
    assert parts == expected


@pytest.mark.parametrize("text", BAD)
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="expected a date such as"):
        PartialDate.parse(text)


@pytest.mark.parametrize("text", BAD)
def test_the_constructor_refuses_the_same(text: str) -> None:
    with pytest.raises(ValueError, match="expected a date such as"):
        PartialDate(text)


def test_the_message_says_what_was_found() -> None:
    with pytest.raises(ValueError, match=r"found '2012-13': month must be in 1\.\.12"):
        PartialDate.parse("2012-13")


def test_the_message_shortens_a_long_text() -> None:
    with pytest.raises(ValueError, match="found") as caught:
        PartialDate.parse("x" * 10_000)
    assert len(str(caught.value)) < 150


def test_equal_texts_are_one_object() -> None:
    assert PartialDate.parse("2012-11-28") is PartialDate.parse("".join(["2012", "-11-28"]))


def test_string_order_is_chronological_with_the_coarser_first() -> None:
    ordered = ["2011-12-31", "2012", "2012-11", "2012-11-28", "2012-11-28T09:30", "2012-12", "2013"]
    assert sorted(map(PartialDate, reversed(ordered))) == ordered


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2012", "2013", True),
        ("2012", "2012", False),
        ("2012", "2012-12", False),
        ("2012", "2012-12-31", False),
        ("2012-11", "2012-12-01", True),
        ("2012-11", "2012-11-30", False),
        ("2012-11-28", "2012-11-29", True),
        ("2012-11-28", "2012-11-28", False),
        ("2013", "2012", False),
        ("2012-11-28T09:30", "2012-11-28T09:31", True),
        ("2012-11-28T09:31", "2012-11-28T09:30", False),
        ("2012-11-28", "2012-11-28T09:30", False),
        ("2012-11-27", "2012-11-28T00:00", True),
    ],
)
def test_certainly_before(one: str, other: str, expected: bool) -> None:
    assert PartialDate(one).certainly_before(PartialDate(other)) is expected


def test_is_its_text_in_json() -> None:
    assert orjson.dumps({"date": PartialDate("2012-11")}) == b'{"date":"2012-11"}'


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda date: pickle.loads(pickle.dumps(date))])  # noqa: S301
def test_survives_copying(again: object) -> None:
    assert callable(again)
    assert again(PartialDate("2012-11")).precision is Precision.MONTH


def test_pydantic_gives_a_partial_date() -> None:
    assert TypeAdapter(PartialDate).validate_json('"2012-11"').precision is Precision.MONTH


@pytest.mark.parametrize("raw", ["2012", "null", '"2012-13"', '["2012"]', "true"])
def test_pydantic_refuses_anything_else(raw: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(PartialDate).validate_json(raw)


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    moment = draw(st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2099, 12, 31)))  # noqa: DTZ001
    return PartialDate(moment.isoformat("T", "minutes")[: draw(st.sampled_from([4, 7, 10, 16]))])


@settings(deadline=None)
@given(st.text(alphabet="0123456789-T:", max_size=17))
def test_any_text_is_refused_or_kept(text: str) -> None:
    try:
        date = PartialDate(text)
    except ValueError:
        return
    assert date == text
    assert date.earliest <= date.latest


@settings(deadline=None)
@given(partial_dates(), partial_dates())
def test_string_order_agrees_with_the_earliest_days(one: PartialDate, other: PartialDate) -> None:
    if one <= other:
        assert one.earliest <= other.earliest


@settings(deadline=None)
@given(partial_dates(), partial_dates())
def test_certainly_before_never_holds_both_ways(one: PartialDate, other: PartialDate) -> None:
    assert not (one.certainly_before(other) and other.certainly_before(one))


@settings(deadline=None)
@given(partial_dates(), partial_dates())
def test_what_is_certainly_before_is_also_less(one: PartialDate, other: PartialDate) -> None:
    if one.certainly_before(other):
        assert one < other
