"""A digest as the body of a mail: whole in itself, its values escaped, its links good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html
from news import HOSTILE, a_day, hostile_day

from ctgov_ingest.digest import Digest
from ctgov_ingest.digest.html import as_html

LOADING = {"script", "img", "link", "iframe", "object", "embed", "video", "audio", "base", "form"}


def parsed(source: str) -> Any:
    return html.document_fromstring(source)


@pytest.fixture
def day(tmp_path: Path) -> Digest:
    return a_day(tmp_path / "ctgov.db")


@pytest.fixture
def hostile() -> Digest:
    return hostile_day()


def test_a_mail_needs_nothing_from_elsewhere(day: Digest) -> None:
    page = parsed(as_html(day))
    assert not [one.tag for one in page.iter() if one.tag in LOADING]
    assert "url(" not in as_html(day) and "@import" not in as_html(day)


def test_every_study_leads_to_its_page(day: Digest) -> None:
    links = parsed(as_html(day)).xpath("//a")
    assert [link.get("href") for link in links] == [
        f"https://clinicaltrials.gov/study/{study.nct_id}" for group in day.groups for study in group.studies
    ]
    assert all(link.text.startswith("NCT") for link in links)


def test_values_are_text_and_never_markup(hostile: Digest) -> None:
    source = as_html(hostile)
    page = parsed(source)
    assert not page.xpath("//script")
    assert "<script>alert(1)</script>" in page.text_content()
    assert not set(HOSTILE) & {char for char in source if ord(char) < 32} - {"\n"}
    assert not set("\u202e\u202c\ufffe\ud800") & set(source)


def test_a_long_title_is_cut(hostile: Digest) -> None:
    titles = parsed(as_html(hostile)).xpath("//bdi")
    assert all(len(title.text_content()) <= 250 for title in titles)


def test_who_did_it_and_what_went_wrong_are_said(day: Digest) -> None:
    page = parsed(as_html(day))
    assert [one.text for one in page.xpath("//b[@class='registry']")] == ["by the registry"]
    assert "NCT09900300: the answer ends after 12 of 34 bytes" in page.text_content()


def test_every_colour_of_the_light_has_one_of_the_dark(day: Digest) -> None:
    source = as_html(day)
    dark = source[source.index("prefers-color-scheme: dark") : source.index("</style>")]
    coloured = parsed(source).xpath("//body//*[contains(@style, 'color:#')]")
    assert coloured
    assert all(any(f".{name} " in dark for name in one.get("class").split()) for one in coloured)


def test_what_is_cut_says_how_to_see_the_rest(day: Digest) -> None:
    page = parsed(as_html(day, most=0))
    assert [code.text for code in page.xpath("//code")] == ["ctgov-ingest changes --since 2026-03-09 --kind dates"]
