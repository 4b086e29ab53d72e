"""The results tab, a trap at a time: none posted, submitted but not posted, posted and folded or unfolded."""

from pathlib import Path
from typing import Any

import pytest
from golden import FIXTURES

from ctgov_ingest.sources import Reading, read
from ctgov_ingest.sources.results_measures import head_of
from ctgov_ingest.sources.results_parts import measurement, note_of

PAGES = sorted((FIXTURES / "results-page").glob("*.html"))
HEADER = """
<h1>A Study</h1><table><tr><td>ClinicalTrials.gov Identifier: NCT09900325</td></tr><tr><td><div>
<span>Recruitment Status</span> : Completed<div>First Posted : May 1, 2011</div>
<div>Last Update Posted : June 1, 2012</div></div></td></tr></table>
<div>Sponsor:</div><div>Somebody</div>
<div id="tabs"><ul><li id="full-text">Study Details</li><li id="results" class="current">{tab}</li></ul></div>
"""
FLOW = "resultsSection.participantFlowModule"
OUTCOMES = "resultsSection.outcomeMeasuresModule.outcomeMeasures"


def page(body: str, tab: str = "Study Results") -> Reading:
    """A small page with this below the tabs."""
    body = f'{HEADER.format(tab=tab)}<div id="tab-body">{body}</div>'
    text = f'<!DOCTYPE html><html><body><div id="main-content">{body}</div></body></html>'
    (reading,) = read(text.encode(), "page.html")
    return reading


def section(name: str, body: str) -> str:
    return f"<div><span>&nbsp; {name}</span><div><div><a>Hide {name}</a></div>{body}</div></div>"


def results(reading: Reading, module: str) -> dict[str, Any]:
    found: dict[str, Any] = reading.study.document().get("resultsSection", {}).get(module, {})
    return found


def table(*rows: str) -> str:
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


GROUPS = "<span>Reporting Groups</span>" + table(
    "<th>&nbsp;</th><th>Description</th>", "<th>A</th><td>First</td>", "<th>B</th><td>Second</td>"
)
HEADS = "<th>&nbsp;</th><th>A</th><th>B</th>"


# Nothing posted


def cycles(*rows: str) -> Reading:
    head = "<th>Submission Cycle</th><th>Results Submitted</th><th>Results Returned after Review</th>"
    return page(
        f"<div>Results Submitted - Not Posted on ClinicalTrials.gov</div>{table(head, *rows)}", "Results Submitted"
    )


def infos(reading: Reading) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reading.study.document()["derivedSection"]["miscInfoModule"]["submissionTracking"][
        "submissionInfos"
    ]
    return found


def test_a_page_without_results_says_so() -> None:
    body = "<div>No Study Results Posted on ClinicalTrials.gov for this Study</div>"
    reading = page(body, "No Results Posted")
    assert (reading.presentation, reading.study.has_results) == ("results-page", False)
    assert not reading.unread and not reading.issues
    assert not reading.carried.covers(FLOW)
    assert reading.carried.covers("hasResults")


def test_the_table_at_the_top_is_read() -> None:
    body = table(
        "<th>&nbsp; <span>Recruitment Status</span> : </th><td>Completed</td>",
        "<th>Actual <span>Primary Completion Date</span> :</th><td>May 2010</td>",
    )
    status = page(body, "No Results Posted").study.document()["protocolSection"]["statusModule"]
    assert status["primaryCompletionDateStruct"] == {"date": "2010-05", "type": "ACTUAL"}


def test_a_cycle_has_a_submission_and_a_return() -> None:
    reading = cycles(
        "<th>1</th><td>May 1, 2017</td><td>June 1, 2017</td>", "<th>2</th><td>July 1, 2017</td><td>&nbsp;</td>"
    )
    assert infos(reading) == [{"releaseDate": "2017-05-01", "resetDate": "2017-06-01"}, {"releaseDate": "2017-07-01"}]
    assert reading.study.has_results is False
    assert not reading.unread


def test_a_cycle_may_hold_several_cancellations() -> None:
    canceled = "May 1, 2018<br/>(<span>Canceled <i></i></span>   on May 2, 2018)<br/>"
    canceled += "May 3, 2018<br/>(Canceled - Date Unknown)<br/>May 4, 2018<br/>"
    assert infos(cycles(f"<th>1</th><td>{canceled}</td><td>June 1, 2018</td>")) == [
        {"releaseDate": "2018-05-01", "unreleaseDate": "2018-05-02"},
        {"releaseDate": "2018-05-03", "unreleaseDateUnknown": True},
        {"releaseDate": "2018-05-04", "resetDate": "2018-06-01"},
    ]


def test_an_open_cell_ends_where_the_next_begins() -> None:
    assert infos(cycles("<th>1</th><td>May 1, 2018<br/><td>&nbsp;</td>")) == [{"releaseDate": "2018-05-01"}]


def test_a_cycle_with_a_cell_too_few_is_unread() -> None:
    reading = cycles("<th>1</th><td>June 1, 2018</td>")
    assert "derivedSection" not in reading.study.document()
    assert len(reading.unread) == 1


