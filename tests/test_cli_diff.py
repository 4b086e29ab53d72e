"""`diff` and `report` as programs: what goes where, in which form, with which colours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonpatch
import pytest
from programs import given_to_a_terminal, on_a_terminal, run
from stores import FIXTURES, demo, record, write

NCT = "NCT03986528"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of the demo."""
    folder = tmp_path_factory.mktemp("place")
    assert run(folder, "ingest", *demo()).code == 0
    return folder


# Forms


def test_markdown_is_printed(place: Path) -> None:
    told = run(place, "diff", NCT, "1", "2", "--markdown")
    assert (told.code, told.err) == (0, "")
    assert "- **Overall status**: Not yet recruiting → Recruiting\n" in told.out


def test_a_page_is_written_whole(place: Path) -> None:
    told = run(place, "diff", NCT, "1", "2", "--html", "diff.html")
    assert (told.code, told.out, told.err) == (0, "", "written: diff.html\n")
    page = (place / "diff.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and page.endswith("</html>\n")
    assert run(place, "diff", NCT, "1", "2", "--html", "-").out == page
    assert sorted(one.name for one in place.iterdir() if "diff" in one.name) == ["diff.html"]


def test_a_page_that_cannot_be_written_is_said(place: Path) -> None:
    for command in (["diff", NCT], ["report", NCT]):
        told = run(place, *command, "--html", "none/page.html")
        assert told.code == 1
        assert "none/page.html" in told.err and "Traceback" not in told.err


def test_a_json_patch_gives_the_new_version_exactly(place: Path) -> None:
    for old, new in (("1", "2"), ("2", "3"), ("3", "4"), ("4", "1")):
        patch = json.loads(run(place, "diff", NCT, old, new, "--json-patch").out)
        before, after = (
            json.loads(run(place, "show", NCT, "--version", version, "--json").out)["study"] for version in (old, new)
        )
        assert jsonpatch.apply_patch(before, patch) == after


def test_rows_hold_what_the_interface_says(place: Path) -> None:
    rows = run(place, "diff", NCT, "1", "2", "--json").rows
    assert {tuple(row) for row in rows} == {("path", "op", "old", "new", "kind", "by")}


def test_a_report_is_a_page(place: Path) -> None:
    told = run(place, "report", NCT, "--html", "report.html")
    assert (told.code, told.out, told.err) == (0, "", "written: report.html\n")
    page = (place / "report.html").read_text(encoding="utf-8")
    for words in ("Turned Unknown: was Recruiting", "2019-07-02-page.html", "<svg", "300 (Estimated)"):
        assert words in page


# Two files


def test_two_files_are_compared_without_a_store(tmp_path: Path) -> None:
    old, new = (str(path) for path in demo()[1:3])
    told = run(tmp_path, "diff", "--files", old, new, "--json")
    assert told.code == 0
    assert {row["kind"] for row in told.rows} == {"dates", "other"}
    assert not (tmp_path / "ctgov.db").exists()


def test_two_presentations_of_one_version_differ_in_nothing(tmp_path: Path, corpus: Path) -> None:
    folder = next(iter(sorted((corpus / "same_version_pairs").iterdir())))
    told = run(tmp_path, "diff", "--files", folder / "legacy.xml", folder / "api_v2.json")
    assert (told.out, told.err, told.code) == ("", "nothing changed\n", 0)


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["diff"], 2, "the number of a study, or two files"),
        (["diff", NCT, "--files", "a.json", "a.json"], 2, "the number of a study, or two files"),
        (["diff", "--files", "a.json", "b.json"], 2, "is a record of NCT09900001"),
        (["diff", "--files", "a.json", "two.jsonl"], 2, "expected a file with one record, found 2"),
        (["diff", "--files", "a.json", "none.json"], 1, "cannot be opened"),
        (["diff", NCT, "x", "2"], 2, "expected the number of a version"),
        (["diff", NCT, "0", "2"], 2, "expected the number of a version"),
        (["diff", NCT, "1.5", "2"], 2, "found '1.5'"),
        (["diff", NCT, "--json", "--markdown"], 2, "give one of --json"),
        (["report", NCT], 2, "--html FILE"),
        (["report", "NCT00000000", "--html", "-"], 1, "holds no study"),
    ],
)
def test_what_cannot_be_is_said(words: list[str], code: int, error: str, place: Path) -> None:
    write(place, "a.json", record())
    write(place, "b.json", record(nct_id="NCT09900002"))
    write(place, "two.jsonl", record(), record("2026-02-03"))
    told = run(place, *words)
    assert told.code == code
    assert error in told.err
    assert "Traceback" not in told.err


# Terminals


def test_colours_are_for_terminals_that_want_them(place: Path) -> None:
    assert COLOUR.search(given_to_a_terminal(place, 100, "diff", NCT))
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\x1b" not in given_to_a_terminal(place, 100, "diff", NCT, env=environment)
    assert "\x1b" not in run(place, "diff", NCT).out


def test_old_and_new_stand_side_by_side_on_a_wide_terminal_and_where_columns_say_so(tmp_path: Path) -> None:
    text = "People take a bath of {0} minutes in warm water on every evening, and after it go to bed for {0} hours."
    texts = (text.format(number) for number in ("twenty", "thirty"))
    old, new = (record(descriptionModule={"briefSummary": f"{one} {'They sleep. ' * 30}"}) for one in texts)
    paths = [str(write(tmp_path, name, one)) for name, one in (("old.json", old), ("new.json", new))]
    sides = "{} minutes.*{} minutes"
    for columns, is_wide in ((160, True), (110, True), (109, False), (60, False)):
        lines = on_a_terminal(tmp_path, columns, "diff", "--files", *paths)
        assert bool(re.search(sides.format("twenty", "thirty"), lines)) == is_wide, columns
        assert max(map(len, lines.splitlines())) <= columns
    assert not re.search("twenty.*thirty", run(tmp_path, "diff", "--files", *paths).out)


def test_a_page_against_a_record_of_another_day_says_how_they_are_compared(tmp_path: Path) -> None:
    old, new = (str(path) for path in demo()[1:3])
    assert "study-page and api-v2 are compared on what both can show" in run(tmp_path, "diff", "--files", old, new).out
    assert FIXTURES.name not in run(tmp_path, "diff", "--files", new, new).out
