"""Duration: the texts it takes, how long they are, and what happens to others in a record."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ctgov_ingest.study import Duration, EligibilityModule, Unit, Unknowns

GOOD = {
    "18 Years": (18, Unit.YEAR, 6574.365),
    "1 Year": (1, Unit.YEAR, 365.2425),
    "120 Years": (120, Unit.YEAR, 43829.1),
    "6 Months": (6, Unit.MONTH, 182.62125),
    "1 Month": (1, Unit.MONTH, 30.436875),
    "1 Week": (1, Unit.WEEK, 7),
    "37 Weeks": (37, Unit.WEEK, 259),
    "2 Days": (2, Unit.DAY, 2),
    "0 Days": (0, Unit.DAY, 0),
    "5 Hours": (5, Unit.HOUR, 5 / 24),
    "1 Hour": (1, Unit.HOUR, 1 / 24),
    "30 Minutes": (30, Unit.MINUTE, 1 / 48),
    "1 Minute": (1, Unit.MINUTE, 1 / 1440),
    "1 Years": (1, Unit.YEAR, 365.2425),
}

BAD = [
    "",
    "18",
    "Years",
    "18Years",
    "18  Years",
    " 18 Years",
    "18 Years ",
    "18 Years\n",
    "18 years",
    "18 YEARS",
    "18 Yearss",
    "18 yrs",
    "18 Decades",
    "18.5 Years",
    "1,000 Days",
    "-1 Days",
    "+1 Days",
    "eighteen Years",
    "18 Years and older",
    "18 Years 6 Months",
    "N/A",
    "١٨ Years",
    "1" * 10 + " Days",
]


@pytest.mark.parametrize(("text", "expected"), GOOD.items())
def test_knows_count_unit_and_days(text: str, expected: tuple[int, Unit, float]) -> None:
    duration = Duration.parse(text)
    assert (duration.count, duration.unit, duration.days) == pytest.approx(expected)


@pytest.mark.parametrize("text", GOOD)
def test_keeps_its_text(text: str) -> None:
    assert Duration(text) == text


@pytest.mark.parametrize("text", BAD)
def test_refuses_other_texts(text: str) -> None:
    with pytest.raises(ValueError, match="expected a length of time such as"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("count", "unit", "text"),
    [(18, Unit.YEAR, "18 Years"), (1, Unit.DAY, "1 Day"), (0, Unit.MINUTE, "0 Minutes")],
)
def test_can_be_made_of_count_and_unit(count: int, unit: Unit, text: str) -> None:
    assert Duration.of(count, unit) == text


def test_cannot_be_made_of_a_negative_count() -> None:
    with pytest.raises(ValueError, match="found '-1 Days'"):
        Duration.of(-1, Unit.DAY)


def test_shorter_than_compares_lengths_not_texts() -> None:
    assert Duration("2 Days").shorter_than(Duration("18 Years"))


def test_a_length_is_not_shorter_than_the_same_length_in_another_unit() -> None:
    assert not Duration("7 Days").shorter_than(Duration("1 Week"))


def test_units_are_ordered_by_length() -> None:
    lengths = [Duration.of(1, unit).days for unit in Unit]
    assert lengths == sorted(lengths, reverse=True)


def test_pydantic_gives_a_duration() -> None:
    assert isinstance(TypeAdapter(Duration).validate_json('"18 Years"'), Duration)


def test_pydantic_refuses_a_number() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Duration).validate_json("18")


def test_a_known_text_in_a_record_is_a_duration_and_not_marked() -> None:
    context = Unknowns()
    module = EligibilityModule.model_validate_json('{"minimumAge":"18 Years"}', context=context)
    assert isinstance(module.minimum_age, Duration)
    assert not context.seen


@pytest.mark.parametrize("text", ["eighteen", "18 years", "N/A"])
def test_another_text_in_a_record_stays_text_and_is_marked(text: str) -> None:
    context = Unknowns()
    module = EligibilityModule.model_validate({"minimumAge": text}, context=context)
    assert type(module.minimum_age) is str
    assert module.minimum_age == text
    assert context.seen


@settings(deadline=None)
@given(st.integers(0, 999_999_999), st.sampled_from(Unit))
def test_of_and_the_parts_agree(count: int, unit: Unit) -> None:
    duration = Duration.of(count, unit)
    assert (duration.count, duration.unit) == (count, unit)


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_refused_or_kept(text: str) -> None:
    try:
        assert Duration(text) == text
    except ValueError:
        return
