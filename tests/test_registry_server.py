"""What the registry on loopback claims of itself: it answers as the registry does, traps and all."""

from __future__ import annotations

import gzip
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from registry import Day, Fault, Registry, World, found
from registry.asking import Get, asking
from registry.content import Content
from registry.essie import EssieError, compiled

ROOT = Path(__file__).resolve().parents[1]
STUDIES = "/api/v2/studies"
SORTED = {"sort": "LastUpdatePostDate:desc"}


@pytest.fixture
def get(registry: Registry) -> Get:
    return asking(registry)


def ids(answer: requests.Response) -> list[str]:
    return [study["protocolSection"]["identificationModule"]["nctId"] for study in answer.json()["studies"]]


def content(nct_id: str = "NCT09900099", **more: Any) -> Content:
    status = {"overallStatus": "NOT_YET_RECRUITING", "lastUpdatePostDateStruct": {"date": "2026-03-05"}, **more}
    identification = {"nctId": nct_id, "briefTitle": "Iron and tea for tired sailors"}
    enrollment = {"enrollmentInfo": {"count": 60}}
    protocol = {"identificationModule": identification, "statusModule": status, "designModule": enrollment}
    return Content({"protocolSection": protocol, "hasResults": False})


# --- the data set -----


def test_the_version_moves_with_the_data_set(registry: Registry, get: Get) -> None:
    before = get("/api/v2/version").json()
    assert before == {"apiVersion": "2.0.5", "dataTimestamp": registry.day.timestamp}
    registry.advance()
    assert get("/api/v2/version").json() != before


