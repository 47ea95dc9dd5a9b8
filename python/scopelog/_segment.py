"""One segment of a stream: one data file with what its metadata, or while it records its journal, say of it."""

from __future__ import annotations

import dataclasses
import json
import os
from fractions import Fraction
from typing import Any, Optional

import numpy as np

from . import _capture
from ._capture import Annotation, Gap
from ._errors import FormatError, GoneError, MissingError
from ._journal import StreamFold, check_version

DTYPES = {"ri16_le": "<i2", "ru8": "u1", "ri8": "i1", "ri32_le": "<i4", "rf32_le": "<f4"}
META, DATA = ".sigmf-meta", ".sigmf-data"


@dataclasses.dataclass(frozen=True)
class Meta:
    """One meta file. stamp tells whether the file is still the same."""

    base: str
    info: dict[str, Any]
    captures: np.ndarray
    annotations: list[Annotation]
    stamp: tuple[int, int, int]

    @property
    def sealed(self) -> bool:
        return self.info["daq:state"] == "sealed"

    @property
    def device(self) -> str:
        return self.info["daq:device"]

    @property
    def place(self) -> tuple[str, int]:
        return self.info["daq:stream"], self.info["daq:segment"]


def load_meta(path: str, base: str, known: Optional[Meta]) -> Meta:
    """Reads the meta of a base name, unless known is of the same file. The error is a ValueError for one that cannot be right."""
    file = os.path.join(path, base + META)
    with open(file, "rb") as f:
        st = os.fstat(f.fileno())
        stamp = (st.st_ino, st.st_size, st.st_mtime_ns)
        if known is not None and known.stamp == stamp and known.sealed:
            return known
        meta = json.load(f)
    info = meta["global"]
    for e in info.get("core:extensions", ()):
        if e.get("name") == "daq":
            check_version(e.get("version", "1.0"), base + META)
    if info["core:datatype"] not in DTYPES:
        raise FormatError(f"{base}{META}: data type {info['core:datatype']} is not known")
    rows = _capture.captures([_capture.capture_row(c) for c in meta["captures"]])
    notes = [_capture.annotation(a) for a in meta["annotations"]]
    t = info.get("daq:captures_table")
    if t:
        more = _capture.table(os.path.join(path, os.path.basename(t["file"])), _capture.CAPTURE, t["rows"])
        rows = np.concatenate([rows, more])
        rows = rows[np.argsort(rows["sample_start"], kind="stable")]
    t = info.get("daq:annotations_table")
    if t:
        notes += _capture.annotations(_capture.table(os.path.join(path, os.path.basename(t["file"])), _capture.ANNOTATION, t["rows"]))
    return Meta(base, info, rows, notes, stamp)


class Segment:
    """One file of a stream. start and stop are stream indexes, stop that behind the last sample that may be read."""

    def __init__(self, path: str, base: str, info: dict[str, Any], source: str) -> None:
        self.path = path
        self.base = base
        self.info = info
        self.source = source  # "meta": sealed; "journal": recording, exact; "sizes": recording without a journal, its end may be wrong
        self.number: int = info["daq:segment"]
        self.start: int = info["core:offset"]
        self.stop = self.start
        self.missing = 0  # samples that should follow and are not in the file
        self.captures: np.ndarray = np.zeros(0, _capture.CAPTURE)
        self.annotations: list[Annotation] = []
        self.gap_after: Optional[dict[str, Any]] = info.get("daq:gap_after")
        self.not_kept: Optional[Gap] = None  # what was removed again in front of it
        self.removed = 0  # how many samples that were
        self.dtype = np.dtype(DTYPES[info["core:datatype"]])
        i = info["daq:sample_interval"]
        self.interval = Fraction(i["num"], i["den"])
        self.data = os.path.join(path, base + DATA)
        self.items = _items(self.data, self.dtype.itemsize)

    @classmethod
    def of_meta(cls, path: str, meta: Meta) -> "Segment":
        """A segment as its meta and the length of its file tell it."""
        g = cls(path, meta.base, meta.info, "meta" if meta.sealed else "sizes")
        g.captures, g.annotations = meta.captures, sorted(meta.annotations, key=lambda a: a.start)
        g.stop = g.start + g.items
        return g

    @classmethod
    def of_journal(cls, path: str, fold: StreamFold, meta: Optional[Meta], seal: Optional[dict[str, Any]], name: str, holes: bool) -> Optional["Segment"]:
        """A segment as the journal tells it; None when neither it nor the meta tell the settings."""
        info, base = fold.info or (meta.info if meta else None), fold.file or (meta.base if meta else "")
        if info is None or not base or os.path.basename(base) != base or base.startswith("."):
            return None
        g = cls(path, base, info, "journal")
        g.captures, g.annotations = fold.captures(), sorted(fold.notes, key=lambda a: a.start)
        if holes and meta is not None:
            more = meta.captures[(meta.captures["sample_start"] < fold.n) & ~np.isin(meta.captures["sample_start"], g.captures["sample_start"])]
            rows = np.concatenate([g.captures, more])
            g.captures = rows[np.argsort(rows["sample_start"], kind="stable")]
        g.start = fold.offset
        wanted = fold.n - fold.offset
        g.stop = g.start + min(wanted, g.items)
        g.missing = max(0, wanted - g.items)
        if seal is not None:
            g.gap_after = seal.get(name, g.gap_after)
        return g

    def __len__(self) -> int:
        return self.stop - self.start

    def __repr__(self) -> str:
        return f"<segment {self.number} of {self.info['daq:stream']}: samples {self.start:,} to {self.stop:,}, {self.source}>"

    @property
    def samples_per_waveform(self) -> Optional[int]:
        return self.info.get("daq:waveform_samples")

    def read(self, start: int, stop: int, step: int = 1) -> np.ndarray:
        """A new array of the samples as they are stored; start and stop are stream indexes."""
        count = stop - start
        if count <= 0:
            return np.zeros(0, self.dtype)
        try:
            if step == 1:
                got = np.fromfile(self.data, self.dtype, count=count, offset=(start - self.start) * self.dtype.itemsize)
            else:
                got = np.array(self.memmap()[start - self.start : stop - self.start : step])
                count = -(-count // step)
        except FileNotFoundError:
            raise GoneError(f"{os.path.basename(self.data)} is not there any more: call refresh() on the run, as a rule of the plan may have removed it") from None
        if len(got) < count:
            raise MissingError(f"{os.path.basename(self.data)} has become shorter since the run was opened: logger verify says what is left")
        return got

    def memmap(self) -> np.ndarray:
        """The samples of the file as they are stored, without copying; element 0 is the sample at stream index start. Read-only."""
        if len(self) == 0:
            return np.zeros(0, self.dtype)
        return np.memmap(self.data, self.dtype, "r", shape=(len(self),))


def _items(file: str, size: int) -> int:
    try:
        return os.path.getsize(file) // size
    except FileNotFoundError:
        return 0
