"""One study in several presentations reads as one study, as far as each can carry it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from golden import FIXTURES

from ctgov_ingest.compare import Change, compare
from ctgov_ingest.sources import Reading, read

PAGES = (
    "interventional-2019-03-unprefixed.html",
    "interventional-2019-05-prefixed-crlf.html",
    "interventional-2021-grid-saved-by-browser.html",
)
MESH = "derivedSection.conditionBrowseModule.meshes"

Load = Callable[[str], Reading]


@pytest.fixture(scope="module")
def load() -> Load:
    return lambda name: read((FIXTURES / name).read_bytes(), name)[0]


def between(old: Reading, new: Reading) -> list[Change]:
    return compare(old.document(), new.document(), carried=old.carried & new.carried)


@pytest.mark.parametrize("name", PAGES[1:])
def test_the_generations_of_the_page_give_one_study(load: Load, name: str) -> None:
    one, other = load(f"study-page/{PAGES[0]}"), load(f"study-page/{name}")
    assert other.study.document() == one.study.document()


@pytest.mark.parametrize("name", PAGES[1:])
def test_the_generations_of_the_page_raise_the_same_issues(load: Load, name: str) -> None:
    one, other = load(f"study-page/{PAGES[0]}"), load(f"study-page/{name}")
    assert other.issues == one.issues


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_api_says_of_all_that_both_carry(load: Load, name: str) -> None:
    assert not between(load(f"study-page/{name}"), load("api-v2/interventional.json"))


def test_the_comparison_with_the_api_covers_much(load: Load) -> None:
    page = load(f"study-page/{PAGES[0]}")
    assert len(page.carried.paths or ()) > 90


def test_a_change_in_the_api_record_would_be_seen(load: Load) -> None:
    page, record = load(f"study-page/{PAGES[0]}"), load("api-v2/interventional.json")
    document = record.document()
    document["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = 187
    changes = compare(page.document(), document, carried=page.carried & record.carried)
    assert [change.path for change in changes] == ["protocolSection.designModule.enrollmentInfo.count"]


@pytest.mark.parametrize("name", PAGES)
def test_against_the_record_of_the_day_after_a_page_shows_only_what_changed(load: Load, name: str) -> None:
    page, record = load(f"study-page/{name}"), load("api-v2/interventional.json")
    document = record.document()
    protocol = document["protocolSection"]
    protocol["statusModule"]["overallStatus"] = "SUSPENDED"
    protocol["outcomesModule"]["secondaryOutcomes"][0]["measure"] = "Change in transferrin saturation"
    protocol["outcomesModule"]["secondaryOutcomes"].reverse()
    protocol["contactsLocationsModule"]["locations"].pop(0)
    protocol["eligibilityModule"]["eligibilityCriteria"] += "\n* Planned surgery"
    changes = compare(page.document(), document, carried=page.carried & record.carried, words=True)
    assert [(change.path.split("Module.")[1], change.op) for change in changes] == [
        ("overallStatus", "changed"),
        ("secondaryOutcomes[Transferrin saturation | Weeks 4, 8 and 12].measure", "changed"),
        ("eligibilityCriteria", "changed"),
        ("locations[Iowa River Clinic | Iowa City | Iowa | United States | 52242]", "removed"),
    ]


def test_text_with_its_headings_says_what_the_page_says_save_for_lost_borders(load: Load) -> None:
    text, page = load("page-text/headings-kept.txt"), load(f"study-page/{PAGES[0]}")
    lost = {issue.path for issue in text.issues if issue.code == "borders-lost"}
    assert lost == {"protocolSection.conditionsModule.conditions"}
    different = {change.path.partition("[")[0] for change in between(page, text)}
    assert different <= lost


def test_text_without_borders_keeps_every_word_of_a_list(load: Load) -> None:
    text, page = load("page-text/headings-kept.txt"), load(f"study-page/{PAGES[0]}")
    assert " ".join(text.study.conditions) == " ".join(page.study.conditions)


def test_the_demo_pages_and_records_are_of_one_study(load: Load) -> None:
    names = sorted(path.name for path in (FIXTURES / "demo").iterdir())
    assert {load(f"demo/{name}").nct_id for name in names} == {"NCT03986528"}


class TestRealPages:
    """The same record saved in March and in May 2019, in two generations of class names."""

    @pytest.fixture
    def pages(self, corpus: Path) -> list[Reading]:
        found = sorted((corpus / "html" / "classic2017").glob("*.html"))
        assert len(found) == 2
        return [read(page.read_bytes(), page.name)[0] for page in found]

    def test_nothing_is_unread(self, pages: list[Reading]) -> None:
        assert [page.unread for page in pages] == [(), ()]

    def test_they_differ_in_nothing(self, pages: list[Reading]) -> None:
        one, other = (page.study.document() for page in pages)
        assert other == one

    def test_the_later_one_names_the_day_of_its_retrieval(self, pages: list[Reading]) -> None:
        assert [page.retrieved for page in pages] == [None, "2019-05-24"]