def test_one_tag_stands_for_the_whole_data_set(registry: Registry, get: Get) -> None:
    nct_id = next(iter(registry.day.studies))
    tags = {get(path).headers["ETag"] for path in ("/api/v2/version", STUDIES, f"{STUDIES}/{nct_id}")}
    assert len(tags) == 1
    tag = tags.pop()
    assert get(f"{STUDIES}/{nct_id}", {"If-None-Match": tag}).status_code == 304
    assert get(STUDIES, {"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    registry.advance()
    moved = get("/api/v2/version", {"If-None-Match": tag})
    assert (moved.status_code, moved.headers["ETag"] == tag) == (200, False)


def test_on_a_weekend_the_tag_stands(registry: Registry, get: Get) -> None:
    registry.advance(4)
    tag = get("/api/v2/version").headers["ETag"]
    assert registry.advance().date.weekday() == 5
    assert get("/api/v2/version", {"If-None-Match": tag}).status_code == 304


def test_answers_are_compressed_when_that_is_asked_for(registry: Registry, get: Get) -> None:
    plain = get(STUDIES, {"Accept-Encoding": "identity"}, **SORTED)
    assert "Content-Encoding" not in plain.headers
    with socket.create_connection(("127.0.0.1", int(registry.url.rpartition(":")[2]))) as raw:
        raw.sendall(f"GET {STUDIES}?sort=LastUpdatePostDate:desc HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head, _, body = _all(raw).partition(b"\r\n\r\n")
    assert b"Content-Encoding: gzip" in head
    assert gzip.decompress(body) == plain.content


def _all(raw: socket.socket) -> bytes:
    with raw.makefile("rb") as answer:
        return answer.read()


# --- one study -----


def test_a_study_carries_the_stamp_of_the_data_set(registry: Registry, get: Get) -> None:
    registry.advance(6)  # a Sunday: the data set is Friday's
    nct_id = next(iter(registry.day.studies))
    study = get(f"{STUDIES}/{nct_id}").json()
    assert study["derivedSection"]["miscInfoModule"]["versionHolder"] == "2026-08-07"


@pytest.mark.parametrize("asked", ["nct09900017", "NCT9900017", "NCT009900017"])
def test_ids_are_known_in_any_form(asked: str, get: Get) -> None:
    assert get(f"{STUDIES}/{asked}").json()["protocolSection"]["identificationModule"]["nctId"] == "NCT09900017"


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/NCT99999999", 404, "NCT number NCT99999999 not found"),
        ("/nct0099999999", 404, "NCT number NCT99999999 not found"),
        ("/NCT00000000", 400, "Parameter `nctId` has incorrect format"),
        ("/NCT123456789", 400, "Parameter `nctId` has incorrect format"),
        ("/rubbish", 400, "Parameter `nctId` has incorrect format"),
        ("/NCT09900017?bogus=1", 400, "`bogus` is unknown parameter"),
        ("/NCT09900017?fields=Nope", 400, "Parameter 'fields' contains invalid field name: 'Nope'"),
        ("?query.bogus=1", 400, "`query.bogus` is unknown parameter"),
        ("?filter.ids=NCT1|rubbish", 400, "Item 2 in parameter `filter.ids` has incorrect format"),
        ("?filter.ids=NCT00000000", 400, "Item 1 in parameter `filter.ids` has incorrect format"),
        ("?sort=BriefTitle", 400, "Unsupported sort field type: text"),
        ("?sort=NCTId:asc", 400, "Unsupported sort field type: text"),
        ("?filter.advanced=AREA[X]1", 400, "Error parsing query in advanced filter: Unknown area name: 'X'"),
    ],
)
def test_errors_are_plain_text_in_the_registrys_words(path: str, status: int, body: str, get: Get) -> None:
    answer = get(STUDIES + path)
    assert (answer.status_code, answer.text) == (status, body)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "ETag" not in answer.headers


@pytest.mark.parametrize(
    "query",
    [
        "filter.overallStatus=Unknown",
        "sort=Nope",
        "sort=StartDate|CompletionDate|EnrollmentCount",
        "sort=StartDate:up",
        "pageSize=many",
        "pageToken=rubbish",
        "fields=NCTId|Nope",
        "query.term=AREA[Nope]1",
        "query.term=(open",
        "query.term=AND",
    ],
)
def test_what_the_registry_refuses_is_refused(query: str, get: Get) -> None:
    answer = get(f"{STUDIES}?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain;charset=UTF-8")


@pytest.mark.parametrize(
    "path",
    [
        f"{STUDIES}?filter.geo=distance(0,0,1mi)",
        f"{STUDIES}?format=csv",
        f"{STUDIES}/NCT09900017?markupFormat=legacy",
        "/api/v2/studies/metadata",
        "/api/v2/stats/field/values",
    ],
)
def test_what_is_not_imitated_says_so(path: str, get: Get) -> None:
    assert get(path).status_code == 501


def test_a_wrong_path_is_no_word_on_a_study(get: Get) -> None:
    for path in ("/api/v2/history", "/nothing", "/api/v2/studies/NCT09900017/history"):
        answer = get(path)
        assert answer.status_code == 404
        assert "html" in answer.headers["Content-Type"]


def test_only_get_and_head_are_answered(registry: Registry) -> None:
    assert requests.post(f"{registry.url}{STUDIES}", timeout=5).status_code == 405
    head = requests.head(f"{registry.url}/api/v2/version", headers={"Accept-Encoding": "identity"}, timeout=5)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) > 40


def test_very_long_requests_are_refused(get: Get) -> None:
    assert get(STUDIES, filter_ids="|".join(f"NCT{n:08}" for n in range(1, 400))).status_code == 200
    assert get(STUDIES, filter_ids="|".join(f"NCT{n:08}" for n in range(1, 900))).status_code == 414


def _aliased(registry: Registry) -> tuple[str, str]:
    while not registry.day.aliases:
        registry.advance()
    return next(iter(registry.day.aliases.items()))


def test_an_alias_leads_to_the_study_and_drops_the_parameters(registry: Registry, get: Get) -> None:
    alias, canonical = _aliased(registry)
    moved = get(f"{STUDIES}/{alias}", fields="NCTId")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{STUDIES}/{canonical}")
    followed = requests.get(f"{registry.url}{STUDIES}/{alias}", {"fields": "NCTId"}, timeout=5).json()
    assert alias in followed["protocolSection"]["identificationModule"]["nctIdAliases"]  # all fields came, not one


