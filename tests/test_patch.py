"""The JSON Patch of two documents: another library applies it, and gets the new document exactly."""

from __future__ import annotations

import copy
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonpatch
import orjson
import pytest
from documents import DOCUMENTS, VALUES, Json
from hypothesis import given, settings

from ctgov_ingest.compare import as_json_patch

Patch = list[Json]


def holds(old: Any, new: Any) -> Patch:
    patch = as_json_patch(old, new)
    assert exact(jsonpatch.apply_patch(copy.deepcopy(old), patch)) == exact(new)
    return patch


def exact(value: Any) -> bytes:
    """Keys in any order, all else as it stands: true is not 1."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_any_two_documents(old: Json, new: Json) -> None:
    holds(old, new)


@settings(deadline=None)
@given(VALUES, VALUES)
def test_any_two_values(old: Any, new: Any) -> None:
    if old is not None and new is not None:  # the library takes None for a patch without a document
        holds({"value": old}, {"value": new})


def test_nothing_to_do() -> None:
    assert as_json_patch({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == []


@pytest.mark.parametrize(
    ("old", "new", "patch"),
    [
        ({"a~b/c": 1}, {}, [{"op": "remove", "path": "/a~0b~1c"}]),
        ({}, {"a": None}, [{"op": "add", "path": "/a", "value": None}]),
        ({"a": 1}, {"a": True}, [{"op": "replace", "path": "/a", "value": True}]),
        ({"a": {"b": 1}}, {"a": [1]}, [{"op": "replace", "path": "/a", "value": [1]}]),
        ({"a": ["x", "y", "z"]}, {"a": ["y", "z", "x"]}, [{"op": "move", "from": "/a/0", "path": "/a/2"}]),
        ({"a": ["x", "y"]}, {"a": ["x", "w", "y"]}, [{"op": "add", "path": "/a/1", "value": "w"}]),
        ({"a": ["x", "w", "y"]}, {"a": ["x", "y"]}, [{"op": "remove", "path": "/a/1"}]),
    ],
)
def test_operations(old: Json, new: Json, patch: Patch) -> None:
    assert holds(old, new) == patch


def test_one_site_among_many_is_one_addition() -> None:
    sites = [{"facility": f"Clinic {number}", "city": "C", "country": "X"} for number in range(300)]
    new = [*sites[:120], {"facility": "New", "city": "C", "country": "X"}, *sites[120:]]
    assert [(one["op"], one["path"]) for one in holds({"locations": sites}, {"locations": new})] == [
        ("add", "/locations/120")
    ]


def test_an_edited_item_that_moved_is_moved_and_edited() -> None:
    old = [{"measure": "Pain", "timeFrame": "1 y"}, {"measure": "Sleep", "timeFrame": "1 y"}]
    new = [old[1], {"measure": "Pain", "timeFrame": "2 y"}]
    assert holds({"primaryOutcomes": old}, {"primaryOutcomes": new}) == [
        {"op": "move", "from": "/primaryOutcomes/0", "path": "/primaryOutcomes/1"},
        {"op": "replace", "path": "/primaryOutcomes/1/timeFrame", "value": "2 y"},
    ]


def test_real_neighbours_in_their_order_and_in_any(corpus: Path) -> None:
    chance = random.Random(3)  # noqa: S311

    def mixed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: mixed(item) for key, item in value.items()}
        return chance.sample([mixed(item) for item in value], len(value)) if isinstance(value, list) else value

    for folder in sorted((corpus / "api_v2" / "snapshots").iterdir()):
        days = [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
        for old, new in pairwise(days):
            assert holds(old, new)
        holds(days[0], mixed(days[-1]))
