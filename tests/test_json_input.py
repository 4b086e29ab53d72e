"""Values from outside, quoted in issues."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest.sources.json_input import short

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(LEAVES, lambda below: st.lists(below) | st.dictionaries(st.text(), below))


@given(st.lists(VALUES) | st.dictionaries(st.text(), VALUES), st.integers(10, 60))
def test_a_value_is_quoted_by_the_beginning_of_its_json(value: Any, limit: int) -> None:
    whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    quoted = short(value, limit)
    assert len(quoted) <= limit
    assert quoted == whole or (quoted[-1] == "…" and whole.startswith(quoted[:-1]))
