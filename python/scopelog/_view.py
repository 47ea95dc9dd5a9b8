"""Views: the samples of a stream as counts, values, volts or pins, read when they are asked for."""

from __future__ import annotations

import dataclasses
import operator
from typing import TYPE_CHECKING, Any, Callable, Iterator, Optional, Union

import numpy as np

from ._capture import Gap
from ._errors import GapError
from ._layout import Span
from ._times import Moment, datetime64

if TYPE_CHECKING:
    from ._stream import Stream

Place = Union[int, Moment, None]
GAPS = ("refuse", "fill", "skip")


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Samples that follow each other without loss.

    data are the samples, an array of the reader's own. start is the stream index of the first one, stop that behind the last one; index is the
    first one's device index: index * interval are seconds since the device's first sample. time is its UTC. joined tells that the chunk goes on
    where the one before ended, gap what is missing in front of it, if anything is.
    """

    data: np.ndarray
    start: int
    index: int
    time: np.datetime64
    joined: bool
    gap: Optional[Gap]

    @property
    def stop(self) -> int:
        """Stream index behind the last sample."""
        return self.start + len(self.data)


def whole(x: Any) -> Optional[int]:
    """A whole number, also one of NumPy's; None for anything else, and for truths and arrays."""
    if isinstance(x, (bool, np.bool_)) or np.ndim(x) > 0:
        return None
    try:
        return operator.index(x)
    except TypeError:
        return None


def as_array(got: np.ndarray, dtype: Any, copy: Optional[bool]) -> np.ndarray:
    """What __array__ gives of samples that have been read."""
    if copy is False:
        raise ValueError("samples are read into a new array: copy=False is not possible; a segment's memmap() copies nothing")
    return got if dtype is None else got.astype(dtype, copy=False)


def _short(key: Any) -> str:
    return f"an array of {key.dtype}" if isinstance(key, np.ndarray) else f"{key!r:.60}"


