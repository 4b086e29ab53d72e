"""The legacy XML: its traps one by one, every fixture against damage, and all real files where they are at hand."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.errors import Damaged, Refused, SourceError, TooLarge
from ctgov_ingest.sources import legacy_xml, legacy_xml_parse
from ctgov_ingest.sources.design_lines import masking, study_design
from ctgov_ingest.sources.legacy_xml_compile import PATHS, carried
from ctgov_ingest.sources.legacy_xml_listing import LISTING
from ctgov_ingest.sources.legacy_xml_rules import age, agreement, document_file, group_id
from ctgov_ingest.sources.legacy_xml_tables import BEFORE_2018, ONCE_POSTED, STUDY
from ctgov_ingest.sources.legacy_xml_text import markup
from ctgov_ingest.sources.legacy_xml_whole import FOLLOWING
from ctgov_ingest.sources.reading import Failure, Reading

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = sorted((ROOT / "fixtures" / "legacy-xml").glob("*.xml"))
CORPUS = ROOT.parent / "shared" / "corpus"
ARCHIVE = CORPUS / "legacy_xml.zip"

needs_corpus = pytest.mark.skipif(not ARCHIVE.exists(), reason="the real records are not at hand")


def record(inside: str = "", nct_id: str = "NCT90000001") -> bytes:
    return f"<clinical_study><id_info><nct_id>{nct_id}</nct_id></id_info>{inside}</clinical_study>".encode()


def reading(data: bytes) -> Reading:
    (found,) = legacy_xml.read(data, "test")
    assert isinstance(found, Reading)
    return found


def document(inside: str) -> Any:
    return reading(record(inside)).study.document()


def codes(found: Reading) -> list[str]:
    return [issue.code for issue in found.issues]


# What it is


@pytest.mark.parametrize(
    "data",
    [
        b"<clinical_study>",
        b'<clinical_study rank="1">',
        b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<!-- a <b> c -->\n<clinical_study>',
        b'<?xml version="1.0"?><!DOCTYPE clinical_study SYSTEM "public.dtd"><clinical_study>',
        '<?xml version="1.0" encoding="UTF-16"?><clinical_study>'.encode("utf-16"),
        b'\n <search_results count="1">',
    ],
)
def test_it_is_told_by_its_first_element(data: bytes) -> None:
    assert legacy_xml.recognises(data)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"<html><clinical_study>", b"text <clinical_study>", b"<clinical_study2>"]
)
def test_anything_else_is_none(data: bytes) -> None:
    assert not legacy_xml.recognises(data)


# Encodings


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "iso-8859-1"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
    ],
)
def test_encodings_that_are_declared(declaration: str, encoding: str) -> None:
    text = declaration + record("<brief_title>Été</brief_title>").decode()
    found = reading(text.encode(encoding))
    assert found.study.title == "Été"
    assert not found.issues


def test_bytes_in_another_encoding_without_a_word_are_read_with_an_issue() -> None:
    found = reading(record("<brief_title>Été</brief_title>").decode().encode("windows-1252"))
    assert found.study.title == "Été"
    assert codes(found) == ["encoding"]


def test_utf_8_that_was_damaged_is_not_taken_for_another_encoding() -> None:
    data = record("<brief_title>Été</brief_title>").replace(b"\x89t", b"\xffQt")
    with pytest.raises(Damaged):
        reading(data)


def test_line_ends_do_not_matter() -> None:
    text = "<brief_summary><textblock>\n      One and\n      two.\n\n      Three.\n    </textblock></brief_summary>"
    assert document(text) == document(text.replace("\n", "\r\n")) == document(text.replace("\n", "&#xD;\n"))


# Damage


def test_a_truncated_file_is_refused_with_its_place() -> None:
    data = record("\n<brief_title>cut he")[:-20]
    with pytest.raises(Damaged) as caught:
        reading(data)
    assert "line 2, column" in str(caught.value)


def test_entities_are_refused() -> None:
    with pytest.raises(Damaged, match="defines entities"):
        reading(
            b'<!DOCTYPE clinical_study [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + record("<acronym>&a;</acronym>")
        )


def test_a_document_type_without_entities_is_no_harm() -> None:
    assert reading(b'<!DOCTYPE clinical_study SYSTEM "http://example.org/public.dtd">' + record()).nct_id


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_xml_parse, "MAX_BYTES", 10)
    with pytest.raises(TooLarge):
        reading(record())


@pytest.mark.parametrize("number", ["", "NCT1", "12345678"])
def test_a_record_needs_its_number(number: str) -> None:
    with pytest.raises(Damaged, match="NCT id"):
        reading(record(nct_id=number))


# Nothing is left unread unnoticed


@pytest.mark.parametrize(
    ("inside", "unread"),
    [
        ("<news>a<b>c</b></news>", "a c"),
        ("stray", "stray"),
        ("<acronym>A</acronym> behind", "behind"),
        ('<acronym lang="en">A</acronym>', "en"),
        ("<acronym>A<b>C</b></acronym>", "C"),
        ('<sponsors side="left"><lead_sponsor><agency>A</agency></lead_sponsor></sponsors>', "left"),
        ('<enrollment kind="odd">3</enrollment>', "odd"),
        ("<enrollment>3<b>C</b></enrollment>", "C"),
        (
            '<clinical_results><participant_flow><group_list><group group_id="P1" odd="x"/></group_list>'
            "</participant_flow></clinical_results>",
            "x",
        ),
        (
            "<clinical_results><baseline><analyzed_list><analyzed><count_list><count><b>C</b></count></count_list>"
            "</analyzed></analyzed_list></baseline></clinical_results>",
            "C",
        ),
    ],
)
def test_what_no_table_knows_is_unread(inside: str, unread: str) -> None:
    assert [one.text for one in reading(record(inside)).unread] == [unread]


def test_what_a_table_ignores_is_not_unread() -> None:
    inside = "<location_countries><country>Chad</country></location_countries><is_section_801>No</is_section_801>"
    assert not reading(record(inside)).unread


def test_a_word_that_maps_to_nothing_is_an_issue_with_the_text() -> None:
    found = reading(record("<overall_status>Dozing</overall_status>"))
    (issue,) = found.issues
    assert (issue.code, issue.raw) == ("unparsed", "Dozing")
    assert issue.path == "protocolSection.statusModule.overallStatus"
    assert issue.place == "overall_status, line 1"


def test_a_doubled_element_is_a_contradiction_only_where_it_says_something_else() -> None:
    same = reading(record("<acronym>A</acronym><acronym>A</acronym>"))
    other = reading(record("<acronym>A</acronym><acronym>B</acronym>"))
    assert not same.issues
    assert codes(other) == ["contradiction"]
    assert other.study.acronym == "A"


def test_escapes_that_were_escaped_stay_and_are_told() -> None:
    found = reading(record("<brief_title>A &amp;amp; B</brief_title>"))
    assert found.study.title == "A &amp; B"
    assert codes(found) == ["double-escaped"]


# Texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one  line", "one line"),
        ("a\nb", "a\n\nb"),
        ("\n      wrapped\n      line\n    ", "wrapped line"),
        ("\n      a\n\n      b\n    ", "a\n\nb"),
        ("\n      a:\n\n        -  x\n           y\n\n        -  z\n\n      b\n", "a:\n\n* x y\n* z\n\nb"),
        ("\n        -  x\n\n             -  y\n\n        -  z\n", "* x\n\n  * y\n* z"),
        ("\n          9. x\n\n         10. y\n", "9. x\n10. y"),
        ("\n      - no item\n", "\\- no item"),
        ("5 > 4 & [3]", "5 \\> 4 \\& \\[3\\]"),
        ("“a” – ‘b’", "\"a\" - 'b'"),
    ],
)
def test_texts_become_the_registrys_markup(text: str, expected: str) -> None:
    assert markup(text) == expected


# Values


@pytest.mark.parametrize(
    ("text", "level", "who"),
    [
        ("Double (Participant, Investigator)", "Double", 2),
        ("Double Blind (Subject, Caregiver, Investigator, Outcomes Assessor)", "Quadruple", 4),
        ("Double-Blind", "Double-Blind", 0),
        ("Open Label", "Open Label", 0),
        ("None (Open Label)", "None (Open Label)", 0),
        ("Participant, Investigator, Outcomes Assessor", "Triple", 3),
        ("Blindfold", "Blindfold", 0),
    ],
)
def test_masking(text: str, level: str, who: int) -> None:
    (_, first), *others = masking(text)
    assert (first, len(others)) == (level, who)


def test_the_design_in_one_line() -> None:
    text = (
        "Allocation:  Non-Randomized, Endpoint Classification:  Safety Study, Intervention Model:  Single Group "
        "Assignment, Masking:  Single Blind (Outcomes Assessor), Primary Purpose:  Treatment"
    )
    assert [(path.rpartition(".")[2], part.strip()) for path, part in study_design(text)] == [
        ("allocation", "Non-Randomized"),
        ("interventionModel", "Single Group Assignment"),
        ("masking", "Single"),
        ("whoMasked", "Outcomes Assessor"),
        ("primaryPurpose", "Treatment"),
    ]


def test_small_rules() -> None:
    assert [group_id(text) for text in ("P1", "B2", "O10", "E1")] == ["FG000", "BG001", "OG009", "EG000"]
    assert [age("N/A"), age(" 18 Years ")] == [None, "18 Years"]
    assert document_file("https://ClinicalTrials.gov/ProvidedDocs/17/NCT90000017/SAP_001.pdf") == "SAP_001.pdf"
    for wrong in ("X1", "O", "O0", "Ox"):
        with pytest.raises(ValueError, match="id of a group"):
            group_id(wrong)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("There is NOT an agreement between Principal Investigators and the Sponsor that restricts", None),
        ("The only disclosure restriction on the PI is that the sponsor can review results … "
         "for a period that is less than or equal to 60 days.", "LTE60"),
        ("The only disclosure restriction on the PI is that the sponsor can review results … for a period that is "
         "more than 60 days but less than or equal to 180 days.", "GT60"),
        ("Ask first.", "OTHER"),
    ],
)  # fmt: skip
def test_agreements(text: str, kind: str | None) -> None:
    parts = {path.rpartition(".")[2]: part for path, part in agreement(text)}
    assert parts.get("restrictionType") == kind
    assert ("otherDetails" in parts) == (kind == "OTHER")


def test_phases_are_those_of_trials() -> None:
    trial = document("<phase>Phase 2/Phase 3</phase><study_type>Interventional</study_type>")
    other = document("<phase>N/A</phase><study_type>Observational [Patient Registry]</study_type>")
    assert trial["protocolSection"]["designModule"]["phases"] == ["PHASE2", "PHASE3"]
    assert other["protocolSection"]["designModule"] == {"studyType": "OBSERVATIONAL", "patientRegistry": True}


# Search answers


def test_a_search_answer_without_rows_is_refused() -> None:
    with pytest.raises(Refused):
        list(legacy_xml.read(b'<search_results count="0"><query>x</query></search_results>', "test"))


def test_rows_are_partial_readings_that_can_be_read_again() -> None:
    data = (ROOT / "fixtures" / "legacy-xml" / "search-answer.xml").read_bytes()
    first, lost, third = legacy_xml.read(data, "answer")
    assert isinstance(first, Reading) and isinstance(third, Reading)
    assert isinstance(lost, Failure) and lost.source == "answer#2"
    assert first.source == "answer#1"
    assert codes(first) == ["partial-record"]
    assert set(first.carried.paths or ()) == {
        "protocolSection.identificationModule.nctId",
        "protocolSection.identificationModule.briefTitle",
        "protocolSection.statusModule.overallStatus",
        "protocolSection.statusModule.lastUpdateSubmitDate",
    }
    for row in (first, third):
        assert reading(row.raw).study == row.study


def test_whole_records_in_a_search_answer_are_whole_readings() -> None:
    found = reading(b"<search_results>" + record("<acronym>A</acronym>") + b"</search_results>")
    assert found.study.acronym == "A"
    assert found.carried.covers("protocolSection.identificationModule.acronym")
    assert reading(found.raw).study == found.study


# Tables


def test_what_is_carried_is_in_the_model() -> None:
    named = {*carried(STUDY, ""), *carried(LISTING, ""), *FOLLOWING}
    assert named <= set(PATHS)
    assert {*BEFORE_2018, *ONCE_POSTED} <= named


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.name)
def test_a_fixture_fills_only_what_is_carried_or_named(file: Path) -> None:
    for found in legacy_xml.read(file.read_bytes(), file.name):
        if isinstance(found, Reading):
            filled = set(leaves(found.study.document()))
            assert filled <= {*carried(STUDY, ""), *FOLLOWING}
            assert not found.unread


def leaves(node: Any, above: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, f"{above}.{name}" if above else name)
    elif isinstance(node, list) and isinstance(node[0], dict):
        for item in node:
            yield from leaves(item, above)
    else:
        yield above


# Damage of any kind

_TAG = re.compile(rb"<[^<>]{1,200}>")
_INPUTS = [file.read_bytes() for file in FIXTURES]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A fixture with a cut, flipped bytes, or a tag dropped, doubled or moved."""
    data = draw(st.sampled_from(_INPUTS))
    how = draw(st.sampled_from(["cut", "flip", "drop", "double", "swap"]))
    at = draw(st.integers(0, len(data) - 1))
    if how == "cut":
        return data[:at]
    if how == "flip":
        return data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]
    tags = list(_TAG.finditer(data))
    one, two = sorted(draw(st.lists(st.sampled_from(tags), min_size=2, max_size=2)), key=re.Match.start)
    if how == "drop":
        return data[: one.start()] + data[one.end() :]
    if how == "double":
        return data[: one.end()] + data[one.start() :]
    return data[: one.start()] + data[two.start() : two.end()] + data[one.end() :]


@settings(max_examples=400, deadline=None)
@given(damaged())
def test_damage_gives_a_reading_or_one_of_our_errors(data: bytes) -> None:
    try:
        found = list(legacy_xml.read(data, "damaged"))
    except SourceError:
        return
    assert found


# Real records


@needs_corpus
def test_all_real_files_are_read_whole() -> None:
    issues: Counter[str] = Counter()
    with ZipFile(ARCHIVE) as archive:
        for name in archive.namelist():
            found = reading(archive.read(name))
            assert not found.unread, (name, found.unread)
            assert found.retrieved, name
            assert found.study.document() == found.document(), name
            issues.update(issue.code for issue in found.issues)
    assert issues == {"double-escaped": 4, "unparsed": 1}  # one time perspective holds three in one
