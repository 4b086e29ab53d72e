"""docs/tables.md says what the definitions say."""

from pathlib import Path

import pytest
from golden import check_page
from tables_page import text

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tables.md"


def test_the_page_is_what_the_definitions_give(request: pytest.FixtureRequest) -> None:
    check_page(PAGE, text(), request)
