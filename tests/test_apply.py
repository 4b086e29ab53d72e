"""Changes applied to the old document give the new one: made-up documents, then real pairs."""

from __future__ import annotations

import copy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from documents import DOCUMENTS, Json
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.compare import Change, apply, compare, content, same_content
from ctgov_ingest.compare.fingerprint import unstamped
from ctgov_ingest.errors import Inapplicable

OUTCOMES = "protocolSection.outcomesModule.primaryOutcomes"


def holds(old: Json, new: Json) -> list[Change]:
    """Require that the changes lead to the new document, and that none is told twice; give them."""
    changes = compare(old, new)
    assert same_content(unstamped(apply(old, changes)), unstamped(new))
    paths = [change.path for change in changes]
    assert len(set(paths)) == len(paths)
    return changes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [{"b": ["x", "y"]}, {}]}, {"a": [{}, {"b": ["y", "x"]}]}),
        ({"a": None, "b": {}, "c": [], "d": {"e": [None]}}, {}),
        ({"a": [{"b": None}]}, {"a": [{}]}),
        ({"a": 2.0}, {"a": 2}),
    ],
)
def test_content_sets_aside_order_and_ways_to_write_nothing(one: Json, other: Json) -> None:
    assert content(one) == content(other)
    assert same_content(one, other)
    assert compare(one, other) == []


@pytest.mark.parametrize(
    ("one", "other"), [({"a": [1, 1]}, {"a": [1]}), ({"a": [{}]}, {"a": []}), ({"a": ""}, {}), ({"a": False}, {})]
)
def test_content_keeps_what_is_there(one: Json, other: Json) -> None:
    assert content(one) != content(other)
    assert len(holds(one, other)) == 1


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_the_changes_of_any_two_documents_lead_from_one_to_the_other(old: Json, new: Json) -> None:
    before = copy.deepcopy(old)
    changes = holds(old, new)
    assert old == before
    assert bool(changes) == (content(old) != content(new))


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS, st.randoms(use_true_random=False))
def test_changes_do_not_depend_on_the_order_of_lists(old: Json, new: Json, chance: Any) -> None:
    def mixed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: mixed(item) for key, item in value.items()}
        return chance.sample([mixed(item) for item in value], len(value)) if isinstance(value, list) else value

    def told(changes: list[Change]) -> set[tuple[str, str, bytes, bytes]]:
        return {(change.path, change.op, content(change.old), content(change.new)) for change in changes}

    assert told(compare(mixed(old), mixed(new))) == told(compare(old, new))


def test_rows_in_any_order_do_as_well() -> None:
    old = {"l": [{"p": 5}], "keywords": ["a", "b", "b"], "t": {"u": 1, "v": 2}}
    new = {"l": [{"p": 6}], "keywords": ["b", "c"], "t": {"v": 3, "w": 4}}
    assert same_content(apply(old, reversed(compare(old, new))), new)


def test_an_edited_item_of_many_alike_is_found_by_its_name() -> None:
    items = [{"type": "DRUG", "name": "X", "description": text} for text in "abcd"]
    new = [*items[:2], {**items[2], "otherNames": ["Y"]}, items[3]]
    (change,) = holds({"interventions": items}, {"interventions": new})
    assert change.path == "interventions[DRUG | X #3].otherNames[Y]"


def test_a_name_that_looks_numbered_is_not_mistaken_for_a_number() -> None:
    items = [{"label": "X"}, {"label": "X #2"}, {"label": "X", "type": "A"}]
    changes = holds({"armGroups": items}, {"armGroups": [{**item, "description": "d"} for item in items]})
    assert sorted(change.path for change in changes) == [
        "armGroups[X #2].description",
        "armGroups[X #3].description",
        "armGroups[X].description",
    ]


def test_changes_of_another_document_are_refused_with_the_place() -> None:
    (change,) = compare({"a": {"b": 2}}, {"a": {"b": 3}})
    with pytest.raises(Inapplicable, match=r"a change of 2 was expected, found 5 \(at a\.b\)"):
        apply({"a": {"b": 5}}, [change])
    with pytest.raises(Inapplicable, match=r"a dict was expected, found 'text' \(at a\)"):
        apply({"a": "text"}, [change])
    with pytest.raises(Inapplicable, match="found None"):
        apply({"keywords": []}, [replace(change, path="keywords[x].y")])


# Real records


def test_real_neighbours_lead_from_one_to_the_other(corpus: Path) -> None:
    told = 0
    for folder in sorted((corpus / "api_v2" / "snapshots").iterdir()):
        days = [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
        for old, new in pairwise(days):
            told += bool(holds(old, new))
            holds(new, old)
    assert told == 55


def test_any_two_real_studies_lead_from_one_to_the_other(corpus: Path) -> None:
    """Records that have nothing to do with each other: the hardest edit there is."""
    folders = sorted((corpus / "same_version_pairs").iterdir())
    records = [orjson.loads((folder / "api_v2.json").read_bytes()) for folder in folders]
    for old, new in pairwise(records):
        assert holds(old, new)
