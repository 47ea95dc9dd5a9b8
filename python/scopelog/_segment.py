"""One segment of a stream: one data file with what its metadata, or while it records its journal, say of it."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import Any, Optional

import numpy as np

from . import _capture
from ._capture import Annotation, Gap
from ._errors import GoneError, MissingError
from ._journal import StreamFold
from ._meta import BROKEN, DTYPES, Body, Meta, check_settings
from ._times import datetime64, nanoseconds

DATA = ".sigmf-data"


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
        self.gap_after: Optional[dict[str, Any]] = info.get("daq:gap_after")
        self.removed = 0  # samples that were removed again in front of it
        self.before: Optional[Segment] = None  # the segment in front of those
        self._meta: Optional[Meta] = None
        self._body: Optional[Body] = None  # what the journal says
        self._annotations: Optional[list[Annotation]] = None
        self.dtype = np.dtype(DTYPES[info["core:datatype"]])
        i = info["daq:sample_interval"]
        self.interval = Fraction(i["num"], i["den"])
        self.data = os.path.join(path, base + DATA)
        self.bytes = _bytes(self.data)
        self.items = self.bytes // self.dtype.itemsize
        self.surplus = 0  # bytes behind those that were sealed, which are no samples

    @classmethod
    def of_meta(cls, path: str, meta: Meta) -> "Segment":
        """A segment as its meta and the length of its file tell it."""
        g = cls(path, meta.base, meta.info, "meta" if meta.sealed else "sizes")
        g._meta = meta
        g.stop = g.start + g.items
        return g

    @classmethod
    def of_journal(cls, path: str, fold: StreamFold, meta: Optional[Meta], seal: Optional[dict[str, Any]], name: str, holes: bool) -> Optional["Segment"]:
        """A segment as the journal tells it; None when neither it nor the meta tell the settings."""
        if fold.info is not None:
            try:
                check_settings(fold.info)
            except BROKEN:
                return None
        info, base = fold.info or (meta.info if meta else None), fold.file or (meta.base if meta else "")
        if info is None or not base or os.path.basename(base) != base or base.startswith("."):
            return None
        g = cls(path, base, info, "journal")
        rows = fold.captures()
        if holes and meta is not None:
            told = meta.body().captures
            more = told[(told["sample_start"] < fold.n) & ~np.isin(told["sample_start"], rows["sample_start"])]
            rows = _capture.in_order(np.concatenate([rows, more]))
        g._body = Body(rows, list(fold.notes), np.zeros(0, _capture.ANNOTATION))
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

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_annotations": None}

    @property
    def _told(self) -> Body:
        return self._body if self._meta is None else self._meta.body()  # type: ignore[return-value]

    @property
    def captures(self) -> np.ndarray:
        """The captures as rows, sorted by their first sample; read when they are asked for first."""
        return self._told.captures

    @property
    def gap_rows(self) -> np.ndarray:
        """The captures behind a gap."""
        rows = self.captures
        return rows[rows["flags"] & _capture.GAP != 0]

    @property
    def annotations(self) -> list[Annotation]:
        """The annotations in order of their first sample; read when they are asked for first."""
        if self._annotations is None:
            told = self._told
            self._annotations = sorted([*told.notes, *_capture.annotations(told.rows)], key=lambda a: a.start)
        return self._annotations

    @property
    def hidden(self) -> list[tuple[int, int, str]]:
        """Start, stop and label of what is not handed out unless asked for."""
        told, labels = self._told, [_capture.LABELS.index(n) for n in _capture.HIDDEN]
        notes = [*told.notes, *_capture.annotations(told.rows[np.isin(told.rows["label"], labels)])]
        return [(a.start, a.stop, a.label) for a in notes if a.label in _capture.HIDDEN]

    @property
    def not_kept(self) -> Optional[Gap]:
        """What was removed again in front of it, by a rule of the plan."""
        if self.before is None or not self.removed:
            return None
        index, since, c = 0, None, self.before.captures[-1:]
        if len(c):
            behind = self.before.stop - int(c["sample_start"][0])
            index = int(c["global_index"][0]) + behind
            since = datetime64(int(c["utc_ns"][0]) + nanoseconds(behind, self.before.interval))
        until = datetime64(int(self.captures[0]["utc_ns"])) if len(self.captures) else None
        return Gap("not_kept", self.removed, True, self.removed, self.removed, self.start, index, since, until)

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


def _bytes(file: str) -> int:
    try:
        return os.path.getsize(file)
    except FileNotFoundError:
        return 0
