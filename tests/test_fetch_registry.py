"""API v2 over the registry on loopback: searches that prove themselves, single studies, aliases, what is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import orjson
import pytest
from fetching import client_of, raw, reply
from registry import Fault, World
from registry import Registry as Loopback
from registry.faults import chunked, closed, drip
from registry.openapi import assert_valid_log, needs_description

from ctgov_ingest.errors import FetchError, Incomplete, NotAnAnswer, Rejected, Unexpected, WrongSetting
from ctgov_ingest.fetch import Client, Found, Gone, Moved, Registry, Search
from ctgov_ingest.fetch.search import IDS_AT_ONCE
from ctgov_ingest.fetch.whole import anything

STUDIES = 200


@pytest.fixture
def loopback(small_world: World) -> Iterator[Loopback]:
    """A registry that nothing was asked which it would misread."""
    with Loopback(small_world) as running:
        yield running
        assert running.log.remarks == []


@pytest.fixture
def client(loopback: Loopback) -> Iterator[Client]:
    with client_of(loopback.url) as client:
        yield client


@pytest.fixture
def registry(client: Client) -> Registry:
    return Registry(client)


def ids_of(pages: Iterator[Any]) -> list[str]:
    return [nct_id for page in pages for nct_id in page.nct_ids]


def alias_of(loopback: Loopback) -> tuple[str, str]:
    """An alias and what it leads to, on the first day that has one."""
    while not loopback.day.aliases:
        loopback.advance()
    return next(iter(loopback.day.aliases.items()))


def test_the_data_set_is_told(loopback: Loopback, registry: Registry) -> None:
    first = registry.dataset()
    assert (first.api_version, first.timestamp) == ("2.0.5", loopback.day.timestamp)
    loopback.next_data_set()
    second = registry.dataset()
    assert second.timestamp == loopback.day.timestamp != first.timestamp
    assert second.etag != first.etag


def test_what_is_held_by_its_mark_is_not_sent_again(loopback: Loopback, client: Client) -> None:
    url = f"{loopback.url}/api/v2/version"
    first = client.get(url, whole=anything)
    again = client.get(url, whole=anything, etag=first.etag)
    assert (again.not_modified, again.body) == (True, b"")
    with pytest.raises(ValueError, match="has no content"):
        _ = again.content
    loopback.next_data_set()
    assert not client.get(url, whole=anything, etag=first.etag).not_modified


@pytest.mark.parametrize("size", [1, 7, STUDIES - 1, STUDIES, 1000])
def test_all_studies_come_each_once(loopback: Loopback, registry: Registry, size: int) -> None:
    pages = list(registry.pages(Search(), page_size=size))
    found = [nct_id for page in pages for nct_id in page.nct_ids]
    assert sorted(found) == sorted(loopback.day.studies)
    assert [len(page.nct_ids) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert pages[0].total == STUDIES


def test_a_page_is_what_was_sent(loopback: Loopback, registry: Registry) -> None:
    page = next(registry.pages(Search(), page_size=5))
    studies = orjson.loads(page.body)["studies"]
    assert [one["protocolSection"]["identificationModule"]["nctId"] for one in studies] == list(page.nct_ids)
    assert all(one["derivedSection"]["miscInfoModule"]["versionHolder"] == loopback.day.stamp for one in studies)
    assert page.url.startswith(f"{loopback.url}/api/v2/studies?")


def test_the_parameters_go_with_every_token(loopback: Loopback, registry: Registry) -> None:
    search = Search(statuses=("RECRUITING", "COMPLETED"))
    pages = list(registry.pages(search, fields=["NCTId", "OverallStatus"], page_size=10))
    assert len(pages) > 2
    asked = [{name: value for name, value in entry.params if name != "pageToken"} for entry in loopback.log]
    assert all(one == asked[0] for one in asked)
    assert asked[0]["sort"] == "LastUpdatePostDate:asc|StudyFirstPostDate:asc"
    assert asked[0]["countTotal"] == "true"
    assert asked[0]["filter.overallStatus"] == "RECRUITING|COMPLETED"


def test_a_search_that_finds_nothing_has_one_empty_page(registry: Registry) -> None:
    pages = list(registry.pages(Search(ids=("NCT99999999",))))
    assert [(len(page.nct_ids), page.total) for page in pages] == [(0, 0)]


def test_an_empty_page_that_is_not_the_last_is_passed_over(loopback: Loopback, registry: Registry) -> None:
    loopback.faults.add("empty-page", "/api/v2/studies", nth=2)
    pages = list(registry.pages(Search(), page_size=50))
    assert [len(page.nct_ids) for page in pages] == [50] * 4  # loopback's empty page leads to itself: it is asked again


@pytest.mark.parametrize("fault", ["rows-lost", "page-repeated"])
def test_rows_that_are_lost_or_repeated_are_told(loopback: Loopback, registry: Registry, fault: str) -> None:
    loopback.faults.add(fault, "/api/v2/studies", nth=2)
    with pytest.raises(Incomplete, match="sync again") as raised:
        list(registry.pages(Search(), page_size=50))
    assert raised.value.numbers["received"] < STUDIES


def test_the_numbers_of_what_is_missing_are_told_as_data(loopback: Loopback, registry: Registry) -> None:
    loopback.faults.add("rows-lost", "/api/v2/studies", nth=3)
    with pytest.raises(Incomplete, match="announced 200 studies and sent 199") as raised:
        list(registry.pages(Search(), page_size=50))
    told = raised.value.as_json()
    assert (told["code"], told["announced"], told["received"]) == ("incomplete", 200, 199)


PASSING = ["429", "500", "502", "503", "html-200", "reset", "reset-midway", "length-cut", "chunked-cut", "close-cut"]
PASSING += ["gzip-cut", "length-short", "length-long", "json-cut", "403"]


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_costs_a_try_and_no_study(loopback: Loopback, client: Client, fault: str) -> None:
    loopback.faults.add(fault, "/api/v2/studies", nth=2)
    assert sorted(ids_of(Registry(client).pages(Search(), page_size=50))) == sorted(loopback.day.studies)
    assert client.traffic.retries == 1
    assert client.traffic.requests == 5 == len(loopback.log)


@pytest.mark.parametrize("fault", [chunked(), closed(), drip(4096, 0.01)], ids=lambda fault: fault.name)
def test_unusual_ways_to_send_are_no_faults(loopback: Loopback, client: Client, fault: Fault) -> None:
    loopback.faults.add(fault, "/api/v2/studies")
    assert len(ids_of(Registry(client).pages(Search(), fields=["NCTId"]))) == STUDIES
    assert client.traffic.retries == 0


def page(ids: Sequence[str], total: int | None = None, token: str | None = None) -> bytes:
    studies = [{"protocolSection": {"identificationModule": {"nctId": one}}} for one in ids]
    found = {"studies": studies, "totalCount": total, "nextPageToken": token}
    return reply(orjson.dumps({name: value for name, value in found.items() if value is not None}))


A, B, C = "NCT00000001", "NCT00000002", "NCT00000003"

MISLEADING = {
    "a study twice on one page": ([page([A, A], 2)], "sent 1 studies twice"),
    "a study on two pages": ([page([A, B], 3, "t"), page([B])], "sent 1 studies twice"),
    "a token twice, with nothing new": (
        [page([A], 3, "t"), page([], None, "u"), page([], None, "t")],
        "the same page token twice",
    ),
    "more than announced": ([page([A, B], 1)], "announced 1 studies and sent 2"),
    "fewer than announced": ([page([A, B], 3)], "announced 3 studies and sent 2"),
    "nothing of what was announced": ([page([], 3)], "announced 3 studies and sent 0"),
    "no number at all": ([page([A])], "did not say how many"),
}


@pytest.mark.parametrize("name", MISLEADING)
def test_pages_that_do_not_add_up_are_told(name: str) -> None:
    pages, words = MISLEADING[name]
    with raw(*pages) as server, client_of(server.url) as client, pytest.raises(Incomplete, match=words):
        list(Registry(client).pages(Search()))


def test_an_empty_page_that_leads_on_is_passed_over() -> None:
    with raw(page([A], 2, "t"), page([], None, "u"), page([B])) as server, client_of(server.url) as client:
        assert [len(one.nct_ids) for one in Registry(client).pages(Search())] == [1, 0, 1]


def test_a_token_goes_round_in_no_circle() -> None:
    turns = [page([], 1, token) for token in ("t", "u", "t")]
    with raw(*turns) as server, client_of(server.url) as client:
        pages = Registry(client).pages(Search())
        with pytest.raises(Incomplete, match="token twice"):
            list(islice(pages, 100))
        assert len(server.requests) == 3


ODD = {
    "no studies": (b"{}", "expected studies as documented"),
    "no object": (b"[]", "expected an answer as documented"),
    "a study without an id": (b'{"studies": [{}], "totalCount": 1}', "studies.0.protocolSection.*nctId"),
    "an id that is none": (b'{"studies": [{"protocolSection": {"identificationModule": {"nctId": "../x"}}}]}', "nctId"),
    "a total that is none": (b'{"studies": [], "totalCount": "many"}', "expected totalCount as documented"),
    "nested without end": (b"[" * 100_000, "expected JSON to its end"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_answer_of_another_shape_is_told_by_its_place(name: str) -> None:
    body, words = ODD[name]
    with raw(reply(body)) as server, client_of(server.url) as client, pytest.raises(Incomplete, match=words):
        list(Registry(client).pages(Search()))


def test_a_search_for_many_ids_is_made_in_parts(loopback: Loopback, registry: Registry) -> None:
    absent = tuple(f"NCT{number:08d}" for number in range(1, IDS_AT_ONCE + 1))
    held = tuple(sorted(loopback.day.studies))
    assert sorted(ids_of(registry.pages(Search(ids=(*absent, *held))))) == sorted(held)
    assert len(loopback.log) == 2


def test_aliases_are_found_by_their_id_and_told(loopback: Loopback, registry: Registry) -> None:
    alias, canonical = alias_of(loopback)
    [found] = registry.pages(Search(ids=(alias,)))
    assert found.nct_ids == (canonical,)
    assert alias in found.aliases[canonical]


def test_a_few_fields_can_be_asked_for(loopback: Loopback, registry: Registry) -> None:
    fields = ("NCTId", "NCTIdAlias", "OverallStatus", "protocolSection.statusModule.lastUpdatePostDateStruct")
    [page] = registry.pages(Search(), fields=fields)
    for one in orjson.loads(page.body)["studies"]:
        assert set(one) == {"protocolSection"}
        content = loopback.day.studies[one["protocolSection"]["identificationModule"]["nctId"]]
        assert one["protocolSection"]["statusModule"]["overallStatus"] == content.status
    assert loopback.log[0].param("fields") == "|".join(fields)


def test_a_count_needs_no_studies(loopback: Loopback, registry: Registry) -> None:
    recruiting = sum(one.status == "RECRUITING" for one in loopback.day.studies.values())
    assert registry.count() == STUDIES
    assert registry.count(Search(statuses=("RECRUITING",))) == recruiting
    assert registry.count(Search(ids=tuple(sorted(loopback.day.studies)[:3]))) == 3


def test_a_study_is_its_record(loopback: Loopback, registry: Registry) -> None:
    nct_id = sorted(loopback.day.studies)[3]
    found = registry.study(nct_id.lower())
    assert isinstance(found, Found)
    assert found.nct_id == nct_id
    assert orjson.loads(found.body)["derivedSection"]["miscInfoModule"]["versionHolder"] == loopback.day.stamp


def test_an_alias_leads_to_its_study(loopback: Loopback, registry: Registry) -> None:
    alias, canonical = alias_of(loopback)
    moved = registry.study(alias)
    assert isinstance(moved, Moved)
    assert (moved.nct_id, moved.to.nct_id) == (alias, canonical)
    assert alias in moved.to.aliases
    assert [entry.param("format") for entry in loopback.log] == ["json", "json"]  # the redirect itself would drop it


def test_gone_is_what_the_registry_says_in_its_own_words(registry: Registry) -> None:
    gone = registry.study("NCT99999999")
    assert isinstance(gone, Gone)
    assert gone.words == "NCT number NCT99999999 not found"


def test_another_404_is_not_gone(loopback: Loopback, registry: Registry) -> None:
    loopback.faults.add("wrong-404")
    with pytest.raises(NotAnAnswer, match="expected the words 'NCT number NCT99999999 not found'"):
        registry.study("NCT99999999")


def test_a_404_that_was_somebody_elses_passes(loopback: Loopback, registry: Registry) -> None:
    loopback.faults.add("wrong-404", nth=1)
    assert isinstance(registry.study(sorted(loopback.day.studies)[0]), Found)


TEXT = {"Content-Type": "text/plain"}
RECORD = {"protocolSection": {"identificationModule": {"nctId": A, "nctIdAliases": [B]}}}

NOT_GONE = {
    "another id": b"NCT number NCT00000002 not found",
    "more words": b"NCT number NCT00000001 not found on this server",
    "nothing": b"",
}


@pytest.mark.parametrize("name", NOT_GONE)
def test_a_404_in_other_words_is_not_gone(name: str) -> None:
    with raw(reply(NOT_GONE[name], 404, TEXT)) as server, client_of(server.url) as client, pytest.raises(NotAnAnswer):
        Registry(client).study(A)


def test_the_study_of_another_id_is_not_taken() -> None:
    with raw(reply(orjson.dumps(RECORD))) as server, client_of(server.url) as client:
        with pytest.raises(NotAnAnswer, match="asked for NCT00000003, was given NCT00000001"):
            Registry(client).study(C)
        moved = Registry(client).study(B)
        assert isinstance(moved, Moved)
        assert moved.to.nct_id == A


REDIRECTS = {
    "to another host": ("https://elsewhere.example/api/v2/studies/NCT00000001", "sent elsewhere"),
    "to no study": ("/api/v2/studies", "sent elsewhere"),
    "to nowhere": ("", "sent elsewhere"),
    "to a study that does not name it": ("/api/v2/studies/NCT00000001", "does not name it|was given NCT00000001"),
}


@pytest.mark.parametrize("name", REDIRECTS)
def test_a_redirect_that_is_no_aliass_is_not_followed(name: str) -> None:
    target, words = REDIRECTS[name]
    answers = reply(b"", 301, {"Location": target}), reply(orjson.dumps(RECORD))
    with raw(*answers) as server, client_of(server.url) as client, pytest.raises(Unexpected, match=words):
        Registry(client).study(C)


def test_an_alias_that_leads_to_what_is_gone_is_an_error() -> None:
    answers = (
        reply(b"", 301, {"Location": "/api/v2/studies/NCT00000001"}),
        reply(b"NCT number NCT00000001 not found", 404, TEXT),
    )
    with (
        raw(*answers) as server,
        client_of(server.url) as client,
        pytest.raises(Unexpected, match="which is not there"),
    ):
        Registry(client).study(B)


@pytest.mark.parametrize("text", ["../version", "NCT", "", "NCT00000001/../../int", "NCT00000001?fields=x"])
def test_what_is_no_id_is_never_asked_for(loopback: Loopback, registry: Registry, text: str) -> None:
    with pytest.raises(WrongSetting):
        registry.study(text)
    assert len(loopback.log) == 0


def test_what_the_registry_refuses_is_told_in_its_words(registry: Registry) -> None:
    with pytest.raises(Rejected, match="NoSuchField") as raised:
        list(registry.pages(Search(), fields=["NoSuchField"]))
    assert raised.value.status == 400
    assert raised.value.tries == 1


def test_the_client_keeps_its_rate_with_a_server_that_minds(loopback: Loopback) -> None:
    with client_of(loopback.url, rate=20) as client:
        list(Registry(client).pages(Search(), fields=["NCTId"], page_size=30))
    assert len(loopback.log) == 7
    assert loopback.log[6].at - loopback.log[0].at > 6 / 20 - 0.02  # the first one may be late: it had to connect


def test_a_data_set_that_moves_between_two_pages_loses_no_study_silently(
    loopback: Loopback, registry: Registry
) -> None:
    loopback.faults.add("next-day", "/api/v2/studies", nth=2)
    before = set(loopback.day.studies)
    try:
        found = set(ids_of(registry.pages(Search(), page_size=50)))
    except FetchError as error:
        assert isinstance(error, Incomplete)
    else:
        assert found >= before & set(loopback.day.studies)
    assert set(loopback.log.remarks) <= {"pageToken of another data set"}
    loopback.log.clear()


@needs_description
def test_every_request_is_valid_by_the_registrys_own_description(loopback: Loopback, registry: Registry) -> None:
    full = Search(
        ids=("NCT09910001", "NCT09910002"),
        cond="heart",
        titles="a",
        locn="Kiel",
        intr="aspirin",
        outc="survival",
        spons="NIH",
        lead="NIH",
        id="EUCTR",
        patient="pain",
        statuses=("RECRUITING", "UNKNOWN"),
        advanced="AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]",
    )
    list(
        registry.pages(Search(statuses=("RECRUITING",)), fields=["NCTId", "protocolSection.statusModule"], page_size=7)
    )
    list(islice(registry.pages(Search(term="heart failure OR (lung AND NOT cancer)")), 1))
    list(registry.pages(full))
    registry.count(full)
    registry.dataset()
    registry.study(alias_of(loopback)[0])
    assert assert_valid_log(loopback.log) > 8
