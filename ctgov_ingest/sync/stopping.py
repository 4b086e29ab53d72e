"""A run that is asked to end (Ctrl-C, or SIGTERM as `kill`, systemd and cron send it) ends at once and cleanly.

Nothing is half written then: every capture is a transaction of its own.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """The run was asked to end. `exit_code` is what shells expect: 128 and the number of the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Stopped in the block at the first signal; a second one ends the program as it would any other."""
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(number: int, _frame: FrameType | None) -> None:
        restore()
        raise Stopped(number)

    def restore() -> None:
        for one, handler in before.items():
            signal.signal(one, handler)

    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        yield
    finally:
        restore()
