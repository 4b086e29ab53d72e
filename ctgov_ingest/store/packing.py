"""Bytes kept small: zstd at level 3, with limits on what may come out."""

from __future__ import annotations

import zstandard

_LEVEL = 3
_LARGEST = 1024 * 1024 * 1024

_compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
_decompressor = zstandard.ZstdDecompressor()


def pack(data: bytes) -> bytes:
    """Compress."""
    return _compressor.compress(data)


def unpack(data: bytes) -> bytes:
    """Give back what `pack` was given. Raises zstandard.ZstdError when the bytes are damaged."""
    return _decompressor.decompress(data, max_output_size=_LARGEST)
