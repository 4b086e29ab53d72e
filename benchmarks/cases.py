"""What is timed, and against which floor."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson
from lxml import html

from benchmarks import answers, comparing, presentations
from benchmarks.floors import scan_plainly, store_plainly
from benchmarks.inputs import Inputs, multiplied, restamped, write_zip
from benchmarks.rounds import CPU, WALL, Case, Group, Work
from ctgov_ingest import jsontext, sources
from ctgov_ingest.compare import content_hash
from ctgov_ingest.ingest import ingest
from ctgov_ingest.sources.api_v2 import read_study
from ctgov_ingest.store import Store
from ctgov_ingest.store.packing import pack
from ctgov_ingest.store.projection import project
from ctgov_ingest.study import Study
from ctgov_ingest.study.exact import exact

T = TypeVar("T")

JOBS = 2
TIMES = 10
"""How often the records are taken for processes, which take half a second to start."""

STUDY = "API v2: bytes to Study"
PAGE = "Study page: bytes to Reading"
INGEST = "ingest of a zip, fresh store"
BESIDE = "ingest beside 3 times as many"
SEVERAL = f"ingest with --jobs {JOBS}"
AGAIN = "ingest of the same zip again"
RESTAMPED = "ingest where only the stamp moved"
HASH = "content hash"


def groups(inputs: Inputs, folder: Path) -> Iterator[Group]:
    """All groups; `folder` is for files that come and go."""
    yield _api(inputs)
    for name, pages in inputs.pages:
        yield _pages(name, list(pages))
    yield from presentations.groups(inputs.corpus)
    yield _ingests(inputs, folder)
    yield _processes(inputs, folder)
    yield _next_day(inputs, folder)
    yield _stages(inputs)
    yield from comparing.groups(inputs)
    yield from answers.groups(inputs, folder)


def each(function: Callable[[T], Any], inputs: Iterable[T]) -> Work:
    """Call a function on each input, letting go of each result before the next."""
    inputs = list(inputs)

    def work() -> None:
        for one in inputs:
            function(one)

    return work


def _api(inputs: Inputs) -> Group:
    raws = [data for _, data in inputs.records]
    floor = Case("orjson.loads", each(orjson.loads, raws))
    case = Case(STUDY, each(lambda data: read_study(data, "a record"), raws), target=6)
    return Group("API v2, a record", CPU, len(raws), floor, [case])


def _pages(name: str, pages: list[bytes]) -> Group:
    floor = Case("lxml.html parse", each(html.document_fromstring, pages))
    case = Case(f"{PAGE} ({name})", each(sources.read, pages), target=4)
    return Group(f"Study pages, {name}", CPU, len(pages), floor, [case])


def _ingests(inputs: Inputs, folder: Path) -> Group:
    """Wall time, with opening and closing of the file; each case has a store of its own."""
    archive = write_zip(folder / "records.zip", inputs.records)
    fresh, beside, full = (folder / f"{name}.db" for name in ("fresh", "beside", "full"))
    _ingest(write_zip(folder / "others.zip", multiplied(inputs.records, 3)), full)
    cases = [
        Case(INGEST, lambda: _ingest(archive, fresh), 3, prepare=lambda: _remove(fresh)),
        Case(BESIDE, lambda: _ingest(archive, beside), prepare=lambda: _copy(full, beside)),
    ]
    floor = _plainly(archive, folder / "floor.db")
    return Group("Ingest in one process, wall time", WALL, len(inputs.records), floor, cases)


def _processes(inputs: Inputs, folder: Path) -> Group:
    """More records, since processes take their time to start; and fewer rounds."""
    archive = write_zip(folder / "many.zip", multiplied(inputs.records, TIMES))
    store = folder / "several.db"
    case = Case(SEVERAL, lambda: _ingest(archive, store, JOBS), 2, prepare=lambda: _remove(store))
    floor = _plainly(archive, folder / "floor.db")
    count = TIMES * len(inputs.records)
    return Group(f"Ingest in {JOBS} + 1 processes, wall time", WALL, count, floor, [case], most_rounds=3)


def _plainly(archive: Path, database: Path) -> Case:
    prepare = partial(_remove, database)
    return Case("inflate, loads, zstd, executemany", lambda: store_plainly(archive, database), prepare=prepare)


def _next_day(inputs: Inputs, folder: Path) -> Group:
    """What is held already, come in once more: with the stamp of the same day, and of another."""
    archive, later = (
        write_zip(folder / f"{day}.zip", restamped(inputs.records, day)) for day in ("2099-01-01", "2099-01-02")
    )
    filled, again, other = (folder / f"{name}.db" for name in ("filled", "again", "later"))
    _ingest(archive, filled)
    _copy(filled, again)
    cases = [
        Case(AGAIN, lambda: _ingest(archive, again)),
        Case(RESTAMPED, lambda: _ingest(later, other), 1.5, prepare=lambda: _copy(filled, other)),
    ]
    floor = Case("inflate, fingerprint", lambda: scan_plainly(archive))
    return Group("Records that are held, wall time", WALL, len(inputs.records), floor, cases)


def _ingest(archive: Path, database: Path, jobs: int = 1) -> None:
    with Store(database) as store:
        report = ingest([archive], store, jobs=jobs)
    assert not report.failures, report.failures[0]


def _remove(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()


def _copy(source: Path, database: Path) -> None:
    _remove(database)
    shutil.copyfile(source, database)


def _stages(inputs: Inputs) -> Group:
    """What an ingest spends its time on, piece by piece, without SQLite."""
    raws = [data for _, data in inputs.records]
    documents = [orjson.loads(data) for data in raws]
    cases = [
        Case("check of the bytes by the model's shape", each(exact, raws)),
        Case("a Study of the bytes", each(Study.model_validate_json, raws)),
        Case(HASH, each(content_hash, documents)),
        Case("sha256 of the bytes", each(lambda data: hashlib.sha256(data).digest(), raws)),
        Case("zstd of the bytes", each(pack, raws)),
        Case("columns of `studies`", each(project, documents)),
        Case("document to JSON text", each(lambda document: jsontext.dumps(document).decode(), documents)),
    ]
    return Group("Stages of an ingest", CPU, len(raws), Case("orjson.loads", each(orjson.loads, raws)), cases)
