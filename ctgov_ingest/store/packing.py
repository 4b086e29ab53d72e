"""Bytes kept small: zstd at level 3, alone, as what differs from a neighbour, or with a dictionary of this store's own.

Limits on what may come out are the same for all. A text packed with a dictionary names its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

import zstandard
from zstandard import ZstdCompressionDict, ZstdCompressionParameters, ZstdCompressor, ZstdDecompressor

_LEVEL = 3
_BEST = 9
"""The level of what is packed anew once and for all."""
_LARGEST = 1024 * 1024 * 1024
_LONG = 1024 * 1024
"""Bytes over which likeness is looked for from far away too."""

_compressor = ZstdCompressor(level=_LEVEL, write_checksum=True)
_decompressor = ZstdDecompressor()

Damage = zstandard.ZstdError
"""What unpacking raises where the bytes are damaged."""


def pack(data: bytes) -> bytes:
    """Compress."""
    return _compressor.compress(data)


def unpack(data: bytes) -> bytes:
    """Give back what `pack` was given. Raises Damage."""
    return _decompressor.decompress(data, max_output_size=_LARGEST)


def pack_beside(data: bytes, base: bytes) -> bytes:
    """Compress what differs from the bytes of a neighbour, which are needed to unpack it. About 50 to 500 bytes."""
    size = len(data) + len(base)
    parameters = ZstdCompressionParameters.from_level(
        _LEVEL, source_size=size, dict_size=len(base), write_checksum=True, enable_ldm=size > _LONG
    )
    return ZstdCompressor(dict_data=_raw(base), compression_params=parameters).compress(data)


def unpack_beside(data: bytes, base: bytes) -> bytes:
    """Give back what `pack_beside` was given. Raises Damage."""
    return ZstdDecompressor(dict_data=_raw(base)).decompress(data, max_output_size=_LARGEST)


def _raw(base: bytes) -> ZstdCompressionDict:
    return ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


# --- with a dictionary ------------------------------------------------------------------------------------------------


def train(samples: Iterable[bytes], size: int) -> bytes | None:
    """A dictionary of what samples share, at most so many bytes; None where they are too few or too little alike."""
    try:
        return zstandard.train_dictionary(size, list(samples)).as_bytes()
    except zstandard.ZstdError:
        return None


def number_of(dictionary: bytes) -> int:
    """The number of a dictionary, which it has in itself."""
    return ZstdCompressionDict(dictionary).dict_id()


def pack_with(dictionary: bytes) -> Callable[[bytes], bytes]:
    """A way to compress with a dictionary, as small as is sensible."""
    learnt = ZstdCompressionDict(dictionary)
    return ZstdCompressor(level=_BEST, dict_data=learnt, write_checksum=True).compress


def dictionary_of(data: bytes) -> int:
    """The number of the dictionary that packed bytes need; 0 where they need none. Raises Damage."""
    return zstandard.get_frame_parameters(data).dict_id


@lru_cache(maxsize=8)
def _with(dictionary: bytes) -> ZstdDecompressor:
    return ZstdDecompressor(dict_data=ZstdCompressionDict(dictionary))


def unpack_with(data: bytes, dictionary: bytes) -> bytes:
    """Give back what was compressed with a dictionary. Raises Damage."""
    return _with(dictionary).decompress(data, max_output_size=_LARGEST)
