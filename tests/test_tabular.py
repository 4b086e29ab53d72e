"""The Tabular View, a trap at a time: each test is one claim about its rows."""

from pathlib import Path
from typing import Any

import pytest
from golden import FIXTURES

from ctgov_ingest.sources import Reading, read
from ctgov_ingest.sources.tabular_page import label_of
from ctgov_ingest.sources.tabular_rows import countries

PAGES = sorted((FIXTURES / "tabular-page").glob("*.html"))
SITES = "protocolSection.contactsLocationsModule.locations"
HEADER = """
<h1>{title}</h1><div><div>This study has been completed.</div><div>Sponsor:</div><div>Somebody</div></div>
<div><div>ClinicalTrials.gov Identifier:</div><div>NCT09900315</div><div>First received: July 9, 2009</div>
<div>Last updated: April 24, 2012</div><div>Last verified: April 2012</div></div>
<div id="tabs"><ul><li id="full-text">{tab}</li><li id="tabular" class="current">Tabular View</li></ul></div>
"""
OLD, NEW = "Full Text View", "Study Details"


def page(rows: str, *, tab: str = OLD, title: str = "A Study", group: str = "Descriptive Information") -> Reading:
    """A small page with these rows."""
    head = f'<tr><th colspan="2">{group}</th></tr>'
    body = f'{HEADER.format(tab=tab, title=title)}<div><table class="data_table">{head}{rows}</table></div>'
    text = f'<!DOCTYPE html><html><body><div id="main-content">{body}</div></body></html>'
    (reading,) = read(text.encode(), "page.html")
    return reading


def row(label: str, value: str) -> str:
    """A row of the table, with the marks that real labels have."""
    return f'<tr><th>{label}&nbsp;<sup> ICMJE </sup> </th><td class="body3">{value}</td></tr>'


def module(reading: Reading, name: str) -> dict[str, Any]:
    found: dict[str, Any] = reading.study.document()["protocolSection"].get(name, {})
    return found


def test_it_is_known_by_its_tab_and_reads_without_a_rest() -> None:
    reading = page(row("Official Title", "X"))
    assert (reading.presentation, reading.nct_id, reading.unread, reading.issues) == (
        "tabular-page",
        "NCT09900315",
        (),
        (),
    )


# Labels


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("First Received Date\u00a0 ICMJE ", "first received date"),
        ("Publications * ", "publications"),
        ("Study Arm (s)", "study arm"),
        ("Study Group/Cohort (s) ", "study group/cohort"),
        ("Current Primary Outcome Measures ICMJE (submitted: March 29, 2012)", "current primary outcome measures"),
    ],
)
def test_marks_at_a_label_are_no_part_of_it(text: str, label: str) -> None:
    assert label_of(text) == label


@pytest.mark.parametrize(
    "value",
    ["", "Not Provided", " not provided ", "<i>Not Provided</i>"],
)
def test_a_cell_that_says_nothing_says_nothing(value: str) -> None:
    reading = page(row("Official Title", value))
    assert reading.study.official_title is None
    assert not reading.unread and not reading.issues


def test_a_self_closed_cell_says_nothing() -> None:
    broken = '<tr><th>Official Title</th><td class="missing_color"/>Not Provided</td></tr>'
    reading = page(broken + row("Brief Summary", "Short."))
    assert reading.study.official_title is None
    assert module(reading, "descriptionModule")["briefSummary"] == "Short."
    assert not reading.unread


def test_a_missing_cell_says_nothing() -> None:
    reading = page("<tr><th>Removed Location Countries </th></tr>")
    assert "derivedSection" not in reading.study.document()
    assert not reading.unread


def test_an_unknown_label_is_unread() -> None:
    (unread,) = page(row("Favourite Colour", "Blue")).unread
    assert (unread.label, unread.text) == ("favourite colour", "Blue")


def test_a_label_in_two_groups_is_read_in_both() -> None:
    date = row("Primary Completion Date", "August 2011 &nbsp; (final data collection date for primary outcome measure)")
    group = '<tr><th colspan="2">Recruitment Information</th></tr>'
    reading = page(date + group + date)
    assert module(reading, "statusModule")["primaryCompletionDateStruct"] == {"date": "2011-08"}
    assert not reading.issues
    (issue,) = page(date + group + date.replace("2011", "2012")).issues
    assert issue.code == "contradiction"


