"""Files in, versions stored: the good ones exactly, whoever reads them, and older readings first read again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stores import FIXTURES, ask, demo, everything, noon, record, tell, write

from ctgov_ingest import workers
from ctgov_ingest.errors import Damaged
from ctgov_ingest.files import Blob, blobs
from ctgov_ingest.ingest import Fault, Result, captures, ingest, read_all, reparse
from ctgov_ingest.sources import READERS, Failure, scan
from ctgov_ingest.store import Store


def fixtures(folder: str) -> list[Path]:
    return sorted(path for path in (FIXTURES / folder).iterdir() if not path.name.endswith(".expected.json"))


def ids(blob: Blob) -> Iterator[str]:
    return (one.nct_id for one in scan(blob.data, blob.source) if not isinstance(one, Failure))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ctgov.db"


# --- exactly the good ones --------------------------------------------------------------------------------------------


def test_of_refused_files_the_store_holds_exactly_the_good_members(path: Path) -> None:
    files = fixtures("refused")
    with Store(path, clock=noon) as store:
        report = ingest(files, store)
        assert store.nct_ids() == ["NCT03986528", "NCT09900017"]
    assert report.counts() == {"read": 2, "new": 2, "changed": 0, "unchanged": 0, "failed": len(files)}
    for file in files:
        (failure,) = [one for one in report.failures if one.source.startswith(str(file))]
        assert str(failure.error)
        assert not isinstance(failure.error, Fault), failure
    noted = ask(path, "SELECT source, code, message FROM failures")
    assert noted == [(one.source, one.error.code, str(one.error)) for one in report.failures]


def test_every_record_of_the_api_fixtures_is_stored(path: Path) -> None:
    files = fixtures("api-v2")
    with Store(path, clock=noon) as store:
        report = ingest([FIXTURES / "api-v2" / file.name for file in files], store)
        expected = {nct_id for file in files for nct_id in ids(Blob(str(file), file.read_bytes()))}
        assert set(store.nct_ids()) == expected
    assert report.failures == []


def test_a_broken_line_is_named_and_the_lines_around_it_are_stored(tmp_path: Path, path: Path) -> None:
    first, second = (record(nct_id=f"NCT0990000{number}") for number in (1, 2))
    file = write(tmp_path, "a.jsonl", first, '{"protocolSection": ', second)
    with Store(path) as store:
        report = ingest([file], store)
        assert store.nct_ids() == ["NCT09900001", "NCT09900002"]
    (failure,) = report.failures
    assert failure.source == f"{file}#2"
    assert "cut off" in str(failure.error)


def test_every_record_can_be_told_its_place(tmp_path: Path, path: Path) -> None:
    file = write(tmp_path, "a.jsonl", record(nct_id="NCT09900001"), record(nct_id="NCT09900002"))
    with Store(path) as store:
        ingest([file], store)
    assert ask(path, "SELECT source FROM captures") == [(f"{file}#1",), (f"{file}#2",)]


def test_a_number_larger_than_any_is_refused_and_not_bent(tmp_path: Path, path: Path) -> None:
    import json

    text = json.dumps(record(somethingNew={"size": 1})).replace('"size": 1', '"size": 1e999')
    with Store(path) as store:
        report = ingest([write(tmp_path, "a.json", text)], store)
        assert store.nct_ids() == []
    assert "infinity" in str(report.failures[0].error)


def test_a_day_that_is_only_a_month_dates_nothing(tmp_path: Path, path: Path) -> None:
    with Store(path, clock=noon) as store:
        ingest([write(tmp_path, "a.json", record("2026-02"))], store)
    assert ask(path, "SELECT seen, stood_on FROM captures") == [("2026-05-01", "2025-06-01")]


# --- read in other processes ------------------------------------------------------------------------------------------


def test_other_processes_give_the_same_rows(tmp_path: Path) -> None:
    files = [*demo(), *fixtures("refused"), *fixtures("study-page"), *fixtures("api-v2")]
    counts = []
    for jobs in (1, 2):
        with Store(tmp_path / f"{jobs}.db", clock=noon) as store:
            counts.append(ingest(files, store, jobs=jobs).counts())
    assert counts[0] == counts[1]
    assert everything(tmp_path / "1.db") == everything(tmp_path / "2.db")


def crashes_at_third(portion: list[Blob | Failure]) -> list[Result]:
    """A reader that takes its process down with it."""
    if any(blob.source.endswith("#3") for blob in portion):
        os.kill(os.getpid(), signal.SIGKILL)
    return [[Failure(blob.source, Damaged("read"))] for blob in portion]


def test_a_record_that_takes_its_process_down_is_named_and_the_others_come(tmp_path: Path) -> None:
    file = write(tmp_path, "a.jsonl", *(record(nct_id=f"NCT{number:08d}") for number in range(40)))
    results = [result for _, some in read_all(blobs([file]), 2, crashes_at_third) for result in some]
    found = [one for result in results if isinstance(result, list) for one in result if isinstance(one, Failure)]
    assert [one.source for one in found] == [f"{file}#{number}" for number in range(1, 41)]
    (failure,) = [one for one in found if not isinstance(one.error, Damaged)]
    assert failure.source == f"{file}#3"
    assert str(failure.error).startswith("the process that read it ended before it was done")


def slow_square(number: int) -> int:
    time.sleep(0.01 * (number % 3))
    return number * number


def test_results_come_in_the_order_of_the_pieces() -> None:
    assert list(workers.run(slow_square, range(50), 3)) == [(number, number * number) for number in range(50)]


def test_no_more_pieces_are_taken_than_are_under_way() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(10_000):
            taken.append(number)
            yield number

    results = workers.run(slow_square, pieces(), 2)
    assert next(results) == (0, 0)
    results.close()  # type: ignore[attr-defined]
    assert len(taken) <= 16


# --- read again -------------------------------------------------------------------------------------------------------


def spoil(path: Path, where: str = "1") -> None:
    """Make kept captures those of an older reader, which read the title and nothing more."""
    tell(path, f"UPDATE captures SET reader = '0', content_hash = '1:older' || id WHERE {where}")


def test_what_an_older_reader_read_is_read_again_first_and_makes_no_change(path: Path) -> None:
    with Store(path, clock=noon) as store:
        ingest(demo()[:4], store)
        before = everything(path)
        spoil(path)
        assert store.stale(READERS) == ["NCT03986528"]
        report = ingest(demo()[4:], store)
        assert (report.counts()["unchanged"], report.failures) == (1, [])
        assert store.stale(READERS) == []
    after = everything(path)
    assert after["changes"] == before["changes"]
    assert len(after["versions"]) == len(before["versions"])


@pytest.mark.parametrize("jobs", [1, 2])
def test_kept_bytes_that_are_no_longer_read_stop_nothing(jobs: int, tmp_path: Path, path: Path) -> None:
    one, two, new = (write(tmp_path, f"{n}.json", record(nct_id=f"NCT0990000{n}")) for n in (1, 2, 3))
    with Store(path, clock=noon) as store:
        ingest([one, two], store)
        versions = store.versions("NCT09900001")
        spoil(path)
        tell(path, "UPDATE captures SET raw = (SELECT raw FROM captures WHERE nct_id = 'NCT09900002'), document = raw")
        report = ingest([new], store, jobs=jobs)
        assert report.counts() == {"read": 1, "new": 1, "changed": 0, "unchanged": 0, "failed": 1}
        (failure,) = report.failures
        assert failure.source == str(one)
        assert "expected a record of NCT09900001, found one of NCT09900002" in str(failure.error)
        assert store.versions("NCT09900001")[0]["overall_status"] == versions[0]["overall_status"]
        assert store.stale(READERS) == [], "it is tried again only when another reader comes"
        assert ingest([new], store).failures == []
        changed, failures = reparse("NCT09900001", store)
        assert (changed, len(failures)) == (False, 1)


def test_reading_everything_again_gives_the_same_rows(path: Path) -> None:
    with Store(path, clock=noon) as store:
        ingest([*demo(), *fixtures("study-page"), *fixtures("api-v2"), *fixtures("page-text")], store)
        before = everything(path)
        for name in store.nct_ids():
            assert reparse(name, store) == (False, [])
    assert everything(path) == before


# --- a fault of our own -----------------------------------------------------------------------------------------------


class Broken(bytes):
    """Bytes at which any reader fails."""

    def isspace(self) -> bool:
        raise ZeroDivisionError("no record at all")


def test_a_fault_of_a_reader_is_named_as_ours_and_stops_nothing() -> None:
    (failure,) = captures(Blob("a.json", Broken(b"{}")))
    assert isinstance(failure, Failure)
    assert (failure.source, failure.error.code) == ("a.json", "fault")
    assert "a fault of ctgov-ingest, please report it: ZeroDivisionError: no record at all" in str(failure.error)


def test_a_run_that_is_broken_off_has_no_end(path: Path, tmp_path: Path) -> None:
    file = write(tmp_path, "a.json", record())

    def interrupted() -> None:
        raise KeyboardInterrupt

    advance: Callable[[], None] = interrupted
    with Store(path, clock=noon) as store:
        with pytest.raises(KeyboardInterrupt):
            ingest([file], store, advance=advance)
        assert store.nct_ids() == ["NCT09900001"]
    assert ask(path, "SELECT ended, counts FROM runs") == [(None, None)]
