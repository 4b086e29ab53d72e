"""Values, paths and differences in words; what a terminal would act on is left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest.wording import around, differing, in_words, one_line, plain, short_path


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("\x1b[31mred", "[31mred"),
        ("a\tb\x0bc", "a b c"),
        ("a\r\nb\rc\x85d", "a\nb c d"),
        ("\u202eabc\u202c\u200f", "abc"),
        ("\ufeffa\ufffeb\uffff", "ab"),
        ("\ud800", "\ufffd"),
        ("Überleben – 生存", "Überleben – 生存"),
        (12, "12"),
    ],
)
def test_what_a_terminal_acts_on_is_left_out(value: Any, words: str) -> None:
    assert plain(value) == words


def test_a_value_stands_on_one_line_where_it_must() -> None:
    assert one_line("a\nb\r\nc") == "a b c"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"date": "2026-05", "type": "ACTUAL"}, "date: 2026-05; type: ACTUAL"),
        (["a", "b"], "a, b"),
        (True, "yes"),
        (False, "no"),
        (None, ""),
        (0, "0"),
        ({"a": [{"b": None}]}, "a: b: "),
    ],
)
def test_a_json_value_in_words(value: Any, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("protocolSection.statusModule.overallStatus", "overallStatus"),
        ("protocolSection.statusModule.startDateStruct.date", "startDateStruct.date"),
        (
            "protocolSection.outcomesModule.primaryOutcomes[A.Section | B].measure",
            "primaryOutcomes[A.Section | B].measure",
        ),
        ("resultsSection", "resultsSection"),
    ],
)
def test_a_path_without_its_sections(path: str, short: str) -> None:
    assert short_path(path) == short


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("a\nb\nc", "a\nx\nc", [("b", "x")]),
        ("a\nb", "a\nb\nc\nd", [("", "c"), ("", "d")]),
        ("a\nb\nc", "c", [("a", ""), ("b", "")]),
        ("same", "same", []),
    ],
)
def test_lines_that_differ_stand_beside_each_other(old: str, new: str, pairs: list[tuple[str, str]]) -> None:
    assert list(differing(old, new)) == pairs


def test_texts_of_very_many_lines_are_compared_line_by_line() -> None:
    old = ["a", "b"] * 5_000
    new = [*old[:7_000], "c", *old[7_001:]]
    assert list(differing("\n".join(old), "\n".join(new))) == [("a", "c")]


_LINES = st.lists(st.sampled_from("abc"), max_size=12).map("\n".join)


@given(_LINES, _LINES)
def test_no_line_that_differs_is_left_out(old: str, new: str) -> None:
    pairs = list(differing(old, new))
    gone, come = (sorted(one for one in side if one) for side in zip(*pairs, strict=True)) if pairs else ([], [])
    kept = sorted(old.replace("\n", ""))
    for one in gone:
        kept.remove(one)
    assert sorted([*kept, *come]) == sorted(new.replace("\n", ""))


def test_of_two_lines_what_is_alike_at_both_ends_is_left_out() -> None:
    old, new = (f"{'word ' * 40}{middle} {'tail ' * 40}".strip() for middle in ("here", "there"))
    was, now = around(old, new)
    assert was.startswith("… word") and was.endswith("tail …")
    assert (len(was), len(now)) < (160, 160)
    assert ("here" in was, "there" in now) == (True, True)


def test_short_lines_stay_whole() -> None:
    assert around("a b c", "a x c") == ("a b c", "a x c")
