"""API v2 JSON in every wrapping: what is read, what is noted, what is refused and how it is called."""

from typing import Any

import orjson
import pytest
from golden import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.compare import Carried
from ctgov_ingest.errors import Damaged, EmptyInput, SourceError, TooLarge, UnknownPresentation
from ctgov_ingest.sources import Failure, Reading, api_v2, read, scan

RECORD = (FIXTURES / "api-v2" / "interventional.json").read_bytes()
OTHER = (FIXTURES / "api-v2" / "unknown-status-compact.json").read_bytes()


def record(**changes: Any) -> dict[str, Any]:
    """A small whole record; `changes` replace sections."""
    document: dict[str, Any] = {
        "protocolSection": {"identificationModule": {"nctId": "NCT09900107", "briefTitle": "A Study"}},
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-02-04"}},
        "hasResults": False,
    }
    return document | changes


def only(document: Any) -> Reading:
    (reading,) = read(orjson.dumps(document))
    return reading


def codes(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


# Wrappings


def test_a_study_is_one_reading_with_its_bytes() -> None:
    (reading,) = read(RECORD, "a.json")
    assert (reading.presentation, reading.nct_id, reading.source) == ("api-v2", "NCT09900017", "a.json")
    assert reading.raw == RECORD
    assert reading.document() == orjson.loads(RECORD)
    assert not reading.issues and not reading.unread
    assert reading.carried is Carried.ALL


def test_an_answer_gives_a_reading_for_each_study_with_its_place() -> None:
    answer = orjson.dumps({"totalCount": 2, "studies": [orjson.loads(RECORD), orjson.loads(OTHER)]})
    readings = read(answer, "a.json")
    assert [(one.source, one.nct_id) for one in readings] == [
        ("a.json#1", "NCT09900017"),
        ("a.json#2", "NCT03986528"),
    ]
    assert readings[1].document() == orjson.loads(OTHER)


def test_an_answer_without_studies_holds_none() -> None:
    assert read(b'{"studies": []}') == []


def test_a_key_beside_the_studies_is_noted() -> None:
    (reading,) = read(orjson.dumps({"studies": [record()], "hint": 1}))
    assert [(issue.code, issue.path, issue.raw) for issue in reading.issues] == [("unknown-key", "hint", "1")]


def test_a_list_is_like_an_answer() -> None:
    assert [one.nct_id for one in read(b"[" + RECORD + b"," + OTHER + b"]")] == ["NCT09900017", "NCT03986528"]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\n\n"])
def test_json_lines_give_a_reading_a_line(newline: bytes) -> None:
    lines = newline.join([orjson.dumps(record()), orjson.dumps(orjson.loads(OTHER)), b""])
    assert [one.nct_id for one in read(lines)] == ["NCT09900107", "NCT03986528"]


def test_a_line_that_is_cut_off_leaves_the_others() -> None:
    lines = orjson.dumps(record()) + b"\n" + OTHER[:200] + b"\n" + orjson.dumps(record())
    outcomes = list(scan(lines, "a.jsonl"))
    assert [type(one) for one in outcomes] == [Reading, Failure, Reading]
    assert outcomes[1].source == "a.jsonl#2"


def test_pretty_json_that_opens_an_object_on_a_line_of_its_own_is_no_json_lines() -> None:
    text = b'{"studies": [\n{"protocolSection":\n' + orjson.dumps(record()["protocolSection"]) + b"}\n]}"
    assert [one.nct_id for one in read(text)] == ["NCT09900107"]


def test_the_order_of_keys_does_not_matter() -> None:
    assert only({"moreInfo": 1, **record()}).nct_id == "NCT09900107"


def test_the_same_study_twice_is_read_twice() -> None:
    assert len(read(orjson.dumps([record(), record()]))) == 2


@pytest.mark.parametrize("item", [1, "NCT09900017", None, [], True])
def test_an_item_that_is_no_object_fails_in_its_place(item: Any) -> None:
    outcomes = list(scan(orjson.dumps({"studies": [record(), item, record()]}), "a.json"))
    assert [one.source for one in outcomes] == ["a.json#1", "a.json#2", "a.json#3"]
    assert isinstance(outcomes[1], Failure)
    assert "expected a study as a JSON object, found" in str(outcomes[1].error)


# Chosen fields


def test_a_record_of_chosen_fields_carries_these_only() -> None:
    reading = only({"protocolSection": record()["protocolSection"]})
    assert codes(reading) == ["partial-record"]
    assert reading.carried == Carried.of(
        [
            "protocolSection.identificationModule.nctId",
            "protocolSection.identificationModule.briefTitle",
        ]
    )


def test_chosen_fields_in_lists_are_named_without_positions() -> None:
    protocol = record()["protocolSection"] | {
        "conditionsModule": {"conditions": ["a", "b"]},
        "armsInterventionsModule": {"armGroups": [{"label": "x"}, {"type": "OTHER"}]},
    }
    paths = only({"protocolSection": protocol}).carried.paths or frozenset()
    assert {path.removeprefix("protocolSection.") for path in paths} >= {
        "conditionsModule.conditions",
        "armsInterventionsModule.armGroups.label",
        "armsInterventionsModule.armGroups.type",
    }


# What is kept and noted


def test_an_explicit_null_is_absent_and_no_issue() -> None:
    protocol = record()["protocolSection"] | {"statusModule": {"whyStopped": None}}
    reading = only(record(protocolSection=protocol))
    assert reading.study.why_stopped is None
    assert not reading.issues


def test_a_null_in_a_list_is_left_out_and_noted() -> None:
    protocol = record()["protocolSection"] | {"conditionsModule": {"conditions": ["a", None, "b"]}}
    reading = only(record(protocolSection=protocol))
    assert reading.study.conditions == ("a", "b")
    assert [(one.code, one.path) for one in reading.issues] == [
        ("wrong-type", "protocolSection.conditionsModule.conditions[1]")
    ]


def test_several_values_of_a_wrong_type_are_all_left_out() -> None:
    protocol = record()["protocolSection"] | {
        "designModule": {"enrollmentInfo": {"count": "many"}, "phases": "PHASE1"},
        "conditionsModule": {"conditions": [1, "a", 2, "b"]},
    }
    reading = only(record(protocolSection=protocol))
    assert reading.study.conditions == ("a", "b")
    assert codes(reading) == ["wrong-type"] * 4
    assert reading.document()["protocolSection"]["conditionsModule"]["conditions"] == [1, "a", 2, "b"]


def test_a_number_longer_than_a_machine_word_is_left_out() -> None:
    data = orjson.dumps(record(protocolSection=record()["protocolSection"] | {"designModule": {"x": 0}}))
    data = data.replace(b'"x":0', b'"enrollmentInfo":{"count":"' + b"9" * 30 + b'"}')
    assert codes(read(data)[0]) == ["wrong-type"]


def test_half_a_surrogate_pair_is_shown_as_the_replacement_character() -> None:
    data = orjson.dumps(record()).replace(b"A Study", b"A \\ud83e Study")
    (reading,) = read(data)
    assert reading.study.title == "A \ufffd Study"
    assert codes(reading) == ["lone-surrogate"]


def test_a_byte_order_mark_is_noted() -> None:
    data = b"\xef\xbb\xbf" + orjson.dumps(record())
    (reading,) = read(data)
    assert codes(reading) == ["byte-order-mark"]
    assert (reading.raw, reading.study.nct_id) == (data, record()["protocolSection"]["identificationModule"]["nctId"])


# Refusals


@pytest.mark.parametrize("data", [b"", b" \r\n\t "])
def test_nothing_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyInput):
        read(data)


