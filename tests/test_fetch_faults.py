"""Each fault on the wire: what it becomes, and that it is never taken for an answer."""

from __future__ import annotations

import gzip
import socket
import time
from threading import Thread
from typing import Any

import pytest
from fetching import Script, chunked, client_of, drips, is_silent, raw, reply, resets, sends

from ctgov_ingest.errors import (
    FetchError,
    Forbidden,
    Incomplete,
    NotAnAnswer,
    Overloaded,
    Rejected,
    Unexpected,
    Unreachable,
)
from ctgov_ingest.fetch import Answer
from ctgov_ingest.fetch.whole import anything, json_of, page

JSON = b'{"studies": [{"text": "' + b"lorem ipsum " * 2000 + b'"}], "totalCount": 1}'
PACKED = gzip.compress(JSON)
PAGE = b"<html><head><title>Log in, please</title></head><body>" + b"text " * 2000 + b"</body></html>"

GZIP = {"Content-Encoding": "gzip"}
CHUNKS = {"Transfer-Encoding": "chunked"}
TEXT = {"Content-Type": "text/plain;charset=UTF-8"}

WHOLE = {
    "plain, by its length": reply(JSON),
    "gzip, by its length": reply(PACKED, headers=GZIP),
    "gzip in two members": reply(gzip.compress(JSON[:100]) + gzip.compress(JSON[100:]), headers=GZIP),
    "in chunks": reply(chunked(JSON), headers=CHUNKS, length=None),
    "gzip in chunks": reply(chunked(PACKED), headers=GZIP | CHUNKS, length=None),
    "to the end of the connection": reply(JSON, length=None),
    "gzip to the end of the connection": reply(PACKED, headers=GZIP, length=None),
    "chunks with an extension and a trailer": reply(
        b"%x;name=value\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(JSON), JSON), headers=CHUNKS, length=None
    ),
}

CUT: dict[str, bytes] = {
    "less than its length": reply(JSON[:9000], length=len(JSON)),
    "gzip less than its length": reply(PACKED[:60], headers=GZIP, length=len(PACKED)),
    "a length that is too small": reply(JSON, length=len(JSON) - 20),
    "gzip with a length that is too small": reply(PACKED, headers=GZIP, length=len(PACKED) - 4),
    "a length that is too large": reply(JSON, length=len(JSON) + 20),
    "a cut with a length that agrees": reply(JSON[:9000]),
    "gzip cut with a length that agrees": reply(PACKED[:60], headers=GZIP),
    "gzip without its trailer": reply(PACKED[:-8], headers=GZIP),
    "gzip with half its trailer": reply(PACKED[:-4], headers=GZIP),
    "gzip cut at the end of the connection": reply(PACKED[:60], headers=GZIP, length=None),
    "gzip with a wrong sum": reply(PACKED[:-8] + b"\0" * 8, headers=GZIP),
    "gzip that is none": reply(JSON, headers=GZIP),
    "gzip with something behind it": reply(PACKED + b"more", headers=GZIP),
    "cut at the end of the connection": reply(JSON[:9000], length=None),
    "cut within a chunk": reply(chunked(JSON)[:9000], headers=CHUNKS, length=None),
    "cut between chunks": reply(chunked(JSON, end=b""), headers=CHUNKS, length=None),
    "gzip cut between chunks": reply(chunked(PACKED, end=b""), headers=GZIP | CHUNKS, length=None),
    "chunks of no known length": reply(b"xyz\r\n" + JSON, headers=CHUNKS, length=None),
    "nothing": reply(b""),
    "JSON with something behind it": reply(JSON + b"}"),
}

TAKES: Any = json_of(dict)


def get(url: str, whole: Any = TAKES, **settings: Any) -> Answer[Any]:
    with client_of(url, **settings) as client:
        return client.get(f"{url}/thing", whole=whole)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_is_taken(name: str) -> None:
    with raw(WHOLE[name]) as server:
        answer = get(server.url)
        assert answer.body == JSON
        assert answer.content["totalCount"] == 1
        assert len(server.requests) == 1


@pytest.mark.parametrize("name", CUT)
def test_a_cut_answer_is_asked_for_again_and_then_an_error(name: str) -> None:
    with raw(CUT[name]) as server, pytest.raises(FetchError) as raised:
        get(server.url)
    assert isinstance(raised.value, Incomplete)
    assert raised.value.tries == len(server.requests) == 3
    assert raised.value.url == f"{server.url}/thing"


