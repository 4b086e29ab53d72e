"""What the registry on loopback gives beside `/api/v2`'s records: the bulk file, record histories, old pages."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from typing import Any

import pytest
import requests
from registry import Registry, World
from registry.asking import Get, asking

from ctgov_ingest import read

STUDIES = "/api/v2/studies"


@pytest.fixture
def get(registry: Registry) -> Get:
    return asking(registry)


# --- the bulk file -----

BULK = "/api/v2/studies/download?format=json.zip"


def test_the_bulk_file_holds_every_study_as_it_is_served(registry: Registry, get: Get) -> None:
    registry.advance()
    answer = get(BULK)
    assert (answer.headers["Content-Type"], int(answer.headers["Content-Length"])) == (
        "application/zip",
        len(answer.content),
    )
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert names == [f"{nct_id[-2:]}/{nct_id}.json" for nct_id in sorted(registry.day.studies)]
        nct_id = names[7][3:-5]
        assert archive.read(names[7]) == get(f"{STUDIES}/{nct_id}").content


def test_the_bulk_file_is_the_same_each_time(get: Get) -> None:
    assert get(BULK).content == get(BULK).content


@pytest.mark.parametrize(
    ("asked", "cut"),
    [
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-50", slice(-50, None)),
        ("bytes=7-7", slice(7, 8)),
    ],
)
def test_a_range_gives_a_part(asked: str, cut: slice, get: Get) -> None:
    whole = get(BULK).content
    part = get(BULK, {"Range": asked})
    assert (part.status_code, part.content) == (206, whole[cut])
    start = range(len(whole))[cut][0]
    assert part.headers["Content-Range"] == f"bytes {start}-{start + len(part.content) - 1}/{len(whole)}"


def test_a_range_past_the_end_cannot_be_had(get: Get) -> None:
    answer = get(BULK, {"Range": "bytes=999999999-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"].startswith("bytes */")


def test_a_range_of_another_data_set_gives_the_whole(registry: Registry, get: Get) -> None:
    tag = get(BULK).headers["ETag"]
    assert get(BULK, {"Range": "bytes=10-", "If-Range": tag}).status_code == 206
    registry.advance()
    assert get(BULK, {"Range": "bytes=10-", "If-Range": tag}).status_code == 200
    assert get(BULK, {"Range": "bytes=10-"}).status_code == 206  # the trap: a part of another file


def test_the_bulk_file_is_not_sent_to_whoever_has_it(get: Get) -> None:
    assert get(BULK, {"If-None-Match": get(BULK).headers["ETag"]}).status_code == 304


# --- the internal history API -----

INT = "/api/int/studies/NCT09900017"


def test_the_history_lists_versions_from_0(registry: Registry, get: Get) -> None:
    history = get(f"{INT}/history").json()
    assert [change["version"] for change in history["changes"]] == list(range(len(history["changes"])))
    assert history["changes"][0]["moduleLabels"] == []
    both = get(INT, history="true").json()
    assert both["history"] == history
    assert both["study"]["protocolSection"]["identificationModule"]["nctId"] == "NCT09900017"
    assert "history" not in get(INT).json()


def test_a_version_out_of_range_is_forbidden_not_missing(get: Get) -> None:
    count = len(get(f"{INT}/history").json()["changes"])
    assert get(f"{INT}/history/{count - 1}").json()["studyVersion"] == count - 1
    assert get(f"{INT}/history/{count}").status_code == 403


def test_an_update_makes_a_version(registry: Registry, get: Get) -> None:
    while not (updated := [event.nct_id for event in registry.day.events if event.kind == "updated"]):
        before = registry.day
        registry.advance()
    path = f"/api/int/studies/{updated[0]}/history"
    versions = get(path).json()["changes"]
    assert len(versions) == len(registry.world.history(updated[0], before)) + 1
    assert versions[-1]["date"] == registry.day.studies[updated[0]].last_update[0]


def test_python_can_be_refused_where_curl_is_not(small_world: World) -> None:
    curl = shutil.which("curl")
    with Registry(small_world, refuse_python=True) as registry:
        for headers in ({}, {"User-Agent": "curl/8.5.0"}):
            assert requests.get(registry.url + INT, headers=headers, timeout=5).status_code == 403
        assert requests.get(f"{registry.url}{STUDIES}/NCT09900017", timeout=5).status_code == 200
        if not curl:
            pytest.skip("curl is not here")
        done = subprocess.run([curl, "-s", f"{registry.url}{INT}/history"], capture_output=True, check=True, timeout=20)
        assert json.loads(done.stdout)["changes"]


# --- the archive -----

PAGE = "clinicaltrials.gov/ct2/show/NCT03986528"
CDX = "/cdx/search/cdx"


def test_the_first_row_of_the_list_names_its_columns(get: Get) -> None:
    rows = get(CDX, url=PAGE, output="json").json()
    assert rows[0] == ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
    assert [row[1] for row in rows[1:]] == ["20190702101500", "20200420093000", "20210105070000", "20240711000000"]
    assert {row[0] for row in rows[1:]} == {"gov,clinicaltrials)/ct2/show/nct03986528"}
    assert get(CDX, url="clinicaltrials.gov/ct2/show/NCT00000001", output="json").json() == []


def test_the_list_is_text_unless_json_is_asked_for(get: Get) -> None:
    lines = get(CDX, url=f"http://www.{PAGE}").text.splitlines()
    assert [len(line.split(" ")) for line in lines] == [7] * 4


@pytest.mark.parametrize(
    ("params", "years"),
    [
        ({"filter": "statuscode:200"}, ["2019", "2020", "2021"]),
        ({"filter": "!statuscode:200"}, ["2024"]),
        ({"filter": ["statuscode:200", "timestamp:2020.*"]}, ["2020"]),
        ({"from": "2020", "to": "2021"}, ["2020", "2021"]),
        ({"from": "20200421"}, ["2021", "2024"]),
        ({"collapse": "digest"}, ["2019", "2020", "2024"]),
        ({"collapse": "timestamp:2"}, ["2019"]),
        ({"limit": "2"}, ["2019", "2020"]),
        ({"limit": "-1"}, ["2024"]),
        ({"limit": "2", "offset": "1"}, ["2020", "2021"]),
    ],
)
def test_the_list_can_be_narrowed(params: dict[str, Any], years: list[str], registry: Registry) -> None:
    asked = {"url": PAGE, "output": "json", "fl": "timestamp", **params}
    rows = requests.get(registry.url + CDX, asked, timeout=5).json()
    assert [row[0][:4] for row in rows[1:]] == years


def test_a_long_list_goes_on_with_its_key(get: Get) -> None:
    asked = {"url": "clinicaltrials.gov/ct2/show/*", "output": "json", "showResumeKey": "true", "limit": "7"}
    rows, key = [], None
    while True:
        answer = get(CDX, **asked, **({"resumeKey": key} if key else {})).json()
        if [] not in answer:
            break
        rows += answer[1:-2]
        key = answer[-1][0]
    rows += answer[1:]
    assert rows == get(CDX, url="clinicaltrials.gov/ct2/show/*", output="json").json()[1:]


@pytest.mark.parametrize(
    "params", [{}, {"url": PAGE, "filter": "nope:1"}, {"url": PAGE, "fl": "nope"}, {"url": PAGE, "filter": "digest:("}]
)
def test_what_the_archive_cannot_list_is_refused(params: dict[str, str], get: Get) -> None:
    assert get(CDX, **params).status_code == 400


def test_a_capture_comes_as_it_was_saved(registry: Registry, get: Get) -> None:
    answer = get(f"/web/20200420093000id_/https://{PAGE}")
    assert answer.headers["Memento-Datetime"] == "Mon, 20 Apr 2020 09:30:00 GMT"
    reading = read(answer.content)[0]
    assert (reading.study.nct_id, reading.study.status) == ("NCT03986528", "RECRUITING")
    framed = get(f"/web/20200420093000/https://{PAGE}")
    assert framed.content != answer.content


def test_another_moment_leads_to_the_nearest_capture(get: Get) -> None:
    answer = get(f"/web/2019id_/http://{PAGE}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/web/20190702101500id_/http://www.{PAGE}")


def test_a_redirect_was_saved_as_one(get: Get) -> None:
    answer = get(f"/web/20240711000000id_/https://{PAGE}")
    assert answer.status_code == 302
    assert get(answer.headers["Location"]).status_code == 404


def test_robots_are_told_to_take_their_time(get: Get) -> None:
    assert "Crawl-delay: 1" in get("/robots.txt").text