@pytest.mark.parametrize("end", [1, 2, 100, 1000, len(RECORD) // 2, len(RECORD.rstrip()) - 1])
def test_json_that_is_cut_off_is_damaged_and_says_where(end: int) -> None:
    with pytest.raises(Damaged, match=r"cut off \(line \d+, column \d+\)"):
        read(RECORD[:end])


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity"])
def test_words_that_are_no_json_are_damage(word: bytes) -> None:
    with pytest.raises(Damaged):
        read(b'{"studies": [{"hasResults": ' + word + b"}]}")


@pytest.mark.parametrize("nct_id", ["NCT123", "NCT012345678", "nct01234567", "NCT٠١٢٣٤٥٦٧", "", " NCT01234567"])
def test_a_wrong_nct_id_is_damage(nct_id: str) -> None:
    with pytest.raises(Damaged, match="expected an NCT id"):
        only(record(protocolSection={"identificationModule": {"nctId": nct_id}}))


@pytest.mark.parametrize("document", [{}, {"a": 1}, [[]], {"studies": {}}, {"studies": None}])
def test_json_of_another_kind_is_refused(document: Any) -> None:
    with pytest.raises(SourceError):
        read(orjson.dumps(document))


def test_what_is_no_record_of_the_classic_api_is_named() -> None:
    with pytest.raises(UnknownPresentation, match=r"classic API.*, which is not read yet"):
        read(orjson.dumps({"FieldValuesResponse": {"FieldValues": []}}))


def test_the_classic_api_is_named_even_in_a_broken_file() -> None:
    with pytest.raises(UnknownPresentation, match="classic API"):
        read(b'{ "FieldValuesResponse": {"x": "\xff')


@pytest.mark.parametrize("depth", [150, 900, 1100, 100_000])
@pytest.mark.parametrize("start", [b'{"protocolSection":', b'{"studies":[{"x":', b"[", b'{"a":'])
def test_deep_nesting_is_refused_as_such(depth: int, start: bytes) -> None:
    for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
        data = start + opening * depth + b"1" + closing * depth
        data += {b"[": b"]", b'{"studies":[{"x":': b"}]}"}.get(start, b"}")
        with pytest.raises(TooLarge, match="nested"):
            read(data)


def test_deep_nesting_that_is_cut_off_is_refused_too() -> None:
    with pytest.raises(TooLarge, match="nested"):
        read(b"[" * 100_000)


def test_a_deep_unknown_key_does_not_break_a_list() -> None:
    deep: Any = 1
    for _ in range(150):
        deep = [deep]
    with pytest.raises(TooLarge):
        read(orjson.dumps([record(), record(extra=deep)]))


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_v2, "MAX_BYTES", 1000)
    with pytest.raises(TooLarge, match="at most 1,000 bytes"):
        read(RECORD)


# Whatever comes

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(["identificationModule", "statusModule", "designModule", "contactsLocationsModule"]), JSON)
def test_any_value_anywhere_is_read_or_refused(module: str, value: Any) -> None:
    protocol = record()["protocolSection"] | {module: value}
    for outcome in scan(orjson.dumps(record(protocolSection=protocol), option=orjson.OPT_NON_STR_KEYS)):
        assert isinstance(outcome, Reading | Failure)
