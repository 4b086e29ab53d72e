"""Any pile of inputs to a Parquet data set of the normalized tables, here or on a cluster."""

from __future__ import annotations

from ctgov_ingest.errors import WrongSetting

try:
    import pyarrow  # noqa: F401  # what follows cannot do without it
except ImportError as error:
    raise WrongSetting("pyarrow is not installed, which convert needs: pip install 'ctgov-ingest[parquet]'") from error

from ctgov_ingest.convert.cluster import on_cluster
from ctgov_ingest.convert.ledger import ALL, columns
from ctgov_ingest.convert.run import Converted, convert, in_processes

__all__ = ["ALL", "Converted", "columns", "convert", "in_processes", "on_cluster"]
