"""A run: the folder of a recording, its devices, streams and events."""

from __future__ import annotations

import dataclasses
import os
import re
from fractions import Fraction
from typing import Any, Iterator, Mapping, Optional, Union

import numpy as np

from . import _crc
from ._errors import FormatError, GoneError, NotARecordingError
from ._journal import Journal, check_version, epoch_first
from ._meta import BROKEN, META, Meta, load_meta
from ._segment import DATA, Segment
from ._stream import Stream
from ._times import datetime64, utc_ns

_PART = re.compile(r"(.+)\.journal-([0-9]{6,18})\.jsonl\Z")
_CLOCK = re.compile(r"\.clock(-[0-9]+)?\.csv\Z")
CLOCK = np.dtype(
    [("epoch", "<i8"), ("index", "<i8"), ("mono_ns", "<i8"), ("utc_ns", "<i8"), ("bracket_ns", "<i8"), ("suspended_ns", "<i8"), ("state", "U14"), ("max_error_ns", "<i8")]
)


@dataclasses.dataclass(frozen=True)
class Epoch:
    """One start of one driver process, hence one sample clock.

    number counts from 0, cause tells why it was started. base is the raw device index of its first sample, known to lie in base_min to base_max,
    time the UTC of that sample. boot_id tells whether the machine was started in between.
    """

    number: int
    cause: str
    base: int
    base_min: int
    base_max: int
    boot_id: str
    time: Optional[np.datetime64]


@dataclasses.dataclass(frozen=True)
class Event:
    """A line of the run's events.

    seq numbers them, time is UTC. kind is run_start, mark, gap, restart and others, device its device if it has one, index a raw device index,
    count how many like it are told by this line, text what people read. data are values of the kind, info is the whole line.
    """

    seq: int
    time: np.datetime64
    kind: str
    device: Optional[str]
    index: Optional[int]
    count: int
    text: str
    data: dict[str, Any]
    info: dict[str, Any]


class Device:
    """One instrument of a run: driver, model, serial, mode (stream, block, rapid_block), emulated, and epochs, the starts of its driver.

    raw_interval is the seconds from one raw sample to the next, exactly. streams has the device's streams by their full names, device["A"] is one
    by its channel. info is what run.json says of it; empty where run.json is lost.
    """

    def __init__(self, run: "Run", name: str, info: dict[str, Any], streams: list[Stream], epochs: list[Epoch]) -> None:
        self._run = run
        self.name = name
        self.info = info
        self.streams = {s.name: s for s in streams}
        self.epochs = epochs
        g = streams[0].info if streams else {}
        self.driver: str = info.get("driver", g.get("daq:driver", ""))
        self.model: str = info.get("model", g.get("daq:model", ""))
        self.serial: str = info.get("serial", g.get("daq:serial", ""))
        self.mode: str = info.get("mode", g.get("daq:mode", ""))
        self.emulated: bool = info.get("emulated", g.get("daq:emulated", False))
        raw = info.get("raw_interval")
        self.raw_interval: Optional[Fraction] = Fraction(raw["num"], raw["den"]) if raw else (streams[0].interval / streams[0].ratio if streams else None)

    def __repr__(self) -> str:
        return f"<device {self.name}: {self.model} {self.serial}, {self.mode}, {', '.join(self.streams)}>"

    def __getitem__(self, channel: str) -> Stream:
        """The stream of a channel: device["A"], device["A.min"]."""
        return self._run[f"{self.name}.{channel}"]

    def clock(self) -> np.ndarray:
        """The clock pairs in order: raw device index delivered so far, and when (mono_ns, utc_ns); docs/format/journal.md, section 8."""
        return self._run._clock(self.name)


