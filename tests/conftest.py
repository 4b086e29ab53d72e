"""What all tests share: no network, the real records where they are present, golden expectations on request."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from registry import Registry, World

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-golden",
        action="store_true",
        help="write the expectations of the fixtures anew, and fail: what was written wants a review",
    )


def pytest_configure() -> None:
    """What programs print is as wide as they choose, not as the terminal that the tests are watched on."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test speaks to another machine."""
    connect = socket.socket.connect
    connect_ex = socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        _require_loopback(self, address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        _require_loopback(self, address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_ex)
    yield


def _require_loopback(sock: socket.socket, address: Any) -> None:
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    if host == "localhost":
        return
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise RuntimeError(f"a test tried to reach {host}: tests speak to this machine only")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real records."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus of real records (shared/corpus, beside the project) is not here")
    return folder


@pytest.fixture(scope="session")
def seed() -> Path:
    """The page saved as text from which the project grew."""
    found = sorted((SHARED / "seed").glob("*.txt"))
    if not found:
        pytest.skip("the seed page (shared/seed, beside the project) is not here")
    return found[0]


@pytest.fixture(scope="session")
def small_world() -> World:
    """A made-up registry of 200 studies over a fortnight. Worlds do not change: all tests can share it."""
    return World.generated(studies=200, days=14, seed=5)


@pytest.fixture
def registry(small_world: World) -> Iterator[Registry]:
    """The small world over HTTP, on its first day."""
    with Registry(small_world) as running:
        yield running
