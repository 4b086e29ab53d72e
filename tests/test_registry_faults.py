"""What goes wrong on purpose goes wrong as its name says, when it was asked to, and at no other time."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import socket
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from registry import FAULTS, UNRESOLVABLE, Registry, World, faults, refusing
from registry.faults import Fault

STUDIES = "/api/v2/studies"
SEARCH = f"{STUDIES}?sort=LastUpdatePostDate:desc&pageSize=20"


def ask(registry: Registry, path: str = SEARCH, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """An answer as the socket gives it: status, headers, and all that comes until the end of the connection."""
    with socket.create_connection(("127.0.0.1", int(registry.url.rpartition(":")[2])), timeout=10) as raw:
        lines = [f"GET {path} HTTP/1.1", "Host: x", *(f"{name.replace('_', '-')}: {v}" for name, v in headers.items())]
        raw.sendall(("\r\n".join(lines) + "\r\nConnection: close\r\n\r\n").encode())
        with raw.makefile("rb") as answer:
            head, _, body = answer.read().partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    named = (line.split(": ", 1) for line in rest)
    return int(first.split(" ")[1]), {name.lower(): value for name, value in named}, body


@pytest.fixture
def whole(registry: Registry) -> bytes:
    """The body of the search's first page."""
    body = ask(registry)[2]
    registry.log.clear()
    return body


# --- another answer -----


@pytest.mark.parametrize(
    ("name", "status"),
    [("429", 429), ("429-seconds", 429), ("403", 403), ("500", 500), ("502", 502), ("503", 503), ("wrong-404", 404)],
)
def test_an_error_comes_in_place_of_the_answer(name: str, status: int, registry: Registry) -> None:
    registry.faults.add(name)
    found, headers, body = ask(registry)
    assert found == status
    assert b"protocolSection" not in body
    assert int(headers["content-length"]) == len(body) > 0
    assert "etag" not in headers


@pytest.mark.parametrize(("fault", "said"), [(faults.too_many(), None), (faults.too_many(7), "7")])
def test_429_says_when_to_come_back_or_not(fault: Fault, said: str | None, registry: Registry) -> None:
    registry.faults.add(fault)
    assert ask(registry)[1].get("retry-after") == said


def test_429_says_when_to_come_back_as_a_date(registry: Registry) -> None:
    registry.faults.add(faults.too_many(7, as_date=True))
    date = parsedate_to_datetime(ask(registry)[1]["retry-after"])
    assert 4 < date.timestamp() - time.time() < 8


def test_a_page_of_html_comes_with_200(registry: Registry) -> None:
    registry.faults.add("html-200")
    status, headers, body = ask(registry)
    assert (status, headers["content-type"]) == (200, "text/html;charset=UTF-8")
    assert body.endswith(b"</html>")


# --- another content -----


def test_json_is_cut_within_a_right_frame(registry: Registry, whole: bytes) -> None:
    registry.faults.add("json-cut")
    for encoding in ("identity", "gzip"):
        status, headers, body = ask(registry, Accept_Encoding=encoding)
        assert (status, int(headers["content-length"])) == (200, len(body))
        content = gzip.decompress(body) if encoding == "gzip" else body
        assert content == whole[: len(content)]
        assert 0 < len(content) < len(whole)


def test_rows_are_lost_and_nothing_tells(registry: Registry, whole: bytes) -> None:
    registry.faults.add(faults.rows_lost(3))
    page, full = json.loads(ask(registry)[2]), json.loads(whole)
    assert page == {**full, "studies": full["studies"][:17]}


def test_a_page_is_repeated_under_its_own_token(registry: Registry, whole: bytes) -> None:
    first = json.loads(whole)
    second = json.loads(ask(registry, f"{SEARCH}&pageToken={first['nextPageToken']}")[2])
    registry.faults.add("page-repeated", nth=2)
    assert json.loads(ask(registry)[2]) == first
    repeated = json.loads(ask(registry, f"{SEARCH}&pageToken={first['nextPageToken']}")[2])
    assert repeated["studies"] == first["studies"]
    assert repeated["nextPageToken"] == second["nextPageToken"]


