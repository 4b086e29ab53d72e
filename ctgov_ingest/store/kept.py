"""The bytes of captures: what came in, to the letter, in as little room as it takes.

The bytes of the capture that a study's latest version shows are its text in `study_rows`, which is plain JSON for
whoever looks. When others take that place, they are packed beside those, from which they differ little; and so on back
in time. After CHAIN such steps bytes are packed alone, and beside those the ones that stood alone before them, so that
any are read back in a moment. Captures that never had that place (of earlier days, of other presentations) are packed
beside one of their kin that stands alone.
"""

from __future__ import annotations

from ctgov_ingest.errors import StoreError
from ctgov_ingest.stamps import stamped
from ctgov_ingest.store.database import Connection
from ctgov_ingest.store.packing import Damage, dictionary_of, pack, pack_beside, unpack, unpack_beside, unpack_with

CHAIN = 24
"""After so many steps bytes stand alone, until the next that do are there to be packed beside."""
LONGEST = 32
"""How many others at most must be unpacked before those that are wanted."""

Packed = tuple[bytes, int | None]
"""Packed bytes, and the number of the capture beside whose bytes they are, if they are."""


class KeptBytes:
    """Bytes in and out of the table of captures. Writing happens inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, number: int) -> bytes:
        """The bytes of a capture. Raises StoreError when they are missing or damaged."""
        row = self._db.one("SELECT nct_id, seen, raw, raw_of, base FROM captures WHERE id = ?", (number,))
        if row is None:
            raise self._damaged(number, "is missing")
        if row["raw_of"] is not None:
            restamped = self.restamped(row["raw_of"], row["seen"])
            if restamped is None:
                raise self._damaged(number, f"shares the bytes of capture {row['raw_of']}, which have no stamp")
            return restamped
        if row["raw"] is None:
            return self._text(row["nct_id"], number)
        return self.unpacked(number, row["raw"], row["base"])

    def restamped(self, number: int, day: str) -> bytes | None:
        """The bytes of a capture with the stamp of a day; None where they have no stamp."""
        found = stamped(self.of(number))
        return found.restamped(day) if found else None

    def _text(self, nct_id: str, number: int) -> bytes:
        row = self._db.one("SELECT CAST(study AS BLOB) AS text FROM study_rows WHERE nct_id = ?", (nct_id,))
        if row is None:
            raise self._damaged(number, "has lost its bytes")
        return bytes(row["text"])

    def unpacked(self, number: int, packed: bytes, base: int | None = None) -> bytes:
        """Packed bytes of a capture unpacked."""
        try:
            if base is not None:
                return unpack_beside(packed, self.of(base))
            dictionary = dictionary_of(packed)
            return unpack_with(packed, self._dictionary(dictionary, number)) if dictionary else unpack(packed)
        except Damage as error:
            raise self._damaged(number, "cannot be unpacked") from error

    def _dictionary(self, number: int, capture: int) -> bytes:
        key = ("dictionary", number)
        if key not in self._db.memo:
            row = self._db.one("SELECT data FROM dictionaries WHERE id = ?", (number,))
            if row is None:
                raise self._damaged(capture, f"needs dictionary {number}, which is not here")
            self._db.memo[key] = row["data"]
        found: bytes = self._db.memo[key]
        return found

    def sha256(self, number: int, day: str) -> bytes | None:
        """The hash that the bytes of a capture would have with the stamp of a day; None where they have no stamp."""
        found = stamped(self.of(number))
        return found.sha256(day) if found else None

    def beside_kin(self, nct_id: str, presentation: str, raw: bytes, alone: bytes) -> Packed:
        """Bytes packed beside the last of their presentation that stand alone, where that is worth it."""
        row = self._db.one(
            "SELECT id FROM captures WHERE nct_id = ? AND +presentation = ? AND base IS NULL AND raw_of IS NULL "
            "ORDER BY id DESC LIMIT 1",
            (nct_id, presentation),
        )
        packed = self._smaller(raw, alone, row["id"], self.of(row["id"])) if row else (alone, None)
        if packed[1] is not None:
            self._raise(packed[1], 1)
        return packed

    def _smaller(self, raw: bytes, alone: bytes, number: int, base: bytes) -> Packed:
        beside = pack_beside(raw, base)
        return (beside, number) if 2 * len(beside) < len(alone) else (alone, None)

    def _raise(self, number: int, height: int) -> None:
        self._db.execute("UPDATE captures SET height = max(height, ?) WHERE id = ?", (height, number))

    def keep_as_text(self, nct_id: str, number: int, text: bytes, *, is_fresh: bool) -> None:
        """Before `text` becomes that of a study: let it be the bytes of a capture, where they are the same.

        The capture whose bytes the present text is gets its own back, packed beside them. `is_fresh`: the capture has
        just come in, and has no bytes of its own where they are the text.
        """
        held = self._db.one("SELECT raw, raw_of FROM captures WHERE id = ?", (number,))
        own = held is not None and held["raw_of"] is None
        is_text = own and (held["raw"] is None if is_fresh else self.of(number) == text)  # type: ignore[index]
        was = self._db.one(
            "SELECT id, height FROM captures WHERE nct_id = ? AND raw IS NULL AND raw_of IS NULL AND id <> ?",
            (nct_id, number if is_text or is_fresh else 0),
        )
        if was is not None:
            raw = self._text(nct_id, was["id"])
            self._pack(was["id"], raw, was["height"], (number, text) if is_text else None)
        if is_text and not is_fresh:
            self._db.execute("UPDATE captures SET raw = NULL, base = NULL WHERE id = ?", (number,))

    def _pack(self, number: int, raw: bytes, height: int, beside: tuple[int, bytes] | None) -> None:
        """Give a capture its bytes, packed beside others where that makes no chain too long."""
        packed: Packed = (pack(raw), None)
        if beside is not None and height < CHAIN:
            packed = self._smaller(raw, packed[0], *beside)
        self._db.execute("UPDATE captures SET raw = ?, base = ? WHERE id = ?", (*packed, number))
        if packed[1] is not None:
            self._raise(packed[1], height + 1)
        elif height >= CHAIN:
            self._lean_former(number, raw)

    def _lean_former(self, number: int, raw: bytes) -> None:
        """Pack the end of the chain before, which stands alone, beside that of this one."""
        former = self._db.one(
            "SELECT f.id, f.height FROM captures f JOIN captures c USING (nct_id, presentation) WHERE c.id = ? "
            "AND f.id <> c.id AND f.raw IS NOT NULL AND f.raw_of IS NULL AND f.base IS NULL ORDER BY f.id DESC LIMIT 1",
            (number,),
        )
        if former is None or former["height"] >= LONGEST:
            return
        its = self.of(former["id"])
        packed = self._smaller(its, pack(its), number, raw)
        self._db.execute("UPDATE captures SET raw = ?, base = ? WHERE id = ?", (*packed, former["id"]))
        if packed[1] is not None:
            self._raise(number, former["height"] + 1)

    def _damaged(self, number: int, why: str) -> StoreError:
        return StoreError(f"{self._db.path} is damaged: capture {number} {why}")
