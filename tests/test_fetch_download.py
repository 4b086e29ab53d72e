"""The bulk file: whole or not there, resumed where it was cut, begun anew when it changed meanwhile."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from fetching import Script, Ticking, client_of, raw, reply, resets
from registry import Registry as Loopback

from ctgov_ingest.errors import FetchError, Forbidden, Incomplete, StoreError, Unexpected
from ctgov_ingest.fetch import Download, Registry
from ctgov_ingest.fetch.zipped import damage


def zipped(*names: str, comment: bytes = b"", stored: bytes = b"{}" * 3000) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.comment = comment
        for name in names:
            archive.writestr(name, stored)
    return held.getvalue()


DATA = zipped("01/NCT00000001.json", "02/NCT00000002.json")
OTHER = zipped("03/NCT00000003.json", stored=b"[]" * 9000)
CUT = 5000

TAG, OTHER_TAG = {"ETag": '"first"'}, {"ETag": '"second"'}


def rest(data: bytes, start: int, tag: dict[str, str] = TAG) -> bytes:
    """What comes when a part is asked for."""
    return reply(data[start:], 206, {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}", **tag})


def cut(data: bytes, at: int, tag: dict[str, str] = TAG) -> bytes:
    return reply(data, headers=tag)[: at - len(data)]


def fetched(path: Path, *scripts: Script | bytes, tries: int = 3) -> tuple[Download, list[str]]:
    with raw(*scripts) as server, client_of(server.url, Ticking().clock, tries=tries) as client:
        done = Registry(client).download(path)
        assert done is not None
        return done, server.requests


def failed(path: Path, *scripts: Script | bytes, **settings: object) -> tuple[FetchError, list[str]]:
    with raw(*scripts) as server, client_of(server.url, Ticking().clock, **settings) as client:
        with pytest.raises(FetchError) as raised:
            Registry(client).download(path)
        return raised.value, server.requests


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studies.zip"


def left(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


def test_a_download_is_there_when_it_is_whole(path: Path) -> None:
    done, requests = fetched(path, reply(DATA, headers=TAG))
    assert path.read_bytes() == DATA
    assert done == Download(path, len(DATA), '"first"', 0)
    assert left(path) == ["studies.zip"]
    assert requests[0].startswith("GET /api/v2/studies/download?format=json.zip HTTP/1.1")
    assert "accept-encoding: identity" in requests[0].lower()


def test_a_cut_download_goes_on_where_it_was_cut(path: Path) -> None:
    _, requests = fetched(path, cut(DATA, CUT), rest(DATA, CUT))
    assert path.read_bytes() == DATA
    assert f"Range: bytes={CUT}-" in requests[1]
    assert 'If-Range: "first"' in requests[1]


def test_what_an_earlier_run_left_is_gone_on_with(path: Path) -> None:
    error, _ = failed(path, cut(DATA, CUT), reply(b"", 403))
    assert isinstance(error, Forbidden)
    assert left(path) == ["studies.zip.part", "studies.zip.part.json"]
    done, requests = fetched(path, rest(DATA, CUT))
    assert path.read_bytes() == DATA
    assert (done.resumed_at, len(requests)) == (CUT, 1)


def test_a_file_that_changed_meanwhile_begins_anew(path: Path) -> None:
    done, _ = fetched(path, cut(DATA, CUT), reply(OTHER, headers=OTHER_TAG))
    assert path.read_bytes() == OTHER
    assert (done.etag, done.resumed_at) == ('"second"', 0)


@pytest.mark.parametrize(
    "wrong",
    {
        "the rest of another file": rest(OTHER, CUT, OTHER_TAG),
        "another part": reply(DATA[9:], 206, {"Content-Range": f"bytes 9-{len(DATA) - 1}/{len(DATA)}"}),
        "a part that does not say where it belongs": reply(DATA[CUT:], 206),
    }.values(),
)
def test_a_part_of_something_else_begins_anew(path: Path, wrong: bytes) -> None:
    fetched(path, cut(DATA, CUT), wrong, reply(OTHER, headers=OTHER_TAG))
    assert path.read_bytes() == OTHER


def test_a_part_that_is_cut_again_goes_on_again(path: Path) -> None:
    middle = rest(DATA, CUT)[:-3000]
    _, requests = fetched(path, cut(DATA, CUT), middle, rest(DATA, len(DATA) - 3000))
    assert path.read_bytes() == DATA
    assert f"Range: bytes={len(DATA) - 3000}-" in requests[2]


def test_a_server_without_ranges_begins_anew_but_not_for_ever(path: Path) -> None:
    fetched(path, cut(DATA, CUT), reply(DATA, headers=TAG))
    assert path.read_bytes() == DATA
    path.unlink()
    error, requests = failed(path, cut(DATA, CUT), tries=3)
    assert isinstance(error, Unexpected)
    assert "begun 3 times" in error.message
    assert len(requests) == 4


def test_a_file_without_a_strong_mark_is_not_resumed(path: Path) -> None:
    weak = {"ETag": 'W/"first"'}
    done, requests = fetched(path, cut(DATA, CUT, weak), reply(DATA, headers=weak))
    assert path.read_bytes() == DATA
    assert done.etag is None
    assert "Range:" not in requests[1]


def test_a_reset_connection_costs_no_byte_twice(path: Path) -> None:
    _, requests = fetched(path, resets(cut(DATA, CUT)), rest(DATA, CUT))
    assert path.read_bytes() == DATA
    assert f"Range: bytes={CUT}-" in requests[1]


def test_a_kill_before_the_last_step_costs_no_byte(path: Path) -> None:
    part = path.with_name("studies.zip.part")
    failed(path, cut(DATA, CUT), reply(b"", 403))
    part.write_bytes(DATA)
    done, _ = fetched(path, reply(b"", 416, {"Content-Range": f"bytes */{len(DATA)}"}))
    assert path.read_bytes() == DATA
    assert done.resumed_at == len(DATA)


def test_a_part_longer_than_the_file_begins_anew(path: Path) -> None:
    failed(path, cut(DATA, CUT), reply(b"", 403))
    fetched(path, reply(b"", 416, {"Content-Range": "bytes */100"}), reply(OTHER, headers=OTHER_TAG))
    assert path.read_bytes() == OTHER


@pytest.mark.parametrize("note", [b"", b"[]", b'{"etag": 5}', b'{"etag": null}', b"{}"])
def test_a_part_without_its_mark_is_not_trusted(path: Path, note: bytes) -> None:
    path.with_name("studies.zip.part").write_bytes(b"something else")
    path.with_name("studies.zip.part.json").write_bytes(note)
    _, requests = fetched(path, reply(DATA, headers=TAG))
    assert path.read_bytes() == DATA
    assert "Range:" not in requests[0]


def test_a_download_of_unknown_length_is_whole_by_the_end_of_the_zip(path: Path) -> None:
    cut_off = reply(DATA[:CUT], headers=TAG, length=None)
    fetched(path, cut_off, rest(DATA, CUT))
    assert path.read_bytes() == DATA


def test_a_file_of_full_length_that_is_no_zip_is_not_kept(path: Path) -> None:
    error, requests = failed(path, reply(b"<html>" * 1000, headers=TAG))
    assert isinstance(error, Incomplete)
    assert "the zip has no end" in error.message
    assert (left(path), len(requests)) == ([], 1)


def test_an_older_file_stays_until_the_new_one_is_whole(path: Path) -> None:
    path.write_bytes(b"yesterday's")
    failed(path, cut(DATA, CUT), reply(b"", 403))
    assert path.read_bytes() == b"yesterday's"
    fetched(path, rest(DATA, CUT))
    assert path.read_bytes() == DATA


def test_a_packed_download_is_refused(path: Path) -> None:
    error, _ = failed(path, reply(DATA, headers={"Content-Encoding": "gzip", **TAG}))
    assert "packed" in error.message
    assert left(path) == []


@pytest.mark.parametrize("length", [-1, None])
def test_a_download_over_the_limit_is_let_go(path: Path, length: int | None) -> None:
    error, requests = failed(path, reply(DATA, headers=TAG, length=length), largest_download=1000)
    assert isinstance(error, Unexpected)
    assert "at most 1,000 bytes" in error.message
    assert len(requests) == 1
    assert "studies.zip" not in left(path)


def test_a_download_for_which_there_is_no_room_is_not_begun(path: Path) -> None:
    with raw(reply(DATA, headers=TAG, length=2**60)) as server, client_of(server.url, largest_download=2**62) as client:
        with pytest.raises(StoreError, match=r"needs 1,152,921,504,606,846,976 bytes, free are"):
            Registry(client).download(path)
        assert len(server.requests) == 1


def test_a_folder_that_is_not_there_is_told(path: Path) -> None:
    missing = path.parent / "missing" / path.name
    words = r"cannot be written: No such file.*missing"
    with (
        raw(reply(DATA, headers=TAG)) as server,
        client_of(server.url) as client,
        pytest.raises(StoreError, match=words),
    ):
        Registry(client).download(missing)


def test_progress_is_told_with_what_is_to_come(path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    with raw(cut(DATA, CUT), rest(DATA, CUT)) as server, client_of(server.url) as client:
        Registry(client).download(path, advance=lambda done, total: told.append((done, total)))
        assert client.traffic.bytes_received == len(DATA)
    assert told[-1] == (len(DATA), len(DATA))
    assert told == sorted(told)
    assert any(done == CUT for done, _ in told)


def test_the_registrys_file_is_downloaded_once_a_data_set(registry: Loopback, path: Path) -> None:
    with client_of(registry.url) as client:
        bulk = Registry(client)
        first = bulk.download(path)
        assert first is not None
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            assert sorted(name[3:14] for name in archive.namelist()) == sorted(registry.day.studies)
        assert bulk.download(path, etag=first.etag) is None
        registry.next_data_set()
        second = bulk.download(path, etag=first.etag)
        assert second is not None
        assert second.etag != first.etag


@pytest.mark.parametrize("fault", ["reset-midway", "length-cut", "close-cut", "chunked-cut", "500", "length-long"])
def test_the_registrys_file_comes_whole_through_faults(registry: Loopback, path: Path, fault: str) -> None:
    registry.faults.add(fault, "*/download", nth={1, 2})
    with client_of(registry.url) as client:
        Registry(client).download(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 200


def test_a_data_set_that_moves_while_it_is_downloaded_gives_the_new_one(registry: Loopback, path: Path) -> None:
    registry.faults.add("length-cut", "*/download", nth=1)
    registry.faults.add("next-day", "*/download", nth=2)
    with client_of(registry.url) as client:
        done = Registry(client).download(path)
        current = Registry(client).dataset()
    assert done is not None
    assert current is not None
    assert done.etag == current.etag
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


ZIPS = {
    "a zip": (zipped("a"), None),
    "with a comment": (zipped("a", comment=b"made by hand PK\x05\x06"), "has no end|not where"),
    "with a plain comment": (zipped("a", comment=b"made by hand"), None),
    "an empty zip": (zipped(), "names no member"),
    "nothing": (b"", "has no end"),
    "cut at its end": (zipped("a")[:-1], "has no end"),
    "cut in its directory": (zipped("a")[:-30], "has no end"),
    "cut in the middle": (zipped("a")[:100], "has no end"),
    "with a hole": (zipped("a")[:50] + zipped("a")[60:], "not where its end says"),
    "with something behind it": (zipped("a") + b"more", "has no end"),
}


@pytest.mark.parametrize("name", ZIPS)
def test_a_zip_is_whole_by_its_end(path: Path, name: str) -> None:
    data, words = ZIPS[name]
    path.write_bytes(data)
    found = damage(path)
    if words is None:
        assert found is None
    else:
        assert found is not None
        assert any(word in found for word in words.split("|"))


def test_a_large_zip_is_whole_by_its_end_too(path: Path) -> None:
    with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        for number in range(70_000):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    assert damage(path) is None
    path.write_bytes(path.read_bytes()[:1000] + path.read_bytes()[1001:])
    assert damage(path) is not None
