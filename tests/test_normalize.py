"""Raw texts under paths to a study: each by its kind of field; a path that the model lacks is a mistake."""

from __future__ import annotations

import pytest

from ctgov_ingest.sources.normalize import normalize
from ctgov_ingest.sources.record import Raw, RawRecord
from ctgov_ingest.study import Study
from ctgov_ingest.study.vocabularies import Phase

STATUS = "protocolSection.statusModule"
SITES = "protocolSection.contactsLocationsModule.locations"


def test_texts_are_read_by_the_kind_of_their_field() -> None:
    record = RawRecord()
    record.put(f"{STATUS}.startDateStruct.date", "June 2, 2011", "a")
    record.put("protocolSection.designModule.enrollmentInfo.count", "1,234 participants", "b")
    record.put_all("protocolSection.designModule.phases", [Raw("Phase 1", "c"), Raw("Phase 2", "c")])
    document, issues = normalize(record)
    study = Study.model_validate(document)
    assert (study.phases, issues) == ((Phase.PHASE1, Phase.PHASE2), [])
    assert study.start is not None
    assert study.start.date == "2011-06-02"
    assert study.enrollment is not None
    assert study.enrollment.count == 1234


def test_items_hold_their_fields_by_name_by_path_or_as_groups() -> None:
    record = RawRecord()
    record.put_all(SITES, [{"city": Raw("Bern", "a"), "geoPoint.lat": Raw("46.9", "a")}])
    record.put_all(SITES, [{"geoPoint": {"lat": Raw("47.4", "b")}, "contacts": [{"name": Raw("Jane Roe", "b")}]}])
    document, _issues = normalize(record)
    assert document["protocolSection"]["contactsLocationsModule"]["locations"] == [
        {"city": "Bern", "geoPoint": {"lat": 46.9}},
        {"geoPoint": {"lat": 47.4}, "contacts": [{"name": "Jane Roe"}]},
    ]


def test_a_text_that_its_field_cannot_hold_leaves_it_empty_and_is_an_issue() -> None:
    record = RawRecord()
    record.put_all(SITES, [{"city": Raw("Bern", "row 1"), "status": Raw("Perhaps", "row 2")}])
    document, (issue,) = normalize(record)
    assert document["protocolSection"]["contactsLocationsModule"]["locations"] == [{"city": "Bern"}]
    assert (issue.code, issue.path, issue.raw, issue.place) == ("unparsed", f"{SITES}.status", "Perhaps", "row 2")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{STATUS}.noSuchField", Raw("x", "a")),
        ("noSuchSection.statusModule", Raw("x", "a")),
        (f"{STATUS}.overallStatus.date", Raw("x", "a")),
        (STATUS, Raw("x", "a")),
        (f"{STATUS}.overallStatus", {"date": Raw("x", "a")}),
        (SITES, [Raw("x", "a")]),
    ],
)
def test_a_path_that_the_model_does_not_have_is_a_mistake_of_the_source(path: str, value: object) -> None:
    with pytest.raises(KeyError, match=path.rpartition(".")[2]):
        normalize(RawRecord({path: value}))  # type: ignore[dict-item]


def test_a_second_text_for_a_path_is_an_issue_and_the_first_stays() -> None:
    record = RawRecord()
    record.put(f"{STATUS}.whyStopped", "slow accrual", "a")
    record.put(f"{STATUS}.whyStopped", "slow accrual", "b")
    assert record.issues == []
    record.put(f"{STATUS}.whyStopped", "no funding", "c")
    assert record.text(f"{STATUS}.whyStopped") == "slow accrual"
    assert [(issue.code, issue.raw, issue.place) for issue in record.issues] == [("contradiction", "no funding", "c")]