# Folded away


def test_a_section_that_is_folded_away_is_named_and_not_compared() -> None:
    reading = page("<div><span>Participant Flow</span><div><a>Show Participant Flow</a></div></div>")
    (issue,) = reading.issues
    assert (issue.code, issue.path) == ("collapsed-section", FLOW)
    assert not reading.carried.covers(f"{FLOW}.groups.title")
    assert reading.carried.covers("resultsSection.moreInfoModule.limitationsAndCaveats.description")


def test_an_outcome_that_is_folded_away_still_has_its_name() -> None:
    opening = table("<td>1.&nbsp; Primary: &nbsp; </td><td>Pain &nbsp; [ Time Frame: 1 day ]</td>")
    reading = page(section("Outcome Measures", opening + "<div><a>Show Outcome Measure 1</a></div>"))
    found = results(reading, "outcomeMeasuresModule")["outcomeMeasures"]
    assert found == [{"type": "PRIMARY", "title": "Pain", "timeFrame": "1 day"}]
    assert reading.carried.covers(f"{OUTCOMES}.title")
    assert not reading.carried.covers(f"{OUTCOMES}.groups.title")


# Tables


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18", {"value": "18"}),
        ("68 \u00b1 13", {"value": "68", "spread": "13"}),
        ("-0.5 \u00b1 0.1", {"value": "-0.5", "spread": "0.1"}),
        ("40 ( 18 to 80 )", {"value": "40", "lowerLimit": "18", "upperLimit": "80"}),
        ("40.1 (10.2)", {"value": "40.1", "spread": "10.2"}),
        ("16 51.6%", {"value": "16"}),
        ("NA", {"value": "NA"}),
    ],
)
def test_a_cell_holds_a_value_with_its_spread_or_limits(text: str, value: dict[str, str]) -> None:
    assert measurement(text) == value


def test_a_note_is_no_part_of_a_value() -> None:
    assert note_of("12 [3]") == ("12", "3")
    assert note_of("12") == ("12", None)


@pytest.mark.parametrize(
    ("lines", "unit", "param", "dispersion"),
    [
        (["Age", "[units: years]", "Mean \u00b1 Standard Deviation"], "years", "Mean", "Standard Deviation"),
        (["Age", "[units: years]", "Median ( Full Range )"], "years", "Median", "Full Range"),
        (["Age", "[units: participants]"], "participants", None, None),
        (
            ["Age", "Measure Type: Count of Participants", "Unit of measure: Participants"],
            "Participants",
            "Count of Participants",
            None,
        ),
        (["Age", "Mean (95% Confidence Interval)", "Unit of Measure: mg"], "mg", "Mean", "95% Confidence Interval"),
    ],
)
def test_a_heading_says_what_is_measured(
    lines: list[str], unit: str, param: str | None, dispersion: str | None
) -> None:
    head = head_of(lines)
    assert (head.title, head.unit, head.param, head.dispersion) == ("Age", unit, param, dispersion)


def test_reasons_stand_below_those_who_left() -> None:
    period = "<span>Participant Flow: &nbsp; Overall Study</span>" + table(
        HEADS,
        "<th>STARTED</th><td>&nbsp; 5 &nbsp;</td><td>6 [1]</td>",
        "<th>NOT COMPLETED</th><td>1</td><td>0</td>",
        "<td>Adverse Event</td><td>1</td><td>0</td>",
    )
    reading = page(section("Participant Flow", GROUPS + period + table("<td>[1]</td><td>One came late.</td>")))
    (found,) = results(reading, "participantFlowModule")["periods"]
    assert found["title"] == "Overall Study"
    assert [one["type"] for one in found["milestones"]] == ["STARTED", "NOT COMPLETED"]
    assert found["milestones"][0]["achievements"][1] == {
        "groupId": "FG001",
        "comment": "One came late.",
        "numSubjects": "6",
    }
    assert [one["type"] for one in found["dropWithdraws"]] == ["Adverse Event"]
    assert not reading.unread


def test_a_note_that_stands_at_nothing_is_unread() -> None:
    reading = page(section("Participant Flow", GROUPS + table("<td>[7]</td><td>Nowhere.</td>")))
    assert [one.text for one in reading.unread] == ["Nowhere."]


@pytest.mark.parametrize(
    "row",
    ["<th>STARTED</th><td>5</td>", "<th>STARTED</th><td>5</td><td></td><td>6</td>", "<th>STARTED</th>5</td><td>6</td>"],
)
def test_numbers_that_may_be_of_another_group_are_unread(row: str) -> None:
    reading = page(section("Participant Flow", f"{GROUPS}<span>Participant Flow: X</span>{table(HEADS, row)}"))
    assert "periods" not in results(reading, "participantFlowModule")
    assert reading.unread


def test_text_that_says_there_is_none_is_none() -> None:
    body = "<span>Population Description</span>" + table("<th>Explanation</th>", "<td>No text entered.</td>")
    assert results(page(section("Baseline Characteristics", body)), "baselineCharacteristicsModule") == {}


