"""The record history: its list and its versions, over requests or curl, and what a 403 of it means."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest
from fetching import Script, Ticking, chunked, client_of, drips, is_silent, raw, reply, resets, sends
from registry import Registry as Loopback
from registry import World

from ctgov_ingest.errors import (
    FetchError,
    Forbidden,
    Incomplete,
    NoSuchVersion,
    NotAnAnswer,
    Overloaded,
    Unexpected,
    Unreachable,
    WrongSetting,
)
from ctgov_ingest.fetch import RecordHistory
from ctgov_ingest.sources import read

NCT = "NCT00000001"
REFUSED = reply(b"<html>Forbidden</html>", 403)

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="the curl program is not here")
TRANSPORTS = ["requests", pytest.param("curl", marks=needs_curl)]


def listed(count: int) -> bytes:
    changes = [{"version": number, "date": f"2020-01-{number + 1:02d}"} for number in range(count)]
    return reply(orjson.dumps({"study": {}, "history": {"changes": changes}}))


def version(number: int) -> bytes:
    return reply(orjson.dumps({"studyVersion": number, "study": {"protocolSection": {}}}))


@pytest.fixture(scope="module")
def world() -> World:
    return World.generated(studies=20, days=2, seed=3)


@pytest.fixture
def loopback(world: World) -> Iterator[Loopback]:
    with Loopback(world) as running:
        yield running


def many_versions(loopback: Loopback) -> tuple[str, int]:
    """A study with several versions, and how many it has."""
    counts = {one: len(loopback.world.history(one, loopback.day)) for one in loopback.day.studies}
    return max(counts.items(), key=lambda pair: pair[1])


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_all_versions_of_the_list_can_be_had_and_read(loopback: Loopback, transport: str) -> None:
    nct_id, count = many_versions(loopback)
    assert count > 1
    with client_of(loopback.url, history_transport=transport) as client:
        history = RecordHistory(client)
        body = history.versions(nct_id)
        assert len(orjson.loads(body)["history"]["changes"]) == count
        assert read(body)
        for number in range(count):
            found = history.version(nct_id, number)
            assert orjson.loads(found)["studyVersion"] == number
            assert [entry.path for entry in loopback.log][-1] in history.address(nct_id, number)
        assert client.traffic.requests == len(loopback.log) == count + 1
        assert client.traffic.bytes_received == sum(entry.sent for entry in loopback.log)


@pytest.mark.parametrize("transport", [*TRANSPORTS, "auto"])
def test_a_version_that_the_list_does_not_have_is_no_refusal(loopback: Loopback, transport: str) -> None:
    nct_id, count = many_versions(loopback)
    words = f"{nct_id} has no version {count}: its last is {count - 1}"
    with (
        client_of(loopback.url, history_transport=transport) as client,
        pytest.raises(NoSuchVersion, match=words) as raised,
    ):
        RecordHistory(client).version(nct_id, count)
    assert raised.value.as_json()["last"] == count - 1


def test_a_version_that_the_list_has_is_a_refusal() -> None:
    with raw(REFUSED, listed(5)) as server, client_of(server.url, history_transport="requests") as client:
        with pytest.raises(Forbidden, match="refused"):
            RecordHistory(client).version(NCT, 4)
        assert len(server.requests) == 2


@pytest.mark.parametrize("transport", [*TRANSPORTS, "auto"])
def test_a_list_that_is_refused_is_a_refusal(transport: str) -> None:
    with raw(REFUSED) as server, client_of(server.url, history_transport=transport) as client:
        with pytest.raises(Forbidden, match="wait some hours, ask more slowly"):
            RecordHistory(client).versions(NCT)
        assert len(server.requests) == (2 if transport == "auto" and shutil.which("curl") else 1)


@needs_curl
def test_curl_is_asked_when_python_is_refused_and_stays() -> None:
    with raw(REFUSED, listed(2), version(0), version(1)) as server, client_of(server.url) as client:
        history = RecordHistory(client)
        history.versions(NCT)
        history.version(NCT, 0)
        history.version(NCT, 1)
        by_python = ["connection: keep-alive" in head.lower() for head in server.requests]
    assert by_python == [True, False, False, False]


@needs_curl
def test_python_is_asked_again_when_curl_is_refused_too() -> None:
    with raw(REFUSED, REFUSED, listed(2)) as server, client_of(server.url) as client:
        with pytest.raises(NoSuchVersion):
            RecordHistory(client).version(NCT, 9)
        assert len(server.requests) == 3


@needs_curl
def test_a_registry_that_refuses_python_is_read_over_curl(world: World) -> None:
    with Loopback(world, refuse_python=True) as loopback, client_of(loopback.url) as client:
        nct_id, count = many_versions(loopback)
        history = RecordHistory(client)
        assert read(history.versions(nct_id))
        assert read(history.version(nct_id, 0))
        with pytest.raises(NoSuchVersion):
            history.version(nct_id, count)


def test_without_curl_a_refusal_stays_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with raw(REFUSED) as server, client_of(server.url) as client, pytest.raises(Forbidden, match="or install curl"):
        RecordHistory(client).versions(NCT)


def test_a_setting_that_wants_curl_where_there_is_none_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    client = client_of("http://127.0.0.1:1", history_transport="curl")
    with client, pytest.raises(WrongSetting, match="found none: install curl"):
        RecordHistory(client)


ODD: dict[str, tuple[bytes, type[FetchError], str]] = {
    "a list of nothing": (listed(0), Incomplete, "history.changes"),
    "no list": (reply(b'{"study": {}}'), Incomplete, "expected history as documented"),
    "a page": (reply(b"<html><title>Sorry</title></html>"), NotAnAnswer, "Sorry"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_list_is_told(name: str) -> None:
    answer, kind, words = ODD[name]
    with raw(answer) as server, client_of(server.url) as client, pytest.raises(kind, match=words):
        RecordHistory(client).versions(NCT)


def test_a_study_that_the_registry_does_not_have_has_no_history(loopback: Loopback) -> None:
    with client_of(loopback.url) as client, pytest.raises(NoSuchVersion, match="NCT number NCT99999999 not found"):
        RecordHistory(client).versions("NCT99999999")
    assert len(loopback.log) == 1


def test_another_404_is_no_word_on_the_history() -> None:
    with raw(reply(b"<html><title>Oops</title></html>", 404)) as server, client_of(server.url) as client:
        with pytest.raises(NotAnAnswer, match="Oops"):
            RecordHistory(client).versions(NCT)
        assert len(server.requests) == 3


def test_another_version_than_the_one_asked_for_is_not_taken() -> None:
    words = "asked for version 3 of NCT00000001, was given 7"
    with raw(version(7)) as server, client_of(server.url) as client, pytest.raises(Unexpected, match=words):
        RecordHistory(client).version(NCT, 3)


def test_the_list_is_asked_for_by_an_id_alone() -> None:
    with client_of("http://127.0.0.1:1") as client, pytest.raises(WrongSetting):
        RecordHistory(client).versions("NCT00000001/../..")


@needs_curl
class TestCurl:
    """The same faults as over requests, as far as a program can tell them apart."""

    BODY = orjson.dumps({"study": {}, "history": {"changes": [{"version": 0}]}, "filling": "x" * 9000})

    FAULTS: ClassVar[dict[str, tuple[Callable[[bytes], bytes | Script], type[FetchError]]]] = {
        "less than its length": (lambda body: reply(body[:5000], length=len(body)), Incomplete),
        "a cut with a length that agrees": (lambda body: reply(body[:5000]), Incomplete),
        "cut at the end of the connection": (lambda body: reply(body[:5000], length=None), Incomplete),
        "cut between chunks": (
            lambda body: reply(chunked(body, end=b""), headers={"Transfer-Encoding": "chunked"}, length=None),
            Incomplete,
        ),
        "closed without an answer": (lambda _: sends(b""), Unreachable),
        "reset": (lambda _: resets(), Unreachable),
        "no HTTP": (lambda _: sends(b"SSH-2.0-OpenSSH_9.2\r\n"), Unreachable),
        "500": (lambda _: reply(b"", 500), Overloaded),
        "429": (lambda _: reply(b"", 429), Overloaded),
    }

    def history(self, url: str, **settings: Any) -> RecordHistory:
        return RecordHistory(client_of(url, Ticking().clock, history_transport="curl", **settings))

    @pytest.mark.parametrize("name", FAULTS)
    def test_a_fault_is_tried_again_and_then_told(self, name: str) -> None:
        make, kind = self.FAULTS[name]
        with raw(make(self.BODY)) as server, pytest.raises(kind) as raised:
            self.history(server.url).versions(NCT)
        assert raised.value.tries == len(server.requests) == 3

    @pytest.mark.parametrize("name", FAULTS)
    def test_a_fault_that_passes_is_over(self, name: str) -> None:
        make, _ = self.FAULTS[name]
        with raw(make(self.BODY), reply(self.BODY)) as server:
            assert self.history(server.url).versions(NCT) == self.BODY

    def test_the_answer_behind_an_interim_one_is_taken(self) -> None:
        with raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + reply(self.BODY)) as server:
            assert self.history(server.url).versions(NCT) == self.BODY

    def test_chunks_and_gzip_are_taken(self) -> None:
        headers = {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}
        with raw(reply(chunked(gzip.compress(self.BODY)), headers=headers, length=None)) as server:
            assert self.history(server.url).versions(NCT) == self.BODY

    def test_it_says_who_asks(self) -> None:
        with raw(reply(self.BODY)) as server:
            self.history(server.url, contact="you@example.org").versions(NCT)
        assert "User-Agent: ctgov-ingest/" in server.requests[0]
        assert "(+you@example.org)" in server.requests[0]
        assert "curl" not in server.requests[0]

    def test_a_drip_is_given_up(self) -> None:
        slow = drips(reply(self.BODY), 0.05, at_once=200)
        with raw(slow) as server, pytest.raises(Unreachable, match="within the time"):
            self.history(server.url, tries=1, request_timeout=0.5).versions(NCT)

    def test_silence_is_given_up(self) -> None:
        with raw(is_silent) as server, pytest.raises(Unreachable, match="within the time"):
            self.history(server.url, tries=1, request_timeout=0.5).versions(NCT)

    def test_an_answer_over_the_limit_is_let_go(self) -> None:
        with raw(reply(self.BODY)) as server, pytest.raises(Unexpected, match="at most 1,000 bytes"):
            self.history(server.url, largest_answer=1000).versions(NCT)

    def test_refused_connections_and_unknown_names_are_told(self) -> None:
        with pytest.raises(Unreachable, match="refused"):
            self.history("http://127.0.0.1:1").versions(NCT)
        with pytest.raises(Unreachable, match="the name of the server is not known"):
            self.history("http://registry.invalid").versions(NCT)

    def test_a_curlrc_is_not_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / ".curlrc").write_text('header = "X-From-Curlrc: yes"\n')
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("CURL_HOME", str(tmp_path))
        with raw(reply(self.BODY)) as server:
            self.history(server.url).versions(NCT)
        assert "X-From-Curlrc" not in server.requests[0]
