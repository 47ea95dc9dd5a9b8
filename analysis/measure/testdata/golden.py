"""Makes golden.json: what NumPy and SciPy say of signals that golden_test.go makes in the same way. Usage: golden.py > golden.json"""
import json
import sys

import numpy as np
import scipy
from scipy import signal


def noise(seed, n):
    """Numbers from 0 to 1, the splitmix64 hash of seed + i; the same in Go."""
    z = np.arange(n, dtype=np.uint64) + np.uint64(seed)
    with np.errstate(over="ignore"):
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) * 2.0**-53


x = noise(1, 600)
eres = {}
for bits in (0.5, 1, 1.5, 2, 2.5, 3, 4):
    n = int(round(4**bits))
    y = np.convolve(x, np.ones(n) / n, "valid")
    assert np.allclose(y, signal.lfilter(np.ones(n) / n, 1, x)[n - 1:])
    eres[str(bits)] = {"n": len(y), "first": y[0], "middle": y[len(y) // 2], "last": y[-1], "sum": y.sum()}

waves = noise(2, 40 * 50).reshape(40, 50)
shifted = [np.interp(np.arange(50) + k / 8, np.arange(50), w, right=np.nan) for k, w in enumerate(waves)]
average = {
    "mean": waves.mean(0).tolist(), "std": waves.std(0).tolist(),
    "shifted_mean": np.nanmean(shifted, 0).tolist(), "shifted_std": np.nanstd(shifted, 0).tolist(),
    "shifted_count": np.isfinite(shifted).sum(0).tolist(),
}

# 40 blocks of 16 cycles, of 8 samples each
m = 128
a, b = noise(3, 40 * m), noise(4, 40 * m)
b = b + 0.7 * np.roll(a, 1)
spec = [np.fft.fft(signal.get_window("hann", m) * (s - np.average(s, axis=1, weights=signal.get_window("hann", m))[:, None]), axis=1)[:, 16]
        for s in (a.reshape(-1, m), b.reshape(-1, m))]
cross = (spec[0].conj() * spec[1]).sum()
aa, bb = (abs(spec[0])**2).sum(), (abs(spec[1])**2).sum()
transfer = {"gain": abs(cross) / aa, "phase": -np.degrees(np.angle(cross)), "coherence": abs(cross)**2 / (aa * bb)}

out = {"versions": "numpy %s, scipy %s" % (np.__version__, scipy.__version__), "eres": eres, "average": average, "transfer": transfer}
json.dump(out, sys.stdout, separators=(",", ":"))
