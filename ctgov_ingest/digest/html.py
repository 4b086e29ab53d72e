"""A digest as HTML: a whole page for the body of a mail, and a study's part of it for a feed.

Mail programs drop style sheets, so that each element has its style with it; those that keep them get dark colours too.
The templates escape every value.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from ctgov_ingest.digest.model import Digest, Line
from ctgov_ingest.digest.text import MOST, MOST_LINES, costs
from ctgov_ingest.wording import cut, first

_TEMPLATES = Environment(
    loader=PackageLoader("ctgov_ingest.digest"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["cut"] = cut
_TEMPLATES.globals.update(first=first, costs=costs)


def as_html(digest: Digest, *, most: int = MOST) -> str:
    """The digest as a page that needs nothing from elsewhere; of a group the first `most` studies are shown."""
    return _TEMPLATES.get_template("mail.html").render(digest=digest, most=most, most_lines=MOST_LINES)


def lines_as_html(parts: Sequence[tuple[str, Sequence[Line]]]) -> str:
    """Lines under their headings as a piece of HTML without styles: readers of feeds have their own."""
    return _TEMPLATES.get_template("entry.html").render(parts=parts)
