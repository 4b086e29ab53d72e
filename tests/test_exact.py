"""Records that go without a `Study`, and bytes that go without being read: nothing about them is lost by it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import FIXTURES, NCT, ask, everything, noon, record, write

from ctgov_ingest.compare import Carried
from ctgov_ingest.errors import Damaged
from ctgov_ingest.files import Blob, blobs
from ctgov_ingest.ingest import Report, capture_of, captures, ingest, readings, unknown
from ctgov_ingest.sources import API_V2, READERS, Reading, read_exact
from ctgov_ingest.stamps import stamped
from ctgov_ingest.store import Capture, Kept, Store

API = sorted(path for path in (FIXTURES / "api-v2").iterdir() if not path.name.endswith(".expected.json"))
WHOLE = orjson.loads((FIXTURES / "api-v2" / "interventional.json").read_bytes())


def read_slowly(blob: Blob) -> list[Capture]:
    return [capture_of(one) for one in readings(blob) if isinstance(one, Reading)]


def encoded(document: Any) -> bytes:
    return json.dumps(document).encode()


# --- without a Study --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", API, ids=lambda path: path.name)
def test_a_fixture_is_stored_the_same_with_a_study_and_without(path: Path) -> None:
    blob = Blob(str(path), path.read_bytes())
    assert captures(blob) == read_slowly(blob)


def test_real_records_are_stored_the_same_with_a_study_and_without(corpus: Path) -> None:
    found = list(blobs([corpus / "api_v2" / "studies.json.zip"]))[::7]
    without = 0
    for blob in found:
        assert isinstance(blob, Blob)
        assert captures(blob) == read_slowly(blob)
        without += read_exact(blob.data) is not None
    assert without > 0.95 * len(found)


def test_a_record_with_nothing_to_remark_goes_without_a_study() -> None:
    exact = read_exact(encoded(WHOLE))
    assert exact is not None
    assert exact.document == WHOLE
    assert (exact.nct_id, exact.retrieved) == (
        "NCT09900017",
        WHOLE["derivedSection"]["miscInfoModule"]["versionHolder"],
    )


def changed(path: str, value: Any) -> bytes:
    """The whole record with another value at a path, or without it where the value is ...; numbers stand for items."""
    document = orjson.loads(orjson.dumps(WHOLE))
    *above, leaf = [int(name) if name.isdigit() else name for name in path.split(".")]
    node = document
    for name in above:
        node = node[name]
    if value is ...:
        del node[leaf]
    else:
        node[leaf] = value
    return encoded(document)


STATUS = "protocolSection.statusModule"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"\xef\xbb\xbf" + encoded(WHOLE),
        encoded(WHOLE) + b"\n" + encoded(WHOLE),
        encoded([WHOLE]),
        encoded({"studies": [WHOLE]}),
        changed("brandNew", 1),
        changed(f"{STATUS}.brandNew", "x"),
        changed(f"{STATUS}.overallStatus", "BRAND_NEW"),
        changed(f"{STATUS}.overallStatus", 5),
        changed(f"{STATUS}.statusVerifiedDate", "2025-02-30"),
        changed(f"{STATUS}.statusVerifiedDate", "soon"),
        changed("protocolSection.eligibilityModule.minimumAge", "ripe"),
        changed("protocolSection.designModule.enrollmentInfo.count", 2**63),
        changed("protocolSection.designModule.enrollmentInfo.count", 5.0),
        changed("protocolSection.designModule.enrollmentInfo.count", True),
        changed("protocolSection.conditionsModule.conditions", ["a", None]),
        changed("protocolSection.identificationModule.briefTitle", "\ud83e"),
        changed("protocolSection.identificationModule.briefTitle", 5),
        changed("protocolSection.identificationModule.nctId", "NCT123"),
        changed("protocolSection.identificationModule.nctId", None),
        changed("protocolSection", None),
        changed("derivedSection.miscInfoModule", ...),
        changed("derivedSection.miscInfoModule.versionHolder", None),
        changed("hasResults", ...),
        changed("hasResults", None),
        changed("hasResults", "false"),
        encoded(WHOLE).replace(b'"briefTitle": "', b'"briefTitle": "\xff'),
        encoded(WHOLE).replace(b'"briefTitle": "', b'"briefTitle": "\x01'),
        encoded(WHOLE).replace(b'"count": ', b'"count": 1e999, "x": '),
    ],
)
def test_what_the_model_has_to_tell_of_is_left_to_it(data: bytes) -> None:
    assert read_exact(data) is None


def places(node: Any, above: str = "") -> list[str]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path for name, value in below for path in (f"{above}{name}", *places(value, f"{above}{name}."))]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["2020-01", "5 Days"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(WHOLE)), JSON | st.just(...))
def test_what_goes_without_a_study_has_one_with_nothing_to_remark(path: str, value: Any) -> None:
    blob = Blob("x", changed(path, value))
    if read_exact(blob.data) is not None:
        (one,) = captures(blob)
        assert [one] == read_slowly(blob)
        assert isinstance(one, Capture)
        assert (one.issues, one.carried) == ((), Carried.ALL)


# --- without being read -----------------------------------------------------------------------------------------------


def test_id_and_stamp_are_found_in_the_bytes() -> None:
    data = encoded(record("2026-02-02"))
    found = stamped(data)
    assert found is not None
    assert (found.nct_id, found.day) == (NCT, "2026-02-02")
    assert found.sha256("2026-02-02") == hashlib.sha256(data).digest()
    assert found.sha256("2026-02-03") == hashlib.sha256(encoded(record("2026-02-03"))).digest()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        encoded(record(None)),
        encoded(record("2026-02")),
        encoded(record("2026-02-02", nct_id="none")),
        encoded(record("2026-02-02", title='"versionHolder"')).replace(b'\\"', b'"'),
        encoded(record("2026-02-02", more={"versionHolder": "2026-02-02"})),
    ],
)
def test_bytes_without_just_one_stamp_are_for_reading(data: bytes) -> None:
    assert stamped(data) is None


def stored(path: Path, files: list[bytes], *, by_reading: bool) -> None:
    """Store the files one by one, read or as `ingest` does it."""
    with Store(path, clock=noon) as store, store.batch():
        for data in files:
            blob = Blob("x", data)
            left = [blob] if by_reading else unknown([blob], store, Report())
            for one in left:
                for capture in captures(one):
                    assert isinstance(capture, Capture)
                    store.add(capture)


days = st.sampled_from([f"2026-02-0{day}" for day in range(1, 8)])
records = st.builds(
    lambda day, status, title: encoded(record(day, status=status, title=title)),
    days,
    st.sampled_from(["RECRUITING", "UNKNOWN"]),
    st.sampled_from(["A", "B"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(records, min_size=2, max_size=12))
def test_bytes_seen_again_leave_the_rows_that_reading_them_leaves(
    tmp_path_factory: pytest.TempPathFactory, files: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("again")
    stored(folder / "read.db", files, by_reading=True)
    stored(folder / "seen.db", files, by_reading=False)
    assert everything(folder / "seen.db") == everything(folder / "read.db")


def see(store: Store, *documents: Any) -> int:
    """How many of the records need not be read."""
    report = Report()
    left = list(unknown([Blob("later", encoded(one)) for one in documents], store, report))
    assert len(left) + report.unchanged == len(documents)
    return report.unchanged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "s.db", clock=noon) as store:
        for one in captures(Blob("x", encoded(record("2026-02-02")))):
            assert isinstance(one, Capture)
            store.add(one)
    return tmp_path / "s.db"


def test_later_days_are_seen_without_being_read_and_the_last_day_moves(path: Path) -> None:
    with Store(path, clock=noon) as store:
        for day in (2, 3, 5, 5, 9):
            assert see(store, record(f"2026-02-0{day}")) == 1
        assert [one["last_seen"] for one in store.versions(NCT)] == ["2026-02-09"]
    assert ask(path, "SELECT day FROM seen_days ORDER BY day") == [(f"2026-02-0{day}",) for day in (2, 3, 5, 9)]


def test_several_days_of_a_study_at_once_are_read_and_seen(path: Path, tmp_path: Path) -> None:
    days = ("2026-02-03", "2026-02-05", "2026-02-04", "2026-02-03")
    file = write(tmp_path, "a.jsonl", *(encoded(record(day)).decode() for day in days))
    with Store(path, clock=noon) as store:
        assert ingest([file], store).counts()["unchanged"] == 4
    seen = ask(path, "SELECT day FROM seen_days ORDER BY day")
    assert seen == [("2026-02-02",), ("2026-02-03",), ("2026-02-04",), ("2026-02-05",)]


@pytest.mark.parametrize(
    "document",
    [
        record("2026-02-01"),
        record("2026-02-03", status="UNKNOWN"),
        record("2026-02-03", title="Another"),
        record("2026-02-03", nct_id="NCT09900002"),
    ],
)
def test_what_is_earlier_or_says_something_else_is_for_reading(document: Any, path: Path) -> None:
    before = everything(path)
    with Store(path, clock=noon) as store:
        assert see(store, document) == 0
    assert everything(path) == before


def test_what_another_reader_read_is_for_reading(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, API_V2, "later")
    with Store(path, clock=noon) as store:
        assert see(store, record("2026-02-03")) == 0


def test_what_no_reader_reads_any_more_is_for_reading(path: Path) -> None:
    def refuse(kept: Kept) -> Capture:
        raise Damaged("expected another form")

    with Store(path, clock=noon) as store:
        assert store.reparse(NCT, refuse).refused
        assert see(store, record("2026-02-03")) == 0


def test_a_day_after_the_real_one_only_the_changed_are_read(corpus: Path, tmp_path: Path) -> None:
    """Real records, a hundred of them, on the next day: five have another title."""
    found = [one for one in list(blobs([corpus / "api_v2" / "studies.json.zip"]))[::20] if isinstance(one, Blob)]
    later = tmp_path / "later.zip"
    with zipfile.ZipFile(later, "w") as archive:
        for number, one in enumerate(found):
            day = stamped(one.data)
            assert day is not None
            data = one.data[: day.start] + b"2099-01-01" + one.data[day.start + 10 :]
            if number % 20 == 0:
                data = data.replace(b'"briefTitle":"', b'"briefTitle":"On ', 1)
            archive.writestr(f"{number}.json", data)
    with Store(tmp_path / "s.db", clock=noon) as store:
        for one in found:
            for capture in captures(one):
                assert isinstance(capture, Capture)
                store.add(capture)
        left = list(unknown(blobs([later]), store, Report()))
        assert len(left) == len(found[::20])
        report = ingest([later], store)
    assert (report.changed, report.unchanged) == (len(found[::20]), len(found) - len(found[::20]))
