"""Where each sample of a stream stands: pieces (one capture each, no loss inside) over all segments, and how they join."""

from __future__ import annotations

from fractions import Fraction
from typing import Iterator, NamedTuple, Optional, Sequence, Union

import numpy as np

from ._capture import CAPTURE, GAP, SCALE, Gap, gaps_of
from ._errors import DamagedError, GapError, GoneError, MissingError, ScopelogError
from ._segment import Segment
from ._times import SECOND, nanoseconds


class Span(NamedTuple):
    """Samples of one segment with one scale, stream indexes."""

    segment: Segment
    start: int
    stop: int
    scale: float
    offset: float


class Layout:
    """The pieces of a stream as arrays, one element a piece. Piece k is the samples start[k] to stop[k] (stream indexes); the first one has
    device index index[k]."""

    def __init__(self, name: str, segments: Sequence[Segment], damaged: bool) -> None:
        self.name = name
        self.segments = segments
        parts = [_pieces(g) for g in segments]
        self.start, self.stop, self.scale, self.offset = (np.concatenate([p[n] for p in parts]) for n in range(4))
        self._kept = [p[4] for p in parts]  # rows of each segment's captures that are pieces
        counts = [len(p[0]) for p in parts]
        self.segment = np.repeat(np.arange(len(segments)), counts)
        self._begin = np.concatenate([[0], np.cumsum(counts)])  # the first piece of each segment
        self.index = self.column("global_index")
        self.utc = self.column("utc_ns")
        self.waveform = self.column("waveform")
        self.epoch = self.column("epoch")
        self._damaged = damaged
        self._utc_sorted = np.maximum.accumulate(self.utc) if len(self.utc) else self.utc
        self._settle(damaged)

    def _settle(self, damaged: bool) -> None:
        count = len(self.start)
        era = np.zeros(len(self.segments), np.int64)
        era[1:] = np.cumsum([a.interval != b.interval for a, b in zip(self.segments, self.segments[1:])])
        self.era = era[self.segment]
        joined = np.zeros(count, bool)
        same_file = np.zeros(count, bool)
        if count > 1:
            length = self.stop[:-1] - self.start[:-1]
            joined[1:] = (
                (self.column("flags")[1:] & GAP == 0) & (self.era[1:] == self.era[:-1]) & (self.waveform[1:] < 0)
                & (self.start[1:] == self.stop[:-1]) & (self.index[1:] == self.index[:-1] + length)
            )  # fmt: skip
            removed = np.array([g.removed > 0 for g in self.segments])
            moved = self.segment[1:] != self.segment[:-1]
            joined[1:] &= ~(moved & removed[self.segment[1:]])
            same_file[1:] = (
                ~moved & (self.scale[1:] == self.scale[:-1]) & (self.offset[1:] == self.offset[:-1]) & (self.start[1:] == self.stop[:-1])
            )
        self.breaks = np.flatnonzero(~joined)  # pieces that begin a stretch
        self._spans = np.flatnonzero(~same_file)  # pieces that begin a span
        hidden = sorted(h for g in self.segments for h in g.hidden) if not damaged else []
        self._hidden = hidden
        self._hidden_at = np.array([(a, b) for a, b, _ in hidden], np.int64).reshape(-1, 2)

    def column(self, name: str) -> np.ndarray:
        """A field of the captures' rows, one element a piece."""
        return np.concatenate([g.captures[name][kept] for g, kept in zip(self.segments, self._kept)])

    def rows(self, pieces: np.ndarray) -> np.ndarray:
        """The captures' rows of some pieces."""
        found = np.empty(len(pieces), CAPTURE)
        for n in np.unique(self.segment[pieces]).tolist():
            mine = self.segment[pieces] == n
            found[mine] = self.segments[n].captures[self._kept[n]][pieces[mine] - self._begin[n]]
        return found

    @property
    def first(self) -> int:
        """Stream index of the first sample that is there."""
        return self.segments[0].start

    @property
    def end(self) -> int:
        """Stream index behind the last sample that is there."""
        return self.segments[-1].stop

    def interval(self, piece: int) -> Fraction:
        return self.segments[self.segment[piece]].interval

    def piece(self, position: int) -> int:
        """The piece that holds a sample."""
        if not self.first <= position < self.end:
            raise self._outside(position)
        k = int(np.searchsorted(self.stop, position, "right"))
        if k == len(self.start) or self.start[k] > position:
            raise self._hole(position, k)
        return k

    def _outside(self, position: int) -> Exception:
        if 0 <= position < self.first:
            return GoneError(f"{self.name}: sample {position:,} is not there any more; the first one that is has the index {self.first:,}")
        return IndexError(f"{self.name}: there is no sample {position:,}: they go from {self.first:,} to {self.end - 1:,}")

    def _hole(self, position: int, k: int) -> Exception:
        if k < len(self.start) and self.segments[self.segment[k]].removed:
            return GoneError(f"{self.name}: sample {position:,} was removed by a rule of the plan; the next one that is there has the index {int(self.start[k]):,}")
        return MissingError(f"{self.name}: sample {position:,} was recorded, but no file holds it: logger verify says what is left, and damaged=True reads that")

    def bounds(self, start: Optional[int], stop: Optional[int]) -> tuple[int, int]:
        """A range as Python's slices have it: what is left away is the end, what is negative counts from the end, what reaches beyond both ends
        is cut off. It is not cut off where samples were: those that were removed, and those that the last file lacks."""
        if (stop is None or stop > self.end) and self.segments[-1].missing and not self._damaged:
            raise self._hole(self.end, len(self.start))
        start = self.first if start is None else max(0, start + self.end) if start < 0 else start
        stop = self.end if stop is None else max(0, stop + self.end) if stop < 0 else min(stop, self.end)
        if start < self.first and start < stop:
            raise self._outside(start)
        return min(start, self.end), max(min(start, self.end), stop)

    def pieces(self, start: int, stop: int) -> tuple[int, int]:
        """The pieces [k, l) that samples start to stop lie in. Samples that no file holds, or that are damaged, are an error."""
        if start >= stop:
            return 0, 0
        at = self._hidden_at
        bad = np.flatnonzero((at[:, 0] < stop) & (at[:, 1] > start))
        if len(bad):
            a, b, label = self._hidden[bad[0]]
            raise DamagedError(f"{self.name}: samples {a:,} to {b:,} are {label}: read around them, or open the run with damaged=True")
        k = int(np.searchsorted(self.stop, start, "right"))
        m = int(np.searchsorted(self.start, stop, "left"))
        first = int(self.start[k]) if k < m else stop
        holes = [(start, first)] if start < first else []
        for j in (np.flatnonzero(self.start[k + 1 : m] != self.stop[k : max(k, m - 1)]) + k + 1).tolist():
            holes.append((int(self.stop[j - 1]), int(self.start[j])))
        if k < m and self.stop[m - 1] < stop:
            holes.append((int(self.stop[m - 1]), stop))
        for low, high in holes:
            if not self._damaged and not any(g.start - g.removed <= low and high <= g.start for g in self.segments):
                raise self._hole(low, len(self.start))
        return k, m

    def breaks_in(self, start: int, stop: int) -> np.ndarray:
        """The pieces that begin a stretch behind start and before stop."""
        first = self.start[self.breaks]
        return self.breaks[(first > start) & (first < stop)]

    def refuse_breaks(self, start: int, stop: int) -> None:
        """Raises unless the samples follow each other in time."""
        found = self.breaks_in(start, stop)
        if not len(found):
            return
        k = int(found[0])
        at, gap = int(self.start[k]), self.gap(k)
        rest = f"; there are {len(found) - 1:,} more" if len(found) > 1 else ""
        if self.waveform[k] >= 0:
            raise GapError(f"{self.name}: another waveform begins at sample {at:,}{rest}: read .waveforms, or say gaps=\"skip\"", at, None)
        what = "the sample interval changes" if self.era[k] != self.era[k - 1] else f"samples are missing before sample {at:,} ({gap})"
        fill = "" if self.era[k] != self.era[k - 1] else '"fill" (not a number) or '
        raise GapError(f"{self.name}: {what}{rest}: read the stretches apart, see .stretches(), or say gaps={fill}\"skip\"", at, gap)

    def refuse_units(self, start: int, stop: int) -> None:
        """Raises where the unit of values changes between two samples."""
        k, m = self.pieces(start, stop)
        numbers = np.unique(self.segment[k:m])
        for a, b in zip(numbers[:-1].tolist(), numbers[1:].tolist()):
            before, behind = self.segments[a], self.segments[b]
            if before.info["daq:unit"] != behind.info["daq:unit"]:
                raise ScopelogError(
                    f"{self.name}: values are in {before.info['daq:unit']} before sample {behind.start:,} and in {behind.info['daq:unit']} from there on: "
                    "read both parts apart, or take .volts or .counts"
                )  # fmt: skip

    def gap(self, k: int) -> Optional[Gap]:
        """What is missing in front of a piece, None when nothing is."""
        return self.gaps(np.array([k]))[0]

    def gaps(self, pieces: np.ndarray) -> list[Optional[Gap]]:
        """What is missing in front of each of some pieces."""
        found = gaps_of(self.rows(pieces), self.start[pieces].tolist())
        for n, k in enumerate(pieces.tolist()):
            g = self.segments[self.segment[k]]
            if g.removed and g.before is not None and self.start[k] == g.start:
                found[n] = g.not_kept
            elif found[n] is None and k > 0 and self.era[k] == self.era[k - 1] and self.waveform[k] < 0:
                lost = int(self.index[k]) - self.end_index(k - 1)
                if lost > 0:
                    found[n] = Gap("unknown", lost, True, lost, lost, int(self.start[k]), self.end_index(k - 1))
        return found

    def spans(self, start: int, stop: int) -> Iterator[Span]:
        """What must be read for samples start to stop, in order."""
        k, m = self.pieces(start, stop)
        if k == m:
            return
        starts = self._spans[(self._spans > k) & (self._spans < m)].tolist()
        for a, b in zip([k] + starts, starts + [m]):
            low, high = max(start, int(self.start[a])), min(stop, int(self.stop[b - 1]))
            yield Span(self.segments[self.segment[a]], low, high, float(self.scale[a]), float(self.offset[a]))

    def device_index(self, position: int) -> int:
        k = self.piece(position)
        return int(self.index[k]) + position - int(self.start[k])

    def end_index(self, k: int) -> int:
        """Device index behind the last sample of a piece."""
        return int(self.index[k]) + int(self.stop[k]) - int(self.start[k])

    def utc_of(self, position: int) -> int:
        """UTC of a sample in nanoseconds, by its capture's time and the nominal interval."""
        k = self.piece(position)
        return int(self.utc[k]) + nanoseconds(position - int(self.start[k]), self.interval(k))

    def behind(self, k: int, samples: int) -> int:
        """The sample that so many lie in front of in piece k, or the first one of the next piece where the piece is shorter."""
        at = int(self.start[k]) + max(0, samples)
        if at < self.stop[k]:
            return at
        return int(self.start[k + 1]) if k + 1 < len(self.start) else self.end

    def at_utc(self, ns: int) -> int:
        """The first sample at or behind a moment."""
        if not len(self.start):
            return self.first
        k = int(np.searchsorted(self._utc_sorted, ns, "right")) - 1
        if k < 0:
            return self.first
        i = self.interval(k)
        return self.behind(k, -((int(self.utc[k]) - ns) * i.denominator // (i.numerator * SECOND)))

    def at_seconds(self, seconds: Fraction, slack: Fraction) -> int:
        """The first sample at or behind so many seconds of device time. Up to slack of a sample counts as none."""
        for era in range(int(self.era[-1]) if len(self.era) else -1, -1, -1):
            of = np.flatnonzero(self.era == era)
            if not len(of):
                continue
            x = seconds / self.interval(int(of[0]))
            n = -(-x.numerator // x.denominator)
            if n - 1 >= x - slack:
                n -= 1
            if x + slack >= int(self.index[of[0]]) or era == 0:
                return self.at_index(n, int(of[0]), int(of[-1]) + 1)
        return self.first

    def at_index(self, index: int, low: int = 0, high: Optional[int] = None) -> int:
        """The sample with a device index, or the first one behind it."""
        high = len(self.start) if high is None else high
        k = low + int(np.searchsorted(self.index[low:high], index, "right")) - 1
        return self.behind(k, index - int(self.index[k])) if k >= low else (int(self.start[low]) if low < len(self.start) else self.first)


def _pieces(g: Segment) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, Union[slice, np.ndarray]]:
    """The pieces of one segment: where they begin and end, scale and offset, and which rows of its captures they are."""
    rows = g.captures
    start = rows["sample_start"].copy()
    stop = np.minimum(np.append(start[1:], g.stop)[: len(rows)], g.stop)
    there = stop > start
    own = rows["flags"] & SCALE != 0
    scale = np.where(own, rows["scale"], float(g.info["daq:scale"])) if own.any() else np.full(len(rows), float(g.info["daq:scale"]))
    offset = np.where(own, rows["offset"], float(g.info["daq:offset"])) if own.any() else np.full(len(rows), float(g.info["daq:offset"]))
    kept: Union[slice, np.ndarray] = slice(None) if there.all() else np.flatnonzero(there)
    return start[kept], stop[kept], scale[kept], offset[kept], kept
