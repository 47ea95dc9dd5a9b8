"""Smallest and largest samples of long ranges, from the overview tables and, where these end, from the samples."""

from __future__ import annotations

import dataclasses
import os
from fractions import Fraction
from typing import TYPE_CHECKING, Callable, Optional

import numpy as np

from ._capture import TABLE_HEADER
from ._errors import ScopelogError
from ._layout import Layout, Span
from ._segment import Segment
from ._view import Place

if TYPE_CHECKING:
    from ._stream import Stream

BIN, FACTOR, LEVELS = 1024, 16, 6
_BATCH = 1 << 20


@dataclasses.dataclass(frozen=True)
class Overview:
    """Bins of equal length in order; those without samples are left out.

    minimum and maximum are in the stream's unit, float64. index is the device index of each bin's first place, size how many of them a bin has.
    count tells how many samples are in each bin: fewer than size where samples are missing, and at both ends. interval is the seconds from one
    sample to the next, exactly.
    """

    index: np.ndarray
    size: int
    minimum: np.ndarray
    maximum: np.ndarray
    count: np.ndarray
    interval: Fraction

    def __len__(self) -> int:
        return len(self.index)

    @property
    def seconds(self) -> np.ndarray:
        """Where each bin begins, in seconds since the device's first sample."""
        return self.index * float(self.interval)


def overview(stream: "Stream", start: Place, stop: Place, points: int) -> Overview:
    if points < 1:
        raise ValueError(f"{points} points are not possible")
    layout, values = stream._layout, stream.values
    low, high = layout.bounds(stream._place(start), stream._place(stop))
    k, m = layout.pieces(low, high)
    if k == m:
        none = np.zeros(0)
        return Overview(np.zeros(0, np.int64), 1, none, none, np.zeros(0, np.int64), stream.interval)
    if layout.era[k] != layout.era[m - 1]:
        raise ScopelogError(f"{stream.name}: the sample interval changes inside: take the overview of each part, see .stretches()")
    first = int(layout.index[k]) + max(0, low - int(layout.start[k]))
    last = layout.end_index(m - 1) - max(0, int(layout.stop[m - 1]) - high)
    level, size = _level(last - first, points)
    parts: list[tuple[np.ndarray, ...]] = []
    for s in layout.spans(low, high):
        lo, hi = layout.device_index(s.start), layout.device_index(s.stop - 1) + 1
        if s.segment.info.get("daq:equation"):  # its extremes may lie between those of the stored samples
            bins = _samples(layout, s, lo, hi, size, values._convert)
        else:
            bins = ((index, values._convert(mn, s), values._convert(mx, s), n) for index, mn, mx, n in _Reader(layout, s).bins(level, lo, hi, size))
        parts += [(index // size, mn, mx, n) for index, mn, mx, n in bins]
    return _merge(parts, size, layout.interval(k))


def _level(length: int, points: int) -> tuple[int, int]:
    """The level to read, -1 for samples, and the size of a bin so that there are about so many."""
    level = -1
    while level + 1 < LEVELS and length // (BIN * FACTOR ** (level + 1)) >= points:
        level += 1
    unit = BIN * FACTOR**level if level >= 0 else 1
    return level, unit * max(1, length // (unit * points))


def _merge(parts: list[tuple[np.ndarray, ...]], size: int, interval: Fraction) -> Overview:
    b, mn, mx, n = (np.concatenate(c) for c in zip(*parts))
    order = np.argsort(b, kind="stable")
    b, mn, mx, n = b[order], mn[order], mx[order], n[order]
    at = np.flatnonzero(np.diff(b, prepend=b[0] - 1))
    lo, hi = np.minimum(mn, mx), np.maximum(mn, mx)  # a negative scale turns them round
    return Overview(b[at] * size, size, np.fmin.reduceat(lo, at), np.fmax.reduceat(hi, at), np.add.reduceat(n, at), interval)


class _Reader:
    """Bins of one span: whole ones from the table of a level, what is left at both ends from the level below, at last from samples."""

    def __init__(self, layout: Layout, span: Span) -> None:
        self.layout = layout
        self.span = span
        g = span.segment
        self.whole_front = span.start == g.start
        self.whole_back = span.stop == g.stop and g.source == "meta"

    def bins(self, level: int, lo: int, hi: int, size: int) -> list[tuple[np.ndarray, ...]]:
        """Bins of device indexes lo to hi: first index, smallest, largest, number of samples. size bounds the bins made of samples."""
        if lo >= hi:
            return []
        if level < 0:
            return _samples(self.layout, self.span, lo, hi, min(size, BIN), lambda x, _: x)
        rows, s = _table(self.span.segment, level), BIN * FACTOR**level
        if rows is None:
            return self.bins(level - 1, lo, hi, size)
        g_lo = lo if not self.whole_front or lo > self.layout.device_index(self.span.start) else lo // s * s
        g_hi = hi if not self.whole_back or hi <= self.layout.device_index(self.span.stop - 1) else -(-hi // s) * s
        b0, b1 = -(-g_lo // s), g_hi // s
        a, z = np.searchsorted(rows["bin"], [b0, b1])
        if a >= z:
            return self.bins(level - 1, lo, hi, size)
        found = np.array(rows[a:z])
        first, last = int(found["bin"][0]) * s, (int(found["bin"][-1]) + 1) * s
        mine = (found["bin"] * s, found["min"], found["max"], found["n"].astype(np.int64))
        return self.bins(level - 1, lo, min(first, hi), size) + [mine] + self.bins(level - 1, max(last, lo), hi, size)


def _samples(layout: Layout, span: Span, lo: int, hi: int, size: int, convert: Callable[[np.ndarray, Span], np.ndarray]) -> list[tuple[np.ndarray, ...]]:
    """Bins of samples that are read, piece by piece and at most so many at once."""
    found = []
    k, m = layout.pieces(span.start, span.stop)
    for p in range(k, m):
        at = int(layout.start[p])
        a = max(span.start, at + max(0, lo - int(layout.index[p])))
        z = min(span.stop, int(layout.stop[p]), at + hi - int(layout.index[p]))
        while a < z:
            part = span.segment.read(a, min(z, a + _BATCH))
            found.append(_reduce(convert(part, span), int(layout.index[p]) + a - at, size))
            a += len(part)
    return found


def _reduce(x: np.ndarray, index: int, size: int) -> tuple[np.ndarray, ...]:
    b = (np.arange(len(x)) + index % size) // size
    at = np.flatnonzero(np.diff(b, prepend=-1))
    n = np.diff(np.append(at, len(x)))
    least, most = (np.fmin, np.fmax) if x.dtype.kind == "f" else (np.minimum, np.maximum)
    return (index // size + b[at]) * size, least.reduceat(x, at), most.reduceat(x, at), n


def _table(g: Segment, level: int) -> Optional[np.ndarray]:
    """The rows of a level of a segment; None when there are none."""
    dtype = np.dtype([("bin", "<i8"), ("min", g.dtype), ("max", g.dtype), ("n", "<u4")])
    path = os.path.join(g.path, f"{g.base}.ov{level}.npy")
    try:
        rows = (os.path.getsize(path) - TABLE_HEADER) // dtype.itemsize
        return np.memmap(path, dtype, "r", offset=TABLE_HEADER, shape=(rows,)) if rows > 0 else None
    except OSError:
        return None
