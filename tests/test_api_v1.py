"""Answers of the classic API: what each piece becomes, what copies of answers are like, and the real answers."""

import collections
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from classic import answer, as_classic, in_words
from golden import FIXTURES
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctgov_ingest import jsontext
from ctgov_ingest.compare import compare
from ctgov_ingest.errors import Damaged, SourceError, TooLarge, UnknownPresentation
from ctgov_ingest.sources import Failure, Reading, read, scan
from ctgov_ingest.sources.classic_pieces import IGNORED, LATER, PIECES
from ctgov_ingest.sources.classic_record import CARRIED
from ctgov_ingest.study.shape import paths

OWN = FIXTURES / "api-v1"
INTERVENTIONAL = "full-studies-interventional.json"
RESULTS = "full-study-with-results.json"
WINDOWS = "two-studies-windows-1252-crlf.json"
ROWS = "study-fields.json"
NAMES = [INTERVENTIONAL, RESULTS, WINDOWS, ROWS, "bare-study-unknown-keys.json"]

LOCATIONS = "protocolSection.contactsLocationsModule.locations"


def fixture(name: str) -> list[Reading]:
    return read((OWN / name).read_bytes(), name)


def study(**protocol: Any) -> dict[str, Any]:
    return {"ProtocolSection": {"IdentificationModule": {"NCTId": "NCT09900115"}, **protocol}}


def only(document: Any) -> Reading:
    (reading,) = read(orjson.dumps(document))
    assert reading.presentation == "api-v1"
    return reading


