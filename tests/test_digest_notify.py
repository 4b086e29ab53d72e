"""A digest through apprise: to a webhook and as mail, both real servers on loopback, and what is said when it fails."""

from __future__ import annotations

import json
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from news import NOW, TODAY, a_day, news_of, study

from ctgov_ingest.digest import Digest, RunReport, as_text, digest
from ctgov_ingest.digest.notify import MAIL, Notifier, message
from ctgov_ingest.errors import NotSent, WrongSetting


@pytest.fixture
def day(tmp_path: Path) -> Digest:
    return a_day(tmp_path / "ctgov.db")


class Webhook(ThreadingHTTPServer):
    """Takes what is posted; answers with `status`."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.posted: list[dict[str, Any]] = []
        self.agents: list[str | None] = []

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Hook(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append(json.loads(body))
        self.server.agents.append(self.headers["User-Agent"])
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Mailbox(socketserver.ThreadingTCPServer):
    """As much of a mail server as it takes to be handed a mail."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.mails: list[EmailMessage] = []


class _Smtp(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("220 here")
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                self._take()
            self._say("221 bye" if word == b"QUIT" else "250 good")

    def _take(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.mails.append(BytesParser(EmailMessage, policy=default).parsebytes(b"".join(lines)))

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def _served(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hook() -> Iterator[Webhook]:
    yield from _served(Webhook())


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    yield from _served(Mailbox())


def test_a_webhook_gets_the_headline_and_the_text(hook: Webhook, day: Digest) -> None:
    Notifier([f"json://{hook.place}/path"]).send(day)
    (posted,) = hook.posted
    assert posted["title"] == day.headline
    assert f"{posted['title']}\n\n{posted['message']}".split() == as_text(day).split()
    assert posted["type"] == "warning"
    assert hook.agents == ["ctgov-ingest"]


def test_a_run_without_failures_is_no_warning(hook: Webhook, tmp_path: Path) -> None:
    news = news_of(tmp_path / "x.db", [], [study(TODAY, "NCT09900001")])
    Notifier([f"json://{hook.place}"]).send(digest(news, RunReport({}), now=NOW))
    assert hook.posted[0]["type"] == "info"


def test_a_mail_is_html_with_a_text_beside_it(mailbox: Mailbox, day: Digest) -> None:
    port = mailbox.server_address[1]
    Notifier([f"mailto://127.0.0.1:{port}?mode=insecure&from=me@example.org&to=you@example.org"]).send(day)
    (mail,) = mailbox.mails
    assert str(mail["Subject"]) == day.headline
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    assert "by the registry</b>" in parts["text/html"]
    assert "RECRUITING → UNKNOWN, by the registry" in parts["text/plain"]
    assert "color-scheme" not in parts["text/plain"]


def test_each_of_several_services_gets_it(hook: Webhook, day: Digest) -> None:
    Notifier([f"json://{hook.place}/{name}" for name in "ab"]).send(day)
    assert len(hook.posted) == 2


def test_a_service_that_refuses_is_named_without_its_secrets_and_the_others_get_it(hook: Webhook, day: Digest) -> None:
    refusing = Webhook()
    refusing.status = 500
    for _server in _served(refusing):
        with pytest.raises(NotSent) as raised:
            Notifier([f"json://user:geheim@{refusing.place}/x?token=geheim", f"json://{hook.place}"]).send(day)
    message = str(raised.value)
    assert message.startswith(f"the digest was not sent to 1 of 2 services: json://user:****@{refusing.place}/x: ")
    assert "500" in message and "geheim" not in message
    assert len(hook.posted) == 1


def test_a_service_that_is_not_there_is_an_error(day: Digest) -> None:
    gone = Webhook()
    gone.server_close()
    with pytest.raises(NotSent, match=r"1 of 1 service: json://127\.0\.0\.1:\d+/?: .*[Cc]onnection"):
        Notifier([f"json://{gone.place}"]).send(day)


@pytest.mark.parametrize(
    "url", ["nosuch://geheim", "geheim", "", "slack://geheim", "https://example.org/geheim", "tgram://\x1b"]
)
def test_a_url_that_names_no_service_is_wrong_usage(url: str) -> None:
    with pytest.raises(WrongSetting, match="no service is known") as raised:
        Notifier([url])
    assert "geheim" not in str(raised.value) and "\x1b" not in str(raised.value)
    assert raised.value.exit_code == 2


def test_where_there_is_little_room_less_is_sent(tmp_path: Path) -> None:
    many = [study(TODAY, f"NCT0{number:07d}", "A title of some length " * 9) for number in range(300)]
    news = news_of(tmp_path / "x.db", [], many)
    found = digest(news, RunReport({}), now=NOW)

    def told(limit: int, form: str) -> tuple[str, str, str]:
        class Service:
            body_maxlen = limit
            notify_format = form

        return message(Service(), found)  # type: ignore[arg-type]

    sizes = [len("".join(told(limit, "text")[:2])) for limit in (32_768, 2_000, 500, 140)]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size <= limit for size, limit in zip(sizes, (32_768, 2_000, 500, 140), strict=True))
    assert told(20, "text") == ("", "300 new", "text")
    title, body, form = told(32_768, "html")
    assert (title, form) == ("300 new", "html") and len(body) <= MAIL


_WITHOUT = """
import sys
sys.modules["apprise"] = None
import ctgov_ingest.digest.notify as notify
try:
    notify.Notifier([])
except notify.WrongSetting as error:
    print(error)
"""


def test_where_apprise_is_not_installed_the_extra_is_named() -> None:
    done = subprocess.run([sys.executable, "-c", _WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout == "to notify, the extra `notify` is needed: pip install 'ctgov-ingest[notify]'\n"


def test_digests_that_are_not_sent_do_not_load_apprise() -> None:
    code = "import sys, ctgov_ingest.digest, ctgov_ingest.digest.notify; print('apprise' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
