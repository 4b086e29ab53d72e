"""Rows of a page that shows one version of a record, and the rules that such pages share.

A row is a label with its value. Labels go by a table to a canonical path; a row of no table is `unread`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ctgov_ingest.sources.content import Content, line
from ctgov_ingest.sources.record import Raw, RawRecord
from ctgov_ingest.sources.study_fields import Rule, Split
from ctgov_ingest.sources.study_labels import label_key


class Row(NamedTuple):
    """A label as the page shows it, its value, and where it stands."""

    label: str
    value: Content
    place: str


def read_rows(record: RawRecord, rows: Iterable[Row], fields: Mapping[str, Rule], ignored: Mapping[str, str]) -> None:
    """Read each row by its label; what no table knows becomes `unread`."""
    for row in rows:
        key = label_key(row.label)
        if rule := fields.get(key):
            rule(record, row.value, row.place)
        elif key not in ignored and (row.label or line(row.value)):
            record.leave(line(row.value), row.place, row.label or None)


_QUALIFIED = re.compile(r"(?P<value>[^\[(]{1,60}?)\s*(?:[\[(](?P<type>Actual|Estimated?|Anticipated)[\])])?")


def qualified(path: str, leaf: str) -> Split:
    """`2009-08 (Actual)`, `June 30, 2023 [Anticipated]`: a value with its type; a value without one gives none."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        text = line(value)
        found = _QUALIFIED.fullmatch(text)
        record.put(f"{path}.{leaf}", found["value"] if found else text, place)
        if found and found["type"]:
            record.put(f"{path}.type", found["type"], place)

    return Split(rule, (f"{path}.{leaf}", f"{path}.type"))


def item(path: str) -> Split:
    """The value is one item of the list at this path: the row stands once an item."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        record.put_all(path, [Raw(line(value), place)])

    return Split(rule, (path,))


_ONE = re.compile(r"^1 (Year|Month|Week|Day|Hour|Minute)s$")


def age(path: str) -> Split:
    """The value is an age limit; `N/A` is none."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        if line(value).upper() != "N/A":
            record.put(path, _ONE.sub(r"1 \1", line(value)), place)

    return Split(rule, (path,))


def paths_of(fields: Mapping[str, Rule]) -> frozenset[str]:
    """All paths that the rules of a table can fill."""
    return frozenset(path for rule in fields.values() for path in rule.paths)