def codes(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


def at(reading: Reading, path: str) -> Any:
    node: Any = reading.study.document()
    for name in path.split("."):
        node = node[int(name)] if isinstance(node, list) else node[name]
    return node


# --- the table -----


def test_every_piece_stands_for_a_path_of_the_model() -> None:
    assert set(PIECES.values()) <= set(paths())
    assert set(PIECES) >= LATER
    assert not set(IGNORED) & set(PIECES)


def test_every_path_of_the_model_has_a_piece_but_what_the_registry_works_out() -> None:
    missing = set(paths()) - set(PIECES.values())
    assert {path.split(".")[-1] for path in missing} == {
        "hasResults",
        "geoPoint",
        "lat",
        "lon",
        "countryCode",
        "modelPredictions",
        "bmiLimits",
        "minBmi",
        "maxBmi",
    }


def test_what_came_after_the_classic_api_is_not_carried() -> None:
    assert "documentSection.largeDocumentModule.largeDocs.filename" in CARRIED
    assert "documentSection.largeDocumentModule.largeDocs.size" not in CARRIED
    assert f"{LOCATIONS}.geoPoint.lat" not in CARRIED


# --- whole studies -----


def test_a_study_says_what_the_api_of_today_says_but_for_marks_of_lists() -> None:
    (old,) = fixture(INTERVENTIONAL)
    (new,) = read((FIXTURES / "api-v2" / "interventional.json").read_bytes())
    assert not old.unread
    assert not compare(in_words(old.document()), in_words(new.document()), carried=old.carried & new.carried)


def test_results_with_all_their_lists() -> None:
    (reading,) = fixture(RESULTS)
    assert not reading.unread
    assert codes(reading) == ["list-marks-lost"]
    results = "resultsSection"
    assert at(reading, f"{results}.participantFlowModule.periods.0.dropWithdraws.0.reasons.0.numUnits") == "2"
    measure = f"{results}.baselineCharacteristicsModule.measures.0"
    assert at(reading, f"{measure}.paramType") == "MEAN"
    assert at(reading, f"{measure}.classes.0.categories.0.measurements.0.spread") == "1.1"
    outcome = f"{results}.outcomeMeasuresModule.outcomeMeasures.0"
    assert at(reading, f"{outcome}.dispersionType") == "95% Confidence Interval"
    assert at(reading, f"{outcome}.analyses.0.groupIds") == ["OG000"]
    assert at(reading, f"{outcome}.analyses.0.nonInferiorityType") == "SUPERIORITY_OR_OTHER_LEGACY"
    assert at(reading, f"{results}.adverseEventsModule.seriousEvents.0.stats.0.numAtRisk") == 24
    assert reading.study.has_results is True


def test_pieces_that_stand_elsewhere_today() -> None:
    (reading,) = fixture(RESULTS)
    assert at(reading, "resultsSection.moreInfoModule.limitationsAndCaveats.description").startswith("The lamps")
    tracking = at(reading, "derivedSection.miscInfoModule.submissionTracking")
    assert tracking["firstMcpInfo"] == {"postDateStruct": {"date": "2020-06-30", "type": "ACTUAL"}}
    assert tracking["submissionInfos"] == [{"releaseDate": "2020-06-03", "resetDate": "2020-06-30", "mcpReleaseN": 1}]
    events = at(reading, "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents")
    assert events == [{"type": "RELEASE", "date": "2018-03-01"}, {"type": "UNRELEASE", "dateUnknown": True}]
    assert at(reading, "documentSection.largeDocumentModule.largeDocs.0.uploadDate") == "2020-06-03T14:05"


def test_a_block_of_lines_is_a_list() -> None:
    module = {"BriefSummary": "It asks:\r\n\r\nWhy [at <5]?\n- or not\n\n1. Last"}
    reading = only({"Study": study(DescriptionModule=module)})
    assert reading.study.brief_summary == "It asks:\n\n* Why \\[at \\<5\\]?\n* \\- or not\n\n1\\. Last"
    assert codes(reading) == ["list-marks-lost"]


def test_no_list_no_issue() -> None:
    reading = only({"Study": study(DescriptionModule={"BriefSummary": "One.\n\nTwo."})})
    assert (reading.study.brief_summary, reading.issues) == ("One.\n\nTwo.", ())


@pytest.mark.parametrize("phases", [["Phase 1", "Phase 2"], ["Phase 1/Phase 2"], "Phase 1/Phase 2", "Phase 1|Phase 2"])
def test_phases_in_one_text_or_in_several(phases: Any) -> None:
    reading = only({"Study": study(DesignModule={"PhaseList": {"Phase": phases}})})
    assert [str(phase) for phase in reading.study.phases] == ["PHASE1", "PHASE2"]


@pytest.mark.parametrize(
    "conditions", [{"Condition": ["Insomnia"]}, {"Condition": "Insomnia"}, ["Insomnia"], "Insomnia"]
)
def test_wrapped_lists_and_those_that_a_copy_unwrapped(conditions: Any) -> None:
    reading = only({"Study": study(ConditionsModule={"ConditionList": conditions})})
    assert list(reading.study.conditions) == ["Insomnia"]
    assert not reading.unread


def test_values_that_a_copy_turned_into_numbers_and_booleans() -> None:
    design = {"PatientRegistry": True, "EnrollmentInfo": {"EnrollmentCount": 12, "EnrollmentType": None}}
    reading = only({"Study": study(DesignModule=design)})
    assert at(reading, "protocolSection.designModule") == {"patientRegistry": True, "enrollmentInfo": {"count": 12}}


def test_one_value_where_a_list_was() -> None:
    design = {"DesignInfo": {"DesignTimePerspectiveList": {"DesignTimePerspective": ["Prospective", "Other"]}}}
    reading = only({"Study": study(DesignModule=design)})
    assert at(reading, "protocolSection.designModule.designInfo") == {"timePerspective": "PROSPECTIVE"}
    assert [(issue.code, issue.raw) for issue in reading.issues] == [("several-values", "Other")]


def test_what_no_table_knows_is_left_over() -> None:
    (reading,) = fixture("bare-study-unknown-keys.json")
    assert [one.label for one in reading.unread] == ["Colour", "WeatherModule", "LocationCity"]
    assert [issue.raw for issue in reading.issues if issue.code == "unparsed"] == ["Half open", "the 3rd of May"]


def test_a_piece_in_the_wrong_list_is_left_over() -> None:
    outcome = {"PrimaryOutcomeMeasure": "Sleep", "LocationCity": "Oslo", "PrimaryOutcomeTimeFrame": {"x": 1}}
    reading = only({"Study": study(OutcomesModule={"PrimaryOutcomeList": {"PrimaryOutcome": [outcome, "odd"]}})})
    assert at(reading, "protocolSection.outcomesModule") == {"primaryOutcomes": [{"measure": "Sleep"}]}
    assert [one.text for one in reading.unread] == ["Oslo", '{"x": 1}', "odd"]


def test_half_a_surrogate_pair() -> None:
    data = json.dumps({"Study": study(ConditionsModule={"ConditionList": {"Condition": ["a\ud83e", "b"]}})}).encode()
    (reading,) = read(data)
    assert list(reading.study.conditions) == ["a\ufffd", "b"]
    assert codes(reading) == ["lone-surrogate"]


# --- rows of chosen fields -----


def test_a_row_carries_what_it_shows() -> None:
    one, other = fixture(ROWS)
    assert one.retrieved == other.retrieved == "2020-04-08"
    assert one.carried.covers(f"{LOCATIONS}.city")
    assert not one.carried.covers(f"{LOCATIONS}.zip")
    assert not one.carried.covers("protocolSection.descriptionModule.briefSummary")
    assert other.carried.covers("protocolSection.statusModule.lastKnownStatus")
    assert at(one, LOCATIONS) == [
        {"facility": "North Ward", "city": "Oslo"},
        {"facility": "South Ward", "city": "Bergen"},
    ]


def test_what_a_row_cannot_place_is_told() -> None:
    one, _other = fixture(ROWS)
    told = [(issue.code, issue.path) for issue in one.issues]
    assert told == [
        ("partial-record", None),
        ("flattened", f"{LOCATIONS}.contacts.name"),
        ("flattened", f"{LOCATIONS}.zip"),
        ("joined-by-position", LOCATIONS),
    ]


def test_empty_values_keep_the_places_of_the_others() -> None:
    row = {"NCTId": ["NCT09900149"], "LocationCity": ["Oslo", "", "Bergen"], "LocationZip": ["1", "2", "3"]}
    reading = only([row])
    assert at(reading, LOCATIONS) == [{"city": "Oslo", "zip": "1"}, {"zip": "2"}, {"city": "Bergen", "zip": "3"}]


# --- files -----


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: one,
        lambda one: {"Study": one},
        lambda one: {"Rank": 1, "Study": one},
        lambda one: {"FullStudy": {"Rank": 1, "Study": one}},
        lambda one: {"FullStudies": [{"Rank": 1, "Study": one}]},
        lambda one: answer(one),
        lambda one: [answer(one)],
        lambda one: [{"Rank": 1, "Study": one}],
    ],
)
def test_all_wrappings_of_a_study(wrap: Any) -> None:
    reading = only(wrap(study()))
    assert (reading.nct_id, reading.unread, reading.source) == ("NCT09900115", (), "<bytes>")