def test_aliases_are_found_by_their_ids(registry: Registry, get: Get) -> None:
    alias, canonical = _aliased(registry)
    assert ids(get(STUDIES, filter_ids=alias)) == [canonical]
    assert ids(get(STUDIES, query_id=alias)) == [canonical]


def test_gone_studies_are_not_found(registry: Registry, get: Get) -> None:
    while not registry.day.gone:
        registry.advance()
    gone = min(registry.day.gone)
    assert get(f"{STUDIES}/{gone}").text == f"NCT number {gone} not found"
    assert get(STUDIES, filter_ids=gone).text == '{"studies":[ ]}'


# --- searches -----


@pytest.mark.parametrize(("asked", "given"), [("", 10), ("0", 10), ("3", 3), ("1000", 200), ("99999", 200)])
def test_pages_have_the_size_that_the_registry_gives(asked: str, given: int, get: Get) -> None:
    assert len(ids(get(STUDIES, pageSize=asked, **SORTED))) == given


def test_more_than_a_thousand_rows_come_as_a_thousand() -> None:
    with Registry(World.generated(studies=1100, days=1)) as registry:
        answer = requests.get(f"{registry.url}{STUDIES}", {"pageSize": "5000", **SORTED}, timeout=20)
        assert len(ids(answer)) == 1000


def _pages(get: Get, **params: str) -> list[requests.Response]:
    pages = [get(STUDIES, **params)]
    while token := pages[-1].json().get("nextPageToken"):
        pages.append(get(STUDIES, **params, pageToken=token))
    return pages


def test_pages_give_each_study_once(registry: Registry, get: Get) -> None:
    pages = _pages(get, pageSize="33", countTotal="true", **SORTED)
    found = [nct_id for page in pages for nct_id in ids(page)]
    assert len(found) == len(set(found))
    assert set(found) == set(registry.day.studies)
    assert [page.json().get("totalCount") for page in pages] == [200, *[None] * 6]
    assert not registry.log.remarks


def test_the_last_page_has_no_token_even_if_it_is_full(get: Get) -> None:
    assert len(_pages(get, pageSize="50", **SORTED)) == 4


def test_page_sizes_may_differ_between_pages(get: Get) -> None:
    first = get(STUDIES, pageSize="50", **SORTED)
    rest = get(STUDIES, pageSize="1000", pageToken=first.json()["nextPageToken"], **SORTED)
    assert len(set(ids(first)) | set(ids(rest))) == 200


def test_rows_are_sorted_and_equals_keep_their_order_within_a_data_set(registry: Registry, get: Get) -> None:
    def posted() -> list[tuple[str, str]]:
        rows = get(STUDIES, pageSize="1000", **SORTED).json()["studies"]
        modules = [row["protocolSection"] for row in rows]
        return [
            (one["statusModule"]["lastUpdatePostDateStruct"]["date"], one["identificationModule"]["nctId"])
            for one in modules
        ]

    first = posted()
    assert [day for day, _ in first] == sorted((day for day, _ in first), reverse=True)
    assert posted() == first


def test_what_lacks_the_sorted_field_comes_last(get: Get) -> None:
    rows = get(STUDIES, pageSize="1000", sort="ResultsFirstPostDate:asc").json()["studies"]
    has = [row["hasResults"] for row in rows]
    assert has == sorted(has, reverse=True)
    assert True in has
    assert False in has


def test_without_a_sort_the_order_differs_between_calls(get: Get) -> None:
    assert ids(get(STUDIES, pageSize="100")) != ids(get(STUDIES, pageSize="100"))


def test_a_token_with_other_parameters_gives_wrong_rows_and_no_error(registry: Registry, get: Get) -> None:
    token = get(STUDIES, pageSize="5", filter_overallStatus="COMPLETED", **SORTED).json()["nextPageToken"]
    wrong = get(STUDIES, pageSize="1000", pageToken=token, **SORTED)
    assert wrong.status_code == 200
    assert len(ids(wrong)) == 195
    assert registry.log.remarks == ["pageToken of other parameters"]


