"""Quotes and dashes of print, to the plain ones that the registry writes today."""

from __future__ import annotations

_PRINT = {"\u2018\u2019": "'", "\u201c\u201d": '"', "\u2010\u2011\u2013\u2014\u2212": "-"}
"""Quotes and dashes of print: the registry replaced them by plain ones in all its records in 2017."""
_PLAIN = [(sign, plain) for signs, plain in _PRINT.items() for sign in signs]


def plain(text: str) -> str:
    """A text with plain quotes and dashes."""
    if text.isascii():
        return text
    for sign, instead in _PLAIN:
        if sign in text:
            text = text.replace(sign, instead)
    return text
