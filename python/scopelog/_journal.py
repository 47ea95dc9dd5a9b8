"""The journal of a device: what is known, to the sample, of segments that are not sealed (docs/format/journal.md)."""

from __future__ import annotations

import dataclasses
import os
from typing import Any, BinaryIO, Callable, Iterator, Optional

import numpy as np

from . import _capture, _crc
from ._capture import Annotation
from ._errors import FormatError
from ._times import utc_ns

_START, _INDEX, _UTC, _WAVEFORM, _POSITION, _OFFSET, _DEAD, _ARM, _MEMORY, _FLAGS = (
    _capture.CAPTURE.names.index(n)
    for n in "sample_start global_index utc_ns waveform trigger_position trigger_offset_fs dead_time_ns arm memory_segment flags".split()
)


_MANY = 1 << 22  # bytes that are looked at together


def check_version(version: str, what: str) -> None:
    """Refuses a later major version."""
    if str(version).split(".")[0] != "1":
        raise FormatError(f"{what} has format {version}; this reader knows 1: get a newer one")


class StreamFold:
    """What the journal says of one stream in one segment."""

    def __init__(self, offset: int) -> None:
        self.file = ""
        self.offset = offset
        self.n = offset
        self.info: Optional[dict[str, Any]] = None
        self.rows: dict[int, tuple[Any, ...]] = {}
        self.notes: list[Annotation] = []
        self._captures: Optional[np.ndarray] = None

    def void(self, n: int) -> None:
        """Forgets what was said at or behind n."""
        self._captures = None
        self.n = min(self.n, n)
        self.rows = {start: row for start, row in self.rows.items() if start < n}
        self.notes = [dataclasses.replace(a, stop=min(a.stop, n)) for a in self.notes if a.start < n]

    def news(self, said: dict[str, Any]) -> None:
        if said.get("captures") or said.get("waveforms"):
            self._captures = None
        for c in said.get("captures", ()):
            row = _capture.capture_row(c)
            self.rows[row[_START]] = row
        for run in said.get("waveforms", ()):
            for row in _waveforms(run):
                self.rows[row[_START]] = row
        for a in said.get("annotations", ()):
            self._note(_capture.annotation(a))

    def _note(self, new: Annotation) -> None:
        """Adds an annotation, joined with the last one of its label where both are pieces of one."""
        for i in range(len(self.notes) - 1, -1, -1):
            old = self.notes[i]
            if old.label != new.label:
                continue
            if dataclasses.replace(old, start=0, stop=0) == dataclasses.replace(new, start=0, stop=0) and new.start <= old.stop and old.start <= new.stop:
                self.notes[i] = dataclasses.replace(old, start=min(old.start, new.start), stop=max(old.stop, new.stop))
                return
            break
        self.notes.append(new)

    def captures(self) -> np.ndarray:
        """The captures as rows; the array is not changed by what comes later."""
        if self._captures is None:
            self._captures = _capture.captures(self.rows.values())
        return self._captures


