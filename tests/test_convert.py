"""Piles of inputs to Parquet: DuckDB reads what a store would show, whoever did it, and nothing is half written."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pytest
from stores import FIXTURES, NCT, demo, noon, record, write

from ctgov_ingest.convert import ALL, convert, in_processes
from ctgov_ingest.convert.data_set import MANIFEST, UNFINISHED
from ctgov_ingest.errors import NotConverted, WrongSetting
from ctgov_ingest.ingest import ingest
from ctgov_ingest.store import Store
from ctgov_ingest.store.child_tables import name_of
from ctgov_ingest.tables import TABLES, Table

ROOT = Path(__file__).resolve().parents[1]
PILE = [str(FIXTURES / name) for name in ("api-v2/list.json", "api-v2/interventional.json", "legacy-xml", "study-page")]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two files or members."""
    monkeypatch.setattr("ctgov_ingest.convert.parts.MEMBERS", 2)


@pytest.fixture
def files() -> Iterator[Any]:
    """What lies at memory://."""
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


def ask(out: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask DuckDB, with `{table}` as the files of a table."""
    tables = {table.name: f"'{out}/{table.name}/*.parquet'" for table in ALL}
    with duckdb.connect() as connection:
        return connection.sql(sql.format(**tables)).fetchall()


def content(out: Path) -> dict[Table, list[str]]:
    """The rows of all tables, in no order."""
    with duckdb.connect() as connection:
        found = {table: connection.sql(f"FROM '{out}/{table.name}/*.parquet'").fetchall() for table in ALL}
    return {table: sorted(map(repr, rows)) for table, rows in found.items()}


def zipped(path: Path, records: list[dict[str, Any]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in records:
            archive.writestr(f"{one['protocolSection']['identificationModule']['nctId']}.json", json.dumps(one))
    return path


def many(number: int) -> list[dict[str, Any]]:
    return [record(nct_id=f"NCT0991{at:04d}", title=f"Study {at}") for at in range(number)]


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_the_tables_are_those_of_a_store_of_the_same_files(tmp_path: Path, out: Path) -> None:
    pile = [FIXTURES / "api-v2" / name for name in ("list.json", "interventional.json", "three-records.jsonl")]
    convert(list(map(str, pile)), str(out))
    with Store(tmp_path / "ctgov.db", clock=noon) as store:
        ingest(pile, store)
        store.derived.build(("tables",), keep=False)
        counts = store.derived.counts("tables")
    own = {table.name: len(found) for table, found in content(out).items() if table in TABLES}
    assert own == {table.name: counts[name_of(table)] for table in TABLES}


def test_columns_have_their_types(out: Path) -> None:
    convert([str(FIXTURES / "api-v2" / "interventional.json")], str(out))
    types = dict(ask(out, "SELECT column_name, column_type FROM (DESCRIBE FROM {studies})"))
    told = {
        name: types[name]
        for name in ("nct_id", "phases", "enrollment", "has_results", "start_date_earliest", "min_bmi")
    }
    assert told == {
        "nct_id": "VARCHAR",
        "phases": "VARCHAR[]",
        "enrollment": "BIGINT",
        "has_results": "BOOLEAN",
        "start_date_earliest": "DATE",
        "min_bmi": "DOUBLE",
    }


def test_a_table_without_rows_has_its_columns_all_the_same(tmp_path: Path, out: Path) -> None:
    convert([str(write(tmp_path, "one.json", record()))], str(out))
    assert [name for name, *_ in ask(out, "DESCRIBE FROM {outcomes}")] == [
        "nct_id",
        "type",
        "ordinal",
        "measure",
        "description",
        "time_frame",
    ]
    assert {table.name for table, rows in content(out).items() if rows} == {"studies", "records"}


def test_the_manifest_tells_every_file_and_row(out: Path) -> None:
    converted = convert(PILE, str(out))
    manifest = json.loads((out / MANIFEST).read_bytes())
    assert {name: one["rows"] for name, one in manifest["tables"].items()} == converted.rows
    there = {str(path.relative_to(out)) for path in out.rglob("*.parquet")}
    assert there == {name for one in manifest["tables"].values() for name in one["files"]}


# --- several records of a study ---------------------------------------------------------------------------------------


def test_of_several_records_the_latest_has_rows_wherever_it_stands(
    tmp_path: Path, out: Path, small_parts: None
) -> None:
    titles = {"2025-06-01": "first", "2025-08-01": "last", "2025-07-01": "middle"}
    paths = [
        write(tmp_path, f"{at}.json", record(updated=day, title=title, conditionsModule={"conditions": [title]}))
        for at, (day, title) in enumerate(titles.items())
    ]
    converted = convert([*map(str, paths), *map(str, demo())], str(out))
    assert converted.superseded == 2 + len(demo()) - 1
    assert ask(out, f"SELECT brief_title FROM {{studies}} WHERE nct_id = '{NCT}'") == [("last",)]
    assert ask(out, f"SELECT name FROM {{conditions}} WHERE nct_id = '{NCT}'") == [("last",)]
    told = ask(out, f"SELECT registry_date, is_latest FROM {{records}} WHERE nct_id = '{NCT}' ORDER BY 1")
    assert told == [("2025-06-01", False), ("2025-07-01", False), ("2025-08-01", True)]
    assert ask(out, "SELECT max(n) FROM (SELECT count(*) AS n FROM {studies} GROUP BY nct_id)") == [(1,)]


def test_the_latest_is_that_which_a_store_shows(tmp_path: Path, out: Path) -> None:
    convert([str(path) for path in demo()], str(out))
    with Store(tmp_path / "ctgov.db", clock=noon) as store:
        ingest(demo(), store)
        ((_, _, latest),) = store.latest(store.nct_ids())
    status = latest["protocolSection"]["statusModule"]
    sql = "SELECT overall_status, last_update_posted FROM {studies}"
    assert ask(out, sql) == [(status["overallStatus"], status["lastUpdatePostDateStruct"]["date"])]


def test_one_record_twice_is_one_study(tmp_path: Path, out: Path) -> None:
    path = str(write(tmp_path, "one.json", record()))
    assert convert([path, path], str(out)).superseded == 1
    assert ask(out, "SELECT count(*) FROM {studies}") == [(1,)]


# --- what cannot be read ----------------------------------------------------------------------------------------------


def test_what_is_refused_is_in_a_table_and_the_rest_goes_on(tmp_path: Path, out: Path, small_parts: None) -> None:
    """Failures are those of an ingest: pages that are none, damaged zips, zip bombs, files that are not there."""
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("NCT09900001.json", b" " * 20_000_000)
    refused = [path for path in sorted((FIXTURES / "refused").iterdir()) if not path.name.endswith(".expected.json")]
    pile = [*refused, bomb, tmp_path / "nothing.json", write(tmp_path, "one.json", record())]
    converted = convert([str(path) for path in pile], str(out))
    with Store(tmp_path / "ctgov.db", clock=noon) as store:
        report = ingest(pile, store)
    expected = [(one.source, one.error.code, str(one.error)) for one in report.failures]
    assert ask(out, "SELECT source, code, message FROM {failures}") == expected
    assert [(one.source, one.error.code, str(one.error)) for one in converted.failures] == expected
    assert {code for _, code, _ in expected} >= {"too-large", "damaged", "cannot-open", "not-a-record"}
    assert converted.rows["studies"] == report.new


def test_what_no_rule_knows_and_what_was_odd_have_tables(out: Path) -> None:
    convert([str(FIXTURES / "api-v2" / "wrong-type-and-bad-date.json")], str(out))
    with_codes = ask(out, "SELECT nct_id, code, source FROM {issues}")
    assert with_codes
    assert {source.rpartition("/")[2] for _, _, source in with_codes} == {"wrong-type-and-bad-date.json"}


def test_half_a_character_in_a_quoted_text_hinders_nothing(out: Path) -> None:
    converted = convert([str(FIXTURES / "api-v2" / "lone-surrogate.json")], str(out))
    assert (converted.rows["studies"], converted.failures) == (1, [])
    assert ask(out, "SELECT count(*) FROM {issues} WHERE code = 'lone-surrogate'")[0][0] >= 1


def test_a_directory_that_breaks_off_in_a_zip_loses_no_member_before_it(
    tmp_path: Path, out: Path, small_parts: None
) -> None:
    whole = zipped(tmp_path / "whole.zip", many(5))
    data = bytearray(whole.read_bytes())
    marks = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]
    data[marks[3]] = 0
    (broken := tmp_path / "broken.zip").write_bytes(data)
    converted = convert([str(broken)], str(out))
    assert [(one.source, one.error.code) for one in converted.failures] == [(str(broken), "damaged")]
    assert ask(out, "SELECT nct_id FROM {studies} ORDER BY 1") == [(f"NCT0991{at:04d}",) for at in range(3)]


# --- in parts, again, elsewhere ---------------------------------------------------------------------------------------


def test_parts_of_any_size_give_the_same_rows(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pile = [*PILE, str(zipped(tmp_path / "many.zip", many(9)))]
    convert(pile, str(out))
    monkeypatch.setattr("ctgov_ingest.convert.parts.MEMBERS", 2)
    monkeypatch.setattr("ctgov_ingest.convert.writing.ROWS", 3)
    monkeypatch.setattr("ctgov_ingest.convert.writing.GROUP_BYTES", 100)
    convert(pile, str(tmp_path / "small"))
    assert content(tmp_path / "small") == content(out)
    assert len(list((tmp_path / "small" / "studies").iterdir())) > 5


def test_other_processes_give_the_same(tmp_path: Path, out: Path, small_parts: None) -> None:
    pile = [str(zipped(tmp_path / "many.zip", many(9)))]
    convert(pile, str(out))
    steps: list[int] = []
    convert(pile, str(tmp_path / "jobs"), map_=in_processes(2), advance=lambda: steps.append(1))
    assert content(tmp_path / "jobs") == content(out)
    assert len(steps) == 5


def test_done_again_with_less_it_leaves_nothing_of_before(tmp_path: Path, out: Path, small_parts: None) -> None:
    convert([str(zipped(tmp_path / "many.zip", many(9)))], str(out))
    (out / "studies" / ".part-000001.parquet.left").write_bytes(b"of a killed run")
    convert([str(zipped(tmp_path / "few.zip", many(3)))], str(out))
    assert ask(out, "SELECT count(*) FROM {studies}") == [(3,)]
    assert not list(out.rglob(".*"))
    assert not (out / UNFINISHED).exists()


def test_it_can_lie_and_come_from_where_fsspec_reaches(tmp_path: Path, out: Path, files: Any) -> None:
    archive = zipped(tmp_path / "many.zip", many(4))
    files.pipe({"/pile/a/many.zip": archive.read_bytes(), "/pile/one.json": json.dumps(record()).encode()})
    files.pipe("/pile/.hidden/two.json", b"{}")
    converted = convert(["memory://pile", f"file://{archive}", "memory://nothing"], "memory://out")
    assert (converted.rows["studies"], converted.superseded) == (5, 4)
    assert [(one.source, one.error.code) for one in converted.failures] == [("memory://nothing", "cannot-open")]
    for name in files.find("/out"):
        (target := out / name.removeprefix("/out/")).parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files.cat(name))
    assert ask(out, "SELECT count(*), count(DISTINCT nct_id) FROM {studies}") == [(5, 5)]
    sources = {source for (source,) in ask(out, "SELECT source FROM {records} WHERE is_latest")}
    assert f"{archive}" in "".join(sources) or "memory://" in "".join(sources)


# --- nothing is half written ------------------------------------------------------------------------------------------


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path, out: Path) -> None:
    (out / "thesis").mkdir(parents=True)
    (out / "thesis" / "chapter.txt").write_text("mine")
    with pytest.raises(WrongSetting, match="not empty"):
        convert([str(write(tmp_path, "one.json", record()))], str(out))
    assert [path.name for path in out.rglob("*")] == ["thesis", "chapter.txt"]


def test_a_run_that_ends_before_its_end_leaves_no_manifest_and_can_be_done_again(
    tmp_path: Path, out: Path, small_parts: None
) -> None:
    pile = [str(zipped(tmp_path / "many.zip", many(6)))]
    convert(pile, str(out))

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(pile, str(out), advance=stop)
    assert not (out / MANIFEST).exists()
    assert convert(pile, str(out)).rows["studies"] == 6
    assert (out / MANIFEST).exists()


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ctgov_ingest.convert.writing._File.close", full)
    with pytest.raises(NotConverted, match="No space left"):
        convert([str(write(tmp_path, "one.json", record()))], str(tmp_path / "out"))


@pytest.mark.parametrize("address", ["nosuch://bucket/pile", "s3://bucket/pile"])
def test_an_address_without_a_driver_is_told(address: str, out: Path) -> None:
    with pytest.raises(WrongSetting, match=r"nosuch|s3fs"):
        convert([address], str(out))


def test_other_processes_and_memory_do_not_go_together(out: Path) -> None:
    with pytest.raises(WrongSetting, match="memory"):
        convert(["memory://pile"], str(out), map_=in_processes(2))


# --- the command ------------------------------------------------------------------------------------------------------


def run(*words: str, without: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a process in which a library is not installed."""
    hide = f"import sys; sys.modules[{without!r}] = None; " if without else "import sys; "
    script = f"{hide}sys.argv = ['ctgov-ingest', *sys.argv[1:]]; from ctgov_ingest.cli import main; main()"
    return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_command_names_failures_and_counts_rows(tmp_path: Path, out: Path) -> None:
    bad, good = write(tmp_path, "bad.json", "{"), write(tmp_path, "good.json", record())
    told = run("convert", str(bad), str(good), str(out), "--json")
    assert told.returncode == 1
    assert str(bad) in told.stderr
    counts = json.loads(told.stdout)
    assert (counts["studies"], counts["superseded"], counts["failed"]) == (1, 0, 1)
    assert counts["rows"]["failures"] == 1


@pytest.mark.parametrize(
    ("library", "extra", "more"),
    [
        ("pyarrow", "parquet", []),
        ("fsspec.core", "parquet", []),
        ("distributed", "dask", ["--scheduler", "tcp://127.0.0.1:9"]),
    ],
)
def test_without_a_library_the_command_says_what_to_install(
    tmp_path: Path, library: str, extra: str, more: list[str]
) -> None:
    told = run("convert", str(FIXTURES / "api-v2"), str(tmp_path / "out"), *more, without=library)
    assert told.returncode == 2
    assert f"pip install 'ctgov-ingest[{extra}]'" in told.stderr
    assert len(told.stderr.splitlines()) == 1
