"""Saved pages, a trap at a time: each test is one claim about one thing that real pages do."""

import itertools
import re
import time
from typing import Any

import pytest
from golden import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.errors import Damaged, SourceError, TooLarge, UnknownPresentation
from ctgov_ingest.sources import Failure, Reading, page_tree, read, scan
from ctgov_ingest.study import Study

PAGES = sorted((FIXTURES / "study-page").glob("*.html"))
WHOLE = (FIXTURES / "study-page" / "interventional-2019-03-unprefixed.html").read_text(encoding="utf-8")

HEADER = """
<h1>A Study of Something</h1>
<table><tr><td>ClinicalTrials.gov Identifier: NCT09900107</td></tr>
<tr><td><div><span>Recruitment Status</span> : Completed
<div><span>First Posted</span> : June 2, 2011</div>
<div><span>Last Update Posted</span> : November 28, 2012</div></div></td></tr></table>
<div>Sponsor:</div><div id="sponsor">Somebody</div>
<div id="tabs"><ul><li id="full-text">Study Details</li><li id="results">No Results Posted</li></ul></div>
"""
DESIGN = '<tr><td headers="studyInfoColTitle">Study Type :</td><td headers="studyInfoColData">Interventional</td></tr>'


def page(body: str = "", design: str = "", header: str = HEADER) -> Reading:
    """A small page: the header, the study design table with further rows, and a body."""
    text = (
        f'<!DOCTYPE html><html><body><div id="main-content">{header}<table>{DESIGN}{design}</table>{body}</div>'
        "</body></html>"
    )
    (reading,) = read(text.encode("utf-8"), "page.html")
    return reading


def row(label: str, value: str) -> str:
    """A row of the study design table."""
    return f'<tr><td headers="studyInfoColTitle">{label}</td><td headers="studyInfoColData">{value}</td></tr>'


def more(label: str, value: str) -> str:
    """A row of the table of More Information."""
    return f'<table><tr><td headers="colTitle1">{label}</td><td headers="colData1">{value}</td></tr></table>'


def criteria(text: str) -> str | None:
    """The criteria of a page that has these."""
    found = page(f"<div>Criteria</div><div>{text}</div>").study.eligibility
    return found.eligibility_criteria if found else None


def arms(rows: str) -> Study:
    """The study of a page with these rows of arms."""
    head = "<tr><th>Arm</th><th>Intervention/treatment</th></tr>"
    return page(f"<div>Arms and Interventions</div><table>{head}{rows}</table>").study


def sites(rows: str) -> Reading:
    """A page with these rows of sites."""
    return page(f"<div>Locations</div><table>{rows}</table>")


def outcomes(items: str) -> list[tuple[str | None, str | None, str | None]]:
    """Measure, time frame and description of the primary outcomes of these list items."""
    found = page(f"<div><div><span>Primary Outcome Measures</span> :<ol>{items}</ol></div></div>").study
    return [(one.measure, one.time_frame, one.description) for one in found.primary_outcomes]


def test_the_small_page_reads_without_a_rest() -> None:
    reading = page()
    assert (reading.nct_id, reading.unread, reading.issues) == ("NCT09900107", (), ())


# White space


@pytest.mark.parametrize("space", ["&nbsp;", "&#160;", "&#xA0;", "\u00a0", "\u2007", "\ufeff", "\r\n", "\t \n"])
def test_any_kind_of_space_parts_the_words_of_labels_and_values(space: str) -> None:
    reading = page(design=row(f"Actual{space}Enrollment{space}:", f"{space}40{space}participants{space}"))
    assert reading.study.enrollment is not None
    assert reading.study.enrollment.count == 40
    assert not reading.unread


def test_line_ends_of_all_systems_mean_the_same() -> None:
    one, other, third = (read(WHOLE.replace("\n", end).encode())[0] for end in ("\n", "\r\n", "\r"))
    assert one.study == other.study == third.study


# Words that a search hit splits


