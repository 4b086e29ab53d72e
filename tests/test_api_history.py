"""The registry's internal history API: lists of versions, single versions, and texts with escapes."""

import json
import random
from typing import Any

import orjson
import pytest
from golden import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.compare import Carried, compare
from ctgov_ingest.compare.standing import registry_date
from ctgov_ingest.errors import Damaged, SourceError, UnknownPresentation
from ctgov_ingest.sources import Failure, Reading, Stub, Stubs, read, scan
from ctgov_ingest.sources.api_history import CARRIED
from ctgov_ingest.sources.escapes import unescape, without_tags
from ctgov_ingest.study.shape import paths

OWN = FIXTURES / "api-history"
LIST = "NCT09900172-version-list.json"
ODD = "NCT09900172-version-list-odd-rows.json"
BOTH = "study-with-history.json"
FIRST, THIRD = "version-0-escaped.json", "version-2-clean.json"
NAMES = [LIST, ODD, BOTH, FIRST, THIRD]


def outcomes(name: str) -> list[Reading | Stubs | Failure]:
    return list(scan((OWN / name).read_bytes(), name))


def version(name: str) -> Reading:
    (reading,) = read((OWN / name).read_bytes(), name)
    assert reading.presentation == "api-history"
    return reading


def stubs(document: Any, source: str = "NCT09900172.json") -> Stubs:
    (found,) = scan(orjson.dumps(document), source)
    assert isinstance(found, Stubs)
    return found


# --- lists of versions -----


def test_a_list_gives_its_versions_oldest_first() -> None:
    (found,) = outcomes(LIST)
    assert isinstance(found, Stubs)
    assert (found.presentation, found.nct_id, found.unread) == ("api-history", "NCT09900172", ())
    assert [(row.number, row.date, row.status, row.modules) for row in found.rows] == [
        (0, "2006-03-02", "NOT_YET_RECRUITING", ()),
        (1, "2006-05-30", "RECRUITING", ("Study Status", "Contacts/Locations")),
        (2, "2006-11-20", "RECRUITING", ("Outcome Measures", "Study Status")),
    ]
    assert json.loads(found.rows[2].raw)["lastUpdateSubmitQcDate"] == "2006-11-21"


def test_a_list_is_no_record() -> None:
    assert read((OWN / LIST).read_bytes(), LIST) == []


def test_a_bare_list_is_told_by_its_name() -> None:
    (found,) = outcomes(LIST)
    assert isinstance(found, Stubs)
    assert [issue.code for issue in found.issues] == ["nct-id-from-name"]
    with pytest.raises(Damaged, match="save the list under a name"):
        read((OWN / LIST).read_bytes(), "history.json")


@pytest.mark.parametrize(
    "source", ["x/nct09900172.json", "NCT00000001.zip::NCT09900172/history.json", "NCT09900172_v.json#1"]
)
def test_the_last_id_of_the_name_counts(source: str) -> None:
    assert stubs({"changes": []}, source).nct_id == "NCT09900172"


def test_odd_rows_are_issues() -> None:
    (found,) = outcomes(ODD)
    assert isinstance(found, Stubs)
    assert [(row.number, row.status) for row in found.rows] == [(0, "NOT_YET_RECRUITING"), (1, None)]
    assert [one.label for one in found.unread] == ["mood", "weather"]
    places = [issue.place for issue in found.issues if issue.code == "unparsed"]
    assert places == ["changes[0].status", "changes[2].version", "changes[2].date"]


@pytest.mark.parametrize("number", [True, -1, 1.5, "1", None, 10**7])
def test_what_is_no_number_of_a_version(number: Any) -> None:
    found = stubs({"changes": [{"version": number, "date": "2006-03-02"}]})
    (row,) = found.rows
    assert (row.number, row.date, row.status, row.modules) == (None, "2006-03-02", None, ())
    assert [issue.place for issue in found.issues[1:]] == ["changes[0].version"]


def test_a_study_beside_its_history_gives_both() -> None:
    listed, reading = outcomes(BOTH)
    assert isinstance(listed, Stubs)
    assert isinstance(reading, Reading)
    assert (listed.nct_id, len(listed.rows), listed.issues) == ("NCT09900172", 3, ())
    assert reading.study == version(THIRD).study
    assert read(reading.raw, reading.source) == [reading]


def test_stubs_as_json() -> None:
    row = Stub(0, "2006-03-02", None, (), "raw")
    found = Stubs("api-history", "1", "a.json", b"{}", "NCT09900172", (row,))
    assert found.as_json()["versions"] == [{"number": 0, "date": "2006-03-02", "status": None, "modules": ()}]


# --- versions -----


def test_a_version_stands_at_its_own_last_update() -> None:
    reading = version(FIRST)
    assert reading.version == 0
    assert registry_date(reading.document()) == "2006-03-06"
    assert reading.retrieved is None


def test_escapes_are_taken_out_and_told() -> None:
    reading = version(FIRST)
    study = reading.study
    assert study.title == "Kelp & Iron for Sailors"
    assert study.brief_summary == "Sailors eat kelp.\n\nFerritin \\<30 µg/L is low."
    assert (
        reading.document()["protocolSection"]["descriptionModule"]["detailedDescription"] == "First watch\nSecond watch"
    )
    links = reading.document()["protocolSection"]["referencesModule"]["seeAlsoLinks"]
    assert links == [{"label": "The hospital", "url": "https://example.org/?a=1&copy=2"}]
    assert [issue.code for issue in reading.issues] == ["escaped", "escaped-twice", "html-markup"]
    assert not reading.unread


