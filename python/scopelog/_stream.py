"""One stream of a run: device x channel x kind, over all segments."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import functools
import operator
import os
import re
from fractions import Fraction
from typing import Any, Iterator, Optional, Sequence, SupportsIndex, Union

import numpy as np

from . import _formula, _overview, _waveforms
from ._capture import CAUSES, Annotation, Gap, gap_after, gaps_of
from ._errors import EquationError, FormatError, ScopelogError
from ._labels import pin_labels
from ._layout import Layout, Span
from ._segment import Segment
from ._times import datetime64, nanoseconds, nanoseconds_of, utc_ns
from ._view import Chunk, Place, View, whole

When = Union[int, float, Fraction, decimal.Decimal, datetime.timedelta, str, datetime.datetime, np.datetime64]


_MANY = 4096  # stretches that are looked at together


@dataclasses.dataclass(frozen=True)
class Stretch:
    """Samples start to stop (stream indexes) that follow each other without loss; in block modes one waveform.

    index is the device index of the first one, interval the seconds from one sample to the next, exactly, time the UTC of the first one, epoch
    the number of the driver's start that it came from, gap what is missing in front of it, if anything is.
    """

    start: int
    stop: int
    index: int
    interval: Fraction
    time: np.datetime64
    epoch: int
    gap: Optional[Gap]

    def __len__(self) -> int:
        return self.stop - self.start


class Stream:
    """Samples of one stream, as an array that reads files when it is sliced.

    stream[a:b], or stream.counts, gives what is stored; stream.values what it is in stream.unit; stream.volts the volts at the tip.
    Samples are numbered by their stream index, from 0 in the order in which they were recorded, over all segments. Places may be given as
    moments too: stream.values["2026-11-20T08:00:05Z":]. The device index of a sample counts lost ones too: index * interval is its time
    in seconds since the device's first sample.

    name is device.channel, with .min, .max or another kind behind it where samples are reduced; kind is raw, min, max, decimate, average or sum, and
    ratio how many raw samples make one. mode is stream, block or rapid_block, unit that of values, label what the plan calls the channel.
    interval is the seconds from one sample to the next, exactly, a Fraction; rate samples per second. dtype is that of what is stored. info is the
    global object of the last segment's metadata, segments the files.

    A stream shows what was there when the run was opened or refreshed. It may be used from several threads.
    """

    ndim = 1

    def __init__(self, segments: Sequence[Segment], damaged: bool) -> None:
        self.segments = list(segments)
        self.info: dict[str, Any] = segments[-1].info
        self.name: str = self.info["daq:stream"]
        self.device: str = self.info["daq:device"]
        self.channel: str = self.info["daq:channel"]
        self.kind: str = self.info["daq:kind"]
        self.mode: str = self.info["daq:mode"]
        self.unit: str = self.info["daq:unit"]
        self.label: str = self.info.get("daq:label", "")
        self.ratio: int = self.info["daq:ratio"]
        self.interval: Fraction = segments[-1].interval
        self.dtype = segments[-1].dtype
        self._damaged = damaged
        self._equations: list[str] = sorted({g.info.get("daq:equation") or "" for g in self.segments} - {""})
        self._has_volts = self.unit == "V" or any(k in self.info for k in ("daq:volts_per_count", "daq:sensor"))
        self._count = sum(len(g) for g in self.segments)

    @functools.cached_property
    def _layout(self) -> Layout:
        """Where samples stand; made when it is asked for first, as captures are many and most streams of a run may not be looked at."""
        return Layout(self.name, self.segments, self._damaged)

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k != "_layout"}  # made anew where it is needed

    def __repr__(self) -> str:
        try:
            gaps = f"{sum(len(g.gap_rows) + (g.not_kept is not None) + bool(g.gap_after) for g in self.segments):,} gaps"
        except ScopelogError as e:
            gaps = str(e)
        return f"<stream {self.name}: {len(self):,} samples of {float(self.interval):g} s in {self.unit}, {gaps}>"

    def __len__(self) -> int:
        """Number of samples that are there."""
        return self._count

    @property
    def shape(self) -> tuple[int]:
        """Of all samples that are there."""
        return (len(self),)

    @property
    def start(self) -> int:
        """Stream index of the first sample that is there; above 0 when segments were removed by a rule of the plan."""
        return self._layout.first

    @property
    def stop(self) -> int:
        """Stream index behind the last sample that is there. While the run records, behind the last synced one."""
        return self._layout.end

    @property
    def rate(self) -> float:
        """Samples per second."""
        return float(1 / self.interval)

    @property
    def live(self) -> bool:
        """Tells whether the last segment was being recorded, or left without being sealed, when the run was opened or refreshed."""
        return self.segments[-1].source != "meta"

    # What samples are.

    @property
    def counts(self) -> View:
        """Samples as they are stored."""
        return View(self, self.dtype, _counts)

    @property
    def values(self) -> View:
        """Samples in stream.unit, float64: with the channel's scale, or its equation, applied. What an equation has no finite result for is NaN."""
        for text in self._equations:
            _formula.compiled(text)
        if self._equations and not self._has_volts:
            raise EquationError(f"{self.name} has the equation {self.info.get('daq:equation')!r} over the volts at the tip, and no volts; use .counts")
        return View(self, np.dtype(np.float64), _values, one_unit=True)

    def unit_at(self, position: int) -> str:
        """The unit of the value of a sample. It is stream.unit, but in a run that was resumed with another one, where that is the last one's."""
        layout = self._layout
        return layout.segments[layout.segment[layout.piece(position)]].info["daq:unit"]

    @property
    def volts(self) -> View:
        """Samples in volts at the tip, float64."""
        if not self._has_volts:
            raise ScopelogError(f"{self.name} has no volts: it is in {self.unit!r}; use .values")
        return View(self, np.dtype(np.float64), _volts)

    @functools.cached_property
    def pins(self) -> dict[str, str]:
        """The pins of a digital port by their names, the lowest bit first, with the labels that the plan gave them: {"D0": "clock", "D1": ""}. Empty
        for what is no port."""
        m = re.match(r"(\D+)(\d+)-(\d+)\Z", self.channel)
        if m is None or self.dtype != np.uint8:
            return {}
        labels = pin_labels(os.path.dirname(self.segments[-1].data), self.device, self.channel)
        names = [f"{m.group(1)}{n}" for n in range(int(m.group(2)), int(m.group(3)) + 1)]
        return {name: labels.get(name, "") for name in names[:8]}

    def pin(self, pin: Union[SupportsIndex, str]) -> View:
        """One pin of a digital port, as truths: pin("D3"), pin("clock") where the plan calls it so, or pin(3) for the fourth of the port."""
        names = list(self.pins)
        if not names:
            raise ScopelogError(f"{self.name} is no digital port")
        if isinstance(pin, str):
            bit = names.index(pin) if pin in names else -1
        else:
            bit = operator.index(pin)  # also of NumPy's numbers
        called = [n for n, label in enumerate(self.pins.values()) if label and label == pin]
        if bit < 0 and isinstance(pin, str) and len(called) == 1:
            bit = called[0]
        if not 0 <= bit < len(names):
            have = [label for label in self.pins.values() if label]
            why = f"several are called so, of {names[0]} to {names[-1]}" if called else f"it has {', '.join([f'{names[0]} to {names[-1]}', *have])}"
            raise ValueError(f"{self.name} has no pin {pin!r}: {why}")
        return View(self, np.dtype(bool), functools.partial(_pin, bit))

    def __getitem__(self, key: Any) -> Any:
        return self.counts[key]

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> np.ndarray:
        return self.counts.__array__(dtype, copy)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.counts)

    def read(self, start: Place = None, stop: Place = None, *, step: int = 1, gaps: str = "refuse") -> np.ndarray:
        """Samples as they are stored; see View.read."""
        return self.counts.read(start, stop, step=step, gaps=gaps)

    def chunks(self, size: int = 1 << 20, start: Place = None, stop: Place = None, *, gaps: str = "split") -> Iterator[Chunk]:
        """Samples as they are stored, in constant memory; see View.chunks, also of values and volts."""
        return self.counts.chunks(size, start, stop, gaps=gaps)

    # Where and when they are.

    def _place(self, place: Place) -> Optional[int]:
        if place is None:
            return None
        if isinstance(place, (str, datetime.datetime, np.datetime64)):
            return self._layout.at_utc(utc_ns(place))
        position = whole(place)
        if position is None:
            raise TypeError(f"{place!r:.60} is no sample and no moment; for seconds write stream.at({place!r:.60})")
        return position

    def at(self, when: When) -> int:
        """The stream index of the first sample at or behind a moment.

        A number, or a timedelta, is seconds since the device's first sample, by its own clock. A text such as 2026-11-20T08:00:00.25Z, a datetime
        with a time zone, or a datetime64 (UTC) is compared with the times of the captures. Behind the last sample it is stream.stop.
        """
        if isinstance(when, (str, datetime.datetime, np.datetime64)):
            return self._layout.at_utc(utc_ns(when))
        if isinstance(when, datetime.timedelta):
            when = Fraction(when // datetime.timedelta(microseconds=1), 1_000_000)
        if isinstance(when, (float, np.floating)):
            x = Fraction(float(when))
            return self._layout.at_seconds(x, max(Fraction(1, 10**6), abs(x / self.interval) / (1 << 50)))
        return self._layout.at_seconds(Fraction(when), Fraction(0))

    def index(self, position: int) -> int:
        """The device index of a sample: samples of this stream's rate since the run began, lost ones included."""
        return self._layout.device_index(operator.index(position))

    def position(self, index: int) -> int:
        """The stream index of the sample with a device index, or of the first one behind it when that one was lost. In a run whose interval was
        changed it speaks of the samples behind the last change."""
        era = self._layout.era
        low = int(np.searchsorted(era, era[-1])) if len(era) else 0
        return self._layout.at_index(operator.index(index), low)

    def time(self, position: int) -> np.datetime64:
        """UTC of a sample, from its capture's time and the nominal interval."""
        return datetime64(self._layout.utc_of(operator.index(position)))

    def times(self, start: Place = None, stop: Place = None, *, step: int = 1) -> np.ndarray:
        """UTC of samples start to stop as datetime64[ns]; they jump where samples are missing."""
        where, k = self._places(start, stop, step)
        layout, out = self._layout, np.zeros(len(where), np.int64)
        for era in np.unique(layout.era[k]).tolist():
            of = layout.era[k] == era
            steps = where[of] - layout.start[k[of]]
            out[of] = layout.utc[k[of]] + nanoseconds_of(steps, layout.interval(int(k[of][0])))
        return out.astype("datetime64[ns]")

    def seconds(self, start: Place = None, stop: Place = None, *, step: int = 1) -> np.ndarray:
        """Seconds since the device's first sample, by its own clock, of samples start to stop; float64."""
        where, k = self._places(start, stop, step)
        layout, out = self._layout, np.zeros(len(where))
        for era in np.unique(layout.era[k]).tolist():
            of = layout.era[k] == era
            i = layout.interval(int(k[of][0]))
            index = layout.index[k[of]] + (where[of] - layout.start[k[of]])
            out[of] = index * float(i.numerator) / float(i.denominator)
        return out

    def _places(self, start: Place, stop: Place, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Stream indexes of samples, and the pieces that they lie in."""
        low, high = self._layout.bounds(self._place(start), self._place(stop))
        where = np.arange(low, high, step, dtype=np.int64)
        k = np.searchsorted(self._layout.stop, where, "right")
        there = k < len(self._layout.start)
        there[there] = self._layout.start[k[there]] <= where[there]
        return where[there], k[there]

    # What is missing, and what is noted.

    def stretches(self, start: Place = None, stop: Place = None) -> Iterator[Stretch]:
        """The stretches without loss in samples start to stop, in order and cut to them; in block modes each waveform is one."""
        layout = self._layout
        low, high = layout.bounds(self._place(start), self._place(stop))
        if low == high:
            return
        k, m = int(np.searchsorted(layout.stop, low, "right")), int(np.searchsorted(layout.start, high, "left"))
        begins = layout.breaks[(layout.breaks > k) & (layout.breaks < m)]
        first, behind = np.concatenate([[k], begins]), np.concatenate([begins, [m]])
        for at in range(0, len(first), _MANY):
            yield from self._stretches(first[at : at + _MANY], behind[at : at + _MANY], low, high)

    def _stretches(self, first: np.ndarray, behind: np.ndarray, low: int, high: int) -> Iterator[Stretch]:
        """Stretches of pieces first to behind, cut to samples low to high."""
        layout = self._layout
        whole = layout.start[first]
        start, stop = np.maximum(whole, low), np.minimum(layout.stop[behind - 1], high)
        ahead, utc = start - whole, layout.utc[first].astype(object)
        index = layout.index[first] + ahead
        begun = np.flatnonzero(ahead == 0)
        gaps: list[Optional[Gap]] = [None] * len(first)
        for n, gap in zip(begun.tolist(), layout.gaps(first[begun])):
            gaps[n] = gap
        eras, epochs = layout.era[first].tolist(), layout.epoch[first].tolist()
        intervals = {e: layout.interval(int(first[eras.index(e)])) for e in set(eras)}
        times = [t + nanoseconds(n, intervals[e]) if n else t for t, n, e in zip(utc, ahead.tolist(), eras)]
        for a, b, i, e, t, epoch, gap in zip(start.tolist(), stop.tolist(), index.tolist(), eras, times, epochs, gaps):
            if a < b:
                yield Stretch(a, b, i, intervals[e], datetime64(t), epoch, gap)

    @property
    def gaps(self) -> list[Gap]:
        """All that is missing, in order, behind the last sample too."""
        found: list[Gap] = []
        for g in self.segments:
            if g.not_kept is not None:
                found.append(g.not_kept)
            rows = g.gap_rows
            found += [gap for gap in gaps_of(rows, rows["sample_start"].tolist()) if gap is not None]
            if g.gap_after:
                k = int(np.searchsorted(self._layout.start, g.stop, "left")) - 1
                found.append(gap_after(g.gap_after, g.stop, self._layout.end_index(k) if k >= 0 else 0))
        return found

    @property
    def lost(self) -> int:
        """Samples that were lost, by the best estimate; what was not kept on purpose does not count."""
        found = 0
        for g in self.segments:
            rows = g.gap_rows
            found += int(rows["lost"][rows["cause"] != CAUSES.index("not_kept")].sum())
            if g.gap_after and g.gap_after["cause"] != "not_kept":
                found += g.gap_after["lost"]
        return found

    def annotations(self, label: Optional[str] = None) -> list[Annotation]:
        """Notes about samples, in order: over_range, trigger, mark, power, damaged, unverified; all, or those with a label."""
        return [a for g in self.segments for a in g.annotations if label is None or a.label == label]

    @property
    def waveforms(self) -> "_waveforms.Waveforms":
        """The waveforms of a block mode, one row each."""
        return _waveforms.Waveforms(self)

    def overview(self, start: Place = None, stop: Place = None, *, points: int = 1000) -> "_overview.Overview":
        """Smallest and largest sample of each bin, about points bins of equal length over samples start to stop, quickly for months too; where a
        channel has an equation all samples are read."""
        return _overview.overview(self, start, stop, points)


def _counts(x: np.ndarray, span: Span) -> np.ndarray:
    return x


def _pin(bit: int, x: np.ndarray, span: Span) -> np.ndarray:
    return (x >> np.uint8(bit) & np.uint8(1)).astype(bool)


def _values(x: np.ndarray, span: Span) -> np.ndarray:
    equation = span.segment.info.get("daq:equation")
    if equation:
        return _formula.compiled(equation)(_volts(x, span))
    return np.multiply(x, span.scale, dtype=np.float64) + span.offset


def _volts(x: np.ndarray, span: Span) -> np.ndarray:
    sensor = span.segment.info.get("daq:sensor") or {}
    scale, offset = sensor.get("scale", 0.0 if sensor else 1.0), sensor.get("offset", 0.0)
    if scale == 0:
        raise FormatError(f"{span.segment.base}: the scale of its sensor is 0: read .counts")
    return np.multiply(x, span.scale / scale, dtype=np.float64) + (span.offset - offset) / scale