def test_a_date_without_estimated_has_no_type_before_2017_only() -> None:
    path = "protocolSection.statusModule.primaryCompletionDateStruct.type"
    date = row("Primary Completion Date", "August 2011")
    assert not page(date).carried.covers(path)
    assert page(date, tab=NEW).carried.covers(path)


# Titles


def test_the_brief_title_stands_without_the_acronym_that_the_heading_has() -> None:
    reading = page(row("Brief Title", "A Study"), title="A Study (ABC-1)")
    identification = module(reading, "identificationModule")
    assert (identification["briefTitle"], identification["acronym"]) == ("A Study", "ABC-1")
    assert not reading.issues
    assert reading.carried.covers("protocolSection.identificationModule.acronym")


def test_parentheses_in_both_titles_tell_nothing() -> None:
    reading = page(row("Brief Title", "A Study (ABC-1)"), title="A Study (ABC-1)")
    assert [issue.code for issue in reading.issues] == ["title-or-acronym"]


# Outcomes


def test_a_single_outcome_stands_without_a_list() -> None:
    one = "Pain [&nbsp;Time&nbsp;Frame:&nbsp;1 day&nbsp;] "
    one += "[&nbsp;Designated&nbsp;as&nbsp;safety&nbsp;issue:&nbsp;No&nbsp;]<div>How</div>"
    (outcome,) = page(row("Current Primary Outcome Measures", one)).study.primary_outcomes
    assert (outcome.measure, outcome.time_frame, outcome.description) == ("Pain", "1 day", "How")


def test_several_outcomes_stand_in_a_list() -> None:
    found = page(row("Current Other Pre-specified Outcome Measures", "<ul><li>A</li><li>B</li></ul>"), tab=NEW)
    assert module(found, "outcomesModule")["otherOutcomes"] == [{"measure": "A"}, {"measure": "B"}]


def test_original_outcomes_are_kept_and_are_no_current_ones() -> None:
    label = (
        "Original Primary Outcome Measures&nbsp;<sup> ICMJE </sup><br/>&nbsp;<span>(submitted:&nbsp;May 4, 2010)</span>"
    )
    reading = page(row(label, "<ul><li>Pain [ Time Frame: 1 day ]</li><li>Falls</li></ul>"))
    (issue,) = reading.issues
    assert issue.code == "original-outcomes"
    assert issue.path == "protocolSection.outcomesModule.primaryOutcomes"
    assert issue.raw == "(submitted: May 4, 2010)\nPain [ Time Frame: 1 day ]\nFalls"
    assert not module(reading, "outcomesModule")


def test_original_outcomes_may_be_the_same_as_current() -> None:
    (issue,) = page(row("Original Secondary Outcome Measures", "<i>Same as current</i>")).issues
    assert (issue.code, issue.raw) == ("original-outcomes", "Same as current")
    assert not page(row("Original Secondary Outcome Measures", "Not Provided")).issues


def test_an_original_enrollment_is_no_enrollment() -> None:
    reading = page(row("Original Estimated Enrollment", "80"), tab=NEW)
    assert [issue.code for issue in reading.issues] == ["original-values"]
    assert not module(reading, "designModule")


# Arms and interventions


def arms(interventions: str, groups: str) -> Reading:
    return page(row("Intervention", interventions) + row("Study Arm (s)", groups))


def test_an_arm_names_its_interventions_in_its_cell() -> None:
    reading = arms(
        "<ul><li>Drug: A<div>Low</div></li><li>Drug: B</li></ul>",
        "<ul><li>Experimental: One<div>First</div>"
        "<div>Interventions:<ul><li>Drug: A</li><li>Drug: B</li></ul></div></li>"
        "<li>No Intervention: Two</li></ul>",
    )
    found = module(reading, "armsInterventionsModule")
    assert found["armGroups"] == [
        {"label": "One", "type": "EXPERIMENTAL", "description": "First", "interventionNames": ["Drug: A", "Drug: B"]},
        {"label": "Two", "type": "NO_INTERVENTION"},
    ]
    assert [one["armGroupLabels"] for one in found["interventions"]] == [["One"], ["One"]]


def test_a_name_that_two_interventions_have_links_neither() -> None:
    reading = arms(
        "<ul><li>Drug: A<div>Low</div></li><li>Drug: A<div>High</div></li></ul>",
        "Experimental: One<div>Intervention: Drug: A</div>",
    )
    assert [issue.code for issue in reading.issues] == ["ambiguous-link"]
    assert not reading.carried.covers("protocolSection.armsInterventionsModule.interventions.armGroupLabels")


