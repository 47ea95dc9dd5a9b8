"""Captures, gaps and annotations: as arrays of rows, for there may be millions of them, and as objects for people."""

from __future__ import annotations

import dataclasses
import os
from typing import Any, Iterable, Optional, Sequence

import numpy as np

from ._errors import FormatError
from ._times import datetime64, utc_ns, utc_ns_of

CAUSES = ["", "ring_full", "disk", "core", "driver", "inferred", "usb", "power", "restart", "reboot", "unknown", "not_kept"]
LABELS = ["", "over_range", "trigger", "mark", "power", "damaged", "unverified"]
HIDDEN = ("damaged", "unverified")

GAP, EXACT, SCALE, TRIGGER_OFFSET = 1, 2, 4, 8  # flags of a row

# A row of a captures table (docs/format/journal.md, section 8). Indexes are below 2^63, so they are signed here: their differences are.
CAPTURE = np.dtype(
    [(n, "<i8") for n in "sample_start global_index utc_ns mono_ns lost lost_min lost_max position_min position_max gap_from_ns gap_to_ns".split()]
    + [(n, "<f8") for n in "scale offset range_min range_max".split()]
    + [(n, "<i8") for n in "waveform trigger_position trigger_offset_fs dead_time_ns".split()]
    + [(n, "<u4") for n in "epoch arm memory_segment".split()]
    + [("cause", "u1"), ("flags", "u1"), ("reserved", "<u2")]
)
ANNOTATION = np.dtype(
    [("sample_start", "<i8"), ("sample_count", "<i8"), ("event", "<i8"), ("label", "u1"), ("flags", "u1"), ("reserved", "<u2"), ("reserved2", "<u4")]
)
TABLE_HEADER = 1024  # bytes before the rows of every table


@dataclasses.dataclass(frozen=True)
class Gap:
    """Samples that are missing between two that are there.

    cause is ring_full, disk, core, driver, inferred, usb, power, restart, reboot, unknown or not_kept. lost counts samples of the stream. Unless
    exact it is the best estimate, and the truth lies in lost_min to lost_max. position is the stream index of the first sample behind, index the
    device index of the first lost one. since and until are UTC of the end of the last sample before and of the first one behind, None where that
    is not known. position_min and position_max bound the place of an inferred gap.
    """

    cause: str
    lost: int
    exact: bool
    lost_min: int
    lost_max: int
    position: int
    index: int
    since: Optional[np.datetime64] = None
    until: Optional[np.datetime64] = None
    position_min: Optional[int] = None
    position_max: Optional[int] = None

    @property
    def is_loss(self) -> bool:
        """False for what the plan or the user chose not to have."""
        return self.cause != "not_kept"

    def __str__(self) -> str:
        length = f"{self.lost:,}" if self.exact else f"{self.lost:,} ({self.lost_min:,} to {self.lost_max:,})"
        when = f", {self.since}Z" if self.since is not None else ""
        return f"{length} samples, {self.cause}{when}"


@dataclasses.dataclass(frozen=True)
class Annotation:
    """A note about samples start to stop (stream indexes).

    label is over_range, trigger, mark, power, damaged or unverified. exact tells whether it is just these samples, None where that is no question;
    event is the seq of its line in the events, comment the text of a mark.
    """

    label: str
    start: int
    stop: int
    exact: Optional[bool] = None
    event: Optional[int] = None
    comment: str = ""
    generator: str = "scopelog"


def capture_row(c: dict[str, Any]) -> tuple[Any, ...]:
    """A capture of the metadata as a row."""
    gap, (least, most) = c.get("daq:gap"), c.get("daq:range") or (0.0, 0.0)
    epoch, arm, memory = c["daq:epoch"], c.get("daq:arm", 0), c.get("daq:memory_segment", 0)
    if not 0 <= min(epoch, arm, memory) <= max(epoch, arm, memory) < 1 << 32:
        raise ValueError("daq:epoch, daq:arm or daq:memory_segment is beyond 0 to 4294967295")
    flags = (GAP if gap is not None else 0) | (TRIGGER_OFFSET if "daq:trigger_offset_fs" in c else 0)
    if "daq:scale" in c and "daq:offset" in c:
        flags |= SCALE
    gap = gap or {}
    lost = gap.get("lost", 0)
    exact = gap.get("exact", False)
    if exact:
        flags |= EXACT
    bounds = (lost, lost) if exact else (gap.get("lost_min", lost), gap.get("lost_max", lost))
    return (
        c["core:sample_start"], c["core:global_index"], utc_ns(c["core:datetime"]), -1, lost, *bounds,
        gap.get("position_min", 0), gap.get("position_max", 0), _time(gap, "from"), _time(gap, "to"),
        c.get("daq:scale", 0.0), c.get("daq:offset", 0.0), least, most,
        c.get("daq:waveform", -1), c.get("daq:trigger_position", -1), c.get("daq:trigger_offset_fs", -1), c.get("daq:dead_time_ns", -1),
        epoch, arm, memory,
        CAUSES.index(gap.get("cause", "")) if gap.get("cause", "") in CAUSES else CAUSES.index("unknown"), flags, 0,
    )  # fmt: skip


