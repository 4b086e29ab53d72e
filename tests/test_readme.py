"""The README shows what the program really prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

_SHOWN = re.findall(r"```\n\$ ctgov-ingest (?P<command>[^\n]+)\n(?P<output>.*?)```", README, re.DOTALL)
_PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def _run(arguments: list[str], db: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ctgov_ingest", *arguments],
        cwd=ROOT,
        env={**os.environ, "CTGOV_DB": str(db)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("readme") / "demo.db"
    assert _run(["ingest", "fixtures/demo"], db).returncode == 0
    return db


@pytest.mark.parametrize(("command", "output"), _SHOWN[1:], ids=[command for command, _ in _SHOWN[1:]])
def test_shown_output_is_real(command: str, output: str, demo_store: Path) -> None:
    assert _run(shlex.split(command), demo_store).stdout.strip() == output.strip()


def test_shown_ingest_is_real(tmp_path: Path) -> None:
    command, output = _SHOWN[0]
    assert _run(shlex.split(command), tmp_path / "new.db").stdout.strip() == output.strip()


@pytest.mark.parametrize("code", _PYTHON)
def test_shown_python_runs(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "NCT03986528 RECRUITING 334" in done.stdout


def test_every_command_has_a_line_in_the_table_of_uses() -> None:
    from ctgov_ingest.cli import COMMANDS

    assert [name for name in COMMANDS if f"ctgov-ingest {name}" not in README] == []


def test_every_make_target_is_named() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in targets if f"`{name}`" not in README] == []
