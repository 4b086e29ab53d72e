"""The errors of this package: each carries what it is about, so that a message can be built from data.

CtgovError
├── SourceError            bytes that give no record
│   ├── EmptyInput         nothing there
│   ├── UnknownPresentation   none of the known forms
│   ├── Refused            a page of the registry (or of a proxy) that is not a record
│   ├── Damaged            cut off, broken, or not what its form promises
│   └── TooLarge           over a limit on size, depth or unzip ratio
├── FetchError             an answer that was asked for over HTTP and did not come whole
│   ├── Unreachable        no connection: name, address, timeout, reset
│   ├── Incomplete         cut off, repeated, or with rows missing
│   │   └── Suspicious     whole, and hard to believe
│   ├── Overloaded         asked to come back later, or the server itself failed
│   ├── Forbidden          access is refused
│   ├── Rejected           the registry cannot do what was asked, in its own words
│   ├── NoSuchVersion      the record history has no version of that number, or none of the study
│   ├── NoSuchCapture      the archive lists a capture that it does not show
│   └── Unexpected         an answer that the registry does not give by its documentation
│       └── NotAnAnswer    a page, or another thing, in the place of the answer: it may pass
├── WrongSetting           a setting or a search that cannot be
├── NotTold                news that did not reach those who are to be told
│   ├── NotSent            a service did not take them
│   └── UnusableFeed       the feed's file cannot be added to
├── NotConverted           no data set was made
├── NoProcesses            no other process can do anything
├── Inapplicable           changes that do not belong to the document
├── StoreError             the store cannot be used
└── NotHeld                a study or version that the store does not hold
"""

from __future__ import annotations

from datetime import datetime
from typing import Any


class CtgovError(Exception):
    """Base of all errors of this package. `code` is a stable word for machines."""

    code = "error"
    exit_code = 1
    """What a command ends with."""

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


class FetchError(CtgovError):
    """What was asked for over HTTP did not come, or not whole.

    `url` was asked, `status` was answered (None: nothing was), in `tries` tries; `until` is the time before which the
    server wants to be left alone; `numbers` are the counts that a message speaks of.
    """

    code = "fetch"
    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        url: str | None = None,
        status: int | None = None,
        tries: int = 1,
        until: datetime | None = None,
        **numbers: int,
    ) -> None:
        super().__init__(message, place=url)
        self.url = url
        self.status = status
        self.tries = tries
        self.until = until
        self.numbers = numbers

    def __str__(self) -> str:
        times = f", in {self.tries} tries" if self.tries > 1 else ""
        return f"{self.message} (at {self.url}{times})" if self.url else self.message

    def as_json(self) -> dict[str, Any]:
        """What is known about it, for machines."""
        about = {"url": self.url, "status": self.status, "tries": self.tries, **self.numbers}
        until = {"until": self.until.isoformat()} if self.until else {}
        return {"code": self.code, "message": self.message, **about, **until}


class Unreachable(FetchError):
    """No connection, or one that broke: the name is not known, refused, a timeout, reset."""

    code = "unreachable"


class Incomplete(FetchError):
    """An answer that is cut off, repeats itself, or does not add up to what it promises."""

    code = "incomplete"


class Suspicious(Incomplete):
    """What the registry shows is hard to believe: too many studies are gone, or have changed, at once."""

    code = "suspicious"


class Overloaded(FetchError):
    """The server wants to be left alone for a while, or failed itself."""

    code = "overloaded"


class Forbidden(FetchError):
    """Access is refused to this client or from this address."""

    code = "forbidden"


class Rejected(FetchError):
    """The registry cannot do what was asked; the message has its own words."""

    code = "rejected"


class NoSuchVersion(FetchError):
    """The record history of a study has no version of that number, or the registry has no such study."""

    code = "no-such-version"


class NoSuchCapture(FetchError):
    """The Internet Archive lists a capture that it does not show: it leads to another moment, or is blocked."""

    code = "no-such-capture"


class Unexpected(FetchError):
    """An answer that the registry does not give by its documentation: too large, sent to another host."""

    code = "unexpected"


class NotAnAnswer(Unexpected):
    """Something in the place of the answer: a page of a proxy or of the registry, a 404 not in the registry's words."""

    code = "not-an-answer"


class WrongSetting(CtgovError):
    """A setting, or a search, that cannot be: wrong usage, to be mended by who typed it."""

    code = "setting"
    exit_code = 2


class NoProcesses(CtgovError):
    """No other process can do anything: each ends before it begins, for want of memory, or of leave to start any."""

    code = "no-processes"


class NotConverted(CtgovError):
    """No data set was made of files: the output cannot be written, or a cluster could not do it."""

    code = "not-converted"


class Inapplicable(CtgovError):
    """Changes that were told of another document than the one to which they are applied."""

    code = "inapplicable"


class NotTold(CtgovError):
    """News that did not reach those who are to be told: they stay news, for the next run to tell."""

    code = "not-told"


class NotSent(NotTold):
    """A service did not take a digest; the message names it without its secrets, and gives its reason."""

    code = "not-sent"


class UnusableFeed(NotTold):
    """The file of a feed is damaged, of another program, or cannot be written; it is left as it is."""

    code = "feed"


class StoreError(CtgovError):
    """The store cannot be used: not a store of ours, made by a newer program, locked, or on a full disk."""

    code = "store"
    exit_code = 3


class NotHeld(CtgovError):
    """A study or a version that the store does not hold."""

    code = "not-held"
