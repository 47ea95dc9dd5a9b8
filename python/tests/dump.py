#!/usr/bin/env python3
"""Prints what the package finds in a run as one JSON line; the Go tests compare it with what the Go reader finds.

usage: dump.py RUN [--follow]
--follow: a line at each refresh, until the run is not recorded any more.
"""

import json
import sys
import time
import zlib

import numpy as np

import scopelog


def ns(moment):
    return 0 if moment is None else int(moment.astype("datetime64[ns]").astype(np.int64))


def stretches(stream):
    for s in stream.stretches():
        crc = 0
        for chunk in stream.chunks(65_537, s.start, s.stop):
            crc = zlib.crc32(chunk.data.tobytes(), crc)
        values = stream.values
        yield {
            "Start": s.start, "Stop": s.stop, "Index": s.index, "UTCNS": ns(s.time), "Epoch": s.epoch, "CRC": crc,
            "First": float(values[s.start]), "Last": float(values[s.stop - 1]),
        }  # fmt: skip


def gaps(stream):
    for g in stream.gaps:
        yield {
            "Cause": g.cause, "Lost": g.lost, "Least": g.lost_min, "Most": g.lost_max, "Exact": g.exact, "Position": g.position, "Index": g.index,
            "SinceNS": ns(g.since), "UntilNS": ns(g.until),
        }  # fmt: skip


def waveforms(stream):
    if stream.mode == "stream":
        return
    w = stream.waveforms
    trigger, dead = np.nan_to_num(w.trigger_seconds, nan=-1), np.nan_to_num(w.dead_seconds, nan=-1)
    for i in range(len(w)):
        yield {
            "Number": int(w.number[i]), "Arm": int(w.arm[i]), "Memory": int(w.memory_segment[i]), "Start": int(w.start[i]), "UTCNS": ns(w.time[i]),
            "Position": int(w.trigger_position[i]), "TriggerS": float(trigger[i]), "DeadS": float(dead[i]),
        }  # fmt: skip


def overview(stream):
    o = stream.overview(points=30)
    if not len(o):
        return {"Samples": 0, "Min": 0, "Max": 0}
    return {"Samples": int(o.count.sum()), "Min": float(o.minimum.min()), "Max": float(o.maximum.max())}


def dump(run):
    return {
        "State": run.state,
        "Epochs": {name: len(d.epochs) for name, d in run.devices.items()},
        "Clock": {name: len(d.clock()) for name, d in run.devices.items()},
        "Events": [f"{e.seq} {e.kind} {e.device or ''}" for e in run.events()],
        "Streams": [
            {
                "Name": s.name, "Start": s.start, "Stop": s.stop, "Samples": len(s), "Stretches": list(stretches(s)) or None, "Gaps": list(gaps(s)) or None,
                "Notes": [{"Label": a.label, "Start": a.start, "Stop": a.stop, "Exact": a.exact, "Event": a.event, "Comment": a.comment} for a in s.annotations()] or None,
                "Waveforms": list(waveforms(s)) or None, "Overview": overview(s),
            }
            for _, s in sorted(run.items())
        ],
    }  # fmt: skip


def main():
    run = scopelog.open(sys.argv[1])
    print(json.dumps(dump(run)), flush=True)
    while "--follow" in sys.argv and run.state == "recording":
        time.sleep(0.1)
        print(json.dumps(dump(run.refresh())), flush=True)


if __name__ == "__main__":
    main()
