"""The content hash: what moves it and what does not."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from typing import Any

import orjson
import pytest

from ctgov_ingest.compare import content_hash
from ctgov_ingest.compare.fingerprint import canonical, unstamped


def study(stamp: str | None = "2026-02-04", **more: Any) -> dict[str, Any]:
    misc = {} if stamp is None else {"miscInfoModule": {"versionHolder": stamp, "removedCountries": ["Peru"]}}
    return {
        "protocolSection": {"identificationModule": {"nctId": "NCT00000001", "acronym": "ABC"}},
        "derivedSection": {**misc, "conditionBrowseModule": {"meshes": [{"id": "D1", "term": "T"}]}},
        "hasResults": False,
        **more,
    }


def turned(value: Any) -> Any:
    """The same document with the keys of every dict the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


def test_the_algorithm_is_named_and_sha256() -> None:
    bare = {"b": [2, 1], "a": None}
    assert content_hash(bare) == "1:" + hashlib.sha256(b'{"a":null,"b":[2,1]}').hexdigest()


def test_the_stamp_does_not_count() -> None:
    assert content_hash(study("2026-02-04")) == content_hash(study("2026-03-09"))


def test_a_record_that_held_only_the_stamp_hashes_as_never_stamped() -> None:
    stamped = {"hasResults": True, "derivedSection": {"miscInfoModule": {"versionHolder": "2026-02-04"}}}
    assert content_hash(stamped) == content_hash({"hasResults": True})


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"derivedSection": {}},
        {"derivedSection": {"miscInfoModule": {}}},
        {"derivedSection": {"miscInfoModule": {"removedCountries": ["Peru"]}}},
        {"derivedSection": "not a dict"},
        {"derivedSection": {"miscInfoModule": None}},
    ],
)
def test_without_a_stamp_the_document_is_taken_as_it_is(document: dict[str, Any]) -> None:
    assert unstamped(document) is document


def test_the_argument_is_not_touched_and_parts_are_shared() -> None:
    document = study()
    before = copy.deepcopy(document)
    bare = unstamped(document)
    assert document == before
    assert bare["protocolSection"] is document["protocolSection"]
    assert bare["derivedSection"]["miscInfoModule"] == {"removedCountries": ["Peru"]}


def test_the_order_of_keys_does_not_count_that_of_lists_does() -> None:
    document = study(conditions=["a", "b"])
    assert content_hash(turned(document)) == content_hash(document)
    assert content_hash(study(conditions=["b", "a"])) != content_hash(document)


@pytest.mark.parametrize("value", [0, False, "", None, [], {}, "x", 1.5, 2**63])
def test_every_value_counts(value: Any) -> None:
    assert content_hash(study(extra=value)) != content_hash(study())


@pytest.mark.parametrize("text", ['{"a": 123456789012345678901234567890}', '{"a": "\\ud800", "b": {"c": 1}}'])
def test_what_only_the_standard_reader_lets_in_can_be_hashed(text: str) -> None:
    document = json.loads(text)
    with pytest.raises(orjson.JSONEncodeError):
        orjson.dumps(document)
    assert canonical(document) == canonical(turned(document))
    assert content_hash(document) != content_hash({**document, "b": 2})


def test_no_two_of_many_small_edits_hash_alike() -> None:
    chance = random.Random(7)  # noqa: S311
    hashes = {content_hash(study(extra=chance.getrandbits(60))) for _ in range(500)}
    assert len(hashes) == 500
