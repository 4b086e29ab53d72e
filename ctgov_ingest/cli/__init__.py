"""The command line: the only part that prints. Commands are loaded when they are called, so that `--help` is quick."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from ctgov_ingest import __version__

COMMANDS: dict[str, str] = {
    "parse": "Read files and print the normalized records; touches no store.",
    "ingest": "Read files and store every version.",
    "show": "Show one version of a study.",
    "history": "List the versions of a study.",
    "diff": "Show what changed between two versions.",
    "report": "Write the story of a study on a page.",
    "changes": "Show the change log over all studies.",
    "events": "Show what happened over all studies, by name.",
    "timeline": "Show the statuses of a study, and how long each lasted.",
    "outcomes": "Show outcomes registered, changed and reported, over many studies.",
    "due": "Show what is about to happen to studies, or should have.",
    "search": "Find studies by words in their texts.",
    "watch": "Say what to follow: studies, searches, the whole registry.",
    "sync": "Bring all that is followed up to date; for cron.",
    "fetch": "Get studies from the registry now.",
    "backfill": "Get the past of studies: their record history, saved pages.",
    "runs": "List how the last runs went.",
    "tables": "Build child tables and a full-text index in the store.",
    "convert": "Turn files into a Parquet data set of tables.",
    "reparse": "Read everything that is kept again, with today's readers.",
    "verify": "Check that all that is kept is what came in.",
    "compact": "Pack everything that is kept anew, smaller.",
}
"""Each command with its line in the help; the module of that name in this package holds it as `command`."""

_NAME = "ctgov-ingest"
_COMPLETION = "_CTGOV_INGEST_COMPLETE"
"""Set by shells that ask for completions."""

RECORDS_FAILED = 1
INTERRUPTED = 130


class _Commands(click.Group):
    """A group that knows its commands by name, and loads one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"ctgov_ingest.cli.{cmd_name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=_Commands,
    epilog="\b\nExample:\n  ctgov-ingest ingest saved-pages/\n  ctgov-ingest timeline NCT01364246",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--db", metavar="FILE", envvar="CTGOV_DB", default="ctgov.db", show_default=True, help="The store; or set CTGOV_DB."
)
@click.version_option(__version__, prog_name="ctgov-ingest")
@click.pass_context
def group(ctx: click.Context, db: str) -> None:
    """Read ClinicalTrials.gov records in any form, keep every version in SQLite, say what changed.

    Results go to standard output, progress and messages to standard error. Exit codes: 0 all done; 1 done, but some
    records failed (each is named); 2 wrong usage; 3 the store cannot be used; 4 the registry could not be reached, or
    did not answer whole; 130 interrupted.
    """
    ctx.obj = db


def main() -> None:
    """Run the command line; errors of ours become one line and an exit code."""
    sys.exit(_run())


def _run() -> int:
    from ctgov_ingest.errors import CtgovError

    if _COMPLETION in os.environ:
        group.main(prog_name=_NAME)
    try:
        with group.make_context(_NAME, sys.argv[1:]) as ctx:  # not `main`, which has exit codes of its own
            group.invoke(ctx)
        return 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo("ctgov-ingest: interrupted", err=True)
        return getattr(error, "exit_code", INTERRUPTED)
    except CtgovError as error:
        click.echo(f"ctgov-ingest: {_one_line(str(error))}", err=True)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has seen enough
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        click.echo(f"ctgov-ingest: the output cannot be written: {error.strerror or error}", err=True)
        return RECORDS_FAILED


def _show(error: click.ClickException) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(f"{error.ctx.get_usage()}\nTry '{error.ctx.command_path} --help' for help.\n", err=True)
    click.echo(f"Error: {_one_line(error.format_message())}", err=True)


def _one_line(text: str) -> str:
    from ctgov_ingest.wording import one_line

    return one_line(text)


def _drop_output() -> None:
    """Let what is still to be written go nowhere: else Python complains at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