def test_a_search_hit_inside_a_word_leaves_it_whole() -> None:
    hit = 'anti<span class="hit_inf">body</span>-<span class="hit_syn">drug</span> conjugate'
    assert page(design=row("Official Title:", hit)).study.official_title == "antibody-drug conjugate"


def test_a_search_hit_inside_a_label_leaves_it_known() -> None:
    label = 'Inter<span class="hit_inf">vention</span> Model:'
    assert not page(design=row(label, "Parallel Assignment")).unread


def test_line_breaks_part_words() -> None:
    assert criteria("one<br>two<br/>three") == "one\n\ntwo\n\nthree"


# Labels


@pytest.mark.parametrize(
    "label", ["Study Start Date :", "Study Start Date:", "Study\nStart Date\n:", "STUDY START DATE"]
)
def test_a_label_is_known_in_any_case_and_spacing(label: str) -> None:
    assert page(design=row(label, "May 2016")).study.document()["protocolSection"]["statusModule"][
        "startDateStruct"
    ] == {"date": "2016-05"}


@pytest.mark.parametrize(
    ("qualifier", "kind"),
    [("Actual ", "ACTUAL"), ("Estimated ", "ESTIMATED"), ("Anticipated ", "ESTIMATED"), ("", None)],
)
def test_a_qualifier_before_the_label_is_the_type(qualifier: str, kind: str | None) -> None:
    reading = page(design=row(f"{qualifier}\n<span>Study Start Date</span> :", "May 13, 2016"))
    status = reading.study.document()["protocolSection"]["statusModule"]
    assert status["startDateStruct"] == {"date": "2016-05-13", **({"type": kind} if kind else {})}


def test_an_unknown_label_is_unread_with_its_value_and_place() -> None:
    (unread,) = page(design=row("Favourite Colour:", "Blue")).unread
    assert (unread.label, unread.text) == ("Favourite Colour:", "Blue")


def test_an_empty_cell_says_nothing() -> None:
    reading = page(design=row("Official Title:", " &nbsp; ") + row("Allocation:", ""))
    assert reading.study.official_title is None
    assert not reading.unread and not reading.issues


def test_a_missing_cell_says_nothing() -> None:
    reading = page(design='<tr><td headers="studyInfoColTitle">Allocation:</td></tr>')
    assert not reading.unread and not reading.issues


def test_a_cell_without_a_mark_is_not_passed_over() -> None:
    design = DESIGN.replace("</tr>", "<td>Something else</td></tr>")
    assert [one.text for one in page(design=design).unread] == ["Something else"]


def test_a_cell_that_is_commented_out_is_not_there() -> None:
    double = '<!-- <td headers="studyInfoColTitle">Official Title:</td> -->'
    reading = page(design=row("Official Title:", "The True One").replace("<tr>", f"<tr>{double}"))
    assert reading.study.official_title == "The True One"
    assert not reading.unread


def test_a_value_that_cannot_be_read_is_an_issue_and_no_value() -> None:
    reading = page(design=row("Actual Study Start Date :", "Once upon a time"))
    assert reading.study.start is not None
    assert reading.study.start.date is None
    (issue,) = reading.issues
    assert (issue.code, issue.raw) == ("unparsed", "Once upon a time")
    assert issue.path == "protocolSection.statusModule.startDateStruct.date"


def test_two_values_for_one_field_keep_the_first_and_say_so() -> None:
    reading = page(design=row("Allocation:", "Randomized") + row("Allocation:", "Non-Randomized"))
    assert [issue.code for issue in reading.issues] == ["contradiction"]


def test_duplicate_ids_do_no_harm() -> None:
    double = '<div id="sponsor">Somebody Else</div><div id="main-content">x</div>'
    sponsors = page(double).study.document()["protocolSection"]["sponsorCollaboratorsModule"]
    assert sponsors["leadSponsor"] == {"name": "Somebody"}


def test_a_label_within_prose_is_prose() -> None:
    text = "<p>Masking: nobody knows.</p><p>Study Type: see above</p><p>Sponsor: none</p>"
    assert criteria(text) == "Masking: nobody knows.\n\nStudy Type: see above\n\nSponsor: none"


