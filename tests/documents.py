"""Made-up documents for property tests: the registry's lists with few words, so that items collide, and odd JSON."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

WORDS = [
    "survival",
    "overall",
    "Overall",
    "pain",
    "at 6 weeks",
    "at 12 weeks",
    "Arm A",
    "Arm B",
    "placebo",
    "(x) [y]",
    "",
]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(2, 5), st.floats(0.25, 0.75), TEXTS)
"""No 0, 1 or whole float: Python takes them for false, true and integers."""

KEYS = st.sampled_from(["a", "b", "c.d", "[e]", "", "%", "f%2Eg", "locations", "keywords"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)


def items(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Json]]:
    """A list of items, each with some of the fields."""
    return st.lists(st.fixed_dictionaries({}, optional=fields), max_size=5)


OUTCOMES = items(measure=TEXTS, timeFrame=TEXTS, description=st.one_of(st.none(), TEXTS))
LISTS: dict[str, st.SearchStrategy[Any]] = {
    "primaryOutcomes": OUTCOMES,
    "secondaryOutcomes": OUTCOMES,
    "armGroups": items(label=TEXTS, type=st.sampled_from("PQ"), interventionNames=st.lists(TEXTS, max_size=2)),
    "interventions": items(name=TEXTS, type=st.sampled_from("PQ"), otherNames=st.lists(TEXTS, max_size=2)),
    "locations": items(
        facility=TEXTS,
        city=st.sampled_from("CD"),
        country=st.just("X"),
        zip=st.sampled_from("123"),
        contacts=items(name=TEXTS, phone=st.sampled_from("45")),
    ),
    "keywords": st.lists(TEXTS, max_size=5),
    "analyses": items(groupIds=st.lists(st.sampled_from("OP"), max_size=2), pValue=TEXTS),
    "unknown": VALUES,
}

DOCUMENTS: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {}, optional={**LISTS, "odd": VALUES, "c.d": VALUES, "": VALUES}
)
