"""Something about a record that its user should know, from where it is found to where it is kept and told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """It never keeps the record from being read.

    `code` is a stable word (`unparsed`, `unknown-key`, `borders-lost` …), `path` the canonical path where there is one,
    `raw` the text as it stood, `place` where in the input.
    """

    code: str
    message: str
    path: str | None = None
    raw: str | None = None
    place: str | None = None
