"""How the client asks: by an honest name, no faster than it may, again after growing pauses, and not without end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fetching import START, Ticking, client_of, raw, reply

from ctgov_ingest import __version__
from ctgov_ingest.errors import FetchError, Forbidden, Overloaded
from ctgov_ingest.fetch import Clock
from ctgov_ingest.fetch.statuses import retry_after
from ctgov_ingest.fetch.whole import anything

FAILED = reply(b"", 500)
DONE = reply(b"done")


def asked(server_url: str, ticking: Ticking, **settings: Any) -> FetchError | None:
    with client_of(server_url, ticking.clock, **settings) as client:
        try:
            client.get(server_url, whole=anything)
        except FetchError as error:
            return error
        return None


def test_the_name_is_honest() -> None:
    with raw(DONE) as server, client_of(server.url, contact="mailto:you@example.org") as client:
        client.get(server.url, whole=anything)
    head = server.requests[0].lower()
    assert f"\r\nuser-agent: ctgov-ingest/{__version__} (+mailto:you@example.org)\r\n" in head
    assert "\r\naccept-encoding: gzip\r\n" in head
    assert "cookie" not in head


def test_no_login_is_taken_from_a_netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "netrc"
    file.write_text("default login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(file))
    with raw(DONE) as server, client_of(server.url) as client:
        client.get(server.url, whole=anything)
    assert "authorization" not in server.requests[0].lower()


@pytest.mark.parametrize("rate", [0.2, 1, 7, 100])
def test_requests_are_spread_by_the_rate(rate: float) -> None:
    ticking = Ticking()
    times = []
    with raw(DONE) as server, client_of(server.url, ticking.clock, rate=rate) as client:
        for _ in range(5):
            client.get(server.url, whole=anything)
            times.append(ticking.seconds)
        waited = client.traffic.seconds_waited
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == pytest.approx([1 / rate] * 4, abs=0.002)
    assert waited == pytest.approx(4 / rate, abs=0.01)


def test_time_that_passed_anyway_is_not_waited_for() -> None:
    ticking = Ticking()
    with raw(DONE) as server, client_of(server.url, ticking.clock, rate=1) as client:
        for _ in range(3):
            client.get(server.url, whole=anything)
            ticking.seconds += 5
    assert ticking.slept == []


def test_a_pause_saves_nothing_up_for_a_burst() -> None:
    ticking = Ticking()
    with raw(DONE) as server, client_of(server.url, ticking.clock, rate=1) as client:
        client.get(server.url, whole=anything)
        ticking.seconds += 1000
        for _ in range(3):
            client.get(server.url, whole=anything)
    assert sum(ticking.slept) == pytest.approx(2, abs=0.01)


def test_each_host_has_a_rate_of_its_own() -> None:
    ticking = Ticking()
    with raw(DONE) as one, raw(DONE) as other, client_of(one.url, ticking.clock, rate=1) as client:
        client.get(one.url, whole=anything)
        client.get(other.url, whole=anything)
    assert ticking.slept == []


def test_tries_are_spread_by_the_rate_too() -> None:
    ticking = Ticking()
    with raw(FAILED, FAILED, DONE) as server:
        assert asked(server.url, ticking, rate=0.1, backoff=0.001) is None
    assert ticking.seconds - 1000 == pytest.approx(20, abs=0.01)


def test_pauses_grow_and_have_chance_in_them() -> None:
    ticking = Ticking()
    with raw(FAILED) as server:
        assert asked(server.url, ticking, tries=6, backoff=2, longest_wait=20)
    most = [2, 4, 8, 16, 20]
    assert len(ticking.slept) == len(most)
    assert all(bound / 2 <= pause <= bound for pause, bound in zip(ticking.slept, most, strict=True))
    assert [pause / bound for pause, bound in zip(ticking.slept, most, strict=True)] != pytest.approx([1] * 5)


def test_tries_together_end_with_the_patience() -> None:
    ticking = Ticking()
    with raw(FAILED) as server:
        error = asked(server.url, ticking, tries=1000, backoff=10, longest_wait=10, patience=60)
    assert isinstance(error, Overloaded)
    assert ticking.seconds - 1000 <= 60
    assert 6 <= error.tries <= 13


def test_a_refusal_is_tried_twice_at_most() -> None:
    with raw(reply(b"", 403)) as server:
        error = asked(server.url, Ticking(), tries=9)
        assert isinstance(error, Forbidden)
        assert len(server.requests) == 2


@pytest.mark.parametrize("status", [429, 503, 403])
def test_retry_after_in_seconds_is_kept(status: int) -> None:
    ticking = Ticking()
    with raw(reply(b"", status, {"Retry-After": "90"}), DONE) as server:
        assert asked(server.url, ticking) is None
    assert ticking.slept == pytest.approx([90])


def test_retry_after_as_a_date_is_kept() -> None:
    ticking = Ticking()
    date = format_datetime(START + timedelta(seconds=45), usegmt=True)
    with raw(reply(b"", 429, {"Retry-After": date}), DONE) as server:
        assert asked(server.url, ticking) is None
    assert ticking.slept == pytest.approx([45])


def test_retry_after_does_not_shorten_the_pause() -> None:
    ticking = Ticking()
    with raw(reply(b"", 429, {"Retry-After": "0"}), DONE) as server:
        assert asked(server.url, ticking, backoff=8) is None
    assert 4 <= ticking.slept[0] <= 8


def test_a_server_that_wants_to_be_left_alone_for_long_ends_the_tries() -> None:
    ticking = Ticking()
    with raw(reply(b"", 429, {"Retry-After": "7200"})) as server:
        error = asked(server.url, ticking, longest_wait=300)
        assert len(server.requests) == 1
    assert isinstance(error, Overloaded)
    assert ticking.slept == []
    assert "until 2026-11-02 14:00:00 UTC: run again after that" in error.message
    assert error.as_json()["until"] == "2026-11-02T14:00:00+00:00"


RETRY_AFTER = [
    ({}, None),
    ({"retry-after": ""}, None),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "-5"}, None),
    ({"retry-after": "1.5"}, None),
    ({"retry-after": "\u0663"}, None),
    ({"retry-after": " 5 "}, START + timedelta(seconds=5)),
    ({"retry-after": "9" * 400}, START + timedelta(days=3650)),
    ({"retry-after": "Mon, 02 Nov 2026 12:00:30 GMT"}, START + timedelta(seconds=30)),
    ({"retry-after": "Monday, 02-Nov-26 12:00:30 GMT"}, START + timedelta(seconds=30)),
    ({"retry-after": "Mon, 02 Nov 2026 14:00:30 +0200"}, START + timedelta(seconds=30)),
    ({"retry-after": "Mon, 02 Nov 2026 12:00:30 -0000"}, START + timedelta(seconds=30)),
    ({"retry-after": "Mon, 99 Nov 2026 12:00:30 GMT"}, None),
    # the server's clock is an hour behind ours: it asks for 30 seconds all the same
    (
        {"retry-after": "Mon, 02 Nov 2026 11:00:30 GMT", "date": "Mon, 02 Nov 2026 11:00:00 GMT"},
        START + timedelta(seconds=30),
    ),
]


@pytest.mark.parametrize(("headers", "until"), RETRY_AFTER)
def test_retry_after_in_both_forms(headers: dict[str, str], until: datetime | None) -> None:
    assert retry_after(headers, START) == until


def test_the_real_clock_goes_forward_and_is_of_utc() -> None:
    clock = Clock()
    before, now = clock.monotonic(), clock.now()
    clock.sleep(0.002)
    assert clock.monotonic() >= before + 0.002
    assert now.tzinfo is UTC
