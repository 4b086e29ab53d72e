"""The settings of everything that speaks HTTP: where to ask, who asks, how fast, how patiently."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ctgov_ingest import __version__
from ctgov_ingest.errors import WrongSetting

FASTEST = 1000
"""The highest rate, in requests a second: for mirrors and tests."""

TRANSPORTS = ("auto", "requests", "curl")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something is tried at most, and the seconds that each try and all together may take."""

    tries: int
    each: float
    together: float


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Times are seconds, sizes bytes; a rate is requests a second to one host."""

    base_url: str = "https://clinicaltrials.gov"
    wayback_url: str = "https://web.archive.org"
    contact: str | None = None
    rate: float = 1.0
    history_transport: str = "auto"
    """How the record history is asked: `requests`, the `curl` program, or `auto`: curl once requests is refused."""

    tries: int = 5
    """How often a request is made at most; refusals (403) are tried twice."""
    backoff: float = 2.0
    """The first pause between two tries. Each is twice the one before, less up to half of it by chance."""
    longest_wait: float = 300.0
    """The longest pause, and the longest that a server can ask for: a longer one ends the run."""
    patience: float = 1800.0
    """How long the tries of one request may take together, pauses counted."""
    request_timeout: float = 600.0
    """How long the body of one answer may take."""

    download_tries: int = 20
    download_patience: float = 12 * 3600.0
    download_timeout: float = 6 * 3600.0
    """The same for a download, which goes on where it was cut."""

    connect_timeout: float = 15.0
    read_timeout: float = 60.0
    """How long a server may say nothing, and how long its headers may take."""

    largest_answer: int = 512 * 2**20
    """Of one answer, unpacked. A page of 1,000 studies is 17 MB."""
    largest_download: int = 32 * 2**30

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """What an environment sets; empty variables count as not set. Raises WrongSetting, naming the variable."""
        found = {name: environ[name].strip() for name in VARIABLES if environ.get(name, "").strip()}
        return cls(**dict(_read(name, text) for name, text in found.items()))

    @property
    def for_answers(self) -> Patience:
        """The patience with an answer."""
        return Patience(self.tries, self.request_timeout, self.patience)

    @property
    def for_downloads(self) -> Patience:
        """The patience with a download."""
        return Patience(self.download_tries, self.download_timeout, self.download_patience)

    @property
    def user_agent(self) -> str:
        """Who asks: the program, its version, and whom to write to."""
        return f"ctgov-ingest/{__version__}" + (f" (+{self.contact})" if self.contact else "")


def _read(name: str, text: str) -> tuple[str, Any]:
    field, read, what = VARIABLES[name]
    try:
        return field, read(text)
    except ValueError as error:
        raise WrongSetting(f"expected {what} in {name}, found {text!r}") from error


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError(text)
    _ = parts.port  # raises ValueError where it is no number
    return text.rstrip("/")


def _contact(text: str) -> str:
    if not (text.isascii() and text.isprintable()) or set(text) & set("()"):
        raise ValueError(text)  # it goes into a header, between parentheses
    return text


def _positive(text: str) -> float:
    number = float(text)
    if not (0 < number < math.inf):
        raise ValueError(text)
    return number


def _rate(text: str) -> float:
    rate = _positive(text)
    if rate > FASTEST:
        raise ValueError(text)
    return rate


def _count(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _transport(text: str) -> str:
    if text not in TRANSPORTS:
        raise ValueError(text)
    return text


_SECONDS = "a number of seconds over 0"

VARIABLES: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "CTGOV_BASE_URL": ("base_url", _url, "an address such as https://clinicaltrials.gov"),
    "CTGOV_WAYBACK_URL": ("wayback_url", _url, "an address such as https://web.archive.org"),
    "CTGOV_CONTACT": ("contact", _contact, "an address to write to, such as you@example.org, in plain characters"),
    "CTGOV_RATE": ("rate", _rate, f"requests a second, over 0 and at most {FASTEST}"),
    "CTGOV_HISTORY_TRANSPORT": ("history_transport", _transport, "one of " + ", ".join(TRANSPORTS)),
    "CTGOV_TRIES": ("tries", _count, "a whole number over 0"),
    "CTGOV_BACKOFF": ("backoff", _positive, _SECONDS),
    "CTGOV_LONGEST_WAIT": ("longest_wait", _positive, _SECONDS),
    "CTGOV_PATIENCE": ("patience", _positive, _SECONDS),
    "CTGOV_READ_TIMEOUT": ("read_timeout", _positive, _SECONDS),
    "CTGOV_REQUEST_TIMEOUT": ("request_timeout", _positive, _SECONDS),
}
"""Each variable with the setting that it sets, how it is read, and what was expected in words."""
