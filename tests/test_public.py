"""The names that users import from the package, in whatever order."""

from __future__ import annotations

import subprocess
import sys

import pytest

NAMES = ("Store", "Study", "compare", "read")


@pytest.mark.parametrize(
    "first", ["", "import ctgov_ingest.compare.changes", "import ctgov_ingest.sources", "import ctgov_ingest.cli"]
)
@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_something_to_call_whatever_was_imported_before(first: str, name: str) -> None:
    code = f"{first}\nfrom ctgov_ingest import {name}\nassert callable({name}), {name}"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_names_what_there_is() -> None:
    import ctgov_ingest

    assert sorted([*NAMES, "__version__"]) == sorted(ctgov_ingest.__all__)
    assert all(hasattr(ctgov_ingest, name) for name in ctgov_ingest.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    import ctgov_ingest

    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = ctgov_ingest.nothing_of_that_name
