"""Writes small recordings for tests, from docs/format/recording.md."""

import json
import os

import numpy as np

from scopelog import _capture, _crc

BEGAN = 1_795_000_000_000_000_000  # UTC in nanoseconds
ITEMS = {"<i2": "ri16_le", "|u1": "ru8", "|i1": "ri8", "<i4": "ri32_le", "<f4": "rf32_le"}


def utc(ns):
    return str(np.datetime64(int(ns), "ns")) + "Z"


def crc_line(value):
    text = json.dumps(value, separators=(",", ":"))[:-1].encode()
    return text + b',"crc":"%08x"}\n' % _crc.crc32c(text)


def capture(start, index, ns=None, epoch=0, lost=None, cause="usb", exact=True, **more):
    c = {"core:sample_start": start, "core:global_index": index, "core:datetime": utc(BEGAN if ns is None else ns), "daq:epoch": epoch}
    if lost is not None:
        c["daq:gap"] = {"cause": cause, "lost": lost, "exact": exact}
        if not exact:
            c["daq:gap"].update(lost_min=max(0, lost - 10), lost_max=lost + 10)
    c.update({k.replace("_", ":", 1): v for k, v in more.items()})
    return c


def note(label, start, count, **more):
    return {"core:sample_start": start, "core:sample_count": count, "core:label": label, "core:generator": "scopelog", **more}


def settings(segment=0, offset=0, num=1, den=1000, dtype="<i2", state="sealed", stream="cell.A", **more):
    g = {
        "core:datatype": ITEMS[np.dtype(dtype).str], "core:version": "1.2.6", "core:sample_rate": den / num, "core:offset": offset,
        "core:extensions": [{"name": "daq", "version": "1.0.0", "optional": True}], "daq:run": "r", "daq:device": "cell",
        "daq:channel": stream.split(".")[1], "daq:stream": stream, "daq:kind": "raw", "daq:mode": "stream", "daq:segment": segment, "daq:state": state,
        "daq:sample_interval": {"num": num, "den": den}, "daq:ratio": 1, "daq:scale": 0.5, "daq:offset": 1.0, "daq:unit": "V",
    }  # fmt: skip
    g.update({k.replace("_", ":", 1): v for k, v in more.items()})
    return g


class Folder:
    """A recording of a device cell that is written piece by piece."""

    def __init__(self, path):
        self.path = path
        self.parts = {}
        self.seq = 0

    def file(self, name):
        return os.path.join(self.path, name)

    def data(self, base, x, ending=".sigmf-data"):
        np.asarray(x).tofile(self.file(base + ending))

    def meta(self, base, info, captures, annotations=()):
        with open(self.file(base + ".sigmf-meta"), "w") as f:
            json.dump({"global": info, "captures": list(captures), "annotations": list(annotations)}, f)

    def segment(self, base, info, x, captures, annotations=()):
        self.data(base, x)
        self.meta(base, info, captures, annotations)

    def table(self, name, rows):
        with open(self.file(name), "wb") as f:
            f.write(b"\x93NUMPY\x01\x00" + (1014).to_bytes(2, "little") + b"{}".ljust(1013) + b"\n")
            f.write(rows.tobytes())

    def captures_table(self, base, captures):
        self.table(base + ".captures.npy", _capture.captures([_capture.capture_row(c) for c in captures]))

    def run(self, state="sealed", **device):
        d = {"name": "cell", "driver": "sim", "model": "M", "serial": "S", "emulated": True, "mode": "stream", "raw_interval": {"num": 1, "den": 1000},
             "epochs": [], "streams": [], "segments": [], **device}  # fmt: skip
        with open(self.file("run.json"), "wb") as f:
            f.write(crc_line({"format": "scopelog-recording", "format_version": "1.0", "run": "r", "name": "n", "state": state, "started": utc(BEGAN), "devices": [d]}))

    def line(self, part, k, /, **said):
        """Appends a line to a part of the journal and returns its bytes."""
        text = crc_line({"k": k, "seq": self.seq, "mono_ns": 1, "utc_ns": BEGAN, **said})
        self.seq += 1
        self.raw(part, text)
        return text

    def raw(self, part, text):
        with open(self.file(f"cell.journal-{part:06d}.jsonl"), "ab") as f:
            f.write(text)

    def state(self, part, segment, offset, n, base, next_=0):
        self.line(part, "state", format="1.0", run="r", device="cell", part=part, segment=segment, epoch=0, boot_id="b",
                  streams={"cell.A": {"file": base, "offset": offset, "n": n, "data_crc": "00000000", "next": next_}})  # fmt: skip

    def sync(self, part, segment, n, **news):
        return self.line(part, "sync", segment=segment, epoch=0, streams={"cell.A": {"n": n, "data_crc": "00000000", **news}})


def overview_rows(x, index, level):
    """The rows of an overview: x are the samples, index their device indexes."""
    size = 1024 * 16**level
    dtype = np.dtype([("bin", "<u8"), ("min", x.dtype), ("max", x.dtype), ("n", "<u4")])
    rows = [(b, np.fmin.reduce(x[index // size == b]), np.fmax.reduce(x[index // size == b]), (index // size == b).sum()) for b in np.unique(index // size)]
    return np.array(rows, dtype)
