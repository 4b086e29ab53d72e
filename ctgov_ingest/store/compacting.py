"""A store made smaller: dictionaries learnt from its own bytes, everything packed anew, the file without its gaps.

Each study is packed anew in a transaction of its own, and read back before it counts; a program that is killed leaves
a store that is whole, somewhere between before and after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from ctgov_ingest.errors import StoreError
from ctgov_ingest.store import packing
from ctgov_ingest.store.database import Connection, Row
from ctgov_ingest.store.kept import CHAIN, KeptBytes, Packed

SAMPLES = 2_000
"""From so many rows a dictionary is learnt at most."""
ENOUGH = 100
"""From fewer none is."""
DICTIONARY_BYTES = 112_640
"""What zstd's own tool makes by default."""
WORTH = 0.9
"""A dictionary is kept where it makes what it was not learnt from smaller by this."""

DOCUMENT = "document"
"""What was read of pages, which is one kind of bytes whatever their presentation."""


@dataclass(slots=True)
class Compacted:
    """Bytes of the file and of what is packed in it, before and after; how many dictionaries it has."""

    before: int = 0
    after: int = 0
    packed_before: int = 0
    packed_after: int = 0
    studies: int = 0
    dictionaries: int = 0

    def counts(self) -> dict[str, int]:
        """The numbers, as `--json` gives them."""
        return asdict(self)


