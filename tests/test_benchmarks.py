"""The benchmarks run and name what they measure. Nothing is said about time: that depends on the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import presentations
from ctgov_ingest.sources import READERS

ROOT = Path(__file__).resolve().parents[1]
NO_CORPUS = "no-corpus-here"

RATIOS = {
    "API v2: bytes to Study",
    "Study page: bytes to Reading (fixtures)",
    *(f"{name}: bytes to Reading" for name in READERS if name != "api-v2"),
    "ingest of a zip, fresh store",
    "ingest beside 3 times as many",
    "ingest with --jobs 2",
    "ingest of the same zip again",
    "ingest where only the stamp moved",
    "content hash",
    "compare two versions",
    "compare, beside DeepDiff",
    "compare two versions of 1 MB",
    "search answers, page by page, proved",
}


def run(*arguments: str) -> str:
    few = ["--rounds", "1", "--records", "3", "--studies", "60", "--corpus", NO_CORPUS]
    command = [sys.executable, "-m", "benchmarks", *few, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("--json"))
    return found


def test_every_ratio_is_there(results: dict[str, Any]) -> None:
    rows = {row["what"]: row for row in results["rows"]}
    assert set(rows) >= RATIOS
    for row in rows.values():
        assert 0 < row["low"] <= row["ratio"] <= row["high"]
        assert row["met"] == (None if row["target"] is None else row["ratio"] <= row["target"])


def test_each_group_begins_with_its_floor(results: dict[str, Any]) -> None:
    first = {row["group"]: row for row in reversed(results["rows"])}
    assert {row["ratio"] for row in first.values()} == {1.0}


def test_targets_are_those_of_the_readme(results: dict[str, Any]) -> None:
    targets = {row["what"]: row["target"] for row in results["rows"] if row["target"] is not None}
    assert targets == {
        "API v2: bytes to Study": 6,
        "Study page: bytes to Reading (fixtures)": 4,
        **{f"{name}: bytes to Reading": 4 for name in READERS.keys() - presentations.NO_TARGET - {"api-v2"}},
        "ingest of a zip, fresh store": 3,
        "ingest with --jobs 2": 2,
        "ingest where only the stamp moved": 1.5,
        "compare two versions": 5,
        "compare, beside DeepDiff": 0.02,
        "search answers, page by page, proved": 3,
    }
    assert results["start"]["target"] == 150


def test_input_without_a_corpus_is_told(results: dict[str, Any]) -> None:
    assert "no corpus at hand: 3 records of the bundled fixtures" in results["input"]


def test_peak_memory_of_one_and_of_three_times(results: dict[str, Any]) -> None:
    assert [peak["what"] for peak in results["peak_memory"]] == [
        "the program loaded, nothing read",
        "ingest of 3 records",
        "ingest of 9 records",
    ]
    assert all(peak["mebibytes"] > 1 for peak in results["peak_memory"])


def test_loads_find_the_changes_that_were_made_and_tell_time_memory_and_size(results: dict[str, Any]) -> None:
    loads = results["loads"]
    assert loads["found"] is True
    assert loads["changed"] == 2
    whats = {row["what"] for row in loads["rows"]}
    assert whats >= {"first load", "next day's file", "first load and all child tables", "a further version"}
    for load in loads["loads"]:
        assert min(load["took"][:2] + load["floor"][:2]) > 0
    first, _, with_tables = loads["loads"]
    assert with_tables["took"][0] > first["took"][0]
    assert 0 < loads["plain"] < loads["size"]
    assert 0 < loads["further"][0] < loads["further"][1]
    assert 0 < loads["reading"][0] <= loads["reading"][1]


def test_table_and_page_for_people_name_them_too(tmp_path: Path) -> None:
    text = run("--write", str(tmp_path / "page.md"))
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert text.strip() in page
    assert "| first load: floor |" in page
    for what in RATIOS:
        assert what in text
    assert "Peak memory" in text
    assert "--help, over that" in text
