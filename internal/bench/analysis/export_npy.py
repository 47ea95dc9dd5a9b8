"""What the export to .npy as volts does, with NumPy alone: samples from a mapped file, float64 volts, one file a stream, on the disk when done.

  export_npy.py FILE STREAMS SAMPLES VOLTS_PER_COUNT FOLDER

Prints one JSON line, as scipy_baseline.py does.
"""
import json
import os
import resource
import sys
import time

import numpy as np

file, streams, samples, scale, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5]
m = np.memmap(file, dtype=np.int16, mode="r", shape=(streams, samples))
m[:, ::2048].sum()  # touch every page once
PART = 1 << 20
began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
for c in range(streams):
    with open(os.path.join(folder, f"{c}.npy"), "wb") as f:
        np.lib.format.write_array_header_1_0(f, {"descr": "<f8", "fortran_order": False, "shape": (samples,)})
        for at in range(0, samples, PART):
            f.write((m[c, at:at + PART] * scale).data)
        f.flush()
        os.fsync(f.fileno())
wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status") as f:
    status = dict(line.split()[:2] for line in f if line.startswith("VmHWM"))
print(json.dumps({"op": "export_npy", "wall_s": wall, "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                  "peak_rss_MB": int(status["VmHWM:"]) / 1024, "result": streams * samples}))