def cause_name(code: int) -> str:
    """The name of a cause in a captures table; one that a later format has is told by its number."""
    return CAUSES[code] or "none" if code < len(CAUSES) else f"cause {code}"


def _time(gap: dict[str, Any], key: str) -> int:
    return utc_ns(gap[key]) if key in gap else 0


def captures(rows: Iterable[tuple[Any, ...]]) -> np.ndarray:
    """Rows as an array, sorted by their first sample."""
    return in_order(np.array(list(rows), dtype=CAPTURE))


def in_order(rows: np.ndarray) -> np.ndarray:
    """Rows sorted by their first sample; the same array where they are."""
    start = rows["sample_start"]
    return rows if (start[1:] >= start[:-1]).all() else rows[np.argsort(start, kind="stable")]


_FEW = 30  # captures up to which rows are made faster than columns
_REQUIRED = {"sample_start": "core:sample_start", "global_index": "core:global_index", "epoch": "daq:epoch"}
_OPTIONAL = {
    "scale": ("daq:scale", 0.0), "offset": ("daq:offset", 0.0), "waveform": ("daq:waveform", -1), "trigger_position": ("daq:trigger_position", -1),
    "trigger_offset_fs": ("daq:trigger_offset_fs", -1), "dead_time_ns": ("daq:dead_time_ns", -1), "arm": ("daq:arm", 0), "memory_segment": ("daq:memory_segment", 0),
}  # fmt: skip


def captures_of(found: Sequence[dict[str, Any]]) -> np.ndarray:
    """What capture_row() gives for each of many captures of the metadata, column by column where it pays."""
    if len(found) < _FEW:
        return np.array([capture_row(c) for c in found], CAPTURE)
    rows = np.zeros(len(found), CAPTURE)
    for name, key in _REQUIRED.items():
        rows[name] = _fitting(name, key, [c[key] for c in found])
    rows["utc_ns"], rows["mono_ns"] = utc_ns_of([c["core:datetime"] for c in found]), -1
    keys = set().union(*found)
    for name, (key, absent) in _OPTIONAL.items():
        rows[name] = _fitting(name, key, [c.get(key, absent) for c in found]) if key in keys else absent
    if "daq:trigger_offset_fs" in keys:
        rows["flags"] |= np.array(["daq:trigger_offset_fs" in c for c in found]) * np.uint8(TRIGGER_OFFSET)
    if "daq:scale" in keys:
        rows["flags"] |= np.array(["daq:scale" in c and "daq:offset" in c for c in found]) * np.uint8(SCALE)
    if "daq:range" in keys:
        span = np.array([c.get("daq:range") or (0.0, 0.0) for c in found], np.float64).reshape(-1, 2)
        rows["range_min"], rows["range_max"] = span[:, 0], span[:, 1]
    if "daq:gap" in keys:
        _add_gaps(rows, [(k, c["daq:gap"]) for k, c in enumerate(found) if c.get("daq:gap") is not None])
    return rows


def _fitting(name: str, key: str, values: list[Any]) -> np.ndarray:
    """Values of a key as an array that the field of rows has room for."""
    dtype = CAPTURE[name]
    if dtype.kind == "f":
        return np.array(values, dtype)
    got = np.array(values, np.int64)
    least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
    if len(got) and (got.min() < least or got.max() > most):
        raise ValueError(f"{key} is beyond {least} to {most}")
    return got