def test_the_name_of_a_section_within_prose_is_prose() -> None:
    assert criteria("<p>Study Design</p><p>Outcome Measures</p>") == "Study Design\n\nOutcome Measures"


def test_the_menus_that_repeat_the_sections_are_no_headings() -> None:
    names = ("Study Description", "Study Design", "Outcome Measures")
    links = "".join(f'<a href="#{at}">{name}</a><br>' for at, name in enumerate(names))
    reading = page(f"<div>Study Design</div><div>Go&nbsp;to&nbsp;<div>{links}</div></div>{more('URL:', 'x')}")
    assert not reading.unread


def test_the_layout_captions_for_screen_readers_say_nothing() -> None:
    caption = '<caption style="display:none">Layout table for study information</caption>'
    assert not page(f"<table>{caption}<tr><td>Layout table for MeSH terms</td></tr></table>").unread


# The header


@pytest.mark.parametrize("colon", [" : ", "\n:\n", ":", "&nbsp;:&nbsp;"])
def test_the_status_is_read_whatever_stands_around_its_colon(colon: str) -> None:
    header = HEADER.replace("Recruitment Status</span> : ", f"Recruitment Status</span>{colon}")
    assert page(header=header).study.status == "COMPLETED"


def test_a_status_label_in_lower_case_is_one() -> None:
    assert page(header=HEADER.replace("Recruitment Status", "recruitment status")).study.status == "COMPLETED"


def test_the_tab_says_that_results_are_posted() -> None:
    assert page(header=HEADER.replace("No Results Posted", "Study Results")).study.has_results is True


def test_results_that_are_submitted_are_not_posted() -> None:
    assert page(header=HEADER.replace("No Results Posted", "Results Submitted")).study.has_results is False


def test_an_estimate_after_a_posted_date_is_its_type() -> None:
    header = HEADER.replace("June 2, 2011", "June 2, 2011 (Estimate)")
    status = page(header=header).study.document()["protocolSection"]["statusModule"]
    assert status["studyFirstPostDateStruct"] == {"date": "2011-06-02", "type": "ESTIMATED"}


def test_an_acronym_in_the_title_is_not_told_apart() -> None:
    reading = page(header=HEADER.replace("A Study of Something", "A Study of Something (SOME-1)"))
    assert [issue.code for issue in reading.issues] == ["title-or-acronym"]
    assert not reading.carried.covers("protocolSection.identificationModule.briefTitle")
    assert page().carried.covers("protocolSection.identificationModule.briefTitle")


def test_links_of_the_site_are_no_part_of_a_value() -> None:
    value = 'June 2, 2011 <a href="/ct2/keydates/NCT09900107">Key Record Dates</a>'
    reading = page(more("First Posted:", value))
    assert not reading.issues and not reading.unread


def test_the_history_link_beside_the_identifier_is_no_part_of_it() -> None:
    link = 'NCT09900107 &nbsp; <a href="/ct2/history/NCT09900107">History of Changes</a>'
    assert not page(more("ClinicalTrials.gov Identifier:", link)).unread


def test_a_second_identifier_is_an_alias() -> None:
    reading = page(more("ClinicalTrials.gov Identifier:", "NCT09900107<br>NCT00000107"))
    identification = reading.study.document()["protocolSection"]["identificationModule"]
    assert identification["nctIdAliases"] == ["NCT00000107"]


# Tables


def test_columns_are_told_by_their_headings() -> None:
    table = "<table><tr><th>Condition or disease</th><th>Phase</th></tr><tr><td>Gout</td><td>Phase 3</td></tr></table>"
    study = page(table).study
    assert (study.conditions, study.phases, study.interventions) == (("Gout",), ("PHASE3",), ())


