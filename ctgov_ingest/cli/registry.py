"""What the commands that ask the registry share: a client by the settings, progress, and what is said in the end."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from ctgov_ingest.cli import RECORDS_FAILED
from ctgov_ingest.cli.output import message, print_json, steps
from ctgov_ingest.errors import FetchError
from ctgov_ingest.fetch import Client, Settings
from ctgov_ingest.sync import SyncReport
from ctgov_ingest.sync.rounds import Advance


def open_client(ctx: click.Context) -> Client:
    """A client by the environment's settings, closed with the command. Raises WrongSetting."""
    return ctx.with_resource(Client(Settings.from_environ(os.environ)))


@contextmanager
def asking(as_json: bool) -> Iterator[Advance]:
    """Ask the registry in the block, with a bar on a terminal; gives what to call with how many are done, of how many.

    What the registry does not answer is told on standard error by whoever runs the command, and here as JSON too.
    """
    try:
        with steps("Getting") as advance:
            yield advance
    except FetchError as error:
        if as_json:
            print_json({"error": error.as_json()})
        raise


def conclude(ctx: click.Context, report: SyncReport, client: Client, *, as_json: bool) -> None:
    """Say how a run went: the counts as a sentence or as JSON, and by name what could not be read."""
    if as_json:
        print_json(in_full(report, client))
    else:
        click.echo(sentence(report.counts()))
    end(ctx, report)


def end(ctx: click.Context, report: SyncReport) -> None:
    """Name what could not be read on standard error; the exit code says that there was something."""
    for failure in report.failures:
        message(f"failed: {failure.source}: {failure.error}")
    if report.failures:
        ctx.exit(RECORDS_FAILED)


def in_full(report: SyncReport, client: Client) -> dict[str, Any]:
    """All that is known of how a run went, as data."""
    return {
        **report.counts(),
        "dataset": report.dataset,
        "absent": [{"nct_id": one.nct_id, "kind": one.kind, "shown_as": one.shown_as} for one in report.absences],
        "back": report.back,
        "refused": report.refused,
        **client.traffic.as_json(),
        "failures": [failure.as_json() for failure in report.failures],
    }


_ALWAYS = ("new", "changed", "unchanged", "failed")


def sentence(counts: Mapping[str, int]) -> str:
    """The counts in words."""
    read = counts["read"]
    words = [f"{counts[name]:,} {name}" for name in _ALWAYS]
    words += [
        f"{count:,} {name}" for name, count in counts.items() if name not in (*_ALWAYS, "read", "followed") and count
    ]
    return f"{read:,} record{'' if read == 1 else 's'} read: {', '.join(words)}."
