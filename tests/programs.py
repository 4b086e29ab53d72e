"""The command line run as a program: in a pipe, and on a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any, NamedTuple

PROGRAM = (sys.executable, "-m", "ctgov_ingest")


class Told(NamedTuple):
    out: str
    err: str
    code: int

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(folder: Path, *words: str | Path, db: str = "ctgov.db", **more: Any) -> Told:
    environment = {**os.environ, "CTGOV_DB": db, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([*PROGRAM, *words], cwd=folder, env=environment, capture_output=True, timeout=120, **more)
    return Told(done.stdout.decode(), done.stderr.decode(), done.returncode)


def on_a_terminal(folder: Path, columns: int, *words: str, **more: Any) -> str:
    """What a terminal is given, without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", given_to_a_terminal(folder, columns, *words, **more))


def given_to_a_terminal(folder: Path, columns: int, *words: str, **more: Any) -> str:
    """What a terminal is given; `env` is put beside the environment, without what would change how it looks."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    hidden = {"COLUMNS", "LINES", "NO_COLOR"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"TERM": "xterm-256color", "CTGOV_DB": "ctgov.db", **more.pop("env", {})}
    command = [*PROGRAM, *words]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=theirs, stderr=theirs, **more):
        os.close(theirs)
        given = b""
        while piece := read(ours):
            given += piece
    os.close(ours)
    return given.decode().replace("\r\n", "\n")


def read(terminal: int) -> bytes:
    """What there is to read on a terminal; nothing where its other side is closed."""
    try:
        return os.read(terminal, 65536)
    except OSError:  # its other side is closed
        return b""
