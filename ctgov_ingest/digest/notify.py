"""A digest to mail, chat or a webhook, through the library apprise: the only part that needs it, and it is an extra."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ctgov_ingest.digest.html import as_html
from ctgov_ingest.digest.model import Digest
from ctgov_ingest.digest.text import MOST, as_text
from ctgov_ingest.errors import NotSent, WrongSetting
from ctgov_ingest.wording import one_line

if TYPE_CHECKING:
    from apprise import NotifyBase

MAIL = 100_000
"""So many characters of HTML a mail has: Gmail cuts longer ones off."""

_NO_LIMIT = 32_768
"""What apprise says of services that have no limit of their own."""

_STEPS = (MOST, 10, 5, 2, 1, 0)
"""So many studies of a group are sent, as many as there is room for."""


class Notifier:
    """Services that take digests, each named by a URL as apprise knows them: `mailto://…`, `slack://…`, `json://…`."""

    def __init__(self, urls: Iterable[str]) -> None:
        """Raises WrongSetting where apprise is not installed, or knows no service for a URL."""
        self._apprise = _library()
        self._asset = self._apprise.AppriseAsset(app_id="ctgov-ingest", app_desc="What changed at ClinicalTrials.gov")
        self._services = [self._service(url) for url in urls]

    def _service(self, url: str) -> NotifyBase:
        with self._apprise.LogCapture():  # its complaints show parts of the address
            service: NotifyBase | None = self._apprise.Apprise.instantiate(url, asset=self._asset)
        if service is None:
            kind = f"{url.partition('://')[0]}://…" if "://" in url else "an address without ://"
            raise WrongSetting(
                f"no service is known for {one_line(kind)}, or it needs more of an address or another library; "
                "`apprise --dry-run -vv -b test URL` says why"
            )
        return service

    def send(self, digest: Digest) -> None:
        """Send a digest to each service. Raises NotSent where any of them did not take it; the others then have it."""
        tried = [(_name(service), self._complaint(service, digest)) for service in self._services]
        failed = [f"{name}: {complaint}" for name, complaint in tried if complaint is not None]
        if failed:
            of_all = f"{len(failed)} of {len(tried)} service{'' if len(tried) == 1 else 's'}"
            raise NotSent(f"the digest was not sent to {of_all}: {'; '.join(failed)}")

    def _complaint(self, service: NotifyBase, digest: Digest) -> str | None:
        """Send a digest to one service; gives the reason where that failed."""
        one = self._apprise.Apprise(asset=self._asset)
        one.add(service)
        title, body, form = message(service, digest)
        kind = self._apprise.NotifyType.WARNING if digest.run.went_wrong else self._apprise.NotifyType.INFO
        with self._apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as log:
            if one.notify(body=body, title=title, notify_type=kind, body_format=form):
                return None
            return one_line(log.getvalue().strip()) or "no reason given"


def _library() -> Any:
    try:
        import apprise
    except ImportError as error:
        raise WrongSetting("to notify, the extra `notify` is needed: pip install 'ctgov-ingest[notify]'") from error
    return apprise


def _name(service: Any) -> str:
    """A service's address without its secrets and options."""
    return str(service.url(privacy=True)).partition("?")[0]


def message(service: NotifyBase, digest: Digest) -> tuple[str, str, str]:
    """Title, body and form: HTML for services that are mail, else text; as much of the digest as there is room for."""
    title = digest.headline
    if _is_mail(service):
        return title, _fitting([as_html(digest, most=most) for most in _STEPS], MAIL) or title, "html"
    room = service.body_maxlen * 9 // 10 - len(title)  # what is special in a service's own form takes more room
    bodies = [as_text(digest, most=most).partition("\n\n")[2] for most in _STEPS]
    body = _fitting(bodies, room)
    return (title, body, "text") if body else ("", title, "text")


def _fitting(bodies: list[str], room: int) -> str | None:
    return next((body for body in bodies if len(body) <= room), None)


def _is_mail(service: NotifyBase) -> bool:
    formats = service.notify_format
    first = formats[0] if isinstance(formats, tuple | list) else formats
    return str(getattr(first, "value", first)) == "html" and service.body_maxlen >= _NO_LIMIT