def test_a_token_outlives_its_data_set_and_loses_or_repeats_rows(registry: Registry, get: Get) -> None:
    first = get(STUDIES, pageSize="100", **SORTED)
    registry.advance()
    second = get(STUDIES, pageSize="1000", pageToken=first.json()["nextPageToken"], **SORTED)
    assert second.status_code == 200
    assert registry.log.remarks == ["pageToken of another data set"]
    found = [*ids(first), *ids(second)]
    assert len(set(found)) < len(found) or set(found) != set(registry.day.studies)


def test_each_study_of_a_page_stands_on_a_line(get: Get) -> None:
    lines = get(STUDIES, pageSize="3", **SORTED).text.splitlines()
    assert len(lines) == 5
    assert all(json.loads(line.rstrip(","))["protocolSection"] for line in lines[1:4])


def test_fields_are_cut_out(registry: Registry, get: Get) -> None:
    row = get(STUDIES, fields="NCTId|OverallStatus,hasResults|protocolSection.designModule.phases", pageSize="1")
    study = row.json()["studies"][0]
    assert set(study) == {"protocolSection", "hasResults"}
    assert set(study["protocolSection"]) == {"identificationModule", "statusModule", "designModule"}
    assert set(study["protocolSection"]["statusModule"]) == {"overallStatus"}
    holder = get(f"{STUDIES}/NCT09900017", fields="VersionHolder").json()
    assert holder == {"derivedSection": {"miscInfoModule": {"versionHolder": registry.day.stamp}}}


def test_a_branch_or_an_area_brings_all_that_is_below_it(get: Get) -> None:
    whole = get(f"{STUDIES}/NCT09900017").json()["protocolSection"]
    module = get(f"{STUDIES}/NCT09900017", fields="StatusModule").json()
    assert module == {"protocolSection": {"statusModule": whole["statusModule"]}}
    area = get(f"{STUDIES}/NCT09900017", fields="LocationSearch").json()["protocolSection"]
    assert set(area["contactsLocationsModule"]["locations"][0]) <= {"facility", "city", "state", "country", "zip"}


def _matching(day: Day, wanted: Callable[[Content], bool]) -> set[str]:
    return {nct_id for nct_id, one in day.studies.items() if wanted(one)}


