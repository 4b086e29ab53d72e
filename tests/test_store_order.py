"""Captures may come in any order: the history that is stored is the same."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import FIXTURES, NCT, Days, ask, demo, history, noon, record

from ctgov_ingest.compare import Carried
from ctgov_ingest.files import blobs
from ctgov_ingest.ingest import captures, ingest
from ctgov_ingest.store import Capture, Store

SHUFFLES = 3
FLIPS = {"NCT06302556": "registry"} | dict.fromkeys(
    ("NCT05935098", "NCT06203210", "NCT06754501", "NCT06821503", "NCT07011550", "NCT07227597", "NCT07268053"), "sponsor"
)


def read(paths: Iterable[Path]) -> list[Capture]:
    found = [one for blob in blobs(paths) for one in captures(blob)]
    taken = [one for one in found if isinstance(one, Capture)]
    assert len(taken) == len(found)
    return taken


def stored(folder: Path, taken: Iterable[Capture]) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.db"
    with Store(path, clock=noon) as store:
        for capture in taken:
            store.add(capture)
    return path


def orders(taken: list[Capture]) -> list[list[Capture]]:
    chance = random.Random(7)  # noqa: S311
    return [taken[::-1], *(chance.sample(taken, len(taken)) for _ in range(SHUFFLES))]


@pytest.fixture(scope="module")
def real(corpus: Path) -> list[list[Capture]]:
    """The studies that were saved on several days, each in the order of days."""
    folders = sorted((corpus / "api_v2" / "snapshots").iterdir())
    return [read(sorted(folder.glob("*.json"))) for folder in folders]


@pytest.fixture(scope="module")
def in_order(real: list[list[Capture]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored(tmp_path_factory.mktemp("in-order"), [capture for study in real for capture in study])


def test_real_days_in_any_order_give_the_same_history(
    real: list[list[Capture]], in_order: Path, tmp_path: Path
) -> None:
    expected = history(in_order)
    assert len(expected["studies"]) == len(real)
    for arrangement in zip(*map(orders, real), strict=True):
        assert history(stored(tmp_path, [capture for study in arrangement for capture in study])) == expected


def test_days_on_which_only_the_stamp_moved_make_no_version_but_are_seen(
    real: list[list[Capture]], in_order: Path
) -> None:
    for study in real:
        days = [capture.retrieved for capture in study]
        ((first, last),) = ask(in_order, "SELECT first_seen, last_seen FROM studies WHERE nct_id = ?", study[0].nct_id)
        assert (first, last) == (days[0], days[-1])
    quiet = ask(in_order, "SELECT nct_id FROM versions GROUP BY nct_id HAVING count(*) = 1")
    assert len(quiet) == 25
    assert ask(in_order, "SELECT count(*) FROM seen_days")[0][0] == sum(map(len, real))


def test_real_changes_of_status_are_told_apart_by_who_made_them(in_order: Path) -> None:
    rows = ask(in_order, "SELECT nct_id, old_status, new_status, by FROM status_changes")
    assert {nct_id: by for nct_id, _, _, by in rows} == FLIPS
    assert [row[1:3] for row in rows if row[0] == "NCT06302556"] == [("NOT_YET_RECRUITING", "UNKNOWN")]


@pytest.mark.parametrize("seed", range(6))
def test_pages_and_json_of_the_demo_in_any_order_give_the_same_history(seed: int, tmp_path: Path) -> None:
    files = demo()
    mixed = random.Random(seed).sample(files, len(files))  # noqa: S311
    for name, paths in (("in-order.db", files), ("mixed.db", mixed)):
        with Store(tmp_path / name, clock=noon) as store:
            assert ingest(paths, store).failures == []
    assert history(tmp_path / "mixed.db") == history(tmp_path / "in-order.db")


def test_a_page_and_the_api_record_of_the_same_version_make_one_version(tmp_path: Path) -> None:
    pages = sorted((FIXTURES / "study-page").glob("interventional-*.html"))
    for order in (pages, pages[::-1]):
        taken = read([*order, FIXTURES / "api-v2" / "interventional.json"])
        for arrangement in (taken, taken[::-1]):
            store = stored(tmp_path, arrangement)
            assert ask(store, "SELECT version, presentation FROM versions") == [(1, "api-v2")]


def test_a_page_saved_long_ago_is_filed_in_its_place(tmp_path: Path) -> None:
    page, later = read([demo()[0], demo()[4]])
    with Store(tmp_path / "s.db", clock=noon) as store:
        store.add(later)
        store.add(page)
        assert [one["registry_date"] for one in store.versions(page.nct_id)] == ["2019-06-14", "2021-02-23"]
        assert ask(tmp_path / "s.db", "SELECT version, presentation FROM studies") == [(2, "api-v2")]


def test_the_latest_study_shows_the_stamp_of_the_capture_that_stands_for_it(tmp_path: Path) -> None:
    days = [capture(record(day)) for day in ("2026-02-02", "2026-02-03", "2026-02-04")]
    for order in (days, days[::-1]):
        store = stored(tmp_path, order)
        ((stamp,),) = ask(store, "SELECT study ->> '$.derivedSection.miscInfoModule.versionHolder' FROM studies")
        assert stamp == "2026-02-02"
        assert ask(store, "SELECT count(*) FROM captures WHERE raw_of IS NULL") == [(1,)]


# --- small histories of every kind -----------------------------------------------------------------------------------

PAGE = Carried.of(
    [
        "protocolSection.identificationModule.nctId",
        "protocolSection.identificationModule.briefTitle",
        "protocolSection.statusModule.overallStatus",
        "protocolSection.statusModule.lastUpdatePostDateStruct.date",
    ]
)


def capture(document: dict[str, object], *, source: str = "x", page: bool = False) -> Capture:
    """A capture of a record: API JSON, or a page that shows less."""
    import json

    from ctgov_ingest.compare import mask

    shown = mask(document, PAGE) if page else document
    day = document["derivedSection"].get("miscInfoModule", {}).get("versionHolder")  # type: ignore[attr-defined]
    return Capture(
        nct_id=NCT,
        presentation="study-page" if page else "api-v2",
        reader="1",
        source=source,
        raw=json.dumps(document, separators=(",", ":")).encode() + b" " * page,
        document=shown,
        raw_is_document=not page,
        carried=PAGE if page else Carried.ALL,
        rank=1 if page else 2,
        retrieved=day,
    )


days = st.sampled_from([None, "2026-02-01", "2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05"])
sightings = st.builds(
    lambda day, status, updated, title, page: capture(
        record(day, status=status, updated=updated, title=title), page=page
    ),
    days,
    st.sampled_from(["RECRUITING", "UNKNOWN", "COMPLETED"]),
    st.sampled_from(["2025-06-01", "2025-07", "2026-01-31"]),
    st.sampled_from(["A", "B"]),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(sightings, min_size=2, max_size=7, unique_by=lambda one: one.raw), st.randoms(use_true_random=False))
def test_small_histories_in_any_order_give_the_same_rows(taken: list[Capture], chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = stored(folder, taken)
        mixed = stored(folder, chance.sample(taken, len(taken)))
        assert history(mixed) == history(expected)
        for path in (expected, mixed):
            with Store(path, read_only=True) as store:
                assert store.verify().problems == []
            assert days_of(path) == sorted((one.presentation, one.retrieved or "2026-05-01") for one in taken)


def days_of(path: Path) -> list[tuple[str, str]]:
    """Every day of every capture."""
    return sorted(ask(path, "SELECT presentation, day FROM seen_days d JOIN captures c ON c.id = d.capture"))


def test_content_that_comes_back_is_a_new_version(tmp_path: Path) -> None:
    taken = [capture(record(f"2026-02-0{day}", title=title)) for day, title in ((1, "A"), (2, "B"), (3, "A"), (4, "A"))]
    for order in (taken, *orders(taken)):
        store = stored(tmp_path, order)
        assert ask(store, "SELECT first_seen, last_seen FROM versions") == [
            ("2026-02-01", "2026-02-01"),
            ("2026-02-02", "2026-02-02"),
            ("2026-02-03", "2026-02-04"),
        ]


def test_a_page_without_a_day_is_dated_by_the_day_on_which_it_came_in(tmp_path: Path) -> None:
    clock = Days()
    with Store(tmp_path / "s.db", clock=clock) as store:
        store.add(capture(record(None), page=True))
        clock.next()
        store.add(capture(record(None, title="B", updated="2025-07-01"), page=True))
        seen = [(one["first_seen"], one["stood_from"]) for one in store.versions(NCT)]
    assert seen == [("2026-05-01", "2025-06-01"), ("2026-05-02", "2025-07-01")]


def test_a_capture_that_was_seen_earlier_moves_the_day_of_the_changes_too(tmp_path: Path) -> None:
    """An undated page begins a version today; the API record, saved in February, tells that it stood then."""
    before, page = capture(record("2026-01-01")), capture(record(None, title="B", updated="2026-01-31"), page=True)
    api = capture(record("2026-02-02", title="B", updated="2026-01-31"))
    for order in ([before, page, api], [api, page, before]):
        store = stored(tmp_path, order)
        assert ask(store, "SELECT DISTINCT seen_at FROM changes") == [("2026-02-02",)]


def test_a_change_that_only_the_poorer_captures_show_is_in_the_log(tmp_path: Path) -> None:
    """Between two pages stands a record of chosen fields that shows less than they do."""
    first = capture(record("2026-02-01"), page=True)
    second = capture(record("2026-02-03", title="B"), page=True)
    few = Capture(
        nct_id=NCT,
        presentation="api-v2",
        reader="1",
        source="few",
        raw=b"few",
        document={"protocolSection": {"statusModule": record()["protocolSection"]["statusModule"]}},
        raw_is_document=False,
        carried=Carried.of(["protocolSection.statusModule"]),
        rank=2,
        retrieved="2026-02-02",
    )
    for order in ([first, few, second], [second, few, first]):
        store = stored(tmp_path, order)
        assert ask(store, "SELECT version, kinds FROM versions") == [(1, "[]"), (2, '["other"]')]
        assert ask(store, "SELECT path, old, new FROM changes") == [
            ("protocolSection.identificationModule.briefTitle", '"A study of sleep"', '"B"')
        ]
