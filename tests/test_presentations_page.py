"""docs/presentations.md says what the tables in the code say."""

from pathlib import Path

import pytest
from golden import check_page
from presentations_page import COLUMNS, PASSED_OVER, PATHS, modules, rows_of, text

from ctgov_ingest.compare import RENDERED, REWRITTEN
from ctgov_ingest.sources import READERS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "presentations.md"


def test_the_page_is_what_the_tables_give(request: pytest.FixtureRequest) -> None:
    check_page(PAGE, text(), request)


def test_every_presentation_is_on_the_page() -> None:
    made = text()
    assert [name for name in READERS if f"`{name}`" not in made] == []


def test_every_field_is_in_one_row_with_its_own_marks() -> None:
    marks = {path: tuple(column.mark(path) for column in COLUMNS) for path in PATHS}
    told: list[str] = []
    for module in modules():
        for name, shown in rows_of(COLUMNS, module):
            found = [path for path in PATHS if is_in(name, path)]
            assert {marks[path] for path in found} == {shown}, name
            told += found
    assert sorted(told) == sorted(PATHS)


def is_in(row: str, path: str) -> bool:
    """Whether a row is of a path: `a.b`, `a.b, c` or `a.b: all of it`."""
    whole, _colon, all_of = row.partition(": ")
    first, *others = whole.split(", ")
    above = first.rpartition(".")[0]
    return path in (first, *(f"{above}.{name}" for name in others)) or bool(all_of and path.startswith(f"{whole}."))


def test_nothing_is_passed_over_without_a_reason() -> None:
    for reasons in PASSED_OVER.values():
        assert all(why.strip() for why in reasons.values())
    assert all(rule.why for rule in (*RENDERED, *REWRITTEN))
