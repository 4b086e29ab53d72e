"""Bodies as they come in: whole in whatever pieces, and never whole when something is missing."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctgov_ingest import jsontext
from ctgov_ingest.errors import TooLarge
from ctgov_ingest.fetch.body import gathered
from ctgov_ingest.fetch.stream import Stream
from ctgov_ingest.fetch.whole import Cut, Strange, exactly, json_of, page
from ctgov_ingest.fetch.zipped import damage

GZIP = {"content-encoding": "gzip"}
MUCH = 2**20


def pieces(data: bytes, sizes: Iterable[int]) -> list[bytes]:
    found = []
    for size in sizes:
        found.append(data[:size])
        data = data[size:]
    return [*found, data]


def taken(data: bytes, headers: dict[str, str], sizes: Iterable[int] = (), largest: int = MUCH) -> bytes:
    return gathered(Stream(200, headers, iter(pieces(data, sizes))), largest)


bodies = st.binary(max_size=3000)
sizes = st.lists(st.integers(0, 200), max_size=40)


@given(bodies, sizes, st.booleans())
def test_a_body_is_the_same_in_whatever_pieces_it_comes(body: bytes, sizes: list[int], packed: bool) -> None:
    sent = gzip.compress(body) if packed else body
    headers = {"content-length": str(len(sent)), **(GZIP if packed else {})}
    assert taken(sent, headers, sizes) == body


@given(bodies, sizes, st.data())
def test_a_packed_body_that_lacks_any_of_its_end_is_cut(body: bytes, sizes: list[int], data: st.DataObject) -> None:
    sent = gzip.compress(body)
    kept = data.draw(st.integers(0, len(sent) - 1))
    with pytest.raises(Cut):
        taken(sent[:kept], GZIP, sizes)


@given(bodies.filter(len), st.integers(1, 20))
def test_a_body_of_another_length_than_announced_is_cut(body: bytes, missing: int) -> None:
    with pytest.raises(Cut):
        taken(body, {"content-length": str(len(body) + missing)})


@given(bodies, bodies)
def test_several_packed_members_are_one_body(first: bytes, second: bytes) -> None:
    assert taken(gzip.compress(first) + gzip.compress(second), GZIP) == first + second


@given(bodies.filter(len), sizes, st.booleans())
def test_no_more_than_the_limit_is_ever_kept(body: bytes, sizes: list[int], packed: bool) -> None:
    sent, headers = (gzip.compress(body), GZIP) if packed else (body, {})
    assert taken(sent, headers, sizes, len(body)) == body
    with pytest.raises(TooLarge):
        taken(sent, headers, sizes, len(body) - 1)


def test_a_length_beside_chunks_means_nothing() -> None:
    assert taken(b"abc", {"content-length": "99", "transfer-encoding": "chunked"}) == b"abc"


JSON = json_of(dict)


@given(
    st.dictionaries(st.text(), st.integers() | st.text() | st.lists(st.floats(allow_nan=False)), min_size=1), st.data()
)
def test_json_that_lacks_any_of_its_end_is_cut(value: dict[str, object], data: st.DataObject) -> None:
    body = jsontext.dumps(value)
    assert JSON(body).keys() == value.keys()
    with pytest.raises(Cut):
        JSON(body[: data.draw(st.integers(0, len(body) - 1))])


PAGES = [
    (b"<html></html>", True),
    (b"<!DOCTYPE html>\n<!-- a note --><HTML lang=en><body></body></HTML >\n<!-- saved -->\n", True),
    (b"<?xml version='1.0'?><clinical_study rank='1'><a/></clinical_study>", True),
    (b"only words, with a < in them", True),
    (b"<html><body>", False),
    (b"<html><body></body></htm", False),
    (b"<clinical_study><a></a>", False),
    (b"", False),
    (b" \n", False),
    (b"<html></html>" + b" " * 20_000, False),  # the end is looked for at the end
]


@pytest.mark.parametrize(("body", "whole"), PAGES)
def test_a_page_ends_with_its_outermost_element(body: bytes, whole: bool) -> None:
    if whole:
        assert page(body) == body
    else:
        with pytest.raises(Cut):
            page(body)


def test_a_text_is_that_text_and_no_other() -> None:
    assert exactly("not found")(b"not found\n") == "not found"
    for other in (b"", b"not found.", b"<html>not found</html>"):
        with pytest.raises(Strange):
            exactly("not found")(other)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("ab/", min_size=1, max_size=8), min_size=1, unique=True), st.data())
def test_a_zip_that_lacks_any_of_its_end_is_damaged(tmp_path: Path, names: list[str], data: st.DataObject) -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, name * 50)
    file = tmp_path / "a.zip"
    file.write_bytes(held.getvalue())
    assert damage(file) is None
    file.write_bytes(held.getvalue()[: data.draw(st.integers(0, len(held.getvalue()) - 1))])
    assert damage(file) is not None


def test_the_real_zip_of_the_corpus_is_whole(corpus: Path) -> None:
    assert damage(corpus / "api_v2" / "studies.json.zip") is None


def test_all_real_pages_of_the_corpus_are_whole(corpus: Path) -> None:
    found = [path for path in sorted((corpus / "html").rglob("*")) if path.is_file()]
    assert [path.name for path in found if not page(path.read_bytes())] == []
    assert len(found) > 100