def test_an_empty_page_loses_nothing(registry: Registry) -> None:
    registry.faults.add("empty-page", nth=[1, 3, 12])
    found: list[str] = []
    sizes, token = [], ""
    while token is not None:
        page = json.loads(ask(registry, SEARCH + (f"&pageToken={token}" if token else ""))[2])
        found += [study["protocolSection"]["identificationModule"]["nctId"] for study in page["studies"]]
        sizes.append(len(page["studies"]))
        token = page.get("nextPageToken")
    assert sizes == [0, 20, 0, *[20] * 8, 0, 20]
    assert len(found) == len(set(found))
    assert not registry.log.remarks


def test_the_data_set_changes_between_two_pages(registry: Registry) -> None:
    registry.faults.add("next-day", on=STUDIES, nth=2)
    tags = [ask(registry)[1]["etag"] for _ in range(3)]
    assert tags[0] != tags[1] == tags[2]
    assert [entry.day for entry in registry.log] == [0, 1, 1]


def test_a_tag_that_is_stuck_hides_the_new_data_set(registry: Registry) -> None:
    registry.faults.add("same-etag")
    tag = ask(registry)[1]["etag"]
    registry.advance()
    assert ask(registry, If_None_Match=tag)[0] == 304
    assert ask(registry)[1]["etag"] == tag


# --- on the wire -----


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("name", ["length-cut", "length-long", "length-short", "gzip-cut", "close-cut", "chunked-cut"])
def test_what_comes_is_not_what_was_promised(name: str, encoding: str, registry: Registry, whole: bytes) -> None:
    full = ask(registry, Accept_Encoding=encoding)[2]
    assert (gzip.decompress(full) if encoding == "gzip" else full) == whole
    registry.faults.add(name)
    status, headers, body = ask(registry, Accept_Encoding=encoding)
    assert status == 200
    assert headers.get("content-encoding") == ("gzip" if encoding == "gzip" else None)
    promised = headers.get("content-length")
    half = len(full) // 2
    assert {
        "length-cut": (str(len(full)), full[:half]),
        "length-long": (str(len(full) + 20), full),
        "length-short": (str(len(full) - 20), full),
        "gzip-cut": (str(half), full[:half]),
        "close-cut": (None, full[:half]),
        "chunked-cut": (None, body),
    }[name] == (promised, body)
    if name == "chunked-cut":
        assert headers["transfer-encoding"] == "chunked"
        assert not body.endswith(b"0\r\n\r\n")
        assert 0 < len(body) <= half


@pytest.mark.parametrize("name", ["gzip-cut", "close-cut"])
def test_requests_takes_a_cut_stream_for_whole(name: str, registry: Registry, whole: bytes) -> None:
    """Why each answer's wholeness must be looked at: the library says nothing."""
    registry.faults.add(name)
    answer = requests.get(registry.url + SEARCH, timeout=5)
    assert answer.status_code == 200
    assert whole.startswith(answer.content)
    assert len(answer.content) < len(whole)


