"""Golden expectations: what a fixture reads as, beside it as `<name>.expected.json`, and how the two differ."""

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from ctgov_ingest.sources import Failure, Reading, Stubs, scan

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
READ = (
    "study-page",
    "tabular-page",
    "results-page",
    "page-text",
    "api-v2",
    "api-v1",
    "api-history",
    "legacy-xml",
    "archive-page",
    "archive-index",
    "history-page",
    "history-index",
    "demo",
)
REFUSED = "refused"
SUFFIX = ".expected.json"


def check_page(page: Path, made: str, request: pytest.FixtureRequest) -> None:
    """A page of docs/ is what the code makes it; on request it is written anew, which fails."""
    if request.config.getoption("--write-golden"):
        if not page.exists() or page.read_text(encoding="utf-8") != made:
            page.write_text(made, encoding="utf-8")
            pytest.fail(f"{page.name}: written, review it")
        return
    assert page.read_text(encoding="utf-8") == made, f"docs/{page.name} is out of date: make golden"


def inputs() -> list[Path]:
    """The fixtures that have an expectation each. Zips are opened elsewhere."""
    files = (file for folder in (*READ, REFUSED) for file in sorted((FIXTURES / folder).iterdir()))
    return [file for file in files if not file.name.endswith((SUFFIX, ".md", ".zip"))]


def expectations() -> list[Path]:
    """All expectations that are there."""
    return sorted(FIXTURES.rglob(f"*{SUFFIX}"))


def expectation_of(file: Path) -> Path:
    """Where the expectation of a fixture stands: beside it, but the demo's folder holds records only."""
    folder = FIXTURES / "demo-expected" if file.parent.name == "demo" else file.parent
    return folder / (file.name + SUFFIX)


def reading_of(file: Path) -> Any:
    """What a fixture reads as, as plain values."""
    outcomes = [_plain(outcome) for outcome in scan(file.read_bytes(), file.name)]
    return outcomes[0] if len(outcomes) == 1 else outcomes


def _plain(outcome: Reading | Stubs | Failure) -> dict[str, Any]:
    if isinstance(outcome, Failure):
        return {"error": outcome.as_json()["error"]}
    if isinstance(outcome, Stubs):
        return {**outcome.as_json(), **_notes(outcome)}
    return {
        "presentation": outcome.presentation,
        "source": outcome.source,
        "nct_id": outcome.nct_id,
        "retrieved": outcome.retrieved,
        **_notes(outcome),
        "study": orjson.loads(orjson.dumps(outcome.study.document())),
    }


def _notes(outcome: Reading | Stubs) -> dict[str, Any]:
    return {
        "unread": [_filled(label=one.label, text=one.text, place=one.place) for one in outcome.unread],
        "issues": [_filled(code=one.code, path=one.path, raw=one.raw, place=one.place) for one in outcome.issues],
    }


def _filled(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def as_text(value: Any) -> str:
    """An expectation as it stands in its file."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def differences(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    """What differs, a field at a time, each with its own difference."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in dict.fromkeys([*expected, *found]):
            below = f"{path}.{name}".lstrip(".")
            if name not in found:
                yield f"{below}: is gone; expected {_short(expected[name])}"
            elif name not in expected:
                yield f"{below}: is new; found {_short(found[name])}"
            else:
                yield from differences(expected[name], found[name], below)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for at, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{path}[{at}]")
    elif expected != found:
        yield f"{path}:\n{_diff(expected, found)}"


def _diff(expected: Any, found: Any) -> str:
    if isinstance(expected, list) or isinstance(found, list) or "\n" in f"{expected}{found}":
        lines = difflib.unified_diff(_lines(expected), _lines(found), "expected", "found", lineterm="", n=1)
        return "\n".join(f"    {line}" for line in lines)
    return f"    expected {expected!r}\n    found    {found!r}"


def _lines(value: Any) -> list[str]:
    return (value if isinstance(value, str) else as_text(value)).splitlines()


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:199]}…"
