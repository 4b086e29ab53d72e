"""A digest as plain text: for a terminal, the body of a mail, a chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from ctgov_ingest.digest.model import Digest, Group, Line, RunReport, StudyNews
from ctgov_ingest.wording import cut, first

WIDTH = 80
MOST = 20
"""So many studies of a group are shown, and so many failures."""

SHORT = 50
"""So many characters of old and new stand beside each other, whatever the width."""

MOST_LINES = 6
"""So many lines of a study are shown in a group."""


def as_text(digest: Digest, *, width: int = WIDTH, most: int = MOST) -> str:
    """The digest in lines of at most `width` characters, its first words the headline; ends with a line feed.

    Of a group the first `most` studies are shown. A word that is longer than a line, such as an address, stays whole.
    """
    parts = [wrap(digest.headline, width), *(_group(digest, group, width, most) for group in digest.groups)]
    parts += [_wrong(digest.run, width, most), costs(digest.run)]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def costs(run: RunReport) -> list[str]:
    """What the run saw and what it cost, in a line, if that is known."""
    told = {
        "data set of {}": run.dataset,
        "{:,} requests": run.requests,
        "{:.1f} MB": None if run.bytes is None else run.bytes / 1e6,
    }
    words = [form.format(value) for form, value in told.items() if value is not None]
    return [f"ClinicalTrials.gov: {', '.join(words)}"] if words else []


def _group(digest: Digest, group: Group, width: int, most: int) -> list[str]:
    shown, left = first(group.studies, most)
    left += group.unnamed
    lines = [f"{group.title} ({len(group):,})"]
    for study in shown:
        lines += _study(digest, study, width)
    if left:
        lines.append(f"  … and {left:,} more: {digest.rest(group)}")
    return lines


def _study(digest: Digest, study: StudyNews, width: int) -> Iterator[str]:
    status = f"{study.status}  " if not study.lines and study.status else ""
    yield f"  {study.nct_id}  {status}{cut(study.title, width - 15 - len(status))}".rstrip()
    shown, left = first(study.lines, MOST_LINES)
    for line in shown:
        yield from _line(line, width)
    if left:
        yield f"    … and {left:,} more: {digest.rest_of(study)}"


def _line(line: Line, width: int) -> Iterator[str]:
    """A line, or what was there above what is there where both are long and have no room beside each other."""
    if not (line.old and line.new) or len(str(line)) + 4 <= width or len(line.values) <= SHORT:
        yield from _wrapped([str(line)], 4, width)
        return
    yield from _wrapped([line.what + line.after], 4, width)
    yield from _wrapped([f"- {line.old}", f"+ {line.new}"], 6, width)


def _wrong(run: RunReport, width: int, most: int) -> list[str]:
    if not run.went_wrong:
        return []
    lines = [run.note] if run.note else []
    shown, left = first(run.failures, most)
    lines += [f"{one.source}: {one.message}" for one in shown]
    more = [f"  … and {left:,} more: ctgov-ingest runs"] if left else []
    return [f"What went wrong (exit code {run.exit_code})", *_wrapped(lines, 2, width), *more]


def _wrapped(lines: Iterable[str], indent: int, width: int) -> Iterator[str]:
    for line in lines:
        yield from wrap(
            line,
            width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + 2),
            break_on_hyphens=False,
            break_long_words=False,  # an address stays whole
        )
