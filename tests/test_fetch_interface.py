"""What the package offers, and what it costs to load it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ctgov_ingest import fetch
from ctgov_ingest.errors import FetchError, Overloaded


@pytest.mark.parametrize("name", fetch.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(fetch, name).__name__ == name


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Fetcher'"):
        _ = fetch.Fetcher


@pytest.mark.parametrize(
    "statement",
    [
        "import ctgov_ingest.fetch",
        "from ctgov_ingest.fetch import Search, Settings, Clock",
        "import ctgov_ingest.cli",
    ],
)
def test_a_search_and_the_help_need_no_requests(statement: str) -> None:
    program = f"{statement}; import sys; print(sorted({{'requests', 'pydantic', 'tenacity'}} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


def test_an_error_tells_where_and_how_often() -> None:
    error = Overloaded("the server failed (500)", url="http://x/y", status=500, tries=3)
    assert str(error) == "the server failed (500) (at http://x/y, in 3 tries)"
    assert error.as_json() == {
        "code": "overloaded",
        "message": "the server failed (500)",
        "url": "http://x/y",
        "status": 500,
        "tries": 3,
    }


def test_an_error_without_an_address_says_its_message() -> None:
    assert str(FetchError("something")) == "something"
