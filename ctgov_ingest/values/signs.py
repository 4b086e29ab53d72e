"""Quotes and dashes of print, to the plain ones that the registry writes today."""

from __future__ import annotations

import re

_PRINT = {"\u2018\u2019": "'", "\u201c\u201d": '"', "\u2010\u2011\u2013\u2014\u2212": "-"}
"""Quotes and dashes of print: the registry replaced them by plain ones in all its records in 2017."""
_PLAIN = str.maketrans({sign: plain for signs, plain in _PRINT.items() for sign in signs})
_IN_PRINT = re.compile(f"[{''.join(_PRINT)}]")


def plain(text: str) -> str:
    """A text with plain quotes and dashes."""
    return text if text.isascii() or not _IN_PRINT.search(text) else text.translate(_PLAIN)
