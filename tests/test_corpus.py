"""The real records: all of them are read, and nothing of them is left over.

That every API v2 record comes out as it went in is tested with the model, in test_study_model.
"""

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ctgov_ingest.compare import Carried
from ctgov_ingest.sources import Failure, Reading, Stubs, read, scan


def outcomes(folder: Path) -> Iterator[Reading | Stubs | Failure]:
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield from scan(file.read_bytes(), file.name)


# API v2


ADDED_BY_COLLECTORS = {"Timestamp", "timestamp", "locations_nested", "interventionMappedName"}
"""Keys that the registry never sent: those who saved the records put them in."""


def test_every_study_of_the_archive_is_read_whole(corpus: Path) -> None:
    with zipfile.ZipFile(corpus / "api_v2" / "studies.json.zip") as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    assert len(members) == 1969
    for name, data in members:
        (reading,) = read(data, name)
        assert (reading.presentation, reading.nct_id) == ("api-v2", name.removesuffix(".json"))
        assert not reading.unread
        assert {issue.code for issue in reading.issues} <= {"unknown-key"}
        assert {str(issue.path).rpartition(".")[2] for issue in reading.issues} <= ADDED_BY_COLLECTORS
        assert reading.carried is Carried.ALL
        assert reading.raw is data


def test_every_snapshot_is_read_and_names_its_day(corpus: Path) -> None:
    files = sorted((corpus / "api_v2" / "snapshots").glob("*/*.json"))
    assert len(files) == 269
    for file in files:
        (reading,) = read(file.read_bytes(), file.name)
        assert (reading.nct_id, reading.retrieved) == (file.parent.name, file.stem)
        assert not reading.unread and not reading.issues


def test_every_answer_is_read_and_what_is_less_than_whole_says_so(corpus: Path) -> None:
    readings = list(outcomes(corpus / "api_v2" / "search_pages"))
    assert len(readings) == 24
    for reading in readings:
        assert isinstance(reading, Reading)
        assert not reading.unread
        assert {issue.code for issue in reading.issues} == (
            set() if reading.carried is Carried.ALL else {"partial-record"}
        )


# The page saved as text from which the project grew


@pytest.fixture(scope="module")
def seeded(seed: Path) -> Reading:
    (reading,) = read(seed.read_bytes(), seed.name)
    return reading


PROTOCOL: dict[str, Any] = {
    "identificationModule.nctId": "NCT01364246",
    "identificationModule.orgStudyIdInfo.id": "BKCR-MS-1.0(2010)",
    "statusModule.overallStatus": "UNKNOWN",
    "statusModule.lastKnownStatus": "RECRUITING",
    "statusModule.statusVerifiedDate": "2012-11",
    "statusModule.studyFirstPostDateStruct": {"date": "2011-06-02"},
    "statusModule.lastUpdatePostDateStruct": {"date": "2012-11-28"},
    "statusModule.startDateStruct": {"date": "2010-01"},
    "statusModule.primaryCompletionDateStruct": {"date": "2013-03", "type": "ESTIMATED"},
    "statusModule.completionDateStruct": {"date": "2014-12", "type": "ESTIMATED"},
    "sponsorCollaboratorsModule.responsibleParty": {"type": "SPONSOR"},
    "designModule.studyType": "INTERVENTIONAL",
    "designModule.phases": ["PHASE1", "PHASE2"],
    "designModule.enrollmentInfo": {"count": 20, "type": "ESTIMATED"},
    "designModule.designInfo": {
        "allocation": "NON_RANDOMIZED",
        "interventionModel": "SINGLE_GROUP",
        "primaryPurpose": "TREATMENT",
        "maskingInfo": {"masking": "NONE"},
    },
    "eligibilityModule.minimumAge": "18 Years",
    "eligibilityModule.maximumAge": "60 Years",
    "eligibilityModule.stdAges": ["ADULT"],
    "eligibilityModule.sex": "ALL",
    "eligibilityModule.healthyVolunteers": False,
    "outcomesModule.secondaryOutcomes": None,
    "descriptionModule.detailedDescription": None,
}


@pytest.mark.parametrize("path", PROTOCOL)
def test_the_seed_gives(seeded: Reading, path: str) -> None:
    value: Any = seeded.study.document()["protocolSection"]
    for name in path.split("."):
        value = value.get(name) if value else None
    assert value == PROTOCOL[path]


def test_the_seed_is_a_page_as_text_without_a_rest(seeded: Reading) -> None:
    assert (seeded.presentation, seeded.unread) == ("page-text", ())


def test_the_seed_has_no_results(seeded: Reading) -> None:
    assert seeded.study.has_results is False


@pytest.fixture(scope="module")
def lines(seed: Path) -> list[str]:
    return seed.read_text(encoding="utf-8").splitlines()


def module(reading: Reading, name: str) -> dict[str, Any]:
    found: dict[str, Any] = reading.study.document()["protocolSection"][name]
    return found


