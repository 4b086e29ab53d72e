"""A large file to disk: beside its place until whole, resumed where cut, begun anew when it changed meanwhile."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ctgov_ingest import jsontext
from ctgov_ingest.errors import FetchError, Incomplete, TooLarge
from ctgov_ingest.fetch.body import content_length
from ctgov_ingest.fetch.client import NOT_MODIFIED, Client, with_params
from ctgov_ingest.fetch.statuses import refusal
from ctgov_ingest.fetch.transport import Stream
from ctgov_ingest.fetch.whole import Cut, Strange

Advance = Callable[[int, int | None], None]
"""Is told the bytes that are there, and how many there will be, when that is known."""

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)$")
_REFUSAL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is whole. `resumed_at`: how much of it was there from an earlier run."""

    path: Path
    size: int
    etag: str | None
    resumed_at: int


def download(
    client: Client,
    url: str,
    params: Mapping[str, str],
    path: Path,
    *,
    advance: Advance | None = None,
    etag: str | None = None,
) -> Download | None:
    """Download a zip to `path`; None when it is still the one of `etag`.

    Until it is whole it is `path` with `.part` behind its name, which is kept for the next run. Raises FetchError.
    """
    part = _Part(path, client.settings.largest_download, advance)
    begun = part.size
    address = with_params(url, params)
    same = {"If-None-Match": etag} if etag else {}

    def finish(url: str, stream: Stream) -> bool:
        if etag and stream.status == NOT_MODIFIED:
            return False
        if stream.status not in (200, 206):
            raise _refused(client, url, stream, part)
        received = part.size
        try:
            part.take(stream)
        finally:
            client.traffic.bytes_received += max(0, part.size - received)
        return True

    settings = client.settings
    new = client.exchange(
        address,
        lambda: {"Accept-Encoding": "identity", **same, **part.range()},
        finish,
        limit=settings.download_timeout,
        tries=settings.download_tries,
    )
    return part.done(address, begun) if new else None


def _refused(client: Client, url: str, stream: Stream, part: _Part) -> FetchError:
    if stream.status == 416:  # what is there is not the beginning of what the server has
        part.discard()
        return Incomplete("the file changed while it was downloaded", url=url, status=416)
    body = b""
    for chunk in stream.chunks:
        body += chunk
        if len(body) > _REFUSAL_BYTES:
            break
    return refusal(url, stream.status, stream.headers, body, client.clock.now())


class _Part:
    """The part of a file that is there, with what tells whether it still belongs to what the server has."""

    def __init__(self, path: Path, largest: int, advance: Advance | None) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._note = path.with_name(f"{path.name}.part.json")
        self._largest = largest
        self._advance = advance
        self._total: int | None = None
        self.etag: str | None = self._noted()
        if self.etag is None:
            self.discard()

    def _noted(self) -> str | None:
        try:
            etag = jsontext.loads(self._note.read_bytes())["etag"]
        except (OSError, jsontext.NotJson, KeyError, TypeError):
            return None  # nothing there, or not of our writing: begin anew
        return etag if isinstance(etag, str) else None

    @property
    def size(self) -> int:
        """How much is there."""
        return self._part.stat().st_size if self._part.exists() else 0

    def range(self) -> dict[str, str]:
        """Headers that ask for the rest only, as long as the file is the same."""
        size = self.size
        return {"Range": f"bytes={size}-", "If-Range": self.etag} if size and self.etag else {}

    def take(self, stream: Stream) -> None:
        """Write what comes: the rest of a file, or a whole one. Raises Cut when it stops before its end."""
        start, self._total = self._place(stream)
        if start == 0:
            self.discard()
            self._remember(stream.headers.get("etag"))
        with self._part.open("ab") as file:
            size = start
            for chunk in stream.chunks:
                size += file.write(chunk)
                if size > self._largest:
                    raise TooLarge(f"expected a download of at most {self._largest:,} bytes, found more")
                if self._advance:
                    self._advance(size, self._total)
            file.flush()
            os.fsync(file.fileno())
        if self._total is not None and size != self._total:
            raise Cut(f"expected {self._total:,} bytes, received {size:,}")
        if self._total is None and (why := damage(self._part)):
            raise Cut(why)

    def _place(self, stream: Stream) -> tuple[int, int | None]:
        """Where what comes begins, and how long the whole is."""
        if "content-encoding" in stream.headers:
            raise Strange(f"a body packed as {stream.headers['content-encoding']}, which was not asked for")
        if stream.status == 200:
            return 0, content_length(stream.headers)
        found = _RANGE.match(stream.headers.get("content-range", ""))
        if not found or int(found[1]) != self.size or stream.headers.get("etag", self.etag) != self.etag:
            self.discard()
            raise Cut("the server sent another part than the one that is missing")
        return int(found[1]), int(found[2])

    def _remember(self, etag: str | None) -> None:
        self.etag = etag if etag and not etag.startswith("W/") else None  # a weak mark does not tell bytes apart
        self._note.write_bytes(jsontext.dumps({"etag": self.etag}))

    def discard(self) -> None:
        """Begin anew."""
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def done(self, url: str, begun: int) -> Download:
        """Check that the zip is whole and give it its name."""
        if why := damage(self._part):
            self.discard()
            raise Incomplete(f"the download has its full length, but {why}: try again", url=url, status=200)
        size = self.size
        self._part.replace(self._path)
        self._note.unlink(missing_ok=True)
        return Download(self._path, size, self.etag, begun)


def damage(path: Path) -> str | None:
    """What is wrong with a zip as a whole: its directory stands at its end, and names every member. None: nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            return None if archive.infolist() else "the zip is empty"
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        return f"the zip is not whole: {error}"
