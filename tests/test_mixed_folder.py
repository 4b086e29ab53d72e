"""A folder of everything: pages, legacy XML and API records go into one history for each study.

What two presentations show of one submission is one version with two captures, whatever came first.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from stores import ask, history, noon

from ctgov_ingest.cli import group
from ctgov_ingest.files import blobs
from ctgov_ingest.ingest import captures, ingest
from ctgov_ingest.store import Capture, Store

_NCT = re.compile(r"NCT\d{8}")

DAMAGED = "NCT00503399"
"""Of one study the archive's page of 2012-03-12 was saved with broken Greek letters: a version of its own."""
UNLIKE = "NCT00000193"
"""Of another the XML lacks a reference that the archive's page of the same day shows."""


@pytest.fixture(scope="module")
def folder(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages and pairs, and all XML and records of their studies, side by side under names of one kind."""
    whole = tmp_path_factory.mktemp("everything")
    files = [file for part in ("html", "same_version_pairs") for file in (corpus / part).rglob("*.*")]
    known: set[str] = set()
    for number, file in enumerate(sorted(files)):
        data = file.read_bytes()
        known.update(_NCT.findall(f"{file}{data[:20_000].decode('utf-8', 'replace')}"))
        (whole / f"{number:04d}{file.suffix}").write_bytes(data)
    for name in ("legacy_xml.zip", "api_v2/studies.json.zip"):
        with ZipFile(corpus / name) as archive:
            for member in archive.namelist():
                if known.intersection(_NCT.findall(member)):
                    (whole / f"{len(list(whole.iterdir())):04d}{Path(member).suffix}").write_bytes(archive.read(member))
    return whole


@pytest.fixture(scope="module")
def in_order(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "in-order.db"
    with Store(path, clock=noon) as store:
        report = ingest([folder], store)
    assert [failure.error.code for failure in report.failures] == ["not-a-record"]  # the registry's error page
    return path


@pytest.fixture(scope="module")
def taken(folder: Path) -> list[Capture]:
    """What the files hold, read once for all orders."""
    found = [one for blob in blobs([folder]) for one in captures(blob)]
    return [one for one in found if isinstance(one, Capture)]


@pytest.mark.parametrize("seed", [None, 1])
def test_the_history_is_the_same_in_any_order(
    seed: int | None, taken: list[Capture], in_order: Path, tmp_path: Path
) -> None:
    order = taken[::-1] if seed is None else random.Random(seed).sample(taken, len(taken))  # noqa: S311
    with Store(tmp_path / "other.db", clock=noon) as store, store.batch():
        for capture in order:
            store.add(capture)
    assert history(tmp_path / "other.db") == history(in_order)


_TWICE = (
    "SELECT nct_id, coalesce(submitted, registry_date) AS day, count(DISTINCT presentation) AS presentations, "
    "count(DISTINCT version) AS versions FROM captures GROUP BY nct_id, day HAVING presentations > 1"
)


def test_two_presentations_of_one_day_are_one_version(in_order: Path) -> None:
    rows = ask(in_order, _TWICE)
    assert len(rows) >= 67
    assert {nct_id for nct_id, _day, _presentations, versions in rows if versions > 1} == {DAMAGED, UNLIKE}


def test_every_pair_of_xml_and_api_record_is_one_version(corpus: Path, in_order: Path) -> None:
    pairs = [pair.name for pair in (corpus / "same_version_pairs").glob("NCT*")]
    assert len(pairs) == 51
    for nct_id in pairs:
        rows = ask(in_order, "SELECT presentation, version FROM captures WHERE nct_id = ?", nct_id)
        assert Counter(rows)["api-v2", 1] and Counter(rows)["legacy-xml", 1], nct_id
        assert len({version for _presentation, version in rows}) == 1, nct_id


def test_the_command_shows_one_version_with_both_captures(folder: Path, tmp_path: Path) -> None:
    pair = [file for file in folder.iterdir() if b"NCT00425061" in file.read_bytes()[:5000]]
    store = str(tmp_path / "s.db")
    run = CliRunner().invoke(group, ["--db", store, "ingest", *map(str, pair)])
    assert run.exit_code == 0, run.output
    shown = CliRunner().invoke(group, ["history", "--db", store, "NCT00425061", "--json"])
    (line,) = shown.stdout.splitlines()
    assert '"captures":4,"presentations":["api-v2","legacy-xml"]' in line
