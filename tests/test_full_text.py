"""Study pages of 2008 to 2017, a trap at a time; and what the repairs for them brought to the pages after them."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import damage
import pytest
from golden import FIXTURES

from ctgov_ingest.compare import compare, mask
from ctgov_ingest.errors import Refused
from ctgov_ingest.sources import Failure, Reading, read, scan
from ctgov_ingest.values.designs import split_design
from ctgov_ingest.values.phrases import split_status
from ctgov_ingest.values.sentences import SENTENCES, split_sentence

PAGES = sorted((FIXTURES / "study-page").glob("full-text-*.html"))
STATUS = "protocolSection.statusModule"
HEADER = """
<h1>A Study</h1>
<div id="trial-info-1"><div class="recruiting-status">{status}</div>
<div>Sponsor:</div><div id="sponsor">Somebody</div>
<div>Information provided by (Responsible Party):</div><div>Somebody</div></div>
<div id="trial-info-2"><div>ClinicalTrials.gov Identifier:</div><div class="identifier">NCT09900305</div>
<div>First received: July 9, 2009</div><div>Last updated:  April 24, 2012</div><div>Last verified:  April 2012 </div>
<div><a href="/ct2/archive/NCT09900305">History of Changes</a></div></div>
<div id="tabs"><ul><li id="full-text" class="current">Full Text View</li><li id="tabular">Tabular View</li>
<li id="results">No Study Results Posted</li></ul></div>
"""


def page(body: str = "", status: str = "This study has been completed.") -> Reading:
    """A small page of before 2017."""
    text = f'<!DOCTYPE html><html><body><div id="main-content">{HEADER.format(status=status)}{body}</div></body></html>'
    (reading,) = read(text.encode(), "page.html")
    return reading


def status_of(reading: Reading) -> dict[str, Any]:
    found: dict[str, Any] = reading.study.document()["protocolSection"]["statusModule"]
    return found


def design_row(label: str, value: str) -> str:
    cells = f'<td headers="studyInfoColTitle">{label}</td><td headers="studyInfoColData">{value}</td>'
    return f"<table><tr>{cells}</tr></table>"


def enrollment_row(label: str, value: str) -> str:
    return design_row(label, value).replace("studyInfoCol", "enrollmentInfo")


def module(reading: Reading, name: str) -> dict[str, Any]:
    found: dict[str, Any] = reading.study.document()["protocolSection"].get(name, {})
    return found


def sites(rows: str) -> Reading:
    return page(f"<div>Contacts and Locations</div><table>{rows}</table>")


def site_row(name: str, status: str = "") -> str:
    return f'<tr><td headers="locName">{name}</td><td headers="locStatus">{status}</td></tr>'


def wide_row(text: str) -> str:
    return f'<tr><td colspan="2">{text}</td></tr>'


def test_the_small_page_reads_without_a_rest() -> None:
    reading = page()
    assert (reading.presentation, reading.nct_id, reading.unread, reading.issues) == (
        "study-page",
        "NCT09900305",
        (),
        (),
    )


# The status as a sentence


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("This study has been completed.", "COMPLETED"),
        ("This study is currently recruiting participants.", "RECRUITING"),
        ("This study has been terminated.", "TERMINATED"),
        ("This study is ongoing, but not recruiting participants.", "ACTIVE_NOT_RECRUITING"),
        ("This study is not yet open for participant recruitment.", "NOT_YET_RECRUITING"),
        ("This study is enrolling participants by invitation only.", "ENROLLING_BY_INVITATION"),
        ("This study has been suspended.", "SUSPENDED"),
        ("This study has been withdrawn prior to enrollment.", "WITHDRAWN"),
        ("The recruitment status of this study is unknown.", "UNKNOWN"),
        ("Expanded access is currently available for this treatment.", "AVAILABLE"),
        ("Expanded access is no longer available for this treatment.", "NO_LONGER_AVAILABLE"),
        ("Expanded access is temporarily not available for this treatment.", "TEMPORARILY_NOT_AVAILABLE"),
        ("This treatment has been approved for sale to the public.", "APPROVED_FOR_MARKETING"),
    ],
)
def test_a_status_is_read_from_its_sentence(sentence: str, status: str) -> None:
    reading = page(status=sentence)
    assert status_of(reading)["overallStatus"] == status
    assert not reading.unread and not reading.issues


@pytest.mark.parametrize("label", sorted(set(SENTENCES.values())))
def test_every_sentence_stands_for_a_status_of_the_registry(label: str) -> None:
    sentence = next(opening for opening, name in SENTENCES.items() if name == label)
    assert not page(status=f"{sentence}.").issues


@pytest.mark.parametrize(
    "reason", ["(slow accrual)", "<div>(slow accrual)</div>", "<br>slow accrual", "<p>slow <b>accrual</b></p>"]
)
def test_a_reason_follows_its_sentence(reason: str) -> None:
    assert status_of(page(status=f"This study has been terminated. {reason}"))["whyStopped"] == "slow accrual"


def test_a_reason_keeps_its_own_parentheses() -> None:
    found = status_of(page(status="This study has been withdrawn prior to enrollment. (No money (none at all).)"))
    assert found["whyStopped"] == "No money (none at all)."


@pytest.mark.parametrize(
    "verified",
    ["Verified May 2009 by Somebody, Inc.", "<br>Verified by Somebody, Inc., May 2009.<br>", "Verified by A, May 2009"],
)
def test_unknown_says_when_it_was_verified_and_what_it_was(verified: str) -> None:
    text = f"The recruitment status of this study is unknown. {verified} Recruitment status was&nbsp; Recruiting"
    line = split_sentence(text.replace("&nbsp;", "\u00a0").replace("<br>", " "))
    assert line is not None and line[1] == ""
    assert (line[0].verified, line[0].last_known) == ("May 2009", "Recruiting")


def test_an_open_study_says_when_it_was_verified() -> None:
    open_ = '(<a href="#c">see Contacts and Locations</a>)<div>Verified April 2012 by Somebody</div>'
    reading = page(status=f"This study is currently recruiting participants. {open_}")
    assert status_of(reading)["statusVerifiedDate"] == "2012-04"
    assert not reading.unread and not reading.issues


def test_words_behind_a_status_that_nobody_knows_are_unread() -> None:
    assert [one.text for one in page(status="This study has been completed. And how!").unread] == ["And how!"]


def test_a_sentence_within_prose_is_prose() -> None:
    body = "<div>Eligibility</div><div>Criteria</div><div><p>This study has been terminated.</p></div>"
    assert status_of(page(body))["overallStatus"] == "COMPLETED"


def test_the_status_takes_no_sponsor_with_it() -> None:
    sponsors = module(page(status="This study has been suspended."), "sponsorCollaboratorsModule")
    assert sponsors["leadSponsor"] == {"name": "Somebody"}


# Dates


def test_dates_of_receipt_are_no_dates_of_posting() -> None:
    reading = page()
    assert status_of(reading)["studyFirstSubmitDate"] == "2009-07-09"
    assert status_of(reading)["lastUpdateSubmitDate"] == "2012-04-24"
    assert status_of(reading)["statusVerifiedDate"] == "2012-04"
    assert reading.carried.covers(f"{STATUS}.lastUpdateSubmitDate")
    assert not reading.carried.covers(f"{STATUS}.lastUpdatePostDateStruct.date")


def test_a_page_after_2017_carries_the_other_dates() -> None:
    (reading,) = read((FIXTURES / "study-page" / "status-recruiting-2019-prefixed.html").read_bytes())
    assert reading.carried.covers(f"{STATUS}.lastUpdatePostDateStruct.date")
    assert not reading.carried.covers(f"{STATUS}.studyFirstSubmitDate")


def test_what_is_explained_behind_a_date_is_no_part_of_it() -> None:
    explained = "June 2010 (Final data collection date for primary outcome measure)"
    reading = page(enrollment_row(" Primary Completion Date:", explained))
    assert status_of(reading)["primaryCompletionDateStruct"] == {"date": "2010-06"}
    assert not reading.issues


def test_a_date_without_estimated_has_no_type_and_none_is_compared() -> None:
    reading = page(enrollment_row(" Study Start Date:", "June 2009") + enrollment_row(" Estimated Enrollment:", "75"))
    assert not reading.carried.covers(f"{STATUS}.startDateStruct.type")
    assert reading.carried.covers(f"{STATUS}.startDateStruct.date")
    assert module(reading, "designModule")["enrollmentInfo"] == {"count": 75, "type": "ESTIMATED"}


# The design in one cell


@pytest.mark.parametrize(
    "cell",
    [
        "Allocation:&nbsp;Randomized<br/>Endpoint&nbsp;Classification:&nbsp;Efficacy&nbsp;Study<br/>Masking:&nbsp;Open&nbsp;Label",
        "Allocation: Randomized; Endpoint Classification: Efficacy Study; Masking: Open Label",
        "Allocation: Randomized, Endpoint Classification: Safety/Efficacy Study, Masking: Open Label",
        "Randomized, Open Label, Placebo Control, Safety/Efficacy Study",
    ],
)
def test_a_design_in_one_cell_is_its_parts(cell: str) -> None:
    reading = page(design_row("Study Design:", cell))
    expected = {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "NONE"}}
    assert module(reading, "designModule")["designInfo"] == expected
    assert not reading.issues and not reading.unread


def test_who_is_masked_is_part_of_the_masking() -> None:
    design = split_design(["Treatment, Randomized, Double Blind (Subject, Investigator), Parallel Assignment"])
    assert dict(design.parts)["masking"] == "Double Blind (Subject, Investigator)"
    assert not design.unknown


def test_a_design_before_2009_may_be_observational() -> None:
    design = split_design(["Natural History, Longitudinal, Defined Population, Prospective Study"])
    assert ("timePerspective", "Prospective") in design.parts
    assert not design.unknown


def test_a_word_of_a_design_that_nobody_knows_is_an_issue() -> None:
    (issue,) = page(design_row("Study Design:", "Randomized, Upside Down")).issues
    assert (issue.code, issue.raw) == ("unparsed", "Upside Down")


# Lists and tables


def test_the_summary_has_no_label() -> None:
    table = "<table><tr><th>Condition</th></tr><tr><td>Gout<br/>Pain<br/></td></tr></table>"
    body = f"<div>&nbsp; Purpose<div><div><p>One.</p><p>Two.</p></div><br/><div>{table}</div></div></div>"
    reading = page(body)
    assert module(reading, "descriptionModule")["briefSummary"] == "One.\n\nTwo."
    assert module(reading, "conditionsModule")["conditions"] == ["Gout", "Pain"]
    assert not reading.unread


def test_open_items_and_the_safety_issue() -> None:
    items = "<li>Pain [&nbsp;Time&nbsp;Frame:&nbsp;1 day&nbsp;] "
    items += "[&nbsp;Designated&nbsp;as&nbsp;safety&nbsp;issue:&nbsp;No&nbsp;]"
    items += "<div>Said</div><br/><li>Falls [&nbsp;Designated&nbsp;as&nbsp;safety&nbsp;issue:&nbsp;Yes&nbsp;]<br/>"
    study = page(f"<div>Primary Outcome Measures:<ul>{items}</ul></div>").study
    found = [(one.measure, one.time_frame, one.description) for one in study.primary_outcomes]
    assert found == [("Pain", "1 day", "Said"), ("Falls", None, None)]


def test_interventions_without_arms_have_a_list_of_their_own() -> None:
    heads = "<tr><th>Condition</th><th>Intervention</th></tr>"
    table = f"<table>{heads}<tr><td>Gout</td><td>Drug: A<br/>Drug: B<br/></td></tr></table>"
    details = (
        "<div>Intervention Details:<ul><li>Drug: A<div>Daily</div><div>Other Name: Alpha</div><li>Drug: B</ul></div>"
    )
    assert module(page(table + details), "armsInterventionsModule")["interventions"] == [
        {"type": "DRUG", "name": "A", "description": "Daily", "otherNames": ["Alpha"]},
        {"type": "DRUG", "name": "B"},
    ]


def test_both_of_two_interventions_of_one_name_are_kept() -> None:
    details = "<div>Intervention Details:<ul><li>Drug: A<div>Low</div><li>Drug: A<div>High</div></ul></div>"
    found = module(page(details), "armsInterventionsModule")["interventions"]
    assert [one["description"] for one in found] == ["Low", "High"]


def test_the_librarys_links_are_passed_over_and_nothing_else() -> None:
    body = "<div>Resource links provided by NLM:</div><div>MedlinePlus related topics: <a>Stroke</a></div>"
    assert not page(body).unread
    assert page(body + "<div>Behind it</div>").unread


def test_ids_stand_in_one_line() -> None:
    table = design_row("Other Study ID Numbers:", "A-1, U01, 77").replace("studyInfoCol", "col")
    reading = page(table)
    identification = module(reading, "identificationModule")
    assert identification["orgStudyIdInfo"] == {"id": "A-1"}
    assert identification["secondaryIdInfos"] == [{"id": "U01"}, {"id": "77"}]
    assert not reading.carried.covers("protocolSection.identificationModule.secondaryIdInfos.type")


def test_a_health_authority_is_passed_over_by_name() -> None:
    table = design_row("Health Authority:", "Mars: Some<br/>").replace("studyInfoCol", "col")
    assert not page(table).unread


# What is folded away


@pytest.mark.parametrize("link", ["Show 64 study locations", "Show/Hide 64 Study Locations", "Show 1 study location"])
def test_sites_that_are_folded_away_are_named_and_not_compared(link: str) -> None:
    reading = page(f"<div>Contacts and Locations</div><div>Locations</div><a href='x'>{link}</a>")
    assert [issue.code for issue in reading.issues] == ["sites-not-on-page"]
    assert not reading.carried.covers("protocolSection.contactsLocationsModule.locations.facility")
    assert not reading.unread


def test_a_link_beside_its_open_list_is_furniture() -> None:
    table = wide_row("France") + site_row("Clinic") + wide_row("Lyon, France")
    reading = page(f"<a>Hide 1 study location</a><div>Contacts and Locations</div><table>{table}</table>")
    assert not reading.issues and not reading.unread
    assert reading.carried.covers("protocolSection.contactsLocationsModule.locations.facility")


def test_a_description_that_is_folded_away_is_named() -> None:
    reading = page("<a>Show detailed description</a>")
    assert [issue.code for issue in reading.issues] == ["collapsed-section"]
    assert not reading.carried.covers("protocolSection.descriptionModule.detailedDescription")


def test_sites_without_a_name_are_sites() -> None:
    rows = wide_row("Germany") + wide_row("Berlin, Germany, 10115") + wide_row("Contact: A B 555-0100")
    rows += site_row("Clinic") + wide_row("Bonn, Germany") + wide_row("Singapore") + wide_row("Singapore, Singapore")
    found = module(sites(rows), "contactsLocationsModule")["locations"]
    assert [(one.get("facility"), one["city"]) for one in found] == [
        (None, "Berlin"),
        ("Clinic", "Bonn"),
        (None, "Singapore"),
    ]
    assert found[0]["contacts"] == [{"name": "A B", "role": "CONTACT", "phone": "555-0100"}]


# The status block after 2017


@pytest.mark.parametrize(
    ("text", "status", "reason", "verified"),
    [
        ("Recruiting Verified January 2018 by Somebody, Inc..", "Recruiting", None, "January 2018"),
        ("Suspended (No drug) Verified May 2018 by X.", "Suspended", "No drug", "May 2018"),
        ("Terminated (Verified May 2018 by nobody)", "Terminated", "Verified May 2018 by nobody", None),
        ("Completed", "Completed", None, None),
    ],
)
def test_a_verification_without_a_former_status(
    text: str, status: str, reason: str | None, verified: str | None
) -> None:
    found = split_status(text)
    assert (found.status, found.reason, found.verified, found.last_known) == (status, reason, verified, None)


# The real pages


def test_the_real_page_is_read_whole(corpus: Path) -> None:
    (reading,) = read((corpus / "html" / "classic2008" / "NCT00936455_full.html").read_bytes())
    assert (reading.presentation, reading.nct_id, reading.retrieved) == ("study-page", "NCT00936455", "2014-06-01")
    assert not reading.unread
    assert {issue.code for issue in reading.issues} == {"mixed-terms", "inferred", "title-or-acronym"}


def test_the_real_error_page_is_refused(corpus: Path) -> None:
    (outcome,) = scan((corpus / "html" / "classic2008" / "aact_error_page_2017.html").read_bytes())
    assert isinstance(outcome, Failure) and isinstance(outcome.error, Refused)


COMPARED = {
    "hasResults",
    "protocolSection.conditionsModule.conditions",
    "protocolSection.designModule.designInfo.observationalModel",
    "protocolSection.designModule.designInfo.timePerspective",
    "protocolSection.designModule.studyType",
    "protocolSection.identificationModule.nctId",
    "protocolSection.referencesModule.references.citation",
    "protocolSection.referencesModule.references.type",
    "protocolSection.sponsorCollaboratorsModule.leadSponsor.name",
    "protocolSection.statusModule.lastUpdateSubmitDate",
    "protocolSection.statusModule.overallStatus",
    "protocolSection.statusModule.resultsFirstSubmitDate",
    "protocolSection.statusModule.statusVerifiedDate",
    "protocolSection.statusModule.studyFirstSubmitDate",
}
"""What the page and the results page of NCT00936455 both say."""


def test_the_pages_of_one_study_contradict_each_other_nowhere(corpus: Path) -> None:
    names = ("classic2008/NCT00936455_full.html", "results/NCT00936455_results_2014.html")
    first, second = (read((corpus / "html" / name).read_bytes())[0] for name in names)
    both = first.carried & second.carried
    for document in (first.document(), second.document()):
        assert {path for path, _value in damage.facts(mask(document, both))} == COMPARED
    assert not compare(first.document(), second.document(), carried=both)
    assert first.study.title == second.study.title  # not compared, since the acronym stands in it
    flow = second.document()["resultsSection"]["participantFlowModule"]["periods"][0]
    started = sum(int(group["numSubjects"]) for group in flow["milestones"][0]["achievements"])
    enrollment = first.study.enrollment
    assert enrollment is not None and enrollment.count == started == 75


def test_of_the_study_of_these_pages_no_xml_is_held(corpus: Path) -> None:
    with ZipFile(corpus / "legacy_xml.zip") as archive:
        assert not [name for name in archive.namelist() if "NCT00936455" in name]
