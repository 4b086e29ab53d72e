"""The Internet Archive: which captures there are of a study, and each as it was saved."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
import pytest
from fetching import client_of, raw, reply
from registry import Registry as Loopback
from registry import World

from ctgov_ingest.errors import Incomplete, NoSuchCapture, WrongSetting
from ctgov_ingest.fetch import Client, Snapshot, Wayback
from ctgov_ingest.sources import read

NAMES = ["timestamp", "original", "mimetype", "digest"]
PAGE = b"<html><body>A study</body></html>\n"
NCT = "NCT00000001"


def digest(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def snapshot(body: bytes = PAGE, mimetype: str = "text/html") -> Snapshot:
    return Snapshot("20190314082211", f"https://clinicaltrials.gov/ct2/show/{NCT}", mimetype, digest(body))


@pytest.fixture(scope="module")
def world() -> World:
    return World.generated(studies=40, days=1, seed=3)


@pytest.fixture
def loopback(world: World) -> Iterator[Loopback]:
    with Loopback(world) as running:
        yield running


@pytest.fixture
def client(loopback: Loopback) -> Iterator[Client]:
    with client_of(loopback.url) as client:
        yield client


def test_captures_of_a_study_are_found_and_read(loopback: Loopback, client: Client) -> None:
    wayback = Wayback(client)
    nct_id = loopback.world.captures[0].nct_id
    held = {one.timestamp: one for one in loopback.world.captures if one.nct_id == nct_id and one.fixture}
    found = wayback.captures(nct_id)
    assert len(found) == len({one.body for one in held.values()}) < len(held)  # one content was saved twice
    assert [one.timestamp for one in found] == sorted(one.timestamp for one in found)
    for one in found:
        body = wayback.page(one)
        assert body == held[one.timestamp].body
        [reading] = read(body)
        assert reading.nct_id == nct_id


def test_a_study_that_was_never_saved_has_no_captures(client: Client) -> None:
    assert Wayback(client).captures("NCT99999999") == []


def test_what_is_asked_for_is_every_page_of_the_old_site(loopback: Loopback, client: Client) -> None:
    Wayback(client).captures(NCT.lower())
    asked = [dict(entry.params) for entry in loopback.log]
    assert {one["url"] for one in asked} >= {
        f"clinicaltrials.gov/ct2/show/{NCT}",
        f"clinicaltrials.gov/ct2/show/record/{NCT}",
        f"clinicaltrials.gov/ct2/show/results/{NCT}",
        f"clinicaltrials.gov/ct2/history/{NCT}",
        f"clinicaltrials.gov/show/{NCT}",
    }
    assert {one["filter"] for one in asked} == {"statuscode:200"}


def test_the_same_content_is_listed_once_and_a_longer_id_is_another_study() -> None:
    rows = [
        NAMES,
        ["20200101000000", f"https://clinicaltrials.gov/ct2/show/{NCT}", "text/html", "AAA"],
        ["20190101000000", f"https://clinicaltrials.gov/ct2/show/{NCT}?term=x", "text/html", "AAA"],
        ["20180101000000", f"https://clinicaltrials.gov/ct2/show/{NCT}9", "text/html", "BBB"],
    ]
    with raw(reply(orjson.dumps(rows)), reply(b"[]")) as server, client_of(server.url) as client:
        [found] = Wayback(client).captures(NCT)
    assert found.captured == datetime(2019, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"[]", b"\n", orjson.dumps([NAMES])])
def test_an_empty_list_has_no_captures(body: bytes) -> None:
    with raw(reply(body)) as server, client_of(server.url) as client:
        assert Wayback(client).captures(NCT) == []


@pytest.mark.parametrize("moment", ["2019", "20191399000000", "2019031408221١", "latest"])
def test_a_moment_that_is_none_is_told(moment: str) -> None:
    rows = [NAMES, [moment, f"https://clinicaltrials.gov/ct2/show/{NCT}", "text/html", "AAA"]]
    with raw(reply(orjson.dumps(rows))) as server, client_of(server.url) as client:
        with pytest.raises(Incomplete, match="expected moments of 14 digits"):
            Wayback(client).captures(NCT)
        assert len(server.requests) == 3


@pytest.mark.parametrize("body", [b"{}", b'[["timestamp", "original"]]', b'[["a", "b", "c", "d"]]', b"[[1, 2, 3, 4]]"])
def test_a_list_of_another_shape_is_told(body: bytes) -> None:
    with raw(reply(body)) as server, client_of(server.url) as client, pytest.raises(Incomplete, match="expected"):
        Wayback(client).captures(NCT)


def test_a_capture_is_asked_for_as_it_was_saved() -> None:
    with raw(reply(PAGE)) as server, client_of(server.url) as client:
        assert Wayback(client).page(snapshot()) == PAGE
    assert server.requests[0].startswith(
        f"GET /web/20190314082211id_/https://clinicaltrials.gov/ct2/show/{NCT} HTTP/1.1"
    )


def test_what_was_saved_without_an_end_is_whole_by_its_digest() -> None:
    cut = PAGE[:20]
    with raw(reply(cut, length=None)) as server, client_of(server.url) as client:
        assert Wayback(client).page(snapshot(cut)) == cut


def test_a_page_that_was_saved_packed_is_whole_by_its_end() -> None:
    with raw(reply(PAGE)) as server, client_of(server.url) as client:
        assert Wayback(client).page(snapshot(b"packed")) == PAGE


def test_a_page_that_is_cut_on_the_way_is_an_error() -> None:
    with raw(reply(PAGE[:20], length=None)) as server, client_of(server.url) as client, pytest.raises(Incomplete):
        Wayback(client).page(snapshot())


def test_xml_that_is_cut_on_the_way_is_an_error() -> None:
    with raw(reply(b"<?xml version='1.0'?><clinical_study>", length=None)) as server, client_of(server.url) as client:
        with pytest.raises(Incomplete, match="up to its </clinical_study>"):
            Wayback(client).page(snapshot(b"<clinical_study></clinical_study>", "text/xml"))
        assert len(server.requests) == 3


def test_a_capture_of_another_moment_is_not_taken_for_it(loopback: Loopback, client: Client) -> None:
    held = loopback.world.captures[0]
    other = Snapshot("20190314082212", held.original, "text/html", digest(held.body))
    with pytest.raises(NoSuchCapture, match=r"does not show its capture of 20190314082212 \(302\)"):
        Wayback(client).page(other)


@pytest.mark.parametrize("status", [404, 403, 451])
def test_a_capture_that_is_not_shown_is_told_apart(status: int) -> None:
    with raw(reply(b"<html></html>", status)) as server, client_of(server.url) as client:
        with pytest.raises(NoSuchCapture, match=str(status)):
            Wayback(client).page(snapshot())
        assert len(server.requests) == 1


def test_captures_are_asked_for_by_an_id_alone(client: Client) -> None:
    with pytest.raises(WrongSetting):
        Wayback(client).captures("*")