class Run(Mapping[str, Stream]):
    """A recording. run["bench.A"] is a stream, iterating gives the names of all. It shows what was there when it was opened, or at the last refresh();
    while it records that is up to the last sync, to the sample. No file is kept open.

    info is run.json, empty where it is lost. devices has the instruments by their names. problems lists what was found damaged, as texts; logger
    verify finds more.
    """

    def __init__(self, path: Union[str, "os.PathLike[str]"], damaged: bool = False) -> None:
        self.path = os.fsdecode(path)
        self._damaged = damaged
        self._metas: dict[str, Meta] = {}
        self._journals: dict[str, Journal] = {}
        self.refresh()

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing has to be closed: "with scopelog.open(path) as run:" is allowed, and not needed."""

    def refresh(self) -> "Run":
        """Reads what has come since, and returns the run. Streams that were taken from it before stay as they were: take them again."""
        problems: list[str] = []
        info = self._read_run(problems)
        metas = self._read_metas(info, problems)
        # A writer journals before a meta tells of it, so the journals that are read now explain all metas.
        self._read_journals(metas)
        if info.get("state") == "recording":
            info = self._read_run([]) or info
        streams = self._assemble(info, metas)
        for j in self._journals.values():
            problems += j.damage
        for s in streams.values():
            lacking = sum(g.missing for g in s.segments)
            if lacking:
                problems.append(f"{s.name}: {lacking:,} samples were recorded that no file holds")
            for g in s.segments:
                if g.surplus:
                    problems.append(f"{os.path.basename(g.data)} has {g.surplus:,} bytes behind those that were sealed; they are not read")
        if not info and not streams and not self._journals:
            raise NotARecordingError(f"{self.path} holds no recording: open the folder of a run, with run.json in it{self._meant()}")
        self.info: dict[str, Any] = info
        self.problems: list[str] = problems
        self._streams = streams
        names = [d["name"] for d in info.get("devices", ())]
        names += sorted({s.device for s in streams.values()} - set(names))
        self.devices: dict[str, Device] = {n: self._device(n) for n in names}
        return self

    @property
    def name(self) -> str:
        return self.info.get("name", "")

    @property
    def id(self) -> str:
        """The run's UUID."""
        return self.info.get("run") or next((s.info.get("daq:run", "") for s in self._streams.values()), "")

    @property
    def state(self) -> str:
        """recording, sealed, or recovered after a repair. A run that was killed stays at recording until it is repaired."""
        return self.info.get("state", "")

    @property
    def started(self) -> Optional[np.datetime64]:
        """UTC."""
        return datetime64(utc_ns(self.info["started"])) if "started" in self.info else None

    @property
    def ended(self) -> Optional[np.datetime64]:
        """UTC; None while it records."""
        return datetime64(utc_ns(self.info["ended"])) if "ended" in self.info else None

    @property
    def streams(self) -> dict[str, Stream]:
        """All streams by their names."""
        return dict(self._streams)

    def __getitem__(self, name: str) -> Stream:
        try:
            return self._streams[name]
        except KeyError:
            raise KeyError(f"{self.path} has no stream {name!r}; it has {', '.join(self._streams) or 'none'}{self._pin(name)}") from None

    def _pin(self, name: str) -> str:
        """What to write for a pin that was taken for a stream; empty where it is none."""
        for s in self._streams.values():
            device, _, pin = str(name).partition(".")
            if device == s.device and pin and (pin in s.pins or pin in s.pins.values()):
                return f"; that is a pin: write run[{s.name!r}].pin({pin!r})"
        return ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._streams)

    def __len__(self) -> int:
        return len(self._streams)

    def __repr__(self) -> str:
        return f"<run {os.path.basename(os.path.normpath(self.path))}, {self.state or 'without run.json'}: {', '.join(self._streams)}>"

    def events(self, kind: Optional[str] = None, device: Optional[str] = None) -> Iterator[Event]:
        """What happened, in order; all, or of a kind or a device. Lines that are damaged, or not complete yet, are left out."""
        try:
            f = open_file(os.path.join(self.path, "events.jsonl"), "rb")
        except FileNotFoundError:
            return
        with f:
            for line in f:
                e = _crc.parse(line)
                if e is None or "kind" not in e or kind not in (None, e["kind"]) or device not in (None, e.get("device")):
                    continue
                try:
                    seq, time = e["seq"], datetime64(utc_ns(e["utc"]))
                except BROKEN:
                    continue
                yield Event(seq, time, e["kind"], e.get("device"), e.get("index"), e.get("count", 1), e.get("text", ""), e.get("data") or {}, e)

    # What the folder holds.

    def _names(self) -> list[str]:
        try:
            return sorted(n for n in os.listdir(self.path) if not n.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            raise NotARecordingError(f"{self.path} is no folder: open the folder of a run") from None

    def _meant(self) -> str:
        """The newest run in the folder, for one who opens the folder of all."""
        runs = [n for n in self._names() if os.path.exists(os.path.join(self.path, n, "run.json"))]
        return f', such as {os.path.join(self.path, max(runs, key=lambda n: n[-16:]))}' if runs else ""

    def _read_run(self, problems: list[str]) -> dict[str, Any]:
        try:
            with open_file(os.path.join(self.path, "run.json"), "rb") as f:
                text = f.read()
        except (FileNotFoundError, NotADirectoryError):
            problems.append("run.json is missing: logger repair makes it anew")
            return {}
        found = _crc.parse(text)
        if found is None:
            problems.append("run.json is damaged: logger repair makes it anew")
            return {}
        check_version(found.get("format_version", "1.0"), "run.json")
        return found

    def _read_metas(self, info: dict[str, Any], problems: list[str]) -> list[Meta]:
        found: dict[str, Meta] = {}
        for name in self._names():
            if not name.endswith(META):
                continue
            base = name[: -len(META)]
            try:
                m = load_meta(self.path, base, self._metas.get(base), self._damaged)
            except FileNotFoundError:
                continue  # removed meanwhile, by a rule of the plan
            except BROKEN as e:
                problems.append(f"{name} cannot be read: {e!r}")
                continue
            if _removed(info, m.device, m.place[1]):
                continue
            try:
                if info.get("state") == "recording" or not m.sealed:
                    m.body()  # a rule of the plan may remove the file before its samples are asked for
            except GoneError:
                continue
            except FormatError as e:
                problems.append(str(e))
                continue
            if m.problem:
                problems.append(m.problem)
            found[base] = m
        self._metas = {b: m for b, m in found.items() if m.sealed}
        return list(found.values())

    def _read_journals(self, metas: list[Meta]) -> None:
        sealed = {(*m.place,) for m in metas if m.sealed}
        parts: dict[str, list[tuple[int, str]]] = {}
        for name in self._names():
            m = _PART.match(name)
            if m:
                parts.setdefault(m.group(1), []).append((int(m.group(2)), name))
        for device in list(self._journals):
            if device not in parts or self._journals[device].shrunk():
                del self._journals[device]
        for device, names in parts.items():
            j = self._journals.setdefault(device, Journal(self.path, device))
            j.update([n for _, n in sorted(names)], lambda number, streams: bool(streams) and all((s, number) in sealed for s in streams))

    def _assemble(self, info: dict[str, Any], metas: list[Meta]) -> dict[str, Stream]:
        by_place = {m.place: m for m in metas}
        found: dict[tuple[str, int], Segment] = {}
        for device, j in self._journals.items():
            for number, fold in j.segments.items():
                if _removed(info, device, number):
                    continue
                for name, t in fold.streams.items():
                    m = by_place.get((name, number))
                    if m is not None and m.sealed:
                        continue
                    g = Segment.of_journal(self.path, t, m, fold.gap_after, name, fold.holes)
                    if g is not None:
                        found[name, number] = g
        for place, m in by_place.items():
            if place not in found and not _removed(info, m.device, place[1]) and not self._unborn(m, metas):
                found[place] = Segment.of_meta(self.path, m)
        segments: dict[str, list[Segment]] = {}
        for place in sorted(found):
            segments.setdefault(place[0], []).append(found[place])
        return {name: Stream(_settle(info, name, list_), self._damaged) for name, list_ in segments.items()}

    def _unborn(self, m: Meta, metas: list[Meta]) -> bool:
        """Tells whether a segment has only just begun: nothing vouches for its samples yet."""
        if m.sealed or len(m.body().captures):
            return False
        j = self._journals.get(m.device)
        told = j.known if j else set()
        return m.place[1] > max([*told, *(o.place[1] for o in metas if o.device == m.device and (o.sealed or len(o.body().captures)))], default=-1)

    def _device(self, name: str) -> Device:
        info = next((d for d in self.info.get("devices", ()) if d["name"] == name), {})
        told = {e["epoch"]: e for e in info.get("epochs", ())}
        if name in self._journals:
            for number, e in self._journals[name].epochs.items():
                if not told.get(number, {}).get("first", {}).get("utc_ns"):
                    told[number] = e
        epochs = []
        for number in sorted(told):
            e = told[number]
            _, utc = epoch_first(e)
            epochs.append(Epoch(number, e["cause"], e["base"], e["base_min"], e["base_max"], e["boot_id"], datetime64(utc) if utc else None))
        return Device(self, name, info, [s for s in self._streams.values() if s.device == name], epochs)

    def _clock(self, device: str) -> np.ndarray:
        rows: list[tuple[Any, ...]] = []
        open_segments = self._journals[device].segments if device in self._journals else {}
        for name in self._names():
            m = _CLOCK.search(name)
            if m is None or name[: m.start()] != device or int((m.group(1) or "-0")[1:]) in open_segments:
                continue
            with open_file(os.path.join(self.path, name), encoding="ascii", errors="replace") as f:
                for line in f.read().splitlines()[1:]:
                    try:
                        *numbers, state, error = line.split(",")
                        epoch, index, mono, utc, bracket, suspended = map(int, numbers)
                        rows.append((epoch, index, mono, utc, bracket, suspended, state, int(error)))
                    except ValueError:
                        continue  # damaged: the file is derived, and repair makes it anew
        for number in sorted(open_segments):
            for p in open_segments[number].clocks:
                rows.append(tuple(p[n] for n in CLOCK.names or ()))
        return np.array(rows, CLOCK)


open_file = open


def open(path: Union[str, "os.PathLike[str]"], *, damaged: bool = False) -> Run:  # noqa: A001
    """Opens a recording, which may still be recorded. damaged=True hands out samples that are annotated as damaged or unverified, too.

    The error is a NotARecordingError for a folder that is none, a FormatError for a later version of the format.
    """
    return Run(path, damaged)


def _removed(info: dict[str, Any], device: str, segment: int) -> bool:
    """Tells whether a rule of the plan has removed a segment: what is left of it does not count."""
    for d in info.get("devices", ()):
        if d["name"] == device:
            dropped = d.get("dropped") or {}
            if dropped.get("segments", 0) > 0 and segment <= dropped["through"]:
                return True
            return any(n["first"] <= segment <= n["last"] for n in d.get("not_kept") or ())
    return False


def _settle(info: dict[str, Any], name: str, segments: list[Segment]) -> list[Segment]:
    """Finds out what was removed between segments, and where a file lacks samples that the next one says there were."""
    d = next((d for d in info.get("devices", ()) if d["name"] == segments[0].info["daq:device"]), None)
    before: Optional[Segment] = None
    files = {s["segment"]: s.get("files", {}) for s in (d or {}).get("segments", ())}
    for g in segments:
        told = _told(files, g) if g.source == "meta" else 0
        if told:
            g.surplus = max(0, g.bytes - told * g.dtype.itemsize)
            g.stop = min(g.stop, g.start + told)
        g.removed = _removed_before(info, d, name, before, g)
        if before is not None:
            limit = g.start - g.removed
            before.missing = max(0, limit - before.stop)
            before.stop = max(before.start, min(before.stop, limit))
            g.before = before if g.removed else None
        before = g
    last = segments[-1]
    if last.source == "meta":
        last.missing = max(0, _told(files, last) - len(last))
    return segments


def _told(files: dict[int, dict[str, Any]], g: Segment) -> int:
    """How many samples a sealed segment had by what run.json says of its files."""
    return files.get(g.number, {}).get(g.base + DATA, {}).get("bytes", 0) // g.dtype.itemsize


def _removed_before(info: dict[str, Any], d: Optional[dict[str, Any]], name: str, before: Optional[Segment], g: Segment) -> int:
    first, start = (0, 0) if before is None else (before.number + 1, before.stop)
    if first >= g.number:
        return 0
    if not info:
        return max(0, g.start - start)
    if d is None:
        return 0
    if before is None and (d.get("dropped") or {}).get("segments", 0) > 0:
        return g.start
    return sum(n["streams"][name]["samples"] for n in d.get("not_kept") or () if name in n["streams"] and n["first"] >= first and n["last"] < g.number)