def test_block_spans_in_a_cell_are_items() -> None:
    cell = '<span style="display:block;">Gout</span><span style="display: block">Pain</span>'
    table = f"<table><tr><th>Condition or disease</th></tr><tr><td>{cell}</td></tr></table>"
    assert page(table).study.conditions == ("Gout", "Pain")


def test_rows_in_a_head_that_is_never_closed_are_read() -> None:
    rows = (
        '<tr><td headers="colTitle2" colspan=2>Studies a U.S. FDA-regulated Drug Product:</td>'
        '<td headers="colData2">Yes</td></tr>'
    )
    reading = page(f"<table><thead>{rows}</table>")
    assert reading.study.document()["protocolSection"]["oversightModule"] == {"isFdaRegulatedDrug": True}


def test_the_heading_of_the_sharing_rows_carries_no_value() -> None:
    label = "Individual Participant Data (IPD) Sharing Statement:"
    assert not page(f'<table><tr><td headers="colTitle1" colspan=2>{label}</td></tr></table>').unread


def test_items_of_a_list_without_closing_tags_are_items() -> None:
    assert criteria("<ul><li>one<li>two<ul><li>deeper</ul><li>three</ul>") == "* one\n* two\n\n  * deeper\n* three"


def test_what_markdown_would_take_for_markup_is_escaped() -> None:
    assert criteria("a &lt; b &gt; c * d") == r"a \< b \> c \* d"


# Outcomes


def test_a_time_frame_inside_the_measure_stays_there() -> None:
    item = "<li>Pain [ Time Frame: at rest ] [&nbsp;Time&nbsp;Frame:&nbsp;1 year&nbsp;]<div>How much.</div>"
    assert outcomes(item) == [("Pain [ Time Frame: at rest ]", "1 year", "How much.")]


def test_outcomes_are_items_of_an_open_list() -> None:
    items = "<li>One [ Time Frame: 1 day ]<br/><li>Two [ Time Frame: 2 days ]<div>The second.</div><br/>"
    assert outcomes(items) == [("One", "1 day", None), ("Two", "2 days", "The second.")]


def test_an_outcome_without_a_time_frame_is_one_all_the_same() -> None:
    assert outcomes("<li>One</li>") == [("One", None, None)]


# Arms


def test_an_arm_gets_the_interventions_of_its_row() -> None:
    rows = (
        "<tr><td>Experimental: High<div>Much.</div></td>"
        "<td>Drug: A<div>A pill.</div><br>Device: B<div>A box.</div></td></tr>"
        "<tr><td>No Intervention: None</td><td></td></tr>"
    )
    study = arms(rows)
    assert [(arm.label, arm.type, arm.intervention_names) for arm in study.arms] == [
        ("High", "EXPERIMENTAL", ("Drug: A", "Device: B")),
        ("None", "NO_INTERVENTION", None),
    ]
    assert [(one.name, one.description) for one in study.interventions] == [("A", "A pill."), ("B", "A box.")]


def test_one_intervention_in_two_arms_is_one() -> None:
    given_ = "<td>Drug: A<div>A pill.</div></td></tr>"
    study = arms(f"<tr><td>Experimental: X</td>{given_}<tr><td>Active Comparator: Y</td>{given_}")
    assert [(one.name, one.arm_group_labels) for one in study.interventions] == [("A", ("X", "Y"))]


def test_two_interventions_of_one_name_and_other_words_are_two() -> None:
    study = arms(
        "<tr><td>Experimental: X</td><td>Drug: A<div>A pill.</div></td></tr>"
        "<tr><td>Experimental: Y</td><td>Drug: A<div>A drop.</div></td></tr>"
    )
    assert [one.description for one in study.interventions] == ["A pill.", "A drop."]


def test_other_names_are_no_part_of_the_description() -> None:
    cell = "Drug: A<div>A pill.</div><div>Other Names:<ul><li>Alpha</li><li>Aleph</li></ul></div>"
    (one,) = arms(f"<tr><td>Experimental: X</td><td>{cell}</td></tr>").interventions
    assert (one.description, one.other_names) == ("A pill.", ("Alpha", "Aleph"))


