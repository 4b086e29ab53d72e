"""A fortnight of daily runs against the registry on loopback: each day is held just as the registry held it."""

from __future__ import annotations

import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from followers import EVERYTHING, Follower, flips, require_truth, start
from registry import Pace, Registry, World
from registry.faults import silence
from stores import ask

from ctgov_ingest.errors import FetchError
from ctgov_ingest.store.watches import WatchKind

STUDIES, DAYS = 2_000, 14

SOME = 400

SWEPT = replace(Pace(), touched=0)
"""What a sweep sees: no change that the registry makes beyond the status with no date moved."""


@pytest.fixture(scope="module")
def swept() -> World:
    return World.generated(studies=STUDIES, days=DAYS, seed=1, pace=SWEPT)


@pytest.fixture(scope="module")
def touched() -> World:
    return World.generated(studies=SOME, days=DAYS, seed=2)


def asked(registry: Registry, since: int) -> int:
    return len(registry.log) - since


def test_a_daily_sweep_holds_every_version_and_no_other(swept: World, tmp_path: Path) -> None:
    requests: Counter[int] = Counter()
    with Registry(swept) as registry:
        me = Follower(registry, tmp_path / "ctgov.db")
        for day in range(DAYS):
            before = len(registry.log)
            report = me.run()
            requests[day] = asked(registry, before)
            assert not report.failures
            require_truth(me.path, swept.truth(day))
            if day < DAYS - 1:
                registry.advance()
        assert requests[0] == 2 + 2 + 2  # the stamp twice, two pages of 1,000 light, and the same whole
        assert {requests[day] for day in (5, 6)} == {1}  # a weekend has no data set of its own
        assert all(count <= 20 for count in requests.values())


@pytest.mark.parametrize(
    ("watch", "options"), [(EVERYTHING, {"refresh": 0}), (("all", ""), {})], ids=["all got again", "the bulk file"]
)
def test_whoever_gets_every_study_each_day_sees_what_no_date_tells(
    touched: World, tmp_path: Path, watch: tuple[WatchKind, str], options: dict[str, int]
) -> None:
    with Registry(touched) as registry:
        me = Follower(registry, tmp_path / "ctgov.db", watch, **options)
        for day in range(DAYS):
            assert not me.run().failures
            require_truth(me.path, touched.truth(day))
            if day < DAYS - 1:
                registry.advance()


FEW = 300

SEARCH = "/api/v2/studies"

WEATHER = {
    "429-seconds": 0.05,
    "429": 0.03,
    "403": 0.03,
    "500": 0.03,
    "503": 0.03,
    "html-200": 0.03,
    "reset": 0.03,
    "reset-midway": 0.03,
    "length-cut": 0.03,
    "chunked-cut": 0.03,
    "close-cut": 0.03,
    "gzip-cut": 0.03,
    "length-long": 0.03,
    "json-cut": 0.03,
}
"""What goes wrong, and with what chance at each request."""

LIES = {"rows-lost": 0.05, "page-repeated": 0.05, "empty-page": 0.05}
"""The same of searches alone."""


@pytest.fixture(scope="module")
def few() -> World:
    return World.generated(studies=FEW, days=DAYS, seed=4, pace=replace(SWEPT, updated=0.05, flipped=0.01))


def until_done(me: Follower, tries: int = 20) -> int:
    """Run until a run is whole, as cron does; gives how many it took. What fails may only be the registry's fault."""
    for number in range(1, tries + 1):
        try:
            assert not me.run().failures
            return number
        except FetchError as error:
            assert error.exit_code == 4
    raise AssertionError(f"no run was whole in {tries} tries")


@pytest.mark.parametrize("watch", [EVERYTHING, ("all", "")], ids=["a search", "the bulk file"])
def test_the_same_is_held_in_bad_weather(few: World, tmp_path: Path, watch: tuple[WatchKind, str]) -> None:
    with Registry(few) as registry:
        me = Follower(registry, tmp_path / "ctgov.db", watch)
        me.settings = replace(me.settings, backoff=0.001, longest_wait=0.05)
        for number, (fault, chance) in enumerate((WEATHER | LIES).items()):
            registry.faults.add(fault, on=SEARCH if fault in LIES else "*", chance=chance, seed=number)
        for day in range(DAYS):
            until_done(me)
            require_truth(me.path, few.truth(day))
            if day < DAYS - 1:
                registry.advance()
        assert len({name for entry in registry.log for name in entry.faults}) > 10


KILLS = 50


def test_the_same_is_held_by_whoever_is_killed_again_and_again(few: World, tmp_path: Path) -> None:
    moments = Random(5)  # noqa: S311
    killed = 0
    with Registry(few) as registry:
        me = Follower(registry, tmp_path / "ctgov.db")
        registry.faults.add(silence(0.05))
        for day in range(DAYS):
            while killed < KILLS * (day + 1) // DAYS:
                killed += kill(start(me), moments.uniform(0.3, 1.5))
            assert ended(start(me)) == 0
            require_truth(me.path, few.truth(day))
            if day < DAYS - 1:
                registry.advance()
    assert killed == KILLS
    assert ask(me.path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(
        me.path, "SELECT count(*) FROM (SELECT 1 FROM captures GROUP BY nct_id, sha256 HAVING count(*) > 1)"
    ) == [(0,)]


def ended(run: subprocess.Popen[bytes]) -> int:
    """The exit code of a run, once it is over."""
    with run:
        return run.wait(120)


def kill(run: subprocess.Popen[bytes], after: float) -> int:
    """Kill a run after some seconds; gives 1, or 0 where it had ended by itself."""
    with run:
        try:
            run.wait(after)
            return 0
        except subprocess.TimeoutExpired:
            run.kill()
            return 1


def test_the_real_days_at_hand_are_held_as_they_were(corpus: Path, tmp_path: Path) -> None:
    world = World.of_snapshots(corpus / "api_v2" / "snapshots")
    last = len(world.days) - 1
    with Registry(world) as registry:
        me = Follower(registry, tmp_path / "ctgov.db", refresh=0, accept=True)
        for day in range(last + 1):
            me.run()
            if day < last:
                registry.advance()
    require_truth(me.path, world.truth(last))
    assert flips(me.path) == [("NCT06302556", "2026-03-02", "registry")]
