"""Captures into versions, whatever the order of arrival; and the statuses in order."""

from __future__ import annotations

import random
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest.compare import (
    Carried,
    Sighting,
    Verdict,
    Version,
    compare,
    content_hash,
    extend,
    fold,
    mask,
)

SNAPSHOTS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "api_v2" / "snapshots"
needs_corpus = pytest.mark.skipif(not SNAPSHOTS.is_dir(), reason="the corpus of real records is not here")

Json = dict[str, Any]

PRESENTATIONS = {
    "api": (Carried.ALL, 9),
    "xml": (Carried.of(["a", "b"]), 5),
    "page": (Carried.of(["a", "c"]), 3),
    "text": (Carried.of(["b"]), 1),
}


class World:
    """A few captures and their documents."""

    def __init__(self) -> None:
        self.documents: dict[int, Json] = {}
        self.sightings: list[Sighting] = []
        self.loads: list[int] = []

    def see(self, document: Json, day: str, *, by: str = "api", date: str | None = "2020-01-01") -> Sighting:
        """Capture `document` on `day` by one of the presentations."""
        carried, rank = PRESENTATIONS[by]
        shown = mask(document, carried)
        sighting = Sighting(
            capture_id=len(self.documents) + 1,
            registry_date=date,
            stood_on=day,
            seen=f"{day}T12:00:00Z",
            content_hash=content_hash(shown),
            presentation=by,
            carried=carried,
            rank=rank,
        )
        self.documents[sighting.capture_id] = shown
        self.sightings.append(sighting)
        return sighting

    def load(self, capture_id: int) -> Json:
        self.loads.append(capture_id)
        return self.documents[capture_id]

    def fold(self) -> list[Version]:
        return fold(self.sightings, self.load)


def extended(sightings: list[Sighting], world: World) -> list[Version]:
    """What a store does that takes sightings one by one."""
    versions: list[Version] = []
    for sighting in sightings:
        verdict = extend(versions[-1], sighting, world.load) if versions else Verdict.NEW
        assert verdict is not Verdict.EARLIER
        if verdict is Verdict.SAME:
            versions[-1] = versions[-1].joined(sighting)
        else:
            versions.append(Version.begun(len(versions) + 1, sighting))
    return versions


def test_nothing_gives_no_versions() -> None:
    assert World().fold() == []


def test_equal_days_are_one_version_with_the_days_between() -> None:
    world = World()
    for day in ("2020-03-03", "2020-03-01", "2020-03-02"):
        world.see({"a": 1}, day)
    (version,) = world.fold()
    assert (version.number, version.sightings, version.stood_from) == (1, (2, 3, 1), "2020-03-01")
    assert (version.first_seen[:10], version.last_seen[:10]) == ("2020-03-01", "2020-03-03")
    assert version.capture_id == 2
    assert world.loads == []


def test_content_that_comes_back_is_a_new_version() -> None:
    world = World()
    for value, day in ((1, "2020-03-01"), (2, "2020-03-02"), (1, "2020-03-03")):
        world.see({"a": value}, day)
    assert [version.sightings for version in world.fold()] == [(1,), (2,), (3,)]


def test_an_old_page_saved_today_is_filed_in_its_place() -> None:
    world = World()
    world.see({"a": 2}, "2020-03-02", date="2020-03-01")
    page = world.see({"a": 1, "c": 1}, "2014-05-01", by="page", date="2014-05-01")
    assert [version.registry_date for version in world.fold()] == ["2014-05-01", "2020-03-01"]
    assert extend(fold(world.sightings[:1], world.load)[0], page, world.load) is Verdict.EARLIER


def test_the_registrys_date_goes_before_the_day() -> None:
    world = World()
    world.see({"a": 2}, "2020-03-02", date="2020-03-01")
    world.see({"a": 1}, "2020-03-05", date="2020-02-01")
    assert [version.sightings for version in world.fold()] == [(2,), (1,)]


def test_a_reordered_list_is_no_new_version() -> None:
    world = World()
    world.see({"a": ["x", "y"]}, "2020-03-01")
    world.see({"a": ["y", "x"]}, "2020-03-02")
    (version,) = world.fold()
    assert version.sightings == (1, 2)


def test_the_richest_stands_for_the_version() -> None:
    world = World()
    for by, day in (
        ("page", "2020-03-01"),
        ("api", "2020-03-02"),
        ("xml", "2020-03-03"),
        ("api", "2020-03-04"),
    ):
        world.see({"a": 1, "b": 2, "c": 3, "d": 4}, day, by=by)
    (version,) = world.fold()
    assert (version.capture_id, version.presentation) == (2, "api")
    assert version.content_hash == world.sightings[1].content_hash
    assert [witness.presentation for witness in version.witnesses] == ["api", "xml", "page"]


