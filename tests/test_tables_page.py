"""docs/tables.md says what the definitions say."""

from pathlib import Path

import pytest
from tables_page import text

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tables.md"


def test_the_page_is_what_the_definitions_give(request: pytest.FixtureRequest) -> None:
    made = text()
    if request.config.getoption("--write-golden"):
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
            PAGE.write_text(made, encoding="utf-8")
            pytest.fail(f"{PAGE.name}: written, review it")
        return
    assert PAGE.read_text(encoding="utf-8") == made, "docs/tables.md is out of date: make golden"
