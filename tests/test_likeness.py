"""Which edited item is which: pairs that a reader calls one item or two. In each, the list holds neighbours as well."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.compare import compare
from ctgov_ingest.compare.identity import IDENTITY
from ctgov_ingest.compare.likeness import MOST
from ctgov_ingest.compare.looks import LOOKS
from ctgov_ingest.compare.matching import Match, match
from ctgov_ingest.compare.words import flat, words_of

Item = dict[str, Any]

OUTCOMES = {
    "a code spelt out, and a time put behind": (
        "Lumbar spine volumetric BMD by QCT",
        "Change from baseline in lumbar spine volumetric bone density (BMD) by computed tomography (QCT) at 6 months",
    ),
    "words that say little": ("Air leaks", "Number of participants with air leaks"),
    "a number of a list taken away": ("3. to determine the safety profile", "To determine the safety profile"),
    "a time taken out of the name": ("Six-minute walk test at week 52", "Six-minute walk test"),
    "another time": ("Pain score at 6 weeks", "Pain score at 12 weeks"),
    "more detail": (
        "Effect of treatment as measured by the Six Minute Walk Test (6MWT)",
        "Effect on endurance as measured by the Six Minute Walk Test (6MWT)",
    ),
    "one arm more": ("Part 1 and Part 3 (Arm 7): response", "Part 1 and Part 3 (Arm 7 and Arm 8): response"),
}
OTHER_OUTCOMES = {
    "one word put for another": ("Systolic blood pressure", "Diastolic blood pressure"),
    "another number": ("Diary, question 2", "Diary, question 3"),
    "another code": ("Level of CD4 cells in blood", "Level of CD8 cells in blood"),
    "another letter": ("Antibodies against hepatitis B", "Antibodies against hepatitis C"),
    "a negation": ("IgE mediated food allergy", "Non-IgE mediated food allergy"),
    "one telling word, and another beside it": ("Response", "Pathological response"),
    "two kinds of survival": ("Overall survival", "Progression free survival"),
    "one aim, two measures": (
        "To determine the effect of the drug as measured by the Six Minute Walk Test",
        "To determine the effect of the drug as measured by Forced Vital Capacity",
    ),
}
ARMS = {
    "a placeholder that got a name": (
        {"label": "1", "type": "EXPERIMENTAL"},
        {"label": "Exenatide", "type": "EXPERIMENTAL"},
    ),
    "another line of therapy beside the first": (
        {"label": "Sub-study 3, Dato in 2L AGA+ cancer", "type": "EXPERIMENTAL"},
        {"label": "Sub-study 3, Dato in 2/3L AGA+ cancer", "type": "EXPERIMENTAL"},
    ),
}
OTHER_ARMS = {
    "another dose": ({"label": "Exenatide 10 mg"}, {"label": "Exenatide 20 mg"}),
    "another letter": ({"label": "Arm C", "type": "OTHER"}, {"label": "Arm D", "type": "OTHER"}),
    "one component more": ({"label": "Standard exercise training"}, {"label": "Standard exercise training + diet"}),
    "the other way round": ({"label": "Alfuzosin then placebo"}, {"label": "Placebo then alfuzosin"}),
    "the sham of it": ({"label": "Spinal decompression therapy"}, {"label": "Sham spinal decompression therapy"}),
    "another kind of arm": (
        {"label": "Dairy product daily", "type": "EXPERIMENTAL"},
        {"label": "Dairy product daily, enriched", "type": "OTHER"},
    ),
}
DRUGS = {
    "its salt": ({"name": "irinotecan", "type": "DRUG"}, {"name": "irinotecan hydrochloride", "type": "DRUG"}),
    "its other name": (
        {"name": "PKC412", "type": "DRUG"},
        {"name": "midostaurin", "type": "DRUG", "otherNames": ["PKC-412"]},
    ),
    "names in another order": ({"name": "Nexavar (Sorafenib, BAY43)"}, {"name": "Sorafenib (Nexavar, BAY43)"}),
}
OTHER_DRUGS = {
    "its placebo": ({"name": "omalizumab", "type": "DRUG"}, {"name": "omalizumab placebo", "type": "DRUG"}),
    "one letter": ({"name": "Prebiotics"}, {"name": "Probiotics"}),
}
_CITY = {"city": "C", "country": "X"}
SITES = {
    "letters lost on the way": (
        {"facility": 'HÃ´"Pital Foch', **_CITY, "zip": "92151"},
        {"facility": "Hôpital Foch", **_CITY, "zip": "92151"},
    ),
    "a part of the house": (
        {"facility": "Keimyung University", **_CITY},
        {"facility": "Keimyung University, Dongsan", **_CITY},
    ),
    "a site that got its name": (
        {"facility": "Local Institution - 0012", **_CITY, "zip": "7"},
        {"facility": "Clinica Azul", **_CITY, "zip": "7"},
    ),
    "a country of another name": (
        {"facility": "Facility ORG-1", "city": "Moscow", "zip": "7", "country": "Russian Federation"},
        {"facility": "Facility ORG-1", "city": "Moscow", "zip": "7", "country": "Russia"},
    ),
}
OTHER_SITES = {
    "two houses of one name": (
        {"facility": "Johns Hopkins Hospital", **_CITY, "zip": "21287"},
        {"facility": "Johns Hopkins Bayview", **_CITY, "zip": "21117"},
    ),
    "two houses in one street": (
        {"facility": "Baylor Clinic", **_CITY, "zip": "77030"},
        {"facility": "Anderson Clinic", **_CITY, "zip": "77030"},
    ),
    "nameless sites in two towns": (
        {"facility": "Research Site", "city": "C", "country": "X"},
        {"facility": "Research Site", "city": "D", "country": "X"},
    ),
}
PEOPLE = {"fewer names": ({"name": "Eleazar Omar Macedo-Perez", "role": "R"}, {"name": "Omar Macedo, MD", "role": "R"})}
OTHER_PEOPLE = {"a namesake": ({"name": "John Smith", "role": "R"}, {"name": "Jane Smith", "role": "R"})}


def outcomes(pairs: dict[str, tuple[str, str]]) -> dict[str, tuple[Item, Item]]:
    return {what: ({"measure": old}, {"measure": new}) for what, (old, new) in pairs.items()}


NEIGHBOURS: dict[str, list[Item]] = {
    "primaryOutcomes": [{"measure": "Quality of sleep"}, {"measure": "Cost of care", "timeFrame": "1 year"}],
    "armGroups": [{"label": "Nobody else", "type": "NO_INTERVENTION"}],
    "interventions": [{"name": "Yoga", "type": "BEHAVIORAL"}],
    "locations": [{"facility": "Elsewhere", "city": "E", "country": "X"}],
    "overallOfficials": [{"name": "Somebody Else", "role": "R"}],
}


def cases(one: bool) -> list[Any]:
    tables = {
        "primaryOutcomes": outcomes(OUTCOMES if one else OTHER_OUTCOMES),
        "armGroups": ARMS if one else OTHER_ARMS,
        "interventions": DRUGS if one else OTHER_DRUGS,
        "locations": SITES if one else OTHER_SITES,
        "overallOfficials": PEOPLE if one else OTHER_PEOPLE,
    }
    return [
        pytest.param(name, old, new, id=f"{name}: {what}")
        for name, table in tables.items()
        for what, (old, new) in table.items()
    ]


@pytest.mark.parametrize(("name", "old", "new"), cases(one=True))
def test_a_reader_calls_them_one(name: str, old: Item, new: Item) -> None:
    assert match(name, [old, *NEIGHBOURS[name]], [*NEIGHBOURS[name], new]) == [Match(0, len(NEIGHBOURS[name]))]
    assert match(name, [new, *NEIGHBOURS[name]], [old, *NEIGHBOURS[name]]) == [Match(0, 0)]


@pytest.mark.parametrize(("name", "old", "new"), cases(one=False))
def test_a_reader_calls_them_two(name: str, old: Item, new: Item) -> None:
    for was, now in ((old, new), (new, old)):
        assert match(name, [was, *NEIGHBOURS[name]], [now, *NEIGHBOURS[name]]) == [Match(0, None), Match(None, 0)]


def test_a_description_can_speak_for_a_likeness_that_the_name_leaves_open() -> None:
    old = {"measure": "Response rate", "description": "complete or partial response by imaging"}
    new = {"measure": "Objective response rate", "description": "complete or partial response by imaging"}
    assert match("primaryOutcomes", [old], [new]) == [Match(0, 0)]
    assert match("primaryOutcomes", [old], [{"measure": new["measure"]}]) == [Match(0, None), Match(None, 0)]


def test_two_that_come_as_near_are_not_chosen_between() -> None:
    old = [{"measure": "Preterm birth reduction"}]
    new = [{"measure": "Reduction of preterm birth, cohort one"}, {"measure": "Reduction of preterm birth, cohort two"}]
    assert len(match("primaryOutcomes", old, new)) == 3
    assert match("primaryOutcomes", old, new[:1]) == [Match(0, 0)]


def test_an_item_that_is_more_like_its_neighbour_is_not_taken_for_another() -> None:
    series = [{"measure": f"Uptake of the tracer in the {part} lobe"} for part in ("left upper", "left lower", "left")]
    old, new = [series[0], series[1]], [series[1], series[2]]
    assert match("primaryOutcomes", [series[0]], [series[2]]) == [Match(0, 0)]
    assert match("primaryOutcomes", old, new) == [Match(0, None), Match(None, 1)]


def test_a_whole_list_reworded_finds_its_way() -> None:
    parts = ["lumbar spine", "femoral neck", "total hip", "forearm"]
    old = [{"measure": f"{number}. density of the {part}"} for number, part in enumerate(parts, start=1)]
    new = [{"measure": f"Change in mineral density of the {part} at 18 months"} for part in reversed(parts)]
    assert match("secondaryOutcomes", old, new) == [Match(0, 3), Match(1, 2), Match(2, 1), Match(3, 0)]


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_match_does_not_depend_on_the_order_of_the_lists(chance: random.Random) -> None:
    def met(old: list[Item], new: list[Item]) -> set[tuple[str, str]]:
        found = match("primaryOutcomes", old, new)
        return {(old[was]["measure"], new[now]["measure"]) for was, now in found if was is not None and now is not None}

    old = [{"measure": text} for text, _ in (*OUTCOMES.values(), *OTHER_OUTCOMES.values())]
    new = [{"measure": text} for _, text in (*OUTCOMES.values(), *OTHER_OUTCOMES.values())]
    assert len(met(old, new)) >= len(OUTCOMES)
    assert met(chance.sample(old, len(old)), chance.sample(new, len(new))) == met(old, new)


def test_what_moved_to_another_list_is_not_taken_for_something_else_in_its_own() -> None:
    old = {"secondaryOutcomes": [{"measure": "Air leaks", "timeFrame": "28 days"}]}
    new = {
        "primaryOutcomes": [{"measure": "Air leaks", "timeFrame": "28 days", "description": "by X-ray"}],
        "secondaryOutcomes": [{"measure": "Number of patients with air leaks", "timeFrame": "1 year"}],
    }
    assert [(change.path, change.op) for change in compare(old, new)] == [
        ("secondaryOutcomes[Air leaks | 28 days]", "removed"),
        ("secondaryOutcomes[Number of patients with air leaks | 1 year]", "added"),
        ("primaryOutcomes[Air leaks | 28 days]", "added"),
    ]


def test_too_many_lonely_items_are_gone_and_come() -> None:
    many = range(int(MOST**0.5) + 1)
    old = [{"measure": f"measure of {'a' * number}b"} for number in many]
    new = [{"measure": f"another measure of {'a' * number}b"} for number in many]
    assert len(match("primaryOutcomes", old, new)) == 2 * len(many)


@pytest.mark.parametrize(
    ("text", "words", "marks", "times"),
    [
        ("* Beta-cell function", {"beta", "cell", "function"}, set(), set()),
        ("IL-6 and CD4 counts", {"and", "count"}, {"il-6", "cd4"}, set()),
        ("Pain at weeks 4, 8 and 12", {"pain", "at"}, set(), {"weeks 4, 8 and 12"}),
        ("A 3-year follow-up in Arm A", {"a", "follow", "up", "in", "arm"}, {"a"}, {"3-year"}),
        ("Factor VIII, 2/3L", {"factor"}, {"viii", "2l", "3l"}, set()),
        ("PSA \\< 4 ng/mL", {"psa", "ng", "ml"}, {"4"}, set()),
    ],
)
def test_a_text_as_words_marks_and_times(text: str, words: set[str], marks: set[str], times: set[str]) -> None:
    assert list(words_of(text)[:3]) == [words, marks, times]


def test_flat_leaves_letters_and_digits() -> None:
    assert flat("2. Mt. Pleasant -  (X\\*)") == flat("mt pleasant x") == "mtpleasantx"


def test_outcomes_of_one_list_are_seldom_taken_for_each_other(corpus: Path) -> None:
    """What stands in one list is surely different: the old list without the one, the new list without the other."""
    chance = random.Random(3)  # noqa: S311
    taken = seen = 0
    for items in outcome_lists(corpus / "api_v2" / "studies.json.zip"):
        one, other = chance.sample(range(len(items)), 2)
        if flat(items[one].get("measure", "")) != flat(items[other].get("measure", "")):
            seen += 1
            old, new = items[:other] + items[other + 1 :], items[:one] + items[one + 1 :]
            taken += any(pair.old is not None and pair.new is not None for pair in match("primaryOutcomes", old, new))
    assert seen > 1000
    assert taken / seen < 0.03


def outcome_lists(path: Path) -> list[list[Item]]:
    with zipfile.ZipFile(path) as archive:
        records = [orjson.loads(archive.read(name)) for name in archive.namelist()]
    modules = [record.get("protocolSection", {}).get("outcomesModule", {}) for record in records]
    return [items for module in modules for items in module.values() if len(items) > 1]


def test_every_list_with_looks_has_an_identity_or_holds_texts() -> None:
    assert {name for name in LOOKS if name not in IDENTITY} == {"armGroupLabels", "interventionNames"}