def _add_gaps(rows: np.ndarray, found: Sequence[tuple[int, dict[str, Any]]]) -> None:
    at, gaps = [k for k, _ in found], [g for _, g in found]
    lost = np.array([g.get("lost", 0) for g in gaps], np.int64)
    exact = np.array([bool(g.get("exact", False)) for g in gaps], bool)
    rows["lost"][at] = lost
    for name in ("lost_min", "lost_max"):
        rows[name][at] = np.where(exact, lost, np.array([g.get(name, n) for g, n in zip(gaps, lost.tolist())], np.int64))
    for name in ("position_min", "position_max"):
        rows[name][at] = [g.get(name, 0) for g in gaps]
    for name, key in (("gap_from_ns", "from"), ("gap_to_ns", "to")):
        told = [k for k, g in found if key in g]
        rows[name][told] = utc_ns_of([g[key] for g in gaps if key in g])
    codes = {name: code for code, name in enumerate(CAUSES)}
    rows["cause"][at] = [codes.get(g.get("cause", ""), codes["unknown"]) for g in gaps]
    rows["flags"][at] |= np.where(exact, np.uint8(GAP | EXACT), np.uint8(GAP))


def gaps_of(rows: np.ndarray, positions: Sequence[int]) -> list[Optional[Gap]]:
    """The gap in front of each capture, None where there is none; positions are the stream indexes of the captures' first samples."""
    found: list[Optional[Gap]] = [None] * len(rows)
    at = np.flatnonzero(rows["flags"] & GAP)
    rows = rows[at]
    columns = [rows[n].tolist() for n in "cause flags lost lost_min lost_max global_index position_min position_max gap_from_ns gap_to_ns".split()]
    for k, cause, flags, lost, least, most, index, low, high, since, until in zip(at.tolist(), *columns):
        inferred = CAUSES[cause] == "inferred" if cause < len(CAUSES) else False
        found[k] = Gap(
            cause_name(cause), lost, flags & EXACT != 0, least, most, int(positions[k]), index - lost, datetime64(since) if since > 0 else None,
            datetime64(until) if until > 0 else None, low if inferred else None, high if inferred else None,
        )  # fmt: skip
    return found


def gap_after(gap: dict[str, Any], position: int, index: int) -> Gap:
    """The gap of a daq:gap_after."""
    since, until = _time(gap, "from"), _time(gap, "to")
    lost = gap["lost"]
    return Gap(
        cause=gap["cause"] if gap["cause"] in CAUSES else "unknown", lost=lost, exact=gap["exact"], lost_min=lost if gap["exact"] else gap["lost_min"],
        lost_max=lost if gap["exact"] else gap["lost_max"], position=position, index=index,
        since=datetime64(since) if since else None, until=datetime64(until) if until else None,
    )  # fmt: skip


def annotation(a: dict[str, Any]) -> Annotation:
    """An annotation of the metadata."""
    start = a["core:sample_start"]
    return Annotation(
        a["core:label"], start, start + a["core:sample_count"], a.get("daq:exact"), a.get("daq:event"), a.get("core:comment", ""), a.get("core:generator", "")
    )


def annotations(rows: np.ndarray) -> list[Annotation]:
    """Annotations of a table. Those of samples tell whether they are exact."""
    found = []
    for start, count, event, label, flags, _, _ in rows.tolist():
        name = LABELS[label] if label < len(LABELS) else f"label {label}"
        exact = bool(flags & 1) if name in ("over_range", "trigger") else None
        found.append(Annotation(name, start, start + count, exact, event if event >= 0 else None))
    return found


def table(path: str, dtype: np.dtype, rows: int, front: Optional[np.ndarray] = None) -> np.ndarray:
    """The first rows of a table beside the metadata, behind those of front."""
    front = np.zeros(0, dtype) if front is None else front
    with open(path, "rb") as f:
        if rows < 0 or f.read(6) != b"\x93NUMPY" or os.fstat(f.fileno()).st_size < TABLE_HEADER + rows * dtype.itemsize:
            raise FormatError(f"{os.path.basename(path)} is no table of {rows:,} rows")
        found = np.empty(len(front) + rows, dtype)
        found[: len(front)] = front
        f.seek(TABLE_HEADER)
        if rows and f.readinto(memoryview(found[len(front) :].view(np.uint8))) < rows * dtype.itemsize:
            raise FormatError(f"{os.path.basename(path)} has become shorter")
    return found