def test_a_version_without_escapes_is_as_it_came() -> None:
    reading = version(THIRD)
    assert (reading.version, reading.issues) == (2, ())
    assert reading.document() == json.loads((OWN / THIRD).read_bytes())["study"]


def test_a_version_is_compared_with_a_record_in_what_sponsors_hand_in() -> None:
    reading = version(THIRD)
    record = {**reading.document(), "derivedSection": {"miscInfoModule": {"versionHolder": "2026-02-04"}}}
    record["protocolSection"] = {
        **record["protocolSection"],
        "contactsLocationsModule": {"locations": [{"city": "Cork", "geoPoint": {"lat": 51.9, "lon": -8.5}}]},
    }
    changes = compare(reading.document(), record, carried=reading.carried & Carried.ALL)
    assert [(change.path, change.new) for change in changes] == [
        ("protocolSection.contactsLocationsModule.locations[Cork]", {"city": "Cork"})
    ]


def test_what_versions_carry_are_paths_of_the_model() -> None:
    assert set(paths()) >= CARRIED
    carried = version(FIRST).carried
    assert carried.covers("protocolSection.outcomesModule.primaryOutcomes.measure")
    assert carried.covers("hasResults")
    assert not carried.covers("resultsSection.moreInfoModule")


def test_unknown_keys_beside_a_version_are_left_over() -> None:
    document = {**json.loads((OWN / THIRD).read_bytes()), "weather": "rain", "topics": []}
    (reading,) = read(orjson.dumps(document))
    assert [one.label for one in reading.unread] == ["weather"]


def test_a_list_of_versions_in_full() -> None:
    data = b"[" + (OWN / FIRST).read_bytes() + b"," + (OWN / THIRD).read_bytes() + b"]"
    assert [(one.source, one.version) for one in read(data, "all.json")] == [("all.json#1", 0), ("all.json#2", 2)]


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"study": {}}, Damaged),
        ({"study": {"protocolSection": {}}, "studyVersion": 1}, Damaged),
        ({"study": None}, UnknownPresentation),
        ({"history": {"changes": None}}, UnknownPresentation),
        ({"changes": "none"}, UnknownPresentation),
        ([{"study": 3}], UnknownPresentation),
    ],
)
def test_what_holds_neither(document: Any, error: type[SourceError]) -> None:
    with pytest.raises(error):
        read(orjson.dumps(document), "NCT09900172.json")


# --- escapes -----


@pytest.mark.parametrize(
    ("text", "plain", "times"),
    [
        ("a &lt; b", "a < b", 1),
        ("R&amp;amp;D", "R&D", 2),
        ("1&#x2F;2 &#39;a&#39;", "1/2 'a'", 1),
        ("a &amp;amp;amp; b", "a &amp; b", 2),
        ("https://x.org/?a=1&copy=2&lt=3", "https://x.org/?a=1&copy=2&lt=3", 0),
        ("AT&T; P&G", "AT&T; P&G", 0),
        ("&nosuchthing;", "&nosuchthing;", 0),
    ],
)
def test_escapes(text: str, plain: str, times: int) -> None:
    assert unescape(text) == (plain, times)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br/>b <BR> c", "a\nb \n c"),
        ("\\<p\\> is a tag", "\\<p\\> is a tag"),
        (" p <0.05 ", " p <0.05 "),
    ],
)
def test_tags(text: str, plain: str) -> None:
    assert without_tags(text) == plain


@given(st.text(alphabet="&lt;gtam#x2F/<p>b \n", max_size=40))
def test_text_without_escapes_stays(text: str) -> None:
    plain, times = unescape(text)
    assert (plain == text) == (times == 0)


# --- damage -----

BYTES = {name: (OWN / name).read_bytes() for name in NAMES}
KINDS = (Reading, Stubs, Failure)


VALUES: list[Any] = [None, True, -7, 1.5, "", "&amp;lt;", "\ud800", [], {}, [[]], {"a": {}}, [{}, 1], "9" * 400]


def damaged(node: Any, chance: random.Random) -> Any:
    if isinstance(node, list):
        return [damaged(item, chance) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: damaged(value, chance) for key, value in node.items() if chance.random() > 0.05}
    if changed and chance.random() < 0.2:
        key = chance.choice(sorted(changed))
        changed[chance.choice([key, f"{key}2", "study", "changes"])] = chance.choice([*VALUES, changed[key]])
    return changed


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 1 << 32))
def test_damaged_documents_give_an_error_of_ours_or_what_was_there(name: str, seed: int) -> None:
    document = damaged(json.loads(BYTES[name]), random.Random(seed))  # noqa: S311  # damage, no secret
    for one in scan(json.dumps(document).encode(), name):
        assert isinstance(one, KINDS)
        if isinstance(one, Reading):
            orjson.dumps(one.study.document())
        if isinstance(one, Stubs):
            orjson.dumps(one.as_json())
