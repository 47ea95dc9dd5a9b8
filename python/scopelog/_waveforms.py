"""The waveforms of block modes as the rows of a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional

import numpy as np

from ._capture import TRIGGER_OFFSET
from ._errors import ScopelogError
from ._layout import Span
from ._view import as_array

if TYPE_CHECKING:
    from ._stream import Stream


class Rows:
    """Waveforms that are read when they are asked for: rows[i] is one, rows[a:b] a matrix, rows[[1, 5]] chosen ones."""

    ndim = 2

    def __init__(self, waveforms: "Waveforms", dtype: np.dtype, convert: Callable[[np.ndarray, Span], np.ndarray]) -> None:
        self._waveforms = waveforms
        self._convert = convert
        self.dtype = dtype

    @property
    def shape(self) -> tuple[int, int]:
        return (len(self._waveforms), self._waveforms.samples)

    def __len__(self) -> int:
        return len(self._waveforms)

    def __repr__(self) -> str:
        return f"<{self.shape[0]:,} waveforms of {self.shape[1]:,} samples, {self.dtype}>"

    def __getitem__(self, key: Any) -> np.ndarray:
        w, rest = self._waveforms, ()
        if isinstance(key, tuple):
            key, rest = key[0], (slice(None), *key[1:])
        which = np.arange(len(w))[key]
        if which.ndim == 0:
            return self._read(int(which), int(which) + 1)[0][rest[1:]]
        if len(which) and np.array_equal(which, np.arange(which[0], which[0] + len(which))):
            got = self._read(int(which[0]), int(which[0]) + len(which))
        else:
            got = np.concatenate([self._read(i, i + 1) for i in which.tolist()] or [np.zeros((0, w.samples), self.dtype)])
        return got[rest] if rest else got

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> np.ndarray:
        return as_array(self[:], dtype, copy)

    def _read(self, start: int, stop: int) -> np.ndarray:
        w = self._waveforms
        n, out = w.samples, np.zeros((stop - start, w.samples), self.dtype)
        layout, piece = w._stream._layout, w._piece[start:stop]
        at = 0
        # What lies between two waveforms may be one that is not whole: its samples are not read.
        for run in np.split(piece, np.flatnonzero(np.diff(piece) != 1) + 1) if len(piece) else ():
            for s in layout.spans(int(layout.start[run[0]]), int(layout.stop[run[-1]])):
                rows = (s.stop - s.start) // n
                out[at : at + rows] = self._convert(s.segment.read(s.start, s.stop), s).reshape(rows, n)
                at += rows
        return out


class Waveforms:
    """The waveforms of a stream, in order. w[i], w[a:b] gives counts, w.values and w.volts the same in the unit and in volts at the tip. What else
    is known of them are arrays of one element a waveform. While the run records there are those that are synced."""

    def __init__(self, stream: "Stream") -> None:
        layout = stream._layout
        if stream.mode == "stream":
            raise ScopelogError(f"{stream.name} is a stream without waveforms: read .values, or .stretches()")
        lengths = {g.samples_per_waveform for g in stream.segments if len(g)}
        if len(lengths) > 1:
            raise ScopelogError(f"{stream.name}: waveforms of {sorted(lengths)} samples make no matrix: read .stretches()")
        self.samples: int = int(lengths.pop() if lengths else stream.info["daq:waveform_samples"])  #: of each waveform
        self._stream = stream
        self._piece = np.flatnonzero((layout.waveform >= 0) & (layout.stop - layout.start == self.samples))
        self._layout = layout
        self._interval = float(stream.interval)

    def __reduce__(self) -> tuple[Any, ...]:
        return Waveforms, (self._stream,)

    def _column(self, name: str) -> np.ndarray:
        return self._layout.column(name)[self._piece]

    def __len__(self) -> int:
        return len(self._piece)

    @property
    def shape(self) -> tuple[int, int]:
        """Waveforms and samples of each."""
        return (len(self), self.samples)

    def __repr__(self) -> str:
        return f"<{len(self):,} waveforms of {self.samples:,} samples of {self._stream.name}>"

    @property
    def counts(self) -> Rows:
        """Samples as they are stored."""
        v = self._stream.counts
        return Rows(self, v.dtype, v._convert)

    @property
    def values(self) -> Rows:
        """Samples in the stream's unit."""
        v = self._stream.values
        return Rows(self, v.dtype, v._convert)

    @property
    def volts(self) -> Rows:
        """Samples in volts at the tip."""
        v = self._stream.volts
        return Rows(self, v.dtype, v._convert)

    def __getitem__(self, key: Any) -> np.ndarray:
        return self.counts[key]

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> np.ndarray:
        return self.counts.__array__(dtype, copy)

    @property
    def number(self) -> np.ndarray:
        """Number of each waveform in the run; it has holes where waveforms were lost."""
        return self._column("waveform")

    @property
    def arm(self) -> np.ndarray:
        """Number of the arming that it came from."""
        return self._column("arm")

    @property
    def memory_segment(self) -> np.ndarray:
        """The device's own memory segment."""
        return self._column("memory_segment")

    @property
    def start(self) -> np.ndarray:
        """Stream index of its first sample."""
        return self._layout.start[self._piece]

    @property
    def time(self) -> np.ndarray:
        """UTC of its first sample, datetime64[ns], as exact as the driver could tell."""
        return self._column("utc_ns").astype("datetime64[ns]")

    @property
    def trigger_position(self) -> np.ndarray:
        """Samples from its first one to the trigger point; -1: without a trigger."""
        return self._column("trigger_position")

    @property
    def trigger_seconds(self) -> np.ndarray:
        """Seconds from its first sample to the trigger, with the part of a sample where the instrument tells it; NaN without a trigger."""
        position = self._column("trigger_position")
        known = self._column("flags") & TRIGGER_OFFSET != 0
        return np.where(position >= 0, position * self._interval + np.where(known, self._column("trigger_offset_fs") * 1e-15, 0.0), np.nan)

    @property
    def dead_seconds(self) -> np.ndarray:
        """Seconds from the end of the waveform before to its first sample; NaN where that is not known."""
        dead = self._column("dead_time_ns")
        return np.where(dead >= 0, dead * 1e-9, np.nan)

    def seconds(self) -> np.ndarray:
        """The axis of time that all waveforms share: seconds since the first sample of each. Take trigger_seconds[i] off for time since the trigger."""
        return np.arange(self.samples) * self._interval
