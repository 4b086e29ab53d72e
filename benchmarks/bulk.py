"""Bulk files as the registry offers them: one of so many studies, and that of the next day with known changes.

Studies are real records under other NCT ids, so that sizes, statuses and results are spread as the registry's are;
without the corpus they are the bundled fixtures. Records to which collectors added keys of their own (45 of 1,969) are
left out, since the registry's file has none. `python -m benchmarks.bulk FOLDER --studies 100000` writes both files.
"""

from __future__ import annotations

import argparse
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from benchmarks import inputs
from ctgov_ingest.sources import read_exact

DAY, NEXT_DAY = "2026-02-03", "2026-02-04"

_STAMP = re.compile(rb'("versionHolder"\s*:\s*")[^"]*')
_OPEN = ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE")
_LEVEL = 4

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NextDay:
    """What happens from one day to the next, as NCT ids."""

    updated: frozenset[str]
    unknown: frozenset[str]
    delisted: frozenset[str]
    new: frozenset[str]


def write(folder: Path, studies: int, records: Sequence[tuple[str, bytes]] | None = None) -> tuple[Path, Path, NextDay]:
    """Write the files of two days into a folder, unless they are there; gives both and what happened between them.

    Of 600,000 studies 1,000 are updated, 120 are new, 10 delisted and 30 turn UNKNOWN; of fewer, fewer, but one each.
    """
    records = [one for one in records or inputs.gather(None).records if read_exact(one[1])]
    first, second = folder / f"{DAY}.zip", folder / f"{NEXT_DAY}.zip"
    day = _next_day(studies, records)
    if not (first.exists() and second.exists()):
        _zip(first, _restamped(_studies(records, range(studies)), DAY))
        _zip(second, _restamped(_moved(records, studies, day), NEXT_DAY))
    return first, second, day


def _zip(path: Path, studies: Iterator[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for nct_id, data in studies:
            archive.writestr(f"{nct_id}.json", data)


def _name(number: int) -> str:
    return f"NCT{90_000_000 + number}"


def _studies(records: Sequence[tuple[str, bytes]], numbers: range) -> Iterator[tuple[str, bytes]]:
    for number in numbers:
        nct_id, data = records[number % len(records)]
        yield _name(number), data.replace(nct_id.encode(), _name(number).encode())


def _restamped(studies: Iterator[tuple[str, bytes]], day: str) -> Iterator[tuple[str, bytes]]:
    return ((nct_id, _STAMP.sub(rb"\g<1>" + day.encode(), data)) for nct_id, data in studies)


def _next_day(studies: int, records: Sequence[tuple[str, bytes]]) -> NextDay:
    """Draw, by a seed, what happens; no study meets with two things."""
    chance = random.Random(studies)  # noqa: S311  # nothing secret
    is_open = [_status(data).get("overallStatus") in _OPEN for _, data in records]
    numbers = chance.sample(range(studies), studies)
    unknown = [number for number in numbers if is_open[number % len(records)]][: _share(studies, 30)]
    others = [number for number in numbers if number not in set(unknown)]
    updated, delisted = _share(studies, 1000), _share(studies, 10)
    return NextDay(
        frozenset(map(_name, others[:updated])),
        frozenset(map(_name, unknown)),
        frozenset(map(_name, others[updated : updated + delisted])),
        frozenset(map(_name, range(studies, studies + _share(studies, 120)))),
    )


def _share(studies: int, of_600_000: int) -> int:
    return max(1, studies * of_600_000 // 600_000)


def _status(data: bytes) -> Document:
    found: Document = orjson.loads(data)["protocolSection"]["statusModule"]
    return found


def _moved(records: Sequence[tuple[str, bytes]], studies: int, day: NextDay) -> Iterator[tuple[str, bytes]]:
    for nct_id, data in _studies(records, range(studies + len(day.new))):
        if nct_id in day.delisted:
            continue
        change = _update if nct_id in day.updated else _flip if nct_id in day.unknown else None
        yield nct_id, _changed(data, change) if change else data


def _changed(data: bytes, change: Callable[[Document], None]) -> bytes:
    document = orjson.loads(data)
    change(document)
    return orjson.dumps(document)


def _update(document: Document) -> None:
    """What sponsors do most: dates move, and a site or the enrollment."""
    status = document["protocolSection"]["statusModule"]
    status |= {"statusVerifiedDate": NEXT_DAY[:7], "lastUpdateSubmitDate": DAY}
    status["lastUpdatePostDateStruct"] = {"date": NEXT_DAY, "type": "ACTUAL"}
    info = (
        document["protocolSection"].setdefault("designModule", {}).setdefault("enrollmentInfo", {"type": "ESTIMATED"})
    )
    info["count"] = info.get("count", 0) + 10


def updated(data: bytes, number: int) -> bytes:
    """A record as it stands after so many updates of the usual kind, a day each."""
    day = str(date.fromisoformat(DAY) + timedelta(days=number))
    document = orjson.loads(data)
    for _ in range(number):
        _update(document)
    status = document["protocolSection"]["statusModule"]
    status |= {"statusVerifiedDate": day[:7], "lastUpdateSubmitDate": day}
    status["lastUpdatePostDateStruct"] = {"date": day, "type": "ACTUAL"}
    return _STAMP.sub(rb"\g<1>" + day.encode(), orjson.dumps(document))


def _flip(document: Document) -> None:
    """What the registry does to an open study that nobody verified for two years: no date moves."""
    status = document["protocolSection"]["statusModule"]
    status |= {"lastKnownStatus": status["overallStatus"], "overallStatus": "UNKNOWN"}


def main() -> None:
    """Write both files, and say what happens between them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--studies", type=int, default=100_000, help="(default 100,000)")
    asked = parser.parse_args()
    first, second, day = write(asked.folder, asked.studies)
    print(first, second, f"{len(day.updated)} updated, {len(day.unknown)} turned UNKNOWN", sep="\n")
    print(f"{len(day.delisted)} delisted, {len(day.new)} new")


if __name__ == "__main__":
    main()
