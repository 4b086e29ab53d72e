"""What a digest tells of news and a run, in which order and in which words, as text and as data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from news import EARLIER, NOW, QUIET, TODAY, a_day, changed, hostile_day, news_of, run, study
from stores import noon

from ctgov_ingest import __version__
from ctgov_ingest.compare import Kind
from ctgov_ingest.compare.kinds import STAMPS
from ctgov_ingest.digest import Digest, Failed, RunReport, as_json, as_text, digest
from ctgov_ingest.digest import feed as feeds
from ctgov_ingest.digest.html import as_html
from ctgov_ingest.digest.lines import lines_of
from ctgov_ingest.digest.topics import STATUS, TOPICS
from ctgov_ingest.store import Absence, Store
from ctgov_ingest.store.news import MOST_NEW, News
from ctgov_ingest.wording import VALUE
from ctgov_ingest.wording.naming import field_name, noun, place_of

NCT = "NCT09900001"
EXPECTED = Path(__file__).parent / "expected_digest"
NOTHING = News([], [], [], [])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ctgov.db"


def told(found: Digest) -> dict[str, list[str]]:
    """The lines of a digest under the keys of their groups."""
    return {group.key: [str(line) for one in group.studies for line in one.lines] for group in found.groups}


# --- whole digests, as they look ------------------------------------------------------------------------------------


def _feed(found: Digest, folder: Path) -> str:
    path = folder / "feed.xml"
    feeds.add_to(path, found, new_id=lambda: UUID(int=1))
    return path.read_text(encoding="utf-8").replace(f'"{__version__}"', '"x"')


RENDERED = {
    "digest.txt": lambda found, _folder: as_text(found),
    "digest-narrow.txt": lambda found, _folder: as_text(found, width=50, most=0),
    "digest.json": lambda found, _folder: json.dumps(as_json(found), indent=1, ensure_ascii=False) + "\n",
    "digest.html": lambda found, _folder: as_html(found),
    "feed.xml": _feed,
}


@pytest.mark.parametrize("name", RENDERED)
def test_a_day_looks_as_expected(name: str, path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found, expected = RENDERED[name](a_day(path), tmp_path), EXPECTED / name
    if request.config.getoption("--write-golden"):
        if not expected.exists() or expected.read_text(encoding="utf-8") != found:
            expected.write_text(found, encoding="utf-8")
            pytest.fail(f"{name}: written, review it")
        return
    assert found == expected.read_text(encoding="utf-8")


def test_every_expectation_is_asked_for() -> None:
    assert {one.name for one in EXPECTED.iterdir()} == set(RENDERED)


def test_the_same_news_make_the_same_digest(path: Path) -> None:
    news = news_of(path, [study(EARLIER, NCT)], [study(TODAY, NCT, status_overallStatus="UNKNOWN")])
    assert digest(news, QUIET, now=NOW) == digest(news, QUIET, now=NOW)


# --- when there is something to tell --------------------------------------------------------------------------------


def test_there_is_nothing_to_tell_where_nothing_changed_and_nothing_failed() -> None:
    assert not digest(NOTHING, RunReport({"read": 9}, dataset="2026-03-09T09:00:05", requests=3), now=NOW)


@pytest.mark.parametrize(
    "report",
    [
        RunReport({}, failures=(Failed("a", "incomplete", "cut off"),)),
        RunReport({}, exit_code=4),
        RunReport({}, note="asked to end"),
    ],
)
def test_what_went_wrong_is_told_where_nothing_changed(report: RunReport) -> None:
    found = digest(NOTHING, report, now=NOW)
    assert found
    assert found.headline.startswith("nothing changed, ")
    assert "What went wrong" in as_text(found)


def test_the_report_of_a_run_comes_from_the_log(path: Path) -> None:
    with Store(path, clock=noon) as store:
        store.begin_run("sync")
        store.end_run({"read": 1}, [("a.json", "damaged", "cut off")])
        assert RunReport.of_log(store.runs(1)[0]) == RunReport(
            {"read": 1}, failures=(Failed("a.json", "damaged", "cut off"),), exit_code=1
        )


def test_a_run_that_was_killed_has_a_report_too(path: Path) -> None:
    with Store(path, clock=noon) as store:
        store.begin_run("sync")
        assert not RunReport.of_log(store.runs(1)[0]).went_wrong


# --- what is told first ---------------------------------------------------------------------------------------------


def test_every_kind_of_change_has_a_topic() -> None:
    kinds = set(get_args(Kind))
    assert kinds <= TOPICS.keys()
    assert {topic.kind for topic in TOPICS.values()} == {*kinds, None}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("RECRUITING", "UNKNOWN", "unknown"),
        ("RECRUITING", "TERMINATED", "stopped"),
        ("NOT_YET_RECRUITING", "WITHDRAWN", "stopped"),
        ("RECRUITING", "SUSPENDED", "stopped"),
        ("RECRUITING", "COMPLETED", "status"),
        ("UNKNOWN", "COMPLETED", "status"),
        ("SUSPENDED", "RECRUITING", "status"),
    ],
)
def test_a_flip_of_status_is_told_under_what_it_means(path: Path, old: str, new: str, key: str) -> None:
    before = study(EARLIER, NCT, status_overallStatus=old)
    found = changed(path, before, study(TODAY, NCT, updated="2026-03-05", status_overallStatus=new))
    assert list(told(found)) == [key]


def test_who_made_a_study_unknown_is_said(path: Path) -> None:
    after = study(TODAY, NCT, status_overallStatus="UNKNOWN", status_lastKnownStatus="RECRUITING")
    found = changed(path, study(EARLIER, NCT), after)
    assert told(found) == {"unknown": ["RECRUITING → UNKNOWN, by the registry"]}
    assert found.headline == "1 study turned UNKNOWN, 1 study changed"


def test_why_a_study_was_stopped_stands_with_its_status(path: Path) -> None:
    after = study(TODAY, NCT, updated="2026-03-05", status_overallStatus="WITHDRAWN", status_whyStopped="No money")
    assert told(changed(path, study(EARLIER, NCT), after)) == {
        "stopped": ["RECRUITING → WITHDRAWN", "why stopped: No money"]
    }


def test_a_reason_that_changes_later_is_told_under_status(path: Path) -> None:
    stopped = {"status_overallStatus": "TERMINATED"}
    before = study(EARLIER, NCT, **stopped, status_whyStopped="No money")
    after = study(TODAY, NCT, updated="2026-03-05", **stopped, status_whyStopped="No staff")
    assert told(changed(path, before, after)) == {"status": ["why stopped: No money → No staff"]}


def test_the_groups_come_in_the_order_of_the_topics(path: Path) -> None:
    keys = [group.key for group in a_day(path).groups]
    assert keys == [key for key in TOPICS if key in keys]
    assert keys[:3] == ["unknown", "stopped", "status"]


def test_both_of_two_versions_are_told_in_their_order(path: Path) -> None:
    with Store(path, clock=noon) as store:
        run(store, study(EARLIER, NCT))
        store.news.tell(store.news.untold())
        run(store, study("2026-03-07", NCT, updated="2026-03-07", status_overallStatus="SUSPENDED"))
        run(store, study("2026-03-08", NCT, updated="2026-03-08", status_overallStatus="RECRUITING"))
        found = digest(store.news.untold(), QUIET, now=NOW)
    assert told(found) == {"stopped": ["RECRUITING → SUSPENDED"], "status": ["SUSPENDED → RECRUITING"]}
    assert (found.counts, found.since) == ({"changed": 1}, "2026-03-07")


# --- what is told as one --------------------------------------------------------------------------------------------


def test_dates_of_an_update_are_told_only_where_nothing_else_is(path: Path, tmp_path: Path) -> None:
    found = changed(path, study(EARLIER, NCT), study(TODAY, NCT, updated="2026-03-05"))
    assert list(told(found)) == ["stamps"]
    other = study(TODAY, NCT, "A study of rest", updated="2026-03-05")
    assert list(told(changed(tmp_path / "other.db", study(EARLIER, NCT), other))) == ["other"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (("2026-05-01", "ESTIMATED"), ("2026-08-01", "ESTIMATED"), "2026-05-01 → 2026-08-01, 92 days later"),
        (("2026-05-02", "ESTIMATED"), ("2026-05-01", "ACTUAL"), "2026-05-02 → 2026-05-01, 1 day earlier, now actual"),
        (("2026-05", "ESTIMATED"), ("2027-05-20", "ESTIMATED"), "2026-05 → 2027-05-20, 12 months later"),
        (("2026-05", "ESTIMATED"), ("2026-05-20", "ESTIMATED"), "2026-05 → 2026-05-20"),
        (("2026", "ESTIMATED"), ("2027-05", "ESTIMATED"), "2026 → 2027-05"),
        (("2026-05", "ESTIMATED"), ("2026-05", "ACTUAL"), "ESTIMATED → ACTUAL"),
    ],
)
def test_a_date_is_told_with_its_type_and_by_how_much_it_moved(
    path: Path, old: tuple[str, str], new: tuple[str, str], line: str
) -> None:
    was, now = (dict(zip(("date", "type"), one, strict=True)) for one in (old, new))
    after = study(TODAY, NCT, updated="2026-03-05", status_completionDateStruct=now)
    found = changed(path, study(EARLIER, NCT, status_completionDateStruct=was), after)
    assert told(found) == {"dates": [f"completion date: {line}"]}


def test_a_date_that_comes_has_its_type(path: Path) -> None:
    date = {"date": "2026-05", "type": "ESTIMATED"}
    after = study(TODAY, NCT, updated="2026-03-05", status_startDateStruct=date)
    assert told(changed(path, study(EARLIER, NCT), after)) == {"dates": ["start date added: 2026-05, estimated"]}


def test_posted_results_are_one_line(path: Path) -> None:
    found = a_day(path)
    assert told(found)["results"] == ["results posted: 2026-03-09"]


def test_results_without_a_date_are_told_as_posted(path: Path) -> None:
    after = study(TODAY, NCT, hasResults=True, updated="2026-03-05")
    assert told(changed(path, study(EARLIER, NCT), after)) == {"results": ["results posted"]}


def _flow(number: int) -> dict[str, Any]:
    return {"participantFlowModule": {"groups": [{"id": f"FG{at}", "title": f"{number}"} for at in range(5)]}}


def test_of_many_changes_in_results_it_is_told_in_which_module(path: Path) -> None:
    before = study(EARLIER, NCT, hasResults=True, resultsSection=_flow(1))
    after = study(TODAY, NCT, hasResults=True, updated="2026-03-05", resultsSection=_flow(2))
    assert told(changed(path, before, after)) == {"results": ["participant flow: 5 changes"]}


def test_what_the_registry_did_is_never_put_on_the_sponsor(path: Path) -> None:
    before = study(EARLIER, NCT, hasResults=True, resultsSection=_flow(1))
    after = study(TODAY, NCT, hasResults=True, updated="2026-03-05", resultsSection=_flow(2))
    rows = news_of(path, [before], [after]).changes
    rows += [{**row, "path": f"{row['path']}.x", "by": "registry"} for row in rows if row["kind"] == "results"]
    lines = [str(line) for topic, line in lines_of(rows) if topic == "results"]
    assert lines == ["participant flow: 5 changes", "participant flow: 5 changes, by the registry"]


def _sites(*status: str) -> dict[str, Any]:
    sites = [
        {"facility": "Clinic", "status": one, "city": f"City {at}", "country": "X"} for at, one in enumerate(status)
    ]
    return {"contactsLocationsModule": {"locations": sites}}


def test_sites_that_changed_alike_are_one_line(path: Path) -> None:
    before, after = _sites("RECRUITING", "RECRUITING", "RECRUITING"), _sites("COMPLETED", "COMPLETED", "SUSPENDED")
    found = changed(path, study(EARLIER, NCT, **before), study(TODAY, NCT, updated="2026-03-05", **after))
    assert told(found) == {
        "sites": ["2 sites: status: RECRUITING → COMPLETED", "site “Clinic, City 2”: status: RECRUITING → SUSPENDED"]
    }
    assert [line.count for line in found.groups[0].studies[0].lines] == [2, 1]


def test_many_sites_that_came_are_counted_and_the_first_are_named(path: Path) -> None:
    after = study(TODAY, NCT, updated="2026-03-05", **_sites(*["RECRUITING"] * 300))
    (line,) = told(changed(path, study(EARLIER, NCT), after))["sites"]
    assert line.startswith("300 sites added: Clinic, City 0, X; Clinic, City 1, X; ")
    assert line.endswith("; …")


def test_what_came_is_new_and_what_went_is_old_however_many(path: Path, tmp_path: Path) -> None:
    some = _sites(*["RECRUITING"] * 9)
    came = changed(path, study(EARLIER, NCT), study(TODAY, NCT, updated="2026-03-05", **some))
    went = changed(tmp_path / "x.db", study(EARLIER, NCT, **some), study(TODAY, NCT, updated="2026-03-05"))
    (came_line,), (went_line,) = came.groups[0].studies[0].lines, went.groups[0].studies[0].lines
    assert (came_line.op, came_line.old, bool(came_line.new)) == ("added", "", True)
    assert (went_line.op, bool(went_line.old), went_line.new) == ("removed", True, "")


def test_of_a_long_text_the_first_place_is_shown_that_differs(path: Path) -> None:
    long = [f"{'word ' * 40}{at}" for at in range(9)]
    old, new = "\n".join(long), "\n".join([*long[:4], long[4].replace("word 4", "other 4"), *long[5:8], "end"])
    before = study(EARLIER, NCT, descriptionModule={"detailedDescription": old})
    after = study(TODAY, NCT, updated="2026-03-05", descriptionModule={"detailedDescription": new})
    (line,) = changed(path, before, after).groups[0].studies[0].lines
    assert (line.what, line.note) == ("detailed description", "and 1 more line")
    assert line.old.startswith("… word") and line.old.endswith("word 4")
    assert line.new.endswith("other 4")


def test_what_was_done_to_the_items_of_an_item_says_whose_they_are(path: Path) -> None:
    def arms(*labels: str) -> dict[str, Any]:
        drug = {"type": "DRUG", "name": "Valerian", "armGroupLabels": list(labels)}
        return {"armsInterventionsModule": {"interventions": [drug]}}

    before, after = study(EARLIER, NCT, **arms("A")), study(TODAY, NCT, updated="2026-03-05", **arms("A", "B"))
    assert told(changed(path, before, after)) == {"arms": ["arm group label added: B, of intervention “Valerian”"]}


def test_an_outcome_that_is_reworded_is_not_told_twice(path: Path) -> None:
    def outcome(measure: str) -> dict[str, Any]:
        return {"outcomesModule": {"primaryOutcomes": [{"measure": measure, "timeFrame": "1 year"}]}}

    before, after = study(EARLIER, NCT, **outcome("Rest")), study(TODAY, NCT, updated="2026-03-05", **outcome("Sleep"))
    lines = told(changed(path, before, after))["outcomes"]
    assert lines in (
        ["primary outcome: measure: Rest → Sleep"],
        ["primary outcome removed: Rest, 1 year", "primary outcome added: Sleep, 1 year"],
    )


# --- what is gone and what is new -----------------------------------------------------------------------------------


def test_a_study_that_is_shown_under_another_id_after_it_was_gone_is_not_back(path: Path) -> None:
    with Store(path, clock=noon) as store:
        run(store, study(EARLIER, NCT))
        store.news.tell(store.news.untold())
        run(store, work=lambda at: at.absences.note(Absence(NCT, "gone", "2026-03-07", "not found")))
        run(store, work=lambda at: at.absences.note(Absence(NCT, "alias", "2026-03-08", "301", "NCT09900002")))
        found = digest(store.news.untold(), QUIET, now=NOW)
    assert told(found) == {"alias": ["since 2026-03-08, shown as: NCT09900002"]}
    assert found.headline == "1 under another id"


def test_a_study_that_is_gone_and_was_never_held_is_told_by_its_id(path: Path) -> None:
    with Store(path, clock=noon) as store:
        run(store, work=lambda at: at.absences.note(Absence(NCT, "gone", "2026-03-07", "not found")))
        text = as_text(digest(store.news.untold(), QUIET, now=NOW))
    assert f"  {NCT}\n    since 2026-03-07, the registry answers: not found\n" in text


def test_of_very_many_new_studies_the_first_are_named_and_all_are_counted(path: Path) -> None:
    news = news_of(path, [], [study(TODAY, f"NCT{number:08d}") for number in range(1, MOST_NEW + 4)])
    found = digest(news, QUIET, now=NOW)
    assert [len(group.studies) for group in found.groups] == [MOST_NEW]
    assert found.headline == "1,003 new"
    assert as_text(found).count("\nNew (1,003)\n") == 1
    assert "… and 983 more: all are in the store" in as_text(found)
    assert "New (1,003)" in as_html(found)
    assert as_json(found)["groups"][0]["unnamed"] == 3


def test_of_many_new_studies_the_first_are_shown(path: Path) -> None:
    many = [study(TODAY, f"NCT0{number:07d}") for number in range(50)]
    found = digest(news_of(path, [], many), QUIET, now=NOW)
    lines = as_text(found).splitlines()
    assert (lines[0], lines[2]) == ("50 new", "New (50)")
    assert sum("RECRUITING" in line for line in lines) == 20
    assert lines[-1] == "  … and 30 more: all are in the store"
    assert len(as_json(found)["groups"][0]["studies"]) == 50


def test_a_group_that_is_cut_says_how_to_see_the_rest(path: Path) -> None:
    names = [f"NCT0{number:07d}" for number in range(30)]
    flips = [study(TODAY, name, updated="2026-03-05", status_overallStatus="COMPLETED") for name in names]
    text = as_text(digest(news_of(path, [study(EARLIER, name) for name in names], flips), QUIET, now=NOW))
    assert text.endswith("  … and 10 more: ctgov-ingest changes --since 2026-03-09 --kind status\n")


# --- hostile and odd values -----------------------------------------------------------------------------------------


def test_nothing_that_a_terminal_acts_on_is_left_in_a_digest() -> None:
    text = as_text(hostile_day())
    assert not [char for char in text if ord(char) < 32 and char != "\n"]
    assert not set("\u202e\u202c\ufffe\ud800\x7f") & set(text)


def test_a_value_is_never_too_long() -> None:
    for group in hostile_day().groups:
        for one in group.studies:
            assert all(max(len(line.old), len(line.new)) <= VALUE for line in one.lines)


def test_titles_are_cut_where_the_line_ends(path: Path) -> None:
    before, after = (study(day, NCT, "Sleep of a certain kind " * 20) for day in (EARLIER, TODAY))
    after["protocolSection"]["statusModule"]["overallStatus"] = "UNKNOWN"
    for width in (60, 80, 120):
        lines = as_text(changed(path.with_suffix(f".{width}"), before, after), width=width).splitlines()
        assert max(map(len, lines)) <= width
        assert lines[3].endswith("…")


_WORDS = st.text(max_size=12)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=5,
)
_STEP = st.builds(
    lambda name, label: name if label is None else f"{name}[{label}]",
    st.sampled_from(["locations", "references", "oddStruct", "date", "type", "count", "resultsSection"]),
    st.none() | _WORDS.map(lambda label: label.replace("[", "(").replace("]", ")")),
)
_PATH = (
    st.sampled_from([STATUS, "hasResults", *sorted(STAMPS)])
    | st.lists(_STEP, min_size=1, max_size=4).map(".".join)
    | _WORDS
)
_ROW = st.fixed_dictionaries(
    {
        "path": _PATH,
        "op": st.sampled_from(["added", "removed", "changed"]),
        "old": _JSON,
        "new": _JSON,
        "kind": st.sampled_from(get_args(Kind)),
        "by": st.sampled_from(["sponsor", "registry"]),
    }
)


@settings(deadline=None)
@given(st.lists(_ROW, max_size=8))
def test_any_change_can_be_told(rows: list[dict[str, Any]]) -> None:
    for _topic, line in lines_of(rows):
        assert "\n" not in str(line)
        assert line.count >= 1


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("protocolSection.statusModule.overallStatus", ("protocolSection.statusModule.overallStatus", "", "", "", "")),
        ("a.locations[X | Y]", ("", "locations", "X | Y", "", "")),
        ("a.locations[X].contacts[Z].phone", ("phone", "contacts", "Z", "locations", "X")),
        ("", ("", "", "", "", "")),
    ],
)
def test_a_path_is_taken_apart(path: str, place: tuple[str, ...]) -> None:
    assert place_of(path) == place


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("protocolSection.statusModule.startDateStruct.date", "start date"),
        ("protocolSection.statusModule.startDateStruct.type", "start date"),
        ("protocolSection.eligibilityModule.minimumAge", "minimum age"),
        ("protocolSection.designModule.enrollmentInfo.count", "enrollment"),
        ("protocolSection.ipdSharingStatementModule.description", "IPD sharing statement description"),
        ("protocolSection.sponsorCollaboratorsModule.leadSponsor.name", "lead sponsor name"),
        ("timeFrame", "time frame"),
        ("protocolSection.oversightModule.isFDARegulatedDrug", "is fdaregulated drug"),
    ],
)
def test_a_field_has_a_name_in_words(field: str, name: str) -> None:
    assert field_name(field) == name


@pytest.mark.parametrize(
    ("name", "one", "many"),
    [
        ("locations", "site", "2 sites"),
        ("unpostedEvents", "submission of results", "2 submissions of results"),
        ("categories", "category", "2 categories"),
        ("somethingNews", "something new", "2 something news"),
    ],
)
def test_an_item_has_a_noun(name: str, one: str, many: str) -> None:
    assert (noun(name), noun(name, 2)) == (one, many)


def test_data_hold_nothing_that_json_does_not(path: Path) -> None:
    found = as_json(a_day(path))
    assert json.loads(json.dumps(found)) == found
    assert found["groups"][0]["studies"][0]["url"] == "https://clinicaltrials.gov/study/NCT09900001"


def test_the_moment_is_told_in_utc() -> None:
    from datetime import datetime, timedelta, timezone

    east = datetime(2026, 3, 9, 1, 30, tzinfo=timezone(timedelta(hours=9)))
    assert digest(NOTHING, replace(QUIET, exit_code=4), now=east).made_at == "2026-03-08T16:30:00+00:00"
