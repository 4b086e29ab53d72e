"""Every fixture reads as its expectation says, and every expectation has its fixture."""

import json
from pathlib import Path

import golden
import pytest

from ctgov_ingest.sources import Reading, scan


@pytest.mark.parametrize("file", golden.inputs(), ids=lambda file: str(Path(file).relative_to(golden.FIXTURES)))
def test_a_fixture_reads_as_expected(file: Path, request: pytest.FixtureRequest) -> None:
    expectation = golden.expectation_of(file)
    found = golden.reading_of(file)
    if request.config.getoption("--write-golden"):
        text = golden.as_text(found)
        if not expectation.exists() or expectation.read_text(encoding="utf-8") != text:
            expectation.write_text(text, encoding="utf-8")
            pytest.fail(f"{expectation.name}: written, review it")
        return
    assert expectation.exists(), f"{file.name} has no expectation: write it with --write-golden and review it"
    expected = json.loads(expectation.read_text(encoding="utf-8"))
    different = list(golden.differences(expected, json.loads(golden.as_text(found))))
    assert not different, "\n".join(different)


@pytest.mark.parametrize("file", golden.inputs(), ids=lambda file: str(Path(file).relative_to(golden.FIXTURES)))
def test_a_study_says_what_was_read(file: Path) -> None:
    for reading in scan(file.read_bytes(), file.name):
        if isinstance(reading, Reading) and not reading.raw_is_document:
            assert reading.study.document() == reading.document()


@pytest.mark.parametrize("file", [file for file in golden.inputs() if file.parent.name == golden.REFUSED])
def test_a_refused_fixture_gives_an_error(file: Path) -> None:
    assert set(golden.reading_of(file)) == {"error"}


def test_every_expectation_has_its_fixture() -> None:
    wanted = {golden.expectation_of(file) for file in golden.inputs()}
    assert not [file.name for file in golden.expectations() if file not in wanted]


def test_differences_are_told_by_field() -> None:
    expected = {"a": {"b": "one\ntwo", "c": 1, "d": [1]}, "e": 2}
    found = {"a": {"b": "one\nthree", "c": 2, "d": [1, 2]}, "f": 3}
    told = list(golden.differences(expected, found))
    assert [line.partition(":")[0] for line in told] == ["a.b", "a.c", "a.d", "e", "f"]
    assert "-two" in told[0] and "+three" in told[0]
    assert "expected 1" in told[1] and "found    2" in told[1]