def test_the_seed_has_both_its_titles(seeded: Reading, lines: list[str]) -> None:
    titles = module(seeded, "identificationModule")
    assert titles["briefTitle"] == lines[0]
    assert f"Official Title: | {titles['officialTitle']} |" in lines


def test_the_seed_has_its_sponsor(seeded: Reading, lines: list[str]) -> None:
    sponsor = module(seeded, "sponsorCollaboratorsModule")["leadSponsor"]["name"]
    assert f"Responsible Party: | {sponsor} |" in lines
    assert f"Verified November 2012 by {sponsor}." in lines
    assert ("inferred", "protocolSection.sponsorCollaboratorsModule.leadSponsor.name") in issues(seeded)


def test_the_seed_has_its_contact(seeded: Reading, lines: list[str]) -> None:
    (contact,) = module(seeded, "contactsLocationsModule")["centralContacts"]
    assert contact.keys() == {"name", "role", "email"}
    assert f"Contact: {contact['name']} | {contact['email']} |" in lines


def test_the_seed_has_one_site_with_its_contact(seeded: Reading, lines: list[str]) -> None:
    (site,) = module(seeded, "contactsLocationsModule")["locations"]
    (contact,) = site["contacts"]
    assert (site["city"], site["state"], site["country"]) == ("Nanjing", "Jiangsu", "China")
    assert site["status"] == "RECRUITING"
    assert f"{site['facility']} | Recruiting |" in lines
    assert f"Contact: {contact['name']} {contact['email']} |" in lines


def test_the_seed_has_one_experimental_arm_and_its_intervention(seeded: Reading, lines: list[str]) -> None:
    (arm,) = seeded.study.arms
    (given,) = seeded.study.interventions
    assert (arm.type, given.type) == ("EXPERIMENTAL", "BIOLOGICAL")
    start = lines.index(f"Experimental: {arm.label}")
    assert lines[start : start + 5] == [
        f"Experimental: {arm.label}",
        arm.description,
        "|",
        f"Biological: {given.name}",
        f"{given.description} |",
    ]
    assert arm.intervention_names == (f"Biological: {given.name}",)
    assert given.arm_group_labels == (arm.label,)


def test_the_seed_has_five_outcomes_taken_as_primary(seeded: Reading) -> None:
    outcomes_ = seeded.study.primary_outcomes
    assert len(outcomes_) == 5
    assert {one.time_frame for one in outcomes_} == {"1 year after treatment"}
    assert all(one.measure and "[" not in one.measure for one in outcomes_)
    assert ("inferred", "protocolSection.outcomesModule.primaryOutcomes") in issues(seeded)


def test_the_seed_has_five_inclusion_and_twelve_exclusion_criteria(seeded: Reading) -> None:
    criteria = seeded.study.criteria
    assert criteria is not None
    assert (len(criteria.inclusion), len(criteria.exclusion)) == (5, 12)


def test_the_seed_keeps_its_description_whole_and_says_so(seeded: Reading, seed: Path) -> None:
    summary = seeded.study.document()["protocolSection"]["descriptionModule"]["briefSummary"]
    first, second = summary.split("\n\n")
    text = seed.read_text(encoding="utf-8")
    assert first in text and second in text
    assert ("headings-lost", "protocolSection.descriptionModule.briefSummary") in issues(seeded)


@pytest.mark.parametrize(
    "path",
    [
        "protocolSection.conditionsModule.conditions",
        "protocolSection.conditionsModule.keywords",
        "derivedSection.conditionBrowseModule.meshes",
    ],
)
def test_the_seed_says_where_borders_are_lost(seeded: Reading, path: str) -> None:
    assert ("borders-lost", path) in issues(seeded)


def test_the_seed_has_no_value_that_could_not_be_read(seeded: Reading) -> None:
    assert {code for code, _path in issues(seeded)} == {"borders-lost", "headings-lost", "inferred", "mixed-terms"}


def issues(reading: Reading) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.path) for issue in reading.issues]


# Pages


PAGES = {
    "classic2008": {"study-page": 1, "not-a-record": 1},
    "classic2017": {"study-page": 2},
    "history": {"history-page": 2, "history-index": 4},
    "history/archive_changes": {"archive-page": 14},
    "history/archive_index": {"archive-index": 34},
    "history/archive_study": {"archive-page": 185},
    "history/parse_files": {"archive-page": 70},
    "results": {"results-page": 11},
    "tabular": {"tabular-page": 1},
}
"""What each folder of pages holds; a page of the history is a record and a list in one."""


def test_every_page_is_read_as_what_it_is_with_nothing_unread(corpus: Path) -> None:
    found: dict[str, Counter[str]] = {}
    for file in sorted(path for path in (corpus / "html").rglob("*") if path.is_file()):
        kinds = found.setdefault(str(file.parent.relative_to(corpus / "html")), Counter())
        for outcome in scan(file.read_bytes(), file.name):
            kinds[outcome.error.code if isinstance(outcome, Failure) else outcome.presentation] += 1
            assert isinstance(outcome, Failure) or not outcome.unread, file
    assert found == PAGES
