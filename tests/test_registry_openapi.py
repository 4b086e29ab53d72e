"""The judge of requests knows good ones from bad ones."""

from __future__ import annotations

import re

import pytest
import requests
from registry import Registry
from registry.openapi import DESCRIPTION, assert_valid_log, assert_valid_request, needs_description
from registry.search import KNOWN, STATUSES, UNSUPPORTED

pytestmark = needs_description

SEARCH = "/api/v2/studies"


@pytest.mark.parametrize(
    ("path", "params"),
    [
        (SEARCH, []),
        (
            SEARCH,
            [("pageSize", "1000"), ("countTotal", "true"), ("sort", "LastUpdatePostDate:desc"), ("format", "json")],
        ),
        (SEARCH, [("filter.ids", "NCT00000001|NCT00000002"), ("fields", "NCTId|OverallStatus")]),
        (SEARCH, [("query.term", "AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]"), ("pageToken", "abc")]),
        (SEARCH, [("filter.overallStatus", "UNKNOWN|RECRUITING")]),
        ("/api/v2/studies/NCT04852770", [("fields", "NCTId")]),
        ("/api/v2/version", []),
        ("/api/v2/studies/download", [("format", "json.zip")]),  # not described: passed over by name
    ],
)
def test_a_valid_request_passes(path: str, params: list[tuple[str, str]]) -> None:
    assert_valid_request("GET", path, params)


@pytest.mark.parametrize(
    ("path", "params", "wrong"),
    [
        (SEARCH, [("query.bogus", "x")], "query.bogus"),
        (SEARCH, [("filter.ids", "NCT00000001,NCT00000002")], "does not match"),  # commas work, but are not described
        (SEARCH, [("filter.overallStatus", "Unknown")], "is not one of"),
        (SEARCH, [("sort", "StartDate|CompletionDate|EnrollmentCount")], "too long"),
        (SEARCH, [("pageSize", "many")], "integer"),
        (SEARCH, [("countTotal", "perhaps")], "boolean"),
        (SEARCH, [("fields", "")], "does not match"),
        ("/api/v2/studies/NCT1x", [], "does not match"),
        ("/api/v2/studies/NCT04852770", [("pageSize", "10")], "pageSize"),
        ("/api/v2/history", [], "not found"),
    ],
)
def test_an_invalid_request_is_told(path: str, params: list[tuple[str, str]], wrong: str) -> None:
    with pytest.raises(AssertionError, match=wrong):
        assert_valid_request("GET", path, params)


def test_only_get_is_described() -> None:
    with pytest.raises(AssertionError):
        assert_valid_request("POST", SEARCH, [])


def test_a_log_is_judged_whole(registry: Registry) -> None:
    requests.get(f"{registry.url}/api/v2/version", timeout=5)
    requests.get(f"{registry.url}/api/v2/version", timeout=5)
    requests.get(f"{registry.url}/robots.txt", timeout=5)
    assert assert_valid_log(registry.log) == 1
    requests.get(f"{registry.url}{SEARCH}?bogus=1", timeout=5)
    with pytest.raises(AssertionError, match="bogus"):
        assert_valid_log(registry.log)


def test_the_server_knows_every_parameter_that_is_described() -> None:
    text = DESCRIPTION.read_text(encoding="utf-8")
    search = text.partition("  /studies:")[2].partition("  /studies/{nctId}:")[0]
    described = {line.split('"')[1] for line in search.splitlines() if line.startswith('      - name: "')}
    assert described == KNOWN | UNSUPPORTED


def test_the_server_knows_every_status_that_is_described() -> None:
    text = DESCRIPTION.read_text(encoding="utf-8")
    status = re.match(r"(?:      .*\n)*", text.partition("    Status:\n")[2])
    assert status is not None
    assert set(re.findall(r'- "(\w+)"', status[0])) == set(STATUSES)