def _waveforms(run: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The captures of a run of waveforms in its short form."""
    rows = [_capture.capture_row(run["first"])]
    for time, arm, memory, position, offset, dead in run.get("next", ()):
        row = list(rows[-1])
        row[_START] += run["samples"]
        row[_INDEX] += run["samples"]
        row[_UTC] += time
        row[_WAVEFORM] += 1
        row[_ARM] += arm
        row[_MEMORY] += memory
        row[_POSITION] = -1 if position is None else position
        row[_OFFSET] = -1 if offset is None else offset
        row[_DEAD] = -1 if dead is None else dead
        row[_FLAGS] &= ~_capture.TRIGGER_OFFSET
        if offset is not None:
            row[_FLAGS] |= _capture.TRIGGER_OFFSET
        rows.append(tuple(row))
    return rows


class SegmentFold:
    """What the journal says of one segment of a device."""

    def __init__(self) -> None:
        self.streams: dict[str, StreamFold] = {}
        self.clocks: list[dict[str, Any]] = []
        self.gap_after: Optional[dict[str, Any]] = None
        self.holes = False  # lines are lost


class Journal:
    """The journal of a device, read again from where it was left. Parts of sealed segments are not read."""

    def __init__(self, path: str, device: str) -> None:
        self.path = path
        self.device = device
        self.segments: dict[int, SegmentFold] = {}
        self.epochs: dict[int, dict[str, Any]] = {}
        self.damage: list[str] = []
        self.known: set[int] = set()  # segments that any part tells of
        self._done: dict[str, int] = {}  # bytes that were read of each part; -1: not wanted
        self._seq = -1
        self._segment: Optional[int] = None
        self._pending: dict[str, list[dict[str, Any]]] = {}

    def update(self, parts: list[str], sealed: Callable[[int, list[str]], bool]) -> None:
        """Reads what is new in the parts, in the order of their numbers. sealed tells whether the metas of a segment's streams are all sealed."""
        for name in parts:
            done = self._done.get(name, 0)
            if done < 0:
                self._seq = -1
                continue
            try:
                with open(os.path.join(self.path, name), "rb") as f:
                    self._part(f, name, done, sealed)
            except FileNotFoundError:
                continue  # removed meanwhile, by a rule of the plan
        for number in list(self.segments):
            if sealed(number, list(self.segments[number].streams)):
                del self.segments[number]

    def shrunk(self) -> bool:
        """Tells whether a part is shorter than what was read of it: a repair has been at work, and all has to be read anew."""
        for name, done in self._done.items():
            try:
                if done > os.path.getsize(os.path.join(self.path, name)):
                    return True
            except FileNotFoundError:
                continue
        return False

    def _part(self, f: BinaryIO, name: str, done: int, sealed: Callable[[int, list[str]], bool]) -> None:
        if done == 0:
            first = _crc.parse(f.readline(1 << 20))
            if first is not None and first.get("k") == "state":
                check_version(first.get("format", "1.0"), name)
                segment, streams = first.get("segment"), first.get("streams")
                if isinstance(segment, int) and isinstance(streams, dict) and sealed(segment, list(streams)):
                    self.known.add(segment)
                    self._done[name], self._seq = -1, -1
                    return
        f.seek(done)
        if done == 0:
            self._segment, self._pending = None, {}
        bad = 0
        for line, said in _lines(f):
            seq = said.get("seq") if said is not None else None
            if said is not None and isinstance(seq, int) and seq > self._seq and self._take(said):
                if bad:
                    self.damage.append(f"{name}: {bad} lines of the journal are damaged")
                    self._hole()
                self._done[name], bad = done + len(line), 0
            else:
                bad += 1
            done += len(line)

    def _hole(self) -> None:
        if self._segment in self.segments:
            self.segments[self._segment].holes = True

    def _take(self, said: dict[str, Any]) -> bool:
        """Adds one line; False when it cannot be true."""
        kind, seq = said.get("k"), said["seq"]
        lost = 0 <= self._seq < seq - 1
        if lost:
            self._pending = {}
        try:
            ok = getattr(self, "_" + kind, None)(said) if kind in ("state", "stream", "epoch", "sync", "more", "seal") else True
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            return False
        if ok is False:
            return False
        if kind != "more":
            self._pending = {}
        if lost:
            self.damage.append(f"{self.device}: lines {self._seq + 1} to {seq - 1} of the journal are lost")
            self._hole()
        self._seq = seq
        return True

    def _fold(self, number: int) -> SegmentFold:
        self._segment = number
        self.known.add(number)
        return self.segments.setdefault(number, SegmentFold())

    def _state(self, said: dict[str, Any]) -> bool:
        if said["device"] != self.device:
            return False
        seg = self._fold(said["segment"])
        seg.gap_after = None
        for name, s in said["streams"].items():
            t = seg.streams.setdefault(name, StreamFold(s["offset"]))
            if s["n"] > t.n:
                seg.holes = True
            t.file, t.offset = s["file"], s["offset"]
            t.void(s["n"])
            t.n = s["n"]
        return True

    def _stream(self, said: dict[str, Any]) -> None:
        info = said["global"]
        t = self._fold(info["daq:segment"]).streams.setdefault(said["stream"], StreamFold(info["core:offset"]))
        t.info = info
        c = said.get("capture")
        if c is not None and c["core:sample_start"] >= t.offset:
            t.news({"captures": [c]})

    def _epoch(self, said: dict[str, Any]) -> None:
        self.epochs[said["epoch"]] = said

    def _more(self, said: dict[str, Any]) -> None:
        for name, news in said["streams"].items():
            self._pending.setdefault(name, []).append(news)

    def _sync(self, said: dict[str, Any]) -> bool:
        seg = self._fold(said["segment"])
        for name, news in said["streams"].items():
            t = seg.streams.get(name)
            if t is None or news["n"] < t.n:
                return False
        for name, parts in self._pending.items():
            for news in parts:
                seg.streams[name].news(news)
        for name, news in said["streams"].items():
            seg.streams[name].n = news["n"]
            seg.streams[name].news(news)
        if "clock" in said:
            seg.clocks.append(said["clock"])
        return True

    def _seal(self, said: dict[str, Any]) -> None:
        self._fold(said["segment"]).gap_after = said.get("gap_after", {})


def _lines(f: BinaryIO) -> Iterator[tuple[bytes, Optional[dict[str, Any]]]]:
    """The lines of a part, each with what it says, None where it is damaged or not complete."""
    while lines := f.readlines(_MANY):
        yield from zip(lines, _crc.parse_all(lines))


def epoch_first(said: dict[str, Any]) -> tuple[Optional[int], Optional[int]]:
    """Raw device index and UTC in nanoseconds of an epoch's first sample, None where they are not told."""
    first = said.get("first") or {}
    utc = first.get("utc_ns")
    return first.get("index"), utc_ns(utc) if isinstance(utc, str) else utc
