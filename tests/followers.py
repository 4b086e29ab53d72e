"""Somebody who runs `sync` against the registry on loopback, and what they should hold in the end."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from registry import Registry, Truth

from ctgov_ingest import jsontext
from ctgov_ingest.compare import content_hash
from ctgov_ingest.fetch import Client, Settings
from ctgov_ingest.store import Store
from ctgov_ingest.store.watches import WatchKind
from ctgov_ingest.sync import SyncReport, sync

Histories = dict[str, list[tuple[str, str | None, str]]]

EVERYTHING: tuple[WatchKind, str] = ("search", "{}")
"""A search that every study matches."""


class Follower:
    """Runs sync whenever asked to, at noon of the registry's day."""

    def __init__(
        self, registry: Registry, path: Path, watch: tuple[WatchKind, str] = EVERYTHING, **options: Any
    ) -> None:
        self.registry, self.path, self.options = registry, path, options
        self.settings = Settings(base_url=registry.url, wayback_url=registry.url, rate=1000, backoff=0.01)
        with self.store() as store:
            store.watches.add(*watch)

    def store(self) -> Store:
        """The store, to be closed."""
        return Store(self.path, clock=lambda: datetime.combine(self.registry.day.date, time(12), UTC))

    def run(self, **options: Any) -> SyncReport:
        """Sync once."""
        with self.store() as store, Client(self.settings) as client:
            return sync(store, client, **self.options | options)


def start(me: Follower) -> subprocess.Popen[bytes]:
    """A run of sync in a process of its own."""
    environ = os.environ | {"CTGOV_BASE_URL": me.settings.base_url, "CTGOV_RATE": "1000"}
    command = [sys.executable, "-m", "ctgov_ingest", "--db", str(me.path), "sync", "--quiet"]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def held(path: Path) -> Histories:
    """Of each study its versions in order: the data set in which each was first seen, its status, its content."""
    sql = "SELECT nct_id, first_seen, overall_status, content_hash FROM versions ORDER BY nct_id, version"
    found: Histories = {}
    with closing(sqlite3.connect(path)) as db:
        for nct_id, *version in db.execute(sql):
            found.setdefault(nct_id, []).append((version[0], version[1], version[2]))
    return found


def expected(truth: Truth) -> Histories:
    """The same of the truth about a world."""
    return {
        nct_id: [(one.first, one.content.status, content_hash(one.content.document())) for one in study.versions]
        for nct_id, study in truth.studies.items()
    }


def absent(path: Path) -> tuple[set[str], dict[str, str]]:
    """The studies that are gone, and those that are shown under another id, with that id."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT nct_id, kind, shown_as FROM absences WHERE until IS NULL").fetchall()
    return {row[0] for row in rows if row[1] == "gone"}, {row[0]: row[2] for row in rows if row[1] == "alias"}


def flips(path: Path) -> list[tuple[str, str, str]]:
    """Each turn to UNKNOWN: study, day, and by whom."""
    sql = (
        "SELECT nct_id, seen_at, by FROM changes WHERE path LIKE '%overallStatus' AND new = ? ORDER BY nct_id, seen_at"
    )
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql, (jsontext.dumps("UNKNOWN").decode(),)).fetchall()


def require_truth(path: Path, truth: Truth) -> None:
    """Whoever followed the registry holds what it held: every version, and none beside."""
    found, wanted = held(path), expected(truth)
    assert found.keys() == wanted.keys()
    assert {name: versions for name, versions in found.items() if versions != wanted[name]} == {}
    gone, aliases = absent(path)
    assert gone == truth.gone & wanted.keys()
    assert aliases == {alias: name for alias, name in truth.aliases.items() if alias in wanted}
    assert flips(path) == sorted((name, day, "registry") for name, day in truth.flips)