# Places

SITE = (
    '<tr><td headers="locName" colspan=2>Finland</td></tr>'
    '<tr><td headers="locName">A Hospital</td><td headers="locStatus">Recruiting</td></tr>'
    "<tr><td colspan=2>Tampere, Finland, 33520</td></tr>"
)


def test_a_site_has_its_status_and_address() -> None:
    (site,) = sites(SITE).study.locations
    assert (site.facility, site.status, site.city, site.zip, site.country) == (
        "A Hospital",
        "RECRUITING",
        "Tampere",
        "33520",
        "Finland",
    )


def test_a_site_has_its_contacts() -> None:
    contact = "<tr><td colspan=2>Contact: Jane Roe 555-0100 jane@example.org</td></tr>"
    (site,) = sites(SITE + contact).study.locations
    assert [(one.name, one.phone, one.email) for one in site.contacts or ()] == [
        ("Jane Roe", "555-0100", "jane@example.org")
    ]


def test_an_address_that_does_not_fit_its_heading_is_an_issue() -> None:
    reading = sites(SITE.replace("Tampere, Finland", "Tampere, Suomi"))
    assert [(issue.code, issue.raw) for issue in reading.issues] == [("unparsed", "Tampere, Suomi, 33520")]


def test_a_row_of_sites_with_neither_status_nor_address_is_no_site() -> None:
    reading = sites(SITE + "<tr><td colspan=2>Contact: A</td></tr><tr><td colspan=2>Open on Mondays</td></tr>")
    assert [site.facility for site in reading.study.locations] == ["A Hospital"]
    assert [one.text for one in reading.unread] == ["Open on Mondays"]


# What a page is


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_class_names_do_not_matter(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    numbers = itertools.count()
    other = re.sub(
        r'\bclass=("[^"]*"|\'[^\']*\'|[^\s>]+)',
        lambda _: f'class="c{next(numbers)}"',
        re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL),
    )
    assert "class=" in other
    assert read(other.encode("utf-8"))[0].study == read(path.read_bytes())[0].study


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_comments_do_not_matter(path: Any) -> None:
    text = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert read(text.encode("utf-8"))[0].study == read(path.read_bytes())[0].study


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marked_encodings_are_followed(encoding: str) -> None:
    assert read(WHOLE.encode(encoding))[0].study == read(WHOLE.encode("utf-8"))[0].study


def test_an_encoding_that_is_not_utf_8_is_noted() -> None:
    text = HEADER.replace("Somebody", "Universität")
    raw = f'<html><meta charset="iso-8859-1"><div id="main-content">{text}<table>{DESIGN}</table></div></html>'
    (reading,) = read(raw.encode("latin-1"))
    assert reading.study.document()["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"] == {
        "name": "Universität"
    }
    assert "encoding" in [issue.code for issue in reading.issues]


