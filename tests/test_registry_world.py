"""The made-up registry is consistent, and the truth that it tells about itself is so by its own days."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registry import Day, Pace, World
from registry.content import ALIASES, Content, projected, projection
from registry.pieces import AREAS, pieces

from ctgov_ingest import Study, compare, read
from ctgov_ingest.compare import content_hash
from ctgov_ingest.study.shape import paths

DAYS = 14

worlds = st.builds(World.generated, studies=st.integers(8, 60), days=st.just(DAYS), seed=st.integers(0, 10**6))
some = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def kinds(day: Day, nct_id: str) -> set[str]:
    return {event.kind for event in day.events if event.nct_id == nct_id}


def pairs(world: World) -> list[tuple[Day, Day]]:
    return list(pairwise(world.days))


def test_worlds_of_one_seed_are_the_same() -> None:
    first, second, other = (World.generated(studies=30, days=DAYS, seed=seed) for seed in (3, 3, 4))
    assert [(day.timestamp, day.studies, day.events) for day in first.days] == [
        (day.timestamp, day.studies, day.events) for day in second.days
    ]
    assert first.days[-1].studies != other.days[-1].studies


def test_a_world_has_the_size_that_was_asked_for() -> None:
    world = World.generated(studies=50, days=10)
    assert len(world.days[0].studies) == 50
    assert [day.date for day in world.days] == [dt.date(2026, 8, 3) + dt.timedelta(days=n) for n in range(10)]


def test_everything_that_can_happen_does(small_world: World) -> None:
    happened = Counter(event.kind for day in small_world.days for event in day.events)
    assert set(happened) == {"added", "updated", "flipped", "touched", "delisted", "returned", "aliased"}


def test_a_pace_says_how_much_happens() -> None:
    still = World.generated(studies=30, days=DAYS, pace=Pace.still())
    assert not [event for day in still.days for event in day.events]
    busy = World.generated(studies=30, days=2, pace=Pace(updated=0.5, quiet=0))
    assert Counter(event.kind for event in busy.days[1].events)["updated"] >= 14


def test_weekends_have_no_new_data_set(small_world: World) -> None:
    for before, day in pairs(small_world):
        if day.date.weekday() >= 5:
            assert (day.timestamp, day.studies, day.events) == (before.timestamp, before.studies, ())
        else:
            assert day.timestamp.startswith(f"{day.date}T09:00:")


def test_on_one_weekday_nothing_but_the_stamp_moves(small_world: World) -> None:
    quiet = [day for before, day in pairs(small_world) if day.timestamp != before.timestamp and not day.events]
    assert len(quiet) == 1
    assert quiet[0].studies == small_world.days[quiet[0].index - 1].studies


def assert_days_tell(world: World) -> None:
    """What happened on a day is what differs from the day before."""
    for before, day in pairs(world):
        for nct_id in before.studies.keys() | day.studies.keys():
            old, new = before.studies.get(nct_id), day.studies.get(nct_id)
            happened = kinds(day, nct_id)
            assert (old != new) == bool(happened), (nct_id, happened)
            assert (old is None) == bool(happened & {"added", "returned"})
            assert (new is None) == bool(happened & {"delisted", "aliased"})
            if old and new and happened:
                assert (old.last_update != new.last_update) == (happened == {"updated"})


@some
@given(worlds)
def test_what_differs_between_two_days_is_what_happened(world: World) -> None:
    assert_days_tell(world)


@some
@given(worlds)
def test_an_update_moves_the_dates_on_and_never_past_the_day(world: World) -> None:
    for before, day in pairs(world):
        for event in day.events:
            if event.kind == "updated" and event.nct_id in before.studies:
                old, new = before.studies[event.nct_id], day.studies[event.nct_id]
                assert str(old.posted) < str(new.posted) <= str(day.date)
                assert str(old.last_update[0]) < str(new.last_update[0]) <= str(new.posted)


@some
@given(worlds)
def test_a_flip_changes_the_status_and_nothing_else(world: World) -> None:
    for before, day in pairs(world):
        for event in day.events:
            if event.kind == "flipped":
                changes = compare(before.studies[event.nct_id].document(), day.studies[event.nct_id].document())
                assert {change.path.rpartition(".")[2] for change in changes} == {"overallStatus", "lastKnownStatus"}
                assert all(change.by == "registry" for change in changes)


@some
@given(worlds)
def test_the_registrys_touch_is_seen_as_the_registrys(world: World) -> None:
    for before, day in pairs(world):
        for event in day.events:
            if event.kind == "touched":
                changes = compare(before.studies[event.nct_id].document(), day.studies[event.nct_id].document())
                assert changes and all(change.by == "registry" for change in changes)


@some
@given(worlds)
def test_every_update_is_seen_as_a_change(world: World) -> None:
    for before, day in pairs(world):
        for nct_id, new in day.studies.items():
            old = before.studies.get(nct_id)
            if old and old != new:
                assert compare(old.document(), new.document())


@some
@given(worlds)
def test_an_alias_leads_to_a_study_that_names_it(world: World) -> None:
    for day in world.days:
        for alias, canonical in day.aliases.items():
            assert alias not in day.studies
            assert canonical not in day.aliases
            if canonical in day.studies:
                assert alias in day.studies[canonical].values(ALIASES)
            else:
                assert canonical in day.gone
        assert not day.gone & day.studies.keys()


@some
@given(worlds, st.integers(0, DAYS - 1), st.integers(0, DAYS - 1))
def test_the_truth_is_what_whoever_looked_each_day_has_seen(world: World, one: int, other: int) -> None:
    since, until = sorted((one, other))
    truth = world.truth(until, since)
    days = world.days[since : until + 1]
    assert set(truth.studies) == {nct_id for day in days for nct_id in day.studies}
    for nct_id, held in truth.studies.items():
        seen = [(day.stamp, day.studies[nct_id]) for day in days if nct_id in day.studies]
        told = [(version.first, version.last, version.content) for version in held.versions]
        assert all(any(first <= stamp <= last and content == c for first, last, c in told) for stamp, content in seen)
        assert all(a.content != b.content and a.last < b.first for a, b in pairwise(held.versions))
        assert held.versions[0].by is None
        assert held.gone == (nct_id in days[-1].gone)
        assert held.alias_of == days[-1].aliases.get(nct_id)
        if nct_id in days[-1].studies:
            assert held.versions[-1].content == days[-1].studies[nct_id]


@some
@given(worlds)
def test_the_truth_grows_and_never_changes_its_mind(world: World) -> None:
    before = world.truth(0)
    for day in range(1, DAYS):
        truth = world.truth(day)
        for nct_id, held in before.studies.items():
            assert truth.studies[nct_id].hashes[: len(held.hashes)] == held.hashes
        assert set(before.flips) <= set(truth.flips)
        before = truth


def test_the_truth_tells_flips_and_who_did_what(small_world: World) -> None:
    truth = small_world.truth(DAYS - 1)
    assert len(truth.flips) >= 8
    for nct_id, stamp in truth.flips:
        version = next(one for one in truth.studies[nct_id].versions if one.first == stamp)
        assert (version.content.status, version.by) == ("UNKNOWN", "registry")
    assert not small_world.truth(DAYS - 1, since=DAYS - 1).flips


def test_hashes_are_those_that_a_store_knows(small_world: World) -> None:
    content = next(iter(small_world.days[0].studies.values()))
    a, b = (read(content.stamped(day))[0] for day in ("2026-08-03", "2026-08-04"))
    assert a.study.document() != b.study.document()
    assert content_hash(a.study.document()) == content_hash(b.study.document()) == content.content_hash


def test_every_record_is_read_without_a_remark(small_world: World) -> None:
    for content in small_world.days[-1].studies.values():
        reading = read(content.stamped("2026-08-14"))[0]
        assert (reading.unread, reading.issues) == ((), ())
        assert reading.study.document() == json.loads(content.stamped("2026-08-14"))


def test_the_statuses_are_spread(small_world: World) -> None:
    held = Counter(content.status for content in small_world.days[0].studies.values())
    assert {"COMPLETED", "RECRUITING", "UNKNOWN", "NOT_YET_RECRUITING", "TERMINATED"} <= set(held)
    results = [content.values("hasResults")[0] for content in small_world.days[0].studies.values()]
    assert 0.05 < sum(results) / len(results) < 0.4


# --- the record history -----


@some
@given(worlds)
def test_the_history_has_a_version_for_each_update_and_for_nothing_else(world: World) -> None:
    before: dict[str, int] = {}
    for day in world.days:
        for nct_id in day.studies:
            versions = world.history(nct_id, day)
            assert [version.number for version in versions] == list(range(len(versions)))
            assert [version.date for version in versions] == sorted(version.date for version in versions)
            assert "UNKNOWN" not in {version.status for version in versions}
            more = len(versions) - before.get(nct_id, len(versions) if day.index == 0 else 0)
            assert more == len([kind for kind in kinds(day, nct_id) if kind in ("updated", "added")])
            before[nct_id] = len(versions)


@some
@given(worlds)
def test_the_last_version_is_the_study_but_for_the_registrys_own_doing(world: World) -> None:
    last = world.days[-1]
    for nct_id, content in last.studies.items():
        version = world.history(nct_id, last)[-1]
        changes = compare(version.content.document(), content.document())
        assert all(change.by == "registry" for change in changes)
        assert version.date == content.last_update[0]


def test_every_version_is_read_back_whole(small_world: World) -> None:
    last, read_back = small_world.days[-1], 0
    for nct_id in sorted(last.studies)[:60]:
        for version in small_world.history(nct_id, last):
            reading = read(json.dumps(version.answer()).encode())[0]
            told, meant = reading.study.document(), version.content.document()
            assert reading.version == version.number
            assert not compare(
                {name: meant[name] for name in ("protocolSection", "hasResults")},
                {name: told[name] for name in ("protocolSection", "hasResults")},
            )
            read_back += 1
    assert read_back > 120


def test_texts_of_versions_are_escaped_and_the_firsts_twice(small_world: World) -> None:
    day = small_world.days[-1]
    first, later = (json.dumps(version.answer()) for version in small_world.history("NCT09900017", day)[:2])
    assert "&amp;lt;" in first or "&amp;#x2F;" in first
    assert "&#x2F;" in later
    assert "&amp;#x2F;" not in later


# --- saved answers -----


def test_real_days_are_served_as_they_were(corpus: Path) -> None:
    folder = corpus / "api_v2" / "snapshots"
    world = World.of_snapshots(folder)
    assert_days_tell(world)
    for path in folder.glob("NCT*/*.json"):
        day = next(day for day in world.days if str(day.date) == path.stem)
        saved = json.loads(path.read_bytes())
        assert json.loads(day.studies[path.parent.name].stamped(path.stem)) == saved


def test_the_flip_of_a_real_study_is_told(corpus: Path) -> None:
    world = World.of_snapshots(corpus / "api_v2" / "snapshots")
    truth = world.truth(len(world.days) - 1)
    assert ("NCT06302556", "2026-03-02") in truth.flips
    assert [version.by for version in truth.studies["NCT06302556"].versions] == [None, "registry"]


def test_real_days_and_made_up_ones_go_together(corpus: Path) -> None:
    folder = corpus / "api_v2" / "snapshots"
    world = World.generated(studies=30, days=10, snapshots=folder)
    assert str(world.days[0].date) == "2026-02-02"
    assert "NCT06302556" in world.days[0].studies
    assert "NCT09910001" in world.days[0].studies
    happened = {event.kind for day in world.days for event in day.events if event.nct_id < "NCT0990"}
    assert {"updated", "touched"} <= happened
    assert_days_tell(world)


# --- names and contents -----


def test_pieces_are_the_registrys(corpus: Path) -> None:
    rows = (corpus.parent / "spec" / "v2_fields.tsv").read_text(encoding="utf-8").splitlines()[1:]
    named = {row.split("\t")[1]: row.split("\t")[0] for row in rows if row.split("\t")[1]}
    assert {name: piece.path for name, piece in pieces().items()} == named


def test_areas_are_made_of_pieces() -> None:
    assert {name for names in AREAS.values() for name in names} <= set(pieces())


def test_pieces_stand_in_the_model() -> None:
    known = set(paths())
    assert not {piece.path for piece in pieces().values() if piece.kind != "struct"} - known


def test_fields_keep_their_place() -> None:
    document = {"a": {"b": [{"c": 1, "d": 2}, {"d": 3}], "e": 4}, "f": 5}
    assert projected(document, projection(["a.b.c", "f"])) == {"a": {"b": [{"c": 1}, {}]}, "f": 5}
    assert projected(document, projection(["a.b.c", "a"])) == {"a": document["a"]}
    assert projected(document, projection(["a", "a.b.c"])) == {"a": document["a"]}


def test_a_content_is_the_same_whatever_its_stamp(small_world: World) -> None:
    content = next(iter(small_world.days[0].studies.values()))
    again = Content(json.loads(content.stamped("2031-01-01")))
    assert again == content
    assert b"0000-00-00" not in content.stamped("2031-01-01")
    assert re.search(rb'"versionHolder":"2031-01-01"', content.stamped("2031-01-01"))
    assert Study.model_validate_json(content.stamped("2031-01-01")).version_holder is not None


# --- old pages -----


def test_every_capture_is_a_page_of_its_study(small_world: World) -> None:
    pages = [capture for capture in small_world.captures if capture.fixture]
    assert len({capture.nct_id for capture in pages}) > 20
    for capture in pages[:40]:
        reading = read(capture.body)[0]
        assert (reading.presentation, reading.study.nct_id) == ("study-page", capture.nct_id)


def test_the_records_of_the_fixtures_are_there_with_their_own_pages(small_world: World) -> None:
    assert {"NCT03986528", "NCT09900017"} <= set(small_world.days[0].studies)
    assert {"NCT03986528", "NCT09900017"} <= {capture.nct_id for capture in small_world.captures}