class Compacting:
    """Packs a store anew."""

    def __init__(self, connection: Connection, now: Callable[[], str]) -> None:
        self._db = connection
        self._now = now
        self._kept = KeptBytes(connection)
        self._ways: dict[str, Callable[[bytes], bytes]] = {}

    def run(self, advance: Callable[[], None]) -> Compacted:
        """Do all of it. `advance` is called once a study. Raises StoreError where bytes are not what came in."""
        found = Compacted(before=self._size(), packed_before=self._packed())
        self._learn()
        with self._db.batch():
            for row in self._db.all("SELECT DISTINCT nct_id FROM captures ORDER BY nct_id"):
                self._db.write(partial(self._study, row["nct_id"]))
                found.studies += 1
                advance()
        self._forget()
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found.after, found.packed_after = self._size(), self._packed()
        found.dictionaries = self._number("SELECT count(*) FROM dictionaries")
        return found

    def _size(self) -> int:
        return self._number("PRAGMA page_count") * self._number("PRAGMA page_size")

    def _packed(self) -> int:
        return self._number("SELECT coalesce(sum(length(raw)), 0) + coalesce(sum(length(document)), 0) FROM captures")

    def _number(self, sql: str) -> int:
        row = self._db.one(sql)
        return int(row[0]) if row else 0

    # --- dictionaries ---------------------------------------------------------------------------------------------

    def _learn(self) -> None:
        """Learn a dictionary of each kind of bytes of which there are enough, and keep it where it is worth it."""
        kinds = [row[0] for row in self._db.all("SELECT DISTINCT presentation FROM captures")]
        for kind in (*kinds, DOCUMENT):
            samples = list(self._samples(kind))
            learnt = packing.train(samples[::2], DICTIONARY_BYTES) if len(samples) >= ENOUGH else None
            if learnt is None:
                continue
            smaller, others = packing.pack_with(learnt), samples[1::2]
            is_worth_it = _total(smaller, others) < WORTH * _total(packing.pack, others)
            if is_worth_it and self._keep(kind, learnt):
                self._ways[kind] = smaller

    def _samples(self, kind: str) -> Iterator[bytes]:
        """Bytes of a kind that are packed alone, from all over the store."""
        where, value = ("document IS NOT NULL", []) if kind == DOCUMENT else (_ALONE, [kind])
        numbers = [row["id"] for row in self._db.all(f"SELECT id FROM captures WHERE {where} ORDER BY id", value)]  # noqa: S608
        for number in numbers[:: max(1, len(numbers) // SAMPLES)]:
            row = self._db.one("SELECT raw, document FROM captures WHERE id = ?", (number,))
            if row is not None:
                yield self._kept.unpacked(number, row["document"] if kind == DOCUMENT else row["raw"])

    def _keep(self, kind: str, learnt: bytes) -> bool:
        """Keep a dictionary. Says whether it is; not where another has its number, which is made of its content."""
        number = packing.number_of(learnt)
        sql = "INSERT OR IGNORE INTO dictionaries (id, kind, made, data) VALUES (?, ?, ?, ?)"
        with self._db.transaction():
            self._db.execute(sql, (number, kind, self._now(), learnt))
        held = self._db.one("SELECT data FROM dictionaries WHERE id = ?", (number,))
        return held is not None and held["data"] == learnt

    def _forget(self) -> None:
        """Let go of dictionaries that nothing is packed with any more."""
        used: set[int] = set()
        for row in self._db.rows("SELECT raw, document FROM captures WHERE raw IS NOT NULL AND base IS NULL"):
            used |= {packing.dictionary_of(one) for one in row if one is not None}
        held = {int(row["id"]) for row in self._db.all("SELECT id FROM dictionaries")}
        with self._db.transaction():
            self._db.executemany("DELETE FROM dictionaries WHERE id = ?", [(one,) for one in held - used])
        self._db.memo.clear()

    # --- a study --------------------------------------------------------------------------------------------------

    def _study(self, nct_id: str) -> None:
        """Pack all captures of a study anew: the newest of each presentation alone, the others one beside another."""
        rows = self._db.all(_KEPT, (nct_id,))
        for kind in dict.fromkeys(row["presentation"] for row in rows):
            self._kind([row for row in rows if row["presentation"] == kind])
        for row in rows:
            self._put_document(row)
        self._heights(nct_id)

    def _kind(self, rows: Sequence[Row]) -> None:
        """Pack captures of one presentation anew, where that makes them smaller."""
        chain = Chain(self._ways.get(rows[0]["presentation"], packing.pack))
        planned = [chain.add(row["id"], self._whole(row), is_text=row["raw"] is None) for row in rows]
        if sum(len(packed or b"") for packed, _ in planned) >= sum(len(row["raw"] or b"") for row in rows):
            return
        for row, (packed, base) in zip(rows, planned, strict=True):
            if packed is not None:
                self._db.execute("UPDATE captures SET raw = ?, base = ? WHERE id = ?", (packed, base, row["id"]))
                self._whole(row)

    def _whole(self, row: Row) -> bytes:
        raw = self._kept.of(row["id"])
        if hashlib.sha256(raw).digest() != row["sha256"]:
            words = "has not the bytes that came in: run ctgov-ingest verify"
            raise StoreError(f"{self._db.path} is damaged: capture {row['id']} {words}")
        return raw

    def _put_document(self, row: Row) -> None:
        way = self._ways.get(DOCUMENT)
        if row["document"] is None or way is None:
            return
        smaller = way(self._kept.unpacked(row["id"], row["document"]))
        if len(smaller) < len(row["document"]):
            self._db.execute("UPDATE captures SET document = ? WHERE id = ?", (smaller, row["id"]))

    def _heights(self, nct_id: str) -> None:
        """Note of each capture how many steps lead up to it, from the one that is farthest."""
        bases = {row["id"]: row["base"] for row in self._db.all(_KEPT, (nct_id,))}
        heights = dict.fromkeys(bases, 0)
        for number in bases:
            base, steps = bases[number], 1
            while base is not None:
                heights[base] = max(heights[base], steps)
                base, steps = bases[base], steps + 1
        self._db.executemany(
            "UPDATE captures SET height = ? WHERE id = ? AND height <> ?",
            [(height, number, height) for number, height in heights.items()],
        )


class Chain:
    """Bytes of one presentation of a study, the newest first, each packed beside the one before it.

    After CHAIN of them, beside the first, which stands alone or is the study's text.
    """

    def __init__(self, alone: Callable[[bytes], bytes]) -> None:
        self._alone = alone
        self._first: tuple[int, bytes] | None = None
        self._last: tuple[int, bytes] | None = None
        self._depth = 0

    def add(self, number: int, raw: bytes, *, is_text: bool) -> tuple[bytes | None, int | None]:
        """How the next bytes are packed, and beside which capture's; None where they are the study's text."""
        base = self._first if self._depth >= CHAIN else self._last
        self._depth = 1 if self._depth >= CHAIN else self._depth + 1
        self._last = (number, raw)
        packed: tuple[bytes | None, int | None] = (None, None)
        if not is_text:
            packed = self._packed(raw, base)
        if packed[1] is None:
            self._first, self._depth = (number, raw), 0
        return packed

    def _packed(self, raw: bytes, base: tuple[int, bytes] | None) -> Packed:
        alone = self._alone(raw)
        beside = packing.pack_beside(raw, base[1]) if base else alone
        return (beside, base[0]) if base and 2 * len(beside) < len(alone) else (alone, None)


def _total(way: Callable[[bytes], bytes], samples: Iterable[bytes]) -> int:
    """Bytes that samples have when packed in a way."""
    return sum(len(way(one)) for one in samples)


_ALONE = "raw IS NOT NULL AND base IS NULL AND presentation = ?"

_KEPT = """
SELECT id, presentation, sha256, raw, base, document FROM captures WHERE nct_id = ? AND raw_of IS NULL
ORDER BY raw IS NULL DESC, id DESC
"""