@pytest.mark.parametrize("name", CUT)
def test_a_whole_answer_after_a_cut_one_is_taken(name: str) -> None:
    with raw(CUT[name], reply(JSON)) as server:
        assert get(server.url).body == JSON
        assert len(server.requests) == 2


FAULTS: dict[str, tuple[Script, type[FetchError], str, int]] = {
    "closed without an answer": (sends(b""), Unreachable, "the connection broke", 3),
    "reset without an answer": (resets(), Unreachable, "the connection broke", 3),
    "reset in the middle": (resets(reply(JSON)[:9000]), Unreachable, "the connection broke", 3),
    "an answer that is no HTTP": (sends(b"SSH-2.0-OpenSSH_9.2\r\n"), Unreachable, "the connection broke", 3),
    "a page in place of JSON": (sends(reply(PAGE)), NotAnAnswer, "a page where JSON was asked for (Log in, please)", 3),
    "packed in another way": (
        sends(reply(JSON, headers={"Content-Encoding": "br"})),
        NotAnAnswer,
        "packed as br, which was not asked for",
        3,
    ),
    "400 in the registry's words": (
        sends(reply(b"`query.bogus` is unknown parameter", 400, TEXT)),
        Rejected,
        "cannot do what was asked: `query.bogus` is unknown parameter",
        1,
    ),
    "400 as a page": (sends(reply(PAGE, 400)), Rejected, "cannot do what was asked", 1),
    "401": (sends(reply(b"", 401)), Forbidden, "wants a login", 2),
    "403": (sends(reply(PAGE, 403)), Forbidden, "access is refused (403): wait some hours", 2),
    "404": (sends(reply(PAGE, 404)), Unexpected, "nothing is there (404)", 1),
    "410": (sends(reply(b"gone", 410)), Unexpected, "status 410", 1),
    "301": (
        sends(reply(b"", 301, {"Location": "https://elsewhere.example/"})),
        Unexpected,
        "sent elsewhere (301), to https://elsewhere.example/",
        1,
    ),
    "414": (sends(reply(b"", 414)), Rejected, "too long (414)", 1),
    "429": (sends(reply(b"Too Many Requests", 429, TEXT)), Overloaded, "too many requests (429)", 3),
    "429 that is cut": (sends(reply(b"Too Many", 429, TEXT, length=17)), Overloaded, "(429): ask more slowly", 3),
    "500": (sends(reply(b"", 500)), Overloaded, "the server failed (500): try later", 3),
    "503 packed": (sends(reply(gzip.compress(b"Back soon"), 503, TEXT | GZIP)), Overloaded, "try later: Back soon", 3),
    "503 packed in another way": (
        sends(reply(b"xx", 503, TEXT | {"Content-Encoding": "br"})),
        Overloaded,
        "the server failed (503)",
        3,
    ),
    "304 that nobody asked for": (sends(reply(b"", 304)), Unexpected, "sent elsewhere (304)", 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_error_its_words_and_its_tries(name: str) -> None:
    script, kind, words, tries = FAULTS[name]
    with raw(script) as server, pytest.raises(FetchError) as raised:
        get(server.url)
    assert type(raised.value) is kind
    assert words in raised.value.message
    assert "0x" not in raised.value.message
    assert raised.value.tries == len(server.requests) == tries
    told = raised.value.as_json()
    assert (told["code"], told["url"], told["tries"]) == (kind.code, f"{server.url}/thing", tries)


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault[3] > 1])
def test_what_may_pass_is_over_when_it_has_passed(name: str) -> None:
    with raw(FAULTS[name][0], reply(JSON)) as server:
        assert get(server.url).body == JSON


def test_a_server_that_says_nothing_is_given_up() -> None:
    with (
        raw(is_silent) as server,
        pytest.raises(Unreachable, match="said nothing, or not all of its headers, for too long"),
    ):
        get(server.url, read_timeout=0.1)
    assert len(server.requests) == 3


