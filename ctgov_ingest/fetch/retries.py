"""When a request is made again, and after which pause: tenacity does it, these are the rules."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception

from ctgov_ingest.errors import FetchError, Forbidden, Incomplete, NotAnAnswer, Overloaded, Unreachable
from ctgov_ingest.fetch.clock import Clock
from ctgov_ingest.fetch.settings import Patience, Settings

R = TypeVar("R")

_MAY_PASS: dict[type[FetchError], int | None] = {
    Unreachable: None,
    Incomplete: None,
    Overloaded: None,
    NotAnAnswer: None,
    Forbidden: 2,
}
"""Errors after which it is tried again, each with how often at most; None: as often as the settings say."""


def retrying(
    once: Callable[[], R], patience: Patience, settings: Settings, clock: Clock, count: Callable[[float], None]
) -> R:
    """Call until it succeeds, within the rules. Raises the last FetchError, which then knows how often it was tried.

    `count` is told each pause.
    """
    rules = _Rules(patience, settings, clock)
    numbers = itertools.count(1)

    def counted() -> R:
        number = next(numbers)
        try:
            return once()
        except FetchError as error:
            error.tries = number
            raise

    again = Retrying(
        sleep=clock.sleep,
        stop=rules.stop,
        wait=rules.pause,
        retry=retry_if_exception(may_pass),
        before_sleep=lambda state: count(state.upcoming_sleep),
        reraise=True,
    )
    return again(counted)


def may_pass(error: BaseException) -> bool:
    """Whether it can go well the next time."""
    return type(error) in _MAY_PASS


class _Rules:
    """The rules of one request: it starts now."""

    def __init__(self, patience: Patience, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._tries = patience.tries
        self._end = clock.monotonic() + patience.together

    def pause(self, state: RetryCallState) -> float:
        """The pause behind a try: growing, with chance in it so that many clients do not come back at once."""
        longest = min(self._settings.longest_wait, self._settings.backoff * 2.0 ** (state.attempt_number - 1))
        return max(longest * random.uniform(0.5, 1), self._asked_for(_error(state)))  # noqa: S311  # no secret

    def _asked_for(self, error: FetchError) -> float:
        return (error.until - self._clock.now()).total_seconds() if error.until else 0.0

    def stop(self, state: RetryCallState) -> bool:
        """Whether to give up; where the server asked for too long a pause, the error says until when."""
        error = _error(state)
        most = _MAY_PASS[type(error)]
        if state.attempt_number >= (self._tries if most is None else min(most, self._tries)):
            return True
        if error.until and state.upcoming_sleep > self._settings.longest_wait:
            error.message += (
                f"; it wants to be left alone until {error.until:%Y-%m-%d %H:%M:%S %Z}: run again after that"
            )
            return True
        return self._clock.monotonic() + state.upcoming_sleep > self._end


def _error(state: RetryCallState) -> FetchError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, FetchError):
        raise TypeError("pauses are only for errors that may pass")
    return error
