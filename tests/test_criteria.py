"""Eligibility criteria: every way of writing them, no word lost, on our own texts and on the corpus."""

import re
import string
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ctgov_ingest.study.criteria import Criteria, CriteriaGroup, Criterion, parse_criteria

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


def tree(items: tuple[Criterion, ...]) -> list[object]:
    """Items as plain values: a leaf is its text, a parent a pair of its text and its children."""
    return [(item.text, tree(item.children)) if item.children else item.text for item in items]


def shape(text: str) -> list[tuple[str, str | None, list[object]]]:
    return [(group.kind, group.heading, tree(group.items)) for group in parse_criteria(text).groups]


# --- words -------------------------------------------------------------------------------------------------

WORD = re.compile(r"[^\W_①-⑳]+")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
ENTITY = re.compile(r"&(?:amp;){0,3}(?:amp|lt|gt|quot|nbsp|#39|#160);")
NUMERAL = re.compile(r"\d{1,3}|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5}")


def plain_words(text: str) -> list[str]:
    return WORD.findall(ENTITY.sub(" ", text))


def source_words(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a source, each with whether it may be a list marker: a numeral with its dot, or an `o`."""
    plain = ENTITY.sub(" ", ESCAPE.sub(r"\1", text))
    for found in WORD.finditer(plain):
        dotted = plain[found.end() : found.end() + 1] in tuple(".)、．）")
        yield found[0], found[0] == "o" or (dotted and NUMERAL.fullmatch(found[0]) is not None)


def first_lost(text: str, criteria: Criteria) -> str | None:
    """The first word of the source that the structure does not have in its place; None when all are there."""
    made = [word for part in criteria.texts() for word in plain_words(part)]
    reached = {0}
    for word, marker in source_words(text):
        further = {at + 1 for at in reached if at < len(made) and made[at] == word}
        reached = further | reached if marker else further
        if not reached:
            return word
    return None if len(made) in reached else "(more words than the source has)"


# --- our own texts -----------------------------------------------------------------------------------------

FORMS = {
    "markdown": (
        "Inclusion Criteria:\n\n* Adults \\>= 18\n* Fever \\~ 39\n\nExclusion Criteria:\n\n* Cough",
        [
            ("inclusion", "Inclusion Criteria:", ["Adults >= 18", "Fever ~ 39"]),
            ("exclusion", "Exclusion Criteria:", ["Cough"]),
        ],
    ),
    "hyphens, no blank lines": (
        "Inclusion Criteria:\n- Tall\n- Strong\nExclusion Criteria:\n- Shy",
        [
            ("inclusion", "Inclusion Criteria:", ["Tall", "Strong"]),
            ("exclusion", "Exclusion Criteria:", ["Shy"]),
        ],
    ),
    "nested markdown": (
        "Inclusion Criteria:\n\n1. Blood:\n\n   * Iron high\n   * Zinc\n\n     1. low\n2. Urine",
        [("inclusion", "Inclusion Criteria:", [("Blood:", ["Iron high", ("Zinc", ["low"])]), "Urine"])],
    ),
    "old plain text, wrapped and indented": (
        "\n        Inclusion Criteria:\n\n"
        "          -  Has taken the tablets of the earlier study every morning for at least\n"
        "             two weeks\n\n"
        "               -  with water\n\n"
        "          -  Can swim\n\n"
        "        Exclusion Criteria:\n\n"
        "        Nobody is turned away on the sole ground of an earlier dislike of tablets or\n"
        "        of water.\n",
        [
            (
                "inclusion",
                "Inclusion Criteria:",
                [
                    (
                        "Has taken the tablets of the earlier study every morning for at least two weeks",
                        ["with water"],
                    ),
                    "Can swim",
                ],
            ),
            (
                "exclusion",
                "Exclusion Criteria:",
                ["Nobody is turned away on the sole ground of an earlier dislike of tablets or of water."],
            ),
        ],
    ),
    "paragraphs without blank lines": (
        "Inclusion Criteria:\nPeople who have walked to the clinic at least once in their lives.\n"
        "People with shoes.\n"
        "Exclusion Criteria\nNone",
        [
            (
                "inclusion",
                "Inclusion Criteria:",
                ["People who have walked to the clinic at least once in their lives.", "People with shoes."],
            ),
            ("exclusion", "Exclusion Criteria", ["None"]),
        ],
    ),
    "numbers to the right": (
        "Inclusion:\n\n  8. Eight\n\n  9. Nine\n\n 10. Ten\n\n 11. Eleven",
        [("inclusion", "Inclusion:", ["Eight", "Nine", "Ten", "Eleven"])],
    ),
    "markers in one column": (
        "Inclusion criteria\n1. Any of:\n• red\n• blue\n2. Warm",
        [("inclusion", "Inclusion criteria", [("Any of:", ["red", "blue"]), "Warm"])],
    ),
    "heading as an item": (
        "* INCLUSION CRITERIA:\n  1. Sings\n  2. Dances\n* EXCLUSION CRITERIA:\n  1. Snores",
        [
            ("inclusion", "INCLUSION CRITERIA:", ["Sings", "Dances"]),
            ("exclusion", "EXCLUSION CRITERIA:", ["Snores"]),
        ],
    ),
    "strong headings": (
        "**Inclusion**\n\n* Early\n\n**Exclusion**\n\n* Late",
        [("inclusion", "Inclusion", ["Early"]), ("exclusion", "Exclusion", ["Late"])],
    ),
    "hashes and escaped numbers": (
        "## Key Inclusion Criteria\n1\\. One\n2\\. Two\n## Key Exclusion Criteria\n\\- Three",
        [
            ("inclusion", "Key Inclusion Criteria", ["One", "Two"]),
            ("exclusion", "Key Exclusion Criteria", ["Three"]),
        ],
    ),
    "headings in line": (
        "Inclusion Criteria: grown up. Exclusion Criteria: sleepy",
        [
            ("inclusion", "Inclusion Criteria:", ["grown up."]),
            ("exclusion", "Exclusion Criteria:", ["sleepy"]),
        ],
    ),
    "lists in line": (
        "Inclusion Criteria:- Men over 40- Women over 50 Exclusion Criteria: 1) Gout 2) Scurvy",
        [
            ("inclusion", "Inclusion Criteria:", ["Men over 40", "Women over 50"]),
            ("exclusion", "Exclusion Criteria:", ["Gout", "Scurvy"]),
        ],
    ),
    "heading at an item's end": (
        "Inclusion Criteria:\n\n* Lives near the clinic all year Exclusion Criteria:\n* Moves house",
        [
            ("inclusion", "Inclusion Criteria:", ["Lives near the clinic all year"]),
            ("exclusion", "Exclusion Criteria:", ["Moves house"]),
        ],
    ),
    "cohorts": (
        "Cohort A Inclusion Criteria:\n- Left\n\nInclusion criteria for cohort B\n- Right\n\n"
        "EXCLUSION CRITERIA - CONTROLS:\n- Both\n\nExclusion criteria for healthy volunteers:\n- None",
        [
            ("inclusion", "Cohort A Inclusion Criteria:", ["Left"]),
            ("inclusion", "Inclusion criteria for cohort B", ["Right"]),
            ("exclusion", "EXCLUSION CRITERIA - CONTROLS:", ["Both"]),
            ("exclusion", "Exclusion criteria for healthy volunteers:", ["None"]),
        ],
    ),
    "sub-headings with a colon": (
        "Inclusion Criteria:\n\nFor swimmers:\n\n* Wet\n* Cold\n\nFor runners:\n\n* Warm",
        [
            (
                "inclusion",
                "Inclusion Criteria:",
                [("For swimmers:", ["Wet", "Cold"]), ("For runners:", ["Warm"])],
            )
        ],
    ),
    "sub-headings without": (
        "Inclusion Criteria:\n\nSwimmers\n\n* Wet\n\nRunners\n\n* Warm",
        [("inclusion", "Inclusion Criteria:", ["Swimmers", "Wet", "Runners", "Warm"])],
    ),
    "sentences for headings": (
        "Participants must fulfil the following:\n(1) Curious\n(2) Kind\n"
        "Volunteers are excluded if they:\na) snore\nb) sulk",
        [
            ("inclusion", "Participants must fulfil the following:", ["Curious", "Kind"]),
            ("exclusion", "Volunteers are excluded if they:", ["snore", "sulk"]),
        ],
    ),
    "topics": (
        "DISEASE CHARACTERISTICS:\n\n* Measles\n\nPATIENT CHARACTERISTICS:\n\nAge:\n\n* Over 3\n\nSex:\n\n* Any",
        [
            ("unspecified", "DISEASE CHARACTERISTICS:", ["Measles"]),
            ("unspecified", "PATIENT CHARACTERISTICS:", [("Age:", ["Over 3"]), ("Sex:", ["Any"])]),
        ],
    ),
    "not inclusion is exclusion": (
        "Non-inclusion criteria:\n\n- Ill",
        [("exclusion", "Non-inclusion criteria:", ["Ill"])],
    ),
    "both in one": (
        "Inclusion and Exclusion Criteria:\n\n- Ask us",
        [("unspecified", "Inclusion and Exclusion Criteria:", ["Ask us"])],
    ),
    "paragraphs": (
        "Adults with time.\n\nNo sailors.",
        [("unspecified", None, ["Adults with time.", "No sailors."])],
    ),
    "before the first heading": (
        "Open to all.\n\nExclusion Criteria:\n\n- Ghosts",
        [("unspecified", None, ["Open to all."]), ("exclusion", "Exclusion Criteria:", ["Ghosts"])],
    ),
    "paragraph under an item": (
        "Inclusion Criteria:\n\n1. Can read\n\n   Glasses are fine.\n2. Can write",
        [("inclusion", "Inclusion Criteria:", [("Can read", ["Glasses are fine."]), "Can write"])],
    ),
    "other bullets": (
        "Inclusion criteria.\n• One\n· Two\n– Three\n--Four\no Five\n① Six\n+ Seven\nIV. Eight\nB. Nine",
        [
            (
                "inclusion",
                "Inclusion criteria.",
                ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"],
            )
        ],
    ),
    "two markers": (
        "Exclusion Criteria:\n\n* 15\\. Tired\n* (16) Bored",
        [("exclusion", "Exclusion Criteria:", ["Tired", "Bored"])],
    ),
    "empty bullets and rules": (
        "Inclusion Criteria:\n\n\\-\n\n* Awake\n*\n-----\n* Alert",
        [("inclusion", "Inclusion Criteria:", ["Awake", "Alert"])],
    ),
    "entities": (
        "Inclusion Criteria:\n\n* Age &gt; 3 \\&amp; \\&lt; 9",
        [("inclusion", "Inclusion Criteria:", ["Age > 3 & < 9"])],
    ),
    "misspelt": (
        "Inclusion Critera:\n- A wish\nExclusion Citeria:\n- No wish",
        [("inclusion", "Inclusion Critera:", ["A wish"]), ("exclusion", "Exclusion Citeria:", ["No wish"])],
    ),
    "empty": ("", []),
    "blank": (" \n\t\n", []),
}


@pytest.mark.parametrize("form", FORMS)
def test_form(form: str) -> None:
    text, expected = FORMS[form]
    assert shape(text) == expected
    assert first_lost(text, parse_criteria(text)) is None


@pytest.mark.parametrize(
    "item",
    [
        "Exclusion of malaria by a test",
        "Exclusion criteria do not apply to twins",
        "Exclusion criteria must be read with the leaflet",
        "Other exclusion criteria apply",
        "Does not meet inclusion criteria",
        "Not fulfilling inclusion criteria",
        "Inclusion in another trial",
        "Any inclusion criteria not met",
        "12 additional exclusion criteria",
        "Men and women are included",
        "Reason for an exclusion: unknown",
    ],
)
@pytest.mark.parametrize("marker", ["* ", "- ", "3. "])
def test_an_item_about_criteria_is_no_heading(item: str, marker: str) -> None:
    text = f"Inclusion Criteria:\n\n{marker}Before\n{marker}{item}\n{marker}After"
    assert shape(text) == [("inclusion", "Inclusion Criteria:", ["Before", item, "After"])]


@pytest.mark.parametrize("item", ["E. coli in the blood", "-7.00 D of myopia", "1.5 times normal", "5", "±3 days"])
def test_what_looks_like_a_marker_and_is_none(item: str) -> None:
    assert [found.text for found in parse_criteria(f"Inclusion Criteria:\n\n* {item}").inclusion] == [item]


def test_a_sentence_between_heading_and_list_is_the_lead() -> None:
    lead = "People are not eligible if they meet any of these criteria:"
    text = f"Exclusion Criteria:\n\n{lead}\n\n* Hungry\n* Thirsty"
    (group,) = parse_criteria(text).groups
    assert group == CriteriaGroup(
        "exclusion",
        "Exclusion Criteria:",
        (Criterion("Hungry"), Criterion("Thirsty")),
        (lead,),
    )


def test_views_and_walk() -> None:
    text = (
        "Hello.\n\nInclusion Criteria:\n- A:\n  - aa\n\n"
        "Exclusion Criteria:\n- Bee\n\nInclusion Criteria for twins:\n- Cee"
    )
    criteria = parse_criteria(text)
    assert [item.text for item in criteria.inclusion] == ["A:", "Cee"]
    assert [item.text for item in criteria.exclusion] == ["Bee"]
    assert [item.text for item in criteria.unspecified] == ["Hello."]
    walked = [(depth, item.text) for depth, item in criteria.walk()]
    assert walked == [(0, "Hello."), (0, "A:"), (1, "aa"), (0, "Bee"), (0, "Cee")]
    assert parse_criteria(text) == criteria
    assert hash(parse_criteria(text)) == hash(criteria)


# --- any text ----------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "* ",
        "- ",
        "1. ",
        "2\\. ",
        "(3) ",
        "a) ",
        "o ",
        "• ",
        "--",
        "\\",
        "\\>",
        "&gt;",
        "**",
        ":",
        ".",
        "\n",
        "\n\n",
        "\n   ",
        "\t",
        " ",
        "Inclusion Criteria",
        "Exclusion Criteria:",
        "inclusion",
        "EXCLUSION",
        "non-",
        "for cohort A",
        "must meet",
        "following",
        "DISEASE CHARACTERISTICS:",
        "word",
        "Word",
        "1",
        "IV.",
        "E.",
        "é",
        "①",
        "\x1c",
        "\ufeff",
    ]
)


@given(st.text() | st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_text_keeps_its_words(text: str) -> None:
    assert first_lost(text, parse_criteria(text)) is None


Nested = list[tuple[str, "Nested"]]
WORDS = st.lists(st.sampled_from(["Amber", "Birch", "Cedar", "Delta", "Ember"]), min_size=1, max_size=4)
LEAVES: st.SearchStrategy[Nested] = st.lists(st.tuples(WORDS.map(" ".join), st.just([])), min_size=1, max_size=3)
NESTED: st.SearchStrategy[Nested] = st.recursive(
    LEAVES,
    lambda under: st.lists(st.tuples(WORDS.map(" ".join), under | st.just([])), min_size=1, max_size=3),
    max_leaves=12,
)
STYLES: dict[str, Callable[[int], str]] = {
    "star": lambda _: "* ",
    "hyphen": lambda _: "- ",
    "wide hyphen": lambda _: "-  ",
    "plus": lambda _: "+ ",
    "bullet": lambda _: "• ",
    "number": lambda at: f"{at + 1}. ",
    "escaped": lambda at: f"{at + 1}\\. ",
    "bracket": lambda at: f"{at + 1}) ",
    "brackets": lambda at: f"({at + 1}) ",
    "letter": lambda at: f"{string.ascii_lowercase[at]}. ",
    "roman": lambda at: f"{('i', 'ii', 'iii')[at]}. ",
}


def written(items: Nested, styles: list[str], step: int, depth: int = 0) -> Iterator[str]:
    marker = STYLES[styles[depth % len(styles)]]
    for at, (text, under) in enumerate(items):
        yield f"{' ' * (step * depth)}{marker(at)}{text}"
        yield from written(under, styles, step, depth + 1)


def built(items: Nested) -> tuple[Criterion, ...]:
    return tuple(Criterion(text, built(under)) for text, under in items)


@given(
    NESTED,
    NESTED,
    st.lists(st.sampled_from(sorted(STYLES)), min_size=1, max_size=4),
    st.integers(2, 6),
    st.booleans(),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_written_list_is_read_back(first: Nested, second: Nested, styles: list[str], step: int, loose: bool) -> None:
    lines = [
        "Inclusion Criteria:",
        *written(first, styles, step),
        "Exclusion Criteria:",
        *written(second, styles, step),
    ]
    criteria = parse_criteria(("\n\n" if loose else "\n").join(lines))
    assert criteria.inclusion == built(first)
    assert criteria.exclusion == built(second)


@pytest.mark.parametrize(
    "unit",
    [
        "*",
        "* ",
        "**a",
        "1. ",
        "(1) ",
        "- A",
        " ",
        "\\",
        "\\-",
        "a ",
        ":",
        ": ",
        "(",
        "Inclusion Criteria",
        "x Exclusion Criteria: ",
        "\n",
        "* a\n",
        "* a:\n+ b:\n",
        "&amp;",
        "inclusion ",
        "a b. Exclusion criteria for x",
        "o ",
        "i",
        "① ",
    ],
)
def test_a_hostile_text_of_a_hundred_kilobytes_is_read(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert sum(map(len, parse_criteria(text).texts())) <= len(text)


def test_deep_nesting_needs_no_recursion() -> None:
    text = "\n".join(f"{'  ' * depth}* a" for depth in range(1500))
    depths = [depth for depth, _ in parse_criteria(text).walk()]
    assert depths == list(range(1500))


# --- the corpus --------------------------------------------------------------------------------------------


@cache
def api_texts() -> list[str]:
    with zipfile.ZipFile(CORPUS / "api_v2" / "studies.json.zip") as archive:
        records = [orjson.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
    modules = [record.get("protocolSection", {}).get("eligibilityModule", {}) for record in records]
    return [text for module in modules if (text := module.get("eligibilityCriteria"))]


@cache
def legacy_texts() -> list[str]:
    with zipfile.ZipFile(CORPUS / "legacy_xml.zip") as archive:
        sources = [archive.read(name) for name in archive.namelist() if name.endswith(".xml")]
    found = [etree.fromstring(source).findtext(".//eligibility/criteria/textblock") for source in sources]
    return [text for text in found if text]


pieces = [
    pytest.param("api_v2/studies.json.zip", api_texts, 0.998, id="api"),
    pytest.param("legacy_xml.zip", legacy_texts, 0.999, id="legacy"),
]


@pytest.mark.parametrize(("source", "texts", "share"), pieces)
def test_corpus(source: str, texts: Callable[[], list[str]], share: float) -> None:
    """No word of any text is lost, and what speaks of both kinds has parts of both."""
    if not (CORPUS / source).exists():
        pytest.skip(f"no corpus file {source}")
    both = split = 0
    for text in texts():
        criteria = parse_criteria(text)
        assert first_lost(text, criteria) is None, text[:200]
        if {"inclusion", "exclusion"} <= set(re.findall("inclusion|exclusion", text.lower())):
            both += 1
            split += {"inclusion", "exclusion"} <= {group.kind for group in criteria.groups}
    assert both > 1000
    assert split >= share * both
