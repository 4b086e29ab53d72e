"""Bytes are kept to the letter however they are packed; what is wrong with a store is found and named."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from stores import FIXTURES, NCT, ask, demo, history, noon, record, tell

from ctgov_ingest.errors import StoreError
from ctgov_ingest.files import Blob
from ctgov_ingest.ingest import captures, ingest
from ctgov_ingest.store import Capture, Store
from ctgov_ingest.store.kept import CHAIN, LONGEST

VERSIONS = 60


def compact_json(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def taken(data: bytes) -> Capture:
    (one,) = captures(Blob("x", data))
    assert isinstance(one, Capture)
    return one


def life(number: int, nct_id: str = NCT) -> bytes:
    """One of many versions of a study that share most of their text."""
    summary = " ".join(str(random.Random(one).random()) for one in range(300))  # noqa: S311
    more: dict[str, Any] = {"descriptionModule": {"briefSummary": summary}}
    day = f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}"
    return compact_json(record(day, title=f"Version {number}", nct_id=nct_id, **more))


def kept(path: Path) -> dict[int, bytes]:
    """The bytes of every capture."""
    with Store(path, read_only=True) as store:
        return {number: store._captures._kept.of(number) for (number,) in ask(path, "SELECT id FROM captures")}


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A study of many versions, all of API v2."""
    with Store(tmp_path / "s.db", clock=noon) as store:
        for number in range(VERSIONS):
            store.add(taken(life(number)))
    return tmp_path / "s.db"


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Captures of every kind, in no order; pages enough to learn from."""
    files = [*demo(), *(path for path in sorted(FIXTURES.glob("*-page/*")) if ".expected" not in path.name)]
    random.Random(3).shuffle(files)  # noqa: S311
    with Store(tmp_path / "s.db", clock=noon) as store:
        ingest(files, store)
        for number in random.Random(4).sample(range(VERSIONS), VERSIONS):  # noqa: S311
            store.add(taken(life(number)))
    return tmp_path / "s.db"


def depths(path: Path) -> Iterator[int]:
    """How many others must be unpacked before each capture."""
    bases = dict(ask(path, "SELECT id, base FROM captures"))
    for number in bases:
        depth = 0
        while (number := bases[number]) is not None:
            depth += 1
        yield depth


def test_every_version_is_kept_to_the_letter_beside_its_neighbour_in_a_bounded_chain(long: Path) -> None:
    assert kept(long) == {number + 1: life(number) for number in range(VERSIONS)}
    assert CHAIN < max(depths(long)) <= LONGEST
    sizes = [size for (size,) in ask(long, "SELECT length(raw) FROM captures WHERE base IS NOT NULL")]
    assert len(sizes) == VERSIONS - 2, "the latest is plain, and one stands alone"
    assert max(sizes) < 100


def test_the_bytes_of_the_latest_version_are_its_text_and_nowhere_else(long: Path) -> None:
    assert ask(long, "SELECT id FROM captures WHERE raw IS NULL") == [(VERSIONS,)]
    assert ask(long, "SELECT CAST(study AS BLOB) FROM studies") == [(life(VERSIONS - 1),)]


def test_versions_that_come_latest_first_are_kept_as_small(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db", clock=noon) as store:
        for number in reversed(range(VERSIONS)):
            store.add(taken(life(number)))
    assert kept(tmp_path / "s.db") == {VERSIONS - number: life(number) for number in range(VERSIONS)}
    ((packed,),) = ask(tmp_path / "s.db", "SELECT sum(length(raw)) FROM captures")
    assert packed < 100 * VERSIONS


def test_a_store_is_smaller_afterwards_and_holds_the_same(mixed: Path) -> None:
    before, bytes_before = history(mixed), kept(mixed)
    with Store(mixed, clock=noon) as store:
        counts = store.compact().counts()
        assert counts["packed_after"] <= counts["packed_before"]
        assert counts["after"] == mixed.stat().st_size
        assert store.compact().counts()["packed_after"] == counts["packed_after"], "nothing is left to do"
        assert store.verify().problems == []
    assert (history(mixed), kept(mixed)) == (before, bytes_before)
    assert max(depths(mixed)) <= LONGEST


def test_what_comes_after_packing_anew_is_kept_too(mixed: Path) -> None:
    with Store(mixed, clock=noon) as store:
        store.compact()
        for number in range(VERSIONS, VERSIONS + 12):
            store.add(taken(life(number)))
        assert store.verify().problems == []
    assert max(depths(mixed)) <= LONGEST


def test_a_dictionary_is_learnt_where_there_is_enough_to_learn_from(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(400)]
    with Store(tmp_path / "s.db", clock=noon) as store, store.batch():
        for number in range(300):
            chance = random.Random(number)  # noqa: S311
            summary = " ".join([*chance.choices(words, k=20), "as is written in all of these records alike " * 5])
            document = record(nct_id=f"NCT{number:08d}", descriptionModule={"briefSummary": summary})
            store.add(taken(json.dumps(document, indent=1).encode()))
    before = kept(tmp_path / "s.db")
    with Store(tmp_path / "s.db", clock=noon) as store:
        counts = store.compact().counts()
        assert counts["dictionaries"] == 1
        assert counts["packed_after"] < 0.7 * counts["packed_before"]
        assert store.compact().counts()["dictionaries"] == 1, "the one before it goes when nothing needs it"
        assert store.verify().problems == []
    assert kept(tmp_path / "s.db") == before
    assert ask(tmp_path / "s.db", "SELECT kind, made FROM dictionaries") == [("api-v2", "2026-05-01T12:00:00+00:00")]


def test_whoever_is_killed_while_packing_leaves_a_whole_store(mixed: Path) -> None:
    before = history(mixed), kept(mixed)
    command = [sys.executable, "-m", "ctgov_ingest", "compact", "--db", str(mixed)]
    chance = random.Random(6)  # noqa: S311
    for _ in range(4):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as program:
            time.sleep(chance.uniform(0.3, 1.5))  # not in place of a condition: any moment will do
            program.send_signal(signal.SIGKILL)
        with Store(mixed, read_only=True) as store:
            assert store.verify().problems == []
        assert (history(mixed), kept(mixed)) == before


@pytest.mark.parametrize("schema", [1, 2])
def test_a_store_of_an_earlier_schema_is_whole_and_gets_smaller(schema: int, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as db:
        db.executescript((FIXTURES / "stores" / f"schema-{schema}.sql").read_text(encoding="utf-8"))
    with Store(old, clock=noon) as store:
        assert store.verify().problems == []
        counts = store.compact().counts()
        assert counts["packed_after"] < counts["packed_before"]
        assert store.verify().problems == []
        ingest(demo(), store)
        assert store.verify().problems == []


# --- what is wrong is named -------------------------------------------------------------------------------------------


def problems(path: Path) -> list[tuple[str, str | None]]:
    with Store(path, read_only=True) as store:
        return [(one.table, one.nct_id) for one in store.verify().problems]


DAMAGE = {
    "bytes": ("UPDATE captures SET raw = x'28B52FFD00' WHERE id = 3", "captures"),
    "other bytes": ("UPDATE captures SET raw = (SELECT raw FROM captures WHERE id = 32) WHERE id = 31", "captures"),
    "their hash": ("UPDATE captures SET sha256 = zeroblob(32) WHERE id = 5", "captures"),
    "content hash": ("UPDATE captures SET content_hash = '1:0' WHERE id = 5", "captures"),
    "the text of the study": ("UPDATE study_rows SET study = replace(study, 'Version', 'Vision')", "studies"),
    "no JSON": ("UPDATE study_rows SET study = substr(study, 9)", "studies"),
    "the latest version": ("UPDATE study_rows SET version = 3", "studies"),
    "a version gone": ("DELETE FROM version_rows WHERE version = 7", "versions"),
    "a version of another": ("UPDATE version_rows SET capture = 2 WHERE version = 7", "versions"),
    "no delivery": ("DELETE FROM deliveries WHERE id = 1", "sightings"),
    "a day before itself": ("UPDATE deliveries SET before = id WHERE id = 1", "deliveries"),
    "a row that others name": ("DELETE FROM captures WHERE id = 60", "captures"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_found(what: str, long: Path) -> None:
    assert problems(long) == []
    sql, table = DAMAGE[what]
    tell(long, sql)
    assert table in {found for found, _ in problems(long)}


def test_damage_is_told_and_ends_with_1(long: Path) -> None:
    command = [sys.executable, "-m", "ctgov_ingest", "verify", "--db", str(long)]
    told = subprocess.run(command, capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == "60 captures, 60 versions and 0 lists read: 0 problems.\n"
    tell(long, "UPDATE captures SET sha256 = zeroblob(32) WHERE id = 5")
    told = subprocess.run([*command, "--json"], capture_output=True, text=True)
    assert told.returncode == 1
    words = "its bytes have not the hash with which they came in"
    assert told.stderr == f"wrong: {NCT} captures 5: {words}\n"
    assert json.loads(told.stdout) == {
        "captures": 60,
        "versions": 60,
        "lists": 0,
        "inexact": 0,
        "problems": [{"table": "captures", "nct_id": NCT, "row": 5, "words": words}],
    }


def test_a_damaged_store_is_not_packed_anew(long: Path) -> None:
    tell(long, "UPDATE captures SET sha256 = zeroblob(32) WHERE id = 5")
    with Store(long, clock=noon) as store, pytest.raises(StoreError, match="capture 5 has not the bytes that came in"):
        store.compact()
