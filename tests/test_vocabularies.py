"""Vocabularies: values and labels as the registry lists them."""

import json
import pickle
from pathlib import Path

import pytest

from ctgov_ingest.study import DateType, Phase, Status, Vocabulary, vocabularies

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
