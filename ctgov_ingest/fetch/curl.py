"""One exchange over the `curl` program: the record history has been seen to refuse Python and to answer curl."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from typing import TypeAlias, cast

from ctgov_ingest.errors import FetchError, Incomplete, Unreachable, WrongSetting
from ctgov_ingest.fetch.settings import Settings
from ctgov_ingest.fetch.stream import CHUNK, Stream

_Process: TypeAlias = "subprocess.Popen[bytes]"

_LONGEST_LINE = 64 * 1024
_MOST_LINES = 1000
_GRACE = 5.0

_FLAGS = (
    "--disable",  # no ~/.curlrc
    "--silent",
    "--show-error",
    "--globoff",  # brackets in addresses are brackets
    "--include",
    "--suppress-connect-headers",
    "--no-buffer",
)

_EXITS: dict[int, tuple[type[FetchError], str]] = {
    5: (Unreachable, "the name of the proxy is not known: check HTTP_PROXY and HTTPS_PROXY"),
    6: (Unreachable, "the name of the server is not known: check the address and the network"),
    7: (Unreachable, "the connection was refused: check the address, or try later"),
    18: (Incomplete, "the answer was cut off"),
    28: (Unreachable, "the answer was not there within the time: try later"),
    35: (Unreachable, "TLS broke"),
    52: (Unreachable, "the connection broke without an answer"),
    56: (Unreachable, "the connection broke"),
    60: (Unreachable, "the server's certificate cannot be trusted"),
    92: (Incomplete, "the answer was cut off"),
}
"""What curl's exit codes mean."""


class CurlTransport:
    """A process for each request. Raises WrongSetting where there is no curl."""

    def __init__(self, settings: Settings) -> None:
        found = shutil.which("curl")
        if found is None:
            raise WrongSetting("expected the curl program on the PATH, found none: install curl")
        self._program = found
        self._settings = settings

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str], limit: float) -> Iterator[Stream]:
        """Ask; what is not read of the answer is not waited for."""
        with _started(self._command(url, headers, limit)) as (curl, out):
            first = _head(out)
            if first is None:
                raise _told(curl, url)
            yield Stream(*first, _chunks(curl, out, url))

    def _command(self, url: str, headers: Mapping[str, str], limit: float) -> list[str]:
        values = {
            "--proto": "=http,https",
            "--max-time": f"{limit:.3f}",
            "--connect-timeout": f"{self._settings.connect_timeout:.3f}",
            "--speed-limit": "1",  # byte a second, for so many seconds:
            "--speed-time": str(max(1, round(self._settings.read_timeout))),
        }
        valued = [text for pair in values.items() for text in pair]
        said = [text for name, value in headers.items() for text in ("--header", f"{name}: {value}")]
        return [self._program, *_FLAGS, *valued, *said, "--url", url]

    def close(self) -> None:
        """Nothing is kept between requests."""


@contextmanager
def _started(command: list[str]) -> Iterator[tuple[_Process, BufferedReader]]:
    """A process and what it writes, until nobody wants more."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as curl:  # noqa: S603
        try:
            yield curl, cast("BufferedReader", curl.stdout)
        finally:
            curl.kill()


def _head(out: BufferedReader) -> tuple[int, dict[str, str]] | None:
    """The status and the headers of the answer proper, behind interim ones; None where there is none."""
    while True:
        status = out.readline(_LONGEST_LINE).split()
        if len(status) < 2 or not status[0].startswith(b"HTTP/") or not status[1].isdigit():
            return None
        headers = dict(_headers(out))
        if int(status[1]) >= 200:
            return int(status[1]), headers


def _headers(out: BufferedReader) -> Iterator[tuple[str, str]]:
    for _ in range(_MOST_LINES):
        line = out.readline(_LONGEST_LINE).strip()
        if not line:
            return
        name, _, value = line.decode("latin-1").partition(":")
        yield name.strip().lower(), value.strip()


def _chunks(curl: _Process, out: BufferedReader, url: str) -> Iterator[bytes]:
    while chunk := out.read1(CHUNK):
        yield chunk
    if _ended(curl):
        raise _told(curl, url)


def _ended(curl: _Process) -> int:
    """The exit code; of a process that has closed its output and does not end, that of being killed."""
    try:
        return curl.wait(_GRACE)
    except subprocess.TimeoutExpired:
        curl.kill()
        return curl.wait()


def _told(curl: _Process, url: str) -> FetchError:
    code = _ended(curl)
    words = cast("BufferedReader", curl.stderr).read(2000).decode("utf-8", "replace").strip()
    kind, message = _EXITS.get(code, (Unreachable, f"curl ended with code {code}"))
    return kind(f"{message} ({words})" if words else message, url=url)
