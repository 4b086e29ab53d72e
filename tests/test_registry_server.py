"""What the registry on loopback claims of itself: it answers as the registry does, traps and all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from registry import Registry, World


@pytest.fixture(scope="module")
def world() -> World:
    return World.generated(studies=40, days=14, seed=7)


@pytest.fixture
def registry(world: World) -> Iterator[Registry]:
    with Registry(world) as running:
        yield running


def test_the_version_moves_with_the_data_set(registry: Registry) -> None:
    before = requests.get(f"{registry.url}/api/v2/version", timeout=5).json()
    assert before == {"apiVersion": "2.0.5", "dataTimestamp": registry.day.timestamp}
    registry.advance()
    assert requests.get(f"{registry.url}/api/v2/version", timeout=5).json() != before
