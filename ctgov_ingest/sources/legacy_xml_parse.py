"""Bytes of XML to a tree, with a parser that fetches nothing, expands nothing and repairs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ctgov_ingest.errors import Damaged, TooLarge
from ctgov_ingest.issue import Issue

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that is read. The largest real record is 1 MB; a search answer may hold a thousand."""

_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ENCODING = {etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_INVALID_CHAR}


@dataclass(frozen=True, slots=True)
class Parsed:
    """The root of a tree without comments and blank text, and what is to be said about the bytes."""

    root: etree._Element
    issues: tuple[Issue, ...] = ()


def parse(data: bytes) -> Parsed:
    """Parse a file. Raises Damaged where it is not well-formed or defines entities, TooLarge over the limit."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"expected at most {MAX_BYTES:,} bytes of XML, found {len(data):,}")
    if b"<!ENTITY" in data or (b"\0" in data[:64] and b"<!ENTITY" in data.replace(b"\0", b"")):
        raise Damaged("expected a record, found a document type that defines entities, which no record does")
    try:
        return Parsed(_tree(data))
    except etree.XMLSyntaxError as error:
        code = error.code  # type: ignore[attr-defined]  # the stubs lack it
        if code not in _ENCODING or data.startswith(_UTF16) or (text := _as_windows(data)) is None:
            raise _damaged(error) from error
    issue = Issue("encoding", "not UTF-8: read as windows-1252", place="the whole file")
    try:
        return Parsed(_tree(text), (issue,))
    except etree.XMLSyntaxError as error:
        raise _damaged(error) from error


def _tree(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )
    return etree.fromstring(data.lstrip(), parser)


def _damaged(error: etree.XMLSyntaxError) -> Damaged:
    line, column = error.position
    reason = str(error.msg or "not well-formed").partition(", line ")[0]
    return Damaged(f"expected well-formed XML to its end: {reason}", place=f"line {line}, column {column}")


def _as_windows(data: bytes) -> bytes | None:
    """Bytes that are no UTF-8 anywhere, as windows-1252 turned to UTF-8; None where that does not fit either.

    A file with some UTF-8 in it is one that was damaged, not one in another encoding.
    """
    if _SEQUENCE.search(data):
        return None
    try:
        return _DECLARATION.sub(b"", data, count=1).decode("windows-1252").encode("utf-8")
    except UnicodeDecodeError:
        return None


_SEQUENCE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
