"""What differs in long texts: sentences, words, criteria. Tables of our own texts, then real ones."""

from __future__ import annotations

import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctgov_ingest.compare import compare
from ctgov_ingest.compare.eligibility import CriterionChange, criteria_changes
from ctgov_ingest.compare.moves import moves
from ctgov_ingest.compare.reworded import MOST, reworded
from ctgov_ingest.compare.texts import Piece, sentences, text_changes, word_changes

SENTENCES = ["Adults are enrolled.", "They get the drug for 6 weeks, e.g. as tablets.", "Then they are seen."]
OLD = " ".join(SENTENCES)


def told(old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    return [(change.op, change.old, change.new) for change in text_changes(old, new)]


# Sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OLD, SENTENCES),
        ("Dr. A. Smith vs. Prof. Jones. Dose: 0.5 mg.", ["Dr. A. Smith vs. Prof. Jones.", "Dose: 0.5 mg."]),
        ("OBJECTIVES:\n\nI. Find it.\n\nII. Lose it.", ["OBJECTIVES:", "Find it.", "Lose it."]),
        ("* One\n* Two \\> 3", ["One", "Two > 3"]),
        (
            "A line that is\nwrapped in its middle.\nAnother one.",
            ["A line that is wrapped in its middle.", "Another one."],
        ),
        ("", []),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_an_edited_sentence_is_one_change_with_its_neighbours() -> None:
    (change,) = text_changes(OLD, OLD.replace("6 weeks", "12 weeks"))
    assert (change.op, change.before, change.after) == ("changed", SENTENCES[0], SENTENCES[2])
    assert change.words == (
        Piece("same", "They get the drug for"),
        Piece("removed", "6"),
        Piece("added", "12"),
        Piece("same", "weeks, e.g. as tablets."),
    )


def test_added_removed_and_moved_sentences() -> None:
    assert told(OLD, f"{OLD} Nobody is paid.") == [("added", None, "Nobody is paid.")]
    assert told(OLD, OLD.removeprefix("Adults are enrolled. ")) == [("removed", "Adults are enrolled.", None)]
    first, second, third = SENTENCES
    assert told(OLD, f"{third} {first} {second}") == [("moved", third, third)]


def test_removed_sentences_are_told_where_they_stood() -> None:
    old, new = "One thing. Second thing. Third matter. Fourth.", "One thing. Third matter. Fifth."
    assert [change.op for change in text_changes(old, new)] == ["removed", "removed", "added"]
    assert [change.old for change in text_changes(old, new)][:2] == ["Second thing.", "Fourth."]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Inclusion:\n\n* Age \\> 18\n* Consent", "Inclusion:\n\n  -  Age > 18\n\n  -  Consent"),
        ("A text with a\nline break in it.", "A text with a line break in it."),
        ("One.  Two.", "One. Two."),
    ],
)
def test_markup_and_line_breaks_do_not_count(one: str, other: str) -> None:
    assert text_changes(one, other) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "d."])), st.lists(st.sampled_from(["a", "b", "c", "d."])))
def test_the_words_of_both_texts_are_in_the_pieces(old: list[str], new: list[str]) -> None:
    pieces = word_changes(" ".join(old), " ".join(new))
    assert [word for piece in pieces if piece.op != "removed" for word in piece.text.split()] == new
    assert [word for piece in pieces if piece.op != "added" for word in piece.text.split()] == old


def test_a_lone_word_between_two_edits_is_part_of_them() -> None:
    assert word_changes("once in two weeks by mouth", "twice in three days by mouth") == (
        Piece("removed", "once in two weeks"),
        Piece("added", "twice in three days"),
        Piece("same", "by mouth"),
    )


@settings(deadline=None)
@given(st.lists(st.text("ab. \n*-", max_size=12), max_size=6), st.lists(st.text("ab. \n*-", max_size=12), max_size=6))
def test_every_sentence_is_kept_or_told_once(old: list[str], new: list[str]) -> None:
    was, now = "\n".join(old), "\n".join(new)
    changes = text_changes(was, now)
    gone = Counter(change.old or "" for change in changes if change.op in ("removed", "changed"))
    come = Counter(change.new or "" for change in changes if change.op in ("added", "changed"))
    assert Counter(sentences(was)) - gone == Counter(sentences(now)) - come
    assert not gone - Counter(sentences(was))
    assert not come - Counter(sentences(now))


def test_too_many_sentences_are_not_matched_by_their_words() -> None:
    many = int(MOST**0.5) + 1
    assert reworded(["the same words"] * many, ["the same words here"] * many) == []


def test_long_texts_of_which_every_sentence_is_the_same_are_compared_in_passing() -> None:
    old, new = "The same again. " * 20_000, "The same again. " * 20_000 + "At last another."
    assert told(old, new) == [("added", None, "At last another.")]
    assert told(new, f"First one more. {new}") == [("added", None, "First one more.")]
    assert word_changes("a " * 50_000, "a " * 50_000 + "b")
    assert criteria_changes("* Same item\n" * 5_000, "* Same item\n" * 5_000 + "* Another one\n")


# Criteria

CRITERIA = """Inclusion Criteria:

* Adults over 18 years
* HbA1c between 7.1 % and 9.5 %
* One of these:
  * insulin
  * metformin for at least 3 months

Exclusion Criteria:

* Pregnant women
* Heart failure above NYHA class II"""


def edited(old: str, new: str) -> list[CriterionChange]:
    return criteria_changes(CRITERIA, CRITERIA.replace(old, new))


def test_a_reworded_item() -> None:
    (change,) = edited("7.1 %", "6.6 %")
    assert (change.op, change.part, change.old_side, change.new_side) == ("changed", "item", "inclusion", "inclusion")
    assert Piece("removed", "7.1") in change.words
    assert Piece("added", "6.6") in change.words


