"""CRC-32C, and the rule by which lines and files end in it (docs/format/journal.md, section 6)."""

from __future__ import annotations

import functools
import json
import re
from typing import Any, Optional, Sequence

import numpy as np

_POLY = 0x82F63B78
_BLOCK = 256
_SHORT = 16 * _BLOCK  # bytes from which it pays to take blocks at once
_FEW = 64  # texts from which it pays to take texts at once


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
    if len(data) < _SHORT:
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


def crc32c_of(texts: Sequence[bytes]) -> list[int]:
    """The CRC-32C of each of many texts."""
    found = [0] * len(texts)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for at in range(0, len(order), 1024):
        some = order[at : at + 1024]
        side = [i for i in some if 4 <= len(texts[i]) < _SHORT]
        alone = some if len(side) < _FEW else [i for i in some if not 4 <= len(texts[i]) < _SHORT]
        for i in alone:
            found[i] = crc32c(texts[i])
        if len(side) >= _FEW:
            for i, crc in zip(side, _side_by_side([texts[i] for i in side])):
                found[i] = crc
    return found


def _side_by_side(texts: Sequence[bytes]) -> list[int]:
    """All texts at once, byte by byte, with zeros in front of those that are shorter than the last."""
    length = len(texts[-1])
    rows = np.frombuffer(bytearray().join(t.rjust(length, b"\0") for t in texts), np.uint8).reshape(-1, length)
    first = length - np.array([len(t) for t in texts])
    rows[np.arange(len(texts))[:, None], first[:, None] + np.arange(4)] ^= 0xFF  # the initial value; zeros in front change nothing
    crcs = np.zeros(len(texts), np.uint32)
    for column in np.ascontiguousarray(rows.T):
        crcs = crcs >> np.uint32(8) ^ _TABLE_NP[(crcs ^ column) & np.uint32(0xFF)]
    return (crcs ^ np.uint32(0xFFFFFFFF)).tolist()


@functools.lru_cache(maxsize=1)
def _skip_block() -> list[list[int]]:
    """What becomes of each byte of the register when a block of zeros follows."""
    crcs = (np.arange(256, dtype=np.uint32)[None, :] << np.array([0, 8, 16, 24], np.uint32)[:, None]).reshape(-1)
    for _ in range(_BLOCK):
        crcs = crcs >> np.uint32(8) ^ _TABLE_NP[crcs & np.uint32(0xFF)]
    return crcs.reshape(4, 256).tolist()


def parse(text: bytes) -> Optional[dict[str, Any]]:
    """The object of a line, or of run.json, None when its checksum is wrong or it cannot be parsed."""
    return parse_all([text])[0]


def parse_all(lines: Sequence[bytes]) -> list[Optional[dict[str, Any]]]:
    """What parse() gives for each of many lines."""
    ends = [_END.search(line[-_END_BYTES:]) for line in lines]
    crcs = crc32c_of([line[:-_END_BYTES] if m else b"" for line, m in zip(lines, ends)])
    return [_object(line) if m is not None and int(m.group(1), 16) == crc else None for line, m, crc in zip(lines, ends, crcs)]


def _object(text: bytes) -> Optional[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
