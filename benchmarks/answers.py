"""What a client costs: pages of a search from a server in a process of its own, against reading and unpacking alone.

`python -m benchmarks.answers FOLDER` is that server: it sends the pages of the folder, and says its port first.
"""

from __future__ import annotations

import gzip
import http.client
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks.inputs import ROOT, Inputs, multiplied
from benchmarks.rounds import CPU, Case, Group
from ctgov_ingest.fetch import Client, Registry, Search, Settings
from ctgov_ingest.fetch.settings import FASTEST

PAGES = "search answers, page by page, proved"

PAGE_SIZE = 1000
TIMES = 3
"""The records, each so many times under other ids, make the pages."""


def groups(inputs: Inputs, folder: Path) -> Iterator[Group]:
    """One group; the server runs until the next is asked for."""
    count = _write(list(multiplied(inputs.records, TIMES)), folder)
    with _served(folder) as port, Client(Settings(f"http://127.0.0.1:{port}", rate=FASTEST)) as client:
        registry, connection = Registry(client), http.client.HTTPConnection("127.0.0.1", port)
        floor = Case("read from the socket, gunzip", lambda: _plainly(connection, count))
        case = Case(PAGES, lambda: _exhaust(registry), target=3)
        yield Group("Answers of a search, a study", CPU, len(inputs.records) * TIMES, floor, [case])
        connection.close()


def _write(records: Sequence[tuple[str, bytes]], folder: Path) -> int:
    """Write the pages, packed; gives how many there are."""
    starts = range(0, len(records), PAGE_SIZE)
    for page, start in enumerate(starts):
        studies = b",".join(data for _, data in records[start : start + PAGE_SIZE])
        total = b'"totalCount":%d,' % len(records) if page == 0 else b""
        token = b',"nextPageToken":"%d"' % (page + 1) if page + 1 < len(starts) else b""
        body = b'{%s"studies":[%s]%s}' % (total, studies, token)
        (folder / f"page-{page}.json.gz").write_bytes(gzip.compress(body, 6))
    return len(starts)


def _plainly(connection: http.client.HTTPConnection, count: int) -> None:
    for page in range(count):
        connection.request("GET", f"/api/v2/studies?pageToken={page}")
        gzip.decompress(connection.getresponse().read())


def _exhaust(registry: Registry) -> None:
    deque(registry.pages(Search()), maxlen=0)


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.answers", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  # ours
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


class _Pages(BaseHTTPRequestHandler):
    """Sends the page that is asked for, the first without a token."""

    protocol_version = "HTTP/1.1"
    folder = Path()

    def do_GET(self) -> None:
        """Answer."""
        token = parse_qs(urlsplit(self.path).query).get("pageToken", ["0"])[0]
        body = (self.folder / f"page-{int(token)}.json.gz").read_bytes()
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _serve(folder: str) -> None:
    _Pages.folder = Path(folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    _serve(sys.argv[1])
