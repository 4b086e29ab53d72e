"""The walls of the house: which part imports which, as the table of docs/architecture.md says, and who may do what."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "ctgov_ingest"
MODULES = sorted(PACKAGE.rglob("*.py"))

ONLY_IN = {
    "sqlite3": {"store"},
    "apsw": {"store"},
    "sqlite_utils": {"store"},
    "requests": {"fetch"},
    "urllib": {"fetch"},
    "http": {"fetch"},
    "socket": {"fetch"},
    "urllib3": {"fetch"},
    "subprocess": {"fetch"},
    "pyrate_limiter": {"fetch"},
    "tenacity": {"fetch"},
    "filelock": {"sync", "store"},
    "apprise": {"digest"},
    "jinja2": {"digest", "showing"},
    "click": {"cli", "__main__"},
    "rich": {"cli"},
    "lxml": {"sources", "digest"},
    "bs4": {"sources"},
    "zstandard": {"store"},
    "msgspec": {"study", "fetch", "tables"},
    "pyarrow": {"convert"},
    "fsspec": {"convert"},
    "distributed": {"convert"},
}
"""Libraries that one part alone uses."""

PRESENTATIONS = {
    "api-v1": {"api_v1", "classic_record", "classic_pieces"},
    "api-v2": {
        "api_v2",
        "api_v2_exact",
        "api_v2_repair",
        "api_history",
    },  # a version in the history is an API v2 record, wrapped
    "api-history": {"api_history", "escapes"},
    "legacy-xml": {
        "legacy_xml",
        "legacy_xml_compile",
        "legacy_xml_listing",
        "legacy_xml_parse",
        "legacy_xml_results",
        "legacy_xml_rules",
        "legacy_xml_shapes",
        "legacy_xml_tables",
        "legacy_xml_text",
        "legacy_xml_walk",
        "legacy_xml_whole",
    },
    "study-page": {"study_page"},
    "tabular-page": {"tabular_page", "tabular_rows"},
    "results-page": {
        "results_analyses",
        "results_baseline",
        "results_events",
        "results_flow",
        "results_measures",
        "results_more",
        "results_outcomes",
        "results_page",
        "results_parts",
    },
    "page-text": {"page_text", "page_lines"},
    "archive-page": {"archive_page", "archive_changes", "archive_fields", "archive_shapes", "prs_fields"},
    "archive-index": {"archive_index"},
    "history-page": {"history_page", "history_fields", "history_shapes", "history_sites"},
    "history-index": {"history_index"},
}
"""Modules of one presentation: none of another may import them, only what ties all together."""

TIES = {"__init__", "pages", "site_pages"}
"""Modules of sources that tie presentations together."""

BUILT_UPON = {
    ("api_history", "api_v2"),
    ("history_page", "history_index"),
    ("tabular_page", "study_page"),
    ("results_page", "study_page"),
    ("results_more", "study_page"),
    ("results_page", "tabular_rows"),
}
"""Presentations that hold another: answers of the record history API v2 records, pages of one version the list, the
Tabular View and the results tab the header of a study page, and the results tab some rows of the Tabular View.
"""

BUILTIN_PRINTERS = {"print", "input"}


class Import(NamedTuple):
    """One import: the module that imports, and what it imports, with dots."""

    module: Path
    name: str
    line: int

    def __str__(self) -> str:
        return f"{self.module.relative_to(ROOT)}:{self.line}: {self.name}"


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), str(module))


def imports_of(module: Path) -> Iterator[Import]:
    """All imports, those inside functions too; `from a import b` counts as `a.b`."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (Import(module, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: imports are absolute here"
            yield from (Import(module, f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def part_of(module: Path) -> str:
    """The part that a module belongs to: its folder, or its own name."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def ours(module: Path) -> Iterator[tuple[Import, str]]:
    """Imports of our own package, each without the package's name."""
    for one in imports_of(module):
        if one.name.startswith("ctgov_ingest.") and one.name != "ctgov_ingest.__version__":
            yield one, one.name.removeprefix("ctgov_ingest.")


@cache
def table() -> dict[str, set[str]]:
    """What each part may import, from the table of the architecture page; `errors` may be imported by all."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = [row.strip("|").split("|") for row in re.findall(r"^\| `.*$", text, re.MULTILINE)]
    parts = {name for row in rows for name in _names(row[0])}
    allowed: dict[str, set[str]] = {}
    for row in rows:
        own = _names(row[0])
        named = _names(re.sub(r"\([^)]*\)", "", row[-1]))
        if row[-1].strip().startswith("all"):
            named = parts - named
        allowed |= {name: own | named | {"errors"} for name in own}
    return allowed


def _names(cell: str) -> set[str]:
    return {name.strip("/") for name in re.findall(r"`([\w./]+)`", cell)}


def test_the_table_names_the_parts() -> None:
    assert {"study", "values", "compare", "sources", "store", "cli", "ingest"} <= set(table())


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_a_module_imports_what_its_part_may(module: Path) -> None:
    part = part_of(module)
    if part in ("__init__", "__main__"):  # the doors of the house
        return
    assert part in table(), f"{part} is missing from the table of docs/architecture.md"
    allowed = table()[part]
    wrong = [
        str(one) for one, name in ours(module) if not any(name == may or name.startswith(f"{may}.") for may in allowed)
    ]
    assert not wrong, f"{part} may import {sorted(allowed)}"


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_used_in_its_part_alone(library: str) -> None:
    users = [
        str(one)
        for module in MODULES
        for one in imports_of(module)
        if one.name.split(".")[0] == library and part_of(module) not in ONLY_IN[library]
    ]
    assert not users


def test_of_the_digest_one_module_alone_speaks_to_others_and_only_when_asked() -> None:
    users = [one for module in MODULES for one in imports_of(module) if one.name.split(".")[0] == "apprise"]
    assert {one.module.name for one in users} == {"notify.py"}
    at_the_top = {node for node in tree_of(PACKAGE / "digest" / "notify.py").body if isinstance(node, ast.Import)}
    assert "apprise" not in {alias.name for node in at_the_top for alias in node.names}


def test_only_the_command_line_prints() -> None:
    prints = [
        f"{module.relative_to(ROOT)}:{node.lineno}"
        for module in MODULES
        if part_of(module) != "cli"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTIN_PRINTERS
    ]
    assert not prints


@pytest.mark.parametrize("presentation", PRESENTATIONS)
def test_a_presentation_is_imported_by_its_own_modules_and_the_ties_alone(presentation: str) -> None:
    own = PRESENTATIONS[presentation]
    users = [
        str(one)
        for module in sorted((PACKAGE / "sources").glob("*.py"))
        if module.stem not in own | TIES
        for one, name in ours(module)
        if name.startswith("sources.") and name.split(".")[1] in own
        if (module.stem, name.split(".")[1]) not in BUILT_UPON
    ]
    assert not users


def test_the_sources_take_nothing_of_compare_but_what_can_be_carried() -> None:
    taken = {name for module in (PACKAGE / "sources").glob("*.py") for _one, name in ours(module)}
    assert {name for name in taken if name.startswith("compare")} <= {"compare.carried.Carried"}


@pytest.mark.parametrize("part", ["study", "values", "compare", "sources"])
def test_what_reads_and_compares_knows_no_clock_and_no_files(part: str) -> None:
    wrong = [
        str(one)
        for module in sorted((PACKAGE / part).glob("*.py"))
        for one in imports_of(module)
        if one.name.split(".")[0] in ("time", "os", "pathlib", "subprocess", "tempfile", "shutil")
    ]
    assert not wrong
