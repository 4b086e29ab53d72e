"""The archive of before 2017: pages of one version, side-by-side pages, lists of versions."""

from pathlib import Path
from typing import Any

import pytest

from ctgov_ingest.compare import compare
from ctgov_ingest.errors import Damaged
from ctgov_ingest.ingest import ingest
from ctgov_ingest.sources import Failure, Reading, Stubs, read, scan
from ctgov_ingest.sources.archive_fields import CARRIED, FIELDS, IGNORED, NOT_CARRIED, SHOWN_WHERE_FILLED
from ctgov_ingest.sources.archive_shapes import citation
from ctgov_ingest.sources.content import markdown
from ctgov_ingest.sources.page_elements import runs
from ctgov_ingest.sources.page_tree import parse_elements
from ctgov_ingest.sources.prs_fields import CARRIED as PRS_CARRIED
from ctgov_ingest.sources.record import Raw, RawRecord
from ctgov_ingest.sources.version_text import NO_BREAK, apart, listed
from ctgov_ingest.store import Store
from ctgov_ingest.study.shape import paths

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
OLD = FIXTURES / "archive-page" / "view-2005-old-words.html"
ARMS = FIXTURES / "archive-page" / "view-2012-arms-outcomes.html"
CHANGES = FIXTURES / "archive-page" / "changes-2005-new-side.html"
INDEX = FIXTURES / "archive-index" / "five-versions.html"
ALL = (OLD, ARMS, CHANGES, INDEX)


def one(data: bytes) -> Reading:
    (found,) = read(data, "page")
    return found


def status(reading: Reading) -> dict[str, Any]:
    module: dict[str, Any] = reading.document()["protocolSection"]["statusModule"]
    return module


def links(reading: Reading) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reading.document()["protocolSection"]["referencesModule"]["seeAlsoLinks"]
    return found


def changed(page: Path, old: str, new: str) -> Reading:
    text = page.read_text(encoding="utf-8")
    assert old in text
    return one(text.replace(old, new).encode())


# --- the real pages -----


def test_every_page_of_the_archive_is_read_whole(corpus: Path) -> None:
    pages = sorted(
        page for folder in ("archive_*", "parse_files") for page in (corpus / "html/history").glob(f"{folder}/*")
    )
    outcomes = [outcome for page in pages for outcome in scan(page.read_bytes(), page.name)]
    assert [outcome for outcome in outcomes if isinstance(outcome, Failure)] == []
    assert [outcome.unread for outcome in outcomes if not isinstance(outcome, Failure) and outcome.unread] == []
    by = {Reading: "archive-page", Stubs: "archive-index"}
    assert all(not isinstance(one, Failure) and one.presentation == by[type(one)] for one in outcomes)
    assert len(outcomes) == len(pages) > 300


def test_the_pages_of_a_study_give_its_statuses_in_order(corpus: Path, tmp_path: Path) -> None:
    history = corpus / "html/history"
    statuses: dict[str, list[tuple[str, str]]] = {}
    for page in [*history.glob("archive_study/*"), *history.glob("parse_files/*")]:
        reading = one(page.read_bytes())
        assert reading.registry_date
        statuses.setdefault(reading.nct_id, []).append((reading.registry_date, status(reading)["overallStatus"]))
    store = Store(tmp_path / "store.db")
    try:
        report = ingest([history / "parse_files", history / "archive_study"], store)
        assert not report.failures
        for nct_id, found in statuses.items():
            spells = [(spell.since, spell.status) for spell in store.timeline(nct_id)]
            assert spells == _runs(sorted(found)), nct_id
    finally:
        store.close()


