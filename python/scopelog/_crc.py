"""CRC-32C, and the rule by which lines and files end in it (docs/format/journal.md, section 6)."""

from __future__ import annotations

import functools
import re
from typing import Any, Optional

import json

import numpy as np

_POLY = 0x82F63B78
_BLOCK = 256


def _table() -> list[int]:
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (_POLY if n & 1 else 0)
        table.append(n)
    return table


_TABLE = _table()
_TABLE_NP = np.array(_TABLE, dtype=np.uint32)
_END = re.compile(rb',"crc":"([0-9a-f]{8})"\}\n\Z')
_END_BYTES = 19


def crc32c(data: bytes) -> int:
    """The CRC-32C of data."""
    if len(data) < 16 * _BLOCK:
        crc, table = 0xFFFFFFFF, _TABLE
        for byte in data:
            crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
        return crc ^ 0xFFFFFFFF
    return _long(data)


def _long(data: bytes) -> int:
    """All blocks at once, each from 0, then one behind the other: the register is linear in what was before."""
    pad = -len(data) % _BLOCK
    blocks = np.zeros(pad + len(data), np.uint8)
    blocks[pad:] = np.frombuffer(data, np.uint8)
    blocks[pad : pad + 4] ^= 0xFF  # the initial value; zeros in front change nothing
    columns = np.ascontiguousarray(blocks.reshape(-1, _BLOCK).T)
    crcs = np.zeros(columns.shape[1], np.uint32)
    for column in columns:
        crcs = crcs >> np.uint32(8) ^ _TABLE_NP[(crcs ^ column) & np.uint32(0xFF)]
    t0, t1, t2, t3 = _skip_block()
    crc = 0
    for c in crcs.tolist():
        crc = t0[crc & 0xFF] ^ t1[crc >> 8 & 0xFF] ^ t2[crc >> 16 & 0xFF] ^ t3[crc >> 24] ^ c
    return crc ^ 0xFFFFFFFF


@functools.lru_cache(maxsize=1)
def _skip_block() -> list[list[int]]:
    """What becomes of each byte of the register when a block of zeros follows."""
    crcs = (np.arange(256, dtype=np.uint32)[None, :] << np.array([0, 8, 16, 24], np.uint32)[:, None]).reshape(-1)
    for _ in range(_BLOCK):
        crcs = crcs >> np.uint32(8) ^ _TABLE_NP[crcs & np.uint32(0xFF)]
    return crcs.reshape(4, 256).tolist()


def parse(text: bytes) -> Optional[dict[str, Any]]:
    """The object of a line, or of run.json, None when its checksum is wrong or it cannot be parsed."""
    m = _END.search(text[-_END_BYTES:])
    if m is None or crc32c(text[:-_END_BYTES]) != int(m.group(1), 16):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
