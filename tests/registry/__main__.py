"""The registry on loopback, by hand: `python -m tests.registry`."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import click

from .faults import FAULTS
from .server import Registry
from .world import World


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--port", default=8017, show_default=True, help="The port on 127.0.0.1; 0 for any that is free.")
@click.option("--studies", default=2000, show_default=True, help="How many studies there are on the first day.")
@click.option("--days", default=14, show_default=True, help="How many calendar days the world has.")
@click.option("--seed", default=1, show_default=True, help="Worlds of one seed are the same.")
@click.option(
    "--snapshots",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of saved answers, NCT…/YYYY-MM-DD.json, whose studies are there too.",
)
@click.option("--every", type=float, metavar="SECONDS", help="A day passes each so many seconds, not with Enter.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[@PATH][:CHANCE]",
    help=f"Something that goes wrong, such as 503@/api/v2/*:0.1. Names: {', '.join(FAULTS)}.",
)
@click.option("--refuse-python", is_flag=True, help="/api/int answers 403 to all but curl.")
def main(
    port: int,
    studies: int,
    days: int,
    seed: int,
    snapshots: Path | None,
    every: float | None,
    faults: tuple[str, ...],
    refuse_python: bool,
) -> None:
    """Serve a made-up registry on this machine until interrupted. Each Enter lets a day pass.

    Use it with `CTGOV_BASE_URL=http://127.0.0.1:8017 CTGOV_WAYBACK_URL=http://127.0.0.1:8017 ctgov-ingest …`.
    """
    world = World.generated(studies, days, seed, snapshots=snapshots)
    with Registry(world, port=port, refuse_python=refuse_python) as registry:
        for fault in faults:
            _schedule(registry, fault)
        click.echo(registry.url)
        _tell(registry)
        try:
            while _waited(every):
                if registry.day.index + 1 < len(world.days):
                    registry.advance()
                _tell(registry)
        except KeyboardInterrupt:
            click.echo(f"{len(registry.log)} requests answered")


def _schedule(registry: Registry, text: str) -> None:
    rest, _, chance = text.partition(":")
    name, _, on = rest.partition("@")
    if name not in FAULTS:
        raise click.UsageError(f"no fault is called {name}; these are: {', '.join(FAULTS)}")
    registry.faults.add(name, on or "*", chance=float(chance or 1))


def _waited(every: float | None) -> bool:
    """Wait for the next day; without a terminal and without a clock, for ever."""
    if every is None and sys.stdin.isatty():
        return bool(sys.stdin.readline())
    threading.Event().wait(every)
    return True


def _tell(registry: Registry) -> None:
    day = registry.day
    happened = " " + ", ".join(f"{event.nct_id} {event.kind}" for event in day.events[:6])
    more = f" and {len(day.events) - 6} more" if len(day.events) > 6 else ""
    click.echo(f"{day.date}: data set of {day.timestamp}, {len(day.studies):,} studies.{happened}{more}", err=True)


if __name__ == "__main__":
    main()
