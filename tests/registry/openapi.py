"""Whether requests to `/api/v2` are valid by the registry's own OpenAPI description, which lies beside the project."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from .log import Entry

DESCRIPTION = Path(__file__).resolve().parents[3] / "shared" / "spec" / "ctg-oas-v2.yaml"
BASE = "/api/v2"
UNDESCRIBED = frozenset({f"{BASE}/studies/download"})
"""What the registry serves without describing it."""

needs_description = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="the registry's OpenAPI description (shared/spec, beside the project) is not here"
)


def assert_valid_log(entries: Iterable[Entry]) -> int:
    """Hold every request to `/api/v2` against the description. Gives the number of different ones that were checked."""
    different = {(entry.method, entry.path, entry.params) for entry in entries if entry.path.startswith(BASE)}
    for method, path, params in sorted(different):
        assert_valid_request(method, path, params)
    return len(different)


def assert_valid_request(method: str, path: str, params: Iterable[tuple[str, str]]) -> None:
    """Hold one request against the description. Raises AssertionError with what is wrong with it."""
    if path not in UNDESCRIBED and (wrong := _wrong(method, path, tuple(params))):
        raise AssertionError(f"{method} {path}?{urlencode(tuple(params))}: {wrong}")


@cache
def _wrong(method: str, path: str, params: tuple[tuple[str, str], ...]) -> str | None:
    """Say what is wrong with a request. Validators of OpenAPI pass over parameters of unknown names; this does not."""
    request = _Request(method, path, params)
    try:
        _description().validate_request(request)
    except OpenAPIError as error:
        return ": ".join(str(one) for one in (error, error.__cause__) if one)
    strange = sorted({name for name, _ in params} - _names(path))
    return f"parameters that are not described: {', '.join(strange)}" if strange else None


@cache
def _description() -> OpenAPI:
    return OpenAPI.from_file_path(str(DESCRIPTION))


def _names(path: str) -> set[str]:
    """The names of the parameters of a path."""
    paths = _description().spec / "paths"
    place = path.removeprefix(BASE)
    with paths.open() as found:
        template = place if place in found else "/studies/{nctId}"
        return {one["name"] for one in found[template]["get"]["parameters"] if one["in"] == "query"}


class _Request:
    """A request in the words of the validator."""

    host_url = "https://clinicaltrials.gov"
    body = None
    content_type = ""

    def __init__(self, method: str, path: str, params: tuple[tuple[str, str], ...]) -> None:
        self.method = method.lower()
        self.path = path
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(params), header=Headers({}), cookie=ImmutableMultiDict({})
        )
