"""What `sync` tells in the end: a digest of the news, on the screen, into a feed, through services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from ctgov_ingest.cli.output import width
from ctgov_ingest.digest import Digest, RunReport, as_text, digest
from ctgov_ingest.digest.feed import add_to
from ctgov_ingest.store import Store

_WIDEST = 100
"""Lines of text are no longer: mail programs show them too."""


class Teller:
    """Where a digest goes. Made before a run, so that a service which is none is said at once.

    Raises WrongSetting for that, and where the library for services is not installed.
    """

    def __init__(self, feed: Path | None, services: Sequence[str], *, on_screen: bool) -> None:
        self._feed = feed
        self._on_screen = on_screen
        self._notifier = None
        if services:
            from ctgov_ingest.digest.notify import Notifier

            self._notifier = Notifier(services)

    def tell(self, store: Store) -> Digest:
        """Tell of the run that has just ended, with all that was not told before it; nothing where there is nothing.

        Raises NotTold where a feed or a service did not take it: then all of it stays news for the next run.
        """
        news = store.news.untold()
        found = digest(news, RunReport.of_log(store.runs(1)[0]), now=datetime.now(UTC))
        if found:
            self._send(found)
        store.news.tell(news)
        return found

    def _send(self, found: Digest) -> None:
        if self._on_screen:
            click.echo(as_text(found, width=min(width(), _WIDEST)), nl=False)
        if self._feed:
            add_to(self._feed, found)
        if self._notifier:
            self._notifier.send(found)
