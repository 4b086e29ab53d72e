"""The registry's history pages of 2017 to 2024: lists of versions, and pages of one version."""

from pathlib import Path
from typing import Any

import pytest

from ctgov_ingest.errors import Damaged
from ctgov_ingest.sources import Failure, Reading, Stubs, read, scan
from ctgov_ingest.sources.content import Inset, Text
from ctgov_ingest.sources.history_fields import CARRIED, CONTINUED, FIELDS, IGNORED, NOT_CARRIED
from ctgov_ingest.sources.history_shapes import overall_status, secondary_ids, submitted
from ctgov_ingest.sources.history_sites import SiteList
from ctgov_ingest.sources.record import RawRecord
from ctgov_ingest.study.shape import paths

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
OBSERVED = FIXTURES / "history-page" / "version-4-observational.html"
TREATED = FIXTURES / "history-page" / "version-1-interventional-own-dates-older.html"
LIST = FIXTURES / "history-index" / "four-versions-status-changed.html"
COMPARED = FIXTURES / "history-index" / "comparison-merged.html"
ALL = (OBSERVED, TREATED, LIST, COMPARED)


def one(data: bytes) -> Reading:
    (found,) = read(data, "page")
    return found


def the_list(data: bytes) -> Stubs:
    (found,) = (outcome for outcome in scan(data, "page") if isinstance(outcome, Stubs))
    return found


def changed(page: Path, old: str, new: str) -> bytes:
    text = page.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new).encode()


def protocol(reading: Reading) -> dict[str, Any]:
    section: dict[str, Any] = reading.document()["protocolSection"]
    return section


# --- the real pages -----


def test_every_page_of_the_history_is_read_whole(corpus: Path) -> None:
    pages = sorted((corpus / "html/history").glob("nicolemwhite_*.html"))
    told = {page.stem: list(scan(page.read_bytes(), page.name)) for page in pages}
    kinds = {
        name: [one.error.code if isinstance(one, Failure) else one.presentation for one in found]
        for name, found in told.items()
    }
    assert kinds == {
        "nicolemwhite_history_1": ["history-index"],
        "nicolemwhite_history_3": ["history-index"],
        "nicolemwhite_page_2": ["history-page", "history-index"],
        "nicolemwhite_page_4": ["history-page", "history-index"],
    }
    assert [one.unread for found in told.values() for one in found if not isinstance(one, Failure) and one.unread] == []


def test_a_real_version_has_its_facts(corpus: Path) -> None:
    reading = one((corpus / "html/history/nicolemwhite_page_2.html").read_bytes())
    record = protocol(reading)
    assert (reading.nct_id, reading.version, reading.registry_date) == ("NCT03737799", 3, None)
    assert record["statusModule"]["lastUpdatePostDateStruct"] == {"date": "2022-02-25", "type": "ACTUAL"}
    assert len(record["armsInterventionsModule"]["armGroups"]) == 3
    assert [len(record["outcomesModule"][name]) for name in ("primaryOutcomes", "secondaryOutcomes")] == [1, 8]
    assert [site["zip"] for site in record["contactsLocationsModule"]["locations"]] == ["EX2 5DW"]
    assert record["designModule"]["enrollmentInfo"] == {"count": 1815, "type": "ACTUAL"}


def test_the_first_row_of_a_real_list_is_not_closed_and_the_second_is_there(corpus: Path) -> None:
    stubs = the_list((corpus / "html/history/nicolemwhite_history_3.html").read_bytes())
    assert [(row.number, row.date) for row in stubs.rows][:2] == [(0, "2020-03-09"), (1, "2020-09-30")]
    assert len(stubs.rows) == 9
    assert [row.number for row in stubs.rows if row.status] == [3]
    assert stubs.rows[1].modules[1] == "Arms and Interventions"


# --- one claim each -----


def test_the_list_counts_from_zero_and_tells_changes_of_status() -> None:
    stubs = the_list(LIST.read_bytes())
    assert [(row.number, row.date, row.status) for row in stubs.rows] == [
        (0, "2018-11-07", None),
        (1, "2019-04-10", None),
        (2, "2020-12-15", "ACTIVE_NOT_RECRUITING"),
        (3, "2022-02-24", None),
    ]
    assert stubs.rows[0].modules == ()
    assert stubs.rows[3].modules == ("Outcome Measures", "Study Status", "Arms and Interventions")


def test_a_status_that_no_vocabulary_knows_is_an_issue_of_the_list() -> None:
    stubs = the_list(changed(LIST, "--> Active, not recruiting", "--&gt; Sleeping"))
    assert stubs.rows[2].status is None
    assert [issue.code for issue in stubs.issues] == ["unparsed"]


def test_a_row_without_a_date_is_an_issue_of_the_list() -> None:
    stubs = the_list(changed(LIST, ">April 10, 2019<", ">Soon<"))
    assert [row.number for row in stubs.rows] == [0, 2, 3]
    assert [issue.code for issue in stubs.issues] == ["unparsed"]


def test_a_page_of_neither_list_nor_version_is_refused() -> None:
    with pytest.raises(Damaged, match="list of versions"):
        list(read(changed(LIST, 'headers="VersionDate"', 'headers="Other"')))


