"""Metadata files of segments: the settings are read at once, captures and annotations when they are asked for, as there may be millions."""

from __future__ import annotations

import json
import os
import re
from typing import Any, BinaryIO, NamedTuple, Optional

import numpy as np

from . import _capture
from ._capture import Annotation
from ._errors import FormatError, GoneError
from ._journal import check_version

DTYPES = {"ri16_le": "<i2", "ru8": "u1", "ri8": "i1", "ri32_le": "<i4", "rf32_le": "<f4"}
META = ".sigmf-meta"
BROKEN = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)  # what metadata that cannot be right lead to

_HEAD = 1 << 14  # bytes that are read of a file at first: all of most
_GLOBAL = re.compile(r'\s*\{\s*"global"\s*:\s*')
_DECODER = json.JSONDecoder()


_TEXTS = ("daq:stream", "daq:device", "daq:channel", "daq:kind", "daq:mode", "daq:unit", "daq:state", "core:datatype")
_COUNTS = {"daq:segment": 0, "core:offset": 0, "daq:ratio": 1}  # and the least that is possible


class Body(NamedTuple):
    """What a meta and its tables tell of samples: captures in order, annotations of the JSON text and of the table."""

    captures: np.ndarray
    notes: list[Annotation]
    rows: np.ndarray


class Meta:
    """One meta file. Its body is read from the same file later, if it is still that file."""

    def __init__(self, path: str, base: str, info: dict[str, Any], stamp: tuple[int, int, int], lenient: bool) -> None:
        self.path = path
        self.base = base
        self.info = info
        self.stamp = stamp  # tells whether the file is still the same
        self.place: tuple[str, int] = (info["daq:stream"], info["daq:segment"])
        self.device: str = info["daq:device"]
        self.sealed: bool = info["daq:state"] == "sealed"
        self.problem = ""  # what was seen at once
        self._lenient = lenient  # a body that cannot be read is empty
        self._body: Optional[Body] = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_body": None}

    def body(self) -> Body:
        """Captures and annotations. The error is a FormatError where they cannot be read, a GoneError where the file is another by now."""
        if self._body is None:
            try:
                with open(os.path.join(self.path, self.base + META), "rb") as f:
                    if _stamp(os.fstat(f.fileno())) != self.stamp:
                        raise GoneError(f"{self.base}{META} has changed since the run was opened: call refresh() on the run")
                    self._body = self._parse(json.load(f))
            except FileNotFoundError as e:
                raise GoneError(f"{os.path.basename(e.filename)} is not there any more: call refresh() on the run, as a rule of the plan may have removed it") from None
            except (FormatError, *BROKEN) as e:
                if not self._lenient:
                    raise FormatError(f"{self.base}{META} cannot be read ({e}): logger repair makes it anew, and damaged=True leaves its samples out") from None
                self._body = Body(np.zeros(0, _capture.CAPTURE), [], np.zeros(0, _capture.ANNOTATION))
        return self._body

    def _parse(self, meta: dict[str, Any]) -> Body:
        rows = _capture.captures_of(meta["captures"])
        notes = [_capture.annotation(a) for a in meta["annotations"]]
        table = self.info.get("daq:captures_table")
        if table:
            rows = _capture.table(self._file(table), _capture.CAPTURE, table["rows"], rows)
        table = self.info.get("daq:annotations_table")
        more = _capture.table(self._file(table), _capture.ANNOTATION, table["rows"]) if table else np.zeros(0, _capture.ANNOTATION)
        return Body(_capture.in_order(rows), notes, more)

    def _file(self, table: dict[str, Any]) -> str:
        return os.path.join(self.path, os.path.basename(table["file"]))

    def check(self) -> None:
        """Looks for what can be seen without reading the body."""
        for key, dtype in (("daq:captures_table", _capture.CAPTURE), ("daq:annotations_table", _capture.ANNOTATION)):
            table = self.info.get(key)
            try:
                if table and os.path.getsize(self._file(table)) < _capture.TABLE_HEADER + table["rows"] * dtype.itemsize:
                    self.problem = f"{os.path.basename(table['file'])} has fewer rows than {table['rows']:,}: logger repair makes it anew"
            except FileNotFoundError:
                self.problem = f"{os.path.basename(table['file'])} is missing: logger repair makes it anew"


def check_settings(info: dict[str, Any]) -> None:
    """Refuses a global object that cannot be right with one of BROKEN."""
    for key in _TEXTS:
        if not isinstance(info[key], str):
            raise ValueError(f"{key} is {info[key]!r:.60}")
    for key, least in _COUNTS.items():
        if not _whole(info[key]) or info[key] < least:
            raise ValueError(f"{key} is {info[key]!r:.60}")
    if info["core:datatype"] not in DTYPES:
        raise ValueError(f"its data type {info['core:datatype']!r} is not known; a later version may know it")
    interval = info["daq:sample_interval"]
    if not (_whole(interval["num"]) and _whole(interval["den"]) and interval["num"] > 0 and interval["den"] > 0):
        raise ValueError(f"daq:sample_interval is {interval!r:.60}")
    sensor, gap, samples = info.get("daq:sensor") or {}, info.get("daq:gap_after"), info.get("daq:waveform_samples", 1)
    for x in (info["daq:scale"], info["daq:offset"], sensor.get("scale", 1), sensor.get("offset", 0)):
        float(x)
    if not _whole(samples) or samples < 1:
        raise ValueError(f"daq:waveform_samples is {samples!r:.60}")
    if gap:
        _capture.gap_after(gap, 0, 0)
    for key in ("daq:captures_table", "daq:annotations_table"):
        table = info.get(key)
        if table and not (isinstance(table["file"], str) and _whole(table["rows"]) and table["rows"] >= 0):
            raise ValueError(f"{key} is {table!r:.60}")


def _whole(x: Any) -> bool:
    return isinstance(x, int) and not isinstance(x, bool) and abs(x) < 1 << 63


def _stamp(st: os.stat_result) -> tuple[int, int, int]:
    return st.st_ino, st.st_size, st.st_mtime_ns


def load_meta(path: str, base: str, known: Optional[Meta], lenient: bool) -> Meta:
    """Reads the meta of a base name, unless known is of the same file. The error is one of BROKEN for one that cannot be right, and a
    FormatError for a later format."""
    file = os.path.join(path, base + META)
    if known is not None and known.sealed and known.stamp == _stamp(os.stat(file)):
        return known
    with open(file, "rb") as f:
        stamp = _stamp(os.fstat(f.fileno()))
        info, body = _read(f, stamp[1])
    for e in info.get("core:extensions", ()):
        if e.get("name") == "daq":
            check_version(e.get("version", "1.0"), base + META)
    check_settings(info)
    meta = Meta(path, base, info, stamp, lenient)
    if body is not None:
        body["captures"], body["annotations"]
    meta.check()
    return meta


def _read(f: BinaryIO, size: int) -> tuple[dict[str, Any], Optional[dict[str, Any]]]:
    """The global object of a meta, and the whole where that had to be read."""
    head = f.read(_HEAD)
    if size > len(head):
        f.seek(-16, os.SEEK_END)
        tail = f.read()
        m = _GLOBAL.match(text) if (text := head.decode(errors="replace")) else None
        if m is not None and tail.rstrip().endswith(b"]}"):
            try:
                return _DECODER.raw_decode(text, m.end())[0], None
            except ValueError:
                pass  # its settings are longer, or it is damaged
        f.seek(0)
        head = f.read()
    whole = json.loads(head)
    return whole["global"], whole