def _runs(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first of each run of one status."""
    return [each for at, each in enumerate(found) if at == 0 or found[at - 1][1] != each[1]]


def test_a_page_and_the_comparison_that_made_it_tell_the_same(corpus: Path) -> None:
    history = corpus / "html/history"
    pairs = 0
    for page in sorted(history.glob("archive_changes/*")):
        new = one(page.read_bytes())
        assert new.registry_date
        day = new.registry_date.replace("-", "_")
        names = (f"archive_study/{new.nct_id}_{day}.html", f"parse_files/{new.nct_id}_{day.replace('_', '')}.html")
        for view in (one((history / name).read_bytes()) for name in names if (history / name).exists()):
            pairs += 1
            assert view.registry_date == new.registry_date
            assert compare(view.document(), new.document(), carried=view.carried & new.carried) == []
    assert pairs >= 8


def test_a_list_and_the_pages_name_the_same_days(corpus: Path) -> None:
    history = corpus / "html/history"
    for page in history.glob("archive_index/NCT*.html"):
        (stubs,) = scan(page.read_bytes(), page.name)
        assert isinstance(stubs, Stubs) and stubs.rows
        days = {row.date for row in stubs.rows}
        held = {view.stem[12:].replace("_", "-") for view in history.glob(f"archive_study/{stubs.nct_id}_*")}
        assert held <= days


# --- one claim each -----


def test_the_day_of_the_version_is_a_place_and_no_date_of_the_record() -> None:
    reading = one(ARMS.read_bytes())
    assert reading.registry_date == "2012-03-12"
    assert not {"lastUpdateSubmitDate", "lastUpdatePostDateStruct"} & status(reading).keys()


def test_the_new_side_of_a_comparison_has_the_records_own_dates_and_the_place_of_its_version() -> None:
    reading = one(CHANGES.read_bytes())
    assert reading.registry_date == "2005-06-30"
    assert status(reading)["lastUpdateSubmitDate"] == "2005-06-23"
    assert status(reading)["overallStatus"] == "ACTIVE_NOT_RECRUITING"


def test_a_comparison_without_its_whole_side_is_refused() -> None:
    text = CHANGES.read_text(encoding="utf-8").replace("sdiff-full", "sdiff-part")
    with pytest.raises(Damaged, match="expected the new version whole"):
        read(text.encode())


def test_elements_that_no_table_knows_are_unread() -> None:
    line = (
        '<div class="sdl1 sds">&lt;{}&gt;</div>\n<div class="sdl2">  x</div>\n<div class="sdl1 sdz">&lt;/{}&gt;</div>'
    )
    start = '<div class="sdl1 sds">&lt;oversight_info&gt;</div>'
    reading = changed(CHANGES, start, line.format("made_up", "made_up") + start)
    assert [(each.label, each.text) for each in reading.unread] == [("made_up", "x")]


def test_labels_that_no_table_knows_are_unread() -> None:
    reading = changed(ARMS, "<th>Status</th>", "<th>Made up</th>")
    assert [(each.label, each.text) for each in reading.unread] == [("Made up", "Completed")]
    assert "overallStatus" not in status(reading)


def test_words_of_the_design_that_no_vocabulary_knows_are_unread() -> None:
    reading = changed(ARMS, "Efficacy Study", "Other")
    assert [(each.label, each.text) for each in reading.unread] == [("Study design", "Other")]


def test_a_page_without_a_day_is_refused() -> None:
    text = ARMS.read_text(encoding="utf-8").replace("View of", "Sight of")
    with pytest.raises(Damaged, match="heading with the day"):
        read(text.encode())


def test_a_page_that_breaks_off_is_refused() -> None:
    data = ARMS.read_bytes()
    with pytest.raises(Damaged, match="cut off"):
        read(data[: data.index(b"Recruitment Information")])


def test_links_pair_by_their_order() -> None:
    assert [link.get("label") for link in links(one(OLD.read_bytes()))] == ["The first link", None, "The third link"]


def test_links_that_do_not_pair_stay_apart() -> None:
    reading = changed(OLD, "<tr>\n<th>See also</th><td>\n<p></p>\n</td>\n</tr>\n", "")
    assert [len(link) for link in links(reading)] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("number", "updated", "kept"),
    [
        ("3566372", "2006-07-14", True),
        ("90086934", "2005-06-23", False),
        ("22010014", "2005-06-23", False),
        ("22627678", "2014-01-01", True),
        ("x1", "2014-01-01", False),
        ("9" * 5000, "2014-01-01", False),
        ("٣", "2014-01-01", False),
    ],
)
def test_a_number_that_pubmed_had_not_given_yet_is_none_of_its(number: str, updated: str, kept: bool) -> None:
    record = RawRecord(asides={"updated": Raw(updated, "x")})
    found = citation(record, "BACKGROUND", "A paper", number, "x")
    assert ("pmid" in found) is kept
    assert [issue.code for issue in record.issues] == ([] if kept else ["no-field"])


def test_what_a_page_leaves_out_is_not_carried_by_it() -> None:
    enrollment, allocation = SHOWN_WHERE_FILLED
    assert one(OLD.read_bytes()).carried.covers(enrollment)
    assert not one(ARMS.read_bytes()).carried.covers(enrollment)
    assert one(ARMS.read_bytes()).carried.covers(allocation)
    changes = one(CHANGES.read_bytes()).carried
    assert not changes.covers("protocolSection.referencesModule.references.pmid")
    assert not changes.covers("protocolSection.identificationModule.secondaryIdInfos.type")
    assert changes.covers("protocolSection.contactsLocationsModule.locations.contacts.phone")


def test_what_is_carried_is_in_the_model() -> None:
    known = set(paths())
    assert known >= CARRIED | PRS_CARRIED | NOT_CARRIED.keys() | set(SHOWN_WHERE_FILLED)
    assert not FIELDS.keys() & IGNORED.keys()
    assert not CARRIED & NOT_CARRIED.keys()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["- a", "- b"], "* a\n* b"),
        ([f"{NO_BREAK}- a", f"{NO_BREAK * 5}- b", f"{NO_BREAK}- c"], "* a\n\n  * b\n* c"),
        (["1. a", "2. b"], "1. a\n2. b"),
        (["(1) a", "(2) b"], "1. a\n2. b"),
        (["1) a", "3) b"], "1. a\n\n3\\) b"),
        (["• a", "•b"], "* a\n* b"),
        (["-5 degrees"], "-5 degrees"),
        (["*note"], "\\*note"),
        ([f"{NO_BREAK * 5}- a", f"{NO_BREAK}- b"], "* a\n* b"),
        (["- a", "-- b"], "* a\n\n  * b"),
        (["Text.", "", "More."], "Text.\n\nMore."),
    ],
)
def test_dashes_numbers_and_indents_make_lists(lines: list[str], expected: str) -> None:
    assert markdown(listed(lines)) == expected


def test_wrapped_lines_go_on_up_to_an_empty_one() -> None:
    lines = runs(parse_elements("<p>a<br>b<br>\n<br>- c<br>d</p>"))
    assert markdown(listed(lines, wrapped=True)) == "a b\n\n* c d"


def test_gaps_hold_parts_apart() -> None:
    text = "Arm Label: A \u00a0B      \n   \u00a0 \u00a0 \u00a0 \u00a0\n  Other"
    assert apart(text) == ["Arm Label: A B", "Other"]
