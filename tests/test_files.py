"""Paths to bytes: every file, member and line comes, or is named with what is wrong with it."""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctgov_ingest.files import Blob, arrays, blob, blobs, count, zips
from ctgov_ingest.sources import Failure


def found(*paths: Path) -> dict[str, bytes | str]:
    """Each source with its bytes, or what is wrong with it; sources below the first path's folder are shortened."""
    shown: dict[str, bytes | str] = {}
    for one in blobs(paths):
        name = one.source.replace(f"{paths[0]}/", "").replace(str(paths[0]), paths[0].name)
        assert name not in shown, "each source is named once"
        shown[name] = one.data if isinstance(one, Blob) else str(one.error)
    return shown


def zipped(path: Path, *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def test_folders_are_walked_in_the_order_of_names_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.json", "a/2.json", "a/1.json", "a/.hidden.json", ".git/x.json", "A/3.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert list(found(tmp_path)) == ["b.json", "A/3.json", "a/1.json", "a/2.json"]
    assert count([tmp_path]) == 4
    assert found(tmp_path / "a" / ".hidden.json") == {".hidden.json": b"a/.hidden.json"}


def test_a_missing_file_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    there.write_bytes(b"{}")
    gone = tmp_path / "gone.json"
    missing, present = blobs([gone, there])
    assert isinstance(missing, Failure)
    assert (missing.source, missing.error.code) == (str(gone), "cannot-open")
    assert str(missing.error) == "cannot be opened: No such file or directory"
    assert present == Blob(str(there), b"{}")


def test_a_folder_with_nothing_in_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / ".hidden").write_text("x")
    assert found(tmp_path) == {tmp_path.name: "expected a folder with files, found none in it"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    file, folder = tmp_path / "a.json", tmp_path / "b"
    file.write_text("{}")
    folder.mkdir()
    for path in (file, folder):
        path.chmod(0)
    try:
        assert found(tmp_path) == dict.fromkeys(["a.json", "b"], "cannot be opened: Permission denied")
    finally:
        folder.chmod(0o700)


def test_links_are_followed_once_and_never_in_circles(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.json").write_bytes(b"1")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    assert found(tmp_path) == {"loop.json": "cannot be opened: Too many levels of symbolic links", "a/1.json": b"1"}
    assert found(tmp_path / "b") == {"1.json": b"1", "up/loop.json": found(tmp_path)["loop.json"]}


def test_a_pipe_in_a_folder_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert found(tmp_path) == {"pipe.json": "expected a file, found a pipe or device"}
    assert count([tmp_path]) == 1


@pytest.mark.parametrize("name", ["<(…)", "zip"])
def test_a_pipe_that_is_named_is_read(name: str, tmp_path: Path) -> None:
    data = zipped(tmp_path / "z.zip", ("a.json", b"{}")).read_bytes() if name == "zip" else b'{"a": 1}'
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    pipe = Path(f"/dev/fd/{reading}")
    if not pipe.exists():
        pytest.skip("this system has no /dev/fd")
    (one,) = blobs([pipe])
    os.close(reading)
    assert isinstance(one, Blob)
    assert one.data == (b"{}" if name == "zip" else data)


# --- zips -------------------------------------------------------------------------------------------------------------


def test_a_zip_gives_its_members_whatever_they_are_called(tmp_path: Path) -> None:
    names = ["a.json", "folder/b.json", "../up.json", "/etc/passwd", "C:\\x.json", ".hidden.json", "__MACOSX/._a.json"]
    path = zipped(tmp_path / "z.zip", *((name, name.encode()) for name in names))
    assert {name.partition("::")[2]: data for name, data in found(path).items()} == {
        name: name.encode() for name in names[:5]
    }
    assert count([path]) == 5
    assert list(tmp_path.iterdir()) == [path]


def test_members_of_one_name_all_come(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zipped(tmp_path / "z.zip", ("a.json", b"1"), ("a.json", b"2"))
    assert [one.data for one in blobs([path]) if isinstance(one, Blob)] == [b"1", b"2"]


def test_an_empty_zip_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip")
    assert found(path) == {"z.zip": "expected a zip with members, found none in it"}


def test_a_zip_inside_a_zip_is_named(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", ("a.json", b"{}")).read_bytes()
    path = zipped(tmp_path / "z.zip", ("inner.zip", inner), ("b.json", b"{}"))
    assert found(path) == {
        "z.zip::inner.zip": "expected a record, found a zip inside a zip: unpack the outer one first",
        "z.zip::b.json": b"{}",
    }


def test_a_member_that_grows_beyond_measure_is_refused_unread(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", ("bomb.json", b" " * 50_000_000), ("b.json", b"{}"))
    told = found(path)
    assert told["z.zip::b.json"] == b"{}"
    assert "expected at most" in str(told["z.zip::bomb.json"])


def marked(path: Path, at: int, value: bytes) -> Path:
    """Change the first member's headers, both the local and the central one."""
    data = bytearray(path.read_bytes())
    for mark, shift in ((b"PK\x03\x04", at), (b"PK\x01\x02", at + 2)):
        start = data.index(mark) + shift
        data[start : start + len(value)] = value
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("at", "value", "words"),
    [
        (6, struct.pack("<H", 1), "encrypted"),
        (8, struct.pack("<H", 9), "compression"),
        (14, b"\0\0\0\0", "CRC"),
    ],
)
def test_a_member_that_cannot_be_unpacked_is_named_and_the_others_come(
    at: int, value: bytes, words: str, tmp_path: Path
) -> None:
    path = marked(zipped(tmp_path / "z.zip", ("a.json", b'{"a": 1}' * 9), ("b.json", b"{}")), at, value)
    told = found(path)
    assert words.lower() in str(told["z.zip::a.json"]).lower()
    assert told["z.zip::b.json"] == b"{}"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_with_broken_bytes_is_named_whatever_packed_it(method: int, tmp_path: Path) -> None:
    members = (("a.json", os.urandom(4000)), ("b.json", b"{}"))
    path = zipped(tmp_path / "z.zip", *members, method=method)
    data = bytearray(path.read_bytes())
    data[60:3000] = b"\xa5" * 2940
    path.write_bytes(data)
    told = found(path)
    assert "damaged" in str(told["z.zip::a.json"])
    assert told["z.zip::b.json"] == b"{}"


def test_a_zip_that_is_cut_off_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", ("a.json", b"{}" * 500))
    path.write_bytes(path.read_bytes()[:-30])
    (words,) = found(path).values()
    assert str(words).startswith("expected a whole zip, found one that is damaged or cut off")


def test_a_directory_of_64_bits_and_bytes_before_the_zip_are_read(tmp_path: Path) -> None:
    data = zipped(tmp_path / "z.zip", ("a.json", b"{}"), ("b.json", b"[]")).read_bytes()
    size, offset = struct.unpack("<2L", data[-10:-2])
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, size, offset)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(data) - 22, 1)
    large = (
        data[:-22] + end + place + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    )
    (tmp_path / "z.zip").write_bytes(large)
    assert found(tmp_path / "z.zip") == {"z.zip::a.json": b"{}", "z.zip::b.json": b"[]"}
    with zipfile.ZipFile(tmp_path / "z.zip") as archive:
        assert archive.namelist() == ["a.json", "b.json"], "it is one for zipfile too"
    for one in (data, large):
        assert [name for name, *_ in zips.entries(io.BytesIO(b"before" + one))] == ["a.json", "b.json"]


def test_a_place_of_64_bits_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", ("a.json", b"{}"))
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    extra = struct.pack("<2H2L", 7, 4, 9, 0)[:8] + struct.pack("<2HQ", 1, 8, 0)
    entry = data[at : at + 46 + 6]
    entry[30:32], entry[42:46] = struct.pack("<H", len(extra)), struct.pack("<L", 2**32 - 1)
    end = bytearray(data[-22:])
    end[12:16] = struct.pack("<L", len(entry) + len(extra))
    path.write_bytes(bytes(data[:at] + entry + extra + end))
    assert found(path) == {"z.zip::a.json": b"{}"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_zip_gives_what_is_whole_and_says_what_is_not(data: st.DataObject) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.json", f'{{"number": {number}}}' * 9)
    raw = bytearray(made.getvalue())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at : at + data.draw(st.integers(1, 30))] = data.draw(st.binary(max_size=30))
    for one in zips.members(io.BytesIO(raw), "z.zip"):
        assert isinstance(one, Failure) or one.data in [f'{{"number": {number}}}'.encode() * 9 for number in range(3)]


# --- tars -------------------------------------------------------------------------------------------------------------


def tarred(path: Path, mode: Literal["w", "w:gz", "w:bz2", "w:xz"], *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_gives_its_members_however_it_is_packed(
    mode: Literal["w", "w:gz", "w:bz2", "w:xz"], tmp_path: Path
) -> None:
    names = ["a.json", "folder/b.json", "../up.json", "/etc/passwd", ".hidden.json", "._a.json"]
    path = tarred(tmp_path / "t", mode, *((name, name.encode()) for name in names))
    assert found(path) == {f"t::{name}": name.encode() for name in names[:4]}
    assert list(tmp_path.iterdir()) == [path]


def test_members_of_a_tar_that_are_no_files_are_named(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "t.tar", "w") as archive:
        for name, kind in (("folder", tarfile.DIRTYPE), ("link", tarfile.SYMTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert found(tmp_path / "t.tar") == dict.fromkeys(
        ["t.tar::link", "t.tar::pipe"], "expected a file as a member of a tar, found a link or device"
    )


def test_archives_inside_a_tar_are_named(tmp_path: Path) -> None:
    inner = tarred(tmp_path / "i.tar", "w:gz", ("a", b"{}")).read_bytes()
    zip_ = zipped(tmp_path / "i.zip", ("a", b"{}")).read_bytes()
    path = tarred(tmp_path / "t.tar", "w", ("i.tar.gz", inner), ("i.zip", zip_), ("b.json", b"{}"))
    words = "expected a record, found an archive inside a tar: unpack the outer one first"
    assert found(path) == {"t.tar::i.tar.gz": words, "t.tar::i.zip": words, "t.tar::b.json": b"{}"}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_of_a_tar_that_is_cut_off_the_whole_members_come(mode: Literal["w", "w:gz", "w:xz"], tmp_path: Path) -> None:
    path = tarred(tmp_path / "t", mode, ("a.json", b"{}"), ("b.json", os.urandom(100_000)))
    path.write_bytes(path.read_bytes()[:60_000])
    told = found(path)
    assert told.get("t::a.json", b"{}") == b"{}"
    assert str(told["t"]).startswith("expected a whole tar, found one that is damaged or cut off")


def test_what_is_packed_and_no_tar_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"{}"))
    assert "expected a whole tar" in str(found(tmp_path / "a.gz")["a.gz"])


def test_a_tar_without_members_and_one_that_grows_beyond_measure_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blob, "MAX_BYTES", 2**20)
    empty = tarred(tmp_path / "empty.tar", "w:gz")
    assert found(empty) == {"empty.tar": "expected a tar with members, found none in it"}
    large = tarred(tmp_path / "large.tar", "w", ("a", b" " * 2**21), ("b", b"{}"))
    assert found(large) == {"large.tar::a": "expected a member of at most 1 MiB, found more", "large.tar::b": b"{}"}
    bomb = tarred(tmp_path / "bomb", "w:gz", ("a", b"{}"), ("b", b" " * 2**24), ("c", b"{}"))
    told = found(bomb)
    assert told.pop("bomb::a") == b"{}"
    assert told == {"bomb": "expected a tar that grows at most 300 times when unpacked, found more"}


# --- long lists -------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list is long, and comes in many pieces."""
    monkeypatch.setattr(arrays, "ENOUGH", 0)
    monkeypatch.setattr(arrays, "_CHUNK", 50)


ODD: list[Any] = [None, 5, "x", [], {}, {"other": 1}, {"hasResults": True, "protocolSection": {}}]
FIRST = {"protocolSection": {"a": [{"b": 1}, {"b": '},{"protocolSection":'}]}, "hasResults": False}


@pytest.mark.usefixtures("by_item")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([FIRST, *ODD]), max_size=8), st.sampled_from([None, 1]), st.booleans())
def test_a_long_list_comes_item_by_item_and_whole(
    tmp_path: Path, items: list[Any], indent: int | None, is_answer: bool
) -> None:
    wanted = [FIRST, *items]
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"studies": wanted, "nextPageToken": "x"} if is_answer else wanted, indent=indent))
    *pieces, around = blobs([path])
    came: list[Any] = []
    for piece in pieces:
        assert isinstance(piece, Blob)
        assert piece.source == f"{path}#{len(came) + 1}"
        values = json.loads(piece.data)
        came += values if piece.data.startswith(b"[") else [values]
    assert came == wanted
    assert isinstance(around, Blob)
    assert json.loads(around.data) == ({"studies": [], "nextPageToken": "x"} if is_answer else [])


