"""A large file to disk: beside its place until whole, resumed where cut, begun anew when it changed meanwhile."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ctgov_ingest import jsontext
from ctgov_ingest.errors import Incomplete, StoreError, TooLarge, Unexpected
from ctgov_ingest.fetch.body import content_length, is_plain
from ctgov_ingest.fetch.client import NOT_MODIFIED, Client, with_params
from ctgov_ingest.fetch.settings import Settings
from ctgov_ingest.fetch.statuses import refusal
from ctgov_ingest.fetch.stream import Stream
from ctgov_ingest.fetch.whole import Cut, Strange
from ctgov_ingest.fetch.zipped import damage

Advance = Callable[[int, int | None], None]
"""Is told the bytes that are there, and how many there will be, when that is known."""

WHOLE, PART, NO_SUCH_PART = 200, 206, 416

_RANGE = re.compile(r"bytes (?:([0-9]+)-[0-9]+|\*)/([0-9]+)$")


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is whole. `resumed_at`: how many of its bytes were there from an earlier run."""

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

    Until it is whole it is `path` with `.part` behind its name, which is kept for the next run. Raises FetchError, and
    StoreError where it cannot be written.
    """
    try:
        return _download(client, with_params(url, params), _Part(path, client.settings, advance), etag)
    except OSError as error:
        raise StoreError(f"the download cannot be written: {error.strerror or error}", place=str(path)) from error


def _download(client: Client, url: str, part: _Part, etag: str | None) -> Download | None:
    def headers() -> Mapping[str, str]:
        return {"Accept-Encoding": "identity", **({"If-None-Match": etag} if etag else {}), **part.range()}

    def finish(url: str, stream: Stream) -> bool:
        if etag and stream.status == NOT_MODIFIED:
            return False
        if stream.status == NO_SUCH_PART:
            part.require_whole(stream)
        elif stream.status in (WHOLE, PART):
            part.take(stream)
        else:
            raise refusal(url, stream, client.clock.now())
        return True

    is_new = client.exchange(url, headers, finish, patience=client.settings.for_downloads)
    return part.done(url) if is_new else None


class _Part:
    """The part of a file that is there, with what tells whether it still belongs to what the server has."""

    def __init__(self, path: Path, settings: Settings, advance: Advance | None) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._note = path.with_name(f"{path.name}.part.json")
        self._settings = settings
        self._advance = advance or _nobody
        self._begun = 0
        self._etag = self._noted()
        if self._etag is None:
            self._discard()
        self._resumed_at = self.size

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
        return {"Range": f"bytes={size}-", "If-Range": self._etag} if size and self._etag else {}

    def take(self, stream: Stream) -> None:
        """Write what comes: the rest of a file, or a whole one. Raises Cut when it stops before its end."""
        if not is_plain(stream.headers):
            raise Strange("a packed body, which was not asked for")
        if stream.status == WHOLE:
            self._begin(stream.headers.get("etag"))
            total = content_length(stream.headers)
        else:
            total = self._go_on(stream)
        self._require_room(total)
        size = self._write(stream, total)
        if total is not None and size != total:
            raise Cut(f"expected {total:,} bytes, received {size:,}")
        if total is None and (why := damage(self._part)):
            raise Cut(why)

    def _begin(self, etag: str | None) -> None:
        self._discard()
        self._resumed_at = 0
        self._begun += 1
        if self._begun > self._settings.tries:
            raise Unexpected(f"the download was begun {self._settings.tries} times and cut each time: try later")
        self._etag = etag if etag and not etag.startswith("W/") else None  # a weak mark does not tell bytes apart
        self._note.write_bytes(jsontext.dumps({"etag": self._etag}))

    def _go_on(self, stream: Stream) -> int:
        """How long the whole is, when what comes is the rest of what is there."""
        found = _RANGE.match(stream.headers.get("content-range", ""))
        if not found or found[1] != str(self.size) or stream.headers.get("etag", self._etag) != self._etag:
            self._discard()
            raise Cut("the server sent another part than the one that is missing")
        return int(found[2])

    def _require_room(self, total: int | None) -> None:
        """Refuse, before any of it is there, what is too large for us or for the disk."""
        if total is None:
            return
        if total > self._settings.largest_download:
            raise TooLarge(f"expected at most {self._settings.largest_download:,} bytes, found {total:,}")
        free, missing = shutil.disk_usage(self._path.parent).free, total - self.size
        if missing > free:
            raise StoreError(f"the download needs {missing:,} bytes, free are {free:,}", place=str(self._path.parent))

    def _write(self, stream: Stream, total: int | None) -> int:
        with self._part.open("ab") as file:
            size = file.tell()
            for chunk in stream.chunks:
                size += file.write(chunk)
                if size > self._settings.largest_download:
                    self._discard()
                    raise TooLarge(f"expected at most {self._settings.largest_download:,} bytes, found more")
                self._advance(size, total)
            file.flush()
            os.fsync(file.fileno())
        return size

    def require_whole(self, stream: Stream) -> None:
        """Raises Cut unless there is nothing behind what is there, as the server says; then begins anew."""
        found = _RANGE.match(stream.headers.get("content-range", ""))
        if not found or found[2] != str(self.size):
            self._discard()
            raise Cut("what is there is not the beginning of what the server has")

    def _discard(self) -> None:
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def done(self, url: str) -> Download:
        """Check that the zip is whole, and give it its name."""
        if why := damage(self._part):
            self._discard()
            raise Incomplete(f"the download has its full length, but {why}: try again", url=url, status=WHOLE)
        size = self.size
        self._part.replace(self._path)
        self._note.unlink(missing_ok=True)
        return Download(self._path, size, self._etag, self._resumed_at)


def _nobody(_done: int, _total: int | None) -> None:
    pass
