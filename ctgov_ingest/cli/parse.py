"""`parse`: files in, normalized records out; no store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path

import click

from ctgov_ingest import files, jsontext
from ctgov_ingest.cli import RECORDS_FAILED
from ctgov_ingest.cli.card import print_card, print_notes
from ctgov_ingest.cli.options import json_option, paths_argument
from ctgov_ingest.cli.output import message, print_json, print_json_text, progress
from ctgov_ingest.ingest import readings
from ctgov_ingest.sources import Failure, Reading, Stubs
from ctgov_ingest.wording import one_line

Found = Reading | Stubs | Failure


@click.command(epilog="\b\nExample:\n  ctgov-ingest parse saved-page.html --json")
@paths_argument
@json_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], as_json: bool) -> None:
    """Read files, folders or zips of any presentation and print the normalized records.

    With --json a line each: source, presentation, nct_id, study (the API's names), unread, issues; or source and error.
    A list of versions has them as versions.
    """
    with progress("Reading", lambda: 0 if sys.stdout.isatty() else files.count(paths)) as advance:
        found = _read(paths, advance)
        failed = _print_json(found) if as_json else _print(found)
    if failed:
        ctx.exit(RECORDS_FAILED)


def _read(paths: tuple[Path, ...], advance: Callable[[], None]) -> Iterator[Found]:
    for blob in files.blobs(paths):
        yield from readings(blob)
        advance()


def _print_json(found: Iterator[Found]) -> int:
    failed = 0
    for one in found:
        failed += isinstance(one, Failure)
        if isinstance(one, Reading):
            print_json_text(_line(one))
        else:
            print_json(one.as_json())
    return failed


def _line(reading: Reading) -> str:
    """The study is written by its model, the rest around it."""
    head = {"source": reading.source, "presentation": reading.presentation, "nct_id": reading.nct_id}
    tail = {"unread": list(map(asdict, reading.unread)), "issues": list(map(asdict, reading.issues))}
    study = reading.study.model_dump_json(by_alias=True, exclude_none=True)
    return f'{jsontext.dumps(head).decode()[:-1]},"study":{study},{jsontext.dumps(tail).decode()[1:]}'


def _print(found: Iterator[Found]) -> int:
    """A card for a single record, a line each for several; then the count. Gives how many failed."""
    first = list(islice(found, 2))
    if len(first) == 1 and isinstance(first[0], Reading):
        print_card(first[0].study, f"{first[0].presentation}, from {first[0].source}")
        print_notes(first[0].issues, first[0].unread)
        return 0
    counts = {"read": 0, "failed": 0, "unread": 0, "issues": 0}
    for one in chain(first, found):
        if isinstance(one, Failure):
            counts["failed"] += 1
            message(f"failed: {one.source}: {one.error}")
            continue
        if isinstance(one, Stubs):
            message(f"{one.nct_id}  {one.presentation}  a list of {len(one.rows)} versions")
            continue
        counts["read"] += 1
        counts["unread"] += len(one.unread)
        counts["issues"] += len(one.issues)
        status = one.study.status or "-"
        click.echo(one_line(f"{one.nct_id}  {one.presentation:<10}  {status:<24}  {one.study.title or ''}"))
    words = f"{counts['read']:,} read, {counts['failed']:,} failed"
    message(f"{words}, {counts['unread']:,} texts unread, {counts['issues']:,} issues")
    return counts["failed"]