def test_lines_of_studies() -> None:
    line = orjson.dumps({"FullStudy": {"Study": study()}})
    assert [one.source for one in read(b"\n".join([line, b"", line]))] == ["<bytes>#1", "<bytes>#2"]


def test_an_answer_without_records_holds_none() -> None:
    assert read(orjson.dumps({"FullStudiesResponse": {"NStudiesFound": 0}})) == []


def test_windows_letters_are_read_and_told_where_they_stand() -> None:
    cafe, tea = fixture(WINDOWS)
    assert cafe.study.title == "Café Hours and Sleep"
    assert at(cafe, f"{LOCATIONS}.0.contacts.0.name") == "Zoë Muñoz"
    assert (codes(cafe), codes(tea)) == (["encoding"], [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_other_encodings_of_unicode(encoding: str) -> None:
    text = json.dumps(answer(study(ConditionsModule={"ConditionList": {"Condition": ["Café"]}})), ensure_ascii=False)
    (reading,) = read(text.encode(encoding))
    assert list(reading.study.conditions) == ["Café"]
    assert codes(reading) == {"utf-16": ["encoding"], "utf-8-sig": ["byte-order-mark"], "utf-8": []}[encoding]


def test_one_damaged_byte_among_many_letters_is_damage() -> None:
    text = json.dumps({"Study": study(ConditionsModule={"ConditionList": {"Condition": ["éàü"]}})}, ensure_ascii=False)
    with pytest.raises(Damaged, match="a byte that is none"):
        read(text.encode().replace("ü".encode(), b"\xc3x"))


@pytest.mark.parametrize("name", NAMES)
def test_a_record_of_an_answer_reads_alone_as_it_did_among_others(name: str) -> None:
    for reading in fixture(name):
        assert read(reading.raw, reading.source) == [reading]


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"Study": {}}, Damaged),
        ({"Study": None}, Damaged),
        ({"Rank": 1}, Damaged),
        ([{"Study": {}}, 7], Damaged),
        ({"Study": {"ProtocolSection": {"IdentificationModule": {"NCTId": "NCT1"}}}}, Damaged),
        ({"FullStudiesResponse": {"FullStudies": ["x"]}}, UnknownPresentation),
    ],
)
def test_what_holds_no_record(document: Any, error: type[SourceError]) -> None:
    with pytest.raises(error):
        read(orjson.dumps(document))


def test_a_broken_record_does_not_keep_out_the_others() -> None:
    outcomes = list(scan(orjson.dumps(answer(study(), {}, study()))))
    assert [isinstance(one, Failure) for one in outcomes] == [False, True, False]


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(b'{"Study":' + b'{"ProtocolSection":' * 5000 + b"1" + b"}" * 5001)


