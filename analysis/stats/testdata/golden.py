"""Makes golden.json: what NumPy says of signals that golden_test.go makes in the same way. Usage: golden.py > golden.json"""
import json
import sys

import numpy as np
import scipy


def noise(seed, n):
    """Numbers from 0 to 1, the splitmix64 hash of seed + i; the same in Go."""
    z = np.arange(n, dtype=np.uint64) + np.uint64(seed)
    with np.errstate(over="ignore"):
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) * 2.0**-53


def with_nan(x):
    x = x.copy()
    x[::7] = np.nan
    return x


signals = {
    "uniform": noise(1, 10007),
    "offset": 1e9 + noise(2, 5000),
    "tiny": 1e-300 * noise(3, 3001),
    "steps": np.floor(noise(4, 4096) * 16) / 10,
    "counts": np.floor(noise(5, 70000) * 65536) - 32768,
    "nan": with_nan(noise(6, 2500) - 0.5),
    "one": noise(7, 1),
    "constant": np.full(1500, 0.1),
}
histograms = [(10, 0.0, 1.0), (7, -0.3, 0.9), (1, 0.0, 0.5), (16, 0.0, 1.6), (1000, 0.1, 0.2), (5, 0.1, 0.1), (256, -32768.0, 32767.0), (33, 1e9, 1e9 + 1)]

out = {"versions": "numpy %s, scipy %s" % (np.__version__, scipy.__version__), "signals": {}}
for name, x in signals.items():
    c = x[~np.isnan(x)]
    entry = {
        "n": len(c),
        "nan": int(np.isnan(x).sum()),
        "min": np.nanmin(x), "min_at": int(np.nanargmin(x)),
        "max": np.nanmax(x), "max_at": int(np.nanargmax(x)),
        "mean": np.nanmean(x), "rms": np.sqrt(np.mean(c * c)),
        "std": np.nanstd(x), "sample_std": np.std(c, ddof=1) if len(c) > 1 else None,
        "percentiles": [float(np.percentile(c, p)) for p in (0, 1, 25, 50, 90, 99.9, 100)],
        "histograms": [],
    }
    for bins, lo, hi in histograms:
        counts, edges = np.histogram(c, bins, (lo, hi))
        keep = [[int(i), int(k)] for i, k in enumerate(counts) if k]
        entry["histograms"].append({"bins": bins, "lo": lo, "hi": hi, "counts": keep, "edges": [float(edges[0]), float(edges[len(edges) // 2]), float(edges[-1])]})
    out["signals"][name] = entry
json.dump(out, sys.stdout, separators=(",", ":"))