def _recent(one: Content) -> bool:
    return str(one.posted) >= "2026-01-15"


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"filter_overallStatus": "UNKNOWN"}, lambda one: one.status == "UNKNOWN"),
        ({"filter_overallStatus": "RECRUITING|COMPLETED"}, lambda one: one.status in ("RECRUITING", "COMPLETED")),
        ({"filter_overallStatus": "RECRUITING,COMPLETED"}, lambda one: one.status in ("RECRUITING", "COMPLETED")),
        ({"postFilter_overallStatus": "SUSPENDED"}, lambda one: one.status == "SUSPENDED"),
        ({"query_term": "AREA[LastUpdatePostDate]RANGE[2026-01-15,MAX]"}, _recent),
        ({"filter_advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-15, MAX]"}, _recent),
        ({"filter_advanced": "NOT AREA[LastUpdatePostDate]RANGE[MIN,2026-01-14]"}, _recent),
        (
            {"filter_advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-15,MAX] AND AREA[OverallStatus]RECRUITING"},
            lambda one: _recent(one) and one.status == "RECRUITING",
        ),
        (
            {"filter_advanced": "AREA[OverallStatus](RECRUITING OR COMPLETED)"},
            lambda one: one.status in ("RECRUITING", "COMPLETED"),
        ),
        ({"filter_advanced": "AREA[LastKnownStatus]MISSING"}, lambda one: one.status != "UNKNOWN"),
        (
            {"query_cond": "melanoma"},
            lambda one: "Melanoma" in one.values("protocolSection.conditionsModule.conditions"),
        ),
        ({"query_cond": "melanoma", "filter_overallStatus": "WITHHELD"}, lambda one: False),
        ({"query_id": "NCT09900017", "filter_overallStatus": "WITHHELD"}, lambda one: one.nct_id == "NCT09900017"),
        (
            {"query_term": "NCT09900017, NCT03986528", "filter_overallStatus": "WITHHELD"},
            lambda one: one.nct_id in ("NCT09900017", "NCT03986528"),
        ),
        (
            {"filter_ids": "NCT09900017|NCT03986528|NCT00000007"},
            lambda one: one.nct_id in ("NCT09900017", "NCT03986528"),
        ),
    ],
)
def test_a_search_finds_what_matches(
    params: dict[str, str], wanted: Callable[[Content], bool], registry: Registry, get: Get
) -> None:
    answer = get(STUDIES, pageSize="1000", countTotal="true", **params)
    assert set(ids(answer)) == _matching(registry.day, wanted) == found(registry.day, **params).keys()
    assert answer.json()["totalCount"] == len(ids(answer))


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("iron", True),
        ("IRON tea", True),
        ("iron and tea", True),  # a word like any other
        ("iron and coffee", False),
        ("coffee OR tea", True),
        ("coffee or tea", False),  # three words
        ("coffee AND tea OR sailors", True),
        ("coffee AND (tea OR sailors)", False),
        ("NOT coffee", True),
        ('"tired sailors"', True),
        ('"sailors tired"', False),
        ("iro", False),
        ("AREA[OverallStatus]RECRUITING", False),  # not a part of NOT_YET_RECRUITING
        ("AREA[OverallStatus]not_yet_recruiting", True),
        ("AREA[BriefTitle]tea iron", True),
        ("AREA[LastUpdatePostDate]2026", True),
        ("AREA[LastUpdatePostDate]2026-03", True),
        ("AREA[LastUpdatePostDate]2026-04", False),
        ("AREA[LastUpdatePostDate]RANGE[2026-03-05,2026-03-05]", True),
        ("AREA[LastUpdatePostDate]RANGE[MIN,2026-03]", True),
        ("AREA[LastUpdatePostDate]RANGE[2026-03-06,MAX]", False),
        ("AREA[EnrollmentCount]RANGE[60,100]", True),
        ("AREA[EnrollmentCount]RANGE[61,MAX]", False),
        ("AREA[StartDate]MISSING", True),
        ("NOT AREA[StartDate]MISSING", False),
        ("AREA[TitleSearch]sailors AND AREA[NCTId]NCT09900099", True),
    ],
)
def test_expressions_mean_what_they_say(expression: str, matches: bool) -> None:
    assert compiled(expression, "BasicSearch")(content()) is matches


@pytest.mark.parametrize(
    "expression",
    ["", "AND", "iron AND", "(iron", "iron)", "AREA[Nope]1", "SEARCH[Location](x)", "DISTANCE[1,2,3mi]", '"'],
)
def test_what_is_no_expression_is_refused(expression: str) -> None:
    with pytest.raises(EssieError):
        compiled(expression, "BasicSearch")


def test_the_size_is_told(registry: Registry, get: Get) -> None:
    assert get("/api/v2/stats/size").json()["totalStudies"] == 200


# --- the server -----


def test_the_log_has_what_was_asked_and_answered(registry: Registry, get: Get) -> None:
    ours = {"User-Agent": "us/1 (mail@example.org)", "Accept-Encoding": "identity"}
    page = get(STUDIES, ours, pageSize="2", **SORTED)
    get(f"{STUDIES}/NCT99999999", ours)
    first, second = registry.log
    assert (first.method, first.path, first.params) == ("GET", STUDIES, (("pageSize", "2"), ("sort", SORTED["sort"])))
    assert (first.headers["user-agent"], first.param("pageSize"), first.param("fields")) == (
        ours["User-Agent"],
        "2",
        None,
    )
    assert (first.status, second.status, first.faults, first.day) == (200, 404, (), 0)
    assert (first.sent, second.sent) == (len(page.content), len("NCT number NCT99999999 not found"))
    assert 0 <= second.at - first.at == registry.log.shortest_gap
    assert registry.log.on("/api/v2/studies/*") == [second]
    registry.log.clear()
    assert len(registry.log) == 0