@pytest.mark.parametrize("end", [1, 60, 400, 1500, -3])
def test_a_cut_answer_is_damage(end: int) -> None:
    with pytest.raises(SourceError):
        read((OWN / INTERVENTIONAL).read_bytes()[:end])


# --- the real records -----


@pytest.fixture(scope="module")
def real(corpus: Path) -> list[Reading]:
    files = sorted((corpus / "api_v1").glob("*.json"))
    return [reading for file in files for reading in read(file.read_bytes(), file.name)]


def test_every_real_record_is_read_whole(real: list[Reading]) -> None:
    assert (len(real), len({reading.nct_id for reading in real})) == (306, 305)
    assert not [reading.source for reading in real if reading.unread]
    counts = collections.Counter(code for reading in real for code in codes(reading))
    assert counts == {"list-marks-lost": 275, "encoding": 49}


def test_every_real_record_names_its_day(real: list[Reading]) -> None:
    assert {reading.retrieved for reading in real} == {"2020-07-02", "2021-03-03", "2022-12-22", "2023-10-18"}


def test_the_stamp_of_an_answer_tells_the_same_day(real: list[Reading]) -> None:
    for reading in real:
        answers = jsontext.loads(reading.raw.decode("cp1252" if "encoding" in codes(reading) else "utf-8"))
        row = {"StudyFieldsResponse": {**answers["FullStudiesResponse"], "StudyFields": [{"NCTId": [reading.nct_id]}]}}
        del row["StudyFieldsResponse"]["FullStudies"]
        assert only(row).retrieved == reading.retrieved


def test_one_real_record_in_two_answers_is_one(real: list[Reading]) -> None:
    one, other = [reading for reading in real if reading.nct_id == "NCT04780763"]
    assert one.study == other.study


def test_api_v2_records_written_the_classic_way_say_the_same(corpus: Path) -> None:
    with zipfile.ZipFile(corpus / "api_v2" / "studies.json.zip") as archive:
        documents = [orjson.loads(archive.read(name)) for name in archive.namelist()[::7]]
    assert len(documents) == 282
    for document in documents:
        reading = only(answer(as_classic(document)))
        assert not reading.unread
        assert set(codes(reading)) <= {"list-marks-lost"}
        assert not compare(in_words(document), in_words(reading.document()), carried=reading.carried)


# --- damage -----

BYTES = {name: (OWN / name).read_bytes() for name in NAMES}


VALUES: list[Any] = [None, True, 7, 1.5, "", "x", "\ud800", [], {}, [[]], {"a": {}}, ["Yes", {}], "9" * 400]


def damaged(node: Any, chance: random.Random) -> Any:
    """A document with keys dropped, doubled under another name, and values of another kind."""
    if isinstance(node, list):
        return [damaged(item, chance) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: damaged(value, chance) for key, value in node.items()}
    if changed and chance.random() < 0.1:
        key = chance.choice(sorted(changed))
        how = chance.randrange(3)
        if how == 0:
            del changed[key]
        else:
            changed[chance.choice(sorted(PIECES)) if how == 1 else key] = chance.choice([*VALUES, changed[key]])
    return changed


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([name for name in NAMES if name != WINDOWS]), st.integers(0, 1 << 32))
def test_damaged_documents_give_an_error_of_ours_or_a_record(name: str, seed: int) -> None:
    document = damaged(json.loads(BYTES[name]), random.Random(seed))  # noqa: S311  # damage, no secret
    outcomes = list(scan(json.dumps(document).encode()))
    assert all(isinstance(one, Reading | Failure) for one in outcomes)
    for one in outcomes:
        if isinstance(one, Reading):
            orjson.dumps(one.study.document())
            assert one.nct_id.startswith("NCT09900")


@given(st.lists(st.sampled_from(sorted(PIECES)), max_size=5), st.text(max_size=20))
@example(["LocationContactName", "LocationCity"], "x")
def test_no_piece_gives_a_fact_anywhere_but_at_its_path(pieces: list[str], text: str) -> None:
    reading = only({"Study": study(OutcomesModule=dict.fromkeys(pieces, text))})
    document = reading.study.document()
    allowed = {PIECES[piece] for piece in pieces} | {PIECES["NCTId"], "hasResults"}
    assert set(leaves(document)) <= allowed


def leaves(node: Any, above: str = "") -> list[str]:
    if isinstance(node, dict):
        return [leaf for name, value in node.items() for leaf in leaves(value, f"{above}.{name}".lstrip("."))]
    if isinstance(node, list):
        return [leaf for value in node for leaf in leaves(value, above)]
    return [above]