def test_a_change_that_the_richer_between_does_not_show_is_not_lost() -> None:
    world = World()
    world.see({"a": 1, "b": 1, "c": 1}, "2020-03-01", by="page")
    world.see({"a": 1, "b": 1, "c": 1}, "2020-03-02", by="xml")
    world.see({"a": 1, "b": 1, "c": 2}, "2020-03-03", by="page")
    assert [version.sightings for version in world.fold()] == [(1, 2), (3,)]


def test_presentations_that_share_no_field_do_not_contradict() -> None:
    world = World()
    world.see({"a": 1, "b": 1, "c": 1}, "2020-03-01", by="page")
    world.see({"a": 1, "b": 1, "c": 1}, "2020-03-02", by="text")
    (version,) = world.fold()
    assert version.presentation == "page"


def test_a_version_takes_its_date_from_the_richest_that_has_one() -> None:
    world = World()
    world.see({"a": 1}, "2020-03-01", by="page", date=None)
    world.see({"a": 1}, "2020-03-01", by="xml", date="2020-02-20")
    (version,) = world.fold()
    assert version.registry_date == "2020-02-20"


def test_extend_tells_same_from_new() -> None:
    world = World()
    first, same, other = (world.see({"a": value}, f"2020-03-0{day}") for day, value in ((1, 1), (2, 1), (3, 2)))
    version = Version.begun(1, first)
    assert extend(version, same, world.load) is Verdict.SAME
    assert extend(version, other, world.load) is Verdict.NEW
    assert extend(version.joined(other), same, world.load) is Verdict.EARLIER


captures = st.lists(
    st.tuples(
        st.fixed_dictionaries({name: st.integers(1, 2) for name in "abcd"}),
        st.sampled_from(["2020-03-01", "2020-03-02", "2020-03-03"]),
        st.sampled_from(sorted(PRESENTATIONS)),
        st.sampled_from([None, "2020-01", "2020-01-01"]),
    ),
    max_size=10,
)


@given(captures, st.randoms(use_true_random=False))
def test_whatever_the_order_of_arrival_the_versions_are_the_same(
    taken: list[tuple[Json, str, str, str | None]], chance: random.Random
) -> None:
    world = World()
    for document, day, by, date in taken:
        world.see(document, day, by=by, date=date)
    versions = world.fold()
    mixed = list(world.sightings)
    chance.shuffle(mixed)
    assert fold(mixed, world.load) == versions
    in_order = {sighting.capture_id: sighting for sighting in world.sightings}
    placed = [in_order[number] for version in versions for number in version.sightings]
    assert sorted(placed, key=lambda one: one.capture_id) == world.sightings
    assert extended(placed, world) == versions
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))


@given(captures)
def test_within_a_version_nothing_contradicts_and_between_two_something_does(
    taken: list[tuple[Json, str, str, str | None]],
) -> None:
    world = World()
    for document, day, by, date in taken:
        world.see(document, day, by=by, date=date)
    by_id = {sighting.capture_id: sighting for sighting in world.sightings}
    versions = world.fold()

    def contradict(one: Sighting, other: Sighting) -> bool:
        old, new = world.documents[one.capture_id], world.documents[other.capture_id]
        return bool(compare(old, new, carried=one.carried & other.carried))

    for version in versions:
        inside = [by_id[number] for number in version.sightings]
        assert not any(contradict(one, other) for one in inside for other in inside)
        assert version.witnesses[0].rank == max(one.rank for one in inside)
    for before, after in pairwise(versions):
        first = by_id[after.sightings[0]]
        assert any(contradict(by_id[number], first) for number in before.sightings)


# Real records


@cache
def worlds() -> dict[str, World]:
    found = {}
    for folder in sorted(SNAPSHOTS.iterdir()):
        world = found[folder.name] = World()
        for file in sorted(folder.glob("*.json")):
            document = orjson.loads(file.read_bytes())
            date = document["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]
            world.see(document, file.stem, date=date)
    return found


@needs_corpus
def test_real_days_fold_into_one_version_for_each_change() -> None:
    for name, world in worlds().items():
        changes = sum(
            bool(compare(world.documents[old.capture_id], world.documents[new.capture_id]))
            for old, new in pairwise(world.sightings)
        )
        assert len(world.fold()) == changes + 1, name


@needs_corpus
def test_real_days_in_any_order_give_the_same_versions() -> None:
    chance = random.Random(3)  # noqa: S311
    for name, world in worlds().items():
        versions = world.fold()
        for _ in range(5):
            mixed = chance.sample(world.sightings, len(world.sightings))
            assert fold(mixed, world.load) == versions, name
        assert extended(world.sightings, world) == versions, name


@needs_corpus
def test_the_real_flip_makes_a_version_without_a_new_date() -> None:
    before, after = worlds()["NCT06302556"].fold()[-2:]
    assert before.registry_date == after.registry_date
    assert before.stood_from < after.stood_from
