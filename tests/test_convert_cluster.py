"""Parts on a real Dask cluster on loopback: what a killed worker had under way is done by another, once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster
from test_convert import content, many, zipped

from ctgov_ingest.convert import convert, on_cluster
from ctgov_ingest.errors import NotConverted

PARTS = 24


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Two workers, processes of their own."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as running:
        yield running


def pids(cluster: LocalCluster) -> list[int]:
    """The processes of the workers."""
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_a_worker_that_is_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    tmp_path: Path, cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctgov_ingest.convert.parts.MEMBERS", 2)
    pile = [str(zipped(tmp_path / "many.zip", many(2 * PARTS)))]
    victim = pids(cluster).pop()
    done: list[int] = []
    killed_after: list[int] = []

    def kill_one() -> None:
        """After the first part, when both workers have others under way."""
        done.append(1)
        if not killed_after:
            killed_after.append(len(done))
            os.kill(victim, signal.SIGKILL)

    with on_cluster(cluster.scheduler_address) as map_:
        converted = convert(pile, str(tmp_path / "cluster"), map_=map_, advance=kill_one)
    assert len(done) == PARTS
    assert killed_after[0] < PARTS
    assert victim not in pids(cluster)
    assert converted.rows["studies"] == 2 * PARTS
    convert(pile, str(tmp_path / "here"))
    assert content(tmp_path / "cluster") == content(tmp_path / "here")
    assert not list((tmp_path / "cluster").rglob(".*"))


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctgov_ingest.convert.cluster._CONNECT_SECONDS", 0.5)
    with pytest.raises(NotConverted, match="no scheduler answers"), on_cluster("tcp://127.0.0.1:9"):
        pass
