"""What texts are read as, remembered: the same texts stand in record after record, and in version after version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

_LONG = 1500
"""So many characters are long. Together with the numbers of texts it bounds what all memories may hold: some 50 MB."""


class Memory(dict[str, Value], Generic[Value]):
    """What texts are read as, by text: worked out at the first, emptied when it is full.

    Asked once for each text of a record, where a call of a cached function takes twice as long. A long text hardly ever
    comes twice, and to keep it costs more than to read it.
    """

    def __init__(self, read: Callable[[str], Value], most: int = 1 << 11) -> None:
        super().__init__()
        self._read, self._most = read, most

    def __missing__(self, text: str) -> Value:
        """Read it. Raises ValueError, each time, for a text that cannot be read."""
        value = self._read(text)
        if len(text) < _LONG:
            if len(self) >= self._most:
                self.clear()
            self[text] = value
        return value
