"""A digest as plain data, for programs; docs/digest.md names what is in it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ctgov_ingest.digest.model import Digest, Group, StudyNews


def as_json(digest: Digest) -> dict[str, Any]:
    """The whole digest as dicts and lists: nothing is left out but what is long in a value,

    and new studies beyond the first thousand: `unnamed` says how many."""
    return {
        "headline": digest.headline,
        "made_at": digest.made_at,
        "since": digest.since,
        "counts": dict(digest.counts),
        "groups": [_group(group) for group in digest.groups],
        "run": asdict(digest.run) | {"failures": [one._asdict() for one in digest.run.failures]},
    }


def _group(group: Group) -> dict[str, Any]:
    told = {"key": group.key, "title": group.title, "studies": [_study(study) for study in group.studies]}
    return {**told, "unnamed": group.unnamed} if group.unnamed else told


def _study(study: StudyNews) -> dict[str, Any]:
    told = asdict(study)
    return {**told, "url": study.url, "lines": [dict(line) for line in told["lines"]]}