def test_a_page_that_breaks_off_is_damaged() -> None:
    with pytest.raises(Damaged, match="cut off"):
        read(WHOLE[: len(WHOLE) * 2 // 3].encode())


@pytest.mark.parametrize("end", ["</html>", "</HTML>", "</html >\n<!-- served -->", "</html>\n\n"])
def test_a_page_that_is_closed_is_whole(end: str) -> None:
    assert read(WHOLE.replace("</html>", end).encode())


def test_a_page_without_an_identifier_is_damaged() -> None:
    with pytest.raises(Damaged, match="expected an NCT id"):
        page(header=HEADER.replace("NCT09900107", ""))


@pytest.mark.parametrize(
    "text",
    ['<?xml version="1.0"?>\n<clinical_study rank="1">', "<clinical_study><id_info>", "<pre>&lt;clinical_study&gt;"],
)
def test_xml_in_a_page_that_is_not_all_there_is_named_with_what_to_do(text: str) -> None:
    with pytest.raises(UnknownPresentation, match="legacy XML, of which not all is there: save the XML itself"):
        read(f"<html><body>{text}</body></html>".encode())


def test_xml_that_a_browser_shows_reads_as_the_xml_itself() -> None:
    folder = FIXTURES / "legacy-xml"
    shown, plain = (
        read((folder / name).read_bytes())[0]
        for name in ("interventional-2013-shown-by-a-browser.html", "interventional-2013.xml")
    )
    assert (shown.presentation, shown.document()) == ("legacy-xml", plain.document())
    assert read(shown.raw)[0].document() == plain.document()  # what is kept is the XML


def test_a_page_of_a_study_that_speaks_of_xml_is_a_page() -> None:
    assert criteria("<p>&lt;clinical_study&gt; and &lt;/clinical_study&gt;</p>")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tracking Information\nFirst Submitted Date | May 1, 2011", "the Tabular View"),
        ("- Full Text View\n- Tabular View", "a page of before 2017"),
        ("Participant Flow\nPre-assignment", "the results tab"),
    ],
)
def test_other_pages_as_text_are_named(text: str, name: str) -> None:
    marks = "ClinicalTrials.gov Identifier: NCT09900107 |\nStudy Type : | Interventional |\n"
    with pytest.raises(UnknownPresentation, match=f"{name}.*, which is not read yet"):
        read((marks + text).encode())


def test_a_study_that_speaks_of_robots_and_maintenance_is_a_study() -> None:
    assert criteria("<p>No captcha; access denied; scheduled maintenance; Tabular View.</p>")


# Hostile pages


@pytest.mark.parametrize("depth", [150, 300, 100_000])
@pytest.mark.parametrize("tag", ["div", "span", "table><tr><td", "ul><li", "b", "p><font"])
def test_deep_nesting_is_refused_as_such(tag: str, depth: int) -> None:
    with pytest.raises(TooLarge, match="nest"):
        criteria(f"<{tag}>" * depth + "x")


@pytest.mark.parametrize("tag", ["div", "span", "ul><li"])
def test_nesting_that_real_pages_never_reach_is_still_read(tag: str) -> None:
    assert criteria(f"<{tag}>" * 40 + "x")


def test_a_page_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_tree, "MAX_BYTES", 1000)
    with pytest.raises(TooLarge, match="at most 1,000 bytes"):
        read(WHOLE.encode())


def test_entities_of_the_page_s_own_are_not_resolved() -> None:
    text = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "yyy">]><html>'
    body = f'<div id="main-content">{HEADER}<table>{DESIGN}{row("Official Title:", "&x;&y;")}</table></div></html>'
    title = read((text + body).encode())[0].study.official_title
    assert title in ("&x;&y;", None)


@pytest.mark.parametrize(
    "piece", ["<li id=full-text>", "<title>a - ", "<meta ", "<div>", "<br>", "&nbsp;", "x ", "<a href='#x'>y</a>", "<"]
)
def test_a_long_hostile_page_takes_no_longer_than_its_length_deserves(piece: str) -> None:
    text = f'<html><div id="main-content">{HEADER}{piece * (200_000 // len(piece))}'
    start = time.process_time()
    list(scan(text.encode()))
    list(scan(f"{text}<table>{DESIGN}</table></html>".encode()))
    assert time.process_time() - start < 4


# Whatever comes

RAW = WHOLE.encode("utf-8")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(RAW)))
def test_a_page_cut_anywhere_is_refused(end: int) -> None:
    whole = RAW.rstrip()
    for outcome in scan(whole[: min(end, len(whole) - 1)]):
        assert isinstance(outcome, Failure)
        assert isinstance(outcome.error, SourceError)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(re.findall(r"<[^>]*>|[^<]+", WHOLE[WHOLE.index("main-content") :])), max_size=60))
def test_the_parts_of_a_page_in_any_order_are_read_or_refused(parts: list[str]) -> None:
    text = f'<html><div id="main-content">{HEADER}<table>{DESIGN}</table>{"".join(parts)}</html>'
    for outcome in scan(text.encode()):
        assert isinstance(outcome, Reading | Failure)