class View:
    """An array-like of one dimension that reads files when it is sliced: view[a:b] is a new NumPy array.

    Samples are numbered by their stream index: from 0 in the order in which they were recorded, over all segments. A range with a loss
    inside is a GapError; read() can fill or skip it.
    """

    ndim = 1

    def __init__(self, stream: "Stream", dtype: np.dtype, convert: Callable[[np.ndarray, Span], np.ndarray], one_unit: bool = False) -> None:
        self._stream = stream
        self._convert = convert
        self._one_unit = one_unit
        self.dtype = np.dtype(dtype)

    def __len__(self) -> int:
        return len(self._stream)

    @property
    def shape(self) -> tuple[int]:
        """Of all samples that are there."""
        return (len(self),)

    @property
    def size(self) -> int:
        """Number of all samples that are there."""
        return len(self)

    def __repr__(self) -> str:
        return f"<{len(self):,} samples of {self._stream.name}, {self.dtype}>"

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return self.read(key.start, key.stop, step=1 if key.step is None else key.step)
        position = whole(key)
        if position is None:
            raise TypeError(f"{_short(key)} is neither a sample nor a slice: read a range and index the array, as in x = view[a:b]; x[mask]")
        layout = self._stream._layout
        position = position + layout.end if position < 0 else position
        layout.piece(position)
        return self._read(position, position + 1, 1)[0]

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> np.ndarray:
        return as_array(self.read(), dtype, copy)

    def __iter__(self) -> Iterator[Any]:
        for chunk in self.chunks(gaps="skip"):
            yield from chunk.data

    def read(self, start: Place = None, stop: Place = None, *, step: int = 1, gaps: str = "refuse") -> np.ndarray:
        """A new array of samples start to stop: stream indexes, or moments as at() takes them.

        gaps says what becomes of a range with a loss inside. "refuse" raises a GapError. "skip" leaves lost samples out. "fill" puts NaN in
        their places; counts and pins become a masked array, as whole numbers have no NaN. A gap whose length was estimated is filled with its best
        estimate.
        """
        if gaps not in GAPS:
            raise ValueError(f"gaps={gaps!r}: it is one of {', '.join(GAPS)}")
        if whole(step) is None:
            raise TypeError(f"{_short(step)} is no step: it is a whole number of samples")
        if step < 1:
            raise ValueError(f"a step of {step} is not possible: read forwards and turn the array round")
        layout = self._stream._layout
        start, stop = layout.bounds(self._stream._place(start), self._stream._place(stop))
        layout.pieces(start, stop)
        if gaps == "refuse":
            layout.refuse_breaks(start, stop)
        if self._one_unit:
            layout.refuse_units(start, stop)
        if gaps == "fill":
            return self._filled(start, stop)[::step]
        return self._read(start, stop, step)

    def _read(self, start: int, stop: int, step: int) -> np.ndarray:
        parts, skip = [], 0
        for s in self._stream._layout.spans(start, stop):
            low = s.start + skip
            if low < s.stop:
                parts.append(self._convert(s.segment.read(low, s.stop, step), s))
            skip = -(s.stop - s.start - skip) % step if low < s.stop else skip - (s.stop - s.start)
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros(0, self.dtype)

    def _filled(self, start: int, stop: int) -> np.ndarray:
        layout = self._stream._layout
        k, m = layout.pieces(start, stop)
        if k == m:
            return np.zeros(0, self.dtype)
        begins = layout.breaks[(layout.breaks > k) & (layout.breaks < m)]
        bad = begins[(layout.waveform[begins] >= 0) | (layout.era[begins] != layout.era[begins - 1])]
        if len(bad):
            at = int(layout.start[bad[0]])
            raise GapError(
                f'{self._stream.name}: what lies before sample {at:,} cannot be filled: it is no number of samples; say gaps="skip"', at, layout.gap(int(bad[0]))
            )  # fmt: skip
        first = np.concatenate([[k], begins])  # pieces that begin a stretch
        low = np.maximum(layout.start[first], start)
        high = np.minimum(layout.stop[np.append(begins, m) - 1], stop)
        place = layout.index[first] + (low - layout.start[first])
        place -= place[0]
        count = int(place[-1] + high[-1] - low[-1])
        floating = self.dtype.kind == "f"
        out = np.full(count, np.nan if floating else 0, self.dtype)
        there = np.zeros(0 if floating else count, bool)
        many = 1 if (stop - start) // len(first) > 1000 else 4096  # short stretches are read many at once
        for n in range(0, len(first), many):
            lengths = high[n : n + many] - low[n : n + many]
            got = self._read(int(low[n]), int(high[n : n + many][-1]), 1)
            to: Union[slice, np.ndarray] = slice(int(place[n]), int(place[n]) + len(got))
            if many > 1:
                to = np.arange(len(got)) + np.repeat(place[n : n + many] - (np.cumsum(lengths) - lengths), lengths)
            out[to] = got
            if not floating:
                there[to] = True
        return out if floating else np.ma.MaskedArray(out, mask=~there)

    def chunks(self, size: int = 1 << 20, start: Place = None, stop: Place = None, *, gaps: str = "split") -> Iterator[Chunk]:
        """Samples start to stop in chunks of at most size, in constant memory. No chunk reaches over a loss: behind one a new chunk begins,
        whose joined is False and whose gap tells of it. gaps="refuse" raises instead."""
        if size < 1:
            raise ValueError(f"chunks of {size} samples are not possible")
        if gaps not in ("split", "skip", "refuse"):
            raise ValueError(f"gaps={gaps!r}: chunks take split or refuse")
        layout = self._stream._layout
        start, stop = layout.bounds(self._stream._place(start), self._stream._place(stop))
        if gaps == "refuse":
            layout.pieces(start, stop)
            layout.refuse_breaks(start, stop)
        for s in self._stream.stretches(start, stop):
            if self._one_unit:
                layout.refuse_units(s.start, s.stop)
            for at in range(s.start, s.stop, size):
                data = self._read(at, min(at + size, s.stop), 1)
                first = at == s.start
                yield Chunk(data, at, s.index + at - s.start, datetime64(layout.utc_of(at)), not first, s.gap if first else None)
