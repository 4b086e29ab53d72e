"""A feed in a file: valid by RFC 4287, the same news once, the newest kept, nothing lost when something is wrong."""

from __future__ import annotations

import re
import stat
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import feedparser
import pytest
from lxml import etree
from news import NOW, QUIET, TODAY, a_day, hostile_day, news_of, study

from ctgov_ingest.digest import Digest, RunReport, digest
from ctgov_ingest.digest.feed import AT_ONCE, ATOM, add_to
from ctgov_ingest.errors import UnusableFeed
from ctgov_ingest.store.news import News

NAMES = {"atom": ATOM}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture
def day(tmp_path: Path) -> Digest:
    return a_day(tmp_path / "ctgov.db")


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return tmp_path / "feed.xml"


def new_studies(path: Path, *numbers: int) -> Digest:
    many = [study(TODAY, f"NCT0{number:07d}", f"Sleep {number}") for number in numbers]
    return digest(news_of(path, [], many), QUIET, now=NOW)


def titles(feed: Path) -> list[str]:
    return [entry.title for entry in feedparser.parse(feed).entries]


def _assert_valid(feed: Path) -> None:
    """What RFC 4287 demands, in the order of its sections."""
    root: Any = etree.parse(feed).getroot()
    entries = root.findall("atom:entry", NAMES)
    assert root.tag == f"{{{ATOM}}}feed"
    for one in (root, *entries):  # 4.1.1, 4.1.2: exactly one of each
        for name in ("id", "title", "updated"):
            (found,) = one.findall(f"atom:{name}", NAMES)
            assert found.text
        assert RFC_3339.fullmatch(one.findtext("atom:updated", namespaces=NAMES) or "")  # 3.3
        assert UUID(one.findtext("atom:id", namespaces=NAMES) or "")  # 4.2.6: an IRI that is never another's
        alternates = [
            (link.get("type"), link.get("hreflang")) for link in one.findall("atom:link[@rel='alternate']", NAMES)
        ]
        assert len(alternates) == len(set(alternates))
    ids = [one.findtext("atom:id", namespaces=NAMES) for one in (root, *entries)]
    assert len(ids) == len(set(ids))
    assert root.findtext("atom:author/atom:name", namespaces=NAMES)  # 4.1.1: of the feed, so no entry needs one
    for entry in entries:
        (content,) = entry.findall("atom:content", NAMES)
        assert content.get("type") == "html" and len(content) == 0  # 4.1.3.3: escaped, no child elements
        assert content.text or entry.find("atom:link[@rel='alternate']", NAMES) is not None
        assert all(term.get("term") for term in entry.findall("atom:category", NAMES))  # 4.2.2.1
    assert not feedparser.parse(feed).bozo


def test_a_feed_is_valid(day: Digest, feed: Path) -> None:
    assert add_to(feed, day) == 14
    _assert_valid(feed)


def test_a_reader_of_feeds_sees_a_study_an_entry(day: Digest, feed: Path) -> None:
    add_to(feed, day)
    seen = feedparser.parse(feed)
    first = seen.entries[0]
    assert first.title == "NCT09900001 RECRUITING → UNKNOWN, by the registry: Sleep that nobody verified"
    assert first.link == "https://clinicaltrials.gov/study/NCT09900001"
    assert [tag.term for tag in first.tags] == ["unknown"]
    assert "by the registry" in first.content[0].value
    assert datetime.fromisoformat(first.updated) == NOW
    assert [entry.title for entry in seen.entries if entry.tags[0].term == "new"] == [
        "NCT09900200 new, RECRUITING: Sleep anew"
    ]
    assert seen.entries[-1].title.startswith("What went wrong (exit code 1); 1 study turned UNKNOWN")


def test_the_same_news_have_one_entry_however_often_they_come(day: Digest, feed: Path) -> None:
    add_to(feed, day)
    once = feed.read_bytes()
    assert add_to(feed, day) == 0
    assert feed.read_bytes() == once


def test_other_feeds_have_other_ids(day: Digest, feed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    add_to(feed, day)
    add_to(other, day)
    assert not {one.id for one in feedparser.parse(feed).entries} & {one.id for one in feedparser.parse(other).entries}


def test_news_come_at_the_head_and_the_oldest_go(feed: Path, tmp_path: Path) -> None:
    for number in range(4):
        add_to(feed, new_studies(tmp_path / f"{number}.db", number), keep=3)
    assert [title.rpartition(" ")[2] for title in titles(feed)] == ["3", "2", "1"]
    _assert_valid(feed)


def test_a_day_with_too_many_news_ends_with_an_entry_for_all_others(feed: Path, tmp_path: Path) -> None:
    add_to(feed, new_studies(tmp_path / "many.db", *range(AT_ONCE + 20)))
    seen = titles(feed)
    assert len(seen) == AT_ONCE + 1
    assert seen[-1] == f"20 more studies; {AT_ONCE + 20} new"
    _assert_valid(feed)


def test_hostile_values_are_text(feed: Path) -> None:
    add_to(feed, hostile_day())
    _assert_valid(feed)
    source = feed.read_text(encoding="utf-8")
    assert "<script" not in source and "\x1b" not in source
    for entry in feedparser.parse(feed, sanitize_html=False).entries:
        assert "<script" not in entry.content[0].value
        assert len(entry.title) < 500


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no feed that can be added to"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:uuid:0", "no feed that can be added to"),
        (b"hello", "no feed that can be added to"),
        (b"<rss version='2.0'><channel/></rss>", "no feed that can be added to"),
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6</id></feed>",
            "not a feed of ctgov-ingest",
        ),
        (b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>", "no feed that can be added to"),
    ],
)
def test_a_file_that_is_no_feed_of_ours_is_left_as_it_is(content: bytes, reason: str, day: Digest, feed: Path) -> None:
    feed.write_bytes(content)
    with pytest.raises(UnusableFeed, match=reason) as raised:
        add_to(feed, day)
    assert str(feed) in str(raised.value) and "move this one away" in str(raised.value)
    assert feed.read_bytes() == content
    assert sorted(one.name for one in feed.parent.iterdir() if "feed" in one.name) == ["feed.xml"]


@pytest.mark.parametrize("name", ["no/such/folder/feed.xml", "ctgov.db/feed.xml", "."])
def test_a_place_where_no_file_can_be_is_named(name: str, day: Digest, tmp_path: Path) -> None:
    with pytest.raises(UnusableFeed, match=r"cannot be (read|written)"):
        add_to(tmp_path / name, day)


def test_a_feed_is_as_readable_as_it_was_and_a_link_stays_one(day: Digest, feed: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xml"
    add_to(feed, new_studies(tmp_path / "one.db", 1))
    feed.chmod(0o604)
    link.symlink_to(feed)
    add_to(link, day)
    assert link.is_symlink()
    assert stat.S_IMODE(feed.stat().st_mode) == 0o604
    assert len(titles(feed)) == 15


def test_a_run_that_failed_has_an_entry_of_its_own_each_time(feed: Path) -> None:
    report = RunReport({}, exit_code=4, note="the registry could not be reached")
    for hour in (10, 11):
        add_to(feed, digest(News([], [], [], []), report, now=NOW.replace(hour=hour)))
    assert titles(feed) == ["What went wrong (exit code 4); nothing changed, the run did not end well"] * 2
    _assert_valid(feed)