@pytest.mark.parametrize("at_once", [0, 30, len(reply(JSON)) - len(JSON), 5000])
def test_a_server_that_drips_is_given_up(at_once: int) -> None:
    began = time.monotonic()
    with (
        raw(drips(reply(JSON), 0.05, at_once=at_once)) as server,
        pytest.raises(Unreachable, match=r"within|for too long"),
    ):
        get(server.url, tries=1, read_timeout=0.4, request_timeout=0.4)
    assert time.monotonic() - began < 2


def test_chunk_sizes_that_drip_are_given_up() -> None:
    head = reply(headers=CHUNKS, length=None)
    endless = head + b"5;" + b"x" * 1000
    with raw(drips(endless, 0.05, at_once=len(head))) as server, pytest.raises(Unreachable, match="within"):
        get(server.url, tries=1, request_timeout=0.3)


def test_a_slow_answer_within_the_limits_is_taken() -> None:
    small = b'{"totalCount": 1}'
    with raw(drips(reply(small), 0.01)) as server:
        assert get(server.url).body == small


def test_a_connection_that_is_refused() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(Unreachable, match=r"no connection: check the address.*Connection refused") as raised:
            get(url)
    assert raised.value.tries == 3


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(Unreachable, match="the name of the server is not known"):
        get("http://registry.invalid")


def test_a_server_that_speaks_no_tls_is_told() -> None:
    def answer(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=answer, args=(server,))
        thread.start()
        with pytest.raises(Unreachable, match="cannot be trusted, or TLS broke"):
            get(f"https://127.0.0.1:{server.getsockname()[1]}", tries=1)
        thread.join()


def test_a_proxy_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw(reply(JSON)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert get("http://registry.invalid").body == JSON
        assert proxy.requests[0].startswith("GET http://registry.invalid/thing HTTP/1.1")


def test_a_proxy_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw(drips(reply(JSON), 0.05)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with pytest.raises(Unreachable, match=r"Read timed out"):
            get("http://registry.invalid", tries=1, read_timeout=0.3)


def test_a_proxy_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(Unreachable, match="the proxy cannot be used: check HTTP_PROXY"):
        get("http://registry.invalid")


@pytest.mark.parametrize("url", ["http://[::1", "http://a..b", "http://127.0.0.1:99999"])
def test_what_is_no_address_is_not_tried_twice(url: str) -> None:
    with pytest.raises(FetchError) as raised:
        get(url)
    assert raised.value.tries == 1


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "file:///etc/passwd", "127.0.0.1"])
def test_nothing_but_http_is_spoken(url: str) -> None:
    with pytest.raises(FetchError, match="begins with http:// or https://"):
        get(url)


def test_an_answer_over_the_limit_is_let_go() -> None:
    with raw(reply(JSON)) as server, pytest.raises(Unexpected, match="at most 1,000 bytes"):
        get(server.url, largest_answer=1000)
    assert len(server.requests) == 1


def test_what_unpacks_to_more_than_the_limit_is_let_go() -> None:
    bomb = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    with raw(reply(bomb, headers=GZIP)) as server, pytest.raises(Unexpected, match="at most 1,000,000 bytes"):
        get(server.url, largest_answer=1_000_000)


def test_an_answer_of_just_the_limit_is_taken() -> None:
    with raw(reply(JSON)) as server:
        assert get(server.url, largest_answer=len(JSON)).body == JSON


def test_a_page_is_whole_with_its_closing_tag() -> None:
    with raw(reply(PAGE[:5000], length=None), reply(PAGE + b"\n<!-- saved -->\n")) as server:
        answer = get(server.url, page)
        assert answer.content.startswith(PAGE)
        assert len(server.requests) == 2


def test_a_page_that_never_closes_is_an_error() -> None:
    with raw(reply(PAGE[:5000])) as server, pytest.raises(Incomplete, match="</html>"):
        get(server.url, page)


def test_half_a_surrogate_pair_is_still_json() -> None:
    with raw(reply(b'{"totalCount": 1, "text": "\\ud83e"}')) as server:
        assert get(server.url).content["totalCount"] == 1


def test_bytes_are_counted_as_they_were_sent() -> None:
    with raw(reply(PACKED[:60], headers=GZIP), reply(PACKED, headers=GZIP)) as server, client_of(server.url) as client:
        client.get(server.url, whole=anything)
        assert client.traffic.bytes_received == 60 + len(PACKED)
        assert (client.traffic.requests, client.traffic.retries) == (2, 1)
