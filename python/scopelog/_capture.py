"""Captures, gaps and annotations: as arrays of rows, for there may be millions of them, and as objects for people."""

from __future__ import annotations

import dataclasses
import os
from typing import Any, Iterable, Optional

import numpy as np

from ._errors import FormatError
from ._times import datetime64, utc_ns

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

    lost counts samples of the stream. Unless exact it is the best estimate, and the truth lies in lost_min to lost_max. since and until
    are UTC of the end of the last sample before and of the first one behind, None where that is not known.
    """

    cause: str
    lost: int
    exact: bool
    lost_min: int
    lost_max: int
    position: int  # stream index of the first sample behind
    index: int  # device index of the first lost sample
    since: Optional[np.datetime64] = None
    until: Optional[np.datetime64] = None
    position_min: Optional[int] = None  # bounds of the place, where it was inferred
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
    """A note about samples start to stop (stream indexes). exact is None where it says nothing; event is the seq of its line in the events."""

    label: str
    start: int
    stop: int
    exact: Optional[bool] = None
    event: Optional[int] = None
    comment: str = ""
    generator: str = "scopelog"


def capture_row(c: dict[str, Any]) -> tuple[Any, ...]:
    """A capture of the metadata as a row."""
    gap, span = c.get("daq:gap"), c.get("daq:range") or (0.0, 0.0)
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
        c.get("daq:scale", 0.0), c.get("daq:offset", 0.0), span[0], span[1],
        c.get("daq:waveform", -1), c.get("daq:trigger_position", -1), c.get("daq:trigger_offset_fs", -1), c.get("daq:dead_time_ns", -1),
        c["daq:epoch"], c.get("daq:arm", 0), c.get("daq:memory_segment", 0),
        CAUSES.index(gap.get("cause", "")) if gap.get("cause", "") in CAUSES else CAUSES.index("unknown"), flags, 0,
    )  # fmt: skip


def cause_name(code: int) -> str:
    """The name of a cause in a captures table; one that a later format has is told by its number."""
    return CAUSES[code] or "none" if code < len(CAUSES) else f"cause {code}"


def _time(gap: dict[str, Any], key: str) -> int:
    return utc_ns(gap[key]) if key in gap else 0


def captures(rows: Iterable[tuple[Any, ...]]) -> np.ndarray:
    """Rows as an array, sorted by their first sample."""
    found = np.array(list(rows), dtype=CAPTURE)
    return found[np.argsort(found["sample_start"], kind="stable")]


def gap_of(row: np.void, position: int) -> Optional[Gap]:
    """The gap in front of a capture, None when there is none."""
    if not row["flags"] & GAP:
        return None
    cause = cause_name(int(row["cause"]))
    inferred = cause == "inferred"
    return Gap(
        cause=cause, lost=int(row["lost"]), exact=bool(row["flags"] & EXACT), lost_min=int(row["lost_min"]), lost_max=int(row["lost_max"]),
        position=position, index=int(row["global_index"]) - int(row["lost"]),
        since=datetime64(int(row["gap_from_ns"])) if row["gap_from_ns"] > 0 else None,
        until=datetime64(int(row["gap_to_ns"])) if row["gap_to_ns"] > 0 else None,
        position_min=int(row["position_min"]) if inferred else None, position_max=int(row["position_max"]) if inferred else None,
    )  # fmt: skip


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


def table(path: str, dtype: np.dtype, rows: int) -> np.ndarray:
    """The first rows of a table beside the metadata."""
    with open(path, "rb") as f:
        if f.read(6) != b"\x93NUMPY" or os.fstat(f.fileno()).st_size < TABLE_HEADER + rows * dtype.itemsize:
            raise FormatError(f"{path} is no table of {rows:,} rows: logger repair makes it anew")
    return np.fromfile(path, dtype, count=rows, offset=TABLE_HEADER)
