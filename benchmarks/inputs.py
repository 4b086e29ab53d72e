"""What is measured on: real records where the corpus lies beside the project, else the bundled fixtures."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

from ctgov_ingest.compare import content_hash
from ctgov_ingest.sources import Reading, scan

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
FIXTURES = ROOT / "fixtures"

Document = dict[str, Any]

_STAMP = re.compile(rb'("versionHolder"\s*:\s*")[^"]*')
_MOST_PAIRS = 60
_SLOWER = frozenset({"lone-surrogate", "wrong-type"})
"""Issues of records that the fast decoder or the model refuses at first."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Records of API v2 by NCT id, real and made-up Study Details pages, neighbouring versions as documents.

    `corpus`: the folder of real records, which need not be there.
    """

    told: str
    records: Sequence[tuple[str, bytes]]
    pages: Sequence[tuple[str, Sequence[bytes]]]
    pairs: Sequence[tuple[Document, Document]]
    corpus: Path


def gather(records: int | None, *, corpus: Path = CORPUS) -> Inputs:
    """Take `records` records, spread over the sizes, or all; and all pages and pairs."""
    fixture_pages = ("fixtures", _bytes(FIXTURES / "study-page", "*.html"))
    if not (corpus / "api_v2" / "studies.json.zip").is_file():
        found = _fixture_records()[:records]
        told = f"no corpus at hand: {len(found)} records of the bundled fixtures, which are few and small"
        return Inputs(told, found, [fixture_pages], _pairs([FIXTURES / "demo"]), corpus)
    found, held = _sample(corpus / "api_v2" / "studies.json.zip", records)
    real_pages = ("real", _bytes(corpus / "html" / "classic2017", "*.html"))
    folders = sorted((corpus / "api_v2" / "snapshots").iterdir())
    told = f"{len(found)} of the {held} real records of the corpus, spread over their sizes"
    return Inputs(told, found, [real_pages, fixture_pages], _pairs(folders), corpus)


def write_zip(path: Path, records: Iterable[tuple[str, bytes]]) -> Path:
    """Write the records as members of a zip, as the registry offers them for download."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for nct_id, data in records:
            archive.writestr(f"{nct_id}.json", data)
    return path


def restamped(records: Iterable[tuple[str, bytes]], day: str) -> list[tuple[str, bytes]]:
    """The records as the data set of a day has them: nothing moved but the stamp."""
    return [(nct_id, _STAMP.sub(rb"\g<1>" + day.encode(), data)) for nct_id, data in records]


def multiplied(records: Sequence[tuple[str, bytes]], times: int) -> Iterable[tuple[str, bytes]]:
    """So many times the records, each time under other NCT ids, none of them real."""
    for turn in range(times):
        for at, (nct_id, data) in enumerate(records):
            other = f"NCT{90_000_000 + turn * len(records) + at}"
            yield other, data.replace(nct_id.encode(), other.encode())


def _sample(path: Path, records: int | None) -> tuple[list[tuple[str, bytes]], int]:
    with zipfile.ZipFile(path) as archive:
        members = sorted(archive.infolist(), key=lambda info: info.file_size)
        count = len(members) if records is None else min(records, len(members))
        taken = [members[at * len(members) // count] for at in range(count)]
        taken.sort(key=lambda info: info.filename)
        return [(Path(info.filename).stem, archive.read(info)) for info in taken], len(members)


def _fixture_records() -> list[tuple[str, bytes]]:
    """Different studies that go the ordinary way, which floors can go too."""
    files = [*sorted((FIXTURES / "api-v2").iterdir()), *sorted((FIXTURES / "demo").glob("*.json"))]
    found = (one for path in files for one in scan(path.read_bytes(), path.name))
    plain = (
        one for one in found if isinstance(one, Reading) and _SLOWER.isdisjoint(issue.code for issue in one.issues)
    )
    return list({one.nct_id: (one.nct_id, one.raw) for one in plain}.values())


def _bytes(folder: Path, pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob(pattern))]


def _pairs(folders: Iterable[Path]) -> list[tuple[Document, Document]]:
    """Neighbours of each folder, in the order of names, that differ in more than the stamp."""
    found: list[tuple[Document, Document]] = []
    for folder in folders:
        documents = [orjson.loads(data) for data in _bytes(folder, "*.json")]
        found += [pair for pair in pairwise(documents) if content_hash(pair[0]) != content_hash(pair[1])]
    return found[:_MOST_PAIRS]
