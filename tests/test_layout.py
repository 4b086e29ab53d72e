"""The shape of the code: every module says what it is for, none is too long, nor any function."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "ctgov_ingest"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST_MODULE = 450
LONGEST_FUNCTION = 60

TABLES = {
    "study/vocabularies.py": "the registry's vocabularies, a member a line",
}
"""Modules that are tables of data, and may be longer."""


def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def name_of(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = ast.walk(tree_of(module))
    return (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_says_what_it_is_for(module: Path) -> None:
    tree = tree_of(module)
    assert ast.get_docstring(tree) or not tree.body


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_is_not_too_long(module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE or name_of(module) in TABLES


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_function_is_too_long(module: Path) -> None:
    long = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions(module)}
    assert not {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION}


def exported(module: Path) -> list[str]:
    for node in tree_of(module).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            assert isinstance(node, ast.Assign)
            return list(ast.literal_eval(node.value))
    return []


def order(name: str) -> tuple[int, str]:
    """Constants, classes, functions; each by the alphabet."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


@pytest.mark.parametrize("module", [module for module in MODULES if module.name == "__init__.py"], ids=name_of)
def test_what_a_package_offers_is_sorted(module: Path) -> None:
    names = exported(module)
    assert names == sorted(names, key=order)
    assert len(names) == len(set(names))


def test_every_table_of_data_is_still_there() -> None:
    assert all((PACKAGE / name).exists() for name in TABLES)
