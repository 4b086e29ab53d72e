"""A Study Details page saved as text: each test is one claim about one thing that extractions do."""

import time
from typing import Any

import pytest
from golden import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.errors import SourceError
from ctgov_ingest.sources import Failure, Reading, read, scan

HEADER = """A Study of Something
ClinicalTrials.gov Identifier: NCT09900107 |
Recruitment Status : Completed
First Posted : June 2, 2011
|
- Study Details
- No Results Posted
"""
DESIGN = """Study Type : | Interventional |
Masking: | None (Open Label) |
Official Title: | The Whole Title |
"""
FILES = sorted((FIXTURES / "page-text").glob("*.txt"))
LINES = [line for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]


def text(body: str = "", header: str = HEADER, design: str = DESIGN) -> Reading:
    (reading,) = read(f"{header}{design}{body}".encode(), "page.txt")
    return reading


def module(reading: Reading, name: str) -> dict[str, Any]:
    found: dict[str, Any] = reading.study.document()["protocolSection"][name]
    return found


def test_the_small_text_reads_without_a_rest() -> None:
    reading = text()
    assert (reading.presentation, reading.nct_id, reading.unread, reading.issues) == (
        "page-text",
        "NCT09900107",
        (),
        (),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_mean_the_same(end: str) -> None:
    data = (HEADER + DESIGN).replace("\n", end).encode()
    assert read(data)[0].study == text().study


def test_a_status_that_says_what_it_was() -> None:
    status = "Unknown\nVerified May 2012 by Some Body, Inc..\nRecruitment status was: Not yet recruiting"
    found = module(text(header=HEADER.replace("Completed", status)), "statusModule")
    assert (found["overallStatus"], found["lastKnownStatus"], found["statusVerifiedDate"]) == (
        "UNKNOWN",
        "NOT_YET_RECRUITING",
        "2012-05",
    )


def test_headings_that_are_lost_leave_the_description_whole() -> None:
    body = (
        "\nThe first part.\nMasking: nobody knows.\nThe last part.\nCondition or disease | Phase |\nGout | Phase 3 |\n"
    )
    reading = text(design=body + DESIGN)
    assert module(reading, "descriptionModule") == {
        "briefSummary": "The first part.\n\nMasking: nobody knows.\n\nThe last part."
    }
    assert [issue.code for issue in reading.issues] == ["headings-lost", "borders-lost"]


def test_conditions_that_ran_together_are_not_parted() -> None:
    heads = "Condition or disease | Intervention/treatment | Phase |\n"
    body = f"{heads}Gout Chronic Pain | Drug: A Device: B | Phase 1 Phase 2 |\n"
    study = text(design=body + DESIGN).study
    assert study.conditions == ("Gout Chronic Pain",)
    assert [one.name for one in study.interventions] == ["A", "B"]
    assert study.phases == ("PHASE1", "PHASE2")


def test_outcomes_without_a_heading_are_taken_as_primary_and_an_issue_says_so() -> None:
    reading = text("- Pain [ Time Frame: 1 day ]\n- Death [ Time Frame: 1 year ]\n")
    assert [(one.measure, one.time_frame) for one in reading.study.primary_outcomes] == [
        ("Pain", "1 day"),
        ("Death", "1 year"),
    ]
    assert [(issue.code, issue.path) for issue in reading.issues] == [
        ("inferred", "protocolSection.outcomesModule.primaryOutcomes")
    ]


def test_outcomes_under_a_heading_are_of_its_kind() -> None:
    reading = text("Secondary Outcome Measures :\n1. Pain [ Time Frame: 1 day ]\nHow much.\n")
    (one,) = reading.study.secondary_outcomes
    assert (one.measure, one.description) == ("Pain", "How much.")
    assert not reading.issues


def test_criteria_keep_their_lists() -> None:
    rows = "Accepts Healthy Volunteers: | No |\n"
    criteria = "Inclusion Criteria:\n- One\n  - deeper\n- Two\nExclusion Criteria:\n1. Three\n"
    assert module(text(rows + criteria), "eligibilityModule")["eligibilityCriteria"] == (
        "Inclusion Criteria:\n\n* One\n\n  * deeper\n* Two\n\nExclusion Criteria:\n\n1. Three"
    )


def test_a_line_that_nobody_knows_is_unread_with_its_place() -> None:
    reading = text("Has Data: | x |\nNo such thing\n")
    assert [(one.text, one.place) for one in reading.unread] == [
        ("Has Data: | x", "line 11"),
        ("No such thing", "line 12"),
    ]


def test_a_text_without_the_marks_of_the_page_is_refused() -> None:
    with pytest.raises(SourceError, match="no known kind"):
        read(b"Dear Sir,\nNCT09900107 is a study.\n")


# Whatever comes


@pytest.mark.parametrize(
    "piece",
    [
        "-",
        "x\n",
        "- x\n",
        "|",
        "| |\n",
        "# -\n",
        " ",
        "\n",
        "x | y\n",
        "Inclusion ",
        "Arm | x |\n",
        "Contact: \n",
        "a b ",
    ],
)
def test_a_long_hostile_text_takes_no_longer_than_its_length_deserves(piece: str) -> None:
    body = piece * (100_000 // len(piece)) + "é"
    start = time.process_time()
    list(scan((HEADER + DESIGN + body).encode()))
    list(scan((HEADER + body + "\nCondition or disease | Phase |\n" + DESIGN).encode()))
    assert time.process_time() - start < 6


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=80))
def test_lines_in_any_order_are_read_or_refused(lines: list[str]) -> None:
    for outcome in scan((HEADER + DESIGN + "\n".join(lines)).encode("utf-8", "replace")):
        assert isinstance(outcome, Reading | Failure)