@pytest.mark.usefixtures("by_item")
def test_of_a_long_list_that_is_cut_off_the_whole_items_come(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps([FIRST] * 3)[:-20])
    first, second, third = (one.data for one in blobs([path]) if isinstance(one, Blob))
    assert json.loads(first) == json.loads(second) == FIRST
    assert json.dumps(FIRST).startswith(third.decode())


@pytest.mark.usefixtures("by_item")
def test_an_item_over_the_limit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob, "MAX_BYTES", 2**20)
    path = tmp_path / "list.json"
    path.write_text(json.dumps([FIRST, {"protocolSection": " " * 2**21}]))
    assert found(path)["list.json#2"] == "expected an item of a list of at most 1 MiB, found more"


# --- JSON Lines -------------------------------------------------------------------------------------------------------


def test_lines_come_one_by_one_with_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\n  \n{broken\n{"b": 2}')
    assert found(path) == {
        "a.jsonl#1": b'\xef\xbb\xbf{"a": 1}',
        "a.jsonl#4": b"{broken",
        "a.jsonl#5": b'{"b": 2}',
    }
    assert count([path]) == 4


def test_files_lines_and_members_over_the_limit_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob, "MAX_BYTES", 2**20)
    big = b" " * (2**20 + 1)
    (tmp_path / "big.json").write_bytes(big)
    (tmp_path / "fits.json").write_bytes(big[1:])
    (tmp_path / "big.jsonl").write_bytes(b"1\n" + big * 3 + b"\n2")
    zipped(tmp_path / "big.zip", ("a", os.urandom(2**20 + 1)))
    told = found(tmp_path)
    assert told.pop("fits.json") == big[1:]
    assert told == {
        "big.json": "expected a file of at most 1 MiB, found more",
        "big.jsonl#1": b"1",
        "big.jsonl#2": "expected a line of at most 1 MiB, found more",
        "big.jsonl#3": b"2",
        "big.zip::a": told["big.zip::a"],
    }
    assert "found more" in str(told["big.zip::a"])
