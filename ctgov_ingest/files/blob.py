"""What files hold, as it is handed on: bytes and the place that they came from; and how much of it is read whole."""

from __future__ import annotations

from dataclasses import dataclass

from ctgov_ingest.errors import SourceError, TooLarge
from ctgov_ingest.sources import Failure

MAX_BYTES = 512 * 1024 * 1024
"""The largest file, member or line that is read whole."""


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of one file, member, line or item of a list, and where they came from."""

    source: str
    data: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)


class Unreachable(SourceError):
    """A file that is not there or cannot be opened."""

    code = "cannot-open"


def too_large(source: str, what: str) -> Failure:
    """Something over the limit, in words."""
    return Failure(source, TooLarge(f"expected {what} of at most {MAX_BYTES // 2**20} MiB, found more"))


def is_left_out(name: str) -> bool:
    """Whether a member of an archive is a folder, or what a system hides beside the files (`.name`, `__MACOSX/…`)."""
    parts = name.split("/")
    return (
        name.endswith("/") or parts[0] == "__MACOSX" or any(part.startswith(".") and part.strip(".") for part in parts)
    )
