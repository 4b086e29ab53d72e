"""The errors of this package: each carries what it is about, so that a message can be built from data.

CtgovError
├── SourceError            bytes that give no record
│   ├── EmptyInput         nothing there
│   ├── UnknownPresentation   none of the known forms
│   ├── Refused            a page of the registry (or of a proxy) that is not a record
│   ├── Damaged            cut off, broken, or not what its form promises
│   └── TooLarge           over a limit on size, depth or unzip ratio
├── StoreError             the store cannot be used
└── NotHeld                a study or version that the store does not hold
"""

from __future__ import annotations


class CtgovError(Exception):
    """Base of all errors of this package. `code` is a stable word for machines."""

    code = "error"

    def __init__(self, message: str, *, place: str | None = None) -> None:
        """`message` says what was expected and found; `place` where in the input."""
        super().__init__(message)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return f"{self.message} (at {self.place})" if self.place else self.message


class SourceError(CtgovError):
    """Bytes that give no record."""

    code = "unreadable"


class EmptyInput(SourceError):
    """A file without content."""

    code = "empty"


class UnknownPresentation(SourceError):
    """None of the presentations that we know."""

    code = "unknown-presentation"


class Refused(SourceError):
    """A page that is recognised, but holds no record: an error page, a page rendered only in the browser."""

    code = "not-a-record"


class Damaged(SourceError):
    """Input that is cut off or broken."""

    code = "damaged"


class TooLarge(SourceError):
    """Input over a limit that protects the reader (size, depth, unzip ratio)."""

    code = "too-large"


class StoreError(CtgovError):
    """The store cannot be used: not a store of ours, made by a newer program, locked, or on a full disk."""

    code = "store"


class NotHeld(CtgovError):
    """A study or a version that the store does not hold."""

    code = "not-held"
