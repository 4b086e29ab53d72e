"""A bulk file and the next day's: what happened is found, and nothing else; a load that was killed goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from stores import ask, history, noon

from benchmarks import bulk, inputs
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Store

STUDIES = 300


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, bulk.NextDay]:
    records = inputs.gather(None, corpus=Path("no-corpus-here")).records
    first, second, day = bulk.write(tmp_path_factory.mktemp("days"), STUDIES, records)
    assert all((day.updated, day.unknown, day.delisted, day.new)), "each happens"
    return first, second, day


@pytest.mark.parametrize("jobs", [1, 2])
def test_of_the_next_day_just_what_happened_is_found(
    jobs: int, days: tuple[Path, Path, bulk.NextDay], tmp_path: Path
) -> None:
    first, second, day = days
    path = tmp_path / "s.db"
    with Store(path, clock=noon) as store:
        loaded = ingest([first], store, jobs=jobs)
        assert loaded.counts() == {"read": STUDIES, "new": STUDIES, "changed": 0, "unchanged": 0, "failed": 0}
        report = ingest([second], store, jobs=jobs)
    changed = day.updated | day.unknown
    assert (report.new, report.changed) == (len(day.new), len(changed))
    assert report.unchanged == STUDIES - len(changed) - len(day.delisted)
    assert {name for (name,) in ask(path, "SELECT nct_id FROM versions WHERE version = 2")} == changed
    flipped = ask(path, "SELECT nct_id FROM status_changes WHERE new_status = 'UNKNOWN' AND by = 'registry'")
    assert {name for (name,) in flipped} == day.unknown
    seen = dict(ask(path, "SELECT nct_id, last_seen FROM studies"))
    assert {name for name, last in seen.items() if last == bulk.DAY} == day.delisted
    assert set(seen) >= day.new


def test_a_load_that_is_killed_again_and_again_is_completed_by_the_next(
    days: tuple[Path, Path, bulk.NextDay], tmp_path: Path
) -> None:
    first, second, _ = days
    chance = random.Random(5)  # noqa: S311
    command = [sys.executable, "-m", "ctgov_ingest", "ingest", "--jobs", "2", "--db", str(tmp_path / "killed.db")]
    for file in (first, second):
        for _ in range(4):
            with subprocess.Popen([*command, str(file)], stdout=subprocess.DEVNULL) as program:
                time.sleep(chance.uniform(0.5, 3))  # not in place of a condition: any moment will do
                program.send_signal(signal.SIGKILL)
        with Store(tmp_path / "killed.db", clock=noon) as store:
            assert ingest([file], store).failures == []
    with Store(tmp_path / "whole.db", clock=noon) as store:
        ingest([first], store)
        ingest([second], store)
    assert ask(tmp_path / "killed.db", "PRAGMA integrity_check") == [("ok",)]
    assert history(tmp_path / "killed.db") == history(tmp_path / "whole.db")
