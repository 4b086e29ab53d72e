"""Pages that need nothing from elsewhere and no script. The templates escape every value."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from ctgov_ingest.showing.model import Diff
from ctgov_ingest.showing.report import Report

_TEMPLATES = Environment(
    loader=PackageLoader("ctgov_ingest.showing"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def diff_page(diff: Diff) -> str:
    """A diff as a page."""
    return _TEMPLATES.get_template("diff.html").render(diff=diff)


def report_page(report: Report) -> str:
    """The story of a study as a page."""
    return _TEMPLATES.get_template("report.html").render(report=report)
