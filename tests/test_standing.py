"""Since when a record can have read so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest.compare.standing import earliest_day, registry_date


def record(**status: Any) -> dict[str, Any]:
    return {"protocolSection": {"statusModule": status}}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"lastUpdatePostDateStruct": {"date": "2020-03-04"}, "lastUpdateSubmitDate": "2020-03-01"}, "2020-03-04"),
        ({"lastUpdateSubmitDate": "2020-03-01", "studyFirstPostDateStruct": {"date": "2019-01-01"}}, "2020-03-01"),
        ({"studyFirstPostDateStruct": {"date": "2019-01-01"}, "studyFirstSubmitDate": "2018-12-01"}, "2019-01-01"),
        ({"studyFirstSubmitDate": "2018-12"}, "2018-12"),
        ({"studyFirstSubmitDate": "2018"}, "2018"),
        ({}, None),
    ],
)
def test_the_registrys_date_is_the_last_update_else_the_first_posting(
    status: dict[str, Any], expected: str | None
) -> None:
    assert registry_date(record(**status)) == expected


@pytest.mark.parametrize("date", ["2020-13", "2020-02-30", "soon", "", 2020, None, ["2020"], "٢٠٢٠-٠١", "2020-1-1"])
def test_what_is_no_date_is_passed_over(date: Any) -> None:
    assert registry_date(record(lastUpdatePostDateStruct={"date": date}, studyFirstSubmitDate="2019-01")) == "2019-01"
    assert registry_date(record(lastUpdateSubmitDate=date)) is None


@pytest.mark.parametrize(
    ("status", "verified", "expected"),
    [
        ("RECRUITING", "2012-11", "2012-11-28"),
        ("UNKNOWN", "2012-11", "2014-12-01"),
        ("UNKNOWN", "2012-12-15", "2015-01-01"),
        ("UNKNOWN", "2012", "2012-11-28"),
        ("UNKNOWN", None, "2012-11-28"),
        ("UNKNOWN", "2012-99", "2012-11-28"),
        ("UNKNOWN", "2001-01", "2012-11-28"),
    ],
)
def test_a_record_reads_so_from_its_update_and_unknown_from_the_25th_month(
    status: str, verified: str | None, expected: str
) -> None:
    update = {"lastUpdatePostDateStruct": {"date": "2012-11-28"}}
    assert earliest_day(record(overallStatus=status, statusVerifiedDate=verified, **update)) == expected


def test_with_results_on_their_way_it_reads_so_from_their_last_step() -> None:
    cycles = [{"releaseDate": "2017-11-13", "resetDate": "2017-12-11"}, {"releaseDate": "2017-12-15"}, "odd", {}]
    tracked = {"derivedSection": {"miscInfoModule": {"submissionTracking": {"submissionInfos": cycles}}}}
    assert earliest_day(record(lastUpdateSubmitDate="2017-11-06") | tracked) == "2017-12-15"
    assert earliest_day(record(lastUpdateSubmitDate="2018-11-06") | tracked) == "2018-11-06"


anything = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["date", "type"]), inner),
)


@given(st.dictionaries(st.sampled_from(["lastUpdatePostDateStruct", "statusVerifiedDate", "overallStatus"]), anything))
def test_odd_records_have_no_date(status: dict[str, Any]) -> None:
    assert earliest_day(record(**status)) == registry_date(record(**status))
    assert registry_date({"protocolSection": []}) is None
    assert registry_date({"protocolSection": {"statusModule": "x"}}) is None
