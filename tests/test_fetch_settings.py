"""Settings of the environment: what they set, and what is refused by the name of its variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctgov_ingest import __version__
from ctgov_ingest.errors import WrongSetting
from ctgov_ingest.fetch import Settings
from ctgov_ingest.fetch.settings import VARIABLES

GOOD = [
    ("CTGOV_BASE_URL", "http://127.0.0.1:8000", "base_url", "http://127.0.0.1:8000"),
    ("CTGOV_BASE_URL", " https://mirror.example/ctgov/ ", "base_url", "https://mirror.example/ctgov"),
    ("CTGOV_WAYBACK_URL", "https://archive.example", "wayback_url", "https://archive.example"),
    ("CTGOV_CONTACT", "you@example.org", "contact", "you@example.org"),
    ("CTGOV_RATE", "0.5", "rate", 0.5),
    ("CTGOV_RATE", "1000", "rate", 1000),
    ("CTGOV_HISTORY_TRANSPORT", "curl", "history_transport", "curl"),
    ("CTGOV_TRIES", "1", "tries", 1),
    ("CTGOV_BACKOFF", "0.01", "backoff", 0.01),
    ("CTGOV_LONGEST_WAIT", "60", "longest_wait", 60),
    ("CTGOV_PATIENCE", "60", "patience", 60),
    ("CTGOV_READ_TIMEOUT", "5", "read_timeout", 5),
    ("CTGOV_REQUEST_TIMEOUT", "5", "request_timeout", 5),
]

BAD = [
    ("CTGOV_BASE_URL", "clinicaltrials.gov"),
    ("CTGOV_BASE_URL", "ftp://clinicaltrials.gov"),
    ("CTGOV_BASE_URL", "https://"),
    ("CTGOV_BASE_URL", "https://host:port"),
    ("CTGOV_BASE_URL", "https://[::1"),
    ("CTGOV_BASE_URL", "https://somebody:secret@host"),
    ("CTGOV_BASE_URL", "https://host/?a=b"),
    ("CTGOV_BASE_URL", "https://host/#a"),
    ("CTGOV_CONTACT", "you\r\nX-Injected: yes"),
    ("CTGOV_CONTACT", "you) (me"),
    ("CTGOV_CONTACT", "müller@example.org"),
    ("CTGOV_RATE", "0"),
    ("CTGOV_RATE", "-1"),
    ("CTGOV_RATE", "inf"),
    ("CTGOV_RATE", "nan"),
    ("CTGOV_RATE", "fast"),
    ("CTGOV_RATE", "1001"),
    ("CTGOV_HISTORY_TRANSPORT", "wget"),
    ("CTGOV_TRIES", "0"),
    ("CTGOV_TRIES", "1.5"),
    ("CTGOV_BACKOFF", "0"),
]


def test_nothing_set_means_the_registry_itself_politely() -> None:
    settings = Settings.from_environ({"PATH": "/bin", "CTGOV_RATE": " "})
    assert settings == Settings()
    assert (settings.base_url, settings.wayback_url, settings.rate) == (
        "https://clinicaltrials.gov",
        "https://web.archive.org",
        1,
    )
    assert settings.user_agent == f"ctgov-ingest/{__version__}"


@pytest.mark.parametrize(("name", "text", "field", "value"), GOOD)
def test_a_variable_sets_its_setting(name: str, text: str, field: str, value: object) -> None:
    assert getattr(Settings.from_environ({name: text}), field) == value


@pytest.mark.parametrize(("name", "text"), BAD)
def test_what_cannot_be_is_refused_by_its_name(name: str, text: str) -> None:
    with pytest.raises(WrongSetting, match=f"^expected .* in {name}, found "):
        Settings.from_environ({name: text})


def test_every_variable_is_explained() -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "cron.md").read_text(encoding="utf-8")
    assert [name for name in VARIABLES if f"`{name}`" not in page] == []
