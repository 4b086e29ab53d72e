"""`tables` and `search` as a program: what they print, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest
from programs import run
from stores import record, write
from test_cli import HOSTILE, UNSAFE


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two studies, of which the tables are built and kept up."""
    folder = tmp_path_factory.mktemp("place")
    asthma = record(title="Sleep and asthma", conditionsModule={"conditions": ["asthma", HOSTILE]})
    write(folder, "two.jsonl", asthma, record(nct_id="NCT09900002", title="Sleep"))
    assert run(folder, "ingest", "two.jsonl").code == 0
    assert run(folder, "tables", "build", "--keep", "--jobs", "2").code == 0
    return folder


def test_tables_list_tells_how_they_stand_and_how_many_rows_there_are(place: Path) -> None:
    told = run(place, "tables", "list")
    assert told.code == 0
    assert "kept up with each change" in told.err
    rows = dict(line.split() for line in told.out.splitlines())
    assert (rows["study_details"], rows["conditions"], rows["outcomes"]) == ("2", "2", "0")


def test_tables_list_for_programs(place: Path) -> None:
    tables, text = run(place, "tables", "list", "--json").rows
    assert {name: tables[name] for name in ("name", "is_built", "is_kept", "is_current", "behind")} == {
        "name": "tables",
        "is_built": True,
        "is_kept": True,
        "is_current": True,
        "behind": 0,
    }
    assert tables["rows"]["conditions"] == 2
    assert (text["name"], text["is_built"]) == ("text", True)


def test_search_prints_the_study_and_the_words_in_brackets(place: Path) -> None:
    told = run(place, "search", "asthma")
    assert told.code == 0
    headline, excerpt = told.out.splitlines()[:2]
    assert headline == "NCT09900001  RECRUITING  Sleep and asthma"
    assert excerpt.startswith("    conditions: [asthma] ")
    assert not UNSAFE.search(told.out.replace("\n", ""))


def test_search_for_programs(place: Path) -> None:
    (hit,) = run(place, "search", "asthma", "--json").rows
    assert (hit["nct_id"], hit["column"]) == ("NCT09900001", "conditions")
    assert hit["excerpt"].startswith("[asthma]")
    assert run(place, "search", "sleep", "--json", "--limit", "1").rows[0]["nct_id"] in ("NCT09900001", "NCT09900002")


def test_a_search_without_a_hit_says_so(place: Path) -> None:
    told = run(place, "search", "nothing-of-the-kind")
    assert (told.code, told.out, told.err) == (0, "", "nothing found\n")


def test_a_query_that_cannot_be_understood_is_wrong_usage_in_one_line(place: Path) -> None:
    told = run(place, "search", "--syntax", "asthma AND (")
    assert (told.code, told.out) == (2, "")
    assert "cannot be understood" in told.err
    assert len(told.err.splitlines()) == 1


def test_a_search_without_an_index_says_how_to_make_one(tmp_path: Path) -> None:
    write(tmp_path, "one.json", record())
    assert run(tmp_path, "ingest", "one.json").code == 0
    told = run(tmp_path, "search", "asthma")
    assert (told.code, told.out) == (1, "")
    assert "tables build" in told.err