def test_a_sign_is_enough_to_tell() -> None:
    (change,) = criteria_changes("* Platelets \\> 100", "* Platelets \\< 100")
    assert (change.op, change.old, change.new) == ("changed", "Platelets > 100", "Platelets < 100")


def test_an_item_added_and_one_dropped() -> None:
    (change,) = edited("* Pregnant women", "* Pregnant women\n* Known allergy to eggs")
    assert (change.op, change.new_side, change.new) == ("added", "exclusion", "Known allergy to eggs")
    (change,) = edited("* Pregnant women\n", "")
    assert (change.op, change.old_side, change.old, change.new_side) == ("removed", "exclusion", "Pregnant women", None)


def test_an_item_moved_to_the_other_side() -> None:
    text = CRITERIA.replace("* Pregnant women\n", "").replace("* Adults", "* Pregnant women\n* Adults")
    (change,) = criteria_changes(CRITERIA, text)
    assert (change.op, change.old_side, change.new_side, change.old) == (
        "moved",
        "exclusion",
        "inclusion",
        "Pregnant women",
    )


def test_an_item_edited_on_its_way_to_the_other_side() -> None:
    text = CRITERIA.replace("* Heart failure above NYHA class II", "* Fever").replace(
        "* Adults", "* Heart failure above NYHA class III\n* Adults"
    )
    found = {(change.op, change.old, change.new) for change in criteria_changes(CRITERIA, text)}
    assert found == {
        ("moved", "Heart failure above NYHA class II", "Heart failure above NYHA class III"),
        ("added", None, "Fever"),
    }


def test_items_in_another_order_have_not_changed() -> None:
    assert (
        edited(
            "* Adults over 18 years\n* HbA1c between 7.1 % and 9.5 %",
            "* HbA1c between 7.1 % and 9.5 %\n* Adults over 18 years",
        )
        == []
    )


def test_an_item_under_another_is_told_with_it() -> None:
    (change,) = edited("  * insulin\n", "")
    assert (change.op, change.old, change.under) == ("removed", "insulin", "One of these:")


def test_headings_that_come_are_no_move_of_the_items() -> None:
    changes = criteria_changes("* Adults\n* Fever", "Inclusion Criteria:\n\n* Adults\n\nExclusion Criteria:\n\n* Fever")
    assert [(change.op, change.part, change.new_side) for change in changes] == [
        ("added", "heading", "inclusion"),
        ("added", "heading", "exclusion"),
    ]


def test_the_way_in_which_items_are_written_does_not_count() -> None:
    assert criteria_changes(CRITERIA, CRITERIA.replace("* ", "- ").replace("women", "Women.")) == []


# Moves between lists


def test_a_promoted_outcome_is_joined_with_its_edits() -> None:
    stay = {"measure": "Cost of care", "timeFrame": "1 year"}
    old = {"primaryOutcomes": [stay], "secondaryOutcomes": [{"measure": "Air leaks", "timeFrame": "28 days"}]}
    new = {"primaryOutcomes": [stay, {"measure": "Air leaks", "timeFrame": "28 days", "description": "X"}]}
    (move,) = moves(compare(old, new))
    assert (move.gone.path, move.come.path) == (
        "secondaryOutcomes[Air leaks | 28 days]",
        "primaryOutcomes[Air leaks | 28 days]",
    )
    assert [(edit.path, edit.op, edit.new) for edit in move.edits] == [("description", "added", "X")]
    (back,) = moves(compare(new, old))
    assert (back.gone.path, back.come.path) == (move.come.path, move.gone.path)


def test_a_promoted_and_reworded_outcome_is_joined_by_likeness() -> None:
    old = {"secondaryOutcomes": [{"measure": "Air leaks"}, {"measure": "Cost of care"}]}
    new = {
        "primaryOutcomes": [{"measure": "Number of patients with air leaks"}],
        "otherOutcomes": [{"measure": "Quality of sleep"}],
    }
    (move,) = moves(compare(old, new))
    assert [(edit.path, edit.old, edit.new) for edit in move.edits] == [
        ("measure", "Air leaks", "Number of patients with air leaks")
    ]


def test_what_only_went_and_came_has_not_moved() -> None:
    old, new = {"secondaryOutcomes": [{"measure": "Pain"}]}, {"primaryOutcomes": [{"measure": "Sleep"}]}
    assert moves(compare(old, new)) == []


# Real records

LONG = [
    ("descriptionModule", "detailedDescription"),
    ("descriptionModule", "briefSummary"),
    ("eligibilityModule", "eligibilityCriteria"),
]


def test_real_texts_have_no_changes_exactly_when_they_read_alike(corpus: Path) -> None:
    pairs = 0
    for folder in sorted((corpus / "api_v2" / "snapshots").iterdir()):
        days = [orjson.loads(path.read_bytes())["protocolSection"] for path in sorted(folder.glob("*.json"))]
        for old, new in pairwise(days):
            for module, field in LONG:
                was, now = (day.get(module, {}).get(field, "") for day in (old, new))
                pairs += was != now
                assert bool(text_changes(was, now)) == (sentences(was) != sentences(now))
    assert pairs > 5


def test_real_criteria_agree_with_themselves(corpus: Path) -> None:
    with zipfile.ZipFile(corpus / "api_v2" / "studies.json.zip") as archive:
        records = [orjson.loads(archive.read(name)) for name in archive.namelist()[::20]]
    modules = [record.get("protocolSection", {}).get("eligibilityModule", {}) for record in records]
    for text in [module["eligibilityCriteria"] for module in modules if "eligibilityCriteria" in module]:
        assert criteria_changes(text, text) == []
