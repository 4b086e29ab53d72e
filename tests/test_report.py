"""The story of a study on a page: what it holds, what it draws, what it makes of values that mean harm."""

from __future__ import annotations

import copy
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pairs import HOSTILE, NCT, NEW, OLD, diff, hostile, parsed

from ctgov_ingest.compare import compare
from ctgov_ingest.compare.life import Held, Stage, life
from ctgov_ingest.compare.timeline import Spell, Standing, timeline
from ctgov_ingest.showing import Side, diff_of
from ctgov_ingest.showing.chart import Chart, Told, chart_of
from ctgov_ingest.showing.html import report_page
from ctgov_ingest.showing.report import PLANS, Report, report_of

EXPECTED = Path(__file__).parent / "expected_showing" / "report.html"
LOADING = {"script", "img", "link", "iframe", "object", "embed", "video", "audio", "base", "form", "input", "button"}

Json = dict[str, Any]


def spells_of(*standings: tuple[str, str | None]) -> list[Spell]:
    """The spells of statuses, each with the registry's date of its version, of which none lies between."""
    days = [day or "2024-01-01" for _status, day in standings]
    return timeline(
        Standing(number, day, seen, seen, seen, seen, status, "sponsor", follows=True)
        for number, ((status, day), seen) in enumerate(zip(standings, days, strict=True), 1)
    )


SPELLS = spells_of(("RECRUITING", "2024-01-15"), ("TERMINATED", "2025-03-21"))


def row(version: int, day: str, **more: Any) -> Json:
    told = {"first_seen": day, "last_seen": day, "stood_from": day, "presentations": ["api-v2"], "kinds": ["status"]}
    return {"version": version, "registry_date": day, "overall_status": "RECRUITING", **told, **more}


def capture(source: str = "records/one.json") -> Json:
    times = {"seen": "2024-02-01", "taken_at": "2026-05-01T12:00:00+00:00", "registry_date": "2024-01-15"}
    return {"version": 1, "presentation": "api-v2", "source": source, **times}


def lives(*documents: Json) -> dict[str, list[Stage]]:
    """How what is planned developed over versions."""
    days = ["2024-01-15", "2025-03-21"][: len(documents)]
    changes = [[], *(compare(old, new) for old, new in pairwise(documents))]
    told = zip(days, documents, changes, strict=True)
    held = [Held(number, day, document, some) for number, (day, document, some) in enumerate(told, 1)]
    return {label: life(path, held) for label, path in PLANS.items()}


def report(old: Json = OLD, new: Json = NEW, source: str = "records/one.json") -> Report:
    versions = [row(1, "2024-01-15"), row(2, "2025-03-21", overall_status="TERMINATED")]
    captures = [capture(source), capture(source)]
    return report_of(NCT, new, versions, SPELLS, lives(old, new), [diff(old, new)], captures)


def page_of(found: Report) -> Any:
    return parsed(report_page(found))


def found_at(tree: Any, path: str) -> list[Any]:
    found: list[Any] = tree.xpath(path)
    return found


def test_a_report_looks_as_expected(request: pytest.FixtureRequest) -> None:
    found = report_page(report())
    if request.config.getoption("--write-golden"):
        if not EXPECTED.exists() or EXPECTED.read_text(encoding="utf-8") != found:
            EXPECTED.write_text(found, encoding="utf-8")
            pytest.fail(f"{EXPECTED.name}: written, review it")
        return
    assert found == EXPECTED.read_text(encoding="utf-8")


# What it holds


def test_what_was_planned_stands_beside_what_came() -> None:
    plans = {plan.label: plan for plan in report().plans}
    enrollment, completion = plans["Enrollment"], plans["Primary completion"]
    assert enrollment[1:] == ("1,200 (Estimated)", "version 1 of 2024-01-15", "87 (Actual)", "1,113 fewer", 1)
    assert (completion.first, completion.now, completion.moved) == (
        "2024-12-31 (Estimated)",
        "2025-02-28 (Actual)",
        "59 days later",
    )


def test_a_date_that_is_not_told_at_first_counts_from_where_it_is() -> None:
    first = copy.deepcopy(OLD)
    del first["protocolSection"]["statusModule"]["completionDateStruct"]
    (completion,) = [plan for plan in report(first).plans if plan.label == "Completion"]
    assert (completion.version, completion.moved, completion.times) == ("version 2 of 2025-03-21", "", 0)


def test_what_happened_has_the_day_of_its_version() -> None:
    assert [(one.day, one.version) for one in report().happened] == [("2025-03-21", 2)]


def test_what_the_registry_did_has_the_day_on_which_it_was_seen() -> None:
    new = copy.deepcopy(OLD)
    new["protocolSection"]["statusModule"] |= {"overallStatus": "UNKNOWN", "lastKnownStatus": "RECRUITING"}
    sides = (Side("version 1", "2024-01-15"), Side("version 2", "2024-01-15", "2026-03-02"))
    found = diff_of(OLD, new, compare(OLD, new), sides=sides)
    versions = [row(1, "2024-01-15"), row(2, "2024-01-15", stood_from="2026-03-02", last_seen="2026-03-03")]
    told = report_of(NCT, new, versions, SPELLS, {}, [found], [])
    assert [(one.day, one.happenings[0].by) for one in told.happened] == [("2026-03-02", "registry")]
    assert told.seen == "2026-03-03"


