"""A fortnight of daily runs against the registry on loopback: each day is held just as the registry held it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from followers import EVERYTHING, Follower, require_truth
from registry import Pace, Registry, World

STUDIES, DAYS = 2_000, 14

SWEPT = replace(Pace(), touched=0)
"""What a sweep sees: no change that the registry makes beyond the status with no date moved."""


@pytest.fixture(scope="module")
def swept() -> World:
    return World.generated(studies=STUDIES, days=DAYS, seed=1, pace=SWEPT)


@pytest.fixture(scope="module")
def touched() -> World:
    return World.generated(studies=STUDIES, days=DAYS, seed=2)


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
    touched: World, tmp_path: Path, watch: tuple[str, str], options: dict[str, int]
) -> None:
    with Registry(touched) as registry:
        me = Follower(registry, tmp_path / "ctgov.db", watch, **options)  # type: ignore[arg-type]
        for day in range(DAYS):
            assert not me.run().failures
            require_truth(me.path, touched.truth(day))
            if day < DAYS - 1:
                registry.advance()
