"""An Atom feed (RFC 4287) in a file that grows: each study of a digest is an entry, the newest are kept.

An entry a study, not an entry a run: a reader of feeds shows titles, marks each as read, and filters by their words,
and the entry leads to the study. An entry has the same id whenever the same news come again (a digest that was written
but not sent), so that no reader shows them twice. The ids hang from the feed's own, which is made once: a name based
UUID of it is ours alone, where a tag URI would have to use the name of somebody's domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4, uuid5

from lxml import etree

from ctgov_ingest import __version__
from ctgov_ingest.digest.html import lines_as_html
from ctgov_ingest.digest.model import Digest, Group, Line, StudyNews
from ctgov_ingest.errors import UnusableFeed
from ctgov_ingest.wholefile import replace_file
from ctgov_ingest.wording import cut

ATOM = "http://www.w3.org/2005/Atom"
KEPT = 500
"""So many entries are kept in a feed."""

AT_ONCE = 100
"""So many studies of one digest have entries of their own; one more entry tells of the others."""

_GENERATOR = "ctgov-ingest"
_TITLE = 200


class Entry(NamedTuple):
    """What an entry says. `known_by`: what makes it another than all others. `terms`: the keys of its groups."""

    known_by: str
    title: str
    url: str | None
    terms: Sequence[str]
    content: str


def add_to(path: Path, digest: Digest, *, keep: int = KEPT, new_id: Callable[[], UUID] = uuid4) -> int:
    """Put a digest's news at the head of the feed in a file, which is made where there is none; gives how many are new.

    The file changes whole or not at all. Raises UnusableFeed where it is no feed of ours, or cannot be written; it is
    then left as it is.
    """
    path = path.resolve()  # a link stays a link
    feed = _read(path)
    if feed is None:
        feed = _begun(new_id())
    feed.find(_UPDATED).text = digest.made_at
    own = UUID(feed.findtext(_ID))
    there = {_id(entry) for entry in _entries(feed)}
    new = [made for made in (_element(one, own, digest.made_at) for one in entries(digest)) if _id(made) not in there]
    kept = [*new, *_entries(feed)][:keep]
    for entry in _entries(feed):
        feed.remove(entry)
    feed.extend(kept)
    _write(path, etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))
    return len(new)


def entries(digest: Digest) -> Iterator[Entry]:
    """What a digest puts into a feed, the most telling first."""
    parts = _by_study(digest.groups)
    for told in parts[:AT_ONCE]:
        yield _of_study(told)
    if len(parts) > AT_ONCE:
        yield _of_rest(digest, parts[AT_ONCE:])
    if digest.run.went_wrong:
        yield _of_failures(digest)


# --- what entries say -----------------------------------------------------------------------------------------------

Told = list[tuple[Group, StudyNews]]
"""A study with all the groups that it is in."""


def _by_study(groups: Iterable[Group]) -> list[Told]:
    found: dict[str, Told] = {}
    for group in groups:
        for study in group.studies:
            found.setdefault(study.nct_id, []).append((group, study))
    return list(found.values())


def _of_study(told: Told) -> Entry:
    study = told[0][1]
    lines = [line for _group, one in told for line in one.lines]
    head = f"{lines[0]}" if lines else f"new, {study.status}" if study.status else "new"
    more = f" (and {len(lines) - 1:,} more)" if len(lines) > 1 else ""
    known_by = "\n".join([study.nct_id, study.seen or "new", *map(str, lines)])
    title = f"{study.nct_id} {cut(head, _TITLE)}{more}: {cut(study.title, _TITLE)}"
    return Entry(known_by, title, study.url, [group.key for group, _one in told], _content(told))


def _content(told: Told) -> str:
    return lines_as_html([(group.title, study.lines) for group, study in told if study.lines])


def _of_rest(digest: Digest, parts: Sequence[Told]) -> Entry:
    ids = [told[0][1].nct_id for told in parts]
    title = f"{len(ids):,} more studies; {digest.headline}"
    lines = [Line(f"ctgov-ingest changes --since {digest.since}", "changed", "", "", None, "")]
    return Entry("\n".join(ids), title, None, ["more"], lines_as_html([("All that changed", lines)]))


def _of_failures(digest: Digest) -> Entry:
    run = digest.run
    told = [Line(one.source, "added", "", one.message, None, "") for one in run.failures[:AT_ONCE]]
    note = [Line("", "added", "", run.note, None, "")] if run.note else []
    title = f"What went wrong (exit code {run.exit_code}); {digest.headline}"
    return Entry(f"{digest.made_at} wrong", title, None, ["wrong"], lines_as_html([("", [*note, *told])]))


# --- the file -------------------------------------------------------------------------------------------------------


_ID, _UPDATED, _ENTRY, _GENERATED = (f"{{{ATOM}}}{name}" for name in ("id", "updated", "entry", "generator"))


def _begun(own: UUID) -> Any:
    feed = _new("feed")
    _put(feed, "id", own.urn)
    _put(feed, "title", "ClinicalTrials.gov: what changed")
    _put(feed, "updated")
    _put(_put(feed, "author"), "name", _GENERATOR)
    _put(feed, "generator", _GENERATOR, version=__version__)
    return feed


def _element(entry: Entry, own: UUID, made_at: str) -> Any:
    made = _new("entry")
    _put(made, "id", uuid5(own, entry.known_by).urn)
    _put(made, "title", entry.title)
    _put(made, "updated", made_at)
    if entry.url:
        _put(made, "link", rel="alternate", href=entry.url)
    for term in entry.terms:
        _put(made, "category", term=term)
    _put(made, "content", entry.content or None, type="html")
    return made


def _new(name: str) -> Any:
    return etree.Element(f"{{{ATOM}}}{name}", nsmap={None: ATOM})  # type: ignore[dict-item]


def _put(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def _read(path: Path) -> Any:
    """The feed in a file, None where there is no file. Raises UnusableFeed where it is not one of this program's."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_blank_text=True)
    try:
        feed: Any = etree.fromstring(path.read_bytes(), parser)
        UUID(feed.findtext(_ID) or "")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnusableFeed(f"the feed {path} cannot be read: {error.strerror}") from error
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableFeed(f"{path} is no feed that can be added to ({error}): {_ADVICE}") from error
    if feed.findtext(_GENERATED) != _GENERATOR or feed.find(_UPDATED) is None:
        raise UnusableFeed(f"{path} is not a feed of {_GENERATOR}: {_ADVICE}")
    return feed


_ADVICE = "name another file, or move this one away, and a new one is begun"


def _entries(feed: Any) -> list[Any]:
    return list(feed.findall(_ENTRY))


def _id(entry: Any) -> str:
    return str(entry.findtext(_ID))


def _write(path: Path, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as error:
        raise UnusableFeed(f"the feed {path} cannot be written: {error.strerror}") from error
