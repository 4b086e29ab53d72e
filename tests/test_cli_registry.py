"""The commands that speak with the registry, as a person at a terminal and cron see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from programs import Told
from programs import run as run_program
from registry import Registry, World, refusing

SEARCH = ("--advanced", "AREA[OverallStatus]RECRUITING")


@pytest.fixture(scope="module")
def world() -> World:
    return World.generated(studies=60, days=8, seed=6)


@pytest.fixture
def registry(world: World) -> Iterator[Registry]:
    with Registry(world) as running:
        yield running


@pytest.fixture
def ask(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command against the registry on loopback."""
    settings = {"BASE_URL": registry.url, "WAYBACK_URL": registry.url, "RATE": "1000", "BACKOFF": "0.01"}
    for name, value in settings.items():
        monkeypatch.setenv(f"CTGOV_{name}", value)

    def run(*words: str) -> Told:
        return run_program(tmp_path, *words)

    return run


def test_what_is_followed_is_listed_as_it_was_said(ask: Any) -> None:
    told = ask("watch", "add", "NCT09910005", "nct09910006", "--cond", "lung cancer", "--status", "recruiting")
    assert told.code == 0
    assert told.err.splitlines() == [
        "followed: NCT09910005",
        "followed: NCT09910006",
        "followed: search: status RECRUITING; cond lung cancer",
    ]
    assert ask("watch", "add", "NCT09910005").err == "followed: NCT09910005 (was followed before)\n"
    rows = ask("watch", "list", "--json").rows
    assert [(row["kind"], row["search"]) for row in rows] == [
        ("study", None),
        ("study", None),
        ("search", {"cond": "lung cancer", "statuses": ["RECRUITING"]}),
    ]
    assert ask("watch", "remove", "--cond", "lung cancer", "--status", "recruiting").code == 0
    assert len(ask("watch", "list").out.splitlines()) == 3