def test_a_study_of_one_version_has_a_page() -> None:
    found = report_of(NCT, OLD, [row(1, "2024-01-15")], SPELLS[:1], lives(OLD), [], [capture()])
    assert "Nothing that has a name" in page_of(found).text_content()


def test_a_record_without_dates_and_names_has_a_page() -> None:
    empty: Json = {"protocolSection": {"identificationModule": {"nctId": NCT}}}
    versions = [row(1, "2024-01-15", registry_date=None, overall_status=None)]
    found = report_of(NCT, empty, versions, [], lives(empty), [], [])
    assert (found.facts, found.plans, found.standings) == ((), (), ())
    assert page_of(found).xpath("//h1")[0].text_content().strip() == f"{NCT}:"


# What it draws


def test_statuses_and_dates_share_an_axis() -> None:
    chart = chart_of(SPELLS, ["a", "b"], [Told("Start", "2024-02", "2024-03-04", "")], "2025-06-01")
    assert chart is not None
    first, second = chart.bars
    assert first.x + first.width == pytest.approx(second.x, abs=0.1)
    assert second.x + second.width == pytest.approx(chart.end, abs=0.1)
    (start,) = chart.spans
    assert first.x < (start.first or 0) < (start.now or 0) < second.x
    assert [year for year, _ in chart.ticks] == ["2024", "2025"]


@pytest.mark.parametrize("day", ["1900-01-01", "2999", "soon", "2024-02-31", ""])
def test_dates_that_cannot_be_are_not_drawn(day: str) -> None:
    chart = chart_of(SPELLS, ["a", "b"], [Told("Start", day, "2024-03", "")], "2025-06-01")
    assert chart is not None
    assert chart.spans[0].first is None
    assert [year for year, _ in chart.ticks] == ["2024", "2025"]


def test_without_a_day_nothing_is_drawn() -> None:
    assert chart_of(spells_of(("UNKNOWN", None)), ["a"], [], "") is None


_DAYS = st.dates().map(str) | st.sampled_from(["2024", "2024-02", "", "x", "2024-02-31"])


@given(st.lists(st.tuples(_DAYS, _DAYS), max_size=4), _DAYS)
def test_everything_is_drawn_within_the_picture(days: list[tuple[str, str]], seen: str) -> None:
    spells = spells_of(*((f"STATUS {place}", since) for place, (since, _) in enumerate(days)))
    chart = chart_of(spells, [""] * len(days), [Told("", since, until, "") for since, until in days], seen)
    for place in _places(chart) if chart else ():
        assert 0 <= place <= 100


def _places(chart: Chart) -> list[float]:
    spans = [place for span in chart.spans for place in (span.first, span.now) if place is not None]
    return [*(bar.x for bar in chart.bars), *spans, *(x for _, x in chart.ticks)]


def test_the_picture_has_its_words_for_those_who_do_not_see_it() -> None:
    (picture,) = found_at(page_of(report()), "//svg")
    assert picture.get("role") == "img"
    named = picture.get("aria-labelledby").split()
    texts = [found_at(picture, f".//*[@id='{one}']")[0].text_content() for one in named]
    assert NCT in texts[0]
    assert "Recruiting from 2024-01-15 to 2025-03-21, by the sponsor." in texts[1]


# The page


def test_a_report_needs_nothing_from_elsewhere_and_no_script() -> None:
    source = report_page(report())
    tree = parsed(source)
    (policy,) = found_at(tree, "//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy and "script-src 'none'" in policy
    assert not [one.tag for one in tree.iter() if one.tag in LOADING]
    assert "url(" not in source and "@import" not in source and " style=" not in source
    assert found_at(tree, "//a/@href")[0] == f"https://clinicaltrials.gov/study/{NCT}"


def test_headings_landmarks_and_tables_are_as_readers_of_screens_need_them() -> None:
    tree = page_of(report())
    assert [len(found_at(tree, f"//{tag}")) for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1]
    levels = [int(one.tag[1]) for one in tree.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    for table in found_at(tree, "//table"):
        assert found_at(table, "./caption")
        assert all(cell.get("scope") for cell in found_at(table, ".//th"))
    ids = found_at(tree, "//@id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in found_at(tree, "//a/@href") if link.startswith("#")} <= set(ids)
    assert set(found_at(tree, "//section/@aria-labelledby")) <= set(ids)


def test_markup_in_values_and_file_names_is_text() -> None:
    source = report_page(report(*hostile(), source=HOSTILE))
    tree = parsed(source)
    assert not [one.tag for one in tree.iter() if one.tag in LOADING]
    assert tree.text_content().count("<script>alert(1)</script>") > 20
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", source)
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]
