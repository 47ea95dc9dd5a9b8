#!/usr/bin/env python3
"""List what a recording holds, written from docs/format/recording.md alone, with nothing but NumPy.

usage: reader.py RUN_DIRECTORY
One JSON line per capture with samples: stream, segment, device index range [from, to), file, first byte, bytes,
CRC-32 of those bytes, first and last value in the stream's unit, and the gap before it if there is one.
"""
import glob, json, os, sys, zlib
import numpy as np

DTYPE = {"ri16_le": "<i2", "ru8": "u1", "ri8": "i1", "ri32_le": "<i4", "rf32_le": "<f4"}
CAUSES = ["", "ring_full", "disk", "core", "driver", "inferred", "usb", "power", "restart", "reboot", "unknown", "not_kept"]


def table_captures(path, rows):
    """The captures beyond the first 10,000, as objects like those of the meta."""
    for row in np.load(path, mmap_mode="r")[:rows]:
        c = {"core:sample_start": int(row["sample_start"]), "core:global_index": int(row["global_index"])}
        if row["flags"] & 1:
            c["daq:gap"] = {"cause": CAUSES[row["cause"]], "lost": int(row["lost"])}
        if row["flags"] & 4:
            c["daq:scale"], c["daq:offset"] = float(row["scale"]), float(row["offset"])
        yield c


def segments(run):
    """All metas of the run as (path without ending, global object, captures), in order."""
    found = []
    for path in glob.glob(os.path.join(glob.escape(run), "*.sigmf-meta")):
        with open(path, encoding="utf-8") as f:
            meta = json.load(f)
        g, captures = meta["global"], meta["captures"]
        if "daq:captures_table" in g:
            t = g["daq:captures_table"]
            captures += table_captures(os.path.join(run, t["file"]), t["rows"])
        captures.sort(key=lambda c: c["core:sample_start"])
        found.append((path[: -len(".sigmf-meta")], g, captures))
    return sorted(found, key=lambda s: (s[1]["daq:stream"], s[1]["daq:segment"]))


def main(run):
    for base, g, captures in segments(run):
        dtype, data = np.dtype(DTYPE[g["core:datatype"]]), base + ".sigmf-data"
        items = os.path.getsize(data) // dtype.itemsize if os.path.exists(data) else 0
        x = np.memmap(data, dtype=dtype, mode="r", shape=(items,)) if items else np.zeros(0, dtype)
        ends = [c["core:sample_start"] for c in captures[1:]] + [g["core:offset"] + items]
        for c, end in zip(captures, ends):
            start, end = c["core:sample_start"] - g["core:offset"], min(end, ends[-1]) - g["core:offset"]
            if end <= start:
                continue
            part, first = x[start:end], c["core:global_index"]
            scale, offset = c.get("daq:scale", g["daq:scale"]), c.get("daq:offset", g["daq:offset"])
            line = {"stream": g["daq:stream"], "segment": g["daq:segment"], "from": first, "to": first + end - start,
                    "file": os.path.basename(data), "offset": start * dtype.itemsize, "bytes": part.nbytes,
                    "crc32": zlib.crc32(part.tobytes()), "first": float(part[0]) * scale + offset,
                    "last": float(part[-1]) * scale + offset, "gap": c.get("daq:gap", {}).get("cause", ""),
                    "lost": c.get("daq:gap", {}).get("lost", 0)}
            print(json.dumps(line))


if __name__ == "__main__":
    main(sys.argv[1])
