"""Differences as people read them: on a terminal, as markdown, as a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from documents import DOCUMENTS, Json
from hypothesis import given, settings
from markdown_it import MarkdownIt
from pairs import HOSTILE, NEW, OLD, SIDES, diff, hostile, on_screen, parsed

from ctgov_ingest import showing
from ctgov_ingest.compare import compare
from ctgov_ingest.showing import Diff, Side, diff_of
from ctgov_ingest.showing.html import diff_page
from ctgov_ingest.showing.markdown import as_markdown, escaped
from ctgov_ingest.showing.model import Pieces
from ctgov_ingest.showing.pieces import changed

EXPECTED = Path(__file__).parent / "expected_showing"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
LOADING = {"script", "img", "link", "iframe", "object", "embed", "video", "audio", "base", "form", "input", "button"}

RENDERED: dict[str, Callable[[Diff], str]] = {
    "narrow.txt": lambda found: on_screen(found, 80),
    "wide.txt": lambda found: on_screen(found, 120),
    "diff.md": as_markdown,
    "diff.html": diff_page,
}


@pytest.mark.parametrize("name", RENDERED)
def test_a_diff_looks_as_expected(name: str, request: pytest.FixtureRequest) -> None:
    found, expected = RENDERED[name](diff()), EXPECTED / name
    if request.config.getoption("--write-golden"):
        if not expected.exists() or expected.read_text(encoding="utf-8") != found:
            expected.write_text(found, encoding="utf-8")
            pytest.fail(f"{name}: written, review it")
        return
    assert found == expected.read_text(encoding="utf-8")


def test_the_readme_shows_what_is_shown() -> None:
    readme = (EXPECTED.parents[1] / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```\n(Eligibility\n.*?)```", readme, re.DOTALL)
    shown_lines = (EXPECTED / "wide.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in block.splitlines() if line not in shown_lines] == []


# The model


def statuses(old: Any, new: Any) -> tuple[Json, Json]:
    return at("protocolSection.statusModule", old), at("protocolSection.statusModule", new)


def at(path: str, value: Any) -> Json:
    for name in reversed(path.split(".")):
        value = {name: value}
    return dict(value)


def shown(path: str, old: Any, new: Any) -> list[str]:
    """The lines under the first section of a diff of values at a path."""
    before, after = at(path, old), at(path, new)
    lines = on_screen(diff(before, after), 90).splitlines()
    start = next(place for place, line in enumerate(lines) if line and line[0] != " " and place > 1)
    return [line.strip() for line in lines[start + 1 :] if line.strip()]


OUTCOMES = "protocolSection.outcomesModule"
PROTOCOL = "protocolSection"


@pytest.mark.parametrize(
    ("path", "old", "new", "lines"),
    [
        (
            f"{PROTOCOL}.statusModule.overallStatus",
            "RECRUITING",
            "UNKNOWN",
            ["~ Overall status: Recruiting → Unknown status"],
        ),
        (f"{PROTOCOL}.statusModule.overallStatus", "RECRUITING", "NEWER", ["~ Overall status: Recruiting → NEWER"]),
        (f"{PROTOCOL}.designModule.phases", ["PHASE2"], ["PHASE2", "PHASE3"], ["+ Phase added: Phase 3"]),
        (
            f"{PROTOCOL}.statusModule.startDateStruct",
            {"date": "2024-02", "type": "ESTIMATED"},
            {"date": "2024-03-04", "type": "ACTUAL"},
            ["~ Start date: 2024-02 (Estimated) → 2024-03-04 (Actual), 1 month later"],
        ),
        (
            f"{PROTOCOL}.statusModule.startDateStruct",
            None,
            {"date": "2024-03-04", "type": "ACTUAL"},
            ["+ Start date: 2024-03-04 (Actual)"],
        ),
        (
            f"{PROTOCOL}.designModule.enrollmentInfo",
            {"count": 1200, "type": "ESTIMATED"},
            {"count": 1000, "type": "ESTIMATED"},
            ["~ Enrollment: 1,200 → 1,000 (Estimated), 200 fewer"],
        ),
        (f"{PROTOCOL}.oversightModule.isFdaRegulatedDrug", False, True, ["~ Is FDA regulated drug: no → yes"]),
        (
            f"{OUTCOMES}.primaryOutcomes",
            [{"measure": "Pain", "timeFrame": "1 year"}],
            [{"measure": "Pain", "timeFrame": "2 years"}],
            ["~ Primary outcome “Pain”", "~ time frame: 1 year → 2 years"],
        ),
        (
            f"{OUTCOMES}",
            {"secondaryOutcomes": [{"measure": "Pain", "timeFrame": "1 year"}]},
            {"primaryOutcomes": [{"measure": "Pain", "timeFrame": "1 year"}]},
            ["> Secondary outcome → primary outcome: “Pain”"],
        ),
        (
            f"{OUTCOMES}.primaryOutcomes",
            [{"measure": name, "timeFrame": "1 year"} for name in ("Pain", "Sleep")],
            [{"measure": name, "timeFrame": "2 years"} for name in ("Sleep", "Pain")],
            ["~ 2 primary outcomes: time frame: 1 year → 2 years", "· Pain", "· Sleep"],
        ),
        (
            f"{PROTOCOL}.contactsLocationsModule.locations",
            [{"facility": "A", "city": "B", "country": "C", "geoPoint": {"lat": 1.5, "lon": 2.5}}],
            [{"facility": "A", "city": "B", "country": "C", "geoPoint": {"lat": 1.5, "lon": 2.75}}],
            ["~ Place on the map: A, B: 2.5 → 2.75"],
        ),
        (
            f"{PROTOCOL}.descriptionModule.briefSummary",
            "One two three.\n\n* Four\n* Five",
            "One two three.\n\n- Four\n- Five",
            ["~ Brief summary: in layout alone"],
        ),
        (
            f"{PROTOCOL}.identificationModule.briefTitle",
            "A  study",
            "A study",
            ["~ Brief title: in spaces alone"],
        ),
        ("somethingNew.aModule.aField", "x", "y", ["~ A field: x → y"]),
        ("protocolSection.statusModule.whyStopped", "PI \\> left", None, ["- Why stopped: PI > left"]),
    ],
)
def test_a_change_is_one_thing(path: str, old: Any, new: Any, lines: list[str]) -> None:
    assert shown(path, old, new) == lines


def test_results_that_come_are_counted() -> None:
    section = {"outcomeMeasuresModule": {"outcomeMeasures": [{"title": "Pain"}, {"title": "Sleep"}]}}
    lines = on_screen(diff({"hasResults": False}, {"hasResults": True, "resultsSection": section}), 90)
    assert "Results: Outcome Measures" in lines
    assert "+ Posted: 2 outcome measures" in lines
    assert "Pain" not in lines


def test_groups_of_results_have_their_titles() -> None:
    def results(value: str) -> Json:
        measures = [
            {"title": "Age", "classes": [{"categories": [{"measurements": [{"groupId": "BG000", "value": value}]}]}]}
        ]
        groups = [{"id": "BG000", "title": "Placebo"}]
        return {"resultsSection": {"baselineCharacteristicsModule": {"groups": groups, "measures": measures}}}

    lines = on_screen(diff(results("12"), results("13")), 90)
    assert "measurement “Placebo”: value: 12 → 13" in lines


def test_dates_of_the_update_come_last() -> None:
    lines = on_screen(diff(), 100).splitlines()
    order = [lines.index(next(line for line in lines if word in line)) for word in ("Why stopped", "Status verified")]
    assert order == sorted(order)


def test_what_the_registry_did_is_said_once_for_a_section() -> None:
    lines = on_screen(diff(), 100).splitlines()
    assert "Derived: Terms of the Conditions, by the registry" in lines
    assert sum("by the registry" in line for line in lines) == 1


def test_nothing_is_told_of_documents_that_say_the_same() -> None:
    assert not diff(OLD, OLD)
    assert "Nothing changed." in as_markdown(diff(OLD, OLD))
    assert "Nothing changed." in diff_page(diff(OLD, OLD))


# Words


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("at 2 weeks", "at 3 weeks", "at [2] {3} weeks"),
        ("a b c d e f g h i j k l m n 1", "a b c d e f g h i j k l m n 2", "… g h i j k l m n [1] {2}"),
        ("1 a b c d e f g h i j k l m n", "2 a b c d e f g h i j k l m n", "[1] {2} a b c d e f g h …"),
        ("a  b\nc", "a b c", ""),
        ("a", "b", "[a] {b}"),
    ],
)
def test_words_that_differ_stand_between_some_that_do_not(old: str, new: str, marked: str) -> None:
    assert _marked(changed(old, new)) == marked


def _marked(pieces: Pieces) -> str:
    forms = {"removed": "[{}]", "added": "{{{}}}", "same": "{}", "fold": "{}"}
    return " ".join(forms[one.op].format(one.text) for one in pieces)


# On a terminal


def test_where_it_is_wide_old_and_new_stand_side_by_side() -> None:
    summary = "every evening for"
    wide, narrow = ([line for line in on_screen(diff(), width).splitlines() if summary in line] for width in (120, 80))
    assert [line.count(summary) for line in wide] == [2]
    assert [line.count(summary) for line in narrow] == [1, 1]


@pytest.mark.parametrize("width", [40, 60, 80, 110, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    for found in (diff(), diff(*hostile())):
        assert max(map(len, on_screen(found, width).splitlines())) <= width


def test_without_colours_words_that_differ_stand_in_marks() -> None:
    lines = on_screen(diff(), 80)
    assert "[-six-]" in lines
    assert "{+twelve+}" in lines
    assert "\x1b" not in lines


def test_with_colours_there_are_no_marks() -> None:
    lines = on_screen(diff(), 80, colours=True)
    assert "[-" not in lines and "{+" not in lines
    assert "\x1b[1;31msix\x1b[0m" in lines
    assert "\x1b[1;32mtwelve\x1b[0m" in lines


def test_what_is_long_is_cut_unless_all_is_asked_for() -> None:
    new = at("protocolSection.contactsLocationsModule.locations", [{"facility": f"Clinic {n}"} for n in range(40)])
    assert "… and 28 more; --all shows them" in on_screen(diff({}, new), 80)
    assert "Clinic 39" in on_screen(diff({}, new), 80, everything=True)


# Hostile values


def test_nothing_in_a_value_speaks_to_the_terminal() -> None:
    assert not UNSAFE.search(on_screen(diff(*hostile()), 100, everything=True))


def test_a_page_shows_markup_in_values_as_text() -> None:
    page = diff_page(diff(*hostile(), (Side(HOSTILE), Side(HOSTILE))))
    tree = parsed(page)
    assert not [one.tag for one in tree.iter() if one.tag in LOADING]
    assert "<script>alert(1)</script>" in tree.text_content()
    assert not UNSAFE.search(page)
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]


def test_markdown_shows_markup_in_values_as_text() -> None:
    tokens = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(as_markdown(diff(*hostile())))
    inline = [child for token in tokens for child in token.children or ()]
    assert {one.type for one in inline} <= _MARKUP
    assert {one.content for one in inline if one.type == "html_inline"} <= {"<!-- -->"}
    assert any("<script>alert(1)</script>" in "".join(_texts(token.children or [])) for token in tokens)


_MARKUP = {"text", "text_special", "softbreak", "html_inline", "strong_open", "strong_close", "em_open", "em_close"} | {
    "s_open",
    "s_close",
}


def _texts(children: list[Any]) -> list[str]:
    return [child.content for child in children if child.type in ("text", "text_special")]


@pytest.mark.parametrize(
    "text",
    [
        "- a",
        "1. a",
        "# a",
        "> a",
        "+ a",
        "* a *",
        "a_b_",
        "<b>",
        "&lt;",
        "[a](b)",
        "![a](b)",
        "`a`",
        "~~a~~",
        "a|b",
        "\\*",
    ],
)
def test_escaped_text_reads_as_it_was(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(f"- {escaped(text)}")
    (inline,) = [token for token in tokens if token.type == "inline"]
    assert "".join(_texts(inline.children or [])) == text
    assert [token.type for token in tokens].count("list_item_open") == 1


@pytest.mark.parametrize(
    ("text", "broken"),
    [("ask @octocat", "ask @<!-- -->octocat"), ("see #12", "see #<!-- -->12"), ("mail a@b.org", "mail a@b.org")],
)
def test_nobody_is_called_by_a_record(text: str, broken: str) -> None:
    assert escaped(text) == broken


# Pages


def test_a_page_needs_nothing_from_elsewhere_and_no_script() -> None:
    page = diff_page(diff())
    (policy,) = parsed(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy and "script-src 'none'" in policy
    assert "url(" not in page and "@import" not in page and "http" not in page.replace("http-equiv", "")


def test_a_page_has_landmarks_and_headings_in_order() -> None:
    tree = parsed(diff_page(diff()))
    assert [len(tree.xpath(f"//{tag}")) for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1]
    levels = [int(one.tag[1]) for one in tree.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert tree.get("lang") == "en"


def test_words_that_went_and_came_are_marked_as_such() -> None:
    tree = parsed(diff_page(diff()))
    assert "six" in tree.xpath("//del/text()")
    assert "twelve" in tree.xpath("//ins/text()")


_INKS = {
    "ink": "paper",
    "soft": "paper",
    "link": "paper",
    "registry": "paper",
    "old-ink": "old-paper",
    "new-ink": "new-paper",
}


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
@pytest.mark.parametrize("ink", _INKS)
def test_words_stand_out_from_their_ground(theme: int, ink: str) -> None:
    css = (Path(showing.__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
    themes = [
        dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    ]
    light, dark = sorted((_light(themes[theme][name]) for name in (ink, _INKS[ink])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def _light(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


# Any documents


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_any_two_documents_can_be_shown(old: Json, new: Json) -> None:
    found = diff_of(old, new, compare(old, new))
    assert bool(found) == bool(compare(old, new))
    for render in RENDERED.values():
        assert render(found)


def test_real_neighbours_can_be_shown(corpus: Path) -> None:
    for folder in sorted((corpus / "api_v2" / "snapshots").iterdir()):
        days = [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
        for old, new in pairwise(days):
            changes = compare(old, new)
            found = diff_of(old, new, changes, sides=SIDES)
            assert bool(found) == bool(changes)
            assert max(map(len, on_screen(found, 90).splitlines())) <= 90
            assert as_markdown(found) and diff_page(found)


def test_the_pair_of_the_tests_is_not_all_alike() -> None:
    assert len(compare(OLD, NEW)) > 30