def test_of_two_headings_the_first_is_the_organ_system() -> None:
    body = (
        GROUPS
        + "<span>Serious Adverse Events</span>"
        + table(
            HEADS,
            "<th>Cardiac disorders</th><td></td><td></td>",
            "<td>Attack &dagger; 1</td><td></td><td></td>",
            "<td># participants affected / at risk</td><td>1/5 (20.00%)</td><td>0/6 (0.00%)</td>",
            "<td># events</td><td>2</td><td>0</td>",
        )
    )
    (event,) = results(page(section("Serious Adverse Events", body)), "adverseEventsModule")["seriousEvents"]
    assert (event["term"], event["organSystem"]) == ("Attack", "Cardiac disorders")
    assert event["stats"][0] == {"groupId": "EG000", "numEvents": 2, "numAffected": 1, "numAtRisk": 5}


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        (
            "Principal Investigators are <b>NOT</b> employed by the organization sponsoring the study.",
            "piSponsorEmployee",
            False,
        ),
        (
            "All Principal Investigators ARE employed by the organization sponsoring the study.",
            "piSponsorEmployee",
            True,
        ),
        (
            "There is <b>NOT</b> an agreement between Principal Investigators and the Sponsor.",
            "restrictiveAgreement",
            False,
        ),
        ("There IS an agreement between Principal Investigators and the Sponsor.", "restrictiveAgreement", True),
    ],
)
def test_agreements_are_sentences(sentence: str, field: str, value: bool) -> None:
    reading = page(section("More Information", table(f"<td>{sentence}</td>")))
    assert results(reading, "moreInfoModule")["certainAgreement"] == {field: value}
    assert not reading.unread


def test_of_several_kinds_of_restriction_none_is_told() -> None:
    kinds = (
        "<td>The only disclosure restriction on the PI is less than or equal to 60 days.</td>",
        "<td>Other disclosure agreement that restricts it.</td>",
    )
    reading = page(section("More Information", table(*kinds)))
    assert results(reading, "moreInfoModule") == {}
    assert [issue.code for issue in reading.issues] == ["unparsed"]


def test_both_generations_of_a_table_of_baseline_measures_say_the_same() -> None:
    files = [
        FIXTURES / "results-page" / name for name in ("posted-2015-unfolded.html", "posted-2022-as-described.html")
    ]
    for file in files:
        found = results(read(file.read_bytes())[0], "baselineCharacteristicsModule")
        assert [group["id"] for group in found["groups"]] == ["BG000", "BG001", "BG002"]
        assert found["groups"][-1]["description"] == "Total of all reporting groups"
        assert found["denoms"][0]["units"] == "Participants"
        assert len(found["measures"][0]["classes"][0]["categories"][0]["measurements"]) == 3


# The real pages


def test_all_real_pages_are_read_whole(corpus: Path) -> None:
    files = sorted((corpus / "html" / "results").iterdir())
    assert len(files) == 11
    for file in files:
        (reading,) = read(file.read_bytes(), file.name)
        assert reading.presentation == "results-page"
        assert not reading.unread, file.name
        assert {issue.code for issue in reading.issues} <= {"inferred", "collapsed-section", "title-or-acronym"}
        assert reading.study.has_results is ("2014" in file.name)


def test_the_real_cycles_are_read(corpus: Path) -> None:
    names = {
        "qa_overdueinqa.html": 3,
        "qa_overdueinqa_manycancelled.html": 5,
        "qa_overdueinqa_cancelled_after_returned.html": 3,
        "qa_overdueinq_many_cancelled_single_day.html": 4,
        "qa_overdueinqa_sameday_cancelled_then_returned.html": 2,
    }
    for name, number in names.items():
        (reading,) = read((corpus / "html" / "results" / name).read_bytes())
        assert len(infos(reading)) == number, name
    assert infos(reading) == [
        {"releaseDate": "2019-11-05", "unreleaseDate": "2019-11-05"},
        {"releaseDate": "2019-11-05", "resetDate": "2019-11-22"},
    ]


def test_the_real_posted_page_has_what_it_shows(corpus: Path) -> None:
    (reading,) = read((corpus / "html" / "results" / "NCT00936455_results_2014.html").read_bytes())
    flow = results(reading, "participantFlowModule")
    (period,) = flow["periods"]
    assert [stat["numSubjects"] for stat in period["milestones"][0]["achievements"]] == ["37", "38"]
    baseline = results(reading, "baselineCharacteristicsModule")
    assert [measure["title"] for measure in baseline["measures"]] == ["Age", "Gender", "Region of Enrollment"]
    assert baseline["measures"][0]["paramType"] == "MEAN"
    assert len(results(reading, "outcomeMeasuresModule")["outcomeMeasures"]) == 4
    assert results(reading, "moreInfoModule")["certainAgreement"] == {
        "piSponsorEmployee": False,
        "restrictiveAgreement": False,
    }
    assert sum(issue.code == "collapsed-section" for issue in reading.issues) == 6
