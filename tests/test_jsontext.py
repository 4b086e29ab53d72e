"""JSON in and out, without losing what the fast decoder cannot hold."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest.jsontext import NotJson, dumps, loads

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=[]), max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


@given(values)
def test_whatever_json_holds_comes_back_as_it_was(value: object) -> None:
    assert loads(dumps(value)) == value
    assert loads(json.dumps(value)) == value


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 10**40, 2**64 - 1, -(2**63), 9_999_999_999_999_999_999])
def test_integers_of_any_length_stay_integers(number: int) -> None:
    found = loads(f'{{"count": {number}}}')
    assert found == {"count": number}
    assert isinstance(found["count"], int)


def test_a_long_number_inside_a_text_is_a_text() -> None:
    assert loads('["12345678901234567890123", 1]') == ["12345678901234567890123", 1]


@pytest.mark.parametrize("text", ['"\\ud83e"', '{"a\\udc00": 1}'])
def test_half_a_surrogate_pair_is_kept(text: str) -> None:
    value = loads(text.encode())
    assert loads(dumps(value)) == value
    assert dumps(value).isascii()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"a": [1, 2', "cut off"),
        (b"", "cut off"),
        (b'{"a": 1,\n "b": x}', "line 2, column 7"),
        (b'{"a": NaN}', "line 1"),
        (b"[Infinity]", "line 1"),
        (b"[1e400]", "infinity"),
        (b"[1e400, 12345678901234567890123]", "infinity"),
        (b"[" * 100_000, "line 1"),
        (b'{"a": 1} {"b": 2}', "line 1, column 10"),
        (b'"\xff"', "line 1"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: bytes, words: str) -> None:
    with pytest.raises(NotJson, match=words):
        loads(text)


def test_the_order_of_keys_is_kept_or_sorted() -> None:
    assert dumps({"b": 1, "a": 2}) == b'{"b":1,"a":2}'
    assert dumps({"b": "\ud800", "a": 2**80}, sort_keys=True) == b'{"a":1208925819614629174706176,"b":"\\ud800"}'


def test_a_float_stays_a_float() -> None:
    assert math.isclose(loads("[0.1234567890123456789]")[0], 0.12345678901234568)
