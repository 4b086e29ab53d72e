"""Work in other processes, where there are none to be had."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEEDLESS = """
from ctgov_ingest import workers
print(list(workers.run(len, ["one", "three"], 2)))
"""
"""A program that begins its work wherever it is imported: a process that it starts ends before it begins."""


def test_processes_that_cannot_begin_are_told_and_no_piece_is_blamed(tmp_path: Path) -> None:
    program = tmp_path / "heedless.py"
    program.write_text(HEEDLESS, encoding="utf-8")
    ended = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "NoProcesses: expected other processes to read, found that each ends before it begins" in ended.stderr


def test_the_same_program_with_care_does_its_work(tmp_path: Path) -> None:
    program = tmp_path / "careful.py"
    careful = HEEDLESS.replace("print(", 'if __name__ == "__main__":\n    print(')
    program.write_text(careful, encoding="utf-8")
    ended = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120, check=True)
    assert ended.stdout == "[('one', 3), ('three', 5)]\n"