def test_many_can_ask_at_once(registry: Registry, get: Get) -> None:
    wanted = sorted(registry.day.studies)[:40]
    found: list[str] = []

    def ask(nct_id: str) -> None:
        study = get(f"{STUDIES}/{nct_id}").json()
        found.append(study["protocolSection"]["identificationModule"]["nctId"])

    threads = [threading.Thread(target=ask, args=(nct_id,)) for nct_id in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == wanted
    assert len(registry.log) == 40


def test_connections_are_kept_open_and_end_with_the_server(small_world: World) -> None:
    threads = threading.active_count()
    with Registry(small_world) as registry, requests.Session() as session:
        for _ in range(3):
            session.get(f"{registry.url}/api/v2/version", timeout=5)
        assert threading.active_count() == threads + 2
    assert threading.active_count() == threads


def test_the_days_of_a_world_come_to_an_end(registry: Registry) -> None:
    with pytest.raises(IndexError, match="day 13"):
        registry.advance(14)
    assert registry.day.index == 0


def test_the_next_data_set_is_behind_the_weekend(registry: Registry) -> None:
    registry.advance(4)
    assert str(registry.next_data_set().date) == "2026-08-10"


def test_studies_can_be_hidden(registry: Registry, get: Get) -> None:
    registry.hide(["NCT09900017"])
    assert get(f"{STUDIES}/NCT09900017").status_code == 404
    assert get(STUDIES, countTotal="true").json()["totalCount"] == 199
    registry.advance()
    assert "NCT09900017" not in registry.day.studies
    registry.hide([])
    assert get(f"{STUDIES}/NCT09900017").status_code == 200


def test_what_fails_in_the_server_is_told_at_the_end(small_world: World) -> None:
    with pytest.raises(ExceptionGroup) as raised, Registry(small_world) as registry:
        registry.faults.add(Fault("broken", before=lambda _registry: 1 / 0))
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(f"{registry.url}/api/v2/version", timeout=5)
    assert isinstance(raised.value.exceptions[0], ZeroDivisionError)


def test_whoever_goes_away_breaks_nothing(small_world: World) -> None:
    with Registry(small_world) as registry:
        registry.faults.add("drip", times=1)
        bulk = f"{registry.url}{STUDIES}/download?format=json.zip"
        with requests.get(bulk, stream=True, timeout=5) as answer:
            assert answer.raw.read(10)
        assert requests.get(f"{registry.url}/api/v2/version", timeout=5).status_code == 200


def test_it_runs_by_hand() -> None:
    command = [sys.executable, "-m", "tests.registry", "--port", "0", "--studies", "8", "--every", "0.05"]
    asked = [*command, "--days", "3", "--fault", "503@/robots.txt", "--fault", "500@/api/v2/*:0"]
    with subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stderr
        try:
            url = running.stdout.readline().strip()
            told = [running.stderr.readline() for _ in range(3)]
            version = requests.get(f"{url}/api/v2/version", timeout=5)
            robots = requests.get(f"{url}/robots.txt", timeout=5)
        finally:
            running.send_signal(signal.SIGINT)
            out, _ = running.communicate(timeout=10)
    assert (version.status_code, robots.status_code) == (200, 503)
    assert version.json()["dataTimestamp"].startswith("2026-08-05")
    assert [line[:10] for line in told] == ["2026-08-03", "2026-08-04", "2026-08-05"]
    assert (running.returncode, out) == (0, "2 requests answered\n")


def test_an_unknown_fault_is_told_by_hand() -> None:
    command = [sys.executable, "-m", "tests.registry", "--port", "0", "--studies", "8", "--fault", "flood"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "no fault is called flood" in done.stderr


def test_a_registry_that_does_not_run_has_no_address(small_world: World) -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = Registry(small_world).url