def test_numbers_are_taken_from_a_file_whatever_stands_around_them(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("my trials: NCT09910005, nct09910006;\nsee https://x.test/NCT09910007?a=1\n")
    assert ask("watch", "add", "--file", "mine.txt").err.count("followed: NCT099100") == 3


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["watch", "add"], "say what: NCT numbers, --file, a search"),
        (["watch", "add", "NCT1"], "expected a number such as NCT01364246, found 'NCT1'"),
        (["watch", "add", "--file", "none.txt"], "none.txt cannot be read"),
        (["watch", "add", "--status", "not a status"], "expected a status such as RECRUITING"),
        (["watch", "remove", "NCT09910005"], "not followed: NCT09910005"),
        (["sync"], "nothing is followed yet"),
        (["backfill"], "say of which studies"),
        (["fetch"], "Missing argument"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_said(ask: Any, words: list[str], error: str) -> None:
    ask("watch", "add", "NCT09910001")
    ask("watch", "remove", "NCT09910001")
    told = ask(*words)
    assert told.code == 2
    assert error in told.err


def test_a_setting_that_cannot_be_is_named(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTGOV_RATE", "fast")
    ask("watch", "add", "NCT09910005")
    told = ask("sync")
    assert told.code == 2
    assert "CTGOV_RATE" in told.err


def test_sync_says_what_it_brought_and_json_gives_the_same_as_data(ask: Any, registry: Registry) -> None:
    ask("watch", "add", *SEARCH)
    first = ask("sync", "--json")
    assert first.code == 0
    (data,) = first.rows
    assert data["new"] == data["followed"] > 5
    assert data["dataset"] == registry.day.timestamp
    assert data["requests"] == 4
    registry.advance()
    assert "changed" in ask("sync").out


def test_a_registry_that_does_not_answer_gives_exit_code_4_and_words_as_data_too(ask: Any, monkeypatch: Any) -> None:
    ask("watch", "add", *SEARCH)
    with refusing() as closed:
        monkeypatch.setenv("CTGOV_BASE_URL", closed)
        told, data = ask("sync"), ask("sync", "--json")
    assert (told.code, data.code) == (4, 4)
    assert told.err.startswith("ctgov-ingest: ")
    (error,) = data.rows
    assert error["error"]["code"] == "unreachable"
    assert error["error"]["tries"] == 5
    rows = ask("runs", "--json").rows
    assert [row["exit_code"] for row in rows] == [4, 4]


def test_runs_are_listed_with_what_they_brought_and_cost(ask: Any, registry: Registry) -> None:
    ask("watch", "add", "NCT09910005")
    ask("sync")
    ask("sync")
    told = ask("runs").out.splitlines()
    assert told[1].split()[:2] == ["2", "sync"]
    assert told[1].endswith("nothing new")
    assert told[2].endswith("1 new")
    assert registry.day.timestamp in told[2]


def test_fetch_says_what_the_registry_said_of_a_number_that_is_none(ask: Any) -> None:
    told = ask("fetch", "NCT09910005", "NCT09999999")
    assert told.code == 1
    assert "NCT09999999: NCT number NCT09999999 not found" in told.err
    assert told.out == "1 record read: 1 new, 0 changed, 0 unchanged, 0 failed, 1 gone.\n"
    assert ask("show", "NCT09910005").code == 0


def test_backfill_gets_the_past_of_all_that_is_followed(ask: Any, registry: Registry) -> None:
    ask("watch", "add", "NCT09910005", "NCT09910006")
    ask("sync")
    assert ask("backfill", "--watched").code == 0
    assert {entry.path.split("/")[4] for entry in registry.log.on("/api/int/*")} == {"NCT09910005", "NCT09910006"}


# --- what is told -----


def test_news_are_told_once_and_silence_means_that_there_are_none(ask: Any, registry: Registry) -> None:
    ask("watch", "add", *SEARCH)
    first = ask("sync", "--quiet")
    assert first.out.split()[1] == "new"
    assert ask("sync", "--quiet") == ("", "", 0)
    registry.next_data_set()
    told = ask("sync", "--quiet").out
    assert "NCT099100" in told
    assert told.splitlines()[-1].startswith(f"ClinicalTrials.gov: data set of {registry.day.timestamp}")
    assert ask("sync").out == "0 records read: 0 new, 0 changed, 0 unchanged, 0 failed.\n"


def test_news_go_into_a_feed(ask: Any, registry: Registry, tmp_path: Path) -> None:
    ask("watch", "add", "NCT09910005")
    assert ask("sync", "--quiet", "--feed", "news.xml").code == 0
    assert b"NCT09910005" in (tmp_path / "news.xml").read_bytes()


def test_news_that_a_feed_did_not_take_stay_news(ask: Any, registry: Registry, tmp_path: Path) -> None:
    ask("watch", "add", "NCT09910005")
    (tmp_path / "news.xml").write_text("no feed")
    told = ask("sync", "--quiet", "--feed", "news.xml")
    assert told.code == 1
    assert "news.xml" in told.err
    (tmp_path / "news.xml").unlink()
    assert ask("sync", "--quiet", "--feed", "news.xml").out.startswith("1 new\n")


def test_a_service_that_is_none_is_said_before_anything_is_asked(ask: Any, registry: Registry) -> None:
    ask("watch", "add", "NCT09910005")
    told = ask("sync", "--notify", "nowhere://x")
    assert told.code == 2
    assert "no service is known for nowhere://" in told.err
    assert len(registry.log) == 0


def test_a_run_that_failed_is_told_of(ask: Any, registry: Registry) -> None:
    ask("watch", "add", "NCT09910005")
    registry.faults.add("403")
    told = ask("sync", "--quiet")
    assert told.code == 4
    assert told.out.startswith("nothing changed, the run did not end well\n")
    assert "access is refused (403)" in told.out


def test_a_run_that_failed_ends_so_even_where_nobody_takes_its_news(
    ask: Any, registry: Registry, tmp_path: Path
) -> None:
    ask("watch", "add", "NCT09910005")
    (tmp_path / "news.xml").write_text("no feed")
    registry.faults.add("403")
    told = ask("sync", "--quiet", "--feed", "news.xml")
    assert told.code == 4
    assert "news.xml" in told.err
    assert "access is refused (403)" in told.err
