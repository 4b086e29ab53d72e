"""What the commands share: arguments, and the store that is named with --db."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from ctgov_ingest.store import Store

F = TypeVar("F", bound=Callable[..., Any])

NCT_ID = re.compile(r"NCT\d{8}", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


class NctId(click.ParamType[str]):
    """A registry number, in upper case."""

    name = "NCT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form; a wrong one is wrong usage."""
        if not NCT_ID.fullmatch(str(value)):
            self.fail(f"expected a number such as NCT01364246, found {value!r}", param, ctx)
        return str(value).upper()


class VersionNumber(click.ParamType[int]):
    """The number of a version, from 1 on."""

    name = "VERSION"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Check the form; a wrong one is wrong usage."""
        text = str(value)
        if not (text.isascii() and text.isdecimal() and int(text[:9]) > 0):
            self.fail(f"expected the number of a version, 1 or more (`history` lists them), found {text!r}", param, ctx)
        return int(text)


class Day(click.ParamType[str]):
    """A date as `2012-11-28`, `2012-11` or `2012`."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form; a wrong one is wrong usage."""
        text = str(value)
        try:
            date.fromisoformat(f"{text}-01-01"[:10] if _DAY.fullmatch(text) else "")
        except ValueError:
            self.fail(f"expected a date such as 2012-11-28, 2012-11 or 2012, found {value!r}", param, ctx)
        return text


def nct_argument(function: F) -> F:
    """The argument NCT."""
    return click.argument("nct_id", metavar="NCT", type=NctId())(function)


def paths_argument(function: F) -> F:
    """The argument PATH..."""
    kind = click.Path(path_type=Path)
    return click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=kind)(function)


def json_option(function: F) -> F:
    """The option --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, a line each, for programs.")(function)


def page_option(function: F) -> F:
    """The option --html."""
    kind = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
    return click.option("--html", "page", metavar="FILE", type=kind, help="Write a page that needs nothing else.")(
        function
    )


def db_option(function: F) -> F:
    """The option --db, also behind the command's name."""
    return click.option(
        "--db", "db", metavar="FILE", default=None, help="The store; the same as --db before the command."
    )(function)


def open_store(ctx: click.Context, db: str | None, *, create: bool = False, to_write: bool = False) -> Store:
    """The store that is named with --db, to be read; to be written, or made, where asked. Closed with the command."""
    return ctx.with_resource(Store(db or ctx.obj, create=create, read_only=not (create or to_write)))


def chosen(store: Store, nct_ids: Iterable[str], *, watched: bool) -> frozenset[str] | None:
    """The studies that are named or, with `watched`, followed; None for all: where none are named, or all followed."""
    if watched:
        from ctgov_ingest.sync import followed

        if any(watch.kind == "all" for watch in store.watches.all()):
            return None
        names = frozenset([*nct_ids, *followed(store)])
        if not names:
            raise click.UsageError("nothing is followed: name studies, or say with watch add what to follow")
        return names
    return frozenset(nct_ids) or None