def test_of_a_comparison_only_the_list_is_read() -> None:
    (stubs,) = scan(COMPARED.read_bytes(), "page")
    assert isinstance(stubs, Stubs)
    assert [issue.code for issue in stubs.issues] == ["comparison"]


def test_the_words_of_the_instructions_make_no_comparison() -> None:
    assert "drop_hilite" in OBSERVED.read_text(encoding="utf-8")
    assert one(OBSERVED.read_bytes()).version == 3


def test_a_version_that_left_the_records_dates_alone_has_a_place_of_its_own() -> None:
    reading = one(TREATED.read_bytes())
    assert protocol(reading)["statusModule"]["lastUpdatePostDateStruct"]["date"] == "2020-03-06"
    assert reading.registry_date == "2020-03-09"
    assert one(OBSERVED.read_bytes()).registry_date is None


def test_labels_that_no_table_knows_are_unread() -> None:
    reading = one(changed(OBSERVED, "Time Perspective:", "Made up:"))
    assert [(each.label, each.text) for each in reading.unread] == [("Made up:", "Prospective")]


def test_labels_without_a_value_that_no_table_knows_are_unread() -> None:
    reading = one(changed(OBSERVED, "Gender Based:", "Made up:"))
    assert [each.label for each in reading.unread] == ["Made up:"]


def test_a_row_without_a_label_belongs_to_the_one_above() -> None:
    design = protocol(one(TREATED.read_bytes()))["designModule"]["designInfo"]
    assert design["interventionModelDescription"] == "Women of today against women of earlier years."
    assert "maskingDescription" not in design["maskingInfo"]


def test_interventions_without_a_type_leave_types_out_of_comparison() -> None:
    reading = one(changed(TREATED, "Behavioral: Calls", "Calls"))
    path = "protocolSection.armsInterventionsModule.interventions"
    assert not reading.carried.covers(f"{path}.type") and reading.carried.covers(f"{path}.name")
    assert "unparsed" in [issue.code for issue in reading.issues]


def test_results_of_a_version_are_named_and_not_read() -> None:
    page = changed(TREATED, '"StudyStatus"', '"BaselineCharacteristics"')
    reading = one(page.replace(b'"StudyStatusBody"', b'"BaselineCharacteristicsBody"'))
    assert [issue.code for issue in reading.issues] == ["results-not-read"]
    assert "overallStatus" not in protocol(reading).get("statusModule", {})


def test_headings_name_days_and_numbers() -> None:
    assert submitted("Study NCT03737799 Submitted Date:\u00a0 February 24, 2022 (v4)") == [("2022-02-24", 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Completed", {"overallStatus": "Completed"}),
        ("Terminated [too slow [see above]]", {"overallStatus": "Terminated", "whyStopped": "too slow [see above]"}),
        (
            "Unknown status [Previously: Recruiting]",
            {"overallStatus": "Unknown status", "lastKnownStatus": "Recruiting"},
        ),
    ],
)
def test_brackets_behind_a_status_say_why_or_what_was_before(text: str, expected: dict[str, str]) -> None:
    record = RawRecord()
    overall_status(record, (Text(text),), "x")
    for name, value in expected.items():
        assert record.text(f"protocolSection.statusModule.{name}") == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A-1", {"id": "A-1"}),
        ("A-1 [IRAS]", {"id": "A-1", "domain": "IRAS"}),
        ("A-1 [EudraCT Number]", {"id": "A-1", "type": "EudraCT Number"}),
        ("A-1 [Registry Identifier: X: Y]", {"id": "A-1", "type": "Registry Identifier", "domain": "X: Y"}),
    ],
)
def test_brackets_behind_an_id_say_what_it_is(text: str, expected: dict[str, str]) -> None:
    record = RawRecord()
    secondary_ids(record, (Text(text),), "x")
    (found,) = record.items("protocolSection.identificationModule.secondaryIdInfos")
    assert isinstance(found, dict)
    assert {name: getattr(raw, "text", None) for name, raw in found.items()} == expected


def test_sites_have_a_status_where_brackets_name_one() -> None:
    record = RawRecord()
    sites = SiteList(record)
    sites.add((Text("Germany"),), "x")
    sites.add((Text("A Clinic [Recruiting]"), Inset((Text("Ulm, Germany"),))), "x")
    sites.add((Text("B Clinic [East]"), Inset((Text("Ulm, Germany"),)), Text("Contact: Jane")), "x")
    sites.finish()
    found = [
        {name: getattr(raw, "text", None) for name, raw in site.items()}
        for site in record.items("protocolSection.contactsLocationsModule.locations")
        if isinstance(site, dict)
    ]
    assert found[0]["facility"] == "A Clinic" and found[0]["status"] == "Recruiting"
    assert found[1]["facility"] == "B Clinic [East]" and "status" not in found[1]
    assert [each.text for each in record.unread] == ["Contact: Jane"]


def test_what_is_carried_is_in_the_model() -> None:
    assert set(paths()) >= CARRIED | NOT_CARRIED.keys()
    assert not FIELDS.keys() & IGNORED.keys()
    assert CONTINUED.keys() - {"document section"} <= FIELDS.keys()
