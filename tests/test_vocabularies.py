"""Vocabularies: values and labels as the registry lists them."""

import json
import pickle
from pathlib import Path

import pytest
from golden import FIXTURES

from ctgov_ingest.sources import Reading, scan
from ctgov_ingest.sources.legacy_xml_rules import phases, study_type
from ctgov_ingest.study import DateType, Phase, Status, Vocabulary, vocabularies
from ctgov_ingest.values.labels import parse_label

SPEC = Path(__file__).resolve().parents[2] / "shared" / "spec"

ALL = {cls.__name__: cls for cls in Vocabulary.__subclasses__()}


def registry_enums() -> dict[str, dict[str, str]]:
    file = SPEC / "enums.json"
    if not file.exists():
        pytest.skip("the registry's list of enums (shared/spec/enums.json) is not here")
    enums: dict[str, dict[str, str]] = json.loads(file.read_text())
    return enums


def test_there_is_one_class_for_each_enum_of_the_registry() -> None:
    assert list(ALL) == list(registry_enums())


@pytest.mark.parametrize("name", ALL)
def test_values_and_labels_are_those_of_the_registry(name: str) -> None:
    members = {member.value: member.label for member in ALL[name]}
    assert members == registry_enums()[name]


@pytest.mark.parametrize("cls", ALL.values(), ids=ALL)
def test_members_are_named_as_their_values(cls: type[Vocabulary]) -> None:
    assert [member.name for member in cls] == [member.value for member in cls]


@pytest.mark.parametrize("cls", ALL.values(), ids=ALL)
def test_each_has_a_docstring_of_its_own(cls: type[Vocabulary]) -> None:
    assert cls.__doc__
    assert cls.__doc__ != Vocabulary.__doc__


def test_a_member_is_equal_to_its_text() -> None:
    assert Status.RECRUITING == "RECRUITING"


def test_a_member_prints_as_its_text() -> None:
    assert f"{Status.ACTIVE_NOT_RECRUITING}" == "ACTIVE_NOT_RECRUITING"


def test_a_member_is_found_by_its_value() -> None:
    assert Status("UNKNOWN").label == "Unknown status"


def test_equal_values_of_different_vocabularies_may_have_different_labels() -> None:
    assert (Phase.NA.label, vocabularies.DesignAllocation.NA.label) == ("Not Applicable", "N/A")


def test_members_survive_pickling() -> None:
    assert pickle.loads(pickle.dumps(DateType.ACTUAL)) is DateType.ACTUAL  # noqa: S301


# Former spellings


def former() -> list[tuple[str, str, str | list[str]]]:
    file = SPEC / "enums_reverse.json"
    if not file.exists():
        return []
    table = json.loads(file.read_text())
    return [(name, text, value) for name, words in table.items() for text, value in words.items()]


IN_PARTS = {
    ("StudyType", "Observational [Patient Registry]"): {"studyType": ["Observational"], "patientRegistry": ["Yes"]},
    ("StudyType", "N/A"): {},  # of a withheld record
    ("Phase", "Phase 1/Phase 2"): {"phases": ["Phase 1", "Phase 2"]},
    ("Phase", "Phase 2/Phase 3"): {"phases": ["Phase 2", "Phase 3"]},
    ("Phase", "Phase 1|Phase 2"): {"phases": ["Phase 1", "Phase 2"]},
    ("Phase", "Phase 2|Phase 3"): {"phases": ["Phase 2", "Phase 3"]},
}
"""Spellings that say several things: the fields that they fill, each with today's words."""


@pytest.mark.skipif(not former(), reason="the list of old spellings (shared/spec/enums_reverse.json) is not here")
def test_every_old_spelling_means_todays_value() -> None:
    assert len(former()) == 238
    for name, text, value in former():
        if (name, text) in IN_PARTS:
            found: dict[str, list[str]] = {}
            for path, part in phases(text) if name == "Phase" else study_type(text):
                found.setdefault(path.rpartition(".")[2], []).append(part)
            assert found == IN_PARTS[name, text]
        else:
            assert parse_label(ALL[name], text).value == str(value).partition(" (lossy")[0], (name, text)


@pytest.mark.parametrize("cls", ALL.values(), ids=ALL)
def test_a_word_that_means_nothing_is_told_with_those_that_do(cls: type[Vocabulary]) -> None:
    with pytest.raises(ValueError, match=r"expected one of '.+', found 'Sleeping'"):
        parse_label(cls, "Sleeping")


UNKNOWN_WORDS = {
    "legacy-xml/interventional-2013.xml": ("<gender>Both</gender>", "<gender>Sleeping</gender>", "sex"),
    "study-page/full-text-observational-2014.html": (">Both<", ">Sleeping<", "sex"),
    "study-page/interventional-2021-grid-saved-by-browser.html": ("Randomized<", "Sleeping<", "allocation"),
    "tabular-page/completed-2015.html": ("Randomized", "Sleeping", "allocation"),
    "archive-page/view-2012-arms-outcomes.html": (">Completed<", ">Sleeping<", "overallStatus"),
    "history-page/version-4-observational.html": ("<td>Active, not recruiting", "<td>Sleeping", "overallStatus"),
    "api-v1/full-studies-interventional.json": ('"Gender": "All"', '"Gender": "Sleeping"', "sex"),
    "page-text/headings-kept.txt": ("| Randomized", "| Sleeping", "allocation"),
    "results-page/none-posted-2019.html": ("Completed", "Sleeping", "overallStatus"),
}
"""A word in a fixture of each presentation, what is put in its place, and the field that it is of."""


@pytest.mark.parametrize("name", UNKNOWN_WORDS)
def test_a_word_that_no_vocabulary_has_is_an_issue_with_the_word(name: str) -> None:
    word, other, field = UNKNOWN_WORDS[name]
    text = (FIXTURES / name).read_text(encoding="utf-8")
    assert word in text
    (reading,) = [one for one in scan(text.replace(word, other).encode()) if isinstance(one, Reading)]
    told = [issue for issue in reading.issues if issue.path and issue.path.endswith(f".{field}")]
    assert [(issue.code, "Sleeping" in str(issue.raw)) for issue in told] == [("unparsed", True)]
    assert "Sleeping" not in str(reading.document())
