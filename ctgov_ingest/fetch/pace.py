"""Politeness: a token bucket for each host."""

from __future__ import annotations

from pyrate_limiter import Rate, RateItem, StateBucket, TokenBucket

from ctgov_ingest.fetch.clock import Clock


class Pace:
    """At most so many requests a second to each host, evenly spread: a bucket of one token."""

    def __init__(self, rate: float, clock: Clock) -> None:
        self._rate = Rate(1, max(1, round(1000 / rate)))
        self._clock = clock
        self._buckets: dict[str, StateBucket] = {}

    def wait(self, host: str) -> float:
        """Wait until a request to the host is due; gives the seconds waited."""
        bucket = self._buckets.setdefault(host, StateBucket([self._rate], TokenBucket()))
        waited = 0.0
        while not bucket.put(item := RateItem(host, int(self._clock.monotonic() * 1000))):
            seconds = int(bucket.waiting(item)) / 1000  # type: ignore[arg-type]  # no future: the bucket is in memory
            self._clock.sleep(seconds)
            waited += seconds
        return waited