@pytest.mark.parametrize("name", ["length-cut", "length-long", "chunked-cut", "reset", "reset-midway"])
def test_requests_sees_what_is_cut_against_its_frame(name: str, registry: Registry) -> None:
    registry.faults.add(name)
    with pytest.raises((requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        requests.get(registry.url + SEARCH, timeout=5)


def test_a_reset_is_a_reset(registry: Registry) -> None:
    registry.faults.add("reset")
    with pytest.raises(ConnectionResetError):
        ask(registry)


def test_a_connection_ends_unannounced(registry: Registry, whole: bytes) -> None:
    registry.faults.add("hang-up", nth=1)
    with closing(http.client.HTTPConnection("127.0.0.1", int(registry.url.rpartition(":")[2]), timeout=5)) as held:
        held.request("GET", SEARCH)
        answer = held.getresponse()
        assert (answer.read(), answer.getheader("Connection")) == (whole, None)
        held.request("GET", SEARCH)
        with pytest.raises(http.client.RemoteDisconnected):
            held.getresponse()
    assert statuses(registry, 2) == [200, 200]


def test_a_garbled_file_has_its_length_and_not_its_checksum(registry: Registry) -> None:
    whole = requests.get(f"{registry.url}{STUDIES}/download?format=json.zip", timeout=5).content
    registry.faults.add(faults.garbled())
    answer = requests.get(f"{registry.url}{STUDIES}/download?format=json.zip", timeout=5)
    assert len(answer.content) == len(whole)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is not None


def test_answers_without_a_length_can_be_whole(registry: Registry, whole: bytes) -> None:
    for fault in (faults.chunked(), faults.closed()):
        registry.faults.clear()
        registry.faults.add(fault)
        answer = requests.get(registry.url + SEARCH, timeout=5)
        assert "Content-Length" not in answer.headers
        assert answer.content == whole


def test_slow_bytes_come_a_few_at_a_time(registry: Registry, whole: bytes) -> None:
    registry.faults.add(faults.drip(size=len(whole) // 4 + 1, seconds=0.05))
    begun = time.monotonic()
    assert ask(registry)[2] == whole
    assert time.monotonic() - begun >= 0.2


def test_nothing_comes_for_a_while(registry: Registry) -> None:
    registry.faults.add(faults.silence(30))
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(registry.url + SEARCH, timeout=0.2)


@pytest.mark.parametrize("name", ["silence", "drip"])
def test_the_server_ends_though_an_answer_is_on_its_way(name: str, small_world: World) -> None:
    with Registry(small_world) as registry:
        registry.faults.add(name)
        with closing(http.client.HTTPConnection("127.0.0.1", int(registry.url.rpartition(":")[2]), timeout=5)) as held:
            held.request("GET", SEARCH)
            begun = time.monotonic()
            registry.close()
            assert time.monotonic() - begun < 5


# --- when -----


def statuses(registry: Registry, count: int, path: str = "/api/v2/version") -> list[int]:
    with requests.Session() as session:
        return [session.get(registry.url + path, timeout=5).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, [503, 503, 503, 503]),
        ({"nth": 2}, [200, 503, 200, 200]),
        ({"nth": [1, 4]}, [503, 200, 200, 503]),
        ({"nth": range(2, 4)}, [200, 503, 503, 200]),
        ({"times": 2}, [503, 503, 200, 200]),
        ({"on": "/api/v2/version"}, [503, 503, 503, 503]),
        ({"on": "/api/v2/*", "nth": 3}, [200, 200, 503, 200]),
        ({"on": "/api/int/*"}, [200, 200, 200, 200]),
        ({"chance": 0.0}, [200, 200, 200, 200]),
    ],
)
def test_a_fault_happens_when_it_was_asked_to(when: dict[str, Any], expected: list[int], registry: Registry) -> None:
    registry.faults.add("503", **when)
    assert statuses(registry, 4) == expected
    assert [entry.faults for entry in registry.log] == [("503",) if status == 503 else () for status in expected]


def test_a_chance_comes_from_its_seed(registry: Registry) -> None:
    def met(seed: int) -> list[int]:
        registry.faults.clear()
        registry.faults.add("503", chance=0.4, seed=seed)
        return statuses(registry, 30)

    assert met(1) == met(1) != met(2)
    assert 4 <= met(1).count(503) <= 20


def test_a_fault_counts_from_when_it_was_asked_for(registry: Registry) -> None:
    statuses(registry, 3)
    rule = registry.faults.add("503", nth=1)
    assert statuses(registry, 2) == [503, 200]
    assert (rule.seen, rule.done) == (2, 1)


def test_faults_can_come_together(registry: Registry) -> None:
    registry.faults.add("next-day")
    registry.faults.add("gzip-cut")
    ask(registry)
    assert registry.log[0].faults == ("next-day", "gzip-cut")


def test_nothing_goes_wrong_any_more(registry: Registry) -> None:
    registry.faults.add("503")
    registry.faults.clear()
    assert statuses(registry, 2) == [200, 200]


@pytest.mark.parametrize(("per_second", "second"), [(0.01, 429), (1000, 200)])
def test_whoever_asks_too_fast_is_told(per_second: float, second: int, registry: Registry) -> None:
    registry.faults.add(faults.too_fast(per_second))
    first = statuses(registry, 1)
    time.sleep(0.01)
    assert (first, statuses(registry, 1)) == ([200], [second])


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "silence"])
def test_after_a_fault_the_registry_answers_again(name: str, registry: Registry) -> None:
    registry.faults.add(name, times=1)
    with suppress(requests.exceptions.RequestException):
        requests.get(registry.url + SEARCH, timeout=20)
    assert registry.log[0].faults == (name,)
    assert requests.get(registry.url + SEARCH, timeout=5).json()["studies"]


@pytest.fixture
def refused() -> Iterator[str]:
    with refusing() as url:
        yield url


def test_nobody_listens(refused: str) -> None:
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        requests.get(f"{refused}/api/v2/version", timeout=5)


def test_no_name_server_knows_the_host() -> None:
    host = UNRESOLVABLE.removeprefix("http://")
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(host, 80)
