"""What comparing costs: against a plain walk of both documents, and beside what general libraries take for it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jsonpatch
import orjson
from deepdiff import DeepDiff

from benchmarks.inputs import Document, Inputs
from benchmarks.rounds import CPU, Case, Group, Work
from ctgov_ingest.compare import apply, as_json_patch, compare
from ctgov_ingest.compare.events import events

COMPARE = "compare two versions"
DEEPDIFF = "compare, beside DeepDiff"
LARGE = "compare two versions of 1 MB"

_SAMPLE = 10
"""DeepDiff takes 50 ms and more for a pair: so many are enough."""

Pair = tuple[Document, Document]


def groups(inputs: Inputs) -> Iterator[Group]:
    """Neighbouring versions, a sample of them beside DeepDiff, and one large pair that is edited all over."""
    pairs = list(inputs.pairs)
    if pairs:
        yield _neighbours(pairs)
        yield _beside_deepdiff(pairs[:: max(1, len(pairs) // _SAMPLE)])
    yield _large()


def _neighbours(pairs: Sequence[Pair]) -> Group:
    cases = [
        Case(COMPARE, _each(compare, pairs), target=5),
        Case("compare, and apply the changes", _each(lambda old, new: apply(old, compare(old, new)), pairs)),
        Case("compare, and tell the events", _each(lambda old, new: events(old, new, compare(old, new)), pairs)),
        Case("as JSON Patch", _each(as_json_patch, pairs)),
        Case("jsonpatch.make_patch", _each(jsonpatch.make_patch, pairs)),
    ]
    return Group("Neighbouring versions, a pair", CPU, len(pairs), Case(_WALK, _each(walk_both, pairs)), cases)


def _beside_deepdiff(pairs: Sequence[Pair]) -> Group:
    floor = Case("DeepDiff", _each(DeepDiff, pairs))
    cases = [
        Case("jsonpatch.make_patch, beside DeepDiff", _each(jsonpatch.make_patch, pairs)),
        Case(DEEPDIFF, _each(compare, pairs), target=1 / 50),
    ]
    return Group("The same beside a general library, a pair", CPU, len(pairs), floor, cases)


def _large() -> Group:
    pair = [large()]
    case = Case(LARGE, _each(compare, pair))
    return Group("A large record, edited all over, a pair", CPU, 1, Case(_WALK, _each(walk_both, pair)), [case])


def _each(function: Callable[[Any, Any], Any], pairs: Sequence[Pair]) -> Work:
    def work() -> None:
        for old, new in pairs:
            function(old, new)

    return work


_WALK = "a plain recursive walk of both"


def walk_both(old: Document, new: Document) -> int:
    """Visit every value of both documents: the least for whoever has to look at all of them."""
    return walk(old) + walk(new)


def walk(value: Any) -> int:
    """Count the values within a value."""
    if isinstance(value, dict):
        return 1 + sum(map(walk, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(walk, value))
    return 1


def large(size: int = 1_000_000) -> Pair:
    """Make two versions of a record of this size: every list in another order, every tenth item edited."""
    document: Document = {"protocolSection": {}, "resultsSection": {}}
    number = 0
    while len(orjson.dumps(document)) < size:
        _grow(document, range(number, number + 100))
        number += 100
    edited = copy.deepcopy(document)
    for module in (*edited["protocolSection"].values(), *edited["resultsSection"].values()):
        for items in module.values():
            items.reverse()
            for item in items[::10]:
                item[next(iter(item))] += " (as amended)"
    return document, edited


def _grow(document: Document, numbers: range) -> None:
    protocol, results = document["protocolSection"], document["resultsSection"]
    sites = protocol.setdefault("contactsLocationsModule", {}).setdefault("locations", [])
    sites += [
        {"facility": f"Clinic number {one}", "city": f"Town {one % 97}", "country": "Land", "status": "RECRUITING"}
        for one in numbers
    ]
    outcomes = protocol.setdefault("outcomesModule", {}).setdefault("secondaryOutcomes", [])
    outcomes += [
        {
            "measure": f"Change in marker {one} of the blood",
            "timeFrame": f"{one % 52} weeks",
            "description": "words " * 9,
        }
        for one in numbers[:10]
    ]
    serious = results.setdefault("adverseEventsModule", {}).setdefault("seriousEvents", [])
    serious += [
        {
            "term": f"Event of kind {one}",
            "organSystem": f"System {one % 23}",
            "stats": [{"groupId": f"EG00{arm}", "numAffected": one % 7, "numAtRisk": 120} for arm in range(4)],
        }
        for one in numbers
    ]