# Places


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("United States, \u00a0 Canada", ["United States", "Canada"]),
        ("Korea, Republic of, France", ["Korea, Republic of", "France"]),
        ("Iran, Islamic Republic of", ["Iran, Islamic Republic of"]),
        ("Congo, The Democratic Republic of the, Chad", ["Congo, The Democratic Republic of the", "Chad"]),
    ],
)
def test_names_of_countries_may_hold_commas(text: str, names: list[str]) -> None:
    assert countries(text) == names


def test_countries_are_no_sites() -> None:
    reading = page(row("Listed Location Countries", "United States, &nbsp; Canada"))
    (issue,) = reading.issues
    assert (issue.code, issue.path, issue.raw) == ("countries-only", SITES, "United States; Canada")
    assert not module(reading, "contactsLocationsModule")
    assert not reading.carried.covers(f"{SITES}.country")


def test_removed_countries_have_a_field() -> None:
    derived = page(row("Removed Location Countries", "France, &nbsp; Chad")).study.document()["derivedSection"]
    assert derived == {"miscInfoModule": {"removedCountries": ["France", "Chad"]}}


# Cells with lines of their own


def test_sex_has_labelled_lines_or_none() -> None:
    lines = "<div>Sexes Eligible for Study:&nbsp; Female</div><div>Gender Based Eligibility:&nbsp; Yes</div>"
    found = module(page(row("Sex/Gender", lines), tab=NEW), "eligibilityModule")
    assert found == {"sex": "FEMALE", "genderBased": True}
    assert module(page(row("Gender", "Both")), "eligibilityModule") == {"sex": "ALL"}


def test_a_regulated_product_has_labelled_lines() -> None:
    lines = "<div>Studies a U.S. FDA-regulated Drug Product: Yes</div>"
    lines += "<div>Studies a U.S. FDA-regulated Device Product: No</div>"
    found = module(page(row("U.S. FDA-regulated Product", lines), tab=NEW), "oversightModule")
    assert found == {"isFdaRegulatedDrug": True, "isFdaRegulatedDevice": False}


def test_a_biospecimen_has_a_retention_and_a_description() -> None:
    cell = "Retention: &nbsp; Samples With DNA<div>Description:</div><div>Blood</div>"
    assert module(page(row("Biospecimen", cell)), "designModule")["bioSpec"] == {
        "retention": "SAMPLES_WITH_DNA",
        "description": "Blood",
    }


def test_investigators_are_a_table_within_a_cell() -> None:
    table = "<table><tr><td>Study Chair:</td><td>A B</td><td>C</td><td></td></tr></table>"
    reading = page(row("Investigators", table) + row("Verification Date", "April 2012"))
    officials = module(reading, "contactsLocationsModule")["overallOfficials"]
    assert officials == [{"name": "A B", "affiliation": "C", "role": "STUDY_CHAIR"}]
    assert not reading.unread


def test_both_names_of_the_account_are_the_organization() -> None:
    for label, tab in (("Information Provided By", OLD), ("PRS Account", NEW)):
        identification = module(page(row(label, "Somebody"), tab=tab), "identificationModule")
        assert identification["organization"] == {"fullName": "Somebody"}


def test_publications_have_no_type() -> None:
    reading = page(row("Publications *", "<ul><li><a href='/ct2/bye/x'>Roe J. One.</a></li><li>Doe A. Two.</li></ul>"))
    assert module(reading, "referencesModule")["references"] == [
        {"citation": "Roe J. One."},
        {"citation": "Doe A. Two."},
    ]
    assert not reading.carried.covers("protocolSection.referencesModule.references.type")


# The real page


def test_the_real_page_is_read_whole(corpus: Path) -> None:
    (file,) = sorted((corpus / "html" / "tabular").iterdir())
    (reading,) = read(file.read_bytes())
    assert (reading.presentation, reading.nct_id) == ("tabular-page", "NCT00041938")
    assert not reading.unread
    assert {issue.code for issue in reading.issues} == {"countries-only", "inferred"}
    study = reading.study.document()["protocolSection"]
    assert [
        len(study["outcomesModule"][name]) for name in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")
    ] == [1, 1, 10]
    assert [arm["interventionNames"] for arm in study["armsInterventionsModule"]["armGroups"]] == [
        ["Drug: aspirin"],
        ["Drug: Warfarin"],
    ]
    assert len(study["referencesModule"]["references"]) == 4
    assert study["identificationModule"]["secondaryIdInfos"] == [
        {"id": one} for one in ("U01NS039143-01", "R01NS39154", "CRC")
    ]
