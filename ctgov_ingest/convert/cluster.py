"""Parts on a Dask cluster.

What a lost worker had under way, the scheduler gives to another; a part that is done twice writes the same files twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from ctgov_ingest.convert.part import Done
from ctgov_ingest.convert.run import Do, Map, Task
from ctgov_ingest.errors import NotConverted, WrongSetting

INSTALL = "pip install 'ctgov-ingest[dask]'"
_AHEAD = 4
"""Tasks given out for each thread of the cluster before one must come back."""
_CONNECT_SECONDS = 30


@contextmanager
def on_cluster(address: str) -> Iterator[Map]:
    """Parts done by the workers of a scheduler, each of which must see inputs and output under the same names.

    Raises WrongSetting where Dask is not installed, NotConverted where the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise WrongSetting(f"Dask is not installed, which --scheduler needs: {INSTALL}") from error
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NotConverted(f"no scheduler answers at {address}: {error}") from error
    with client:
        yield lambda do, tasks: _done(client, do, tasks)


def _done(client: Any, do: Do, tasks: Iterable[Task]) -> Iterator[Done]:
    """Give tasks out, a few ahead of what comes back."""
    from distributed import CancelledError, as_completed
    from distributed.scheduler import KilledWorker

    waiting = iter(tasks)
    ahead = _AHEAD * max(1, sum(client.nthreads().values()))
    under_way = as_completed((client.submit(do, task, pure=False) for task in islice(waiting, ahead)), client.loop)
    for future in under_way:
        try:
            yield future.result()
        except KilledWorker as error:
            raise NotConverted(f"a part took down every worker that it was given to: {error}") from error
        except (CancelledError, ImportError, RuntimeError) as error:
            raise NotConverted(f"the cluster could not do a part: {type(error).__name__}: {error}") from error
        under_way.update(client.submit(do, task, pure=False) for task in islice(waiting, 1))
